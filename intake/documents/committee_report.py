"""The report to the audit committee: a period's figures set out in the published form.

A section stands only where the cases hold something for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from intake.counts.figures import Figures
from intake.counts.published import REFERRALS

from .breakdowns import breakdown_table, channels, ombudsman, outcomes, services, theme_sentences, themes
from .counts_section import NOUNS, counts, opening, sentences
from .figures_view import Link, Telling, no_link
from .performance import (
    answered_in_time,
    extensions,
    from_stage_to_stage,
    reclassified,
    time_to_allocate,
    timeliness_table,
)
from .refusals import refused
from .report import Cell, Logo, Report, Section, Table
from .wording import day, number, year_in_a_sentence

TITLE = "Complaints and whistleblowing"
OWN_TITLE = "Whistleblowing: the concerns of one team"


@dataclass(frozen=True)
class Referral:
    """A whistleblowing referral as the appendix tells it: it names nobody."""

    received: str  # the quarter, such as 2024-25 Q2
    outcome: str
    summary: str = ""


def set_out(
    figures: Figures,
    authority: str,
    logo: Logo | None = None,
    *,
    hidden: frozenset[str] = frozenset(),
    whistleblowing: bool = True,
    referrals: Sequence[Referral] = (),
    link: Link = no_link,
) -> Report:
    """The whole report. `hidden`: measures that are not shown at all, which the table then says.

    `whistleblowing`: whether its section and the appendix stand in it. `link` gives the address of the cases
    behind a number; an empty one where there is none.
    """
    shown = replace(figures, facts=figures.facts.without(hidden), before=figures.before.without(hidden))
    telling = Telling(shown, hidden, link)
    told = whistleblowing and REFERRALS not in hidden
    sections = (
        _summary(telling, authority),
        counts(telling),
        answered_in_time(telling),
        outcomes(telling),
        refused(telling),
        from_stage_to_stage(telling),
        services(telling),
        themes(telling),
        channels(telling),
        extensions(telling),
        time_to_allocate(telling),
        reclassified(telling),
        ombudsman(telling),
        _whistleblowing(telling) if told else None,
        _appendix(telling, referrals) if told and referrals else None,
    )
    name = OWN_TITLE if figures.own else TITLE if told else "Complaints"
    title = f"{name}, {figures.period.label}"
    return Report(title, authority, standing(figures), tuple(filter(None, sections)), logo, figures.drawn_on)


def standing(figures: Figures) -> str:
    """Of which day and which edition the figures are, in words."""
    if figures.own:
        return (
            "Counted are the concerns that this team can open, and no others, as they stand on "
            f"{day(figures.drawn_on)}. Nothing here was published."
        )
    if figures.provisional:
        return f"Provisional: the period has not ended. The figures are those of {day(figures.drawn_on)}."
    if figures.edition is None and figures.published_throughout:
        return (
            "Numbers received: each quarter as it was published last. What became of them: as the cases stand on "
            f"{day(figures.drawn_on)}."
        )
    if figures.edition is None and figures.period.quarter is None and figures.editions:
        today = day(figures.drawn_on)
        return (
            "Numbers received: published quarters as they were published last. What became of them: as the cases "
            f"stand on {today}."
        )
    if figures.edition is None:
        return f"As the cases stand on {day(figures.drawn_on)}."
    if figures.edition.number == 1:
        return f"Published on {day(figures.edition.on)}. What became of the cases is told as it was that day."
    reason = f": {figures.edition.reason.rstrip('.')}." if figures.edition.reason else "."
    return f"Revised on {day(figures.edition.on)} (edition {figures.edition.number}){reason}"


def _summary(telling: Telling, authority: str) -> Section | None:
    listed = sentences(telling)
    if not listed:
        return None
    return Section("Summary", (opening(telling, authority),), listed, after=theme_sentences(telling))


def _whistleblowing(telling: Telling) -> Section | None:
    counted = telling.counted(REFERRALS)
    if counted is None or counted.figure.number is None:
        return None
    many = counted.figure.number
    noun = NOUNS[REFERRALS][0 if many == 1 else 1]
    sentence = (
        f"{number(many)} {noun} {'was' if many == 1 else 'were'} received "
        f"({year_in_a_sentence(telling.before)}: {number(counted.prior.number)})."
    )
    tables = (
        breakdown_table(telling, "Whistleblowing referrals", (REFERRALS,), "outcome", "Outcome"),
        timeliness_table(telling, (REFERRALS,)),
    )
    return Section("Whistleblowing", (sentence,), tables=tuple(table for table in tables if table))


def _appendix(telling: Telling, referrals: Sequence[Referral]) -> Section:
    notes = []
    counted = telling.counted(REFERRALS)
    if counted is not None and counted.figure.number not in (None, len(referrals)):
        notes.append(f"{number(len(referrals))} of the {number(counted.figure.number)} referrals are listed.")
    return appendix(f"Whistleblowing referrals received, {telling.period.label}", referrals, tuple(notes))


def appendix(caption: str, referrals: Sequence[Referral], notes: tuple[str, ...] = ()) -> Section:
    """Each referral with its quarter, its outcome and what is told of it; nobody is named."""
    summaries = any(referral.summary for referral in referrals)
    head = ("Referral", "Received", "Outcome") + (("Summary",) if summaries else ())
    rows = tuple(
        (
            Cell(str(place)),
            Cell(referral.received),
            Cell(referral.outcome),
            *([Cell(referral.summary or "–")] if summaries else ()),
        )
        for place, referral in enumerate(referrals, start=1)
    )
    table = Table(caption, "Referrals", head, rows, notes, numeric=False)
    told = "Each referral received in the period, with its outcome. Nobody is named."
    return Section("Appendix: whistleblowing referrals", (told,), tables=(table,), appendix=True)

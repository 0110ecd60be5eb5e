"""The quarter and the year: figures as published, or as the cases stand. No key is held here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import delete, select

from intake.counts.facts import Facts
from intake.counts.figures import Figures
from intake.counts.published import (
    MEASURES,
    WHISTLEBLOWING,
    Figure,
    Published,
    Quarter,
    Recorded,
    figures,
    quarters_up_to,
    tabulate,
)
from intake.counts.quarters import Period
from intake.database import reading, writing
from intake.models import Coverage

from . import editions, journal, naming, tallying
from .access import ALTERNATE
from .editions import Frozen
from .office import Office
from .refusals import NotFound

LIVE = "live"  # asks for the figures as the cases stand, whatever was published


@dataclass(frozen=True)
class Drawn:
    """A quarter drawn up: its line in the table, and its facts."""

    quarter: Quarter
    facts: Facts


def draw_up(
    office: Office,
    period: Period,
    *,
    now: datetime,
    readers: Collection[str] | None = None,
    edition: int | str | None = None,
) -> Figures:
    """Everything that is told of a quarter or a year, beside the same period a year earlier.

    A published quarter is told as it was published last, with the numbers received that have changed since.
    Of a year the numbers received are those published, and everything else is as the cases stand. `edition`
    asks for "live", all as the cases stand, or for one edition of a quarter by its number, told exactly as it
    was then. `readers`: count only cases that these vaults may open, and leave referrals out where none of them
    reads any. Raises `NotFound` for an edition that is not there.
    """
    today = office.today(now)
    with reading(office.session):
        if edition not in (None, LIVE):
            return _as_it_was_told(office, period, edition, today, readers)
        return drawn(office, period, today, readers, live=edition == LIVE)


def drawn(
    office: Office,
    period: Period,
    today: date,
    readers: Collection[str] | None = None,
    *,
    live: bool = False,
    apart: Collection[str] = (),
) -> Figures:
    """As `draw_up`, inside the caller's transaction. `apart`: themes that are told by themselves, merged or not."""
    recorded = _recorded(office)
    asked = quarters_up_to(period)
    out = {
        quarter: () if live else editions.of(office, quarter)
        for year in asked
        for quarter in (year, year.before)
    }
    frozen = out[period][-1] if period.quarter and out[period] else None

    def draw(quarter: Period) -> Drawn:
        whole = period.quarter is None or (frozen is None and quarter.quarter == period.quarter)
        return _draw(office, quarter, recorded, today, readers, out[quarter], facts=whole)

    shown, before = [draw(quarter) for quarter in asked], [draw(quarter.before) for quarter in asked]
    table = tabulate(period, [one.quarter for one in shown], [one.quarter for one in before])
    if frozen is not None:
        facts = _facts_seen(office, frozen.facts, period, today, readers)
        prior = _facts_seen(office, frozen.before, period.before, today, readers)
    else:
        merged = {theme: last for theme, last in naming.merged_themes(office).items() if theme not in apart}
        facts, prior = (_sum(drawn).folded("theme", merged) for drawn in (shown, before))
    return Figures(
        period=period,
        table=table,
        facts=facts,
        before=prior,
        names=naming.names(office, frozen.themes if frozen else None),
        drawn_on=today,
        edition=frozen.edition if frozen else None,
        editions=_editions(office, asked),
    )


def first_period(office: Office, *, now: datetime) -> Period:
    """The earliest financial year of which anything is recorded."""
    with reading(office.session):
        first = min((entry.first_day for entry in _recorded(office)), default=office.today(now))
    return Period.of(first).whole_year


def start_recording(office: Office, first_day: date, *, now: datetime) -> None:
    """From this day on every measure is recorded, so that a period without a case is 0."""
    with writing(office.session):
        for measure in MEASURES:
            still = (Coverage.measure == measure, Coverage.last_day.is_(None), Coverage.first_day > first_day)
            office.session.execute(delete(Coverage).where(*still))  # the earlier day holds it too
            office.session.merge(Coverage(measure=measure, first_day=first_day))
        journal.append(
            office.session, at=now, actor="administrator", act="recording-began", first_day=first_day
        )


def _draw(
    office: Office, quarter: Period, recorded, today: date, readers, out: Sequence[Frozen], *, facts: bool
) -> Drawn:
    """One quarter: its line as it was published last (`out`), its facts as the cases stand.

    `facts` False when the line is all that is needed.
    """
    whole = tallying.tally(office.session, quarter, today, readers) if facts else None
    receipts = whole.receipts if whole else tallying.receipts(office.session, quarter, readers)
    standing = _seen(figures(quarter, receipts, recorded, today=today), readers)
    ended, begun = quarter.last_day < today, quarter.first_day <= today
    if whole:
        whole = whole.without(measure for measure, figure in standing.items() if figure.number is None)
    line = Quarter(quarter, standing, ended=ended, begun=begun)
    if out:
        line = Quarter(
            quarter,
            _seen(out[-1].figures, readers),
            edition=out[-1].edition,
            first=_seen(out[0].figures, readers),
            now=standing,
            ended=ended,
        )
    return Drawn(line, whole or Facts())


def _as_it_was_told(office: Office, period: Period, number, today: date, readers) -> Figures:
    chosen = next((one for one in editions.of(office, period) if one.edition.number == number), None)
    if period.quarter is None or chosen is None:
        raise NotFound
    asked = quarters_up_to(period)
    columns = [
        (Quarter(quarter, _seen(one, readers)), Quarter(quarter.before, _seen(other, readers)))
        for quarter, (one, other) in zip(asked, chosen.columns, strict=True)
    ]
    return Figures(
        period=period,
        table=tabulate(period, [one for one, _ in columns], [other for _, other in columns]),
        facts=_facts_seen(office, chosen.facts, period, today, readers),
        before=_facts_seen(office, chosen.before, period.before, today, readers),
        names=naming.names(office, chosen.themes),
        drawn_on=today,
        edition=chosen.edition,
        editions=_editions(office, asked),
    )


def _editions(office: Office, quarters) -> tuple[tuple[Period, Published], ...]:
    return tuple((one.period, one.edition) for quarter in quarters for one in editions.of(office, quarter))


def _facts_seen(office: Office, facts: Facts, quarter: Period, today: date, readers) -> Facts:
    """Frozen facts for somebody who may not know of every concern: of those, only their own, as they stand.

    The public is told how many there were. What the others were about, and how they ended, it is not.
    """
    if readers is None or ALTERNATE in readers:
        return facts
    rest = facts.without({WHISTLEBLOWING})
    if not _reads_referrals(readers):
        return rest
    own = tallying.tally(office.session, quarter, today, readers)
    return rest + replace(own.without(set(MEASURES) - {WHISTLEBLOWING}), reclassified={})


def _seen(all_figures, readers) -> dict[str, Figure]:
    """The figures without those that are another role's to give out."""
    if _reads_referrals(readers):
        return dict(all_figures)
    return {measure: figure for measure, figure in all_figures.items() if measure != WHISTLEBLOWING}


def _reads_referrals(readers: Collection[str] | None) -> bool:
    return readers is None or any(reader.startswith("whistleblowing") for reader in readers)


def _recorded(office: Office) -> list[Recorded]:
    return [
        Recorded(row.measure, row.first_day, row.last_day) for row in office.session.scalars(select(Coverage))
    ]


def _sum(drawn: list[Drawn]) -> Facts:
    total = Facts()
    for one in drawn:
        total = total + one.facts
    return total

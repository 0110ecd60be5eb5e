"""How receipts were dealt with: in time or late, from stage to stage, extended, allocated, reclassified."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from intake.counts.facts import ANSWERED, ENDED, IN_TIME, LATE, NO_DATE, OVERDUE, WAITING, YES, Facts
from intake.counts.figures import FAMILIES
from intake.counts.published import MEASURES, REFERRALS, Figure

from .figures_view import Telling, summed
from .report import Cell, Chart, Section, Table
from .wording import day, number, per_cent, year_in_a_sentence

COMPLAINTS_AND_ENQUIRIES = tuple(measure for measure in MEASURES if measure != REFERRALS)
NO_FIGURE = "no figure"
OPENED, REFUSED = "opened", "refused"
COLUMNS = {
    IN_TIME: "In time",
    LATE: "Late",
    NO_DATE: "No date was set",
    ENDED: "Ended without an answer",
    WAITING: "Not answered yet",
    OVERDUE: "Overdue",
}


def answered_in_time(telling: Telling) -> Section | None:
    """Per stage: how many were answered, how many of them in time, and how long it took."""
    table = timeliness_table(telling, COMPLAINTS_AND_ENQUIRIES)
    if table is None:
        return None
    chart = _timeliness_chart(telling)
    return Section("Answered in time", charts=(chart,) if chart else (), tables=(table,))


def timeliness_table(telling: Telling, measures: Sequence[str]) -> Table | None:
    """Answered, in time, per cent, and working days to the answer; None where no answer was due or given."""
    facts = telling.figures.facts
    held = [
        measure
        for measure in telling.recorded(measures)
        if facts.values("timeliness", measure) or telling.figures.before.values("timeliness", measure)
    ]
    if not held:
        return None
    values = [
        value
        for value in COLUMNS
        if value in (IN_TIME, LATE)
        or any(
            told.parts.get(("timeliness", measure, value))
            for measure in held
            for told in (facts, telling.figures.before)
        )
    ]
    rows = [
        (
            Cell(MEASURES[measure]),
            _answered(telling, measure),
            *(telling.count("timeliness", measure, value) for value in values),
            telling.reckoned(
                measure, _in_time(facts, measure), _in_time(telling.figures.before, measure), "%"
            ),
            telling.span(measure, "answers", lambda span: span.average),
            telling.span(measure, "answers", lambda span: span.longest),
        )
        for measure in held
    ]
    head = ("Stage", "Answered", *(COLUMNS[value] for value in values))
    head += ("Per cent in time", "Average working days", "Longest, working days")
    notes = (
        "Per cent in time: of those answered in time, answered late or overdue. Working days are counted from "
        "receipt at the stage to the answer. Dates include extensions; those of cases from a register do not.",
        *telling.notes(held),
    )
    return Table(_caption(telling, "Answers", held), "Answered in time", head, tuple(rows), notes)


def _answered(telling: Telling, measure: str) -> Cell:
    told = summed(telling.count("timeliness", measure, value) for value in (IN_TIME, LATE, NO_DATE))
    return replace(
        told, href=telling.link("timeliness", measure, ANSWERED, telling.period) if told.number else ""
    )


def _in_time(facts: Facts, measure: str) -> int | None:
    in_time, *others = (
        facts.parts.get(("timeliness", measure, value), 0) for value in (IN_TIME, LATE, OVERDUE)
    )
    return per_cent(in_time, in_time + sum(others))


def _timeliness_chart(telling: Telling) -> Chart | None:
    measures = [
        m
        for m in telling.recorded(COMPLAINTS_AND_ENQUIRIES)
        if _in_time(telling.figures.facts, m) is not None
    ]
    if len(measures) < 2:
        return None
    now = tuple(_in_time(telling.figures.facts, measure) for measure in measures)
    prior = tuple(
        _in_time(telling.figures.before, measure) if telling.held_before(measure) else None
        for measure in measures
    )
    labels = tuple(MEASURES[measure] for measure in measures)
    told = "; ".join(f"{label} {value}%" for label, value in zip(labels, now, strict=True))
    series = [(telling.period.label, now)]
    if any(value is not None for value in prior):
        series.append((telling.before.label, prior))
    return Chart(
        "bars",
        f"Per cent answered in time, {telling.period.label}",
        labels,
        tuple(series),
        f"{told}.",
        "%",
        NO_FIGURE,
    )


def from_stage_to_stage(telling: Telling) -> Section | None:
    """The flow (receipts at two stages in one period) and the cohort (what became of the same receipts)."""
    flow, cohort = _flow(telling), _cohort(telling)
    if not flow and cohort is None:
        return None
    sentences, table = cohort or ((), None)
    points = (*(f"Flow: {told}" for told in flow), *(f"Cohort: {told}" for told in sentences))
    explained = (
        "The flow sets the receipts at one stage beside those at the stage before in the same period: they need "
        "not be the same complaints. The cohort follows the complaints received in the period, however "
        "much later they went on."
    )
    return Section("From stage to stage", (explained,), points, tables=(table,) if table else ())


def _flow(telling: Telling) -> list[str]:
    told = []
    for family, stages in FAMILIES.items():
        for earlier, later in pairwise(stages):
            if len(telling.recorded((earlier, later))) < 2:
                continue
            first, second = telling.counted(earlier), telling.counted(later)
            if first is None or second is None:
                continue
            share = _flowed(second.figure, first.figure)
            if share is None:
                continue
            before = _flowed(second.prior, first.prior)
            bracket = ""
            if before is not None:
                year = year_in_a_sentence(telling.before)
                bracket = (
                    f" ({year}: {number(second.prior.number)} for {number(first.prior.number)}, {before}%)"
                )
            told.append(
                f"{family.lower()}, {number(second.figure.number)} stage {later[-1]} for "
                f"{number(first.figure.number)} stage {earlier[-1]} received in the same period: {share}%{bracket}."
            )
    return told


def _share(part: int | None, base: int | None) -> int | None:
    return None if part is None or base is None else per_cent(part, base)


def _flowed(later: Figure, earlier: Figure) -> int | None:
    """Per cent; None where either stage was recorded for a part of the period only."""
    return None if later.partly or earlier.partly else _share(later.number, earlier.number)


def _cohort(telling: Telling) -> tuple[list[str], Table] | None:
    told, rows, held = [], [], []
    facts, today = telling.figures.facts, day(telling.figures.counted_on)
    for family, stages in FAMILIES.items():
        for measure in telling.recorded(stages[:-1]):
            values = facts.values("next-stage", measure)
            went_on, refused, base = values.get(OPENED, 0), values.get(REFUSED, 0), sum(values.values())
            if not went_on and not refused:
                continue
            held.append(measure)
            have = "has" if went_on == 1 else "have"
            was = "was" if refused == 1 else "were"
            stage, following = measure[-1], int(measure[-1]) + 1
            told.append(
                f"of the {number(base)} {family.lower()} whose stage {stage} was received in the period, "
                f"{number(went_on)} {have} gone on to stage {following} so far, "
                f"{number(refused)} {was} refused it ({today})."
            )
            share, before = per_cent(went_on, base), telling.figures.before.values("next-stage", measure)
            rows.append(
                (
                    Cell(MEASURES[measure]),
                    telling.receipts(measure),
                    telling.count("next-stage", measure, OPENED),
                    telling.count("next-stage", measure, REFUSED),
                    telling.reckoned(
                        measure, share, _share(before.get(OPENED, 0), sum(before.values())), "%"
                    ),
                )
            )
    if not rows:
        return None
    head = ("Cohort", "Received", "Went on so far", "Refused", "Per cent went on")
    return told, Table(_caption(telling, "Cohort", held), "Cohort", head, tuple(rows), telling.notes(held))


def extensions(telling: Telling) -> Section | None:
    """How many receipts were extended, and how often."""
    facts, before = telling.figures.facts, telling.figures.before
    held = [
        measure
        for measure in telling.recorded(COMPLAINTS_AND_ENQUIRIES)
        if facts.parts.get(("extended", measure, YES)) or facts.extensions.get(measure)
    ]
    if not held:
        return None
    rows = []
    for measure in held:
        share = per_cent(facts.parts.get(("extended", measure, YES), 0), facts.receipts.get(measure, 0))
        earlier = per_cent(before.parts.get(("extended", measure, YES), 0), before.receipts.get(measure, 0))
        rows.append(
            (
                Cell(MEASURES[measure]),
                telling.receipts(measure),
                telling.count("extended", measure, YES),
                telling.reckoned(measure, share, earlier, "%"),
                telling.reckoned(
                    measure, facts.extensions.get(measure, 0), before.extensions.get(measure, 0)
                ),
                telling.reckoned(measure, facts.beyond.get(measure, 0), before.beyond.get(measure, 0)),
            )
        )
    head = (
        "Stage",
        "Received",
        "Extended",
        "Per cent extended",
        "Extensions given",
        "With good reason, beyond",
    )
    table = Table(_caption(telling, "Extensions", held), "Extensions", head, tuple(rows), telling.notes(held))
    return Section("Extensions", tables=(table,))


def time_to_allocate(telling: Telling) -> Section | None:
    """Working days from receipt to the first allocation."""
    spans = telling.figures.facts.allocations
    held = [m for m in telling.recorded(COMPLAINTS_AND_ENQUIRIES) if m in spans and spans[m].number]
    if not held:
        return None
    rows = [
        (
            Cell(MEASURES[measure]),
            telling.span(measure, "allocations", lambda span: span.number),
            telling.span(measure, "allocations", lambda span: span.average),
            telling.span(measure, "allocations", lambda span: span.longest),
        )
        for measure in held
    ]
    head = ("Measure", "Allocated", "Average working days", "Longest, working days")
    notes = ("Working days are counted from receipt to the first allocation.", *telling.notes(held))
    table = Table(_caption(telling, "Time to allocate", held), "Time to allocate", head, tuple(rows), notes)
    return Section("Time to allocate", tables=(table,))


def reclassified(telling: Telling) -> Section | None:
    """From what to what cases were taken."""
    moved = {
        key: many
        for key, many in telling.figures.facts.reclassified.items()
        if many and not (REFERRALS in telling.hidden and "whistleblowing" in key)
    }
    if not moved:
        return None
    names = telling.figures.names.procedures
    rows = [
        (
            Cell(f"From {names.get(source, source)} to {names.get(target, target)}"),
            Cell(number(many), many, href=telling.link("reclassified", source, target, telling.period)),
        )
        for (source, target), many in sorted(moved.items(), key=lambda item: (-item[1], item[0]))
    ]
    told = "A case that was reclassified is counted once, as what it is now."
    table = Table(f"Reclassified, {telling.period.label}", "Reclassified", ("Change", "Cases"), tuple(rows))
    return Section("Reclassified", (told,), tables=(table,))


def _caption(telling: Telling, title: str, held: Sequence[str]) -> str:
    caption = f"{title}, {telling.period.label}"
    if any(telling.held_before(measure) for measure in held):
        caption += f", with {telling.before.label} in brackets"
    return caption

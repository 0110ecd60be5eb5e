"""The sentence list and the published table: measures in their order, quarters as columns."""

from __future__ import annotations

from collections.abc import Sequence

from intake.counts.figures import FAMILIES, OF_ONE_STAGE
from intake.counts.published import ADDED, MEASURES, Figure
from intake.counts.published import Cell as Counted

from .figures_view import Telling
from .report import Cell, Chart, Section, Table
from .wording import (
    HELD_NOTE,
    NOT_RECORDED,
    NOT_TOLD_NOTE,
    day,
    figure,
    listed,
    number,
    signed,
    year_in_a_sentence,
)

# What stands in a sentence for one, and for any other number.
NOUNS = {
    "compliments": ("compliment", "compliments"),
    "suggestions": ("suggestion or representation", "suggestions and representations"),
    "service-requests": ("service request", "service requests"),
    "general-enquiries": ("general enquiry", "general enquiries"),
    "councillor-enquiries": ("councillor enquiry", "councillor enquiries"),
    "mp-enquiries": ("MP enquiry", "MP enquiries"),
    "adult-social-care": ("adult social care complaint", "adult social care complaints"),
    "public-health": ("public health complaint", "public health complaints"),
    "data-protection": ("data protection complaint", "data protection complaints"),
    "ombudsman-enquiries": ("Ombudsman enquiry", "Ombudsman enquiries"),
    "whistleblowing-referrals": ("whistleblowing referral", "whistleblowing referrals"),
}
STAGES = {measure: f"stage {measure[-1]}" for family in FAMILIES.values() for measure in family}
SHORT = {measure: label.replace("complaints, ", "") for measure, label in MEASURES.items()}

APART = (
    "Statutory complaints are children's. In figures that were published before adult social care had a row of its "
    "own, its complaints stand in statutory stage 1."
)


def opening(telling: Telling, authority: str) -> str:
    """How the sentence list begins: `Between … and … the council received:`."""
    period, drawn_on = telling.period, telling.figures.drawn_on
    last = min(period.last_day, drawn_on) if telling.figures.provisional else period.last_day
    whom = "the council" if "council" in authority.lower() else authority
    whom = "this team" if telling.figures.own else telling.figures.part or whom
    early = " (provisional: the period has not ended)" if telling.figures.provisional else ""
    return f"Between {day(period.first_day)} and {day(last)}{early} {whom} received:"


def sentences(telling: Telling) -> tuple[str, ...]:
    """The published sentence list, one sentence for each measure or family of stages."""
    told: list[str] = []
    done: set[str] = set()
    for row in telling.rows:
        if row.measure in done:
            continue
        family = next((name for name, stages in FAMILIES.items() if row.measure in stages), None)
        measures = tuple(m for m in FAMILIES[family] if telling.counted(m)) if family else (row.measure,)
        done.update(measures)
        counted = [one for measure in measures if (one := telling.counted(measure))]
        if all(one.figure.number is None and one.prior.number is None for one in counted):
            continue
        what = _stages(family, measures, counted) if family else _alone(row.measure, counted[0])
        told.append(f"{what} ({_bracket(telling, counted, named=bool(told))})")
    return tuple(told)


def _alone(measure: str, counted: Counted) -> str:
    one, many = NOUNS[measure]
    if counted.figure.number is None:
        return f"{many}: {NOT_RECORDED}"
    return f"{number(counted.figure.number)} {one if counted.figure.number == 1 else many}{_partly(counted.figure)}"


def _stages(family: str, measures: Sequence[str], counted: Sequence[Counted]) -> str:
    name = family[:1].lower() + family[1:]
    if all(one.figure.number is None for one in counted):
        return f"{name}: {NOT_RECORDED}"
    if any(one.figure.number is None for one in counted):
        parts = [
            f"{STAGES[m]} {figure(one.figure)}{_partly(one.figure)}"
            for m, one in zip(measures, counted, strict=True)
        ]
        return f"{name}: {', '.join(parts)}"
    parts = [
        f"{figure(one.figure)} {STAGES[m]}{_partly(one.figure)}"
        for m, one in zip(measures, counted, strict=True)
    ]
    return f"{listed(parts)} {name}"


def _bracket(telling: Telling, counted: Sequence[Counted], *, named: bool) -> str:
    """Last year's; the first bracket, and every one that holds words, says which year it is."""
    priors = [one.prior for one in counted]
    year = f"{year_in_a_sentence(telling.before)}: "
    if all(prior.number is None for prior in priors):
        return year + figure(priors[0])
    words = listed([figure(prior) + _partly(prior) for prior in priors])
    plain = named and not any(prior.number is None or prior.partly for prior in priors)
    return words if plain else year + words


def _partly(told: Figure) -> str:
    return " (recorded for a part of the period only)" if told.partly else ""


def counts(telling: Telling) -> Section:
    """The published table, and what its marks say."""
    table = telling.figures.table
    whole = table.whole_year and not table.provisional
    heads = [
        f"Q{q.period.quarter}{'' if q.ended or q.period.first_day > telling.figures.drawn_on else ' p'}"
        for q in table.quarters
    ]
    total_head = (telling.period.year_label if whole else "Year to date") + (
        " p" if table.provisional else ""
    )
    rows = []
    for row in telling.rows:
        cells = [
            telling.of_table(row.measure, cell, quarter.period)
            for cell, quarter in zip(row.cells, table.quarters, strict=True)
        ]
        if len(cells) > 1 or telling.period.quarter is None:
            cells.append(telling.of_table(row.measure, row.total, telling.period.whole_year))
        change = row.change
        rows.append((Cell(row.label), *cells, Cell(signed(change), change, unit="+")))
    head = ["Measure", *heads, total_head, "Change"] if len(heads) > 1 else ["Measure", *heads, "Change"]
    caption = f"Received, {telling.period.year_label}, with {telling.before.year_label} in brackets"
    published = Table(caption, "Received", tuple(head), tuple(rows), _notes(telling))
    charts = (_by_stage(telling), _by_quarter(telling))
    return Section("Counts", charts=tuple(chart for chart in charts if chart), tables=(published,))


def _notes(telling: Telling) -> tuple[str, ...]:
    table, notes = telling.figures.table, []
    begun = [place for place, quarter in enumerate(table.quarters) if quarter.begun]
    shown = [cell for row in telling.rows for cell in (*(row.cells[place] for place in begun), row.total)]
    if any(told.number is None and not told.held for cell in shown for told in (cell.figure, cell.prior)):
        notes.append("“Not recorded” means that nobody counted it then, which is not 0.")
    if any(cell.figure.partly or cell.prior.partly for cell in shown):
        notes.append("* Recorded for a part of the period only.")
    if any(row.measure in ADDED for row in telling.rows):
        notes.append(APART)
    if table.provisional:
        notes.append(
            "p Provisional: the period has not ended. The figure in brackets is that of the whole quarter a year "
            "earlier, so no change is told."
        )
    if any(cell.figure.held for cell in shown):
        notes.append(HELD_NOTE)
    if any(cell.prior.held and not cell.figure.held for cell in shown):
        notes.append(NOT_TOLD_NOTE)
    notes += _revised(telling)
    if telling.hidden:
        hidden = [label for measure, label in MEASURES.items() if measure in telling.hidden]
        notes.append(f"Not shown here: {listed(hidden)}.")
    if any(cell.now is not None for cell in shown):
        notes.append(
            f"now: what the cases say on {day(telling.figures.drawn_on)}, where that is no longer what was published."
        )
    return tuple(notes)


def _revised(telling: Telling) -> list[str]:
    """What was published before and is not any more, and each edition's reason."""
    notes = []
    for at, quarter in enumerate(telling.figures.table.quarters):
        for row in telling.rows:
            first = row.cells[at].revised_from
            if first is not None:
                now = figure(row.cells[at].figure)
                notes.append(
                    f"r {row.label}, Q{quarter.period.quarter}: first published as {figure(first)}, revised to {now}."
                )
    for period, edition in telling.figures.editions:
        if edition.number > 1:
            reason = f": {edition.reason.rstrip('.')}." if edition.reason else "."
            notes.append(
                f"{period.label} was revised on {day(edition.on)} (edition {edition.number}){reason}"
            )
    return notes


def _by_stage(telling: Telling) -> Chart | None:
    complaints = {*STAGES, *OF_ONE_STAGE}
    measures = telling.recorded(measure for measure in MEASURES if measure in complaints)
    counted = [one for measure in measures if (one := telling.counted(measure))]
    now = tuple(one.figure.number for one in counted)
    prior = tuple(one.prior.number for one in counted)
    if not any(now):
        return None
    labels = tuple(SHORT[measure] for measure in measures)
    told = [
        f"{label} {number(a)}, {number(b)} the year before"
        for label, a, b in zip(labels, now, prior, strict=True)
    ]
    return Chart(
        "bars",
        f"Complaints received at each stage, {telling.period.label} and {telling.before.label}",
        labels,
        ((telling.period.label, now), (telling.before.label, prior)),
        f"{'; '.join(told)}.",
    )


def _by_quarter(telling: Telling) -> Chart | None:
    """Stage 1 complaints through last year's quarters and this year's, as far as they have come."""
    quarters = [q for q in telling.figures.table.quarters if q.period.first_day <= telling.figures.drawn_on]
    rows = [row for row in telling.rows if row.measure in ("statutory-stage-1", "corporate-stage-1")]
    count = len(quarters)
    series = tuple(
        (
            SHORT[row.measure],
            (
                *(cell.prior.number for cell in row.cells[:count]),
                *(cell.figure.number for cell in row.cells[:count]),
            ),
        )
        for row in rows
    )
    series = tuple((name, values) for name, values in series if any(values))
    if count < 2 or not series:
        return None
    years = (telling.before.year_label, telling.period.year_label)
    labels = tuple(f"Q{q.period.quarter} {year}" for year in years for q in quarters)
    told = [f"{name}: {', '.join(number(value) for value in values)}" for name, values in series]
    return Chart(
        "lines",
        f"Stage 1 complaints by quarter, {years[0]} to {years[1]}",
        labels,
        series,
        f"From {labels[0]} to {labels[-1]}. {'; '.join(told)}.",
    )

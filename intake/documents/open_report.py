"""The open figures set out: the exact table, and the parts of it that may be told."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from intake.counts.facts import BREAKDOWNS, NONE, Facts
from intake.counts.figures import Figures, Names
from intake.counts.open_figures import Open
from intake.counts.published import MEASURES, Published, Table
from intake.counts.quarters import Period

from . import csv_file
from .breakdowns import GROUPS, HEADINGS
from .committee_report import standing
from .counts_section import counts, opening, sentences
from .figures_view import Telling
from .report import Cell, Logo, Report, Section
from .report import Table as PrintedTable
from .wording import number

HIDDEN = "[c]"
KEPT_BACK = (
    "[c] Kept back, because a small number could tell who it is about: numbers from 1 to {most}, and others from "
    "which they could be worked out."
)
WITHHELD = (
    "Of these, nothing is told but how many were received: there were too few, every number would have to be kept "
    "back, or another table of the same answers would give small numbers away."
)
TITLES = {**BREAKDOWNS, "timeliness": "Answered in time or late", "extended": "Extended or not"}


@dataclass(frozen=True)
class OpenPeriod:
    """A published period as the public may read it."""

    period: Period
    table: Table
    told: Open
    edition: Published
    names: Names
    editions: tuple[tuple[Period, Published], ...] = ()
    part: str = ""  # the directorate of which it is; empty: the whole authority


def set_out(shown: OpenPeriod, authority: str, logo: Logo | None = None) -> Report:
    """The report for everybody. What was kept back says so, and is not 0."""
    figures = Figures(
        period=shown.period,
        table=shown.table,
        facts=Facts(),
        before=Facts(),
        names=shown.names,
        drawn_on=shown.edition.on,
        edition=shown.edition,
        editions=shown.editions,
        part=shown.part,
    )
    telling = Telling(figures)
    sections = [
        Section("Summary", (opening(telling, authority),), sentences(telling)),
        counts(telling),
        *_breakdowns(shown),
        *_answers(shown),
        *_withheld(shown),
    ]
    title = f"Complaints and whistleblowing: open figures, {shown.period.label}"
    return Report(title, authority, standing(figures), tuple(sections), logo, shown.edition.on)


def as_csv(shown: OpenPeriod) -> str:
    """The open figures as CSV, in the schema of `csv_file`; `c` marks what is kept back."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(csv_file.HEAD)
    for line in _lines(shown):
        writer.writerow([csv_file.harmless(part) for part in line])
    return out.getvalue()


def _breakdowns(shown: OpenPeriod) -> Iterator[Section]:
    for breakdown, title in TITLES.items():
        tables = [_table(shown, breakdown, title, group, measures) for group, measures in GROUPS.items()]
        held = tuple(table for table in tables if table)
        if held:
            yield Section(title, tables=held)


def _table(
    shown: OpenPeriod, breakdown: str, title: str, group: str, measures: Sequence[str]
) -> PrintedTable | None:
    told = shown.told
    held = [m for m in measures if _says_something(told.values(breakdown, m))]
    if not held:
        return None
    rows = []
    for value in _values(shown, breakdown, held):
        cells = [_cell(told.number(breakdown, measure, value)) for measure in held]
        rows.append((Cell(shown.names.name(breakdown, value)), *cells))
    rows.append((Cell("All"), *(_cell(told.receipts[measure].number) for measure in held)))
    notes = []
    if any(cell.text == HIDDEN for row in rows for cell in row[1:]):
        notes.append(KEPT_BACK.format(most=told.below - 1))
    head = (TITLES[breakdown], *(_heading(measure) for measure in held))
    return PrintedTable(
        f"{group}: {title[:1].lower()}{title[1:]}, {shown.period.label}",
        f"{title} {group}",
        head,
        tuple(rows),
        tuple(notes),
    )


def _answers(shown: OpenPeriod) -> Iterator[Section]:
    """Per cent in time and working days, where every number they rest on is told."""
    told, rows = shown.told, []
    for measure, label in MEASURES.items():
        share, days = told.per_cent_in_time(measure), told.answers.get(measure)
        if share is None and days is None:
            continue
        rows.append(
            (
                Cell(label),
                Cell("–") if share is None else Cell(f"{share}%", share, unit="%"),
                Cell("–") if days is None else Cell(number(days.average), days.average),
                Cell("–") if days is None else Cell(number(days.longest), days.longest),
            )
        )
    if rows:
        head = ("Measure", "In time", "Average", "Longest")
        caption = f"Working days from receipt to answer, {shown.period.label}"
        notes = ("– Not told: it rests on numbers that are kept back, or on too few answers.",)
        yield Section(
            "How long it took", tables=(PrintedTable(caption, "Answers", head, tuple(rows), notes),)
        )


def _withheld(shown: OpenPeriod) -> Iterator[Section]:
    """Which tables are not told at all."""
    told = shown.told
    listed = []
    for measure, label in MEASURES.items():
        gone = [
            title[:1].lower() + title[1:]
            for breakdown, title in TITLES.items()
            if (breakdown, measure) in told.withheld and told.receipts[measure].number
        ]
        if gone:
            listed.append(f"{label}: {', '.join(gone)}")
    if listed:
        yield Section("Withheld as a whole", (WITHHELD,), tuple(listed))


def _lines(shown: OpenPeriod) -> Iterator[csv_file.Line]:
    of, told = shown.period.label, shown.told
    figures = Figures(shown.period, shown.table, Facts(), Facts(), shown.names, shown.edition.on)
    yield from csv_file.lines(figures, frozenset())
    for breakdown in BREAKDOWNS:
        for measure in MEASURES:
            if (breakdown, measure) in told.withheld and told.receipts[measure].number:
                yield (of, breakdown, measure, "", "", "c")
            for value in _values(shown, breakdown, [measure]):
                many = told.number(breakdown, measure, value)
                name = shown.names.name(breakdown, value)
                yield (
                    of,
                    breakdown,
                    measure,
                    name,
                    "" if many is None else many,
                    "c" if many is None else "",
                )
    for measure, days in sorted(told.answers.items()):
        yield (of, "answer-days", measure, "average", days.average, "")
        yield (of, "answer-days", measure, "longest", days.longest, "")


def _values(shown: OpenPeriod, breakdown: str, measures: Sequence[str]) -> list[str]:
    """The values of a breakdown in the order of their names; those without one last."""
    found = {value for measure in measures for value in shown.told.values(breakdown, measure)}
    order = list(shown.names.by_breakdown.get(breakdown, {}))
    return sorted(
        found,
        key=lambda value: (
            value == NONE,
            order.index(value) if value in order else len(order),
            shown.names.name(breakdown, value),
        ),
    )


def _says_something(values: Mapping[str, int | None]) -> bool:
    return any(value != NONE for value in values)


def _cell(many: int | None) -> Cell:
    return Cell(HIDDEN) if many is None else Cell(number(many), many)


def _heading(measure: str) -> str:
    return HEADINGS.get(measure, f"Stage {measure[-1]}")

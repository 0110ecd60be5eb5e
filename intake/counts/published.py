"""The published table: measures in their order, quarters as columns, last year in brackets.

"Not recorded" is not 0: a figure without a number was never counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from .quarters import Period

MEASURES = {
    "compliments": "Compliments",
    "suggestions": "Suggestions and representations",
    "service-requests": "Service requests",
    "general-enquiries": "General enquiries",
    "councillor-enquiries": "Councillor enquiries",
    "mp-enquiries": "MP enquiries",
    "statutory-stage-1": "Statutory complaints, stage 1",
    "statutory-stage-2": "Statutory complaints, stage 2",
    "statutory-stage-3": "Statutory complaints, stage 3",
    "adult-social-care": "Adult social care complaints",
    "public-health": "Public health complaints",
    "corporate-stage-1": "Corporate complaints, stage 1",
    "corporate-stage-2": "Corporate complaints, stage 2",
    "corporate-stage-3": "Corporate complaints, stage 3",
    "data-protection": "Data protection complaints",
    "ombudsman-enquiries": "Ombudsman enquiries",
    "whistleblowing-referrals": "Whistleblowing referrals",
}
REFERRALS = "whistleblowing-referrals"
# The rows that the published table did not have from the first: they stand in it where something of them was recorded.
ADDED = frozenset(
    {"suggestions", "service-requests", "adult-social-care", "public-health", "data-protection"}
)


@dataclass(frozen=True)
class Recorded:
    """A measure was recorded from a day on, up to a last day or still."""

    measure: str
    first_day: date
    last_day: date | None = None


@dataclass(frozen=True)
class Figure:
    """How many. `number` None: not recorded. `partly`: recorded for a part of the period only. `held`: kept back
    here, and told with the year alone."""

    number: int | None
    partly: bool = False
    held: bool = False

    def __add__(self, other: Figure) -> Figure:
        known = [figure.number for figure in (self, other) if figure.number is not None]
        if not known:
            return Figure(None, held=self.held or other.held)
        return Figure(sum(known), len(known) == 1 or self.partly or other.partly)


NOT_RECORDED = Figure(None)
HELD = Figure(None, held=True)


@dataclass(frozen=True)
class Published:
    """Which edition of a quarter was published when; a revision has its reason."""

    number: int
    on: date
    reason: str = ""


@dataclass(frozen=True)
class Quarter:
    """One quarter's figures by measure: as last published, or, without an edition, as the cases stand.

    For a published quarter `first` holds what was published at first, and `now` what the cases say today.
    """

    period: Period
    figures: Mapping[str, Figure]
    edition: Published | None = None
    first: Mapping[str, Figure] = field(default_factory=dict)
    now: Mapping[str, Figure] = field(default_factory=dict)
    ended: bool = True
    begun: bool = True


@dataclass(frozen=True)
class Cell:
    """A figure beside that of the same period a year earlier.

    `revised_from`: what was published at first, where a revision changed it. `now`: what the cases say
    today, where that is not what was published.
    """

    figure: Figure
    prior: Figure
    revised_from: Figure | None = None
    now: Figure | None = None


@dataclass(frozen=True)
class Row:
    """One measure: a cell for each quarter, and their total."""

    measure: str
    label: str
    cells: tuple[Cell, ...]
    total: Cell  # of the quarters that have begun, on both sides
    ended: bool = True

    @property
    def change(self) -> int | None:
        """By how much the total differs from last year's.

        None where either was not wholly recorded, and before the last quarter has ended: a part is not
        compared with a whole.
        """
        figure, prior = self.total.figure, self.total.prior
        if not self.ended or figure.number is None or prior.number is None or figure.partly or prior.partly:
            return None
        return figure.number - prior.number


@dataclass(frozen=True)
class Table:
    """The counts of a financial year up to the end of the period asked for."""

    period: Period
    quarters: tuple[Quarter, ...]
    rows: tuple[Row, ...]

    @property
    def provisional(self) -> bool:
        """Whether a quarter of it has not ended."""
        return not all(quarter.ended for quarter in self.quarters)

    @property
    def whole_year(self) -> bool:
        return len(self.quarters) == 4

    def row(self, measure: str) -> Row:
        """The row of a measure. Raises KeyError."""
        for row in self.rows:
            if row.measure == measure:
                return row
        raise KeyError(measure)


def quarters_up_to(period: Period) -> tuple[Period, ...]:
    """The quarters of the financial year up to the one asked for; of a whole year, all four."""
    return tuple(Period(period.year, number) for number in range(1, (period.quarter or 4) + 1))


def figures(
    period: Period, receipts: Mapping[str, int], recorded: Iterable[Recorded], *, today: date
) -> dict[str, Figure]:
    """The figure of every measure. One that nobody recorded has no number, whatever `receipts` says."""
    recorded = tuple(recorded)
    return {measure: _figure(measure, period, receipts, recorded, today) for measure in MEASURES}


def tabulate(period: Period, quarters: Sequence[Quarter], before: Sequence[Quarter]) -> Table:
    """Set out the quarters of a year beside the same quarters of the year before (in the same order).

    An edition that came out before a row was added stays without it.
    """
    rows = []
    for measure, label in MEASURES.items():
        cells = tuple(_cell(measure, one, other) for one, other in zip(quarters, before, strict=True))
        counted = [cell for cell, quarter in zip(cells, quarters, strict=True) if quarter.begun] or cells
        total = Cell(sum_of(cell.figure for cell in counted), sum_of(cell.prior for cell in counted))
        if measure in ADDED and not any(_says_something(cell) for cell in cells):
            continue
        rows.append(Row(measure, label, cells, total, ended=all(quarter.ended for quarter in quarters)))
    return Table(period, tuple(quarters), tuple(rows))


def _says_something(cell: Cell) -> bool:
    return any(
        figure is not None and figure.number is not None for figure in (cell.figure, cell.prior, cell.now)
    )


def _cell(measure: str, quarter: Quarter, before: Quarter) -> Cell:
    figure = quarter.figures.get(measure, NOT_RECORDED)
    first = quarter.first.get(measure, figure)
    now = quarter.now.get(measure, figure)
    return Cell(
        figure,
        before.figures.get(measure, NOT_RECORDED),
        revised_from=first if first != figure else None,
        now=now if now != figure else None,
    )


def sum_of(parts: Iterable[Figure]) -> Figure:
    """The figures of some periods together. Raises ValueError for none."""
    first, *others = parts
    for other in others:
        first = first + other
    return first


def _figure(
    measure: str,
    period: Period,
    receipts: Mapping[str, int],
    recorded: tuple[Recorded, ...],
    today: date,
) -> Figure:
    if period.first_day > today:
        return NOT_RECORDED
    end = min(period.last_day, today)
    spans = sorted(
        (entry.first_day, min(entry.last_day or end, end))
        for entry in recorded
        if entry.measure == measure
        and entry.first_day <= end
        and (entry.last_day is None or entry.last_day >= period.first_day)
    )
    if not spans:
        return NOT_RECORDED
    known = period.first_day - timedelta(days=1)  # every day up to here is covered
    for first, last in spans:
        if first <= known + timedelta(days=1):
            known = max(known, last)
    return Figure(receipts.get(measure, 0), partly=known < end)

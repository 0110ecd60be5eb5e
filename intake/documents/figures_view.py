"""What a document may tell of a period, and each of its numbers as a cell that leads to its cases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from intake.counts.facts import NONE, Facts, Span
from intake.counts.figures import Figures
from intake.counts.published import MEASURES, Figure, Row
from intake.counts.published import Cell as Counted
from intake.counts.quarters import Period

from .report import Cell
from .wording import NOT_YET, WITH_THE_YEAR, figure, number, year_in_a_sentence

Link = Callable[[str, str, str, Period], str]  # breakdown, measure, value, period -> an address, or nothing
BY_SIZE = {"service", "theme"}  # told the largest first; the others keep the order of their names


def no_link(breakdown: str, measure: str, value: str, period: Period) -> str:
    """For files: no number leads anywhere."""
    return ""


@dataclass(frozen=True)
class Telling:
    """The figures of a period, without the measures that are hidden from whoever is told."""

    figures: Figures
    hidden: frozenset[str] = frozenset()
    link: Link = no_link

    @property
    def period(self) -> Period:
        return self.figures.period

    @property
    def before(self) -> Period:
        return self.period.before

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of the published table that may be shown, in its order."""
        return tuple(row for row in self.figures.table.rows if row.measure not in self.hidden)

    def counted(self, measure: str) -> Counted | None:
        """The figure of the period itself beside last year's; None where the measure is hidden."""
        for row in self.rows:
            if row.measure == measure:
                return row.total if self.period.quarter is None else row.cells[-1]
        return None

    def recorded(self, measures: Iterable[str]) -> tuple[str, ...]:
        """Those of the measures that were recorded in the period and may be shown."""
        return tuple(
            measure
            for measure in measures
            if (counted := self.counted(measure)) and counted.figure.number is not None
        )

    def of_table(self, measure: str, counted: Counted, period: Period) -> Cell:
        """A figure of the published table with its marks."""
        if counted.figure.held:
            return Cell(WITH_THE_YEAR)
        if counted.figure.number is None and period.first_day > self.figures.drawn_on:
            text = NOT_YET
        else:
            text = number(counted.figure.number)
        marks = ("*" if counted.figure.partly else "", "r" if counted.revised_from is not None else "")
        return Cell(
            text,
            counted.figure.number,
            mark=" ".join(mark for mark in marks if mark),
            before=_with_star(counted.prior),
            before_number=counted.prior.number,
            now="" if counted.now is None else number(counted.now.number),
            now_number=None if counted.now is None else counted.now.number,
            href=self.link("", measure, "", period) if counted.figure.number else "",
            before_href=self.link("", measure, "", period.before) if counted.prior.number else "",
        )

    def parts(self, breakdown: str, measure: str) -> dict[str, int]:
        """The parts of a measure; what no case is held for counts among those without a value."""
        values = self.figures.facts.values(breakdown, measure)
        counted = self.counted(measure)
        missing = ((counted.figure.number if counted else None) or 0) - sum(values.values())
        if missing > 0:
            values[NONE] = values.get(NONE, 0) + missing
        return values

    def values(self, breakdown: str, measures: Iterable[str]) -> tuple[str, ...]:
        """The values that occur, in the order in which they are told; those without one come last."""
        sizes: dict[str, int] = {}
        for measure in measures:
            for facts in (self.figures.facts, self.figures.before):
                for value, many in facts.values(breakdown, measure).items():
                    sizes[value] = sizes.get(value, 0) + (many if facts is self.figures.facts else 0)
        told = list(self.figures.names.by_breakdown.get(breakdown, {}))

        def place(value: str) -> tuple[int | str, ...]:
            if value == NONE:
                return (1,)
            if breakdown in BY_SIZE:
                return (0, -sizes[value], self.name(breakdown, value))
            return (0, told.index(value) if value in told else len(told), self.name(breakdown, value))

        return tuple(sorted(sizes, key=place))

    def name(self, breakdown: str, value: str) -> str:
        return self.figures.names.name(breakdown, value)

    def held_before(self, measure: str) -> bool:
        """Whether anything can be told of what last year's receipts of a measure were."""
        counted = self.counted(measure)
        if counted is None or counted.prior.number is None:
            return False
        return counted.prior.number == 0 or self.figures.before.receipts.get(measure, 0) > 0

    def count(self, breakdown: str, measure: str, value: str) -> Cell:
        """One part as a cell, with last year's in brackets where that can be told."""
        many = self.figures.facts.parts.get((breakdown, measure, value), 0)
        return self._beside(
            many,
            self.figures.before.parts.get((breakdown, measure, value), 0),
            measure,
            self.link(breakdown, measure, value, self.period) if many else "",
            self.link(breakdown, measure, value, self.before),
        )

    def receipts(self, measure: str) -> Cell:
        """The receipts whose parts are told, with last year's."""
        return self._beside(
            self.figures.facts.receipts.get(measure, 0),
            self.figures.before.receipts.get(measure, 0),
            measure,
            self.link("", measure, "", self.period),
            self.link("", measure, "", self.before),
        )

    def reckoned(self, measure: str, now: float | None, before: float | None, unit: str = "") -> Cell:
        """A share or an average with last year's; nothing where there is nothing to reckon with."""

        def words(value: float | None) -> str:
            return "–" if value is None else f"{number(value)}{unit}"

        known = self.held_before(measure) and before is not None
        return Cell(
            words(now),
            now,
            before=words(before) if known else "",
            before_number=before if known else None,
            unit=unit,
        )

    def span(self, measure: str, spans: str, reading: Callable[[Span], float | None]) -> Cell:
        """Something of a span of working days; `spans` is answers or allocations."""

        def read(facts: Facts) -> float | None:
            span = getattr(facts, spans).get(measure, Span())
            return reading(span) if span.number else None

        return self.reckoned(measure, read(self.figures.facts), read(self.figures.before))

    def notes(self, measures: Iterable[str]) -> tuple[str, ...]:
        """What has to be known of the figures of some measures: what they do not cover."""
        year, told = year_in_a_sentence(self.before), []
        unrecorded, unheld = [], []
        for measure in measures:
            counted = self.counted(measure)
            if counted is None:
                continue
            held, before = (
                self.figures.facts.receipts.get(measure, 0),
                self.figures.before.receipts.get(measure, 0),
            )
            if counted.figure.number is not None and held != counted.figure.number:
                told.append(
                    f"{MEASURES[measure]}: the cases held are {held:,} of the {counted.figure.number:,} received."
                )
            if counted.prior.number is None:
                unrecorded.append(MEASURES[measure])
            elif not self.held_before(measure):
                unheld.append(MEASURES[measure])
            elif before != counted.prior.number:
                many = f"{before:,} of the {counted.prior.number:,} received"
                told.append(f"{MEASURES[measure]}, {year}: the cases held are {many}.")
        if unrecorded:
            told.append(f"Not recorded in {year}: {'; '.join(unrecorded)}.")
        if unheld:
            told.append(f"Of {year} only the number received is held: {'; '.join(unheld)}.")
        return tuple(told)

    def _beside(self, now: int, before: int, measure: str, href: str, before_href: str) -> Cell:
        if not self.held_before(measure):
            return Cell(number(now), now, href=href)
        return Cell(
            number(now),
            now,
            before=number(before),
            before_number=before,
            href=href,
            before_href=before_href if before else "",
        )


def summed(cells: Iterable[Cell]) -> Cell:
    """The sum of counts in a row; last year's too, where every part has one."""
    cells = tuple(cells)
    now = sum(cell.number or 0 for cell in cells)
    if not all(cell.before for cell in cells):
        return Cell(number(now), now)
    before = sum(cell.before_number or 0 for cell in cells)
    return Cell(number(now), now, before=number(before), before_number=before)


def named(by_value: Mapping[str, int]) -> bool:
    """Whether anything but "no value" occurs."""
    return any(many for value, many in by_value.items() if value != NONE)


def _with_star(told: Figure) -> str:
    return figure(told) + ("*" if told.partly else "")

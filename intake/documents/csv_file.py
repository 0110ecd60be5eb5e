"""The figures as CSV (RFC 4180, UTF-8): one line for each figure, in a schema that anybody may read.

Columns:
  period   2024-25 or 2024-25 Q1
  table    received; outcome, timeliness, service, theme, channel, extended, next-stage: parts of what was
           received; answer-days and allocation-days: working days; extensions: how many were given;
           extensions-beyond: how many of them went further than allowed without good reason;
           reclassified: from the procedure under `measure` to the one under `value`
  measure  what was counted, such as corporate-stage-1
  value    which part of it, in words; of working days: number, total, longest, average
  figure   a number, or nothing where the mark is n or c
  mark     nothing: exact; n not recorded; partly: recorded for a part of the period; p provisional, the
           period has not ended; r revised since it was first published; c kept back. Several stand apart
           by a space.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from intake.counts.facts import BREAKDOWNS, Facts, Span
from intake.counts.figures import Figures
from intake.counts.published import REFERRALS, Cell, Figure
from intake.counts.quarters import Period

HEAD = ("period", "table", "measure", "value", "figure", "mark")
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Line = tuple[str, str, str, str, int | float | str, str]


def write(figures: Figures, *, hidden: frozenset[str] = frozenset()) -> str:
    """Every figure of a period and of the year before, exact; the open ones are written by `open_report`."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for line in lines(figures, hidden):
        writer.writerow([harmless(part) for part in line])
    return out.getvalue()


def harmless(part: int | float | str) -> int | float | str:
    """A text that no spreadsheet takes for a formula: one that begins like one gets an apostrophe."""
    if isinstance(part, str) and part.lstrip(" ").startswith(STARTS_A_FORMULA):
        return f"'{part}"
    return part


def lines(figures: Figures, hidden: frozenset[str]) -> Iterator[Line]:
    """The published table first, then whatever the receipts are counted by."""
    yield from _received(figures, hidden)
    period = figures.period
    mark = "p" if figures.provisional else ""
    for of, facts, its_mark in ((period, figures.facts, mark), (period.before, figures.before, "")):
        yield from _facts(figures, of, facts.without(hidden), its_mark, hidden)


def _received(figures: Figures, hidden: frozenset[str]) -> Iterator[Line]:
    table = figures.table
    for row in table.rows:
        if row.measure in hidden:
            continue
        for quarter, cell in zip(table.quarters, row.cells, strict=True):
            if not quarter.begun:
                continue
            yield _one(quarter.period, row.measure, cell, not quarter.ended)
            yield _prior(quarter.period.before, row.measure, cell.prior)
        if table.whole_year:
            yield _one(figures.period.whole_year, row.measure, row.total, table.provisional)
            yield _prior(figures.period.before.whole_year, row.measure, row.total.prior)


def _one(period: Period, measure: str, cell: Cell, provisional: bool) -> Line:
    marks = _marks(cell.figure)
    if cell.figure.number is not None:
        marks += ["p"] * provisional + ["r"] * (cell.revised_from is not None)
    return (period.label, "received", measure, "", _written(cell.figure), " ".join(marks))


def _prior(period: Period, measure: str, figure: Figure) -> Line:
    return (period.label, "received", measure, "", _written(figure), " ".join(_marks(figure)))


def _marks(figure: Figure) -> list[str]:
    if figure.held:
        return ["c"]
    return ["n"] if figure.number is None else ["partly"] * figure.partly


def _written(figure: Figure) -> int | str:
    return "" if figure.number is None else figure.number


def _facts(
    figures: Figures,
    period: Period,
    facts: Facts,
    mark: str,
    hidden: frozenset[str],
) -> Iterator[Line]:
    of = period.label
    for breakdown in BREAKDOWNS:
        for key, many in sorted(facts.parts.items()):
            if key[0] != breakdown:
                continue
            value = figures.names.name(breakdown, key[2])
            yield (of, breakdown, key[1], value, many, mark)
    yield from _spans(of, "answer-days", facts.answers.items(), mark)
    yield from _spans(of, "allocation-days", facts.allocations.items(), mark)
    for measure, many in sorted(facts.extensions.items()):
        yield (of, "extensions", measure, "", many, mark)
    for measure, many in sorted(facts.beyond.items()):
        yield (of, "extensions-beyond", measure, "", many, mark)
    for (source, target), many in sorted(facts.reclassified.items()):
        if REFERRALS in hidden and "whistleblowing" in (source, target):
            continue
        yield (of, "reclassified", source, target, many, mark)


def _spans(period: str, table: str, spans: Iterable[tuple[str, Span]], mark: str) -> Iterator[Line]:
    for measure, span in sorted(spans):
        if not span.number:
            continue
        figures: tuple[tuple[str, float | None], ...] = (
            ("number", span.number),
            ("total", span.days),
            ("longest", span.longest),
            ("average", span.average),
        )
        for value, figure in figures:
            if figure is not None:
                yield (period, table, measure, value, figure, mark)

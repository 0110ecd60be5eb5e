"""The published table as text for a terminal: last year's figure in brackets beside each."""

from __future__ import annotations

from collections.abc import Sequence

from intake.counts.published import Cell, Figure, Quarter, Row, Table

from .wording import NOT_RECORDED, NOT_YET, day

SHORT = "n/r"  # in the narrow columns; the total says it in full


def write(table: Table, part: str = "") -> str:
    """The table with its quarters, its total and the change, and below it what its marks say.

    `part`: the directorate, service or team of which it is; empty: the whole authority.
    """
    total = table.period.year_label if table.whole_year and not table.provisional else "year to date"
    head = ["", *(f"Q{quarter.period.quarter}{'' if quarter.ended else ' p'}" for quarter in table.quarters)]
    head += [total + (" p" if table.provisional else ""), "change"]
    body = [_row(row, table.quarters) for row in table.rows]
    widths = [max(len(line[at]) for line in (head, *body)) for at in range(len(head))]
    of = f"{part}: received" if part else "Received"
    lines = [f"{of}, {table.period.label} ({table.period.before.label} in brackets)", ""]
    lines += [_line(line, widths) for line in (head, *body)]
    notes = _notes(table)
    return "\n".join([*lines, "", *notes] if notes else lines)


def _row(row: Row, quarters: Sequence[Quarter]) -> list[str]:
    change = "" if row.change is None else f"{row.change:+,}" if row.change else "0"
    cells = [
        _cell(cell) if quarter.begun else NOT_YET for cell, quarter in zip(row.cells, quarters, strict=True)
    ]
    return [row.label, *cells, _cell(row.total, NOT_RECORDED), change]


def _line(cells: list[str], widths: list[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    return "  ".join([f"{first[0]:<{first[1]}}", *(f"{text:>{width}}" for text, width in others)]).rstrip()


def _cell(cell: Cell, unknown: str = SHORT) -> str:
    marks = "" if cell.revised_from is None else "r"
    now = "" if cell.now is None else f" now {_figure(cell.now, unknown)}"
    return f"{_figure(cell.figure, unknown)}{marks} ({_figure(cell.prior, unknown)}){now}"


def _figure(figure: Figure, unknown: str) -> str:
    return unknown if figure.number is None else f"{figure.number:,}{'*' if figure.partly else ''}"


def _notes(table: Table) -> list[str]:
    begun = [place for place, quarter in enumerate(table.quarters) if quarter.begun]
    cells = [cell for row in table.rows for cell in (*(row.cells[place] for place in begun), row.total)]
    figures = [figure for cell in cells for figure in (cell.figure, cell.prior)]
    notes = []
    if any(figure.number is None for figure in figures):
        notes.append(f"{SHORT}: {NOT_RECORDED}, which is not 0")
    if any(figure.partly for figure in figures):
        notes.append("*: recorded for a part of the period only")
    if table.provisional:
        notes.append("p: provisional, the period has not ended; the year before is told whole")
    for quarter in table.quarters:
        if quarter.edition is not None and quarter.edition.number > 1:
            reason = f": {quarter.edition.reason}" if quarter.edition.reason else ""
            notes.append(
                f"r: {quarter.period.label} was revised on {day(quarter.edition.on)} "
                f"(edition {quarter.edition.number}){reason}"
            )
    if any(cell.now is not None for cell in cells):
        notes.append("now: what the cases say today, where that is no longer what was published")
    return notes

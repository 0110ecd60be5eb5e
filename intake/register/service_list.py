"""A list of an authority's services as a file: one line for each directorate, service or team."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .limits import Unreadable
from .reading import read

COLUMNS = ("directorate", "service", "team")
LONGEST_NAME = 80  # characters
MOST_LINES = 5_000


@dataclass(frozen=True)
class Line:
    """From the directorate down to what the line names; `row` as a spreadsheet numbers it."""

    row: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class Listed:
    """What a file holds, and everything that is wrong with it, in sentences."""

    lines: tuple[Line, ...]
    faults: tuple[str, ...]


def parse(data: bytes, name: str = "") -> Listed:
    """Read a CSV or XLSX file. Raises `Unreadable` for what is none, or lacks the columns."""
    file = read(data, name)
    rows = [(row, cells) for row, cells in file.rows if any(str(cell).strip() for cell in cells)]
    if not rows:
        raise Unreadable("The file is empty. Give it the columns directorate, service and team.")
    places = _columns(rows[0][1])
    if len(rows) > MOST_LINES:
        raise Unreadable(f"The file has more than {MOST_LINES:,} lines. No authority has so many services.")
    lines, faults = [], []
    for row, cells in rows[1:]:
        names = [" ".join(str(cells[place]).split()) if place < len(cells) else "" for place in places]
        if fault := _fault(names):
            faults.append(f"Row {row}: {fault}")
        else:
            lines.append(Line(row, tuple(name for name in names if name)))
    return Listed(tuple(lines), (*faults, *_both(lines)))


def _columns(head: list[Any]) -> list[int]:
    """Where each column stands. Raises `Unreadable`."""
    found = [str(cell).strip().casefold() for cell in head]
    if missing := [column for column in COLUMNS[:2] if column not in found]:
        raise Unreadable(
            f"The first row must name the columns directorate, service and team; it lacks {' and '.join(missing)}."
        )
    return [found.index(column) if column in found else len(found) for column in COLUMNS]


def _fault(names: list[str]) -> str:
    if not names[0]:
        return "a directorate is missing."
    if names[2] and not names[1]:
        return f"the team {names[2]!r} has no service. Name the service to which it belongs."
    for name in names:
        if len(name) > LONGEST_NAME:
            return f"{name[:20]!r}… is too long: a name has at most {LONGEST_NAME} characters."
        if not name.isprintable() or (name != "" and not any(map(str.isalnum, name))):
            return f"{name!r} is no name: use letters and figures."
    return ""


def _both(lines: list[Line]) -> list[str]:
    """Nothing stands below itself: what is a directorate in one line is no service or team in another."""
    directorates = {line.names[0].casefold(): line.row for line in reversed(lines)}
    return [
        f"Row {line.row}: {name!r} is below a directorate here, and a directorate itself in row "
        f"{directorates[name.casefold()]}. Nothing can stand below itself: give one of them another name."
        for line in lines
        for name in line.names[1:]
        if name.casefold() in directorates
    ]

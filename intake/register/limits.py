"""How large a register may be, and what it is read into."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

MOST_ROWS = 250_000


MOST_BYTES = 256 * 1024 * 1024


LONGEST_CELL = 200_000  # characters


MOST_CELLS = 60  # in a row, and so the most headings


MOST_NUMBER = 5 * MOST_ROWS  # rows, the empty ones among them


EMPTY_AT_ONCE = 250  # rows passed over before whoever waits is told


class Unreadable(ValueError):
    """The file, from `row` on, cannot be read; the message says what to do. Row 0: as a whole."""

    def __init__(self, words: str, row: int = 0) -> None:
        super().__init__(words)
        self.row = row


@dataclass(frozen=True)
class Formula:
    """A cell of a spreadsheet that is worked out there and not typed."""


@dataclass(frozen=True)
class Odd:
    """A cell that holds neither text nor a date: a number, an error or a time, as it would be written."""

    text: str


@dataclass(frozen=True)
class File:
    """A register as it is read. `rows`: the number and the cells of each row that is not empty, and now and then
    an empty one; the first one holds the headings. `notes`: what somebody should know, complete at the end."""

    rows: Iterator[tuple[int, list[Any]]]
    notes: Sequence[str] = ()


def within(cells: Sequence[Any], number: int) -> None:
    """Raises `Unreadable` for a row that is too wide, or a cell that is too long."""
    if len(cells) > MOST_CELLS:
        raise Unreadable(f"This row has more than {MOST_CELLS} cells. Is the file a register?", number)
    if any(isinstance(cell, str) and len(cell) > LONGEST_CELL for cell in cells):
        raise Unreadable(f"A cell of this row holds more than {LONGEST_CELL:,} characters.", number)

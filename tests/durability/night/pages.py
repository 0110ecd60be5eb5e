"""SQLite's file format, read from the bytes alone: what an attacker with a copy of the file sees.

Source: https://www.sqlite.org/fileformat2.html
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

INNER, WITH_ROW_NUMBERS = (2, 5), (5, 13)  # types of pages


@dataclass(frozen=True)
class Cell:
    """A row or an entry: where it begins in its page, what it holds, and the pages that the rest of it fills."""

    place: int
    payload: bytes
    overflow: tuple[int, ...]
    child: int


@dataclass(frozen=True)
class Node:
    """A page of a tree."""

    number: int
    cells: tuple[Cell, ...]
    right: int
    content: int  # where the cells begin
    gaps: tuple[tuple[int, int], ...]  # between cells: place and bytes
    fragments: int  # bytes
    unused: bytes  # before the cells


class File:
    """The pages of a database file that nobody writes to."""

    def __init__(self, path: Path) -> None:
        self._bytes = path.read_bytes()
        self.size = int.from_bytes(self._bytes[16:18], "big")  # of a page
        self.pages = self._number(self._bytes, 28)
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            self._roots = dict(connection.execute("SELECT name, rootpage FROM sqlite_schema WHERE rootpage"))

    @staticmethod
    def _number(data: bytes, at: int, size: int = 4) -> int:
        return int.from_bytes(data[at : at + size], "big")

    def _page(self, number: int) -> bytes:
        return self._bytes[(number - 1) * self.size : number * self.size]

    def trees(self) -> Iterator[tuple[str, list[Node]]]:
        """Every table and index, with its pages in the order of the keys."""
        for name, root in sorted(self._roots.items()):
            yield name, list(self._below(root))

    def free(self) -> list[int]:
        """The free pages, in the order in which they are listed."""
        found, trunk = [], self._number(self._bytes, 32)
        while trunk:
            page = self._page(trunk)
            found.append(trunk)
            found += [self._number(page, 8 + 4 * place) for place in range(self._number(page, 4))]
            trunk = self._number(page, 0)
        return found

    def _below(self, number: int) -> Iterator[Node]:
        node = self._node(number)
        yield node
        for child in (*(cell.child for cell in node.cells), node.right):
            if child:
                yield from self._below(child)

    def _node(self, number: int) -> Node:
        page, head = self._page(number), 100 if number == 1 else 0
        kind, gap, cells = page[head], self._number(page, head + 1, 2), self._number(page, head + 3, 2)
        content, pointers = self._number(page, head + 5, 2) or 65536, head + (12 if kind in INNER else 8)
        gaps = []
        while gap:
            gaps.append((gap, self._number(page, gap + 2, 2)))
            gap = self._number(page, gap, 2)
        return Node(
            number,
            tuple(self._cell(page, kind, self._number(page, pointers + 2 * n, 2)) for n in range(cells)),
            self._number(page, head + 8) if kind in INNER else 0,
            content,
            tuple(gaps),
            page[head + 7],
            page[pointers + 2 * cells : content],
        )

    def _cell(self, page: bytes, kind: int, place: int) -> Cell:
        at, child = place, 0
        if kind in INNER:
            child, at = self._number(page, at), at + 4
        if kind == 5:
            return Cell(place, b"", (), child)
        length, at = _varint(page, at)
        if kind in WITH_ROW_NUMBERS:
            _, at = _varint(page, at)
        most = self.size - 35 if kind in WITH_ROW_NUMBERS else (self.size - 12) * 64 // 255 - 23
        if length <= most:
            return Cell(place, page[at : at + length], (), child)
        least = (self.size - 12) * 32 // 255 - 23
        here = least + (length - least) % (self.size - 4)
        here = here if here <= most else least
        payload, chain, following = page[at : at + here], [], self._number(page, at + here)
        while following:
            chain.append(following)
            payload += self._page(following)[4:]
            following = self._number(self._page(following), 0)
        return Cell(place, payload[:length], tuple(chain), child)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for length in range(8):
        value = value << 7 | data[at + length] & 0x7F
        if not data[at + length] & 0x80:
            return value, at + length + 1
    return value << 8 | data[at + 8], at + 9

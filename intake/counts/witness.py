"""Witnesses: other whole numbers that fit everything published just as well as the true ones.

A hidden number is safe while somebody who adds and subtracts all that was ever told can show it to be one of
several. Each witness found is such another table, so what is called safe is safe. The search gives up after
a while, and what it then calls unsafe need not be: more is hidden than must be, never less.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .facts import ENDED, IN_TIME, LATE, NO, NO_DATE, NONE, OVERDUE, WAITING, YES
from .quarters import Period

Part = tuple[str, str]  # breakdown, value
Cell = tuple[Hashable, str, str]  # which edition, breakdown, value

VALUES = {"timeliness": (IN_TIME, LATE, NO_DATE, ENDED, WAITING, OVERDUE), "extended": (YES, NO)}
UNANSWERED = {"withdrawn", "refused"}  # outcomes that come without an answer
DEPTHS = (1, 3, 7, 11)  # steps of one move: short moves are looked for first
LONGEST = 1000  # steps tried before the search gives up


@dataclass
class View:
    """One measure of one edition: what is true, and what of it is told.

    `kinds`: the breakdowns that add up in it. `hidden`: parts told without their number. `withheld`:
    breakdowns of which nothing is told. A part that is in neither is known to everybody.
    """

    period: Period
    true: Mapping[Part, int]
    kinds: Collection[str]
    hidden: set[Part] = field(default_factory=set)
    withheld: set[str] = field(default_factory=set)

    def unknown(self, part: Part) -> bool:
        return part[0] in self.withheld or part in self.hidden

    def least(self, part: Part) -> int:
        """The least that a hidden part can be: it would not be listed if it were 0, unless it is."""
        return 1 if part[0] not in self.withheld and self.true.get(part, 0) else 0


class Puzzle:
    """The equations that bind the hidden numbers of one measure, over all its editions of a year.

    `knowing` True: for a reader who knows by how much each number was changed by every revision, so that a
    number is unknown only where no edition tells it. False: for one who takes each edition for itself.
    """

    def __init__(
        self, views: Sequence[View], kinds: Sequence[str], values: Mapping[str, Iterable[str]], knowing: bool
    ):
        self.views, self.knowing = views, knowing
        self.room: dict[Cell, int] = {}  # the furthest down that a cell may go
        self._rows: list[list[tuple[Cell, int]]] = []
        self._through: dict[Cell, list[tuple[int, int]]] = {}
        self._bind(
            kinds, {kind: sorted({*values.get(kind, ()), *VALUES.get(kind, (NONE,))}) for kind in kinds}
        )

    def slot(self, index: int) -> Hashable:
        return self.views[index].period if self.knowing else index

    def cell(self, index: int, part: Part) -> Cell:
        return (self.slot(index), *part)

    def reaches(self, index: int, part: Part, number: int) -> bool:
        """Whether the part could be as large as `number`, for all that is told."""
        move: dict[Cell, int] = {}
        for _ in range(number - self.views[index].true.get(part, 0)):
            if not self._step(move, self.cell(index, part), 1):
                return False
        return True

    def varies(self, index: int, part: Part) -> bool:
        """Whether the part could be anything but what it is."""
        cell = self.cell(index, part)
        return self._step({}, cell, 1) or self._step({}, cell, -1)

    def _bind(self, kinds: Sequence[str], values: Mapping[str, Sequence[str]]) -> None:
        slots: dict[Hashable, list[View]] = {}
        for index, view in enumerate(self.views):
            slots.setdefault(self.slot(index), []).append(view)
        for slot, views in slots.items():
            for kind in kinds:
                told = [view for view in views if kind in view.kinds]
                for value in values[kind]:
                    part = (kind, value)
                    if told and all(view.unknown(part) for view in told):
                        self.room[slot, kind, value] = max(
                            view.least(part) - view.true.get(part, 0) for view in told
                        )
                self._equal(((slot, kind, value), 1) for value in values[kind])
            if {"outcome", "timeliness"} <= set(kinds) and all(
                {"outcome", "timeliness"} <= set(view.kinds) for view in views
            ):
                self._bind_answers(slot, values)
        self._bind_years(kinds, values)

    def _bind_answers(self, slot: Hashable, values: Mapping[str, Sequence[str]]) -> None:
        """Whatever was answered has the outcome of an answer, and so for the rest."""
        for came in ("answer", "end", "nothing"):
            by_time = [((slot, "timeliness", it), -1) for it in values["timeliness"] if _in_time(it) == came]
            by_outcome = [((slot, "outcome", it), 1) for it in values["outcome"] if _by_outcome(it) == came]
            self._equal([*by_outcome, *by_time])

    def _bind_years(self, kinds: Sequence[str], values: Mapping[str, Sequence[str]]) -> None:
        """A year is the sum of its quarters, each as it had been published last."""
        latest: dict[Period, int] = {}
        for index, view in enumerate(self.views):
            if view.period.quarter:
                latest[view.period] = index
                continue
            for kind in kinds:
                if kind not in view.kinds:
                    continue
                for value in values[kind]:
                    quarters = [(self.cell(quarter, (kind, value)), 1) for quarter in latest.values()]
                    self._equal([*quarters, (self.cell(index, (kind, value)), -1)])

    def _equal(self, terms: Iterable[tuple[Cell, int]]) -> None:
        row = [(cell, sign) for cell, sign in terms if cell in self.room]
        if row and row not in self._rows:
            for cell, sign in row:
                self._through.setdefault(cell, []).append((len(self._rows), sign))
            self._rows.append(row)

    def _step(self, move: dict[Cell, int], cell: Cell, by: int) -> bool:
        """Change one cell by 1, and others by what it takes to keep every equation; `move` is carried on."""
        if cell not in self.room or move.get(cell, 0) + by < self.room[cell]:
            return False
        self._left = LONGEST
        for depth in DEPTHS:
            out: dict[int, int] = {}
            self._add(move, out, cell, by)
            if self._mend(move, out, {cell: by}, depth):
                return True
            self._add(move, out, cell, -by)
            if self._left <= 0:
                return False
        return False

    def _mend(self, move: dict[Cell, int], out: dict[int, int], moved: dict[Cell, int], depth: int) -> bool:
        if not out:
            return True
        self._left -= 1
        if not depth or self._left <= 0:
            return False
        fewest: list[tuple[Cell, int]] = []
        for place, (row, excess) in enumerate(out.items()):
            ways = []
            for cell, sign in self._rows[row]:
                by = -sign if excess > 0 else sign
                if moved.get(cell, by) == by and move.get(cell, 0) + by >= self.room[cell]:
                    ways.append((cell, by))
            if not place or len(ways) < len(fewest):
                fewest = ways
        for cell, by in fewest:
            new = cell not in moved
            self._add(move, out, cell, by)
            moved[cell] = by
            if self._mend(move, out, moved, depth - 1):
                return True
            if new:
                del moved[cell]
            self._add(move, out, cell, -by)
        return False

    def _add(self, move: dict[Cell, int], out: dict[int, int], cell: Cell, by: int) -> None:
        move[cell] = move.get(cell, 0) + by
        for row, sign in self._through.get(cell, ()):
            excess = out.get(row, 0) + sign * by
            if excess:
                out[row] = excess
            else:
                out.pop(row, None)


def _in_time(value: str) -> str:
    return {ENDED: "end", WAITING: "nothing", OVERDUE: "nothing"}.get(value, "answer")


def _by_outcome(value: str) -> str:
    if value in UNANSWERED:
        return "end"
    return "nothing" if value == NONE else "answer"

"""Leafing through a list that is as long as the years: a page begins beside a place, not behind a number of lines.

So the last page costs what the first one does. A place is the day and the reference of a line; it stays where it is
when the line has gone, so that an address with a place in it means the same whatever was done meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Select, SQLColumnExpression, tuple_

PAGE = 50
Question = TypeVar("Question", bound=Select[*tuple[Any, ...]])


@dataclass(frozen=True)
class Place:
    """Where a line stands in its list: by a day and its reference, or by its reference alone."""

    day: date | None
    reference: str

    def __str__(self) -> str:
        return f"{self.day.isoformat() if self.day else ''}.{self.reference}"

    @classmethod
    def parse(cls, text: str) -> Place | None:
        """The place that `str` wrote down; None for anything else."""
        day, point, reference = text.partition(".")
        try:
            return cls(date.fromisoformat(day) if day or not point else None, reference)
        except ValueError:
            return None


@dataclass(frozen=True)
class Turn:
    """Which page is wanted: the one after a place, or the one before it; without a place, the first or the last."""

    place: Place | None = None
    back: bool = False


FIRST, LAST = Turn(), Turn(back=True)


@dataclass(frozen=True)
class Leaf:
    """A page, and the turns to its neighbours, where there are any."""

    lines: tuple[Any, ...]
    before: Turn | None
    after: Turn | None


def cut(
    query: Question,
    keys: Sequence[SQLColumnExpression[Any]],
    turn: Turn,
    *,
    latest_first: bool = False,
) -> Question:
    """The lines of one turn and one more, from its place on: going back, the nearest one first. `keys`: what orders
    the list, a day and the reference, or the reference alone. A place of another order is none.
    """
    ascending = turn.back == latest_first
    if turn.place and (turn.place.day is None) == (len(keys) == 1):
        there = (turn.place.day, turn.place.reference)[-len(keys) :]
        here, there_ = (tuple_(*keys), tuple_(*there)) if len(keys) > 1 else (keys[0], there[0])
        query = query.where(here > there_ if ascending else here < there_)
    return query.order_by(*(key if ascending else key.desc() for key in keys)).limit(PAGE + 1)


def leaf(read: Callable[[Turn], Sequence[Any]], place_of: Callable[[Any], Place], turn: Turn) -> Leaf:
    """The page of a turn; `read` gives what `cut` asks for. Where nothing is left behind a place, the last page; where
    less than a page is left before it, the first.
    """
    found = list(read(turn))
    if turn.place and not turn.back and not found:
        return leaf(read, place_of, LAST)
    if turn.place and turn.back and len(found) < PAGE:
        return leaf(read, place_of, FIRST)
    lines, more = found[:PAGE], len(found) > PAGE
    if turn.back:
        lines.reverse()
    came_from = turn.place is not None
    before, after = (more, came_from) if turn.back else (came_from, more)
    return Leaf(
        tuple(lines),
        Turn(place_of(lines[0]), back=True) if before else None,
        Turn(place_of(lines[-1])) if after else None,
    )

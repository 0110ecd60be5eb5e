"""What the tables keep of a standing, worked out once: lists, timers and counts ask the rows and not the rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from .clock import Deadline, steps
from .definitions import Kind
from .stages_reached import Receipt, receipts
from .standing import Standing


@dataclass(frozen=True, slots=True)
class Place:
    """What the row of a case keeps, by the row's own names. `next_due`: the first day after which something is late
    whose clock runs for us. `answered_on`: since when it is answered to the end, with nothing owed and nothing left to
    do but close it.
    """

    procedure: str
    version: str
    stage: str
    handler_id: str | None
    closed_on: date | None
    next_due: date | None
    next_deadline: str | None
    answered_on: date | None = None


class StepOf(NamedTuple):
    """Which step of an escalation, for which deadline and which date of it."""

    deadline: str
    step: str
    due: date


class Rung(NamedTuple):
    """The day on which a step falls due, and how high it takes the case."""

    falls_on: date
    level: int


@dataclass(frozen=True, slots=True)
class Position:
    """All that is kept of a standing beside its events, extensions, pauses and outcomes."""

    place: Place
    deadlines: tuple[Deadline, ...]
    receipts: tuple[Receipt, ...]
    steps: Mapping[StepOf, Rung]


def position(standing: Standing) -> Position:
    """Where a standing puts its case. Raises `CalendarError` where a step would come after the calendar's years."""
    version = standing.version
    running = [deadline for deadline in owed(standing.deadlines) if deadline.paused_since is None]
    first = min(running, key=lambda deadline: deadline.in_time_until, default=None)
    return Position(
        Place(
            procedure=version.procedure,
            version=version.id,
            stage=standing.stage.id,
            handler_id=standing.handler,
            closed_on=standing.closed_on,
            next_due=first.in_time_until if first else None,
            next_deadline=first.id if first else None,
            answered_on=_answered_on(standing),
        ),
        standing.deadlines,
        receipts(standing),
        {
            StepOf(deadline.id, step.id, deadline.due): Rung(falls_on, step.level)
            for deadline in running
            for step, falls_on in steps(deadline, version.limit(deadline.id), standing.calendar)
        },
    )


def _answered_on(standing: Standing) -> date | None:
    """The day of the last answer; None while something is owed, also where its clock stands, and once it is closed."""
    if standing.closed_on or not standing.settled or owed(standing.deadlines):
        return None
    respond = standing.version.own_event(Kind.RESPOND, standing.stage.id)
    last = standing.version.last_answer(respond.id, standing.events)
    return standing.events.get(last, max(standing.events.values()))


def owed(deadlines: Iterable[Deadline]) -> list[Deadline]:
    """Those that the authority still has to keep, whether their clocks run or stand."""
    return [
        deadline
        for deadline in deadlines
        if deadline.owed_by == "authority" and deadline.met_on is None and deadline.stopped_on is None
    ]

"""One act on many cases of a list: each in a transaction of its own, and each says what happened to it.

A case that somebody else moved since the list was drawn is told and left; so is one that the act is refused for. What
was done stays done when the process ends half-way: pressed again, the rest is done, and what was done before says that
it has moved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from intake.database import NotStored
from intake.procedures import moves
from intake.services.casework import acting, classifying, setting_aside
from intake.services.ground.office import Office
from intake.services.ground.refusals import ActedMeanwhile, Damaged, NotFound, Refused
from intake.services.ground.roles import Officer

from .leafing import PAGE

MOVED = "Somebody else changed it meanwhile. It was left as it is: look at it again."
GONE = "There is no such case among yours any more."
DAMAGED = "It does not open. Tell your administrator."


@dataclass(frozen=True)
class Chosen:
    """A line that somebody chose, as the list showed it."""

    reference: str
    revision: int


@dataclass(frozen=True)
class Told:
    """What happened to it."""

    reference: str
    done: bool
    words: str


def allocate(
    office: Office, officer: Officer, chosen: Iterable[Chosen], to: str, *, now: datetime
) -> tuple[Told, ...]:
    """Give each to an officer, who is told once of all of them."""
    move = moves.Allocate(office.today(now), to)
    return _each(
        chosen,
        lambda one: acting.do(office, officer, one.reference, move, revision=one.revision, now=now),
        "Allocated.",
    )


def set_place(
    office: Office, officer: Officer, chosen: Iterable[Chosen], place: str, *, now: datetime
) -> tuple[Told, ...]:
    """Say of each which service it is about."""
    return _each(
        chosen,
        lambda one: classifying.set_place(
            office, officer, one.reference, place, revision=one.revision, now=now
        ),
        "Its service is set.",
    )


def set_theme(
    office: Office, officer: Officer, chosen: Iterable[Chosen], theme: str, *, now: datetime
) -> tuple[Told, ...]:
    """Say of each what it is about."""
    return _each(
        chosen,
        lambda one: classifying.set_theme(
            office, officer, one.reference, theme, revision=one.revision, now=now
        ),
        "Its theme is set.",
    )


def take_in(office: Office, officer: Officer, chosen: Iterable[Chosen], *, now: datetime) -> tuple[Told, ...]:
    """Put each that waits aside into the ordinary lists."""
    return _each(
        chosen,
        lambda one: setting_aside.take_one_in(office, officer, one.reference, now=now),
        "Taken in.",
    )


def _each(chosen: Iterable[Chosen], act: Callable[[Chosen], object], done: str) -> tuple[Told, ...]:
    """The act on each once, a page of them at most."""
    once = {one.reference: one for one in chosen}
    return tuple(_one(one, act, done) for one in list(once.values())[:PAGE])


def _one(one: Chosen, act: Callable[[Chosen], object], done: str) -> Told:
    try:
        act(one)
    except ActedMeanwhile:
        return Told(one.reference, False, MOVED)
    except NotFound:
        return Told(one.reference, False, GONE)
    except Damaged:
        return Told(one.reference, False, DAMAGED)
    except Refused as refusal:
        return Told(one.reference, False, str(refusal))
    except NotStored as error:
        return Told(one.reference, False, str(error))
    return Told(one.reference, True, done)

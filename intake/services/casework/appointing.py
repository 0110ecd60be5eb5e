"""The people of a case's stages, as they were appointed: sealed records, read back with the case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from intake.models import Case, Record
from intake.procedures import people
from intake.procedures.definitions import Event, Kind, Version
from intake.procedures.moves import Appoint
from intake.procedures.people import Named
from intake.procedures.working_days import say
from intake.services.ground import sealing
from intake.services.ground.office import AnySession
from intake.vault.record import CaseKey

KIND = "appointed"


@dataclass(frozen=True)
class Appointed:
    """Somebody was appointed. `happened`: when, or the day on which they are to meet; `on`, `by`: when and by whom it
    was written down; `reason`: why others, or another day, than before.
    """

    event: str
    people: tuple[Named, ...]
    happened: date
    on: date
    by: str
    reason: str


def content(move: Appoint) -> dict[str, Any]:
    """What is sealed of an appointment."""
    return {
        "event": move.event,
        "people": [[person.name, person.connection] for person in move.people],
        "happened": (move.happened or move.on).isoformat(),
        "reason": move.reason,
    }


def read(key: CaseKey, records: Iterable[Record]) -> tuple[Appointed, ...]:
    """Every appointment of a case, the first one first; `by` is an account's id. Raises `Damaged`."""
    purpose, found = key.for_purpose(sealing.PURPOSES[KIND]), []
    for record in records:
        if record.kind == KIND:
            said = sealing.read_record(purpose, record)
            named = tuple(Named(name, connection) for name, connection in said["people"])
            day = date.fromisoformat(said["happened"])
            found.append(
                Appointed(said["event"], named, day, record.written_on, record.written_by, said["reason"])
            )
    return tuple(found)


def known(session: AnySession, case: Case, key: CaseKey) -> tuple[Appointed, ...]:
    """The same, asked of the database inside the caller's transaction."""
    return read(key, sealing.records(session, case.id, KIND))


def why_not(version: Version, move: Appoint, before: Iterable[Appointed]) -> str:
    """Why one of them cannot be appointed beside those who hold the other posts; empty where all can."""
    post = people.POSTS.get(version.event(move.event).names or "")
    return people.clash(post, move.people, _in_office(version, before)) if post else ""


def _in_office(version: Version, before: Iterable[Appointed]) -> Mapping[str, tuple[Named, ...]]:
    """Who holds each post now: whoever was appointed last."""
    return {version.event(one.event).names or "": one.people for one in before}


@dataclass(frozen=True)
class Held:
    """A post with those who hold it: each name with what was declared of it. `now`: nobody came after them."""

    post: str
    people: tuple[tuple[str, str], ...]
    words: str
    reason: str
    now: bool


def held(version: Version, appointed: Iterable[Appointed], names: Mapping[str, str]) -> tuple[Held, ...]:
    """Every appointment, in the order of the procedure's events; of each post whoever holds it now comes first. Last
    those under other rules, before the case was reclassified.
    """
    told, known = list(appointed), {event.id for event in version.events}
    return (
        *(
            _held(event, one, names.get(one.by, "an officer"), now=number == 0)
            for event in version.events
            for number, one in enumerate(each for each in reversed(told) if each.event == event.id)
        ),
        *(
            _held(None, one, names.get(one.by, "an officer"), now=False)
            for one in told
            if one.event not in known
        ),
    )


def _held(event: Event | None, one: Appointed, by: str, *, now: bool) -> Held:
    post = people.POSTS[event.names] if event and event.names else None
    what = "To meet on" if event and event.kind is Kind.ARRANGE else post.since if post else "Appointed on"
    return Held(
        post.label if post else event.label if event else "Under other rules",
        tuple((person.name, people.CONNECTIONS.get(person.connection, "")) for person in one.people),
        f"{what} {say(one.happened)}. Written down by {by} on {say(one.on)}.",
        one.reason,
        now,
    )

"""Accounts held against the journal's lines of how they came to be.

Whoever can write to the database can add an account, give one another role, or switch one on again. None of it opens
a vault, but a role alone publishes, and a colleague may be let in by mistake. So each account that can sign in must
stand in the journal as it is.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import or_, select

from intake.models import OF_ACCOUNTS, JournalLine, Staff
from intake.vault.keys import PUBLIC_BYTES, fingerprint

from . import journal
from .office import AnySession

ADMINISTRATOR = "administrator"
WAY_ON = (
    "Find out who did it, and switch the account off with `intake staff disable`. Whoever can write to the database "
    "can do this again."
)


@dataclass
class Told:
    """What the journal's lines of one account come to."""

    role: str = ""
    joined: bool = False
    active: bool = True
    key: dict[str, str] | None = None  # earlier versions kept no fingerprint of a joining


def faults(session: AnySession, only: Collection[str] | None = None) -> list[str]:
    """Every account that can sign in, or was invited to, and is not as its lines say; a sentence each. `only`: of these
    accounts.
    """
    told = _told(session)
    people = session.scalars(
        select(Staff)
        .where(or_(Staff.public.is_not(None), Staff.lock.is_not(None), Staff.active))
        .order_by(Staff.email)
    )
    asked = (person for person in people if only is None or person.id in only)
    return [fault for person in asked for fault in _faults_of(person, told.get(person.id))]


def faulty(session: AnySession) -> list[str]:
    """The accounts of which this is so, by id: nothing is sealed to their keys."""
    told, people = _told(session), session.scalars(select(Staff))
    return [person.id for person in people if _faults_of(person, told.get(person.id))]


def _faults_of(person: Staff, told: Told | None) -> list[str]:
    if told is None:
        return [f"The account {person.email} stands in no line of the journal: nobody invited it. {WAY_ON}"]
    found = []
    if told.role and person.role != told.role:
        found.append(
            f"The account {person.email} has the role {person.role!r}; the journal says {told.role!r}. {WAY_ON}"
        )
    if person.active and not told.active:
        found.append(f"The account {person.email} was switched off, and is on in the database. {WAY_ON}")
    has_key = person.public is not None or person.lock is not None
    if has_key and not told.joined:
        found.append(f"The account {person.email} has a key, and no line of its joining. {WAY_ON}")
    elif told.key and has_key and _mark(person, told.key) != told.key["fingerprint"]:
        found.append(f"The key of {person.email} is not the one with which they joined. {WAY_ON}")
    return found


def _told(session: AnySession) -> dict[str, Told]:
    lines = session.scalars(select(JournalLine).where(OF_ACCOUNTS).order_by(JournalLine.number))
    people: dict[str, Told] = {}
    for line in lines:
        detail = journal.detail_of(line)
        if line.act == journal.Act.JOINED:
            one = people.get(line.actor)  # nobody joins uninvited
            if one:
                one.joined, one.key = True, detail if "fingerprint" in detail else None
        elif line.actor == ADMINISTRATOR:
            one = people.setdefault(detail["staff"], Told())
            one.active = line.act != journal.Act.DISABLED
            if line.act != journal.Act.DISABLED:
                one.role, one.joined = detail.get("role", one.role), line.act == journal.Act.CREATED
                one.key = detail if "fingerprint" in detail else None
    return people


def _mark(person: Staff, key: dict[str, str]) -> str:
    if not person.public or len(person.public) != PUBLIC_BYTES:
        return "not a key"
    return fingerprint(person.public, vault=key["vault"], staff=person.id)

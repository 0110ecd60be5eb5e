"""Persons to whom a case may be sealed, each to a key that was compared or that the journal knows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import or_, select

from intake.models import JournalLine, Staff
from intake.procedures.offices import left_out
from intake.services.cases.reaching import File
from intake.services.cases.words import named_in
from intake.services.ground import custody, enrolment, journal
from intake.services.ground.office import AnySession, Office
from intake.services.ground.refusals import KeyDiffers, Refused
from intake.services.ground.roles import INVESTIGATOR, role_of
from intake.vault.keys import PUBLIC_BYTES, fingerprint

NO_KEY = "This account has not taken up its invitation yet, so it has no key to seal to."
STRANGE = (
    "The key of {} is not the one that the journal knows, so nothing was sealed to it and nothing was done. Tell your "
    "administrator, and the other members."
)


@dataclass(frozen=True)
class Person:
    """Somebody to whom a case may be given, with the fingerprint that is compared by telephone."""

    id: str
    name: str
    fingerprint: str
    role: str
    role_id: str


def takers(session: AnySession, vaults: Collection[str]) -> list[Person]:
    """Everybody who may be given a single case and has a key: investigators, and members of the vaults in which such
    cases may lie.
    """
    members = custody.keyholders(session, *vaults)
    who = or_(Staff.role == INVESTIGATOR, Staff.id.in_(members))
    query = select(Staff).where(who, *custody.can_sign_in()).order_by(Staff.name, Staff.id)
    return [
        Person(one.id, one.name, mark_of(one), role_of(one.role).label, one.role)
        for one in session.scalars(query)
    ]


def taker(session: AnySession, staff_id: str, vaults: Collection[str]) -> Staff:
    """The account of somebody who may be given a single case. Raises `Refused` and `KeyDiffers`."""
    person = session.get(Staff, staff_id)
    if person is None or person.id not in {one.id for one in takers(session, vaults)}:
        raise Refused(
            "Choose an investigator, or a colleague who reads such cases: nobody else takes a single one."
        )
    checked(session, [person])
    return person


def named(office: Office, file: File) -> frozenset[str]:
    """The roles of whoever a concern is about, and of those who answer to them: they are given it by nobody. Raises
    `Damaged`.
    """
    return left_out(named_in(file) or (), office.settings.concerns_go_to)


def key_of(person: Staff) -> bytes:
    """The public key of an account that was checked. Raises `Refused`."""
    if person.public is None or len(person.public) != PUBLIC_BYTES:
        raise Refused(NO_KEY)
    return person.public


def mark_of(person: Staff) -> str:
    """The fingerprint of an account's key, as its owner sees it too."""
    public = person.public or b""
    if len(public) != PUBLIC_BYTES:
        return ""
    return fingerprint(public, vault=role_of(person.role).vault or "", staff=person.id)


def members(session: AnySession, vault: str) -> list[Staff]:
    """Who can open a vault now, in the order of names; each with the key with which they were let in.

    Raises `KeyDiffers` for a key that the journal does not know: whoever can write to the database put it there.
    """
    query = (
        select(Staff).where(Staff.id.in_(custody.keyholders(session, vault))).order_by(Staff.name, Staff.id)
    )
    people = list(session.scalars(query))
    checked(session, people)
    granted = _let_in(session, vault)
    for person in people:
        if granted.get(person.id) != mark_of(person):
            raise _strange(person)
    return people


def checked(session: AnySession, people: Iterable[Staff]) -> None:
    """Raises `KeyDiffers` for an account that is not what its lines in the journal say."""
    known = set(enrolment.faulty(session))
    for person in people:
        if person.id in known:
            raise _strange(person)


def _let_in(session: AnySession, vault: str) -> dict[str, str]:
    """With which key each member was let into a vault last."""
    lines = select(JournalLine).where(JournalLine.act == journal.Act.GRANTED).order_by(JournalLine.number)
    told = [journal.detail_of(line) for line in session.scalars(lines)]
    return {one["staff"]: one["fingerprint"] for one in told if one.get("vault") == vault}


def _strange(person: Staff) -> KeyDiffers:
    return KeyDiffers(
        STRANGE.format(person.name),
        key=f"staff {person.id}",
        found=mark_of(person) or "not a key",
        vault=role_of(person.role).vault,
    )

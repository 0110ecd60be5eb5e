"""Who can open a case, in words, with what may be done about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from intake.database import reading
from intake.models import Case, Keyholder, Staff
from intake.services.cases import reaching
from intake.services.cases.reaching import File
from intake.services.cases.words import identity_of
from intake.services.ground import sealing
from intake.services.ground.office import Office
from intake.services.ground.roles import INVESTIGATOR, Officer, Right, role_of

from . import giving, parting, persons, remembering
from .persons import Person
from .remembering import Told

WORDS = {
    remembering.GIVEN: "Given to {}",
    remembering.TAKEN_BACK: "Taken back from {}",
    remembering.IDENTITY_GIVEN: "Who sent it given to {}",
    remembering.IDENTITY_TAKEN_BACK: "Who sent it taken back from {}",
    remembering.ASIDE: "{} stood aside",
    remembering.CONFLICT: "A conflict declared: {}",
    remembering.FRESH: "Given fresh keys",
}


@dataclass(frozen=True)
class HeldBy:
    """A vault or a person who can open it. `investigator`: the account from whom it can be taken back; else empty."""

    name: str
    role: str
    since: date | None  # None: as long as it is here
    until: date | None
    identity: bool
    identity_until: date | None
    investigator: str


@dataclass(frozen=True)
class Done:
    """Something that was done about it, in words."""

    words: str
    why: str
    by: str
    on: date
    until: date | None


@dataclass(frozen=True)
class View:
    """The page. `ended`: somebody's time is over and the case has not had fresh keys since."""

    reference: str
    revision: int
    held: tuple[HeldBy, ...]
    done: tuple[Done, ...]
    ended: bool
    may_give: bool
    has_identity: bool
    takers: tuple[Person, ...]
    could_go: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Given:
    """A case that somebody holds by name, as their first page lists it."""

    reference: str
    procedure_name: str
    stage_label: str
    received_on: date
    since: date
    until: date | None
    identity_until: date | None
    closed: bool


def at(office: Office, officer: Officer, reference: str, *, now: datetime) -> View:
    """Who can open a case. Raises `NotFound` and `Damaged`."""
    today, session = office.today(now), office.session
    with reading(session):
        file = reaching.whole(office, officer, reference)
        people = {one.id: one for one in session.scalars(select(Staff))}
        told = remembering.read(file.key(), file.records)
        kept = sealing.kept_keyholders(session, file.case.id)
        gives = officer.role.may(Right.GIVE_CASES)
        return View(
            reference=file.case.reference,
            revision=file.case.revision,
            held=tuple(
                _held(office, holder, kept, people, today) for holder in sorted(file.keyholders, reverse=True)
            ),
            done=tuple(_done(office, one, people) for one in reversed(told)),
            ended=gives and _ended(told, today),
            may_give=gives,
            has_identity=gives and identity_of(file) is not None,
            takers=_takers(office, file, told) if gives else (),
            could_go=_could_go(office, officer, file),
        )


def mine(office: Office, officer: Officer, *, now: datetime) -> tuple[Given, ...]:
    """What somebody holds by name, the newest first."""
    session, today = office.session, office.today(now)
    holder = f"staff:{officer.id}"
    asked = select(Case, Keyholder).join(Keyholder, Keyholder.case_id == Case.id)
    theirs = (Keyholder.keyholder == holder, Keyholder.scope == "case", reaching.readable([holder]))
    named = select(Keyholder.case_id, Keyholder.until).where(
        Keyholder.keyholder == holder, Keyholder.scope == "identity"
    )
    with reading(session):
        until = dict(session.execute(named).all())
        rows = session.execute(asked.where(*theirs).order_by(Keyholder.since.desc(), Case.reference)).all()
        return tuple(
            Given(
                case.reference,
                office.catalogue[case.procedure].name,
                office.catalogue[case.procedure].version(case.version).stage(case.stage).label,
                case.received_on,
                row.since,
                row.until,
                until.get(case.id),
                case.closed_on is not None,
            )
            for case, row in rows
            if sealing.is_running(row, today)
        )


def _held(
    office: Office, holder: str, kept: Iterable[Keyholder], people: Mapping[str, Staff], today: date
) -> HeldBy:
    rows = {row.scope: row for row in kept if row.keyholder == holder and sealing.is_running(row, today)}
    case, identity = rows.get("case"), rows.get("identity")
    since, until = (case.since, case.until) if case else (None, None)
    kind, _, which = holder.partition(":")
    person = people.get(which)
    if kind == "vault":
        return HeldBy(
            _upper(sealing.in_words(office, [which])), "Everybody in it", since, None, True, None, ""
        )
    single = which if person and person.role == INVESTIGATOR else ""
    role = role_of(person.role).label if person else ""
    named = identity.until if identity else None
    return HeldBy(_name(office, holder, people), role, since, until, identity is not None, named, single)


def _done(office: Office, one: Told, people: Mapping[str, Staff]) -> Done:
    words = WORDS.get(one.act, "{}").format(_name(office, one.who, people))
    return Done(words, one.text, people[one.by].name if one.by in people else "", one.on, one.until)


def _name(office: Office, holder: str, people: Mapping[str, Staff]) -> str:
    kind, _, which = holder.partition(":")
    if kind == "vault":
        return sealing.in_words(office, [which])
    return people[which].name if which in people else "an account that is gone"


def _ended(told: Iterable[Told], today: date) -> bool:
    """Whether somebody has gone by the calendar alone, and nothing gave the case fresh keys since."""
    acts = list(told)
    over = [one.until for one in acts if one.act == remembering.GIVEN and one.until]
    newest = max((one.on for one in acts), default=date.min)
    return any(newest <= until < today for until in over)


def _takers(office: Office, file: File, told: Iterable[Told]) -> tuple[Person, ...]:
    session = office.session
    left_out = remembering.left_out(told)
    named = persons.named(office, file)
    have = reaching.readers(session, file.case.id) | set(sealing.persons_of(session, file.case.id))
    return tuple(
        one
        for one in persons.takers(session, giving.vaults_for(office, file))
        if one.id not in have and f"staff:{one.id}" not in left_out and one.role_id not in named
    )


def _could_go(office: Office, officer: Officer, file: File) -> tuple[tuple[str, str], ...]:
    """Of those who could go, whom this officer may name: themselves first."""
    everybody = parting.could_go(office, file)
    me = f"staff:{officer.id}"
    others = tuple(one for one in everybody if one[0] != me) if officer.role.may(Right.WORK_CASES) else ()
    return (*(one for one in everybody if one[0] == me), *others)


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]

"""The lines of the journal on a page: narrowed, the newest first, a year at most, however many years there are.

No line has a number here: who sees numbers sees how many are kept from them. So a page begins behind a moment, and
behind as many lines of that moment as were shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, select

from intake.database import reading
from intake.models import Case, JournalLine, Staff
from intake.services.cases import reaching
from intake.services.ground import journal
from intake.services.ground.office import AnySession, Office
from intake.services.ground.refusals import NotFound, needs
from intake.services.ground.roles import Officer, Right, roles_of

from . import walls

PAGE = 50
LONGEST = timedelta(days=366)  # that are looked at at once
NOT_PEOPLE = {
    "holder": "Whoever holds a receipt",
    "tick": "Intake, by the clock",
    "administrator": "The administrator",
    "set-up": "Set-up",
}
BY_DAY = "holder"  # of whom no moment is kept


@dataclass(frozen=True)
class Asked:
    """What lines are wanted. `first`, `last`: days, both counted; `case`: a reference, for whoever opens cases."""

    act: str = ""
    actor: str = ""
    first: date | None = None
    last: date | None = None
    case: str = ""


@dataclass(frozen=True)
class Place:
    """Behind which line a page begins: a moment, and how many lines of it were shown."""

    at: datetime
    passed: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.passed}"

    @classmethod
    def parse(cls, text: str) -> Place | None:
        """The place that `str` wrote down; None for anything else."""
        at, _, passed = text.partition("~")
        try:
            place = cls(datetime.fromisoformat(at), int(passed))
        except ValueError:
            return None
        return place if place.at.tzinfo and 0 < place.passed < 1_000_000 else None


@dataclass(frozen=True)
class Line:
    """Who did what when, and to which case where that is told. `at`: None for what is kept to the day."""

    on: date
    at: datetime | None
    who: str
    act: str
    reference: str | None
    case_id: str | None


@dataclass(frozen=True)
class Leaf:
    """A page of lines, the days that were looked at, and where the next page begins."""

    lines: tuple[Line, ...]
    first: date
    last: date
    shortened: bool  # more days were asked for than are looked at at once
    older: Place | None


def leaf(office: Office, officer: Officer, asked: Asked, place: Place | None, *, now: datetime) -> Leaf:
    """One page, the newest lines first. Raises `NotFound` for whoever may read none."""
    needs(officer, Right.READ_JOURNAL)
    first, last, shortened = days(asked, office.today(now))
    with reading(office.session):
        query = _asked_for(office, officer, asked, first, last)
        if query is None:
            return Leaf((), first, last, shortened, None)
        if place:
            query = query.where(JournalLine.at <= place.at).offset(place.passed)
        found = office.session.execute(query.limit(PAGE + 1)).all()
        lines = told(office, officer, found[:PAGE])
    return Leaf(lines, first, last, shortened, _next(found, place) if len(found) > PAGE else None)


def every(office: Office, officer: Officer, asked: Asked, *, now: datetime) -> tuple[Line, ...]:
    """All lines of the days, for a file; as `leaf`."""
    needs(officer, Right.READ_JOURNAL)
    first, last, _ = days(asked, office.today(now))
    with reading(office.session):
        query = _asked_for(office, officer, asked, first, last)
        return told(office, officer, office.session.execute(query).all()) if query is not None else ()


def people(office: Office, officer: Officer) -> tuple[tuple[str, str], ...]:
    """Of whom lines can be asked for: id and name, those of the officer's vault or everybody."""
    known = select(Staff.id, Staff.name).order_by(Staff.name)
    if officer.role.vault is not None:
        known = known.where(Staff.role.in_(roles_of(officer.role.vault)))
    with reading(office.session):
        found = office.session.execute(known).all()
    return (*((one.id, one.name) for one in found), *NOT_PEOPLE.items())


def days(asked: Asked, today: date) -> tuple[date, date, bool]:
    """The first and the last day that are looked at, and whether there were more."""
    last = min(asked.last or today, today)
    first = min(asked.first or last - timedelta(days=30), last)
    earliest = last - LONGEST
    return max(first, earliest), last, first < earliest


def _asked_for(
    office: Office, officer: Officer, asked: Asked, first: date, last: date
) -> Select[*tuple[Any, ...]] | None:
    query = (
        select(
            JournalLine.at,
            JournalLine.actor,
            JournalLine.act,
            JournalLine.case_id,
            Case.reference,
            Staff.name,
        )
        .outerjoin(Case, Case.id == JournalLine.case_id)
        .outerjoin(Staff, Staff.id == JournalLine.actor)
        .where(walls.theirs(office, officer))
        .where(JournalLine.at >= walls.midnight(first))
        .where(JournalLine.at < walls.midnight(last + timedelta(days=1)))
        .order_by(JournalLine.at.desc(), JournalLine.number.desc())
    )
    if asked.act:
        query = query.where(JournalLine.act == asked.act)
    if asked.actor:
        query = query.where(JournalLine.actor == asked.actor)
    if asked.case and walls.opens_cases(officer):
        case_id = _reached(office, officer, asked.case)
        query = query.where(JournalLine.case_id == case_id)
        return query if case_id else None
    return query


def _reached(office: Office, officer: Officer, reference: str) -> str | None:
    try:
        case, _, _ = reaching.reach(office, officer, reference)
    except NotFound:
        return None
    return case.id


def told(office: Office, officer: Officer, found: Sequence[Any]) -> tuple[Line, ...]:
    """Lines as somebody is told them: no reference where they open no case."""
    opens = walls.opens_cases(officer)
    return tuple(
        Line(
            on=office.today(row.at),
            at=None if row.actor == BY_DAY else row.at,
            who=row.name or NOT_PEOPLE.get(row.actor, row.actor),
            act=journal.in_words(row.act),
            reference=row.reference if opens else None,
            case_id=row.case_id,
        )
        for row in found
    )


def _next(found: Sequence[Any], place: Place | None) -> Place:
    at = found[PAGE - 1].at
    passed = sum(row.at == at for row in found[:PAGE])
    return Place(at, passed + (place.passed if place and place.at == at else 0))


def names(session: AnySession) -> dict[str, str]:
    """Who the accounts are, and the others of whom lines tell."""
    return {**NOT_PEOPLE, **dict(session.execute(select(Staff.id, Staff.name)).all())}

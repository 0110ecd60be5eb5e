"""Absences: from when to when somebody is away, and who stands in.

The cover belongs to the same vault, so that they can open what they are told of; somebody whose role has no vault is
covered by another of the same role. What follows from an absence stands in `custody.away` and `notices`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import aliased

from intake.database import reading, writing
from intake.models import Absence, Staff
from intake.services.ground import custody, journal, notices
from intake.services.ground.office import AnySession, Office
from intake.services.ground.refusals import NotFound, Refused, needs
from intake.services.ground.roles import INVESTIGATOR, Officer, Right, role_of

LONGEST = timedelta(days=3 * 366)  # what is longer is a slip of the keyboard


@dataclass(frozen=True)
class Away:
    """Somebody is away, both days included; without a cover their managers are told."""

    staff_id: str
    first_day: date
    last_day: date
    cover_id: str | None
    cover_name: str | None

    def is_on(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day


@dataclass(frozen=True)
class Calendar:
    """What is entered of somebody from today on, and who may stand in for them, as id and name.

    `for_others`: the names of those for whom they stand in today.
    """

    staff_id: str
    name: str
    absences: tuple[Away, ...]
    covers: tuple[tuple[str, str], ...]
    for_others: tuple[str, ...]


def calendar(office: Office, officer: Officer, staff_id: str, *, now: datetime) -> Calendar:
    """Somebody's absences: one's own, or as a manager those of a colleague. Raises `NotFound`."""
    session, today = office.session, office.today(now)
    with reading(session):
        person = _person(session, officer, staff_id)
        covers = _may_cover(session, person)
        for_whom = custody.covering(session, person.id, today)[1:]
        names = session.scalars(select(Staff.name).where(Staff.id.in_(for_whom)).order_by(Staff.name))
        absences = tuple(_from(session, today, person.id))
        return Calendar(person.id, person.name, absences, tuple(covers.items()), tuple(names))


def team(office: Office, officer: Officer, *, now: datetime) -> dict[str, Away]:
    """Who is away today or next, for colleagues: each person's earliest absence that is not over."""
    today = office.today(now)
    with reading(office.session):
        found = [away for away in _from(office.session, today) if away.staff_id != officer.id]
    return {away.staff_id: away for away in reversed(found)}


def today(office: Office, *, now: datetime) -> dict[str, Away]:
    """Who is away today, whoever asks."""
    day = office.today(now)
    with reading(office.session):
        return {away.staff_id: away for away in _from(office.session, day) if away.is_on(day)}


def enter(
    office: Office,
    officer: Officer,
    staff_id: str,
    first: date,
    last: date,
    cover: str | None,
    *,
    now: datetime,
) -> None:
    """Enter an absence; the cover hears of it, without content. Raises `NotFound` and `Refused`."""
    session, today = office.session, office.today(now)
    with writing(session):
        person = _person(session, officer, staff_id)
        _check_days(first, last, today)
        if clash := _in(session, person.id, first, last):
            raise Refused(
                f"An absence {_told(clash)} is entered already. End that one first, or give other days."
            )
        if cover is not None:
            if cover not in _may_cover(session, person):
                raise Refused("That person cannot stand in: choose somebody from the list.")
            if clash := _in(session, cover, first, last):
                raise Refused(
                    f"Whoever you chose is away {_told(clash)}. Choose somebody else, or give other days."
                )
            notices.tell(office, cover, "stands-in", now=now)
        session.add(Absence(staff_id=person.id, first_day=first, last_day=last, cover_id=cover))
        told = {"staff": person.id, "first_day": str(first), "last_day": str(last), "cover": cover or ""}
        journal.append(session, at=now, actor=officer.id, act=journal.Act.ABSENCE_ENTERED, **told)


def end(office: Office, officer: Officer, staff_id: str, first: date, *, now: datetime) -> None:
    """Somebody is back, or does not go: the absence that begins on a day ends with yesterday, or is gone.

    Raises `NotFound` and `Refused`.
    """
    session, today = office.session, office.today(now)
    with writing(session):
        person = _person(session, officer, staff_id)
        absence = session.get(Absence, (person.id, first))
        if absence is None or absence.last_day < today:
            raise Refused("That absence is over, or was ended already.")
        if absence.first_day >= today:
            session.delete(absence)
        else:
            absence.last_day = today - timedelta(days=1)
        told = {"staff": person.id, "first_day": str(first)}
        journal.append(session, at=now, actor=officer.id, act=journal.Act.ABSENCE_ENDED, **told)


def _person(session: AnySession, officer: Officer, staff_id: str) -> Staff:
    """Whose absences they are. Raises `NotFound` for whoever's are not the officer's to enter."""
    needs(officer, Right.OWN_ACCOUNT if staff_id == officer.id else Right.ALLOCATE)
    person = session.get(Staff, staff_id)
    if person is None or not person.active:
        raise NotFound
    if staff_id != officer.id:
        theirs = custody.keyholders(session, *officer.role.beside)
        if not {officer.id, staff_id} <= theirs:
            raise NotFound
    return person


def _may_cover(session: AnySession, person: Staff) -> dict[str, str]:
    """Who may stand in for somebody: names by id, in the order of names."""
    beside = role_of(person.role).beside
    if person.role == INVESTIGATOR:  # nobody finds what was given to one person by name
        return {}
    who: ColumnElement[bool]
    if beside:
        who = Staff.id.in_(custody.keyholders(session, *beside))
    else:
        who = and_(Staff.role == person.role, Staff.active, Staff.joined_at.is_not(None))
    query = select(Staff.id, Staff.name).where(who, Staff.id != person.id).order_by(Staff.name)
    return dict(session.execute(query).all())


def _from(session: AnySession, today: date, staff_id: str | None = None) -> list[Away]:
    cover = aliased(Staff)
    query = select(Absence, cover.name).outerjoin(cover, cover.id == Absence.cover_id)
    query = query.where(Absence.last_day >= today).order_by(Absence.first_day)
    if staff_id is not None:
        query = query.where(Absence.staff_id == staff_id)
    return [
        Away(row.staff_id, row.first_day, row.last_day, row.cover_id, name)
        for row, name in session.execute(query)
    ]


def _in(session: AnySession, staff_id: str, first: date, last: date) -> Absence | None:
    """An absence of somebody that shares a day with these."""
    shares = (Absence.staff_id == staff_id, Absence.first_day <= last, Absence.last_day >= first)
    return session.scalars(select(Absence).where(*shares).order_by(Absence.first_day)).first()


def _check_days(first: date, last: date, today: date) -> None:
    if first < today:
        raise Refused("The first day has passed. Give today or a later day.")
    if last < first:
        raise Refused("The last day comes before the first.")
    if last - first > LONGEST:
        raise Refused("That is longer than three years. Check the years.")


def _told(absence: Absence) -> str:
    return f"from {absence.first_day:%-d %B %Y} to {absence.last_day:%-d %B %Y}"

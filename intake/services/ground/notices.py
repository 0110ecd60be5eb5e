"""Notices: content-free e-mail to officers, queued in the act's own commit and sent later (`sending`).

A notice says that something waits and where to sign in. It never says what, who or which words; news of
arrivals do not even name a case, and one that is still waiting to be sent stands for all.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import cast

from sqlalchemy import ColumnElement, Select, Table, bindparam, exists, func, insert, select

from intake.database import plainly, reading, take_turn
from intake.models import Grant, Notice, Staff

from . import custody
from .office import Office
from .roles import Right, role_of

OF_A_CASE = ("due", "late")
# Sent at fixed times of the day, for their own would be that of an arrival.
OF_ARRIVALS = ("news", "aside", "unattended")
_WAITS = select(Notice).where(
    Notice.staff_id == bindparam("staff"),
    Notice.case_id == bindparam("case"),
    Notice.kind.in_(OF_A_CASE),
    Notice.state == "queued",
)


@dataclass(frozen=True)
class Post:
    """How the notices stand: none is ever lost without being counted here. `faults`: what was ours, in sentences."""

    queued: int
    sent: int
    failed: int
    faults: Counter[str] = field(default_factory=Counter)


def tell_vaults_of_news(office: Office, vaults: Iterable[str], *, now: datetime, kind: str = "news") -> None:
    """Queue "something new has arrived" to each member of some vaults, inside the caller's transaction.

    `kind` is "aside" for what arrived beyond the hour's budget: one such notice a person and day is enough. Where the
    vault has no member, somebody outside hears that it needs one.
    """
    of = tuple(sorted(vaults))
    asked, today = _members_told(of, kind), {"today": office.today(now)}
    connection = plainly(office.session)
    members = connection.execute(asked, today).fetchall()
    waits_for_all = members and all(told for _, told in members)
    if not waits_for_all and take_turn(office.session, "news"):  # who sends beside us tells the same people
        members = connection.execute(asked, today).fetchall()
    if rows := [_row(office, staff_id, kind, now) for staff_id, told in members if not told]:
        office.session.execute(insert(cast(Table, Notice.__table__)), rows)
    if not members:
        tell_outside(office, *of, now=now)


def tell_keyholders_of_news(office: Office, keyholders: Iterable[str], *, now: datetime) -> None:
    """The same to everybody who holds a case: the members of vaults, and whoever has it by name."""
    persons = []
    for keyholder in keyholders:
        kind, _, who = keyholder.partition(":")
        if kind == "vault":
            tell_vaults_of_news(office, [who], now=now)
        else:
            persons.append(who)
    if persons:
        query = select(Staff.id).where(Staff.id.in_(persons), Staff.active).order_by(Staff.id)
        for staff_id in office.session.scalars(query).all():
            tell(office, staff_id, "news", now=now)


@cache
def _members_told(vaults: tuple[str, ...], kind: str) -> Select[str, bool]:
    """The members of some vaults, each with whether a notice of this kind waits for them; of "aside", whether one was
    queued today. Asked with every send, so written once.
    """
    same = exists().where(Notice.staff_id == Staff.id, Notice.kind == kind)
    told: ColumnElement[bool] = same.where(Notice.state == "queued")
    if kind == "aside":
        told |= same.where(Notice.queued_on == bindparam("today"))
    return custody.members(*vaults).add_columns(told)


def tell_outside(office: Office, *vaults: str, now: datetime) -> list[str]:
    """Queue "nobody can open a vault" to those outside it. Names no case. Returns whom it tells."""
    people = sorted(custody.outsiders(office.session, *vaults))
    for staff_id in people:
        tell(office, staff_id, "unattended", now=now)
    return people


def tell(office: Office, staff_id: str, kind: str, *, now: datetime) -> None:
    """Queue a notice that names no case, inside the caller's transaction; one that still waits stands for all."""
    session = office.session
    same = (Notice.staff_id == staff_id, Notice.kind == kind, Notice.state == "queued")
    if not session.scalar(select(Notice.id).where(*same).limit(1)):
        session.add(_queued(office, staff_id, kind, now))


def tell_of_case(office: Office, staff_id: str, kind: str, case_id: str | None, *, now: datetime) -> None:
    """Queue a notice that belongs to a case, and goes with it; it says no more than one that names none."""
    office.session.add(Notice(**_row(office, staff_id, kind, now), case_id=case_id))


def tell_who_is_there(
    office: Office, staff_id: str, kind: str, *, readers: Collection[str], now: datetime
) -> None:
    """Queue a notice of cases that came to somebody; where they are away, whoever stands in hears that some did."""
    for person in at_work(office, [staff_id], readers, now=now):
        tell(office, person, kind if person == staff_id else "covered", now=now)


def at_work(office: Office, people: Iterable[str], readers: Collection[str], *, now: datetime) -> list[str]:
    """Whom to tell, of some people: instead of one who is away whoever stands in, or else the managers who are there
    and may read the case. Nobody is told whom the case is not for, and never nobody at all.
    """
    people, session = set(people), office.session
    away = custody.away(session, office.today(now))
    if not people & away.keys():
        return sorted(people)
    roles = dict(
        session.execute(select(Staff.id, Staff.role).where(Staff.id.in_({*people, *readers, *away}))).all()
    )
    covers = {person: custody.stands_in(person, away) for person in people}
    told = {cover for person, cover in covers.items() if cover and _may_know(person, cover, roles, readers)}
    if any(cover is None or cover not in told for cover in covers.values()):
        told |= {
            one for one in readers if one not in away and role_of(roles.get(one, "")).may(Right.ALLOCATE)
        }
    return sorted(told or set(readers) - away.keys() or people)


def _may_know(person: str, cover: str, roles: Mapping[str, str], readers: Collection[str]) -> bool:
    """Whether a cover may be told of a case of which somebody is: they read it, or have the same role without keys."""
    without_keys = role_of(roles.get(person, "")).vault is None
    return cover == person or cover in readers or (without_keys and roles.get(cover) == roles.get(person))


def tell_of_date(
    office: Office,
    staff_id: str,
    *,
    case: str,
    deadline: str,
    due: date,
    step: str,
    late: bool,
    now: datetime,
) -> None:
    """Queue a notice of a date that comes or has passed, inside the caller's transaction.

    One that still waits for the same person and case becomes this one: its words are made when it goes out, of
    every date that is open by then, up to the furthest that anybody wanted to tell.
    """
    session = office.session
    waiting = session.scalar(_WAITS, {"staff": staff_id, "case": case})
    if waiting is None:
        waiting = _queued(office, staff_id, "due", now)
        waiting.case_id = case
        session.add(waiting)
    if late:
        waiting.kind = "late"
    waiting.deadline, waiting.step, waiting.due = deadline, step, max(waiting.due or due, due)


def _queued(office: Office, staff_id: str, kind: str, now: datetime) -> Notice:
    return Notice(**_row(office, staff_id, kind, now))


def _row(office: Office, staff_id: str, kind: str, now: datetime) -> dict[str, object]:
    return {
        "id": uuid.uuid4().hex,
        "staff_id": staff_id,
        "kind": kind,
        "state": "queued",
        "queued_on": office.today(now),
        "tries": 0,
    }


def post(office: Office, vaults: Collection[str] | None = None) -> Post:
    """How many notices wait, went out and were given up; of some vaults' members alone, where they are named."""
    query = select(Notice.state, func.count()).group_by(Notice.state)
    if vaults is not None:
        members = select(Grant.staff_id).where(Grant.vault_id.in_(vaults))
        query = query.where(Notice.staff_id.in_(members))
    with reading(office.session):
        numbers = dict(office.session.execute(query).all())
    return Post(
        numbers.get("queued", 0) + numbers.get("sending", 0), numbers.get("sent", 0), numbers.get("failed", 0)
    )

"""What is late, for a senior officer who opens no case: how long, at which level, with whom, by directorate.

It is read from clear facts. No reference stands in it and no word of a case; of concerns nothing at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from intake.counts.places import DIRECTORATE, Tree
from intake.database import reading
from intake.models import Case, Staff
from intake.procedures.definitions import NoVersion
from intake.services.cases import concerns, places
from intake.services.ground import custody
from intake.services.ground.office import Office
from intake.services.ground.refusals import needs
from intake.services.ground.roles import Officer, Right

MOST = 500  # of the longest late; whoever has more late reads no list of them
NO_DIRECTORATE = "No directorate given"
HIGHEST = 4  # the level at which a senior officer is told


@dataclass(frozen=True)
class Late:
    """One date that has passed. `days`: working days; `who`: the handler's name, empty for nobody."""

    what: str
    owed: str
    due: date
    days: int
    level: int
    who: str
    away: bool
    gone: bool  # the handler's account is switched off


@dataclass(frozen=True)
class OfDirectorate:
    """What is late in one directorate, the longest first."""

    name: str
    late: tuple[Late, ...]

    @property
    def longest(self) -> int:
        return max(one.days for one in self.late)

    @property
    def at_the_top(self) -> int:
        return sum(one.level >= HIGHEST for one in self.late)

    @property
    def with_nobody(self) -> int:
        return sum(not one.who or one.gone for one in self.late)


@dataclass(frozen=True)
class Lateness:
    """Every directorate in which something is late. `more`: there is more than the `MOST` that are told."""

    directorates: tuple[OfDirectorate, ...]
    number: int
    more: bool


def lateness(office: Office, officer: Officer, *, now: datetime) -> Lateness:
    """What is late today. Raises `NotFound` for a role that is not told."""
    needs(officer, Right.OVERSEE)
    session, today = office.session, office.today(now)
    procedures = concerns.none_of_them(office.catalogue)
    with reading(session):
        tree, away = places.tree_of(session), custody.away(session, today)
        found = session.execute(
            select(Case, Staff.name, Staff.active)
            .outerjoin(Staff, Staff.id == Case.handler_id)
            .where(Case.reader.in_({*procedures.values(), concerns.NO_VAULT}), Case.procedure.in_(procedures))
            .where(Case.closed_on.is_(None), Case.answered_on.is_(None), Case.list_day < today)
            .order_by(Case.list_day, Case.reference)
            .limit(MOST + 1)
        ).all()
        by_name: dict[str, list[Late]] = {}
        for case, who, active in found[:MOST]:
            late = _late(office, case, who or "", today, away=case.handler_id in away, gone=active is False)
            by_name.setdefault(_directorate(tree, case.place_id, today), []).append(late)
    told = (OfDirectorate(name, tuple(late)) for name, late in by_name.items())
    ordered = sorted(told, key=lambda one: (one.name == NO_DIRECTORATE, one.name.casefold()))
    return Lateness(tuple(ordered), min(len(found), MOST), len(found) > MOST)


def _late(office: Office, case: Case, who: str, today: date, *, away: bool, gone: bool) -> Late:
    procedure = office.catalogue[case.procedure]
    try:
        owed = procedure.version(case.version).limit(case.next_deadline or "").label
    except (KeyError, NoVersion):
        owed = "A date"
    days = office.calendar.between(case.list_day, today)
    return Late(procedure.name, owed, case.list_day, days, case.escalation, who, away, gone)


def _directorate(tree: Tree, place: str | None, today: date) -> str:
    line = tree.line(place, today)
    return line[0].name if line and line[0].kind == DIRECTORATE else NO_DIRECTORATE

"""Who has how much: the open cases of each officer, and how long cases waited until somebody had them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from intake.database import reading
from intake.models import Case, Staff, StageReceipt
from intake.procedures.offices import circles
from intake.services.cases.reaching import among_theirs, vaults_in
from intake.services.ground import custody, sealing
from intake.services.ground.office import AnySession, Office
from intake.services.ground.refusals import needs
from intake.services.ground.roles import Officer, Right

from .views import SOON, holding

LOOKED_BACK = 90  # calendar days of receipts, for the time to allocate


@dataclass
class Load:
    """What one officer has; of nobody, `handler` is empty. `by_procedure`: how many are open, by procedure."""

    handler: str
    name: str
    active: bool = True
    open: int = 0
    due: int = 0
    overdue: int = 0
    by_procedure: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Waited:
    """Working days from receipt to the first officer, of what was received since a day; None where none was given."""

    since: date
    given: int
    average: float | None
    longest: int | None


@dataclass(frozen=True)
class Loads:
    """The page: everybody who can be given a case, whoever has one, and what nobody has yet."""

    officers: tuple[Load, ...]
    nobody: Load
    waited: Waited


def loads(office: Office, officer: Officer, *, now: datetime) -> Loads:
    """The load of each officer of the vault, from the index of open cases alone."""
    needs(officer, Right.ALLOCATE)
    today, session = office.today(now), office.session
    with reading(session):
        pairs = sealing.pairs_of(session, officer)
        people = {"": Load("", "Nobody yet")}
        counted = list(_counted(session, pairs, officer, today, office.calendar.nth_after(today, SOON)))
        for who in _people(session, officer, {row[0] for row in counted if row[0]}):
            people[who.handler] = who
        for handler, procedure, is_open, due, overdue in counted:
            load, name = people[handler or ""], office.catalogue[procedure].name
            load.open, load.due, load.overdue = load.open + is_open, load.due + due, load.overdue + overdue
            load.by_procedure[name] = load.by_procedure.get(name, 0) + is_open
        waited = _waited(session, vaults_in(pairs), today)
    nobody = people.pop("")
    return Loads(tuple(sorted(people.values(), key=lambda one: one.name.casefold())), nobody, waited)


def _counted(
    session: AnySession, pairs: Iterable[str], officer: Officer, today: date, soon: date
) -> Iterable[tuple[str | None, str, int, int, int]]:
    """For each handler and procedure: how many are open, due and overdue, as the lists of those names hold them."""
    views = holding((officer.id,), today, soon)

    def of(view: str) -> ColumnElement[int]:
        return func.sum(case((views[view], 1), else_=0))

    asked = select(Case.handler_id, Case.procedure, of("open"), of("due"), of("overdue")).where(
        Case.closed_on.is_(None), Case.answered_on.is_(None)
    )
    for query in among_theirs(list(pairs), asked, found=False):
        yield from session.execute(query.group_by(Case.handler_id, Case.procedure))


def _people(session: AnySession, officer: Officer, handlers: set[str]) -> list[Load]:
    """Whoever can be given a case, and whoever has one, also where their account is switched off by now."""
    members = custody.members(*officer.role.beside)
    asked = select(Staff.id, Staff.name, Staff.active).where(
        or_(Staff.id.in_(members), Staff.id.in_(handlers))
    )
    return [Load(one, name, active) for one, name, active in session.execute(asked)]


def _waited(session: AnySession, vaults: list[str], today: date) -> Waited:
    since = today - timedelta(days=LOOKED_BACK)
    given, average, longest = session.execute(
        select(func.count(), func.avg(StageReceipt.allocated_in), func.max(StageReceipt.allocated_in)).where(
            and_(
                StageReceipt.received_on >= since,
                StageReceipt.reader.in_(circles(vaults)),
                StageReceipt.allocated_in.is_not(None),
            )
        )
    ).one()
    return Waited(since, given, None if average is None else float(average), longest)

"""The tick: steps that fall due are taken, each once, and the case moves up the chain.

Nothing here holds a key: the tick reads clear facts and queues content-free notices.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select, update

from intake.database import reading, writing
from intake.models import Case, Staff, StepRow
from intake.procedures.definitions import Step

from . import custody, journal, notifying, sealing, timekeeping
from .access import ROLES
from .office import Office

AT_A_TIME = 50
CLOCKS_APART = timedelta(minutes=5)  # machines that share a database may differ by so much


@dataclass(frozen=True)
class Taken:
    """One step as it was taken."""

    reference: str
    deadline: str
    due: date
    falls_on: date
    level: int
    told: int
    late: bool


@dataclass
class Tick:
    """What one run did."""

    taken: list[Taken] = field(default_factory=list)


def run(office: Office, *, now: datetime) -> Tick:
    """Take every step that has fallen due, in the order of their days; a tick that slept catches up and says late."""
    tick = Tick()
    _take_back(office, now)
    while taken := _take_some(office, now):
        tick.taken += taken
    return tick


def _take_some(office: Office, now: datetime) -> list[Taken]:
    session, today = office.session, office.today(now)
    with writing(session):
        waiting = session.scalars(
            select(StepRow)
            .join(Case, Case.id == StepRow.case_id)
            .where(
                StepRow.taken_at.is_(None),
                StepRow.falls_on <= today,
                # What a reporter set off today waits for midnight: its moment would be that of an arrival.
                or_(Case.journalled, Case.received_on != today),
                or_(Case.holder_wrote_on.is_(None), Case.holder_wrote_on != today),
            )
            .order_by(StepRow.falls_on, StepRow.case_id, StepRow.deadline, StepRow.step)
            .limit(AT_A_TIME)
            .with_for_update(skip_locked=True)
        ).all()
        return [_take(office, row, now, today) for row in waiting if _claim(session, row, now)]


def _take_back(office: Office, now: datetime) -> None:
    """Open again what falls on today or before and was taken at a moment still to come, by a clock that ran ahead.

    Not before its own day: a clock that only slips back for a moment must fire nothing twice.
    """
    session = office.session
    ahead = (StepRow.taken_at > now + CLOCKS_APART, StepRow.falls_on <= office.today(now))
    with reading(session):
        if session.scalar(select(StepRow.case_id).where(*ahead).limit(1)) is None:
            return
    with writing(session):
        rows = session.scalars(select(StepRow).where(*ahead)).all()
        for row in rows:
            row.taken_at = None
        for case_id in sorted({row.case_id for row in rows}):
            timekeeping.rework(
                office, session.get(Case, case_id)
            )  # what was answered meanwhile does not come back
            journal.append(session, at=now, actor="tick", act="steps-taken-back", case_id=case_id)


def _claim(session, row: StepRow, now: datetime) -> bool:
    """True for the one who gets the step."""
    key = (row.case_id, row.deadline, row.step, row.due)
    names = (StepRow.case_id, StepRow.deadline, StepRow.step, StepRow.due)
    claimed = session.execute(
        update(StepRow)
        .where(StepRow.taken_at.is_(None), *(name == value for name, value in zip(names, key, strict=True)))
        .values(taken_at=now)
        .execution_options(synchronize_session=False)
    )
    return claimed.rowcount == 1


def _take(office: Office, row: StepRow, now: datetime, today: date) -> Taken:
    session = office.session
    case = session.get(Case, row.case_id)
    limit = office.catalogue[case.procedure].version(case.version).limit(row.deadline)
    rung = next(step for step in limit.steps if step.id == row.step)
    case.escalation = max(case.escalation, rung.level)
    late = row.falls_on < today
    people = recipients(session, case, rung)
    for staff_id in people:
        notifying.tell_of_date(
            office,
            staff_id,
            case=case.id,
            deadline=row.deadline,
            due=row.due,
            step=row.step,
            late=today > row.due,
            now=now,
        )
    if not people:
        people = notifying.tell_outside(office, *sealing.vaults_of(session, case.id), now=now)
    journal.append(
        session,
        at=now,
        actor="tick",
        act="step-taken",
        case_id=case.id,
        deadline=row.deadline,
        due=row.due,
        step=row.step,
        level=rung.level,
        told=people,
        late=late,
    )
    return Taken(case.reference, row.deadline, row.due, row.falls_on, rung.level, len(people), late)


def recipients(session, case: Case, step: Step) -> list[str]:
    """Who is told: the handler, or all of a role who may know of the case.

    A case sealed to another vault than its procedure's (a concern about its usual reader) tells that vault's
    members alone. A step to a handler where none is allocated goes to everybody who can read the case. Empty
    where nobody can.
    """
    readers = custody.keyholders(session, *sealing.vaults_of(session, case.id))
    if step.to == "handler":
        chosen = {case.handler_id} & readers
    else:
        people = select(Staff.id).where(Staff.role == step.to, Staff.active, Staff.joined_at.is_not(None))
        chosen = set(session.scalars(people))
        if ROLES[step.to].vault is not None:
            chosen &= readers
    return sorted(chosen or readers)

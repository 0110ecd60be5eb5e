"""The tick: steps that fall due are taken, each once, and the case moves up the chain.

Nothing here holds a key: the tick reads clear facts and queues content-free notices. A step that cannot be taken keeps
no other one waiting: it is told, and tried again by the next tick.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, exists, or_, select, tuple_, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from intake.database import NotStored, reading, writing
from intake.models import Case, Staff, StepRow
from intake.procedures.definitions import ROLES as TOLD_BY_RULE
from intake.procedures.definitions import NoVersion, Step
from intake.services.cases import reaching, timekeeping
from intake.services.ground import journal, notices, sealing
from intake.services.ground.office import AnySession, Office
from intake.services.ground.roles import ROLES

from . import faults

AT_A_TIME = 50
WRITES_FOR_SECONDS = 0.1  # then whoever waits has their turn
RESTS = 9  # times as long as it wrote: so they send nine tenths of what they would send without it
IN_ORDER = (StepRow.falls_on, StepRow.case_id, StepRow.deadline, StepRow.step, StepRow.due)
Place = tuple[date, str, str, str, date]  # of a step, in this order
Conditions = tuple[ColumnElement[bool], ...]
OF_A_STEP = (StepRow.case_id, StepRow.deadline, StepRow.step, StepRow.due)
_CLAIM = (
    update(StepRow)
    .where(StepRow.taken_at.is_(None), *(column == bindparam(f"of_{column.key}") for column in OF_A_STEP))
    .values(taken_at=bindparam("now"))
)
UNKNOWN_STEP = (
    "A step was taken that the rules of its case do not know: its file or its row was changed. All whom it names, or "
    "else all readers of the case, were told that a date is due. `intake check` names what is missing."
)
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
    """What one run did. `faults`: what could not be done, in sentences, and how often."""

    taken: list[Taken] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)


def run(office: Office, *, now: datetime, alone: bool = False) -> Tick:
    """Take every step that has fallen due, in the order of their days; a tick that slept catches up and says late.

    When many are due it leaves most of the time to whoever sends; `alone`: nobody does.
    """
    tick, last = Tick(), None
    with reading(office.session):
        ran_ahead, due = office.session.execute(
            select(
                exists().where(*_taken_ahead(office, now)),
                exists().where(StepRow.taken_at.is_(None), StepRow.falls_on <= office.today(now)),
            )
        ).one()
    if ran_ahead:
        _take_back(office, now, tick)
    if due or ran_ahead:  # else nobody who sends waits for a look at nothing
        began = time.monotonic()
        while last := _take_some(office, now, tick, after=last):
            if not alone:
                time.sleep(RESTS * (time.monotonic() - began))
            began = time.monotonic()
    return tick


def _take_some(office: Office, now: datetime, tick: Tick, *, after: Place | None) -> Place | None:
    """Take the next few, those after the place that is given. Returns the place of the last; None where none follow.

    So few that nobody who sends waits long for the lock.
    By place, and not by what is still open: a step that cannot be taken would be the first again, for ever.
    """
    session, today = office.session, office.today(now)
    done = 0
    taken: list[Taken] = []
    met: Counter[str] = Counter()
    with writing(session):
        until = time.monotonic() + WRITES_FOR_SECONDS
        waiting = session.execute(
            select(StepRow, Case)
            .join(Case, Case.id == StepRow.case_id)
            .where(
                StepRow.taken_at.is_(None),
                StepRow.falls_on <= today,
                # What a reporter set off today waits for midnight: its moment would be that of an arrival.
                or_(Case.journalled, Case.received_on != today),
                or_(Case.holder_wrote_on.is_(None), Case.holder_wrote_on != today),
                *((tuple_(*IN_ORDER) > tuple_(*after),) if after else ()),
            )
            .order_by(*IN_ORDER)
            .limit(AT_A_TIME)
            .with_for_update(skip_locked=True, of=StepRow)
        ).all()
        places = [(row.falls_on, row.case_id, row.deadline, row.step, row.due) for row, _ in waiting]
        for row, case in waiting:
            with _by_itself(session, "A step could not be taken", met):
                if _claim(session, row, now):
                    taken.append(_take(office, row, case, now, today, met))
            done += 1
            if time.monotonic() >= until:
                break
    tick.taken += taken
    tick.faults += met
    return places[done - 1] if done and (done < len(places) or len(places) == AT_A_TIME) else None


@contextmanager
def _by_itself(session: AnySession, doing: str, met: Counter[str]) -> Iterator[None]:
    """All of the block or nothing of it; what it raises is noted. A database that keeps nothing ends the whole."""
    try:
        with session.begin_nested():
            yield
    except IntegrityError as error:
        met[faults.told(doing, error)] += 1
    except (DBAPIError, NotStored):
        raise
    except Exception as error:  # whatever it is: others wait behind it
        met[faults.told(doing, error)] += 1


def _take_back(office: Office, now: datetime, tick: Tick) -> None:
    """Open again what falls on today or before and was taken at a moment still to come, by a clock that ran ahead.

    Not before its own day: a clock that only slips back for a moment must fire nothing twice.
    """
    session, ahead = office.session, _taken_ahead(office, now)
    with writing(session):
        for case_id in session.scalars(select(StepRow.case_id).where(*ahead).distinct()).all():
            with _by_itself(session, "Steps that a wrong clock took could not be taken back", tick.faults):
                for row in session.scalars(select(StepRow).where(*ahead, StepRow.case_id == case_id)):
                    row.taken_at = None
                # What was answered meanwhile does not come back.
                timekeeping.rework(office, session.get_one(Case, case_id))
                journal.append(
                    session, at=now, actor="tick", act=journal.Act.STEPS_TAKEN_BACK, case_id=case_id
                )


def _taken_ahead(office: Office, now: datetime) -> Conditions:
    return StepRow.taken_at > now + CLOCKS_APART, StepRow.falls_on <= office.today(now)


def _claim(session: AnySession, row: StepRow, now: datetime) -> bool:
    """True for the one who gets the step."""
    key = {f"of_{column.key}": getattr(row, column.key) for column in OF_A_STEP}
    return session.connection().execute(_CLAIM, key | {"now": now}).rowcount == 1


def _take(office: Office, row: StepRow, case: Case, now: datetime, today: date, met: Counter[str]) -> Taken:
    session = office.session
    rung = _rung(office, case, row)
    if rung is None:
        met[UNKNOWN_STEP] += 1
        rung = _rung_by_its_name(office, case, row)
    timekeeping.climb(case, rung.level)
    late = row.falls_on < today
    people = recipients(session, case, rung)
    if people:
        people = notices.at_work(office, people, reaching.readers(session, case.id), now=now)
    for staff_id in people:
        notices.tell_of_date(
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
        people = notices.tell_outside(office, *_vaults(office, case), now=now)
    journal.append(
        session,
        at=now,
        actor="tick",
        act=journal.Act.STEP_TAKEN,
        case_id=case.id,
        deadline=row.deadline,
        due=row.due,
        step=row.step,
        level=rung.level,
        told=people,
        late=late,
    )
    return Taken(case.reference, row.deadline, row.due, row.falls_on, rung.level, len(people), late)


def _vaults(office: Office, case: Case) -> list[str]:
    """Where a case lies; of one that persons alone hold, where it came in."""
    held = sealing.vaults_of(office.session, case.id)
    known = case.procedure in office.catalogue
    return held or ([office.catalogue[case.procedure].reader] if known else [])


def _rung(office: Office, case: Case, row: StepRow) -> Step | None:
    """The step by the rules that the case keeps; None where they do not know it."""
    try:
        limit = office.catalogue[case.procedure].version(case.version).limit(row.deadline)
    except (KeyError, NoVersion):
        return None
    return next((rung for rung in limit.steps if rung.id == row.step), None)


def _rung_by_its_name(office: Office, case: Case, row: StepRow) -> Step:
    """Whom a step names that no rule knows, where the procedure may tell them at all; else nobody by name."""
    known = case.procedure in office.catalogue
    may_be_told = TOLD_BY_RULE[office.catalogue[case.procedure].reader] if known else frozenset()
    to = row.step.partition(":")[2]
    return Step(0, to if to in may_be_told else "", case.escalation)


def recipients(session: AnySession, case: Case, step: Step) -> list[str]:
    """Who is told: the handler, or all of a role who may know of the case.

    A case sealed to another vault than its procedure's (a concern about its usual reader) tells that vault's
    members alone. A step to a handler where none is allocated, or to nobody by name, goes to everybody who can read
    the case. Empty where nobody can.
    """
    readers = reaching.readers(session, case.id)
    if step.to == "handler":
        chosen = {case.handler_id or ""} & readers
    elif step.to not in ROLES:
        chosen = set()
    else:
        people = select(Staff.id).where(Staff.role == step.to, Staff.active, Staff.joined_at.is_not(None))
        chosen = set(session.scalars(people))
        if ROLES[step.to].vault is not None:
            chosen &= readers
    return sorted(chosen or readers)

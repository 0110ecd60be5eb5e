"""Days of an inquiry's steps and actions that have come: told to the handler, and then to somebody else who may know.

Only whoever can open the case is ever told, so nobody whom it was kept from. Where that would be nobody, somebody
outside the vault hears that it needs one, without a case being named.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from sqlalchemy import select, update

from intake.database import reading, writing
from intake.models import Case, InquiryDate
from intake.procedures.definitions import Step
from intake.services.cases import reaching
from intake.services.ground import journal, notices, sealing
from intake.services.ground.office import Office

from . import escalation, faults

DEADLINE = "inquiry"  # what journal and notices call such a day: no limit of a procedure
ON_THE_DAY = Step(0, "handler", 1)
AFTER_IT = Step(1, "monitoring-officer", 2)  # or of whichever vault holds the case


def run(office: Office, *, now: datetime) -> Counter[str]:
    """Tell each day once at each level. Returns what could not be done, in sentences, and how often."""
    session, today, met = office.session, office.today(now), Counter[str]()
    with reading(session):
        asked = (
            select(InquiryDate.case_id, InquiryDate.number, InquiryDate.due, InquiryDate.told)
            .where(InquiryDate.due <= today, InquiryDate.told < AFTER_IT.level)
            .order_by(InquiryDate.due, InquiryDate.case_id, InquiryDate.number)
        )
        waiting = session.execute(asked).all()
    for case_id, number, due, told in waiting:
        for step in (ON_THE_DAY, AFTER_IT):
            if step.level > told and office.calendar.nth_after(due, step.days) <= today:
                try:
                    _take(office, case_id, number, due, step, now)
                except Exception as error:  # whatever it is: others wait behind it
                    met[faults.told("A date of an inquiry could not be told", error)] += 1
    return met


def _take(office: Office, case_id: str, number: int, due: date, step: Step, now: datetime) -> None:
    session = office.session
    with writing(session):
        claimed = (
            update(InquiryDate)
            .where(InquiryDate.case_id == case_id, InquiryDate.number == number, InquiryDate.due == due)
            .where(InquiryDate.told == step.level - 1)
            .values(told=step.level)
        )
        if session.connection().execute(claimed).rowcount != 1:
            return  # another tick was first, or it was settled meanwhile
        case = session.get_one(Case, case_id)
        readers = reaching.readers(session, case.id)
        people = _to_tell(office, case, step, readers)
        if people:
            people = notices.at_work(office, people, readers, now=now)
        for staff_id in people:
            notices.tell_of_date(
                office,
                staff_id,
                case=case.id,
                deadline=DEADLINE,
                due=due,
                step=step.id,
                late=office.today(now) > due,
                now=now,
            )
        if not people:
            people = notices.tell_outside(office, *sealing.vaults_of(session, case.id), now=now)
        journal.append(
            session,
            at=now,
            actor="tick",
            act=journal.Act.STEP_TAKEN,
            case_id=case.id,
            deadline=DEADLINE,
            due=due,
            step=step.id,
            level=step.level,
            told=people,
            late=office.today(now) > due,
        )


def _to_tell(office: Office, case: Case, step: Step, readers: set[str]) -> list[str]:
    """Whom a step tells; once its day has passed somebody besides the handler, wherever there is one."""
    people = escalation.recipients(office.session, case, step)
    if step is ON_THE_DAY:
        return people
    return sorted({*people} - {case.handler_id}) or sorted(readers - {case.handler_id}) or people

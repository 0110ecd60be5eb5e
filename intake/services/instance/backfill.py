"""After an upgrade: receipts that an earlier version wrote are stated anew, by the rules, from their cases."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from intake.database import reading, writing
from intake.models import Case, JournalLine, StageReceipt
from intake.procedures.clock import local_date
from intake.services.cases import timekeeping
from intake.services.ground import journal
from intake.services.ground.office import AnySession, Office

AT_ONCE = 200  # cases in one transaction, so that nobody who writes has to wait for long


def restate(office: Office) -> int:
    """State every receipt that has no channel yet. Returns the number of cases; interrupted, run it again."""
    session, stated, last = office.session, 0, ""
    missing = select(StageReceipt.case_id).where(StageReceipt.channel == "").distinct()
    while True:
        with reading(session):
            after = missing.where(StageReceipt.case_id > last).order_by(StageReceipt.case_id)
            waiting = session.scalars(after.limit(AT_ONCE)).all()
        if not waiting:
            return stated
        with writing(session):
            for case in session.scalars(select(Case).where(Case.id.in_(waiting))).all():
                timekeeping.restate(office, case, _first_allocated(session, case))
        session.expunge_all()
        stated, last = stated + len(waiting), waiting[-1]


def _first_allocated(session: AnySession, case: Case) -> date | None:
    moment = session.scalar(
        select(func.min(JournalLine.at)).where(
            JournalLine.case_id == case.id, JournalLine.act == journal.Act.ALLOCATED
        )
    )
    return local_date(moment) if moment else None

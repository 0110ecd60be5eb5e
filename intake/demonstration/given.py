"""Concerns of the demonstration that are held by name: one is given to an investigator, one kept from the deputy."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from intake.database import reading
from intake.models import Case, Staff
from intake.procedures.offices import circles
from intake.services.access import giving, parting, persons
from intake.services.ground.office import Office
from intake.services.ground.roles import INVESTIGATOR, Officer

WHY = "She knows payroll, and has nothing to do with the homes."
CONFLICT = "It names somebody of his family."
WEEKS = timedelta(weeks=6)


def some(office: Office, monitoring: Officer, deputy: Officer, *, now: datetime) -> None:
    """Give the oldest open concern to the investigator for six weeks, and declare a conflict in the next one."""
    with reading(office.session):
        people = office.session.scalars(select(Staff).where(Staff.role == INVESTIGATOR)).all()
        open_ones = (
            select(Case.reference, Case.revision)
            .where(Case.reader.in_(circles(monitoring.role.vaults)), Case.closed_on.is_(None))
            .order_by(Case.received_on, Case.id)
            .limit(2)
        )
        found = office.session.execute(open_ones).all()
        marks = {person.id: persons.mark_of(person) for person in people}
    if len(found) < 2 or not marks:
        return
    (first, its), (second, revision) = found
    until = office.today(now) + WEEKS
    for staff_id, mark in marks.items():
        giving.give(office, monitoring, first, staff_id, mark, WHY, until=until, revision=its, now=now)
        break
    parting.declare(
        office,
        monitoring,
        second,
        f"staff:{deputy.id}",
        CONFLICT,
        spare=True,
        revision=revision,
        now=now,
    )

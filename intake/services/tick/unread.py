"""A message of a concern's holder that nobody has read: told to those who read the case, then to the next who may know.

Both are told without a word of it, and those outside not even which case it is. Each once: what was told lies among the
notices. Worked out from the day alone on which the holder wrote; nothing is told on that day itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select

from intake.database import reading, writing
from intake.models import Case, Notice
from intake.services.cases import concerns, reaching
from intake.services.ground import custody, journal, notices, sealing
from intake.services.ground.office import Office

READERS, OUTSIDE = "unread", "unread-outside"


def tell(office: Office, *, now: datetime) -> int:
    """Tell of every message that has waited as long as the authority says, and of those that waited twice as long
    somebody outside too. Returns how many notices were queued.
    """
    today, days = office.today(now), office.settings.message_working_days
    found = _waiting(office, office.calendar.nth_before(today, days))
    return sum(_tell_of(office, case_id, wrote_on, now) for case_id, wrote_on in found)


def _waiting(office: Office, until: date) -> list[tuple[str, date]]:
    """Concerns with a message that nobody has read, of that day or before, and the day."""
    kinds = [procedure.id for procedure in office.catalogue if concerns.is_one(procedure)]
    asked = select(Case.id, Case.holder_wrote_on).where(
        Case.holder_wrote_on.is_not(None), Case.holder_wrote_on <= until, Case.procedure.in_(kinds)
    )
    with reading(office.session):
        return [(case_id, day) for case_id, day in office.session.execute(asked) if day]


def _tell_of(office: Office, case_id: str, wrote_on: date, now: datetime) -> int:
    session, today, days = office.session, office.today(now), office.settings.message_working_days
    first, second = (office.calendar.nth_after(wrote_on, days * times) for times in (1, 2))
    if today < first:
        return 0
    with writing(session):
        case = session.get(Case, case_id)
        if case is None or case.holder_wrote_on != wrote_on:  # it was read meanwhile
            return 0
        readers = reaching.readers(session, case_id)
        told = _queue(
            office, notices.at_work(office, readers, readers, now=now), READERS, case_id, first, now
        )
        if today >= second or not readers:
            outside = custody.outsiders(session, *sealing.vaults_of(session, case_id))
            told += _queue(office, outside, OUTSIDE, None, second if readers else first, now)
        if told:
            level = 2 if today >= second or not readers else 1
            told_of = {"level": level, "told": sorted(told)}
            journal.append(
                session, at=now, actor="tick", act=journal.Act.MESSAGE_WAITED, case_id=case_id, **told_of
            )
        return len(told)


def _queue(
    office: Office, people: Iterable[str], kind: str, case_id: str | None, since: date, now: datetime
) -> list[str]:
    """Queue a notice to whoever was not told since that day. Returns whom it tells."""
    before = select(Notice.staff_id).where(
        Notice.kind == kind,
        Notice.queued_on >= since,
        Notice.case_id == case_id if case_id else Notice.case_id.is_(None),
    )
    told = sorted(set(people) - set(office.session.scalars(before)))
    for staff_id in told:
        notices.tell_of_case(office, staff_id, kind, case_id, now=now)
    return told

"""What was given for a time ends: refused from the next request on, and taken away. It takes no key."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from intake.database import reading, writing
from intake.models import Envelope, Keyholder
from intake.services.ground import journal, sealing
from intake.services.ground.office import Office

TICK = "tick"


def end(office: Office, *, now: datetime, staff_id: str | None = None) -> int:
    """Take away every envelope whose time is over; of one person before each request of theirs. Returns how many ended.

    What the case key opens stays so for whoever kept it until the case gets fresh keys, which whoever holds it gives.
    """
    today, session = office.today(now), office.session
    over = select(Keyholder).where(Keyholder.until < today)
    if staff_id is not None:
        over = over.where(Keyholder.keyholder == f"staff:{staff_id}")
    with reading(session):
        if not session.scalar(over.with_only_columns(Keyholder.case_id).limit(1)):
            return 0
    with writing(session):
        rows = session.scalars(over.order_by(Keyholder.case_id, Keyholder.keyholder, Keyholder.scope)).all()
        for row in rows:
            theirs = [Envelope.case_id == row.case_id, Envelope.keyholder == row.keyholder]
            if row.scope == "identity":
                theirs.append(Envelope.scope.startswith("identity"))
            session.execute(delete(Envelope).where(*theirs))
            told = {"staff": row.keyholder.removeprefix("staff:"), "scope": sealing.whole_scope(row.scope)}
            journal.append(
                session, at=now, actor=TICK, act=journal.Act.TIME_ENDED, case_id=row.case_id, **told
            )
            session.delete(row)
    return len(rows)

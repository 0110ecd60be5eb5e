"""Who sent a concern: opened for a reason, and never unseen."""

from __future__ import annotations

from datetime import datetime

from intake.database import reading, writing
from intake.services.cases.reaching import reach, whole
from intake.services.cases.words import Answer, identity_of
from intake.services.ground import journal, sealing
from intake.services.ground.office import Office
from intake.services.ground.refusals import NotFound, needs
from intake.services.ground.roles import Officer, Right
from intake.services.people import signing_in


def open_identity(
    office: Office, officer: Officer, reference: str, reason: str, password: str, *, now: datetime
) -> tuple[Answer, ...]:
    """Who sent a concern. The reason is sealed with the case; that it was opened stands in the journal.

    The password is asked for again: a session left open is not enough. Raises `SignInRefused` or `NotFound`.
    """
    needs(officer, Right.OPEN_IDENTITIES)
    with reading(office.session):
        reach(office, officer, reference)
    signing_in.confirm(office, officer, password, now=now)
    with writing(office.session):
        file = whole(office, officer, reference)
        case, key, identity = file.case, file.key(), identity_of(file)
        if identity is None:
            raise NotFound
        on = office.today(now)
        content = {"act": "opened-identity", "text": reason}
        sealing.add_record(office.session, key, case, "reason", content, on=on, by=officer.id)
        journal.append(
            office.session, at=now, actor=officer.id, act=journal.Act.OPENED_IDENTITY, case_id=case.id
        )
    return identity

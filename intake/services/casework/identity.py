"""Who sent a concern: opened for a reason, and never unseen."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from intake.database import reading, writing
from intake.models import JournalLine
from intake.services.cases.reaching import reach, whole
from intake.services.cases.words import Answer, identity_of
from intake.services.ground import journal, sealing
from intake.services.ground.office import AnySession, Office
from intake.services.ground.press import press_of, was_pressed
from intake.services.ground.refusals import NotFound, Refused, needs
from intake.services.ground.roles import Officer, Right
from intake.services.people import signing_in

SAME_PRESS = timedelta(minutes=1)


class ShownOnce(Refused):
    """The page that showed it was loaded again; nothing was opened."""

    def __init__(self) -> None:
        super().__init__(
            "That page showed who it is once, and nothing was opened again. If you still need to know, give your "
            "password once more: that opening is recorded as well."
        )


def open_identity(
    office: Office,
    officer: Officer,
    reference: str,
    reason: str,
    password: str,
    *,
    token: str = "",
    now: datetime,
) -> tuple[Answer, ...]:
    """Who sent a concern. The reason is sealed with the case; that it was opened stands in the journal.

    The password is asked for again: a session left open is not enough. `token`: of the press, which opens once; a
    second click within a minute of the first one is the same press. Raises `SignInRefused`, `NotFound`, `ShownOnce`.
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
        press = press_of(case.id, token) if token else None
        if press and was_pressed(office.session, press):
            if now - _opened_last(office.session, officer, case.id) > SAME_PRESS:
                raise ShownOnce
            return identity
        on = office.today(now)
        content = {"act": "opened-identity", "text": reason}
        sealing.add_record(office.session, key, case, "reason", content, on=on, by=officer.id, press=press)
        journal.append(
            office.session, at=now, actor=officer.id, act=journal.Act.OPENED_IDENTITY, case_id=case.id
        )
    return identity


def _opened_last(session: AnySession, officer: Officer, case_id: str) -> datetime:
    """When an officer opened it last: there is such a line, for its press was kept with it."""
    lines = select(JournalLine.at).where(
        JournalLine.case_id == case_id,
        JournalLine.actor == officer.id,
        JournalLine.act == journal.Act.OPENED_IDENTITY,
    )
    return session.scalars(lines.order_by(JournalLine.number.desc()).limit(1)).one()

"""Who sent a concern: opened for a reason, and never unseen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlalchemy import select

from intake.database import reading, writing
from intake.models import JournalLine
from intake.services.cases.reaching import File, reach, whole
from intake.services.cases.words import Answer, identity_of
from intake.services.ground import journal, sealing
from intake.services.ground.office import AnySession, Office
from intake.services.ground.press import press_of, was_pressed
from intake.services.ground.refusals import NotFound, Refused, needs
from intake.services.ground.roles import Officer, Right
from intake.services.people import signing_in
from intake.vault.record import CaseKey

SAME_PRESS = timedelta(minutes=1)
BY_ITSELF = "intake"  # who writes what nobody typed
HEADING = "Your name was opened"
# The same words for everybody: whoever finds the code reads them too, and a reason could say what it is about.
TOLD = (
    "On {on} your name and how to reach you were opened by those who deal with this case and may open them. They gave "
    "their password and a reason, which are recorded where nobody can change it. You need not do anything. If you want "
    "to know why, write to us here."
)


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
    code: str = "",
    token: str = "",
    now: datetime,
) -> tuple[Answer, ...]:
    """Who sent a concern. The reason is sealed with the case; that it was opened stands in the journal.

    The password is asked for again, and a one-time `code` where the authority wants that: a session left open is not
    enough. `token`: of the press, which opens once; a second click within a minute of the first one is the same press,
    and asks for no other code. Raises `SignInRefused`, `NotFound`, `ShownOnce`; then nothing was opened.
    """
    needs(officer, Right.OPEN_IDENTITIES)
    with reading(office.session):
        case, _, _ = reach(office, officer, reference)
        press = press_of(case.id, token) if token else None
        again = bool(press and was_pressed(office.session, press))
    use_up = _confirmed(office, officer, password, code, again=again, now=now)
    with writing(office.session):
        file = whole(office, officer, reference)
        case, key, identity = file.case, file.key(), identity_of(file)
        if identity is None:
            raise NotFound
        if press and was_pressed(office.session, press):
            if now - _opened_last(office.session, officer, case.id) > SAME_PRESS:
                raise ShownOnce
            return identity
        use_up(office.session)
        on = office.today(now)
        if office.settings.tell_identity_opened and not _told_on(file, key, on):
            told = {"heading": HEADING, "text": TOLD.format(on=f"{on:%-d %B %Y}")}
            sealing.add_record(office.session, key, case, "message", told, on=on, by=BY_ITSELF)
        content = {"act": "opened-identity", "text": reason}
        record = sealing.add_record(
            office.session, key, case, "opening", content, on=on, by=officer.id, press=press
        )
        act = journal.Act.OPENED_IDENTITY
        journal.append(office.session, at=now, actor=officer.id, act=act, case_id=case.id, place=record.place)
    return identity


def _confirmed(
    office: Office, officer: Officer, password: str, code: str, *, again: bool, now: datetime
) -> Callable[[AnySession], None]:
    """What uses up the code that came with the password; a second click of one press brings the same code again."""
    if office.settings.identity_by_code and not again:
        return signing_in.confirm_by_code(office, officer, password, code, now=now)
    signing_in.confirm(office, officer, password, now=now)
    return lambda _session: None


def _told_on(file: File, key: CaseKey, on: date) -> bool:
    """Whether its holder reads of an opening of that day already."""
    purpose = key.for_purpose("conversation")
    return any(
        sealing.read_record(purpose, record)["heading"] == HEADING
        for record in file.records
        if (record.kind, record.written_on, record.written_by) == ("message", on, BY_ITSELF)
    )


def _opened_last(session: AnySession, officer: Officer, case_id: str) -> datetime:
    """When an officer opened it last: there is such a line, for its press was kept with it."""
    lines = select(JournalLine.at).where(
        JournalLine.case_id == case_id,
        JournalLine.actor == officer.id,
        JournalLine.act == journal.Act.OPENED_IDENTITY,
    )
    return session.scalars(lines.order_by(JournalLine.number.desc()).limit(1)).one()

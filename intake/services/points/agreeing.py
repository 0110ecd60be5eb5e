"""The statement of complaint, as it was agreed with the complainant: kept in versions, and never changed in silence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from intake.database import writing
from intake.models import Case
from intake.procedures.definitions import Event
from intake.procedures.working_days import say
from intake.services.cases import reaching
from intake.services.ground import journal, sealing
from intake.services.ground.office import AnySession, Office
from intake.services.ground.refusals import ActedMeanwhile, NotFound, Refused, needs
from intake.services.ground.roles import Officer, Right
from intake.vault.record import CaseKey

from .reading import STATEMENT, Complaint, Statement, known, listed

MEANWHILE = (
    "This case changed after you had opened this page: a colleague acted, or your own first press arrived. "
    "Nothing more was done, and nothing you typed was lost. Look at the case as it is now, then decide again."
)
NOT_REPEATED = (
    "The points of your complaint are as you agreed them with us. They are not repeated here: a code found by somebody "
    "else must not give you away. Write to us if you want to go through them again."
)
AGREED_ANEW = "The statement of your complaint was agreed anew"


@dataclass(frozen=True)
class Agreement:
    """That the complainant agreed to another statement, on which day and why."""

    on: date
    reason: str


def in_words(text: str, complaint: Complaint) -> str:
    """The statement as the holder reads it: what was written, and the points that stand. Where the receipt is shut to
    what was complained of, a letter does not repeat them either: somebody else may have found the code.
    """
    points = listed((point.words, point.wanted) for point in complaint.standing)
    if complaint.shut and points:
        points = NOT_REPEATED
    return "\n\n".join(part for part in (text.strip(), points) if part)


def why_not(event: Event, text: str, complaint: Complaint) -> str:
    """Why a statement cannot be recorded as agreed; empty where it can, and for what is no statement."""
    if event.statement and not text.strip() and not complaint.standing:
        return "Write the statement as it was agreed, or set out the points of complaint first."
    return ""


def keep(
    session: AnySession,
    key: CaseKey,
    case: Case,
    text: str,
    complaint: Complaint,
    agreed: Agreement,
    *,
    on: date,
    by: str,
) -> None:
    """Seal a version of the statement, inside the caller's transaction."""
    content = {
        "text": text.strip(),
        "points": [[point.words, point.wanted] for point in complaint.standing],
        "agreed_on": agreed.on.isoformat(),
        "reason": agreed.reason.strip(),
    }
    sealing.add_record(session, key, case, STATEMENT, content, on=on, by=by, purpose=complaint.purpose)


def keep_anew(
    session: AnySession,
    key: CaseKey,
    case: Case,
    text: str,
    complaint: Complaint,
    agreed: Agreement,
    *,
    on: date,
    by: str,
) -> None:
    """The same for a statement that was agreed before: the holder is sent it as it reads now, with the reason."""
    keep(session, key, case, text, complaint, agreed, on=on, by=by)
    told = (
        f"You and we agreed on {say(agreed.on)} to change it. The reason:\n\n{agreed.reason.strip()}\n\n"
        f"It now reads:\n\n{in_words(text, complaint)}"
    )
    sealing.add_record(session, key, case, "message", {"heading": AGREED_ANEW, "text": told}, on=on, by=by)


def check(agreed: Agreement | None, statement: Statement, today: date) -> Agreement:
    """What was agreed, where it may stand. Raises `Refused` where a day or a reason is missing, or cannot be."""
    if agreed is None or not agreed.reason.strip():
        raise Refused(
            f"The statement was agreed on {say(statement.agreed_on)}. It is not changed in silence: give the day on "
            "which the complainant agreed to the change, and the reason."
        )
    if agreed.on > today:
        raise Refused(f"{say(agreed.on)} is in the future. Change it once it has been agreed.")
    if agreed.on < statement.agreed_on:
        raise Refused(
            f"{say(agreed.on)} is before the statement was agreed as it reads now, on {say(statement.agreed_on)}."
        )
    return agreed


def agree_anew(
    office: Office,
    officer: Officer,
    reference: str,
    text: str,
    agreed: Agreement | None,
    *,
    revision: int,
    now: datetime,
) -> None:
    """Put a statement that was agreed in other words. It moves no date: the clock counts from the first agreement.

    Raises `NotFound`, also where none was agreed, `Refused` and `ActedMeanwhile`.
    """
    needs(officer, Right.SET_OUT)
    session, today = office.session, office.today(now)
    with writing(session):
        case, key, _ = reaching.reach(office, officer, reference)
        if case.revision != revision:
            raise ActedMeanwhile(MEANWHILE)
        complaint = known(session, case, key)
        statement = complaint.statement
        if statement is None:
            raise NotFound
        if case.closed_on:
            raise Refused(f"This case was closed on {say(case.closed_on)}. Reopen it first.")
        if " ".join(text.split()) == " ".join(statement.text.split()):
            raise Refused("It reads as it did. Nothing was changed.")
        if not text.strip() and not complaint.standing:
            raise Refused("Write the statement as it was agreed.")
        agreed = check(agreed, statement, today)
        keep_anew(session, key, case, text, complaint, agreed, on=today, by=officer.id)
        case.revision += 1
        journal.append(session, at=now, actor=officer.id, act=journal.Act.STATEMENT_CHANGED, case_id=case.id)

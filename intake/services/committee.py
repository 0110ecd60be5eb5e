"""What the audit committee is told of each whistleblowing referral: its quarter, its outcome and a few words.

The words are written by whoever can open the concern, name nobody, and are sealed like everything else; a
document holds them only when somebody who can open them asks for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from intake.counts.published import WHISTLEBLOWING
from intake.counts.quarters import Period
from intake.database import reading, writing
from intake.models import Case, StageReceipt

from . import access, casework, journal, naming, sealing, tallying
from .access import Officer
from .office import Office
from .refusals import NotFound, Refused

LONGEST = 1_000
KIND = "summary"


@dataclass(frozen=True)
class ReferralLine:
    """One referral. `summary` is empty where nobody has written one, or where it is not yours to open."""

    received: Period
    outcome: str
    summary: str = ""


def summarise(
    office: Office, officer: Officer, reference: str, text: str, *, token: str, now: datetime
) -> None:
    """Write what the committee is told of a concern; the newest words count. The same token is stored once."""
    with writing(office.session):
        case, key, _ = casework.reach(office, officer, reference)
        if office.catalogue[case.procedure].reader != access.WHISTLEBLOWING:
            raise NotFound
        if not text.strip() or len(text) > LONGEST:
            raise Refused(f"Write 1 to {LONGEST:,} characters.")
        press = sealing.press_of(case.id, token)
        if sealing.was_pressed(office.session, press):
            return
        on = office.today(now)
        sealing.add_record(office.session, key, case, KIND, {"text": text}, on=on, by=officer.id, press=press)
        journal.append(office.session, at=now, actor=officer.id, act="summarised", case_id=case.id)


def summary_of(office: Office, officer: Officer, reference: str) -> str:
    """What the committee is told of a concern so far. Raises `NotFound`, for a complaint too."""
    with reading(office.session):
        case, key, _ = casework.reach(office, officer, reference)
        if office.catalogue[case.procedure].reader != access.WHISTLEBLOWING:
            raise NotFound
        return _newest(office, key, case)


def referrals(office: Office, officer: Officer | None, period: Period) -> tuple[ReferralLine, ...]:
    """The referrals received in a period, by quarter and in no order within it. Without an officer, no words."""
    readers = officer.role.counted_readers if officer else None
    with reading(office.session):
        pairs = sealing.pairs_of(office.session, officer) if officer else {}
        names = naming.names(office)
        rows = office.session.execute(
            select(StageReceipt, Case)
            .outerjoin(Case, Case.id == StageReceipt.case_id)
            .where(*tallying.of(period, readers), StageReceipt.measure == WHISTLEBLOWING)
        ).all()
        lines = [
            ReferralLine(
                Period.of(receipt.received_on),
                names.name("outcome", receipt.outcome or ""),
                _words(office, pairs, case) if case else "",
            )
            for receipt, case in rows
        ]
    return tuple(sorted(lines, key=lambda line: (line.received, line.outcome, line.summary)))


def _words(office: Office, pairs, case: Case) -> str:
    try:
        key = sealing.open_key(office.session, pairs, case.id)
    except NotFound:
        return ""
    return _newest(office, key, case)


def _newest(office: Office, key, case: Case) -> str:
    written = sealing.records(office.session, case.id, KIND)
    if not written:
        return ""
    return sealing.read_record(key.for_purpose(sealing.PURPOSES[KIND]), written[-1])["text"]

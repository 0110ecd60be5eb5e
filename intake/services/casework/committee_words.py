"""What the audit committee is told of each whistleblowing referral: its quarter, its outcome and a few words.

The words are written by whoever can open the concern, name nobody, and are sealed like everything else; a
document holds them only when somebody who can open them asks for it.
"""

from __future__ import annotations

from datetime import datetime

from intake.database import reading, writing
from intake.services.cases import concerns, reaching
from intake.services.cases.words import SUMMARY, newest_summary
from intake.services.ground import journal, sealing
from intake.services.ground.office import Office
from intake.services.ground.press import press_of, was_pressed
from intake.services.ground.refusals import NotFound, Refused, needs
from intake.services.ground.roles import Officer, Right

LONGEST = 1_000


def summarise(
    office: Office, officer: Officer, reference: str, text: str, *, token: str, now: datetime
) -> None:
    """Write what the committee is told of a concern; the newest words count. The same token is stored once."""
    needs(officer, Right.SUMMARISE)
    with writing(office.session):
        case, key, _ = reaching.reach(office, officer, reference)
        if not concerns.is_one(office.catalogue[case.procedure]):
            raise NotFound
        if not text.strip() or len(text) > LONGEST:
            raise Refused(f"Write 1 to {LONGEST:,} characters.")
        press = press_of(case.id, token)
        if was_pressed(office.session, press):
            return
        on = office.today(now)
        sealing.add_record(
            office.session, key, case, SUMMARY, {"text": text}, on=on, by=officer.id, press=press
        )
        journal.append(office.session, at=now, actor=officer.id, act=journal.Act.SUMMARISED, case_id=case.id)


def summary_of(office: Office, officer: Officer, reference: str) -> str:
    """What the committee is told of a concern so far. Raises `NotFound`, for a complaint too."""
    needs(officer, Right.SUMMARISE)
    with reading(office.session):
        case, key, _ = reaching.reach(office, officer, reference)
        if not concerns.is_one(office.catalogue[case.procedure]):
            raise NotFound
        return newest_summary(office, key, case)

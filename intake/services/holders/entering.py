"""Entering for somebody, beside the act itself (`submitting.enter`): its dates beforehand, the case of ours that it is
about, and whether they got their receipt.
"""

from __future__ import annotations

from datetime import date, datetime

from intake.database import reading, writing
from intake.procedures.definitions import NoVersion
from intake.procedures.outlook import NextDate
from intake.services.cases import reaching, timekeeping
from intake.services.ground import journal, press, sealing
from intake.services.ground.office import Office
from intake.services.ground.refusals import Refused, needs
from intake.services.ground.roles import Officer, Right
from intake.vault import symbols
from intake.vault.errors import Mistyped

from . import submitting
from .submitting import Submission

READ_BACK, ON_PAPER, NOT_WANTED = "read-back", "on-paper", "not-wanted"
GIVEN = {
    READ_BACK: "The receipt code was read out, and read back without a mistake.",
    ON_PAPER: "The receipt code was printed, to be handed over or posted.",
    NOT_WANTED: "No receipt code was given: they did not want one.",
}
GROUPS, SIZE = 7, 4  # of a receipt; the last two of its groups are enough to be read back
ENOUGH = 2


def dates(
    office: Office,
    officer: Officer,
    submission: Submission,
    *,
    received: datetime,
    now: datetime,
    response_date: date | None = None,
) -> tuple[NextDate, ...]:
    """The dates that it would be owed if it were entered now; nothing is kept. Raises `Refused` as entering does."""
    submitting.may_be_entered(office, officer, submission, received, now=now, kept=False)
    try:
        version = office.catalogue[submission.procedure].version_at(received)
    except NoVersion as error:
        raise Refused(str(error)) from error
    return timekeeping.begin(office, version, received, now=now, response_date=response_date).next_dates


def opened(office: Office, officer: Officer, reference: str) -> str:
    """The reference of a case as it is written. Raises `NotFound`, the same for absent and for not theirs."""
    with reading(office.session):
        return reaching.reach(office, officer, reference)[0].reference


def slip(receipt: str, typed: str) -> str:
    """What is wrong with a code that was read back, whole or its last two groups; empty where nothing is."""
    groups = receipt.split("-")
    whole = symbols.how_many(typed) > ENOUGH * SIZE
    expected = groups if whole else groups[-ENOUGH:]
    try:
        read = symbols.read(typed, groups=len(expected), size=SIZE)
    except Mistyped:
        wanted = f"all {GROUPS * SIZE} letters and numbers" if whole else f"the last {ENOUGH * SIZE}"
        return f"Type {wanted} of the code, as they read them back."
    for number, group in enumerate(symbols.grouped(read, SIZE).split("-"), GROUPS - len(expected) + 1):
        if group != groups[number - 1]:
            return f"Group {number} is not what stands here: read it out again, and let them read it back."
    return ""


def note_receipt(office: Office, officer: Officer, reference: str, how: str, *, now: datetime) -> bool:
    """Keep on the case how its receipt was given (a key of `GIVEN`), as a note. Returns whether it was kept: what was
    said first stands.

    Raises `NotFound` and `Refused`.
    """
    needs(officer, Right.ENTER_CASES)
    if how not in GIVEN:
        raise Refused("Say how they got their receipt code.")
    on = office.today(now)
    with writing(office.session):
        case, key, _ = reaching.reach(office, officer, reference)
        once = press.press_of(case.id, "receipt")
        if press.was_pressed(office.session, once):
            return False
        said = {"text": GIVEN[how]}
        sealing.add_record(office.session, key, case, "note", said, on=on, by=officer.id, press=once)
        journal.append(office.session, at=now, actor=officer.id, act=journal.Act.NOTE, case_id=case.id)
        return True


def is_given(office: Office, officer: Officer, reference: str) -> bool:
    """Whether it was said how the receipt of a case was given: from then on no page shows it. Raises `NotFound`."""
    with reading(office.session):
        case, _, _ = reaching.reach(office, officer, reference)
        return press.was_pressed(office.session, press.press_of(case.id, "receipt"))

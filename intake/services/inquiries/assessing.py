"""Assess: what a concern is, who is in danger, who must know, and how it is looked into: one act, one transaction."""

from __future__ import annotations

from datetime import datetime

from intake.procedures import assessment
from intake.procedures.assessment import Assessed
from intake.procedures.moves import Record
from intake.procedures.standing import Standing
from intake.services.cases import timekeeping
from intake.services.casework import acting
from intake.services.ground import journal
from intake.services.ground.office import Office
from intake.services.ground.refusals import Refused
from intake.services.ground.roles import Officer, Right

from . import reading
from .keeping import turn

NO_WAY_BACK = (
    "Something of an inquiry has been written already, so one was begun. It ends by being signed off; write the change "
    "of mind down as a decision there."
)


def assess(
    office: Office, officer: Officer, reference: str, found: Assessed, *, revision: int, now: datetime
) -> None:
    """Keep what was found; a decision how to look into it meets the date that is owed for it, on this day.

    Raises as `keeping.turn`, and `Refused` with what is missing or cannot be.
    """
    with turn(office, officer, reference, revision=revision, now=now, right=Right.ASSESS) as one:
        wrong = assessment.faults(found, received_on=one.case.received_on, today=one.today)
        if wrong:
            raise Refused(next(iter(wrong.values())))
        written = any(entry.what != reading.ASSESSED for entry in one.inquiry.entries)
        if found.decision and found.decision != assessment.INQUIRE and written:
            raise Refused(NO_WAY_BACK)
        standing = timekeeping.standing(office, one.case)
        if found.decision and _is_owed(standing):
            move = Record(one.today, reading.DECIDED)
            acting.carry_out(office, officer, one.case, one.key, move, now=now)
        one.keep(reading.ASSESSED, act=journal.Act.ASSESSED, **reading.content_of(found))


def _is_owed(standing: Standing) -> bool:
    """Whether the rules of the case know the decision, and it has not been written down."""
    known = any(event.id == reading.DECIDED for event in standing.version.events)
    return known and reading.DECIDED not in standing.events

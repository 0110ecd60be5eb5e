"""The inquiry of a concern as officers read it: its own page, and what the page of the case tells of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from intake.database import reading as read_only
from intake.models import Staff
from intake.procedures import allegations, assessment, inquiry
from intake.procedures.definitions import Outcome
from intake.procedures.inquiry import Next, Progress
from intake.procedures.standing import Standing
from intake.services.cases import concerns, timekeeping
from intake.services.cases.reaching import whole
from intake.services.cases.words import Answer, submitted
from intake.services.ground.office import Office
from intake.services.ground.refusals import NotFound, needs
from intake.services.ground.roles import Officer, Right

from . import addressing, reading, signing_off
from .reading import Inquiry

NO_DATE = "No date runs for it."


@dataclass(frozen=True)
class InquiryPage:
    """One inquiry, whole. `names`: of the accounts; `people`: who of the council can be named to investigate; `second`:
    the names of those who could sign it off; `refused`: why this officer cannot now, empty where they can; `missing`:
    what has to be there first; `follows`: the outcome that follows from the findings, in words; `feedback`: when it was
    given, or by when it is owed; `to_tell`: who must know and was not told.
    """

    reference: str
    revision: int
    procedure_name: str
    received_on: date
    closed_on: date | None
    handler_name: str
    words: tuple[Answer, ...]
    standing: Standing
    inquiry: Inquiry
    progress: Progress
    next: Next | None
    names: Mapping[str, str]
    people: tuple[tuple[str, str], ...]
    second: tuple[str, ...]
    nobody: str
    refused: str
    missing: tuple[str, ...]
    findings: tuple[Outcome, ...]
    follows: str
    feedback: str
    dates: tuple[tuple[str, date, date | None], ...]
    to_tell: tuple[str, ...]
    may: frozenset[Right]


def open_inquiry(office: Office, officer: Officer, reference: str, *, now: datetime) -> InquiryPage:
    """The inquiry of a concern, also where none was begun. Raises `NotFound`, for a complaint too, and `Damaged`."""
    needs(officer, Right.INQUIRE)
    with read_only(office.session):
        session, file, today = office.session, whole(office, officer, reference), office.today(now)
        case, key = file.case, file.key()
        if not concerns.is_one(office.catalogue[case.procedure]):
            raise NotFound
        standing = timekeeping.standing(office, case)
        found = reading.opened(key, file.records)
        progress = found.progress(standing)
        names = dict(session.execute(select(Staff.id, Staff.name)).all())
        second = signing_off.second_persons(session, case.id, found)
        return InquiryPage(
            reference=case.reference,
            revision=case.revision,
            procedure_name=office.catalogue[case.procedure].name,
            received_on=case.received_on,
            closed_on=case.closed_on,
            handler_name=names.get(case.handler_id or "", ""),
            words=submitted(key.for_purpose("submission"), file.record("submission")),
            standing=standing,
            inquiry=found,
            progress=progress,
            next=inquiry.next_step(progress, today),
            names=names,
            people=addressing.may_investigate(session, case.id),
            second=second,
            nobody="" if second else signing_off.NOBODY,
            refused=signing_off.why_not(found, officer.id, progress),
            missing=inquiry.missing(progress),
            findings=allegations.may_be_found(standing.version),
            follows=allegations.how(standing.version, found.allegations),
            feedback=_feedback(standing),
            dates=tuple((one.label, one.due, one.met_on) for one in standing.deadlines),
            to_tell=assessment.still_to_tell(found.assessed) if found.assessed else (),
            may=officer.role.rights & {Right.ASSESS, Right.SIGN_OFF, Right.WORK_CASES},
        )


def _feedback(standing: Standing) -> str:
    outcome = standing.outcomes.get(standing.stage.id)
    if outcome is None:
        return "None was given yet."
    label = standing.version.outcome(outcome).label
    more = "" if standing.settled else " More is owed: the outcome is not final."
    return f"It was given: {label.lower()}.{more}"


@dataclass(frozen=True)
class OnTheCase:
    """What the page of a concern tells of its inquiry: what comes next, and whether it may be assessed."""

    next: Next | None
    begun: bool
    assessed: bool
    late: int


def on_the_case(found: Inquiry, standing: Standing, today: date) -> OnTheCase:
    """The same, of what the page of the case has read already."""
    progress = found.progress(standing)
    late = sum(one.late(today) for one in (*found.steps, *found.actions))
    return OnTheCase(inquiry.next_step(progress, today), found.begun, progress.assessed, late)

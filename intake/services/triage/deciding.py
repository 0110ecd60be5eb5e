"""Triage: one decision on a new case, in one transaction. What somebody wrote is sealed; in clear stands nothing that
an act of its own would not have put there: procedure, service, theme and handler.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from intake.database import writing
from intake.models import Case
from intake.procedures import triage
from intake.procedures.moves import Allocate, Move, Reclassify
from intake.procedures.triage import Findings
from intake.procedures.working_days import say
from intake.services.cases import concerns, reaching, timekeeping, triaged
from intake.services.casework import acting, classifying
from intake.services.casework.acting import Left
from intake.services.casework.case_page import CasePage
from intake.services.ground import journal, sealing
from intake.services.ground.office import Office
from intake.services.ground.refusals import ActedMeanwhile, NotFound, Refused, needs
from intake.services.ground.roles import Officer, Right


@dataclass(frozen=True)
class Decision:
    """What was found out, and what follows. `place`, `theme` and `handler`: empty for none, or for nobody yet."""

    found: Findings
    place: str
    theme: str
    handler: str


def effects(office: Office, page: CasePage, what: str, *, now: datetime) -> tuple[str, ...]:
    """In words, what it would do to each date if a case were what triage says. Raises `Refused`."""
    move = _moved(office, page.procedure_id, what, now)
    return acting.effects(page.standing, move) if move else ()


def decide(
    office: Office, officer: Officer, reference: str, decision: Decision, *, revision: int, now: datetime
) -> Left:
    """Do all of it, or nothing.

    Raises `NotFound`, also for a concern: its readers decide on it by its own procedure; `Refused` with what is
    missing, cannot be or is not possible any more; `ActedMeanwhile`; and `NotStored`.
    """
    needs(officer, Right.TRIAGE)
    session, on, found = office.session, office.today(now), decision.found
    with writing(session):
        case, key, _ = reaching.reach(office, officer, reference)
        _check(office, case, found, revision, now)
        if move := _moved(office, case.procedure, found.what, now):
            acting.carry_out(office, officer, case, key, move, now=now)
        classifying.keep_with(office, officer, case, decision.place, decision.theme, now=now)
        if decision.handler and decision.handler != case.handler_id:
            acting.carry_out(office, officer, case, key, Allocate(on, decision.handler), now=now)
        sealing.add_record(session, key, case, triaged.KIND, triaged.content(found), on=on, by=officer.id)
        case.revision += 1
        journal.append(session, at=now, actor=officer.id, act=journal.Act.TRIAGED, case_id=case.id)
        return Left(case.revision, timekeeping.standing(office, case))


def _check(office: Office, case: Case, found: Findings, revision: int, now: datetime) -> None:
    if concerns.is_one(office.catalogue[case.procedure]):
        raise NotFound
    if case.revision != revision:
        raise ActedMeanwhile(
            "Somebody else changed this case while you were working on it. Look at it again."
        )
    if case.closed_on:
        raise Refused(f"This case was closed on {say(case.closed_on)}. Reopen it first.")
    wrong = triage.faults(found, received_on=case.received_on, today=office.today(now))
    if wrong:
        raise Refused(next(iter(wrong.values())))


def _moved(office: Office, here: str, what: str, now: datetime) -> Move | None:
    """The move to the procedure that was chosen; None where it is that of the case, or nothing for us."""
    if what in {here, triage.NOT_FOR_US}:
        return None
    if what not in office.catalogue:
        raise Refused("There is no such procedure any more. Choose another one.")
    name = office.catalogue[here].name
    return Reclassify(
        office.today(now), office.catalogue[what], f"Found out at triage; it had come as “{name}”."
    )

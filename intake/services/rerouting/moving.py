"""A case goes to the other team: one transaction, after which nothing of the old team's keys opens what it holds."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime

from sqlalchemy import delete, select

from intake.database import NotStored, leave_no_log, writing
from intake.models import InquiryDate, Notice, ReceiptLock
from intake.procedures.definitions import NoVersion, Procedure, Version
from intake.procedures.offices import as_marks
from intake.services.access.resealing import relock
from intake.services.cases import concerns, reaching, timekeeping
from intake.services.cases.reaching import File
from intake.services.cases.references import free_reference
from intake.services.cases.words import NAMED
from intake.services.ground import journal, notices, pinning, sealing
from intake.services.ground.office import Office
from intake.services.ground.refusals import ActedMeanwhile, Refused, needs
from intake.services.ground.roles import Officer, Right

from . import proposing, remembering, resealing
from .proposing import AT_ONCE, MEANWHILE, Plan
from .resealing import Target

NOT_SAID = "unknown"  # how a concern came in that was a complaint: a member's name could hang on it
THEIR_WORD = "Its holder has not agreed. Wait for their answer, or write down how and when they agreed."
THEIR_OWN_WORD = (
    "Its holder has not agreed. A concern goes to the complaints team with their own yes alone, given with the receipt "
    "code: nobody else can say it for them."
)
IN_DANGER = f"{THEIR_WORD} Without it the case goes only where somebody is in danger: say who, and from what."


def move(
    office: Office,
    officer: Officer,
    reference: str,
    *,
    agreed: str = "",
    danger: str = "",
    revision: int,
    now: datetime,
) -> str:
    """Send a case to the team that was proposed: sealed anew, its clock begun anew, its old readers left out.

    `agreed`: how and when the holder of a complaint said yes otherwise than here; `danger`: who is in danger, and from
    what, which takes a complaint to the monitoring officer without its holder's word. Returns the name of its new
    readers. Raises `NotFound`, `Refused`, `ActedMeanwhile`, `Damaged`, `NotStored`; then nothing is written.
    """
    needs(officer, Right.REROUTE)
    session, on = office.session, office.today(now)
    with writing(session):
        file = reaching.whole(office, officer, reference)
        plan = proposing.plan_of(office, file)
        if plan is None:
            raise Refused("Nothing is proposed of this case any more.")
        if proposing.stamp_of(office, file.case) != revision:
            raise ActedMeanwhile(MEANWHILE)
        becomes = concerns.is_one(plan.procedure)
        _decided_by(office, officer, plan)
        _agreed(plan, becomes, agreed, danger)
        proposing.checked(office, file.case, plan.procedure.id, named=plan.named)
        version = version_on(plan.procedure, now)
        to, pinned = proposing.goes_to(office, plan.procedure, plan.named), pinning.publics(office)
        target = Target({sealing.vault_holder(vault): pinned[vault] for vault in to.vaults}, becomes)
        why: dict[str, object] = {"agreed": agreed, "danger": danger, "decided_by": officer.name}
        if becomes:
            why[NAMED] = as_marks(plan.named)
        told = remembering.as_it_stood(office, file, plan) | why
        proposing.close(office, file, plan, on=on)
        _hand_on(office, file, target, version, to.circle, told, on)
        journal.append(
            session,
            at=now,
            actor=officer.id,
            act=journal.Act.REROUTED,
            case_id=file.case.id,
            procedure=plan.procedure.id,
        )
        notices.tell_vaults_of_news(office, to.vaults, now=now)
    with suppress(NotStored):  # somebody reads for long: the night does it
        leave_no_log(session.get_bind().engine)
    return sealing.in_words(office, to.vaults)


def version_on(procedure: Procedure, now: datetime) -> Version:
    """The rules by which a case is received anew. Raises `Refused`."""
    try:
        return procedure.version_at(now)
    except NoVersion as error:
        raise Refused(str(error)) from error


def _decided_by(office: Office, officer: Officer, plan: Plan) -> None:
    if office.settings.reroute_by_two and officer.id == plan.by:
        raise Refused("You proposed it. Here two people decide: somebody else who may decide it confirms.")


def _agreed(plan: Plan, becomes_a_concern: bool, agreed: str, danger: str) -> None:
    if plan.answer:
        return
    if not becomes_a_concern:
        raise Refused(THEIR_OWN_WORD)
    if not agreed.strip() and not (plan.danger or danger).strip():
        raise Refused(IN_DANGER)


def _hand_on(
    office: Office,
    file: File,
    target: Target,
    version: Version,
    reader: str,
    told: dict[str, object],
    on: date,
) -> None:
    session, case, old = office.session, file.case, file.key()
    before = timekeeping.standing(office, case)
    lock = session.scalar(select(ReceiptLock).where(ReceiptLock.case_id == case.id))
    file = reaching.read_again(office, file)
    resealing.seal_anew(office, file, target, {"history": told}, on=on)
    if lock is not None:
        relock(office, lock, old, target.key)
    session.execute(delete(Notice).where(Notice.case_id == case.id))
    session.execute(delete(InquiryDate).where(InquiryDate.case_id == case.id))
    case.reference, case.reader = free_reference(session), reader
    case.set_aside = False
    case.place_id = case.theme_id = None
    if target.becomes_a_concern:
        case.channel = NOT_SAID
    else:
        case.level = "anonymous"  # to those who have it now: who it is stays with those who had it
    timekeeping.begin_anew(office, case, before, version, on=on)
    passed = told if target.becomes_a_concern else remembering.for_the_complaints_team(told)
    sealing.add_record(session, target.key, case, "passed", passed, on=on, by=AT_ONCE)
    letter = remembering.letter(office, case, remembering.without_their_word(told))
    sealing.add_record(session, target.key, case, "message", letter, on=on, by=AT_ONCE)

"""Whether a case goes to another team: proposed, asked of its holder, taken back. `moving` does it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from intake.database import writing
from intake.models import Case, Proposal, Record, RegisterEntry
from intake.procedures.definitions import Procedure
from intake.procedures.offices import BY_ROLE, UNSURE, Receiving
from intake.services.cases import concerns, reaching
from intake.services.cases.reaching import File
from intake.services.ground import journal, notices, sealing
from intake.services.ground.office import Office
from intake.services.ground.refusals import ActedMeanwhile, Damaged, Refused, needs
from intake.services.ground.roles import Officer, Right
from intake.vault import slot
from intake.vault.record import CaseKey

PROPOSAL, QUESTION, ANSWER = "proposal", "question", "answer"
AT_ONCE = "intake"  # who wrote what no officer wrote
MEANWHILE = "Somebody else changed this case while you were working on it. Look at it as it is now, then decide again."
TO_CONCERNS = (
    "May we look into this as a whistleblowing concern?",
    "What you sent us may be a whistleblowing concern: something wrong at work that concerns others too. We would like "
    "to pass it to {readers}, who look into such concerns in confidence.\n\n"
    "If you say yes: they alone can read it from then on, with all that you and we have written. The complaints team "
    "cannot open it any more and finds it in no list, but may remember what they have read. Your receipt code stays as "
    "it is. It will show you our letters, and no longer what you wrote yourself, so that a code found by somebody else "
    "does not give you away. New dates begin on that day, and you read them here.\n\n"
    "If you say no: it stays with the complaints team. Only if somebody were in danger would we pass it on all the "
    "same, and tell you here.",
)
TO_COMPLAINTS = (
    "May we pass this to the complaints team?",
    "What you told us is for the complaints procedure. We would like to pass it to the complaints team, who can put "
    "it right and have dates to keep.\n\n"
    "If you say yes: the complaints team can read what you first sent, what you wrote to us here since, and our "
    "letters to you. Think of what these tell of you. They do not get your name or how to reach you, where you gave "
    "them to us apart, nor what we noted ourselves: that stays with us, sealed. You can give them your name here at "
    "any time. Your receipt code stays as it is, and new dates begin on that day.\n\n"
    "If you say no: it stays with us alone. The complaints team does not learn of it.",
)


@dataclass(frozen=True)
class Plan:
    """What is proposed of a case. `answer`: what the holder said; None where they have not."""

    number: int
    by: str
    on: date
    procedure: Procedure
    named: tuple[str, ...]
    reason: str
    danger: str
    answer: bool | None
    answer_text: str
    answered_on: date | None


def propose(
    office: Office,
    officer: Officer,
    reference: str,
    to: str,
    reason: str,
    *,
    named: tuple[str, ...] = (),
    danger: str = "",
    revision: int,
    now: datetime,
) -> None:
    """Propose that a case goes to another team. Its holder is asked, but where somebody is in danger.

    `named`: about whom of those who would receive it the concern is, as in `Submission`. Raises `NotFound`, `Refused`,
    `ActedMeanwhile`.
    """
    needs(officer, Right.WORK_CASES)
    session, on = office.session, office.today(now)
    with writing(session):
        content: dict[str, object] = {
            "to": to,
            "by": officer.id,
            "named": list(named),
            "reason": reason,
            "danger": danger,
        }
        case, key, _ = reaching.reach(office, officer, reference)
        if session.get(Proposal, case.id):
            checked(office, case, to, named=named)
            _again(office, officer, case, key, content, now=now)
            return
        if stamp(case, None) != revision:
            raise ActedMeanwhile(MEANWHILE)
        procedure = checked(office, case, to, named=named)
        becomes = concerns.is_one(procedure)
        if not reason.strip():
            raise Refused("Give the reason.")
        if danger and not becomes:
            raise Refused("To the complaints team nothing goes without its holder's word.")
        record = _put(office, key, case, content, on=on)
        if not danger:
            heading, text = TO_CONCERNS if becomes else TO_COMPLAINTS
            readers = sealing.in_words(office, goes_to(office, procedure, named).vaults)
            asked = {"heading": heading, "text": text.format(readers=readers)}
            conversation = key.for_purpose(sealing.PURPOSES[QUESTION])
            row = sealing.record_row(
                conversation, case.id, QUESTION, asked, place=record.place, on=on, by=AT_ONCE
            )
            sealing.put(session, row)
        session.add(Proposal(case_id=case.id, number=record.place, proposed_on=on))
        _tell(office, officer, case, now)


def _again(
    office: Office, officer: Officer, case: Case, key: CaseKey, content: dict[str, object], *, now: datetime
) -> None:
    """It is proposed already. Whoever decides is told so; for anybody else this proposal lies beside the first, and
    they learn of no other: it may be about them.
    """
    if officer.role.may(Right.REROUTE):
        raise Refused("It has been proposed already. Look at what was proposed.")
    _put(office, key, case, content, on=office.today(now))
    _tell(office, officer, case, now)


def _put(office: Office, key: CaseKey, case: Case, content: dict[str, object], *, on: date) -> Record:
    """Keep a proposal in a place in which none, no question and no answer ever stood: proposals of another team may be
    gone, and what its holder was asked and said then is no answer to this one.
    """
    session, purpose = office.session, key.for_purpose(sealing.PURPOSES[PROPOSAL])
    place = max(sealing.next_place(session, case.id, kind) for kind in (PROPOSAL, QUESTION, ANSWER))
    row = sealing.record_row(purpose, case.id, PROPOSAL, content, place=place, on=on, by=str(content["by"]))
    return sealing.put(session, row)


def _tell(office: Office, officer: Officer, case: Case, now: datetime) -> None:
    """Enter it in the journal, and tell whoever may decide it."""
    session = office.session
    journal.append(session, at=now, actor=officer.id, act=journal.Act.REROUTE_PROPOSED, case_id=case.id)
    for staff_id in reaching.readers_who_may(session, case.id, Right.REROUTE):
        if staff_id != officer.id:
            notices.tell(office, staff_id, "proposed", now=now)


def stamp(case: Case, waits: Proposal | None) -> int:
    """The state that a page of a proposal shows: of the case, and of what waits to be decided of it. The revision of
    the case alone, which every page of it carries, tells of no proposal: who works on it may be whom it names.
    """
    proposed = 1 + 2 * (waits.number % 499) + (waits.heard_on is not None) if waits else 0
    return case.revision * 1_000 + proposed


def stamp_of(office: Office, case: Case) -> int:
    """The same, asked of the database inside the caller's transaction."""
    return stamp(case, office.session.get(Proposal, case.id))


def take_back(office: Office, officer: Officer, reference: str, *, revision: int, now: datetime) -> None:
    """Whoever may decide it has it stay where it is. Raises as `propose`."""
    needs(officer, Right.REROUTE)
    session = office.session
    with writing(session):
        file = reaching.whole(office, officer, reference)
        case, plan = file.case, plan_of(office, file)
        if plan is None:
            raise Refused("Nothing is proposed of this case any more.")
        if stamp_of(office, case) != revision:
            raise ActedMeanwhile(MEANWHILE)
        close(office, file, plan, on=office.today(now))
        journal.append(session, at=now, actor=officer.id, act=journal.Act.REROUTE_TAKEN_BACK, case_id=case.id)


def close(office: Office, file: File, plan: Plan, *, on: date) -> None:
    """It is decided: nothing waits, and the holder is asked no more. Inside the caller's transaction."""
    session, case = office.session, file.case
    asked = _at(file, QUESTION, plan.number)
    if asked is not None and _at(file, ANSWER, plan.number) is None:
        key = file.key().for_purpose(sealing.PURPOSES[ANSWER])
        row = sealing.record_row(key, case.id, ANSWER, {"closed": True}, place=plan.number, on=on, by=AT_ONCE)
        sealing.put(session, row)
    session.delete(session.get_one(Proposal, case.id))
    session.flush()


def checked(office: Office, case: Case, to: str, *, named: Collection[str]) -> Procedure:
    """The procedure to which a case may go. Raises `Refused`."""
    if to not in office.catalogue:
        raise Refused("Choose the procedure.")
    procedure = office.catalogue[to]
    if concerns.is_one(procedure) == concerns.is_one(office.catalogue[case.procedure]):
        raise Refused("That procedure has the same readers. Move it to another procedure instead.")
    if named and not concerns.is_one(procedure):
        raise Refused("Those who are named for a concern receive no complaints.")
    if unknown := set(named) - {UNSURE, *BY_ROLE}:
        raise Refused(f"There is no office {min(unknown)!r}. Choose about whom it is.")
    if office.session.scalar(select(RegisterEntry.case_id).where(RegisterEntry.case_id == case.id)):
        raise Refused(
            "It came from a register, so nobody holds its receipt and your register has it too. Enter it anew with its "
            "other readers instead."
        )
    return procedure


def plan_of(office: Office, file: File) -> Plan | None:
    """What is proposed of a case, opened; None where nothing is. Raises `Damaged`."""
    row = office.session.get(Proposal, file.case.id)
    if row is None:
        return None
    record = _at(file, PROPOSAL, row.number)
    said = sealing.read_record(file.key().for_purpose(sealing.PURPOSES[PROPOSAL]), record)
    answer = _answer(file, row.number)
    return Plan(
        number=row.number,
        by=said["by"],
        on=row.proposed_on,
        procedure=office.catalogue[said["to"]],
        named=named_in(said),
        reason=said["reason"],
        danger=said["danger"],
        answer=answer.get("yes"),
        answer_text=answer.get("text", ""),
        answered_on=row.heard_on,
    )


def named_in(said: Mapping[str, Any]) -> tuple[str, ...]:
    """Whom a proposal names; of one from before there were offices apart, that it is about one who received."""
    return tuple(said["named"]) if "named" in said else (UNSURE,) if said["alternate"] else ()


def goes_to(office: Office, procedure: Procedure, named: Collection[str]) -> Receiving:
    """Where a case lies once it is sent on, inside the caller's transaction."""
    return sealing.receiving(office, named) if concerns.is_one(procedure) else Receiving((procedure.reader,))


def _answer(file: File, number: int) -> dict[str, Any]:
    record = _at(file, ANSWER, number)
    if record is None or record.written_by == AT_ONCE:
        return {}
    key = file.key(f"{ANSWER}-{number}").for_purpose(sealing.PURPOSES[ANSWER])
    said = sealing.read_record(key, record)
    conversation = file.key().for_purpose(sealing.PURPOSES[QUESTION]).secret
    mark = bytes.fromhex(said.get("mark", ""))
    if not slot.answer_holds(mark, conversation, case=file.case.id, place=number, yes=said["yes"]):
        raise Damaged("The holder’s answer is not theirs: somebody put it into the database.")
    return said


def _at(file: File, kind: str, place: int) -> Record | None:
    return next((one for one in file.records if (one.kind, one.place) == (kind, place)), None)

"""What a holder is asked before their case goes to another team, and their answer, which no receipt opens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from intake.database import writing
from intake.models import Proposal, Record
from intake.services.cases import reaching
from intake.services.ground import notices, sealing
from intake.services.ground.office import Office
from intake.services.ground.press import press_of
from intake.services.ground.refusals import Refused
from intake.services.ground.roles import Right
from intake.vault import slot

from .holding import Held, find, own_key, pressed, settle, size

QUESTION, ANSWER = "question", "answer"
NOT_ASKED = "We do not ask you this any more, or you have answered it already. You need not answer again."


@dataclass(frozen=True)
class Question:
    """What a holder is asked and has not answered."""

    on: date
    heading: str
    text: str


def asked(held: Held, written: Iterable[Record]) -> Question | None:
    """The question that waits for an answer, among the records of a case; None where none does. Raises `Damaged`."""
    record = _waiting(written)
    if record is None:
        return None
    said = sealing.read_record(held.keys["conversation"], record)
    return Question(record.written_on, said["heading"], said["text"])


def answer(office: Office, code: str, *, yes: bool, text: str, token: str, now: datetime) -> None:
    """The holder answers. Raises as `returning.write`, and `Refused` where nothing is asked."""
    session = office.session
    with writing(session):
        held = find(office, code)
        if pressed(office, held, token):
            return
        case, today = held.case, office.today(now)
        record = _waiting(sealing.records(session, case.id, QUESTION, ANSWER))
        proposal = session.get(Proposal, case.id)
        if record is None or proposal is None or proposal.number != record.place:
            raise Refused(NOT_ASKED)
        office.budget.take(office.settings, size(text), now=now, number=0)
        settle(office, held)
        key = own_key(office, held, f"{ANSWER}-{record.place}", today).for_purpose("conversation")
        conversation = held.keys["conversation"].secret
        mark = slot.answer_mark(conversation, case=case.id, place=record.place, yes=yes)
        row = sealing.record_row(
            key,
            case.id,
            ANSWER,
            {"yes": yes, "text": text, "mark": mark.hex()},
            place=record.place,
            on=today,
            by="holder",
            press=press_of(case.id, token),
        )
        sealing.put(
            session, row | {"journalled": True}
        )  # an answer is no message: the proposal stands in the journal
        proposal.heard_on = today
        for staff_id in reaching.readers_who_may(session, case.id, Right.REROUTE):
            notices.tell(office, staff_id, "news", now=now)


def _waiting(written: Iterable[Record]) -> Record | None:
    records = list(written)
    answered = {record.place for record in records if record.kind == ANSWER}
    waits = [one for one in records if one.kind == QUESTION and one.place not in answered]
    return waits[-1] if waits else None

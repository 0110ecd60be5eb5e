"""What a holder asks for, beside what they write: to withdraw, to correct who they are, the next stage.

Each is kept as a message of theirs that says what it asks for, so that officers find it among what waits. A complaint
is withdrawn at once; the next stage is an officer's to open or to refuse, and its dates count from the day on which it
was asked for; nothing is decided of a concern but by those who read it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from intake.database import writing
from intake.procedures import outlook
from intake.procedures.moves import Withdraw
from intake.procedures.standing import Standing
from intake.services.cases import timekeeping
from intake.services.cases.words import Answer
from intake.services.ground import sealing
from intake.services.ground.office import Office
from intake.services.ground.refusals import Refused

from .holding import add, check_takes_words, find, own_key, pressed, size

WITHDRAW, TAKE_BACK, DETAILS, NEXT_STAGE = "withdraw", "take-back", "details", "next-stage"
WISH = "wish"  # of a concern: that it should not be taken further
AT_ONCE = "intake"  # who wrote a letter that no officer wrote
LATER_CALLED = "confidential"  # who gives a name afterwards: the council alone knows it
_WORDS = {  # what the holder says with it, and the letter that confirms it
    WITHDRAW: (
        "I withdraw this",
        "You have withdrawn this",
        "You have withdrawn this, and we have closed it. This letter confirms it in writing.\n\n"
        "You can come back to us at any time. If you did not mean to withdraw it, write to us here and we take it up "
        "again.",
    ),
    TAKE_BACK: (
        "I take back my request for the next stage",
        "You have taken back your request",
        "You have taken back your request for the next stage. This letter confirms it in writing.\n\n"
        "Our answer stands. You can ask again.",
    ),
}


_WITHDRAWN_ALREADY = "You have withdrawn this already."
_NOTHING_TO_WITHDRAW = "There is nothing to withdraw any more: we have answered, or the case is closed."


@dataclass(frozen=True)
class Details:
    """Who somebody is and how to reach them, as question and answer. What is not among them stays as it was told."""

    answers: tuple[Answer, ...]


def ask_for_next_stage(office: Office, code: str, reason: str, *, token: str, now: datetime) -> None:
    """The holder asks for the next stage: it counts from today, and an officer opens or refuses it. A case that was
    closed is open again.

    Raises as `returning.write`, and `Refused`.
    """
    with writing(office.session):
        held = find(office, code)
        if pressed(office, held, token):
            return
        case, today = held.case, office.today(now)
        office.budget.take(office.settings, size(reason), now=now, number=0)
        before = timekeeping.standing(office, case)
        if case.stage_asked_on:
            raise Refused("You have asked for the next stage already. You need not ask again.")
        wanted = outlook.next_stage_to_ask_for(before, today)
        if wanted is None:
            raise Refused(_why_none(before))
        case.stage_asked_on = today
        timekeeping.keep(office, case, before, replace(before, closed_on=None), on=today)
        content = {"heading": "Request for the next stage", "text": reason, "stage": wanted[0].id}
        add(office, held, content, token, now, asks=NEXT_STAGE)


def withdraw(office: Office, code: str, reason: str, *, token: str, now: datetime) -> str:
    """The holder withdraws: closed at once, and confirmed in writing. A request for the next stage that waits is taken
    back, no more. Of a concern: they say that they do not want it taken further, and an officer decides.

    Returns which it was: `WITHDRAW`, `TAKE_BACK` or `WISH`. Raises as `returning.write`, and `Refused` where there is
    nothing to withdraw.
    """
    with writing(office.session):
        held = find(office, code)
        case, today = held.case, office.today(now)
        if pressed(office, held, token):
            return WISH if not held.readable else WITHDRAW if case.closed_on else TAKE_BACK
        office.budget.take(office.settings, size(reason), now=now, number=0)
        before = timekeeping.standing(office, case)
        if not held.readable:
            if case.closed_on:
                raise Refused("This case is closed, so nothing of it is taken further.")
            content = {"heading": "I do not want this taken further", "text": reason}
            add(office, held, content, token, now, asks=WITHDRAW)
            return WISH
        if case.stage_asked_on:
            case.stage_asked_on, after, kind = None, before, TAKE_BACK
        elif not outlook.may_withdraw(before, today):
            raise Refused(_WITHDRAWN_ALREADY if outlook.withdrawn(before) else _NOTHING_TO_WITHDRAW)
        else:
            after, kind = timekeeping.decided(before, Withdraw(today, "asked for")), WITHDRAW
        timekeeping.keep(office, case, before, after, on=today)
        heading, answer, letter = _WORDS[kind]
        add(office, held, {"heading": heading, "text": reason}, token, now, asks=kind)
        content = {"heading": answer, "text": letter}
        sealing.shelve(
            office.session, held.keys["conversation"], case, "message", content, on=today, by=AT_ONCE
        )
    return kind


def correct_details(office: Office, code: str, details: Details, *, token: str, now: datetime) -> None:
    """Who the holder is, corrected or told for the first time: sealed so that no receipt opens it. What was told before
    stays. Whoever sent it without a name is from now on somebody whose name the council alone knows.

    Raises as `returning.write`, and so where the case takes no more messages.
    """
    with writing(office.session):
        held = find(office, code)
        if pressed(office, held, token):
            return
        case, today = held.case, office.today(now)
        check_takes_words(office, held)
        typed = size(*(said.answer for said in details.answers))
        office.budget.take(office.settings, typed, now=now, number=0)
        place = max(1, sealing.next_place(office.session, case.id, "identity"))
        key = own_key(office, held, f"identity-{place}", today).for_purpose("identity")
        told = {"identity": [[said.question, said.answer] for said in details.answers]}
        row = sealing.record_row(key, case.id, "identity", told, place=place, on=today, by="holder")
        sealing.put(office.session, row | {"journalled": True})  # the message beside it is what is entered
        first = case.level == "anonymous"
        if first:
            case.level = LATER_CALLED
        content = {"heading": "I give you my name" if first else "I corrected my details", "text": ""}
        add(office, held, content, token, now, asks=DETAILS)


def _why_none(now: Standing) -> str:
    """Why the next stage cannot be asked for, for its holder."""
    if now.next_stage is None:
        return "There is no next stage to ask for."
    if outlook.refused_on(now):
        return "The next stage was refused. Our letter says why, and where you can go."
    return "The next stage can be asked for when we have answered, and not before."

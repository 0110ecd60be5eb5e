"""An officer's act on a case: asked of the rules, then one transaction. What each act keeps stands in `acts`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from intake.database import writing
from intake.models import Case
from intake.procedures import permitted
from intake.procedures.moves import Appoint, Move, Record, Respond
from intake.procedures.standing import Standing
from intake.services.cases import concerns, reaching, timekeeping
from intake.services.ground import journal, notices, sealing
from intake.services.ground.office import Office
from intake.services.ground.press import press_of, was_pressed
from intake.services.ground.refusals import ActedMeanwhile, Refused, needs
from intake.services.ground.roles import Officer, Right
from intake.services.points import agreeing, answering, reading
from intake.vault.record import CaseKey

from . import appointing
from .act_parts import Turn
from .acts import act_of, letter_of
from .appointing import Appointed


@dataclass(frozen=True)
class Left:
    """How an act left its case: whoever goes on with it need not look again."""

    revision: int
    standing: Standing


def effects(standing: Standing, move: Move, appointed: tuple[Appointed, ...] = ()) -> tuple[str, ...]:
    """In words, what an act would do to each deadline. `appointed`: the people of the case's stages so far.

    Raises `Refused` when it would be refused.
    """
    timekeeping.decided(standing, move)
    if isinstance(move, Appoint) and (why := appointing.why_not(standing.version, move, appointed)):
        raise Refused(why)
    return tuple(change.words for change in permitted.effect(standing, move))


def do(
    office: Office,
    officer: Officer,
    reference: str,
    move: Move,
    *,
    text: str = "",
    revision: int | None = None,
    token: str = "",
    now: datetime,
) -> Left:
    """Do what a move says, on its day, which is today.

    `text`: the letter, message or note. `revision`: the state of the case that the officer's page showed; `token`: the
    press of the button, for an act that clashes with nothing. Raises `NotFound` for a case that is not the officer's to
    see, `Refused` with the rule's own words, `ActedMeanwhile`, and `NotStored`; then nothing is written.
    """
    session, on, act = office.session, office.today(now), act_of(move)
    needs(officer, act.right)
    if move.on != on:
        raise ValueError(f"An act is done on its day: today is {on}, and it says {move.on}.")
    with writing(session):
        case, key, _ = reaching.reach(office, officer, reference)
        press = press_of(case.id, token) if token and not act.clashes else None
        if press and was_pressed(session, press):
            return Left(case.revision, timekeeping.standing(office, case))
        if act.clashes and case.revision != revision:
            raise ActedMeanwhile(
                "Somebody else changed this case while you were working on it. Nothing of yours was lost or done: "
                "look at the case as it is now, then decide again."
            )
        after = carry_out(office, officer, case, key, move, text=text, press=press, now=now)
        return Left(case.revision, after)


def carry_out(
    office: Office,
    officer: Officer,
    case: Case,
    key: CaseKey,
    move: Move,
    *,
    text: str = "",
    press: bytes | None = None,
    now: datetime,
) -> Standing:
    """Do what a move says inside the caller's transaction, who has reached the case and looked at its revision.

    Raises `NotFound` where the officer's role may not, and `Refused` with the rule's own words.
    """
    session, on, act = office.session, office.today(now), act_of(move)
    needs(officer, act.right)
    before = timekeeping.standing(office, case)
    move = timekeeping.heeds_the_request(case, move)
    after = timekeeping.decided(before, move)
    appointed = appointing.known(session, case, key) if isinstance(move, Appoint) else ()
    asks = isinstance(move, Respond | Record) and not concerns.is_one(office.catalogue[case.procedure])
    # With the reasons, so that the place of the next one need not be asked for.
    lie = sealing.records(session, case.id, *reading.KINDS, reading.PASSED, "reason") if asks else []
    complaint = reading.opened(key, lie)
    turn = Turn(office, officer, case, before, after, move, text, key, appointed, complaint)
    if refusal := act.forbids(turn):
        raise Refused(refusal)
    if after is not before:
        timekeeping.keep(office, case, before, after, on=on)
    if letter := letter_of(turn):
        content = {"heading": letter.heading, "text": letter.text}
        sealing.add_record(session, key, case, "message", content, on=on, by=officer.id, press=press)
        case.holder_wrote_on = None
    if kept := act.keeps(turn):
        told = {"text": kept.text, **({"act": act.word} if kept.kind == "reason" else {}), **kept.more}
        place = sealing.after(lie, kept.kind) if asks and kept.kind == "reason" else None
        sealing.add_record(
            session, key, case, kept.kind, told, on=on, by=officer.id, press=press, place=place
        )
    _keep_points(turn, key, on)
    journal.append(session, at=now, actor=officer.id, act=act.journal, case_id=case.id, **act.told(move))
    if (heard := act.hears(move)) and heard != officer.id:
        readers = reaching.readers(session, case.id)
        notices.tell_who_is_there(office, heard, "allocated", readers=readers, now=now)
    return after


def _keep_points(turn: Turn[Move], key: CaseKey, on: date) -> None:
    """What an answer decided on each point, and the statement that was agreed."""
    session, case, move, by = turn.office.session, turn.case, turn.move, turn.officer.id
    if isinstance(move, Respond):
        answering.keep(session, key, case, turn.before, move, turn.complaint, on=on, by=by)
    elif isinstance(move, Record) and turn.before.version.event(move.event).statement:
        agreed = agreeing.Agreement(move.happened or on, "")
        agreeing.keep(session, key, case, move.reason, turn.complaint, agreed, on=on, by=by)


def mark_read(
    office: Office, officer: Officer, reference: str, *, seen: int | None = None, now: datetime
) -> None:
    """The holder's messages have been read. `seen`: how many messages, of both sides, the officer's page showed.

    Raises `NotFound`, and `ActedMeanwhile` where another has come since: it would never be read.
    """
    needs(officer, Right.WORK_CASES)
    with writing(office.session):
        case, _, _ = reaching.reach(office, officer, reference)
        if case.holder_wrote_on is None:
            return
        if seen is not None and sealing.next_place(office.session, case.id, "message") > seen:
            raise ActedMeanwhile(
                "Another message came after you had opened this page, so nothing was marked as read. It is among the "
                "messages now."
            )
        case.holder_wrote_on = None
        journal.append(office.session, at=now, actor=officer.id, act=journal.Act.READ, case_id=case.id)

"""What officers do to a case: each act asks the procedure, then writes one transaction.

`revision` is the state of the case that the officer's page showed: if somebody else acted meanwhile the act is
refused with `ActedMeanwhile` and nothing is written. Messages and notes clash with nothing and need none. Every act
raises `NotFound` for a case that is not the officer's to see, `Refused` with the rule's own words, and `NotStored`.
"""

from __future__ import annotations

from datetime import date, datetime

from intake.database import reading, writing
from intake.models import Case
from intake.procedures import moves, permitted, workflow
from intake.procedures.definitions import Kind
from intake.procedures.moves import Move
from intake.procedures.standing import Standing
from intake.services.cases import reaching, timekeeping
from intake.services.ground import journal, notices, sealing
from intake.services.ground.office import Office
from intake.services.ground.press import press_of, was_pressed
from intake.services.ground.refusals import ActedMeanwhile, Refused
from intake.services.ground.roles import WHISTLEBLOWING, Officer


def effects(standing: Standing, move: Move) -> tuple[str, ...]:
    """In words, what an act would do to each deadline. Raises `Refused` when it would be refused."""
    timekeeping.decided(standing, move)
    return tuple(change.words for change in permitted.effect(standing, move))


def acknowledge(office, officer, reference: str, text: str, *, revision: int, now: datetime) -> None:
    """Tell the holder that it has arrived and what happens next."""
    move = moves.Acknowledge(office.today(now))
    _do(office, officer, reference, move, revision, now, letter=("We have received this", text))


def allocate(office, officer: Officer, reference: str, to: str, *, revision: int, now: datetime) -> None:
    """Give the case to somebody who can read it; an officer without that right may take it, no more."""
    if to != officer.id and not officer.role.allocates:
        raise Refused("You can take a case yourself. Giving it to a colleague is for your manager.")
    move = moves.Allocate(office.today(now), to)
    _do(office, officer, reference, move, revision, now, allocated=to)


def extend(
    office, officer, reference: str, deadline: str, until: date, reason: str, *, revision: int, now: datetime
) -> None:
    """Move a deadline within its limit; the holder is told the new date, the reason and where to go."""
    move = moves.Extend(office.today(now), deadline, until, reason)
    _do(office, officer, reference, move, revision, now, letter=("We need longer", reason))


def respond(
    office, officer, reference: str, outcome: str, text: str, reason: str, *, revision: int, now: datetime
) -> None:
    """Answer the stage the case has reached. The final answer names the Ombudsman."""
    move = moves.Respond(office.today(now), outcome, reason)
    _do(office, officer, reference, move, revision, now, letter=("Our answer", text), reason=reason)


def open_next_stage(
    office, officer, reference: str, happened: date | None, reason: str, *, revision: int, now: datetime
) -> None:
    """Take up the holder's request for the next stage, from the day it came."""
    move = moves.OpenNextStage(office.today(now), reason, happened)
    letter = ("Your complaint has moved to the next stage", "We have opened the next stage, as you asked.")
    _do(office, officer, reference, move, revision, now, letter=letter, reason=reason)


def refuse_next_stage(office, officer, reference: str, reason: str, *, revision: int, now: datetime) -> None:
    """Refuse the next stage; the holder is told why and where to go."""
    move = moves.RefuseNextStage(office.today(now), reason)
    _do(office, officer, reference, move, revision, now, letter=("We will not open the next stage", reason))


def record(
    office, officer, reference: str, event: str, happened: date | None, *, revision: int, now: datetime
) -> None:
    """Write down something that took place: a statement agreed, a panel that met."""
    move = moves.Record(office.today(now), event, happened)
    _do(office, officer, reference, move, revision, now)


def pause_clock(office, officer, reference: str, reason: str, *, revision: int, now: datetime) -> None:
    """Stop the clock of an enquiry while consent is awaited."""
    move = moves.PauseClock(office.today(now), reason)
    letter = ("We are waiting for consent", reason)
    _do(office, officer, reference, move, revision, now, letter=letter)


def resume_clock(
    office, officer, reference: str, happened: date | None, *, revision: int, now: datetime
) -> None:
    """Let the clock run again."""
    _do(office, officer, reference, moves.ResumeClock(office.today(now), happened), revision, now)


def set_date(
    office, officer, reference: str, due: date, reason: str, *, revision: int, now: datetime
) -> None:
    """Enter the date from the Ombudsman's letter."""
    move = moves.SetDate(office.today(now), due, reason)
    _do(office, officer, reference, move, revision, now, reason=reason)


def reclassify(
    office, officer: Officer, reference: str, to: str, reason: str, *, revision: int, now: datetime
) -> None:
    """Take the case to another procedure that the same people read; its clock starts from its receipt."""
    if to not in office.catalogue:
        raise Refused("There is no such procedure.")
    procedure = office.catalogue[to]
    with reading(office.session):
        case, _, _ = reaching.reach(office, officer, reference)
        if procedure.reader != office.catalogue[case.procedure].reader:
            raise Refused(
                "That procedure is for other readers. Write to the holder and say where to send it."
            )
    move = moves.Reclassify(office.today(now), procedure, reason)
    _do(office, officer, reference, move, revision, now, reason=reason)


def withdraw(office, officer, reference: str, reason: str, *, revision: int, now: datetime) -> None:
    """Record that it was withdrawn, and confirm it in writing."""
    move = moves.Withdraw(office.today(now), reason)
    letter = (
        "You have withdrawn this",
        "We have closed it, as you asked. You can come back to us at any time.",
    )
    _do(office, officer, reference, move, revision, now, letter=letter, reason=reason)


def close(office, officer, reference: str, reason: str, *, revision: int, now: datetime) -> None:
    """File a case that has been answered."""
    _do(office, officer, reference, moves.Close(office.today(now), reason), revision, now, reason=reason)


def reopen(office, officer, reference: str, reason: str, *, revision: int, now: datetime) -> None:
    """Take a closed case up again."""
    move = moves.Reopen(office.today(now), reason)
    _do(office, officer, reference, move, revision, now, reason=reason)


def write(office, officer, reference: str, text: str, *, token: str, now: datetime) -> None:
    """A message to the holder; the same token is stored once."""
    _do(office, officer, reference, moves.Write(office.today(now)), None, now, letter=("", text), token=token)


def note(office, officer, reference: str, text: str, *, token: str, now: datetime) -> None:
    """An internal note, which the holder never sees; the same token is stored once."""
    _do(office, officer, reference, moves.Note(office.today(now)), None, now, note=text, token=token)


def mark_read(office, officer, reference: str, *, now: datetime) -> None:
    """The holder's message has been read."""
    with writing(office.session):
        case, _, _ = reaching.reach(office, officer, reference)
        case.holder_wrote_on = None
        journal.append(office.session, at=now, actor=officer.id, act="read", case_id=case.id)


def _do(
    office: Office,
    officer: Officer,
    reference: str,
    move: Move,
    revision: int | None,
    now: datetime,
    *,
    token: str = "",
    letter: tuple[str, str] | None = None,
    reason: str = "",
    note: str = "",
    allocated: str = "",
) -> None:
    session, on = office.session, office.today(now)
    with writing(session):
        case, key, _ = reaching.reach(office, officer, reference)
        press = press_of(case.id, token) if token else None
        if press and was_pressed(session, press):
            return
        if revision is not None:
            _check_revision(case, revision)
        before = timekeeping.standing(office, case)
        after = timekeeping.decided(before, move)
        if allocated and allocated not in {member.id for member in reaching.handlers_of(session, case.id)}:
            raise Refused("That person cannot read this case, so it cannot be given to them.")
        if after is not before:
            timekeeping.keep(office, case, before, after, on=on)
        by = officer.id
        if letter:
            content = {"heading": letter[0], "text": letter[1] + _told_besides(office, before, after, move)}
            sealing.add_record(session, key, case, "message", content, on=on, by=by, press=press)
            case.holder_wrote_on = None
        if reason:
            content = {"act": _act(move), "text": reason}
            sealing.add_record(session, key, case, "reason", content, on=on, by=by)
        if note:
            sealing.add_record(session, key, case, "note", {"text": note}, on=on, by=by, press=press)
        journal.append(session, at=now, actor=by, act=_act(move), case_id=case.id, **_told(move))
        if allocated and allocated != officer.id:
            notices.tell(office, allocated, "allocated", now=now)


def _check_revision(case: Case, revision: int) -> None:
    if case.revision != revision:
        raise ActedMeanwhile(
            "Somebody else changed this case while you were working on it. Nothing of yours was lost or done: "
            "look at the case as it is now, then decide again."
        )


def _told_besides(office: Office, before: Standing, after: Standing, move: Move) -> str:
    """What a letter must say whatever the officer wrote: outcome, new date, next stage, and the Ombudsman."""
    told, version = "", before.version
    if isinstance(move, moves.Extend):
        told += f"\n\n{version.limit(move.deadline).label}: the new date is {move.until:%-d %B %Y}."
    if isinstance(move, moves.Respond) and office.catalogue[version.procedure].reader != WHISTLEBLOWING:
        told += f"\n\nOutcome: {version.outcome(move.outcome).label.lower()}."
    if isinstance(move, moves.Respond) and after.settled and after.next_stage:
        told += f"\n\nIf you do not agree, you can ask for “{after.next_stage.label}” with your receipt code"
        opens = version.own_event(Kind.OPEN_STAGE, after.next_stage.id).id
        by = [known.due for known in after.deadlines if opens in version.limit(known.id).met_by]
        told += f", if you can by {min(by):%-d %B %Y}." if by else "."
    if workflow.needs_signpost(before, move):
        told += f"\n\n{version.signpost.words}"  # type: ignore[union-attr]  # then there is one
    return told


def _act(move: Move) -> str:
    return {"Allocate": "allocated"}.get(type(move).__name__, _hyphened(type(move).__name__))


def _hyphened(name: str) -> str:
    return "".join(f"-{sign.lower()}" if sign.isupper() else sign for sign in name).lstrip("-")


def _told(move: Move) -> dict:
    """The clear facts of a move: never what somebody wrote."""
    told = {}
    for name in ("deadline", "until", "outcome", "event", "happened", "due"):
        value = getattr(move, name, None)
        if value is not None:
            told[name] = str(value)
    if isinstance(move, moves.Allocate):
        told["staff"] = move.to
    if isinstance(move, moves.Reclassify):
        told["procedure"] = move.to.id
    return told

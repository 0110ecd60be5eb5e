"""Every act on a case: one record each, of what casework does with a move that the rules allow. `acting` does it.

To add an act: its move (`procedures.moves`, decided in `workflow`, offered in `permitted`), its record here, and its
words in `web/staff/casework/act_words`. A move without a record, and a record without a part, do not load.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from intake.procedures import at_the_door, moves, outlook, workflow
from intake.procedures.moves import Move
from intake.procedures.permitted import Offer
from intake.services.cases import concerns, reaching, words
from intake.services.ground import journal
from intake.services.ground.office import Office
from intake.services.ground.roles import Right, Role
from intake.services.inquiries import closing
from intake.services.points import agreeing, answering

from . import appointing, reviewing
from .act_parts import Act, Kept, Letter, Turn, facts, never, no_facts, nobody, nothing, why


def _given_to_a_reader(turn: Turn[moves.Allocate]) -> str:
    """An officer without the right to allocate may take a case, no more."""
    to = turn.move.to
    if to != turn.officer.id and not turn.officer.role.may(Right.ALLOCATE):
        return "You can take a case yourself. Giving it to a colleague is for your manager."
    handlers = {member.id for member in reaching.handlers_of(turn.office.session, turn.case.id)}
    return "" if to in handlers else "That person cannot read this case, so it cannot be given to them."


def _other_readers(turn: Turn[moves.Reclassify]) -> str:
    here = turn.office.catalogue[turn.before.version.procedure]
    if turn.move.to.reader == here.reader:
        return ""
    return "That procedure is for other readers. Write to the holder and say where to send it."


def _good_reason(turn: Turn[moves.Extend]) -> str:
    """Why a date lies further than the rule allows without good reason: the rule wants the holder to be told."""
    if not turn.move.good_reason:
        return ""
    limit = turn.before.version.limit(turn.move.deadline)
    longer = limit.extension.add if limit.extension and limit.extension.add else None
    rule = f"up to {longer} working days more" if longer else "without good reason"
    return (
        f"\n\nThis is longer than the rules allow as a rule ({rule}). Our reason:\n\n{turn.move.good_reason}"
    )


def _new_date(turn: Turn[moves.Extend]) -> str:
    label = turn.before.version.limit(turn.move.deadline).label
    return f"\n\n{words.new_date(label, turn.move.until)}"


def _what_was_agreed(turn: Turn[moves.Record]) -> Letter | None:
    """What sends the holder to the Ombudsman is told to them, and what they agreed to."""
    event, text = turn.before.version.event(turn.move.event), turn.move.reason
    if event.statement:
        return Letter(event.label, agreeing.in_words(text, turn.complaint))
    return Letter(event.label, text) if event.signposts else None


def _no_statement(turn: Turn[moves.Record]) -> str:
    return agreeing.why_not(turn.before.version.event(turn.move.event), turn.move.reason, turn.complaint)


def _not_to_be_sent(turn: Turn[moves.Respond]) -> str:
    """It goes through each point, contradicts no finding of an inquiry, and whoever answered an earlier stage says why
    they answer this one too.
    """
    if contradicts := closing.contradicts(turn.office, turn.case, turn.key, turn.before, turn.move):
        return contradicts
    if left_out := answering.why_not(turn.before.version, turn.move, turn.complaint):
        return left_out
    session, staff = turn.office.session, turn.officer.id
    if turn.move.own or not reviewing.answered_before(session, turn.case.id, turn.before, staff):
        return ""
    return f"{reviewing.WARNING} Give the reason, or leave it to a colleague."


def _why_so_and_by_whom(turn: Turn[moves.Respond]) -> Kept | None:
    """Why this outcome; and, where somebody reviews their own answer, why."""
    own = f"Why whoever answered before reviews it: {turn.move.own}" if turn.move.own else ""
    return why("\n\n".join(part for part in (turn.move.reason, own) if part))


def _not_on_the_list(turn: Turn[moves.RefuseAtTheDoor]) -> str:
    listed = at_the_door.grounds(turn.office.settings.refusal_grounds)
    return (
        "" if turn.move.ground in listed else "That reason is not on the list any more. Choose another one."
    )


def _why_refused(turn: Turn[moves.RefuseAtTheDoor]) -> str:
    ground = at_the_door.grounds(turn.office.settings.refusal_grounds)[turn.move.ground]
    return f"{ground}.\n\n{turn.move.reason}"


def _outcome_and_way_on(turn: Turn[moves.Respond]) -> str:
    version = turn.before.version
    told = answering.in_the_letter(version, turn.move, turn.complaint)
    if not concerns.is_one(turn.office.catalogue[version.procedure]):
        told += f"\n\nOutcome: {version.outcome(turn.move.outcome).label.lower()}."
    return told + outlook.way_on(turn.after)


def letter_of(turn: Turn[Any]) -> Letter | None:
    """The letter that goes with an act; the Ombudsman is named wherever a rule says so, whatever the officer wrote."""
    letter, signpost = act_of(turn.move).letter(turn), turn.before.version.signpost
    if letter and signpost and workflow.needs_signpost(turn.before, turn.move):
        return Letter(letter.heading, f"{letter.text}\n\n{signpost.words}")
    return letter


_RECORDS = (  # each typed by its own move
    Act(
        moves.Acknowledge,
        right=Right.WORK_CASES,
        journal=journal.Act.ACKNOWLEDGE,
        told=no_facts,
        clashes=True,
        forbids=never,
        letter=lambda turn: Letter("We have received this", turn.text),
        keeps=nothing,
        hears=nobody,
    ),
    Act(
        moves.Allocate,
        right=Right.WORK_CASES,
        journal=journal.Act.ALLOCATED,
        told=lambda move: facts(staff=move.to),
        clashes=True,
        forbids=_given_to_a_reader,
        letter=nothing,
        keeps=nothing,
        hears=lambda move: move.to,
    ),
    Act(
        moves.Extend,
        right=Right.WORK_CASES,
        journal=journal.Act.EXTEND,
        told=lambda move: facts(
            deadline=move.deadline, until=move.until, beyond="yes" if move.good_reason else None
        ),
        clashes=True,
        forbids=never,
        letter=lambda turn: Letter("We need longer", turn.move.reason + _good_reason(turn) + _new_date(turn)),
        keeps=nothing,
        hears=nobody,
    ),
    Act(
        moves.Respond,
        right=Right.WORK_CASES,
        journal=journal.Act.RESPOND,
        told=lambda move: facts(outcome=move.outcome, own="yes" if move.own else None),
        clashes=True,
        forbids=_not_to_be_sent,
        letter=lambda turn: Letter("Our answer", turn.text + _outcome_and_way_on(turn)),
        keeps=_why_so_and_by_whom,
        hears=nobody,
    ),
    Act(
        moves.OpenNextStage,
        right=Right.WORK_CASES,
        journal=journal.Act.OPEN_NEXT_STAGE,
        told=lambda move: facts(happened=move.happened),
        clashes=True,
        forbids=never,
        letter=lambda turn: Letter(
            "Your complaint has moved to the next stage",
            "We have opened the next stage, as you asked." + words.by_when(outlook.dates_owed(turn.after)),
        ),
        keeps=lambda turn: why(turn.move.reason),
        hears=nobody,
    ),
    Act(
        moves.RefuseNextStage,
        right=Right.WORK_CASES,
        journal=journal.Act.REFUSE_NEXT_STAGE,
        told=no_facts,
        clashes=True,
        forbids=never,
        letter=lambda turn: Letter("We will not open the next stage", turn.move.reason),
        keeps=nothing,
        hears=nobody,
    ),
    Act(
        moves.RefuseAtTheDoor,
        right=Right.WORK_CASES,
        journal=journal.Act.REFUSE,
        told=lambda move: facts(ground=move.ground),
        clashes=True,
        forbids=_not_on_the_list,
        letter=lambda turn: Letter("We do not take this on as a complaint", _why_refused(turn)),
        keeps=nothing,
        hears=nobody,
    ),
    Act(
        moves.Record,
        right=Right.WORK_CASES,
        journal=journal.Act.RECORD,
        told=lambda move: facts(event=move.event, happened=move.happened),
        clashes=True,
        forbids=_no_statement,
        letter=_what_was_agreed,
        keeps=nothing,
        hears=nobody,
    ),
    Act(
        moves.Appoint,
        right=Right.WORK_CASES,
        journal=journal.Act.APPOINT,
        told=lambda move: facts(
            event=move.event, happened=move.happened, again="yes" if move.reason else None
        ),
        clashes=True,
        forbids=lambda turn: appointing.why_not(turn.before.version, turn.move, turn.appointed),
        letter=nothing,
        keeps=lambda turn: Kept(appointing.KIND, turn.move.reason, appointing.content(turn.move)),
        hears=nobody,
    ),
    Act(
        moves.PauseClock,
        right=Right.WORK_CASES,
        journal=journal.Act.PAUSE_CLOCK,
        told=no_facts,
        clashes=True,
        forbids=never,
        letter=lambda turn: Letter("We are waiting for consent", turn.move.reason),
        keeps=nothing,
        hears=nobody,
    ),
    Act(
        moves.ResumeClock,
        right=Right.WORK_CASES,
        journal=journal.Act.RESUME_CLOCK,
        told=lambda move: facts(happened=move.happened),
        clashes=True,
        forbids=never,
        letter=nothing,
        keeps=nothing,
        hears=nobody,
    ),
    Act(
        moves.SetDate,
        right=Right.WORK_CASES,
        journal=journal.Act.SET_DATE,
        told=lambda move: facts(due=move.due),
        clashes=True,
        forbids=never,
        letter=nothing,
        keeps=lambda turn: why(turn.move.reason),
        hears=nobody,
    ),
    Act(
        moves.Reclassify,
        right=Right.WORK_CASES,
        journal=journal.Act.RECLASSIFY,
        told=lambda move: facts(procedure=move.to.id),
        clashes=True,
        forbids=_other_readers,
        letter=nothing,
        keeps=lambda turn: why(turn.move.reason),
        hears=nobody,
    ),
    Act(
        moves.Withdraw,
        right=Right.WORK_CASES,
        journal=journal.Act.WITHDRAW,
        told=no_facts,
        clashes=True,
        forbids=never,
        letter=lambda turn: Letter(
            "You have withdrawn this",
            "We have closed it, as you asked. You can come back to us at any time.",
        ),
        keeps=lambda turn: why(turn.move.reason),
        hears=nobody,
    ),
    Act(
        moves.Close,
        right=Right.WORK_CASES,
        journal=journal.Act.CLOSE,
        told=no_facts,
        clashes=True,
        forbids=lambda turn: closing.why_not_closed(turn.office, turn.case, turn.key, turn.before),
        letter=nothing,
        keeps=lambda turn: why(turn.move.reason),
        hears=nobody,
    ),
    Act(
        moves.TakeUpAgain,
        right=Right.WORK_CASES,
        journal=journal.Act.TAKE_UP_AGAIN,
        told=no_facts,
        clashes=True,
        forbids=never,
        letter=lambda turn: Letter("We are looking at this again", turn.text),
        keeps=lambda turn: why(turn.move.reason),
        hears=nobody,
    ),
    Act(
        moves.Reopen,
        right=Right.WORK_CASES,
        journal=journal.Act.REOPEN,
        told=no_facts,
        clashes=True,
        forbids=never,
        letter=nothing,
        keeps=lambda turn: why(turn.move.reason),
        hears=nobody,
    ),
    Act(
        moves.Write,
        right=Right.WORK_CASES,
        journal=journal.Act.WRITE,
        told=no_facts,
        clashes=False,
        forbids=never,
        letter=lambda turn: Letter("", turn.text),
        keeps=nothing,
        hears=nobody,
    ),
    Act(
        moves.Note,
        right=Right.READ_CASES,
        journal=journal.Act.NOTE,
        told=no_facts,
        clashes=False,
        forbids=never,
        letter=nothing,
        keeps=lambda turn: Kept("note", turn.text),
        hears=nobody,
    ),
)
ACTS: tuple[Act[Any], ...] = _RECORDS
_BY_MOVE = {act.move: act for act in ACTS}
BY_WORD = {move.word: _BY_MOVE[move] for move in moves.ALL}


def act_of(move: Move) -> Act[Any]:
    """The record of the act that a move is."""
    return _BY_MOVE[type(move)]


def open_to(role: Role, offers: Iterable[Offer]) -> Iterator[Offer]:
    """Of the acts on offer those that a role may do."""
    return (offer for offer in offers if role.may(_BY_MOVE[offer.move].right))


def as_the_authority_asks(office: Office, offers: Iterable[Offer]) -> Iterator[Offer]:
    """The acts on offer; a refusal at the door with the authority's own list of reasons."""
    listed = tuple(at_the_door.grounds(office.settings.refusal_grounds).items())
    for offer in offers:
        if offer.move is moves.RefuseAtTheDoor:
            asks = (
                replace(field, choices=listed) if field.name == "ground" else field for field in offer.fields
            )
            offer = replace(offer, fields=tuple(asks))
        yield offer

"""Every act in words: one record each, of all that a person reads of it and of how what they type becomes its move.

An act of `services.casework.acts` without a record here does not load, nor does a record without a part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from intake.procedures import moves
from intake.procedures.definitions import Procedure
from intake.procedures.moves import Move
from intake.procedures.people import Named
from intake.procedures.permitted import Offer
from intake.procedures.points import Answered
from intake.procedures.working_days import Calendar
from intake.services.casework import acts, case_page
from intake.services.casework.case_page import CasePage

from . import first_letters

M = TypeVar("M", bound=Move)

KEPT_INSIDE = "For the record: officers alone read this."
READ_BY_THE_HOLDER = "The holder reads this."
LETTERS, DATES, PEOPLE, ENDING = GROUPS = (
    "Letters, answers and notes",
    "Dates, and what took place",
    "People",
    "Ending it, or moving it elsewhere",
)


@dataclass(frozen=True)
class Typed:
    """What an officer typed, by the rules' names. What a form did not ask for is empty, and a date is today.

    `subject`: the deadline or the event that the address names. `procedure`: the one that was chosen.
    """

    on: date
    subject: str
    to: str
    outcome: str
    ground: str
    reason: str
    good_reason: str
    own: str
    happened: date | None
    until: date
    due: date
    procedure: Procedure
    people: tuple[Named, ...]
    points: tuple[Answered, ...]


@dataclass(frozen=True)
class Writing:
    """The letter, message or note that goes with an act: its label, what is said where it is missing, its lines.

    `to_be_filled_in`: what it begins with may not be sent as it is.
    """

    label: str
    missing: str
    rows: int
    begins: Callable[[CasePage, Procedure, Calendar, date], str]
    to_be_filled_in: bool = False


@dataclass(frozen=True)
class Words(Generic[M]):
    """An act in words. Nothing has a default: each part has to be thought of.

    `group`: among which acts it stands on a case. `title`: round the rules' own label. `press`: on the button. `done`:
    on the page of the case afterwards. `reason_hint`: who reads the reason; `reason_kept`: what is said of it
    among the notes, empty where none is kept.
    """

    move: type[M]
    typed: Callable[[Typed], M]
    has_subject: bool
    group: str
    title: str
    press: str
    done: str
    writing: Writing | None
    reason_hint: str
    reason_kept: str


_RECORDS = (  # each typed by its own move
    Words(
        moves.Acknowledge,
        typed=lambda typed: moves.Acknowledge(typed.on),
        has_subject=False,
        group=LETTERS,
        title="{}",
        press="Send the acknowledgement",
        done="It was acknowledged. The holder reads the letter with the receipt code; post it to whoever cannot.",
        writing=Writing("Letter to the holder", "Write the letter", 12, first_letters.acknowledgement),
        reason_hint=KEPT_INSIDE,
        reason_kept="",
    ),
    Words(
        moves.Allocate,
        typed=lambda typed: moves.Allocate(typed.on, typed.to),
        has_subject=False,
        group=PEOPLE,
        title="{}",
        press="Allocate it",
        done="It was allocated.",
        writing=None,
        reason_hint=KEPT_INSIDE,
        reason_kept="",
    ),
    Words(
        moves.Extend,
        typed=lambda typed: moves.Extend(
            typed.on, typed.subject, typed.until, typed.reason, typed.good_reason
        ),
        has_subject=True,
        group=DATES,
        title="{}",
        press="Move the date and send the letter",
        done="The date was moved, and the holder is told.",
        writing=None,
        reason_hint="The holder reads this, with the new date under it.",
        reason_kept="",
    ),
    Words(
        moves.Respond,
        typed=lambda typed: moves.Respond(typed.on, typed.outcome, typed.reason, typed.own, typed.points),
        has_subject=False,
        group=LETTERS,
        title="Write the answer",
        press="Send the answer",
        done="The answer was recorded. The holder reads it with the receipt code; post it to whoever cannot.",
        writing=Writing(
            "Letter to the holder", "Write the letter", 18, first_letters.answer, to_be_filled_in=True
        ),
        reason_hint=KEPT_INSIDE,
        reason_kept="why this outcome",
    ),
    Words(
        moves.OpenNextStage,
        typed=lambda typed: moves.OpenNextStage(typed.on, typed.reason, typed.happened),
        has_subject=False,
        group=LETTERS,
        title="{}",
        press="Open the next stage",
        done="The next stage is open, and the holder is told.",
        writing=None,
        reason_hint=KEPT_INSIDE,
        reason_kept="why the next stage was opened",
    ),
    Words(
        moves.RefuseNextStage,
        typed=lambda typed: moves.RefuseNextStage(typed.on, typed.reason),
        has_subject=False,
        group=LETTERS,
        title="{}",
        press="Refuse and send the letter",
        done="The next stage was refused, and the holder is told why.",
        writing=None,
        reason_hint=READ_BY_THE_HOLDER,
        reason_kept="",
    ),
    Words(
        moves.RefuseAtTheDoor,
        typed=lambda typed: moves.RefuseAtTheDoor(typed.on, typed.ground, typed.reason),
        has_subject=False,
        group=ENDING,
        title="{}",
        press="Refuse it, send the letter and close",
        done="It was refused at the door. The holder reads why, and where to go next; post it to whoever cannot.",
        writing=None,
        reason_hint=READ_BY_THE_HOLDER,
        reason_kept="",
    ),
    Words(
        moves.Record,
        typed=lambda typed: moves.Record(typed.on, typed.subject, typed.happened, typed.reason),
        has_subject=True,
        group=DATES,
        title="{}",
        press="Record it",
        done="It was recorded.",
        writing=None,
        reason_hint=READ_BY_THE_HOLDER,
        reason_kept="",
    ),
    Words(
        moves.Appoint,
        typed=lambda typed: moves.Appoint(
            typed.on, typed.subject, typed.people, typed.happened, typed.reason
        ),
        has_subject=True,
        group=PEOPLE,
        title="{}",
        press="Record it",
        done="It was recorded, with what was declared. The holder does not hear of it by itself: write to them.",
        writing=None,
        reason_hint=KEPT_INSIDE,
        reason_kept="",
    ),
    Words(
        moves.PauseClock,
        typed=lambda typed: moves.PauseClock(typed.on, typed.reason),
        has_subject=False,
        group=DATES,
        title="{}",
        press="Pause the clock and send the letter",
        done="The clock is paused, and the holder is told.",
        writing=None,
        reason_hint=READ_BY_THE_HOLDER,
        reason_kept="",
    ),
    Words(
        moves.ResumeClock,
        typed=lambda typed: moves.ResumeClock(typed.on, typed.happened),
        has_subject=False,
        group=DATES,
        title="{}",
        press="Let the clock run",
        done="The clock runs again.",
        writing=None,
        reason_hint=KEPT_INSIDE,
        reason_kept="",
    ),
    Words(
        moves.SetDate,
        typed=lambda typed: moves.SetDate(typed.on, typed.due, typed.reason),
        has_subject=False,
        group=DATES,
        title="{}",
        press="Enter the date",
        done="The date was entered.",
        writing=None,
        reason_hint=KEPT_INSIDE,
        reason_kept="why the date was changed",
    ),
    Words(
        moves.Reclassify,
        typed=lambda typed: moves.Reclassify(typed.on, typed.procedure, typed.reason),
        has_subject=False,
        group=ENDING,
        title="{}",
        press="Move it",
        done="It was moved to the other procedure.",
        writing=None,
        reason_hint=KEPT_INSIDE,
        reason_kept="why it was moved to another procedure",
    ),
    Words(
        moves.Withdraw,
        typed=lambda typed: moves.Withdraw(typed.on, typed.reason),
        has_subject=False,
        group=ENDING,
        title="{}",
        press="Record and close",
        done="It was recorded as withdrawn, and the holder has it in writing.",
        writing=None,
        reason_hint=KEPT_INSIDE,
        reason_kept="why it was withdrawn",
    ),
    Words(
        moves.Close,
        typed=lambda typed: moves.Close(typed.on, typed.reason),
        has_subject=False,
        group=ENDING,
        title="{}",
        press="Close the case",
        done="The case was closed.",
        writing=None,
        reason_hint=KEPT_INSIDE,
        reason_kept="why it was closed",
    ),
    Words(
        moves.TakeUpAgain,
        typed=lambda typed: moves.TakeUpAgain(typed.on, typed.reason),
        has_subject=False,
        group=ENDING,
        title="{}",
        press="Take it up again",
        done="The case is open again and waits for a new answer. Until then the answer that was given stands.",
        writing=Writing("Letter to the holder", "Write the letter", 8, first_letters.taken_up_again),
        reason_hint=KEPT_INSIDE,
        reason_kept="why it was taken up again",
    ),
    Words(
        moves.Reopen,
        typed=lambda typed: moves.Reopen(typed.on, typed.reason),
        has_subject=False,
        group=ENDING,
        title="{}",
        press="Reopen the case",
        done="The case is open again.",
        writing=None,
        reason_hint=KEPT_INSIDE,
        reason_kept="why it was reopened",
    ),
    Words(
        moves.Write,
        typed=lambda typed: moves.Write(typed.on),
        has_subject=False,
        group=LETTERS,
        title="{}",
        press="Send the message",
        done="The message was sent.",
        writing=Writing("Message to the holder", "Write the message", 8, first_letters.nothing),
        reason_hint=KEPT_INSIDE,
        reason_kept="",
    ),
    Words(
        moves.Note,
        typed=lambda typed: moves.Note(typed.on),
        has_subject=False,
        group=LETTERS,
        title="{}",
        press="Keep the note",
        done="The note was made.",
        writing=Writing("Note", "Write the note", 8, first_letters.nothing),
        reason_hint=KEPT_INSIDE,
        reason_kept="",
    ),
)
WORDS: tuple[Words[Any], ...] = _RECORDS
_BY_MOVE = {words.move: words for words in WORDS}
BY_WORD = {word: _BY_MOVE[act.move] for word, act in acts.BY_WORD.items()}

# What is said of a reason among the notes: of acts, and of the opening that no rule knows.
REASONS = {words.move.word: words.reason_kept for words in WORDS if words.reason_kept} | {
    "opened-identity": "why the identity was opened"
}
DONE = {words.move.word: words.done for words in WORDS} | {
    "summary": "These words stand in the next report to the committee.",
    "about": "It is kept, and the figures follow.",
    "triage": "It was triaged. What was found out stands on this page.",
    "statement": "The statement reads as it was agreed now, and the holder is told.",
    "read": "The messages were marked as read.",
    "linked": "They are linked, and each of the two says so.",
    "unlinked": "The link was removed from both cases.",
}


def done(act: str, page: CasePage) -> str:
    """What is said of an act once it is done; of one that opens a case again, what can follow."""
    told = DONE.get(act, "")
    if act == moves.OpenNextStage.word and not page.handler_id:
        return f"{told} Nobody has it now: give it to somebody who did not answer the stage before."
    if act != moves.Reopen.word:
        return told
    if not page.standing.settled:
        return f"{told} It stands where it stood before, and its dates run."
    following = page.standing.next_stage
    instead = (
        f", or open “{following.label}”" if following else ". There is no further stage in this procedure"
    )
    return f"{told} The answer given stands: write to the holder{instead}."


def in_groups(offers: Iterable[Offer]) -> list[tuple[str, list[Offer]]]:
    """The acts by what they are about, in the order in which somebody looks for them."""
    known = list(offers)
    found = [(group, [offer for offer in known if of(offer).group == group]) for group in GROUPS]
    return [(group, acts) for group, acts in found if acts]


def of(offer: Offer) -> Words[Any]:
    """The words of what is offered."""
    return _BY_MOVE[offer.move]


def first_draft(offer: Offer, page: CasePage, procedure: Procedure, calendar: Calendar, today: date) -> str:
    """A plain letter to begin with; empty where nothing can be said beforehand."""
    writing = of(offer).writing
    return writing.begins(page, procedure, calendar, today) if writing else ""


def title(offer: Offer) -> str:
    """What the act is called where somebody chooses it."""
    return of(offer).title.format(offer.label)


def promise(offer: Offer, page: CasePage, today: date) -> str:
    """What is added whatever the officer writes, so that nobody types it a second time."""
    each = "Each point with what was decided, and why. " if any(one.point for one in offer.fields) else ""
    following = page.standing.next_stage
    if offer.signposts:
        return f"{each}{page.signpost}"
    if not page.signpost or offer.move is not moves.Respond or following is None:
        return each.strip()
    by = case_page.ask_by(page, today)
    return f"{each}The outcome, and how to ask for “{following.label}”" + (
        f", if they can by {by:%-d %B %Y}." if by else "."
    )

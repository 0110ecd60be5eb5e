"""What a page may offer on a day, and what each act would do to the clock before it is done.

An act is offered exactly when `decide` would accept it, so a page never shows a door that is locked.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from . import at_the_door
from .at_the_door import GROUNDS
from .clock import Deadline
from .definitions import Event, Kind, Stage
from .happening import may_be_given_until
from .moves import (
    Acknowledge,
    Allocate,
    Appoint,
    Close,
    Extend,
    Move,
    Note,
    OpenNextStage,
    PauseClock,
    Record,
    Refusal,
    RefuseAtTheDoor,
    RefuseNextStage,
    Reopen,
    Respond,
    ResumeClock,
    SetDate,
    TakeUpAgain,
    Withdraw,
    Write,
)
from .people import CONNECTIONS, NONE, POSTS, Named, Post
from .standing import Standing
from .workflow import decide, needs_signpost
from .working_days import say


@dataclass(frozen=True, slots=True)
class Field:
    """One thing an act asks for. `name` is the move's own; `kind` is "text", "name", "date", "choice" or "person".

    `choices` are (id, label) pairs; `reason_for` names those of them that need a reason. Dates lie between
    `earliest` and `latest`, each None where nothing is fixed; `beyond`: later than `latest` too, with good reason.
    `needed_after`: this text is needed where the date is later than that. `point`: the number of the point of complaint
    that it is about, with `hint`, what is said of it; `long`: this text is as long as a letter.
    """

    name: str
    label: str
    kind: str
    required: bool = True
    choices: tuple[tuple[str, str], ...] = ()
    reason_for: tuple[str, ...] = ()
    earliest: date | None = None
    latest: date | None = None
    beyond: bool = False
    needed_after: date | None = None
    point: int = 0
    hint: str = ""
    long: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """An act that is possible. `subject`: the deadline to extend, or the event to record; else empty.

    `signposts`: the letter that goes with it always carries the Ombudsman's details.
    """

    move: type[Move]
    label: str
    fields: tuple[Field, ...] = ()
    subject: str = ""
    note: str = ""
    signposts: bool = False

    @property
    def act(self) -> str:
        """The move's word."""
        return self.move.word


@dataclass(frozen=True, slots=True)
class Change:
    """What a move does to one deadline: its date before and after (None: it was not, or is no longer,
    there).
    """

    deadline: str
    label: str
    before: date | None
    after: date | None
    words: str


_REASON = Field("reason", "Reason", "text")


def offered(standing: Standing, today: date, *, act: str = "") -> tuple[Offer, ...]:
    """The acts that are possible on a day, each with what it asks for; `act`: those of one kind alone."""
    return tuple(
        offer
        for offer, sample in _candidates(standing, today)
        if offer.act == (act or offer.act) and not isinstance(decide(standing, sample), Refusal)
    )


def effect(standing: Standing, move: Move) -> tuple[Change, ...]:
    """What the move would do to each deadline that it touches; nothing when it would be refused."""
    after = decide(standing, move)
    if isinstance(after, Refusal):
        return ()
    old = {deadline.id: deadline for deadline in standing.deadlines}
    new = {deadline.id: deadline for deadline in after.deadlines}
    if after.version is not standing.version:
        gone = [Change(d.id, d.label, d.due, None, f"“{d.label}” falls away.") for d in old.values()]
        return (*gone, *(_change(None, deadline) for deadline in new.values()))
    if isinstance(move, Appoint):
        return _arranged(after, move)
    changes = [_change(old.get(key), deadline) for key, deadline in new.items() if old.get(key) != deadline]
    return tuple(change for change in changes if change.words)


def _arranged(after: Standing, move: Appoint) -> tuple[Change, ...]:
    """How the day that is arranged stands to the date by which it is due."""
    event = after.version.event(move.event)
    told = []
    for deadline in after.deadlines:
        if event.arranges in after.version.limit(deadline.id).met_by and deadline.met_on is None:
            day, due = after.events[event.id], deadline.due
            late = after.calendar.between(due, day) if day > due else 0
            how = f"{late} working day{'' if late == 1 else 's'} after" if day > due else "in time for"
            words = f"“{deadline.label}” stays due {say(due)}: {say(day)} is {how} it."
            told.append(Change(deadline.id, deadline.label, due, due, words))
    return tuple(told)


def _candidates(standing: Standing, today: date) -> Iterator[tuple[Offer, Move]]:
    version, next_stage = standing.version, standing.next_stage
    yield Offer(Acknowledge, "Acknowledge"), Acknowledge(today)
    yield (
        Offer(Allocate, "Allocate", (Field("to", "Handler", "person"),)),
        Allocate(today, "\0somebody else"),
    )
    yield from _answers(standing, today)
    for deadline in standing.deadlines:
        yield from _extensions(standing, deadline, today)
    for event in version.events:
        if event.names:
            yield _appointment(standing, event, POSTS[event.names], today)
        elif event.kind is Kind.RECORD:
            yield _recording(standing, event, today)
    if next_stage:
        plain = OpenNextStage(today)
        late = isinstance(decide(standing, plain), Refusal)
        answered = standing.events.get(version.own_event(Kind.OPEN_STAGE, next_stage.id).follows or "")
        asks = (
            _day("happened", "Date of the request", answered, today),
            Field("reason", "Reason", "text", late),
        )
        yield (
            Offer(OpenNextStage, f"Open “{next_stage.label}”", asks),
            OpenNextStage(today, "-") if late else plain,
        )
        refuse = RefuseNextStage(today, "-")
        signposts = needs_signpost(standing, refuse)
        yield (
            Offer(
                RefuseNextStage,
                f"Refuse “{next_stage.label}”",
                (_REASON,),
                note=_of_lateness(standing, next_stage, today),
                signposts=signposts,
            ),
            refuse,
        )
    refuse_it = RefuseAtTheDoor(today, next(iter(GROUNDS)), "-")
    yield (
        Offer(
            RefuseAtTheDoor,
            "Refuse it at the door",
            (Field("ground", "Why it is not taken on", "choice", choices=tuple(GROUNDS.items())), _REASON),
            note=at_the_door.NOTE,
            signposts=needs_signpost(standing, refuse_it),
        ),
        refuse_it,
    )
    yield Offer(PauseClock, "Pause the clock while consent is awaited", (_REASON,)), PauseClock(today, "-")
    since = standing.open_pause.since if standing.open_pause else None
    resumed = (_day("happened", "Date on which consent came", since, today),)
    yield Offer(ResumeClock, "Let the clock run again", resumed), ResumeClock(today)
    set_before = any(e.kind is Kind.SET_DATE and e.id in standing.events for e in version.events)
    letter = (
        Field("due", "Due date", "date", earliest=today if set_before else standing.events["received"]),
        Field("reason", "Reason", "text", set_before),
    )
    yield (
        Offer(SetDate, "Enter the due date from the letter", letter),
        SetDate(today, _another(standing, today), "-"),
    )
    yield Offer(Withdraw, "Record that it was withdrawn", (_REASON,)), Withdraw(today, "-")
    if standing.closed_on is None:
        yield Offer(Close, "Close", (_REASON,)), Close(today, "-")
    yield Offer(TakeUpAgain, "Take it up again for a new answer", (_REASON,)), TakeUpAgain(today, "-")
    yield Offer(Reopen, "Reopen", (_REASON,)), Reopen(today, "-")
    yield Offer(Write, "Write to the holder"), Write(today)
    yield Offer(Note, "Make an internal note"), Note(today)


def _recording(standing: Standing, event: Event, today: date) -> tuple[Offer, Move]:
    asks = [_day("happened", "Date", standing.events.get(event.follows or ""), today)]
    if event.signposts:
        asks.append(Field("reason", "What was agreed, and by whom on each side", "text"))
    if event.statement:
        asks.append(Field("reason", "The statement, as it was agreed", "text", False, long=True))
    move = Record(today, event.id, reason="-" if event.signposts else "")
    signposts = needs_signpost(standing, move)
    return Offer(Record, f"Record: {event.label}", tuple(asks), event.id, signposts=signposts), move


def _appointment(standing: Standing, event: Event, post: Post, today: date) -> tuple[Offer, Move]:
    before, again = standing.events.get(event.follows or ""), event.id in standing.events
    asks: list[Field] = []
    for number in range(1, post.number + 1):
        who = "Name" if post.number == 1 else f"Name of member {number}"
        asks.append(Field(f"name{number}", who, "name"))
        if post.independent:
            label = "What they declare" if post.number == 1 else f"What member {number} declares"
            asks.append(Field(f"connection{number}", label, "choice", choices=tuple(CONNECTIONS.items())))
    if event.kind is Kind.ARRANGE:
        asks.append(Field("happened", "Day on which they meet", "date", earliest=before))
    elif not again:
        asks.append(_day("happened", "Date of the appointment", before, today))
    if again:
        asks.append(_REASON)
    label = f"Change: {post.label.lower()}" if again else post.act
    sample = tuple(Named(f"\0{number}", NONE) for number in range(post.number))
    move = Appoint(today, event.id, sample, reason="-" if again else "")
    return Offer(Appoint, label, tuple(asks), event.id, post.note), move


def _of_lateness(standing: Standing, following: Stage, today: date) -> str:
    """Whether a request that comes now may be refused for being late; nothing while it would be in time."""
    event = standing.version.own_event(Kind.OPEN_STAGE, following.id).id
    late = [d for d in standing.deadlines if event in standing.version.limit(d.id).met_by and today > d.due]
    if not late:
        return ""
    day, source = say(late[0].due), late[0].source
    if not late[0].refusable:
        return f"A request after {day} is not refused for being late alone: give another reason."
    return f"A request after {day} may be refused for that, once its reasons were considered ({source})."


def _answers(standing: Standing, today: date) -> Iterator[tuple[Offer, Move]]:
    outcomes = [
        outcome
        for outcome in standing.version.outcomes
        if outcome.given_by != "withdrawal"
        and not ((last := may_be_given_until(standing, outcome)) and today > last)
    ]
    with_reason = tuple(o.id for o in outcomes if o.needs_reason)
    choice = Field(
        "outcome",
        "Outcome",
        "choice",
        choices=tuple((o.id, o.label) for o in outcomes),
        reason_for=with_reason,
    )
    fields = (choice, *((Field("reason", "Reason", "text", False),) if with_reason else ()))
    signposts = standing.stage.final and standing.version.signpost is not None
    kind = Kind.ANSWER_ANEW if standing.awaits_new_answer else Kind.RESPOND
    label = standing.version.own_event(kind, standing.stage.id).label
    yield Offer(Respond, label, fields, signposts=signposts), Respond(today, outcomes[0].id, "-")


def _extensions(standing: Standing, deadline: Deadline, today: date) -> Iterator[tuple[Offer, Move]]:
    earliest = max(deadline.due + timedelta(days=1), today)
    extension, latest = standing.version.limit(deadline.id).extension, deadline.latest
    beyond = extension is not None and extension.beyond
    until = Field("until", "New date", "date", earliest=earliest, latest=latest, beyond=beyond)
    asks: tuple[Field, ...] = (until, _REASON)
    if beyond and latest:
        further = f"Good reason for a date after {say(latest)}"
        asks = (*asks, Field("good_reason", further, "text", False, needed_after=latest))
    only_beyond = beyond and latest is not None and earliest > latest
    move = Extend(today, deadline.id, earliest, "-", "-" if only_beyond else "")
    yield (
        Offer(
            Extend,
            f"Extend: {deadline.label}",
            asks,
            deadline.id,
            extension.condition if extension else "",
            needs_signpost(standing, move),
        ),
        move,
    )


def _day(name: str, label: str, earliest: date | None, today: date) -> Field:
    return Field(name, label, "date", False, earliest=earliest, latest=today)


def _another(standing: Standing, today: date) -> date:
    """Today, or tomorrow where today is the date already entered."""
    return today + timedelta(days=today in standing.events.values())


def _change(before: Deadline | None, after: Deadline) -> Change:
    return Change(after.id, after.label, before.due if before else None, after.due, _words(before, after))


def _words(before: Deadline | None, after: Deadline) -> str:
    label, due = f"“{after.label}”", say(after.due)
    if after.met_on and not (before and before.met_on):
        late = "late: it was due" if after.met_on > after.in_time_until else "in time: it is due"
        return f"{label} is met on {say(after.met_on)}, {late} {due}."
    if before is None:
        return f"{label} begins: due {due}."
    if after.stopped_on and not before.stopped_on:
        return f"{label} no longer runs."
    if before.stopped_on and not after.stopped_on:
        return f"{label} runs again: due {due}."
    if after.paused_since and not before.paused_since:
        return (
            f"{label} is paused at {due}, and moves on by each working day after {say(after.paused_since)}."
        )
    if before.paused_since and not after.paused_since:
        return f"{label} runs again: due {due}, before the pause {say(before.due)}."
    if before.provisional and not after.provisional:
        return f"{label} is now due {due}; until now it was provisionally {say(before.due)}."
    if after.due != before.due:
        further = (
            f" That goes beyond {say(after.latest)}, the furthest without good reason."
            if after.beyond and after.latest
            else ""
        )
        return f"{label} moves from {say(before.due)} to {due}.{further}"
    return ""

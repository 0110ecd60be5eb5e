"""What may be done to a case: `decide` gives the new standing, or a refusal in words. Nothing here is
written down.

Nothing is refused for lateness alone, and no statutory or Code clock can be paused. An act is done on its
day: what a form says about the past is checked against the events it must follow and against the day
itself.
"""

from dataclasses import replace
from datetime import date
from functools import singledispatch

from .clock import Deadline, steps
from .definitions import Event, Kind, NoVersion, Outcome, Stage, Unit
from .moves import (
    Acknowledge,
    Allocate,
    Close,
    Extend,
    Move,
    Note,
    OpenNextStage,
    PauseClock,
    Reclassify,
    Record,
    Refusal,
    RefuseNextStage,
    Reopen,
    Respond,
    ResumeClock,
    SetDate,
    Withdraw,
    Write,
)
from .standing import Standing
from .working_days import FIRST_YEAR, LAST_YEAR, CalendarError, Pause, say

_AFTER_CLOSING = (Reopen, Write, Note, OpenNextStage, RefuseNextStage)


def decide(standing: Standing, move: Move) -> Standing | Refusal:
    """The standing after the move, or the reason why it is refused. Pure: `standing` is never changed."""
    if not all(FIRST_YEAR < day.year < LAST_YEAR for day in _dates(move)):
        return Refusal(f"Give a date between {FIRST_YEAR + 1} and {LAST_YEAR - 1}.")
    if move.on < standing.events["received"]:
        return Refusal(f"{say(move.on)} is before the day of receipt, {say(standing.events['received'])}.")
    if standing.closed_on and not isinstance(move, _AFTER_CLOSING):
        return Refusal(f"This case was closed on {say(standing.closed_on)}. Reopen it first.")
    if not getattr(move, "reason", "-").strip() and not isinstance(move, (Respond, OpenNextStage, SetDate)):
        return Refusal("Give the reason.")
    after = _decide(move, standing)
    if isinstance(after, Refusal) or after is standing:
        return after
    try:
        for deadline in after.deadlines:
            steps(deadline, after.version.limit(deadline.id), after.calendar)
    except CalendarError:
        return Refusal(f"A date that follows from it would come after {LAST_YEAR}. Give an earlier one.")
    return after


def needs_signpost(standing: Standing, move: Move) -> bool:
    """Whether the letter that goes with a move must say how to go to the Ombudsman (or the body in its
    place).
    """
    version = standing.version
    if isinstance(move, Extend):
        extension = version.limit(move.deadline).extension
        return extension is not None and extension.signposts
    if version.signpost is None:
        return False
    if isinstance(move, Respond):
        return standing.stage.final or version.outcome(move.outcome).given_by == "refusal"
    return isinstance(move, RefuseNextStage)


@singledispatch
def _decide(move: Move, standing: Standing) -> Standing | Refusal:
    raise TypeError(f"{type(move).__name__} is not a move.")


@_decide.register
def _(move: Write | Note, standing: Standing) -> Standing | Refusal:
    return standing


@_decide.register
def _(move: Allocate, standing: Standing) -> Standing | Refusal:
    if not move.to.strip():
        return Refusal("Say to whom it is given.")
    if move.to == standing.handler:
        return Refusal("It is already with that handler. Choose somebody else.")
    return replace(standing, handler=move.to)


@_decide.register
def _(move: Acknowledge, standing: Standing) -> Standing | Refusal:
    event = standing.version.event_of(Kind.ACKNOWLEDGE, standing.stage.id)
    if event is None:
        return Refusal("This procedure has no acknowledgement. You can write to the holder instead.")
    if standing.stage.id in standing.outcomes:
        return Refusal(
            f"“{standing.stage.label}” has been answered already. You can write to the holder instead."
        )
    return _happen(standing, event, move.on, move.on)


@_decide.register
def _(move: Record, standing: Standing) -> Standing | Refusal:
    event = next((e for e in standing.version.events if e.id == move.event), None)
    if event is None:
        return Refusal(f"This procedure has no event called {move.event!r}.")
    if event.kind is not Kind.RECORD:
        return Refusal(f"“{event.label}” is not recorded by itself: use the act that brings it about.")
    return _happen(standing, event, move.happened or move.on, move.on)


@_decide.register
def _(move: Respond, standing: Standing) -> Standing | Refusal:
    stage, version = standing.stage, standing.version
    outcome = _outcome(standing, move.outcome)
    if outcome is None or outcome.given_by == "withdrawal":
        options = ", ".join(o.label.lower() for o in version.outcomes if o.given_by != "withdrawal")
        return Refusal(f"That is not an outcome of an answer in this procedure. Choose one of: {options}.")
    if outcome.needs_reason and not move.reason.strip():
        return Refusal(f"“{outcome.label}” needs a reason.")
    if standing.settled:
        instead = "open the next stage if it has been asked for, or " if standing.next_stage else ""
        return Refusal(f"“{stage.label}” has been answered already. You can {instead}write to the holder.")
    if standing.open_pause:
        return Refusal("The clock is paused. Record that it runs again before you answer.")
    outcomes = {**standing.outcomes, stage.id: outcome.id}
    event = version.own_event(Kind.RESPOND, stage.id)
    if event.id in standing.events:
        return replace(standing, outcomes=outcomes)
    answered = _happen(standing, event, move.on, move.on)
    return replace(answered, outcomes=outcomes) if isinstance(answered, Standing) else answered


@_decide.register
def _(move: OpenNextStage, standing: Standing) -> Standing | Refusal:
    following = _next_stage(standing)
    if isinstance(following, Refusal):
        return following
    event = standing.version.own_event(Kind.OPEN_STAGE, following.id)
    refused = standing.version.event_of(Kind.REFUSE_STAGE, following.id)
    happened = move.happened or move.on
    if not move.reason.strip():
        for deadline in standing.deadlines:
            if event.id in standing.version.limit(deadline.id).met_by and happened > deadline.due:
                return Refusal(
                    f"The request came after {say(deadline.due)}. That is no bar: give the reason "
                    "for accepting it."
                )
        if refused and refused.id in standing.events:
            return Refusal("This stage was refused before. Give the reason for opening it after all.")
    begun = _happen(standing, event, happened, move.on)
    if isinstance(begun, Refusal):
        return begun
    outcomes = {stage: outcome for stage, outcome in standing.outcomes.items() if stage != event.stage}
    # The next stage is a review: whoever answered before does not take it up without somebody deciding so.
    return replace(begun, outcomes=outcomes, closed_on=None, handler=None)


@_decide.register
def _(move: RefuseNextStage, standing: Standing) -> Standing | Refusal:
    following = _next_stage(standing)
    if isinstance(following, Refusal):
        return following
    event = standing.version.event_of(Kind.REFUSE_STAGE, following.id)
    if event is None:
        return Refusal("In this procedure the next stage cannot be refused. Open it.")
    refused = _happen(standing, event, move.on, move.on)
    outcome = next((o.id for o in standing.version.outcomes if o.given_by == "refusal"), None)
    if isinstance(refused, Refusal) or outcome is None:
        return refused
    return replace(refused, outcomes={**standing.outcomes, event.stage: outcome})


@_decide.register
def _(move: Extend, standing: Standing) -> Standing | Refusal:
    found = _running(standing, move.deadline)
    if isinstance(found, Refusal):
        return found
    limit, extension = standing.version.limit(found.id), standing.version.limit(found.id).extension
    if extension is None:
        return Refusal(f"“{limit.label}” may not be extended ({limit.source}). Act as soon as you can.")
    if found.provisional:
        return Refusal(
            f"The date of “{limit.label}” is provisional until it has been acknowledged. "
            "Acknowledge it first."
        )
    if extension.before_due and move.on > found.due:
        return Refusal(
            f"This date could be moved only before it had passed, on {say(found.due)} ({extension.source}). "
            "Answer as soon as you can, and tell the complainant why it is late."
        )
    if move.until < move.on:
        return Refusal(f"{say(move.until)} has already passed. Give a date that is still to come.")
    if move.until <= found.due:
        return Refusal(
            f"{say(move.until)} is no later than the present date, {say(found.due)}. Give a later one."
        )
    if found.latest and move.until > found.latest:
        return Refusal(
            f"The furthest date allowed is {say(found.latest)} ({extension.source}). Give that or "
            "an earlier one."
        )
    return replace(standing, extensions={**standing.extensions, found.id: move.until})


@_decide.register
def _(move: PauseClock, standing: Standing) -> Standing | Refusal:
    event = standing.version.event_of(Kind.PAUSE, standing.stage.id)
    running = [d for d in standing.deadlines if standing.version.limit(d.id).pausable and d.met_on is None]
    if event is None:
        extendable = any(
            limit.extension for limit in standing.version.limits if limit.stage == standing.stage.id
        )
        instead = " It can be extended, with a reason, within its limit." if extendable else ""
        return Refusal(f"The clock of this procedure never pauses.{instead}")
    if standing.open_pause:
        return Refusal(f"The clock has been paused since {say(standing.open_pause.since)} already.")
    if not running:
        return Refusal("It has been answered, so there is no clock to pause.")
    due = max(deadline.due for deadline in running)
    if move.on >= due:
        return Refusal(
            f"A pause counts from the day after, and the date is {say(due)}: it would change "
            "nothing. Answer now."
        )
    ended = standing.pauses[-1].until if standing.pauses else None
    if ended and move.on < ended:
        return Refusal(f"The last pause ended on {say(ended)}; a new one cannot begin before that.")
    return replace(
        standing,
        events={**standing.events, event.id: move.on},
        pauses=(*standing.pauses, Pause(move.on)),
    )


@_decide.register
def _(move: ResumeClock, standing: Standing) -> Standing | Refusal:
    pause, happened = standing.open_pause, move.happened or move.on
    if pause is None:
        return Refusal("The clock is not paused.")
    event = standing.version.own_event(Kind.RESUME, standing.stage.id)
    if wrong := _wrong_day(event, happened, move.on, pause.since):
        return wrong
    return replace(
        standing,
        events={**standing.events, event.id: happened},
        pauses=(*standing.pauses[:-1], Pause(pause.since, happened)),
    )


@_decide.register
def _(move: SetDate, standing: Standing) -> Standing | Refusal:
    event = standing.version.event_of(Kind.SET_DATE, standing.stage.id)
    if event is None:
        return Refusal(
            "In this procedure dates are counted, not entered. A date may be extended where its limit allows."
        )
    for limit in standing.version.limits:
        if limit.unit is Unit.BY_HAND and any(met in standing.events for met in limit.met_by):
            return Refusal(f"“{limit.label}” has been met already, so its date stays as it was.")
    if move.due < standing.events["received"]:
        return Refusal(f"{say(move.due)} is before the day of receipt. Check the date in the letter.")
    present = standing.events.get(event.id)
    if present == move.due:
        return Refusal(f"The date is {say(present)} already.")
    if present and not move.reason.strip():
        return Refusal("Give the reason: who agreed to another date, and when.")
    if present and move.due < move.on:
        return Refusal(f"{say(move.due)} has already passed. Give a date that is still to come.")
    return replace(standing, events={**standing.events, event.id: move.due})


@_decide.register
def _(move: Reclassify, standing: Standing) -> Standing | Refusal:
    try:
        version = move.to.version_at(standing.received)
    except NoVersion as none:
        return Refusal(f"{none} Choose another procedure.")
    if version.procedure == standing.version.procedure:
        return Refusal("It is in that procedure already.")
    old, new = (v.event_of(Kind.ACKNOWLEDGE, v.stages[0].id) for v in (standing.version, version))
    kept = {"received", old.id if old else "received"}
    if set(standing.events) - kept or standing.extensions or standing.outcomes:
        return Refusal(
            "Work on it has begun under this procedure. Finish or close it, and open a new case instead."
        )
    events = {"received": standing.events["received"]}
    if old and new and old.id in standing.events:
        events[new.id] = standing.events[old.id]
    return replace(standing, version=version, events=events)


@_decide.register
def _(move: Withdraw, standing: Standing) -> Standing | Refusal:
    outcome = next((o.id for o in standing.version.outcomes if o.given_by == "withdrawal"), None)
    if outcome is None:
        return Refusal(
            "In this procedure nothing is withdrawn: the council may have to look into it all the same."
        )
    if standing.settled:
        return Refusal(f"“{standing.stage.label}” has been answered already. Close the case instead.")
    return replace(standing, outcomes={**standing.outcomes, standing.stage.id: outcome}, closed_on=move.on)


@_decide.register
def _(move: Close, standing: Standing) -> Standing | Refusal:
    if not standing.settled:
        instead = "Answer it" + (
            ", or record that it was withdrawn."
            if any(o.given_by == "withdrawal" for o in standing.version.outcomes)
            else ", with a final outcome."
        )
        return Refusal(f"“{standing.stage.label}” has not been answered to the end. {instead}")
    return replace(standing, closed_on=move.on)


@_decide.register
def _(move: Reopen, standing: Standing) -> Standing | Refusal:
    if standing.closed_on is None:
        return Refusal("The case is open.")
    if move.on < standing.closed_on:
        return Refusal(f"It was closed only later, on {say(standing.closed_on)}.")
    outcome = _outcome(standing, standing.outcomes.get(standing.stage.id, ""))
    if outcome is None or outcome.given_by != "withdrawal":
        return replace(standing, closed_on=None)
    rest = {key: value for key, value in standing.outcomes.items() if key != standing.stage.id}
    return replace(standing, closed_on=None, outcomes=rest)


def _happen(standing: Standing, event: Event, happened: date, on: date) -> Standing | Refusal:
    """The standing once the event has happened on that day; each event happens once, after the one it
    follows.
    """
    if event.id in standing.events:
        return Refusal(f"“{event.label}” was recorded on {say(standing.events[event.id])} already.")
    follows = event.follows or "received"  # receipt alone follows nothing, and every case has it
    if follows not in standing.events:
        before = standing.version.event(follows).label
        return Refusal(
            f"“{event.label}” comes after “{before}”, which has not been recorded yet. Record that first."
        )
    if wrong := _wrong_day(event, happened, on, standing.events[follows]):
        return wrong
    return replace(standing, events={**standing.events, event.id: happened})


def _wrong_day(event: Event, happened: date, on: date, after: date) -> Refusal | None:
    if happened > on:
        return Refusal(f"{say(happened)} is in the future. Record “{event.label}” once it has happened.")
    if happened < after:
        return Refusal(f"“{event.label}” cannot be on {say(happened)}: what it follows was on {say(after)}.")
    return None


def _next_stage(standing: Standing) -> Stage | Refusal:
    version, number = standing.version, len(standing.version.stages)
    following = standing.next_stage
    if following is None:
        after = (
            f" What comes after it is the {version.signpost.name}: tell the complainant how."
            if version.signpost
            else ""
        )
        return Refusal(f"There is no stage {number + 1} in this procedure ({version.label}).{after}")
    if (
        standing.version.own_event(Kind.RESPOND, standing.stage.id).id not in standing.events
        or not standing.settled
    ):
        return Refusal(
            f"“{standing.stage.label}” has not been answered yet, and no step may be skipped. "
            "Answer it first."
        )
    return following


def _running(standing: Standing, deadline_id: str) -> Deadline | Refusal:
    found = next((deadline for deadline in standing.deadlines if deadline.id == deadline_id), None)
    if found is None:
        return Refusal(f"This case has no deadline called {deadline_id!r} at present.")
    if found.met_on:
        return Refusal(f"“{found.label}” was met on {say(found.met_on)}, so there is nothing to extend.")
    return found


def _outcome(standing: Standing, outcome_id: str) -> Outcome | None:
    return next((o for o in standing.version.outcomes if o.id == outcome_id), None)


def _dates(move: Move) -> list[date]:
    return [
        value
        for name in ("on", "until", "happened", "due")
        if (value := getattr(move, name, None)) is not None
    ]

"""Moves that take a case along: what each makes of a standing, or why it is refused. `workflow` asks them."""

from dataclasses import replace

from . import points
from .definitions import Kind, NoVersion
from .happening import happen, may_be_given_until, next_stage, outcome_of
from .moves import (
    Acknowledge,
    Allocate,
    Close,
    Note,
    OpenNextStage,
    Reclassify,
    Record,
    Refusal,
    RefuseNextStage,
    Reopen,
    Respond,
    Withdraw,
    Write,
)
from .standing import Standing
from .working_days import say


def allocate(move: Allocate, standing: Standing) -> Standing | Refusal:
    if not move.to.strip():
        return Refusal("Say to whom it is given.")
    if move.to == standing.handler:
        return Refusal("It is already with that handler. Choose somebody else.")
    return replace(standing, handler=move.to)


def acknowledge(move: Acknowledge, standing: Standing) -> Standing | Refusal:
    event = standing.version.event_of(Kind.ACKNOWLEDGE, standing.stage.id)
    if event is None:
        return Refusal("This procedure has no acknowledgement. You can write to the holder instead.")
    if standing.stage.id in standing.outcomes:
        return Refusal(
            f"“{standing.stage.label}” has been answered already. You can write to the holder instead."
        )
    return happen(standing, event, move.on, move.on)


def record(move: Record, standing: Standing) -> Standing | Refusal:
    event = next((e for e in standing.version.events if e.id == move.event), None)
    if event is None:
        return Refusal(f"This procedure has no event called {move.event!r}.")
    if event.kind is not Kind.RECORD or event.names:
        return Refusal(f"“{event.label}” is not recorded by itself: use the act that brings it about.")
    recorded = happen(standing, event, move.happened or move.on, move.on)
    if event.signposts and event.stage != standing.stage.id:
        return Refusal(f"“{event.label}” belongs to an earlier stage than “{standing.stage.label}”.")
    if event.signposts and not move.reason.strip() and isinstance(recorded, Standing):
        return Refusal("Say what was agreed, and who agreed to it on each side.")
    return recorded


def respond(move: Respond, standing: Standing) -> Standing | Refusal:
    stage, version = standing.stage, standing.version
    if wrong := _cannot_end_so(move, standing):
        return Refusal(wrong)
    if standing.settled:
        instead = "open the next stage if it has been asked for, or " if standing.next_stage else ""
        return Refusal(f"“{stage.label}” has been answered already. You can {instead}write to the holder.")
    if standing.open_pause:
        return Refusal("The clock is paused. Record that it runs again before you answer.")
    outcomes = {**standing.outcomes, stage.id: move.outcome}
    event = version.own_event(Kind.RESPOND, stage.id)
    if standing.awaits_new_answer:
        event = version.own_event(Kind.ANSWER_ANEW, stage.id)
    elif event.id in standing.events:
        return replace(standing, outcomes=outcomes)
    answered = happen(standing, event, move.on, move.on)
    return replace(answered, outcomes=outcomes) if isinstance(answered, Standing) else answered


def _cannot_end_so(move: Respond, standing: Standing) -> str:
    """Why an answer cannot have this outcome; empty where it can."""
    version, outcome = standing.version, outcome_of(standing, move.outcome)
    if outcome is None or outcome.given_by == "withdrawal":
        options = ", ".join(o.label.lower() for o in version.outcomes if o.given_by != "withdrawal")
        return f"That is not an outcome of an answer in this procedure. Choose one of: {options}."
    if refused := points.wrong(version, move.outcome, move.points):
        return refused
    if (last := may_be_given_until(standing, outcome)) and move.on > last:
        return f"“{outcome.label}” is for what was settled by {say(last)}. Choose another outcome."
    if outcome.needs_reason and not move.reason.strip() and not move.points:
        return f"“{outcome.label}” needs a reason."
    return ""


def open_next_stage(move: OpenNextStage, standing: Standing) -> Standing | Refusal:
    following = next_stage(standing)
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
    begun = happen(standing, event, happened, move.on)
    if isinstance(begun, Refusal):
        return begun
    outcomes = {stage: outcome for stage, outcome in standing.outcomes.items() if stage != event.stage}
    # The next stage is a review: whoever answered before does not take it up without somebody deciding so.
    return replace(begun, outcomes=outcomes, closed_on=None, handler=None)


def refuse_next_stage(move: RefuseNextStage, standing: Standing) -> Standing | Refusal:
    following = next_stage(standing)
    if isinstance(following, Refusal):
        return following
    event = standing.version.event_of(Kind.REFUSE_STAGE, following.id)
    if event is None:
        return Refusal("In this procedure the next stage cannot be refused. Open it.")
    refused = happen(standing, event, move.on, move.on)
    outcome = next((o.id for o in standing.version.outcomes if o.given_by == "refusal"), None)
    if isinstance(refused, Refusal) or outcome is None:
        return refused
    return replace(refused, outcomes={**standing.outcomes, event.stage: outcome})


def reclassify(move: Reclassify, standing: Standing) -> Standing | Refusal:
    """Under the other procedure's rules from the moment of receipt on; what was done under these is history alone."""
    try:
        version = move.to.version_at(standing.received)
    except NoVersion as none:
        return Refusal(f"{none} Choose another procedure.")
    if version.procedure == standing.version.procedure:
        return Refusal("It is in that procedure already.")
    old, new = (v.event_of(Kind.ACKNOWLEDGE, v.stages[0].id) for v in (standing.version, version))
    if standing.outcomes or standing.stage is not standing.version.stages[0]:
        return Refusal(
            "It has been answered under this procedure. Finish or close it, and open a new case instead."
        )
    events = {"received": standing.events["received"]}
    if old and new and old.id in standing.events:
        events[new.id] = standing.events[old.id]
    return replace(standing, version=version, events=events, extensions={}, pauses=())


def withdraw(move: Withdraw, standing: Standing) -> Standing | Refusal:
    outcome = next((o.id for o in standing.version.outcomes if o.given_by == "withdrawal"), None)
    if outcome is None:
        return Refusal(
            "In this procedure nothing is withdrawn: the council may have to look into it all the same."
        )
    if standing.settled:
        return Refusal(f"“{standing.stage.label}” has been answered already. Close the case instead.")
    if standing.awaits_new_answer:
        return Refusal(
            f"“{standing.stage.label}” was answered, and is looked at again: its answer cannot be withdrawn. Say in a "
            "new answer that nothing changes, and why."
        )
    return replace(standing, outcomes={**standing.outcomes, standing.stage.id: outcome}, closed_on=move.on)


def close(move: Close, standing: Standing) -> Standing | Refusal:
    if not standing.settled:
        instead = "Answer it" + (
            ", or record that it was withdrawn."
            if any(o.given_by == "withdrawal" for o in standing.version.outcomes)
            else ", with a final outcome."
        )
        return Refusal(f"“{standing.stage.label}” has not been answered to the end. {instead}")
    return replace(standing, closed_on=move.on)


def reopen(move: Reopen, standing: Standing) -> Standing | Refusal:
    if standing.closed_on is None:
        return Refusal("The case is open.")
    if move.on < standing.closed_on:
        return Refusal(f"It was closed only later, on {say(standing.closed_on)}.")
    outcome = outcome_of(standing, standing.outcomes.get(standing.stage.id, ""))
    withdrawn = outcome is not None and outcome.given_by == "withdrawal"
    if not withdrawn and not standing.refused_for:
        return replace(standing, closed_on=None)
    rest = {key: value for key, value in standing.outcomes.items() if key != standing.stage.id}
    return replace(standing, closed_on=None, outcomes=rest, refused_for="")


def leave_as_it_is(move: Write | Note, standing: Standing) -> Standing | Refusal:
    return standing

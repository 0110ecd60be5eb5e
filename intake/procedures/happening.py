"""What every decision asks of a standing: may this happen on that day, which stage follows, which deadline runs."""

from dataclasses import replace
from datetime import date

from .clock import Deadline
from .definitions import Event, Kind, Outcome, Stage
from .moves import Refusal
from .standing import Standing
from .working_days import say


def happen(standing: Standing, event: Event, happened: date, on: date) -> Standing | Refusal:
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
    if wrong := wrong_day(event, happened, on, standing.events[follows]):
        return wrong
    return replace(standing, events={**standing.events, event.id: happened})


def wrong_day(event: Event, happened: date, on: date, after: date) -> Refusal | None:
    """Why an event cannot have been on that day: it is still to come, or before what it follows."""
    if happened > on:
        return Refusal(f"{say(happened)} is in the future. Record “{event.label}” once it has happened.")
    if happened < after:
        return Refusal(f"“{event.label}” cannot be on {say(happened)}: what it follows was on {say(after)}.")
    return None


def next_stage(standing: Standing) -> Stage | Refusal:
    """The stage that may be opened or refused now, or why none may."""
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


def running(standing: Standing, deadline_id: str) -> Deadline | Refusal:
    """The deadline of that id which is still to be met, or why there is none."""
    found = next((deadline for deadline in standing.deadlines if deadline.id == deadline_id), None)
    if found is None:
        return Refusal(f"This case has no deadline called {deadline_id!r} at present.")
    if found.met_on:
        return Refusal(f"“{found.label}” was met on {say(found.met_on)}, so there is nothing to extend.")
    return found


def outcome_of(standing: Standing, outcome_id: str) -> Outcome | None:
    """The outcome of that id, where the procedure has it."""
    return next((o for o in standing.version.outcomes if o.id == outcome_id), None)


def may_be_given_until(standing: Standing, outcome: Outcome) -> date | None:
    """The last day on which a stage may end so; None where any day will do."""
    if outcome.within is None:
        return None
    return standing.calendar.nth_after(standing.events["received"], outcome.within)

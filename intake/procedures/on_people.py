"""The move that appoints people: what it makes of a standing, or why it is refused. `workflow` asks it."""

from dataclasses import replace

from .definitions import Event, Kind
from .happening import wrong_day
from .moves import Appoint, Refusal
from .people import POSTS, why_not
from .standing import Standing
from .working_days import say


def appoint(move: Appoint, standing: Standing) -> Standing | Refusal:
    event = next((e for e in standing.version.events if e.id == move.event), None)
    post = POSTS.get(event.names) if event and event.names else None
    if event is None or post is None:
        return Refusal("Nobody is appointed with that in this procedure.")
    follows, present = event.follows or "received", standing.events.get(event.id)
    if follows not in standing.events:
        return Refusal(
            f"“{event.label}” comes after “{standing.version.event(follows).label}”, which has not been recorded yet."
        )
    if present and (refused := _again(standing, event, move)):
        return refused
    happened = move.happened or move.on
    on = (
        max(move.on, happened) if event.kind is Kind.ARRANGE else move.on
    )  # what is arranged may be still to come
    if wrong := wrong_day(event, happened, on, standing.events[follows]):
        return wrong
    if words := why_not(post, move.people):
        return Refusal(words)
    kept = present if present and event.kind is not Kind.ARRANGE else happened
    return replace(standing, events={**standing.events, event.id: kept})


def _again(standing: Standing, event: Event, move: Appoint) -> Refusal | None:
    """Somebody else in the same place, or another date: while the stage is worked on, and with a reason."""
    if event.stage != standing.stage.id or standing.settled:
        label = standing.version.stage(event.stage).label
        return Refusal(f"“{label}” has been answered: its people stay as they were.")
    if event.arranges and event.arranges in standing.events:
        met = standing.version.event(event.arranges).label
        return Refusal(f"“{met}” was recorded on {say(standing.events[event.arranges])} already.")
    if not move.reason.strip():
        return Refusal(f"“{event.label}” was recorded already. Give the reason for the change.")
    return None

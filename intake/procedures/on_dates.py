"""Moves that change a date alone: what each makes of a standing, or why it is refused. `workflow` asks them."""

from dataclasses import replace
from datetime import date

from .definitions import Extension, Kind, Unit
from .happening import running, wrong_day
from .moves import Extend, PauseClock, Refusal, ResumeClock, SetDate
from .standing import Standing
from .working_days import Pause, say


def extend(move: Extend, standing: Standing) -> Standing | Refusal:
    found = running(standing, move.deadline)
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
    if refused := _too_far(move, found.latest, extension):
        return refused
    return replace(standing, extensions={**standing.extensions, found.id: move.until})


def _too_far(move: Extend, latest: date | None, extension: Extension) -> Refusal | None:
    """Why a date is too far; with good reason it may go beyond the furthest, where the rule says so."""
    beyond, good = latest is not None and move.until > latest, bool(move.good_reason.strip())
    if latest and beyond and not extension.beyond:
        return Refusal(
            f"The furthest date allowed is {say(latest)} ({extension.source}). Give that or an earlier one."
        )
    if latest and beyond and not good:
        return Refusal(
            f"{say(move.until)} is beyond {say(latest)}, the furthest date without good reason "
            f"({extension.source}). Give the good reason, or an earlier date."
        )
    if good and not beyond:
        return Refusal(f"{say(move.until)} needs no good reason beyond the reason itself. Leave that empty.")
    return None


def pause_clock(move: PauseClock, standing: Standing) -> Standing | Refusal:
    event = standing.version.event_of(Kind.PAUSE, standing.stage.id)
    clocks = [d for d in standing.deadlines if standing.version.limit(d.id).pausable and d.met_on is None]
    if event is None:
        extendable = any(
            limit.extension for limit in standing.version.limits if limit.stage == standing.stage.id
        )
        instead = " It can be extended, with a reason, within its limit." if extendable else ""
        return Refusal(f"The clock of this procedure never pauses.{instead}")
    if standing.open_pause:
        return Refusal(f"The clock has been paused since {say(standing.open_pause.since)} already.")
    if not clocks:
        return Refusal("It has been answered, so there is no clock to pause.")
    due = max(deadline.due for deadline in clocks)
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


def resume_clock(move: ResumeClock, standing: Standing) -> Standing | Refusal:
    pause, happened = standing.open_pause, move.happened or move.on
    if pause is None:
        return Refusal("The clock is not paused.")
    event = standing.version.own_event(Kind.RESUME, standing.stage.id)
    if wrong := wrong_day(event, happened, move.on, pause.since):
        return wrong
    return replace(
        standing,
        events={**standing.events, event.id: happened},
        pauses=(*standing.pauses[:-1], Pause(pause.since, happened)),
    )


def set_date(move: SetDate, standing: Standing) -> Standing | Refusal:
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

"""A stage that was answered is taken up again for a new answer: its events and its date, made from its `new_answer`.

No rule of law or Code gives such a date; it is the authority's own. What was first answered stays the answer that is
counted, with the day on which it was given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .definitions import Event, Kind, Limit, Stage, Unit
from .moves import Refusal, TakeUpAgain
from .standing import Standing
from .working_days import say


def added(
    stages: Sequence[Stage], events: Sequence[Event], limits: Sequence[Limit]
) -> tuple[tuple[Event, ...], tuple[Limit, ...]]:
    """The events and limits of a version with those of each stage that may be answered anew: the events right after
    the stage's answer, the limits last.
    """
    may = {stage.id: stage for stage in stages if stage.new_answer}
    made: list[Event] = []
    for event in events:
        made.append(event)
        if event.kind is Kind.RESPOND and event.stage in may:
            made += _events(may[event.stage], event)
    return tuple(made), (*limits, *(_limit(stage) for stage in may.values()))


def _events(stage: Stage, answer: Event) -> tuple[Event, Event]:
    again = Event(
        f"{stage.id}-taken-up-again",
        f"{stage.label}: taken up again",
        stage.id,
        Kind.TAKE_UP_AGAIN,
        follows=answer.id,
    )
    anew = Event(
        f"{stage.id}-answered-anew", f"{stage.label}: answered anew", stage.id, Kind.ANSWER_ANEW, again.id
    )
    return again, anew


def _limit(stage: Stage) -> Limit:
    if stage.new_answer is None:
        raise ValueError(f"{stage.id!r} is answered once.")
    return Limit(
        id=f"{stage.id}-new-answer",
        label=f"{stage.label}: new answer",
        stage=stage.id,
        counts_from=f"{stage.id}-taken-up-again",
        count=stage.new_answer.count,
        unit=Unit.WORKING_DAYS,
        met_by=(f"{stage.id}-answered-anew",),
        force="local",
        source="The authority's own time for a new answer",
        note="It counts from the day on which the case was taken up again. The first answer stays counted.",
        steps=stage.new_answer.steps,
    )


def take_up_again(move: TakeUpAgain, standing: Standing) -> Standing | Refusal:
    """The stage it has reached waits for a new answer, from that day on; until then its answer stands."""
    version, stage = standing.version, standing.stage
    again = version.event_of(Kind.TAKE_UP_AGAIN, stage.id)
    if again is None:
        return Refusal("In this procedure an answer is not given anew. You can write to the holder.")
    anew = version.own_event(Kind.ANSWER_ANEW, stage.id)
    answered = version.own_event(Kind.RESPOND, stage.id)
    outcome = standing.outcomes.get(stage.id)
    if outcome and version.outcome(outcome).given_by == "withdrawal":
        return Refusal("It was withdrawn. Reopen it: its dates then run again.")
    if answered.id not in standing.events or outcome is None:
        return Refusal(f"“{stage.label}” has not been answered yet.")
    if standing.awaits_new_answer:
        return Refusal(f"It was taken up again on {say(standing.events[again.id])} already. Answer it.")
    since = standing.events.get(anew.id, standing.events[answered.id])
    if move.on < max(since, standing.closed_on or since):
        return Refusal(f"It was answered, or closed, only later than {say(move.on)}.")
    events = {event: day for event, day in standing.events.items() if event != anew.id}
    return replace(standing, events={**events, again.id: move.on}, closed_on=None)

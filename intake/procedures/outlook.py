"""What a standing lets its holder look forward to: what is owed, what may be asked for, what is next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from . import workflow
from .definitions import Kind, Stage
from .moves import OpenNextStage, Refusal, Withdraw
from .position import owed
from .standing import Standing


@dataclass(frozen=True)
class NextDate:
    """A date by which something is due to the holder."""

    label: str
    on: date
    provisional: bool = False
    why: tuple[str, ...] = ()  # each change of it with its reason, as the holder was told


def as_asked(now: Standing, asked_on: date | None) -> Standing:
    """The standing as it will be once the next stage, for which the holder asked that day, is open; else as it is."""
    if asked_on is None:
        return now
    asked = workflow.decide(now, OpenNextStage(asked_on, reason="asked for"))
    return now if isinstance(asked, Refusal) else asked


def dates_owed(now: Standing) -> tuple[NextDate, ...]:
    """The dates still owed to the holder, the earliest first: each once, as we work to it; a second
    reading of the same limit is the officers' to know."""
    limits = {limit.id: limit for limit in now.version.limits}
    found = sorted(owed(now.deadlines), key=lambda deadline: deadline.due)
    known = {deadline.id for deadline in found}
    return tuple(
        NextDate(deadline.label, deadline.due, deadline.provisional)
        for deadline in found
        if not (limits[deadline.id].decides_lateness or limits[deadline.id].moves_with)
        and limits[deadline.id].second_reading_of not in known
    )


def next_stage_to_ask_for(now: Standing, today: date) -> tuple[Stage, date | None] | None:
    """The stage that the holder may ask for now, and the day by which guidance expects it; one that was refused is the
    officers' to open after all.
    """
    stage = now.next_stage
    if stage is None or refused_on(now) or as_asked(now, today) is now:
        return None
    return stage, ask_by(now)


def ask_by(now: Standing) -> date | None:
    """The day by which the holder is expected to ask for the next stage, once the one before it is answered."""
    if now.next_stage is None:
        return None
    event = now.version.own_event(Kind.OPEN_STAGE, now.next_stage.id).id
    by = [deadline.due for deadline in now.deadlines if event in now.version.limit(deadline.id).met_by]
    return min(by, default=None)


def may_withdraw(now: Standing, today: date) -> bool:
    """Whether the rules let it be withdrawn now."""
    return not isinstance(workflow.decide(now, Withdraw(today, "asked for")), Refusal)


def refused_on(now: Standing) -> date | None:
    """The day on which the stage after the one it has reached was refused."""
    refused = now.version.event_of(Kind.REFUSE_STAGE, now.next_stage.id) if now.next_stage else None
    return now.events.get(refused.id) if refused else None


def withdrawn(now: Standing) -> bool:
    """Whether the stage it has reached ended because it was withdrawn."""
    outcome = now.outcomes.get(now.stage.id)
    return outcome is not None and now.version.outcome(outcome).given_by == "withdrawal"


def ombudsman_is_next(now: Standing) -> bool:
    """Whether the procedure is at its end, so that the holder may go to the Ombudsman."""
    at_its_end = now.next_stage is None or refused_on(now) is not None or bool(now.refused_for)
    return now.settled and at_its_end and now.version.signpost is not None


def state_in_words(now: Standing) -> str:
    """One sentence that tells the holder where the case stands."""
    if now.refused_for and now.closed_on:
        return f"We did not take this on as a complaint, and closed it on {now.closed_on:%-d %B %Y}. Why stands below."
    if now.closed_on:
        return f"This case was closed on {now.closed_on:%-d %B %Y}."
    if now.awaits_new_answer:
        return "We have answered, and are looking at it again. You will have a new answer."
    if now.settled:
        return "We have answered. You can read our answer below."
    if now.open_pause:
        return f"The clock has stood still since {now.open_pause.since:%-d %B %Y}, while we wait for consent."
    acknowledged = now.version.event_of(Kind.ACKNOWLEDGE, now.stage.id)
    if now.handler:
        return "An officer is working on it."
    if acknowledged and acknowledged.id in now.events:
        return "We have read it and are finding the right person to work on it."
    if now.stage is not now.version.stages[0]:
        return f"“{now.stage.label}” is open. Nobody has been asked to work on it yet."
    return "We have received it. Nobody has been asked to work on it yet."


DECIDED = "triage-decided"  # of a concern: how it is looked into


def concern_in_words(now: Standing) -> str:
    """The same of a concern, in words that give nothing away: neither who works on it nor what was found. Whoever has
    found its code reads them too.
    """
    acknowledged = now.version.event_of(Kind.ACKNOWLEDGE, now.stage.id)
    if now.closed_on:
        return f"It was closed on {now.closed_on:%-d %B %Y}. What we could tell you of it stands below."
    if now.awaits_new_answer:
        return "We have told you what came of it, and are looking at it again. You hear from us once more."
    if now.settled:
        return "We have told you what came of it, as far as we can. You can read it below."
    if DECIDED in now.events:
        return "We have decided how to look into it, and are doing so."
    if acknowledged and acknowledged.id in now.events:
        return "We have read it, and are deciding how to look into it."
    return "We have received it. Those who read concerns are told, and confirm to you here that they have read it."


def way_on(standing: Standing) -> str:
    """What an answer says of the stage that may be asked for after it; empty where none may."""
    following = standing.next_stage
    if not standing.settled or following is None:
        return ""
    by = ask_by(standing)
    told = f"\n\nIf you do not agree, you can ask for “{following.label}” with your receipt code"
    return told + (f", if you can by {by:%-d %B %Y}." if by else ".")

"""Receipts at a stage: what a case is counted as, stage by stage, and what became of each."""

from dataclasses import dataclass
from datetime import date

from .clock import Deadline
from .definitions import Kind, Limit, Stage, Version
from .standing import Standing

OPENED, REFUSED = "opened", "refused"


@dataclass(frozen=True, slots=True)
class Receipt:
    """One stage that a case has reached. All dates are London dates.

    `due_on`: the date its answer is due, with any extension; None where the procedure sets none, or none
    yet. `met_on`: when that was met, or, where no date was set, when it was answered. `working_days`: from
    the receipt (day 0) to that day. `next_stage`: whether the stage after it was opened, or refused; None where
    neither. `refusal`: the ground on which it was refused at the door.
    """

    stage: str
    number: int
    measure: str | None
    received_on: date
    responded_on: date | None
    outcome: str | None
    due_on: date | None
    met_on: date | None
    working_days: int | None
    next_stage: str | None
    refusal: str | None


def receipts(standing: Standing) -> tuple[Receipt, ...]:
    """The stages that a case has reached, the first one first."""
    version, events = standing.version, standing.events
    made, running = [], standing.deadlines
    for number, stage in enumerate(version.stages, start=1):
        opens = "received" if number == 1 else version.own_event(Kind.OPEN_STAGE, stage.id).id
        if opens not in events:
            continue
        answered = version.event_of(Kind.RESPOND, stage.id)
        answer = _answer(standing, running, answered.id) if answered else None
        responded_on = events.get(answered.id) if answered else None
        met_on = answer.met_on if answer else responded_on
        made.append(
            Receipt(
                stage=stage.id,
                number=number,
                measure=stage.measure,
                received_on=events[opens],
                responded_on=responded_on,
                outcome=standing.outcomes.get(stage.id),
                due_on=answer.due if answer else None,
                met_on=met_on,
                working_days=standing.calendar.between(events[opens], met_on) if met_on else None,
                next_stage=_what_followed(
                    standing, version.stages[number] if number < len(version.stages) else None
                ),
                refusal=(standing.refused_for or None) if number == 1 else None,
            )
        )
    return tuple(made)


def _answer(standing: Standing, running: tuple[Deadline, ...], event: str) -> Deadline | None:
    """The deadline of the stage's answer: an acknowledgement that an answer keeps too comes before it."""
    limit = answer_limit(standing.version, event)
    return next((deadline for deadline in running if limit and deadline.id == limit.id), None)


def answer_limit(version: Version, event: str) -> Limit | None:
    """The limit that an answer is measured against; where sources read it twice, the reading worked to. What an
    acknowledgement keeps too, or a notice that the answer is late, is no date of the answer.
    """
    acknowledged = {known.id for known in version.events if known.kind is Kind.ACKNOWLEDGE}
    keeps = [
        limit
        for limit in version.limits
        if event in limit.met_by
        and limit.second_reading_of is None
        and limit.moves_with is None
        and limit.owed_by == "authority"
        and not acknowledged.intersection(limit.met_by)
    ]
    return keeps[-1] if keeps else None


def _what_followed(standing: Standing, following: Stage | None) -> str | None:
    if following is None:
        return None
    for kind, what in ((Kind.OPEN_STAGE, OPENED), (Kind.REFUSE_STAGE, REFUSED)):
        event = standing.version.event_of(kind, following.id)
        if event is not None and event.id in standing.events:
            return what
    return None

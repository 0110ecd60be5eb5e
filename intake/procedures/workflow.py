"""What may be done to a case: `decide` gives the new standing, or a refusal in words. Nothing here is
written down.

Nothing is refused for lateness alone, and no statutory or Code clock can be paused. An act is done on its
day: what a form says about the past is checked against the events it must follow and against the day
itself.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from . import answering_anew, at_the_door, moves, on_dates, on_people, on_stages
from .clock import steps
from .moves import (
    Appoint,
    Extend,
    Move,
    Note,
    OpenNextStage,
    Record,
    Refusal,
    RefuseAtTheDoor,
    RefuseNextStage,
    Reopen,
    Respond,
    SetDate,
    TakeUpAgain,
    Write,
)
from .standing import Standing
from .working_days import FIRST_YEAR, LAST_YEAR, CalendarError, say

_MAY_LACK_A_REASON = (Respond, OpenNextStage, SetDate, Appoint, Record)
_AFTER_CLOSING = (Reopen, TakeUpAgain, Write, Note, OpenNextStage, RefuseNextStage)


def decide(standing: Standing, move: Move) -> Standing | Refusal:
    """The standing after the move, or the reason why it is refused. Pure: `standing` is never changed."""
    if not all(FIRST_YEAR < day.year < LAST_YEAR for day in _dates(move)):
        return Refusal(f"Give a date between {FIRST_YEAR + 1} and {LAST_YEAR - 1}.")
    if move.on < standing.events["received"]:
        return Refusal(f"{say(move.on)} is before the day of receipt, {say(standing.events['received'])}.")
    if standing.closed_on and not isinstance(move, _AFTER_CLOSING):
        return Refusal(f"This case was closed on {say(standing.closed_on)}. Reopen it first.")
    if not getattr(move, "reason", "-").strip() and not isinstance(move, _MAY_LACK_A_REASON):
        return Refusal("Give the reason.")
    after = _DECIDE[type(move)](move, standing)
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
        answers = (move.outcome, *(point.outcome for point in move.points))
        return standing.stage.final or any(version.outcome(one).given_by == "refusal" for one in answers)
    if isinstance(move, Record):
        return any(event.signposts for event in version.events if event.id == move.event)
    return isinstance(move, RefuseNextStage | RefuseAtTheDoor)


def _dates(move: Move) -> list[date]:
    return [
        value
        for name in ("on", "until", "happened", "due")
        if (value := getattr(move, name, None)) is not None
    ]


_RULES: dict[type[Move], Callable[[Any, Standing], Standing | Refusal]] = {
    moves.Acknowledge: on_stages.acknowledge,
    moves.Allocate: on_stages.allocate,
    moves.Extend: on_dates.extend,
    moves.Record: on_stages.record,
    moves.Appoint: on_people.appoint,
    moves.Respond: on_stages.respond,
    moves.OpenNextStage: on_stages.open_next_stage,
    moves.RefuseNextStage: on_stages.refuse_next_stage,
    moves.RefuseAtTheDoor: at_the_door.refuse,
    moves.PauseClock: on_dates.pause_clock,
    moves.ResumeClock: on_dates.resume_clock,
    moves.SetDate: on_dates.set_date,
    moves.Reclassify: on_stages.reclassify,
    moves.Withdraw: on_stages.withdraw,
    moves.Close: on_stages.close,
    moves.TakeUpAgain: answering_anew.take_up_again,
    moves.Reopen: on_stages.reopen,
    moves.Write: on_stages.leave_as_it_is,
    moves.Note: on_stages.leave_as_it_is,
}
_DECIDE = {move: _RULES[move] for move in moves.ALL}  # a move that no rule knows does not load

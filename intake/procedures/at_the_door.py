"""Refused at the door: a complaint that is not taken on, for a reason of the authority's list.

The Complaint Handling Code (2024), chapter 2: a complaint is accepted unless there is a valid reason not to; the
reasons are fair, each case is looked at for itself, discretion is used where there is good reason, and whoever
complained is told why, and of their right to take that decision to the Ombudsman. Nothing here refuses by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .definitions import Outcome
from .moves import Refusal, RefuseAtTheDoor
from .standing import Standing

OVER_12_MONTHS, NO_INTEREST, NOT_THE_COUNCIL = "over-12-months", "no-interest", "not-the-council"
# With what an authority begins; it may keep a list of its own (setting `refusal_grounds`).
GROUNDS = {
    OVER_12_MONTHS: "It came more than 12 months after the matter, and no good reason was found to look into it now",
    "considered-before": "It has been through the complaints procedure already",
    "court": "A court is dealing with the same matter",
    "other-appeal": "There is another right of appeal, or a tribunal, for it",
    NOT_THE_COUNCIL: "It is not about the council, or not about anything that the council decides",
    NO_INTEREST: "Whoever complains has no sufficient interest in it, or not the consent that it needs",
    "other": "Another reason, which the letter gives",
}
NOTE = (
    "A complaint is taken on unless there is a valid reason not to. Being late is none by itself, nor is a court that "
    "is busy with part of it."
)


def grounds(own: Iterable[str]) -> dict[str, str]:
    """The authority's list, by id: its own lines, each "id: words", or those with which it begins."""
    lines = [line.partition(":") for line in own]
    return {ground.strip(): words.strip() for ground, _, words in lines} or dict(GROUNDS)


def refusal_of(standing: Standing) -> Outcome | None:
    """The outcome of what is refused, where the procedure has one: enquiries and concerns have none."""
    return next((one for one in standing.version.outcomes if one.given_by == "refusal"), None)


def refuse(move: RefuseAtTheDoor, standing: Standing) -> Standing | Refusal:
    """The case closed, refused, its first stage unanswered."""
    outcome, first = refusal_of(standing), standing.version.stages[0]
    if outcome is None or standing.version.signpost is None:
        return Refusal("In this procedure nothing is refused at the door. Answer it, and say who can help.")
    if standing.stage is not first:
        return Refusal(f"It is past the door: “{standing.stage.label}” is open. Answer it.")
    if first.id in standing.outcomes:
        return Refusal(f"“{first.label}” has been answered already. You can write to the holder instead.")
    if not move.ground.strip():
        return Refusal("Choose why it is not taken on.")
    outcomes = {**standing.outcomes, first.id: outcome.id}
    return replace(standing, outcomes=outcomes, closed_on=move.on, refused_for=move.ground)

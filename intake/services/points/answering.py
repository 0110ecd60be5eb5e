"""An answer goes through each point: what it asks, why it is refused, what the letter lists, and what is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from intake.models import Case
from intake.procedures import points as rule
from intake.procedures.definitions import Version
from intake.procedures.moves import Respond
from intake.procedures.permitted import Field, Offer
from intake.procedures.standing import Standing
from intake.services.ground import sealing
from intake.services.ground.office import AnySession
from intake.vault.record import CaseKey

from .reading import FINDINGS, Complaint, Point, shown


def to_answer(version: Version, complaint: Complaint) -> tuple[Point, ...]:
    """The points that an answer goes through: none in a procedure whose outcomes decide no point."""
    return complaint.standing if rule.family(version) else ()


def asking(offers: Iterable[Offer], version: Version, complaint: Complaint) -> tuple[Offer, ...]:
    """The acts on offer; where points are set out, the answer asks of each what became of it and why."""
    asks = _asks(version, complaint)
    return tuple(replace(offer, fields=asks) if asks and offer.move is Respond else offer for offer in offers)


def _asks(version: Version, complaint: Complaint) -> tuple[Field, ...]:
    choices = tuple((outcome.id, outcome.label) for outcome in rule.of_a_point(version))
    before = {one.point.id: one.decided for one in shown(version, complaint)}
    fields: list[Field] = []
    for number, point in enumerate(to_answer(version, complaint), start=1):
        wanted = f" What is wanted: {point.wanted}" if point.wanted else ""
        decided = "".join(f" {one.stage}: {one.outcome.lower()}." for one in before[point.id])
        hint = f"{point.words}{wanted}{decided}"
        found = Field(
            f"found_{point.id}", f"Point {number}", "choice", choices=choices, point=number, hint=hint
        )
        why = Field(f"why_{point.id}", f"Why, on point {number}", "text", point=number)
        fields += (found, why)
    return tuple(fields)


def why_not(version: Version, move: Respond, complaint: Complaint) -> str:
    """Why an answer does not go through the points as they stand; empty where it does."""
    asked, given = to_answer(version, complaint), [one.id for one in move.points]
    for number, point in enumerate(asked, start=1):
        if point.id not in given:
            return f"Point {number} has no outcome yet. Choose what became of it, and say why."
    if given != [point.id for point in asked]:
        return "The points are others than those that were answered. Look at the case again."
    return ""


def in_the_letter(version: Version, move: Respond, complaint: Complaint) -> str:
    """What a letter says of each point; empty where none is set out. Where the receipt is shut, it repeats none."""
    words = {point.id: "" if complaint.shut else f" {point.words}" for point in complaint.points}
    each = [
        f"{number}.{words[one.id]}\n{version.outcome(one.outcome).label}. {one.reason.strip()}"
        for number, one in enumerate(move.points, start=1)
    ]
    return "\n\nOur decision on each point\n\n" + "\n\n".join(each) if each else ""


def keep(
    session: AnySession,
    key: CaseKey,
    case: Case,
    before: Standing,
    move: Respond,
    complaint: Complaint,
    *,
    on: date,
    by: str,
) -> None:
    """Seal what was decided on each point at a stage, inside the caller's transaction."""
    if not move.points:
        return
    words = {point.id: point.words for point in complaint.points}
    content = {
        "stage": before.stage.id,
        "points": [
            {"id": one.id, "words": words[one.id], "outcome": one.outcome, "reason": one.reason.strip()}
            for one in move.points
        ],
    }
    sealing.add_record(session, key, case, FINDINGS, content, on=on, by=by, purpose=complaint.purpose)

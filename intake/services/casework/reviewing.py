"""Who answers a stage that reviews another: not whoever answered before, unless somebody decides so with a reason.

The Code's chapter 6 and regulation 17 want a review by somebody who was not part of what is reviewed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import func, select

from intake.models import JournalLine
from intake.procedures.moves import Respond
from intake.procedures.permitted import Field, Offer
from intake.procedures.standing import Standing
from intake.services.ground.journal import Act
from intake.services.ground.office import AnySession

WARNING = (
    "You answered an earlier stage of this case. Its review is for somebody else, unless there is a reason."
)


def answered_before(session: AnySession, case_id: str, standing: Standing, staff: str) -> bool:
    """Whether somebody answered an earlier stage of a case, since it came to the team that has it now. The first stage
    reviews nothing, and asks nothing.
    """
    if standing.stage is standing.version.stages[0]:
        return False
    came = select(func.coalesce(func.max(JournalLine.number), 0)).where(
        JournalLine.case_id == case_id, JournalLine.act == Act.REROUTED
    )
    answers = select(JournalLine.number).where(
        JournalLine.case_id == case_id,
        JournalLine.act == Act.RESPOND,
        JournalLine.actor == staff,
        JournalLine.number > came.scalar_subquery(),
    )
    return session.scalar(answers.limit(1)) is not None


def asking(offers: Iterable[Offer], answered: bool) -> tuple[Offer, ...]:
    """The acts on offer; where the officer answered before, the answer warns, and asks why they review their own."""
    why = Field("own", "Why you review what you answered yourself", "text")
    return tuple(
        replace(offer, note=WARNING, fields=(*offer.fields, why))
        if answered and offer.move is Respond
        else offer
        for offer in offers
    )

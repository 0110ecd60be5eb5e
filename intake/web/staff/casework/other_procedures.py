"""What may be done to a case now: the acts of its procedure, and the move to another one."""

from __future__ import annotations

from datetime import date

from intake.procedures.moves import Reclassify
from intake.procedures.permitted import Field, Offer
from intake.services.casework import case_page
from intake.services.casework.case_page import CasePage
from intake.web.staff.door.session import office


def offers_of(page: CasePage, today: date) -> list[Offer]:
    """The acts that the rules allow now, and the move to another procedure where they allow that."""
    return [*page.offers, *other_procedures(page, today)]


def other_procedures(page: CasePage, today: date) -> list[Offer]:
    """The move to another procedure of the same readers, where the rules allow one."""
    possible = case_page.may_move_to(office(), page, today)
    if not possible:
        return []
    asks = (Field("to", "Procedure", "choice", choices=possible), Field("reason", "Reason", "text"))
    return [Offer(Reclassify, "Move it to another procedure", asks)]

"""What may be done to a case now: the acts of its procedure, and the move to another one."""

from __future__ import annotations

from intake.procedures.moves import Reclassify
from intake.procedures.permitted import Field, Offer
from intake.services.casework import acts
from intake.services.casework.case_page import CasePage
from intake.services.ground.refusals import Refused
from intake.web.staff.door.session import office, officer


def offers_of(page: CasePage, reference: str, moment) -> list[Offer]:
    """The acts that the rules allow now, and the move to another procedure where they allow that."""
    return [*page.offers, *other_procedures(page, reference, moment)]


def other_procedures(page: CasePage, reference: str, moment) -> list[Offer]:
    """The move to another procedure of the same readers, where the rules allow one."""
    here, today = office().catalogue[page.procedure_id], office().today(moment)
    possible = []
    for procedure in office().catalogue:
        if procedure.reader == here.reader and procedure is not here:
            try:
                acts.effects(office(), officer(), reference, Reclassify(today, procedure, "-"), now=moment)
            except Refused:
                continue
            possible.append((procedure.id, procedure.name))
    if not possible:
        return []
    asks = (Field("to", "Procedure", "choice", choices=tuple(possible)), Field("reason", "Reason", "text"))
    return [Offer("reclassify", "Move it to another procedure", asks)]

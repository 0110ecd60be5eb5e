"""Who opened a case, and who opened who sent it."""

from __future__ import annotations

from flask import render_template

from intake.services.journal import openings as services
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import office, officer


@bp.get("/cases/<reference>/opened")
def opened(reference: str):
    """The ledger of one case."""
    told = services.of_case(office(), officer(), reference)
    return render_template(
        "staff/journal/openings.html",
        opened=told,
        most=services.MOST_READINGS,
        address=f"/staff/cases/{told.reference}",
    )

"""What is late, without words: the first page of a senior officer."""

from __future__ import annotations

from flask import render_template

from intake.services.figures import lateness
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer


@bp.get("/late")
def late():
    """By directorate, the longest late first."""
    moment = now()
    return render_template(
        "staff/figures/late.html",
        told=lateness.lateness(office(), officer(), now=moment),
        highest=lateness.HIGHEST,
        today=office().today(moment),
    )

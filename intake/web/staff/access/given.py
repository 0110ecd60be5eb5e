"""The first page of somebody who has no vault: what was given to them by name."""

from __future__ import annotations

from flask import render_template

from intake.services.access import looking
from intake.services.people import grants
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer


@bp.get("/given")
def given():
    """The cases that were given to this account, and nothing of any other."""
    return render_template(
        "staff/access/given.html",
        cases=looking.mine(office(), officer(), now=now()),
        own=grants.own(office(), officer()),
    )

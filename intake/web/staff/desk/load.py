"""Who has how much, for whoever gives cases out."""

from __future__ import annotations

from flask import render_template

from intake.services.desk import load as services
from intake.services.desk.narrowing import NOBODY
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer


@bp.get("/load")
def load():
    """The load of each officer, and the time until a case has one."""
    loads = services.loads(office(), officer(), now=now())
    return render_template(
        "staff/desk/load.html", loads=loads, lines=[*loads.officers, loads.nobody], nobody=NOBODY
    )

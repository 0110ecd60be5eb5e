"""Who has how much, for whoever gives cases out."""

from __future__ import annotations

from flask import render_template

from intake.services.desk import load as services
from intake.services.desk.narrowing import NOBODY
from intake.services.people import absences
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer


@bp.get("/load")
def load():
    """The load of each officer, who of them is away, and the time until a case has one."""
    moment = now()
    loads = services.loads(office(), officer(), now=moment)
    away = absences.today(office(), now=moment)
    return render_template(
        "staff/desk/load.html", loads=loads, lines=[*loads.officers, loads.nobody], nobody=NOBODY, away=away
    )

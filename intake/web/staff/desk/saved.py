"""Lists saved under a name."""

from __future__ import annotations

from flask import redirect, render_template, request

from intake.services.desk import saved as services
from intake.services.ground.refusals import Refused
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import office, officer

from . import asking


@bp.post("/saved")
def save_list():
    """Keep a list under a name."""
    asked = asking.kept(request.form)
    try:
        services.save(office(), officer(), request.form.get("name", ""), asked)
    except Refused as refusal:
        return _ask(asked, str(refusal)), 409
    return redirect(asking.address(asked), 303)


@bp.post("/saved/<saved>/remove")
def forget_list(saved: str):
    """Forget a list of one's own."""
    services.remove(office(), officer(), saved)
    return redirect("/staff/", 303)


def _ask(asked: dict[str, str], refusal: str) -> str:
    return render_template(
        "staff/desk/save.html",
        asked=asked,
        refusal=refusal,
        name=request.form.get("name", "")[:200],
        back=asking.address(asked),
    )

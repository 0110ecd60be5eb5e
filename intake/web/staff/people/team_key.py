"""The key of the officer's team: how far a change of it is, and going on with it."""

from __future__ import annotations

from flask import redirect, render_template, request

from intake.database import Busy
from intake.services.people import rewrapping
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer

AT_IT = "Somebody is at it just now, so nothing was done here. Look again in a while."
HURT = (
    "Something does not open, so it cannot be sealed anew: it was altered. It was left as it is. Tell your "
    "administrator: the command that changes the key names the cases."
)


@bp.get("/colleagues/key")
def team_key():
    """How far it is."""
    return _show(hurt=request.args.get("met") == "hurt")


@bp.post("/colleagues/key")
def seal_on():
    """Seal some more to the new key."""
    try:
        done = rewrapping.go_on(office(), officer(), now=now())
    except Busy:
        return _show(refusal=AT_IT, status=409)
    return redirect("/staff/colleagues/key" + ("?met=hurt" if done.broken else ""), 303)


def _show(*, hurt: bool = False, refusal: str = "", status: int = 200):
    page = render_template(
        "staff/people/team_key.html",
        changing=rewrapping.of_their_own(office(), officer()),
        vault=officer().own_vault,
        several=office().settings.machines > 1,
        refusal=HURT if hurt else refusal,
    )
    return page, status

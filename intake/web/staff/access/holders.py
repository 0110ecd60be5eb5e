"""Who can open a case, and fresh keys for it."""

from __future__ import annotations

from flask import redirect, render_template, request

from intake.services.access import giving, looking
from intake.services.ground.refusals import Refused
from intake.web.fields import brought_back
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer

DONE = {
    "given": "It is given, under fresh keys.",
    "back": "It is taken back, and the case has fresh keys.",
    "identity": "They can open who sent it from now on, with a reason that is recorded.",
    "identity-back": "Who sent it is taken back, and lies under fresh keys.",
    "aside": "It is done, and the case has fresh keys.",
    "fresh": "The case has fresh keys.",
}


@bp.get("/cases/<reference>/holders")
def holders(reference: str):
    """Everybody who can open it, since when and why."""
    return show(looking.at(office(), officer(), reference, now=now()), done=request.args.get("done", ""))


@bp.post("/cases/<reference>/fresh-keys")
def fresh_keys(reference: str):
    """Give a case fresh keys, after somebody's time ended."""
    seen = brought_back(request.form.get("revision"))
    try:
        giving.refresh(office(), officer(), reference, revision=seen, now=now())
    except Refused as error:
        view = looking.at(office(), officer(), reference, now=now())
        return show(view, notice=str(error), status=409)
    return redirect(address(reference, "fresh"), 303)


def show(view: looking.View, *, done: str = "", notice: str = "", status: int = 200):
    """The page."""
    body = render_template("staff/access/holders.html", view=view, done=DONE.get(done, ""), notice=notice)
    return body, status


def address(reference: str, done: str = "") -> str:
    """Where it stands; `done` names what was done."""
    return f"/staff/cases/{reference.strip().upper()}/holders" + (f"?done={done}" if done else "")

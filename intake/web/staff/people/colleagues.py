"""Colleagues: who can open the same vault, and letting in somebody who has joined."""

from __future__ import annotations

from flask import redirect, render_template, request

from intake.services.casework import handing_over
from intake.services.ground import pinning
from intake.services.ground.refusals import KeyDiffers, NotFound, Refused
from intake.services.ground.roles import Right
from intake.services.people import absences, grants, rewrapping
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.entitled import TAKES
from intake.web.staff.door.session import now, office, officer


@bp.get("/colleagues")
def colleagues():
    """The members of the officer's vault."""
    return _show(done=request.args.get("done") == "granted")


@bp.post("/colleagues/<staff_id>/grant")
def grant(staff_id: str):
    """Let a colleague in."""
    try:
        grants.grant(office(), officer(), staff_id, request.form.get("fingerprint", ""), now=now())
    except KeyDiffers:
        raise
    except Refused as error:
        return _show(refusal=str(error), status=409)
    return redirect("/staff/colleagues?done=granted", 303)


def _show(*, done: bool = False, refusal: str = "", status: int = 200):
    try:
        everybody = grants.colleagues(office(), officer())
    except NotFound:
        everybody = None  # nobody has let this officer in yet
    loads = _loads(everybody is not None)
    page = render_template(
        "staff/people/colleagues.html",
        colleagues=everybody,
        me=officer().id,
        away=absences.team(office(), officer(), now=now()) if everybody is not None else {},
        today=office().today(now()),
        loads=None if loads is None else {load.staff_id: load.number for load in loads},
        nobody_at_work=[load for load in loads or () if not load.at_work],
        own=grants.own(office(), officer()),
        vault=next((one for one in pinning.vaults(office()) if one.id == officer().own_vault), None)
        if everybody is not None
        else None,
        changing=everybody is not None and rewrapping.under_way(office(), officer().own_vault or ""),
        done=done,
        says_lines=officer().role.may(TAKES["staff.line_of"]),
        refusal=refusal,
    )
    return page, status


def _loads(let_in: bool):
    """Who holds how many cases, for whoever may hand them over; None for everybody else."""
    if not let_in or not officer().role.may(Right.ALLOCATE):
        return None
    return handing_over.loads(office(), officer())

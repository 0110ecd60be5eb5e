"""Away: from when to when, and who stands in. One's own page, and for managers that of a colleague."""

from __future__ import annotations

from datetime import date

from flask import redirect, render_template, request
from wtforms import Form, SelectField

from intake.services.ground.refusals import Refused
from intake.services.people import absences
from intake.web.fields import DayField, Needed, choices
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer

DONE = {"entered": "It is entered.", "ended": "It is ended."}


class Absence(Form):
    """The days, both included, and the cover."""

    first = DayField("First day away", [Needed("Give the first day")])
    last = DayField("Last day away", [Needed("Give the last day")])
    cover = SelectField("Who stands in", default="")


@bp.route("/away", methods=["GET", "POST"])
def away():
    """The officer's own absences."""
    return _page(officer().id, "/staff/away")


@bp.route("/away/<staff_id>", methods=["GET", "POST"])
def away_for(staff_id: str):
    """Those of somebody of the same vault, for a manager."""
    return _page(staff_id, f"/staff/away/{staff_id}")


def _page(staff_id: str, address: str):
    known = absences.calendar(office(), officer(), staff_id, now=now())
    form = Absence(request.form if request.method == "POST" else None)
    form.cover.choices = choices([("", "Nobody: the managers are told"), *known.covers])
    if request.method == "GET":
        return _ask(known, form, address, done=DONE.get(request.args.get("done", ""), ""))
    try:
        if "end" in request.form:
            absences.end(office(), officer(), staff_id, _day(request.form["end"]), now=now())
            return redirect(f"{address}?done=ended", 303)
        good, first, last = form.validate(), form.first.data, form.last.data
        if not good or first is None or last is None:
            return _ask(known, form, address, status=422)
        cover = form.cover.data or None
        absences.enter(office(), officer(), staff_id, first, last, cover, now=now())
    except Refused as error:
        return _ask(known, form, address, refusal=str(error), status=409)
    return redirect(f"{address}?done=entered", 303)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min  # of no absence


def _ask(known, form: Absence, address: str, *, done: str = "", refusal: str = "", status: int = 200):
    page = render_template(
        "staff/people/absences.html",
        known=known,
        form=form,
        address=address,
        own=known.staff_id == officer().id,
        has_vault=officer().role.vault is not None,
        today=office().today(now()),
        done=done,
        refusal=refusal,
    )
    return page, status

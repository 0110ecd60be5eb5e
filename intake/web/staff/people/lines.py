"""The direct line that holders of named complaints are told: one's own, and for a manager a colleague's."""

from __future__ import annotations

from flask import redirect, render_template, request
from wtforms import Form
from wtforms.validators import Optional

from intake.services.ground.refusals import Refused
from intake.services.people import lines
from intake.web.fields import ShortText
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer


class LineForm(Form):
    """One number, or none."""

    line = ShortText(
        "Direct line",
        [Optional()],
        limit=lines.LONGEST,
        description="For example 01632 960 123. Leave it empty to tell none.",
    )


@bp.route("/line", methods=["GET", "POST"])
def line():
    """One's own."""
    return _line("")


@bp.route("/line/<staff_id>", methods=["GET", "POST"])
def line_of(staff_id: str):
    """A colleague's."""
    return _line(staff_id)


def _line(staff_id: str):
    here = f"/staff/line/{staff_id}" if staff_id else "/staff/line"
    found = lines.of(office(), officer(), staff_id)
    if request.method == "GET":
        return _ask(LineForm(data={"line": found.line}), found, here, done=request.args.get("done") == "kept")
    form = LineForm(request.form)
    if not form.validate():
        return _ask(form, found, here, status=422)
    try:
        lines.say(office(), officer(), staff_id, form.line.data or "", now=now())
    except Refused as error:
        form.line.errors = [str(error)]
        return _ask(form, found, here, status=422)
    return redirect(f"{here}?done=kept", 303)


def _ask(form: LineForm, found: lines.Line, here: str, *, done: bool = False, status: int = 200):
    own = here == "/staff/line"
    page = render_template(
        "staff/people/line.html", form=form, name=found.name, own=own, here=here, done=done
    )
    return page, status

"""Entering what came by telephone, letter, e-mail or in person; the caller gets a receipt too."""

from __future__ import annotations

from flask import render_template, request

from intake.procedures.definitions import Procedure
from intake.procedures.working_days import CalendarError
from intake.services.cases import concerns, places, themes
from intake.services.ground import press
from intake.services.ground.refusals import Refused
from intake.services.ground.roles import Officer
from intake.services.holders import submitting
from intake.web.staff.door import typed
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer

from .enter_form import Enter


@bp.route("/enter", methods=["GET", "POST"])
def enter():
    """The form, and the receipt for the caller, shown in that answer alone."""
    if request.method == "GET":
        return _ask(_form(data={"token": press.new_token(), "by": officer().id}))
    form = _form(request.form)
    if not form.validate():
        return _ask(form, status=422)
    asked = form.response_date.data if "response_date" in form else None
    try:
        entered = submitting.enter(
            office(),
            officer(),
            form.submission(officer()),
            received=form.moment(),
            token=form.token.data,
            now=now(),
            response_date=asked if form.procedure.data == "ombudsman-enquiry" else None,
        )
    except (Refused, CalendarError) as error:
        form.form_errors.append(str(error))
        return _ask(form, status=409)
    return render_template("staff/casework/entered.html", entered=entered)


@typed.draws_again("enter")
def _again(notice: str, status: int):
    return _ask(_form(request.form), notice=notice, status=status)


def _ask(form: Enter, *, notice: str = "", status: int = 200):
    concern = all(concerns.is_one(procedure) for procedure in may_enter(officer()))
    page = render_template("staff/casework/enter.html", form=form, notice=notice, concern=concern)
    return page, status


def _form(given=None, data=None) -> Enter:
    form = Enter(given, data=data).fit(
        may_enter(officer()),
        office().settings,
        places.choices(office(), now=now()),
        themes.open_themes(office()),
    )
    if not form.token.data or len(form.token.data) < 40:
        form.token.data = press.new_token()
    return form


def may_enter(who: Officer) -> list[Procedure]:
    """The procedures whose cases this officer's vault receives."""
    return [procedure for procedure in office().catalogue if concerns.enters(who.role, procedure)]

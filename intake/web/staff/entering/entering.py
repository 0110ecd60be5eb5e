"""Entering what came by telephone, letter, e-mail or in person; the caller gets a receipt too."""

from __future__ import annotations

from flask import render_template, request

from intake.procedures.definitions import Procedure
from intake.procedures.working_days import CalendarError
from intake.services.cases import concerns, places, themes
from intake.services.cases.channels import CHANNELS
from intake.services.casework import linking
from intake.services.ground import press
from intake.services.ground.refusals import NotFound, Refused
from intake.services.ground.roles import Officer
from intake.services.holders import entering as services
from intake.services.holders import submitting
from intake.services.holders.submitting import EnteredBefore
from intake.web.staff.door import typed
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer

from . import receipt
from .enter_form import Enter
from .officers_roads import order_of

ASKED_ABOUT = "The Ombudsman asks about it."
NOT_OURS = "There is no case of this reference that you can open. Check it, or leave it empty."


@bp.route("/enter", methods=["GET", "POST"])
def enter():
    """The form, the dates before it is pressed where somebody asks for them, and the receipt, in that answer alone."""
    if request.method == "GET":
        return _ask(_form(data=_as_before() | {"token": press.new_token(), "by": officer().id}))
    form = _form(request.form)
    if request.form.get("go") == "dates":
        return _tell_the_dates(form)
    if not (form.validate() and _finds_our_case(form)):
        return _ask(form, status=422)
    what = form.submission()
    try:
        entered = submitting.enter(
            office(),
            officer(),
            what,
            received=form.moment(),
            token=form.token.data,
            now=now(),
            response_date=form.due(),
        )
    except EnteredBefore as error:
        form.token.data = press.new_token()
        return _refuse(form, error)
    except (Refused, CalendarError) as error:
        return _refuse(form, error)
    if what_it_is_about := form.our_case.data if "our_case" in form else "":
        _link(entered.reference, what_it_is_about, form.token.data)
    return receipt.hand_over(receipt.slip_of(entered, form, officer(), now()))


@typed.draws_again("enter")
def _again(notice: str, status: int):
    return _ask(_form(request.form), notice=notice, status=status)


def _as_before() -> dict[str, str]:
    """How the one before came and when, where another is entered after it."""
    channel, day = request.args.get("channel", ""), request.args.get("day", "")
    return {"channel": channel if channel in CHANNELS else "", "day": day}


def _tell_the_dates(form: Enter):
    if not form.validate_dates():
        return _ask(form, status=422)
    try:
        told = services.dates(
            office(), officer(), form.for_dates(), received=form.moment(), now=now(), response_date=form.due()
        )
    except (Refused, CalendarError) as error:
        return _refuse(form, error)
    return _ask(form, dates=told)


def _finds_our_case(form: Enter) -> bool:
    """Whether the case that the Ombudsman asks about is one that this officer opens; of others nothing is told."""
    if "our_case" not in form or not (form.our_case.data or "").strip():
        return True
    try:
        form.our_case.data = services.opened(office(), officer(), form.our_case.data)
    except NotFound:
        form.our_case.errors = [NOT_OURS]
        return False
    return True


def _link(reference: str, ours: str, token: str) -> None:
    """The Ombudsman's enquiry and the case that it is about say so of each other."""
    linking.link(
        office(), officer(), reference, ours, "follows", ASKED_ABOUT, token=f"{token}-link", now=now()
    )


def _refuse(form: Enter, error: Exception):
    form.form_errors.append(str(error))
    return _ask(form, status=409)


def _ask(form: Enter, *, notice: str = "", status: int = 200, dates=None):
    page = render_template(
        "staff/entering/enter.html",
        form=form,
        notice=notice,
        dates=dates,
        received_on=form.received_on(),
        today=office().today(now()),
        readers=submitting.usual_readers(office()),
        line=office().settings.monitoring_officer_line,
    )
    return page, status


def _form(given=None, data=None) -> Enter:
    form = Enter(given, data=data).fit(
        officer(),
        may_enter(officer()),
        office().settings,
        places.choices(office(), now=now()),
        themes.open_themes(office()),
        now(),
        lambda named: submitting.other_readers(office(), officer(), named),
    )
    if not form.token.data or len(form.token.data) < 40:
        form.token.data = press.new_token()
    return form


def may_enter(who: Officer) -> list[Procedure]:
    """The procedures whose cases this officer's vault receives, as the page groups them."""
    return sorted(
        (procedure for procedure in office().catalogue if concerns.enters(who.role, procedure)),
        key=order_of,
    )

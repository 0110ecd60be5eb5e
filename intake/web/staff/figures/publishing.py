"""Publishing a quarter, and revising what was published."""

from __future__ import annotations

from flask import redirect, render_template, request
from wtforms import Form, HiddenField

from intake.counts.quarters import BadPeriod, Period
from intake.services.figures import publishing
from intake.services.ground.refusals import NotFound, Refused
from intake.web.fields import LongText, brought_back
from intake.web.staff.door import typed
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer


class Publish(Form):
    """Why the figures are revised; the first edition needs no reason."""

    reason = LongText(
        "Why are they revised?",
        limit=publishing.LONGEST_REASON,
        description="Printed beside the figures for everybody to read. Name nobody.",
    )
    last = HiddenField()
    by = HiddenField()


@bp.route("/counts/publish", methods=["GET", "POST"])
def publish():
    """What would be published, and publishing it."""
    period = _period()
    if request.method == "GET":
        return _ask(period, Publish())
    form = Publish(request.form)
    if not form.validate():
        return _ask(period, form, status=422)
    try:
        publishing.publish(
            office(), officer(), period, form.reason.data or "", last=brought_back(form.last.data), now=now()
        )
    except Refused as error:
        return _ask(period, form, refusal=str(error), status=409)
    return redirect(f"/staff/counts?year={period.year_label}&quarter={period.quarter}&done=published", 303)


@typed.draws_again("publish")
def _again(notice: str, status: int):
    return _ask(_period(), Publish(request.form), refusal=notice, status=status)


def _ask(period: Period, form: Publish, *, refusal: str = "", status: int = 200):
    standing = publishing.standing(office(), officer(), period, now=now())
    form.last.data, form.by.data = str(standing.edition), officer().id
    body = render_template(
        "staff/figures/publish.html",
        standing=standing,
        period=period,
        form=form,
        refusal=refusal,
        address=f"/staff/counts?year={period.year_label}&quarter={period.quarter}",
    )
    return body, status


def _period() -> Period:
    try:
        period = Period.parse(request.values.get("year", ""), request.values.get("quarter"))
    except BadPeriod as error:
        raise NotFound from error
    if period.quarter is None:
        raise NotFound
    return period

"""Assessing a concern: one page, one press."""

from __future__ import annotations

from flask import redirect, render_template, request

from intake.procedures import assessment as rules
from intake.services.ground.refusals import ActedMeanwhile, Refused
from intake.services.inquiries import assessing, showing
from intake.services.inquiries.showing import InquiryPage
from intake.web.fields import brought_back
from intake.web.staff.door import typed
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer

from .assess_form import Assess, begins_with


@bp.route("/cases/<reference>/assess", methods=["GET", "POST"])
def assess(reference: str):
    """GET shows what is known; POST keeps it, and what was decided meets the date that is owed for it."""
    page = _opened(reference)
    form = _form(page)
    if request.method == "GET":
        return _ask(page, form)
    today = office().today(now())
    if not form.validate() or form.told(rules.faults(form.found, received_on=page.received_on, today=today)):
        return _ask(page, form, status=422)
    try:
        assessing.assess(
            office(),
            officer(),
            page.reference,
            form.found,
            revision=brought_back(request.form.get("revision")),
            now=now(),
        )
    except ActedMeanwhile as error:
        return _ask(page, form, notice=str(error), status=409)
    except Refused as error:
        form.form_errors.append(str(error))
        return _ask(page, form, status=409)
    there = f"/staff/cases/{page.reference}"
    if form.decision.data == rules.SEND_ON and form.elsewhere.data == rules.A_COMPLAINT:
        return redirect(f"{there}/reroute", 303)
    return redirect(f"{there}/inquiry?done=assessed", 303)


@typed.draws_again("assess")
def _again(notice: str, status: int, reference: str):
    page = _opened(reference)
    return _ask(page, _form(page), notice=notice, status=status)


def _opened(reference: str) -> InquiryPage:
    return showing.open_inquiry(office(), officer(), reference, now=now())


def _form(page: InquiryPage) -> Assess:
    given = request.form if request.method == "POST" else None
    return Assess(given, data=begins_with(page.inquiry.assessed)).fit(page.received_on)


def _ask(page: InquiryPage, form: Assess, *, notice: str = "", status: int = 200):
    form.revision.data, form.by.data = str(page.revision), officer().id
    body = render_template("staff/inquiries/assess.html", page=page, form=form, notice=notice)
    return body, status

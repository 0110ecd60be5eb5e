"""The statement of complaint in other words: agreed anew on a day, for a reason, and never changed in silence."""

from __future__ import annotations

from flask import redirect, render_template, request
from wtforms import Form

from intake.services.ground.refusals import ActedMeanwhile, NotFound, Refused
from intake.services.points import agreeing
from intake.services.points.showing import PointsPage
from intake.web.fields import brought_back
from intake.web.staff.door import typed
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer

from .forms import AStatementAgreed, agreement_of, carry
from .setting_out import address, opened


@bp.route("/cases/<reference>/statement", methods=["GET", "POST"])
def statement(reference: str):
    """Ask for the new words with their day and reason, and keep them beside the old ones."""
    page = opened(reference)
    if page.on_the_case.statement is None:  # recorded first, by the act of its stage
        return redirect(address(page), 303)
    if request.method == "GET":
        return _ask(page, _form(page))
    form = _form(page, request.form)
    if not form.validate():
        return _ask(page, form, status=422)
    seen, agreed = brought_back(request.form.get("revision")), agreement_of(form)
    try:
        agreeing.agree_anew(
            office(), officer(), page.reference, form.text.data, agreed, revision=seen, now=now()
        )
    except ActedMeanwhile as error:
        return _ask(page, form, notice=str(error), status=409)
    except Refused as error:
        form.form_errors.append(str(error))
        return _ask(page, form, status=409)
    return redirect(f"{address(page)}?done=statement", 303)


@typed.draws_again("statement")
def _again(notice: str, status: int, reference: str):
    page = opened(reference)
    return _ask(page, _form(page, request.form), notice=notice, status=status)


def _form(page: PointsPage, given=None) -> Form:
    now_said = page.on_the_case.statement
    if now_said is None:
        raise NotFound
    return carry(AStatementAgreed(given, data={"text": now_said.text}), page)


def _ask(page: PointsPage, form: Form, *, notice: str = "", status: int = 200):
    body = render_template(
        "staff/points/statement.html",
        page=page,
        seen=page.on_the_case,
        form=form,
        notice=notice,
        address=address(page),
    )
    return body, status

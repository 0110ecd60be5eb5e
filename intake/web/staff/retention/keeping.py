"""How long one case is kept, and a hold placed on it or lifted."""

from __future__ import annotations

from flask import redirect, render_template, request
from wtforms import Form, HiddenField

from intake.services.ground.press import new_token
from intake.services.ground.refusals import ActedMeanwhile, NotFound, Refused
from intake.services.retention import keeping as services
from intake.web.fields import LongText, Needed, brought_back
from intake.web.staff.door import typed
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.problems import show
from intake.web.staff.door.session import now, office, officer

DONE = {"placed": "The hold stands.", "lifted": "The hold is lifted."}
TOO_LATE = (
    "No hold was placed: there is no case with this reference that you can open.",
    "If you had it before you a moment ago, it was destroyed or went to another team before your hold came. What was "
    "destroyed cannot be brought back; who proposed and confirmed it stands in the journal.",
)


class Hold(Form):
    """Why a case is kept, or need not be any more."""

    reason = LongText(
        "Why?",
        [Needed("Give the reason")],
        limit=services.LONGEST,
        description="Sealed with the case. Whoever can open the case reads it.",
    )
    revision = HiddenField()
    token = HiddenField()
    by = HiddenField()


@bp.route("/cases/<reference>/keeping", methods=["GET", "POST"])
def keeping(reference: str):
    """How long it is kept; a hold."""
    if request.method == "GET":
        return _draw(services.look(office(), officer(), reference))
    form = Hold(request.form)
    try:
        return _act(reference, form)
    except NotFound:
        if request.form.get("step") != "place":
            raise
        return show("No hold was placed", *TOO_LATE, status=404, left=typed.written())


def _act(reference: str, form: Hold):
    lifts = request.form.get("step") == "lift"
    if not form.validate():
        return _draw(services.look(office(), officer(), reference), form, status=422)
    token, reason = form.token.data or new_token(), form.reason.data
    try:
        if lifts:
            revision = brought_back(form.revision.data)
            services.lift(office(), officer(), reference, reason, revision=revision, token=token, now=now())
        else:
            services.place(office(), officer(), reference, reason, token=token, now=now())
    except Refused as error:
        view = services.look(office(), officer(), reference)
        said, anew = f"{error} {typed.STILL_HERE}", isinstance(error, ActedMeanwhile)
        return _draw(view, form, notice=said, status=409, anew=anew)
    return redirect(f"/staff/cases/{reference}/keeping?done={'lifted' if lifts else 'placed'}", 303)


@typed.draws_again("keeping")
def _again(notice: str, status: int, reference: str):
    view = services.look(office(), officer(), reference)
    return _draw(view, Hold(request.form), notice=notice, status=status)


def _draw(
    view: services.Keeping,
    form: Hold | None = None,
    *,
    notice: str = "",
    status: int = 200,
    anew: bool = True,
):
    """The page; `anew`: its next press is for the case as it is now."""
    form = form or Hold(data={"token": new_token()})
    if anew or not form.revision.data:
        form.revision.data = str(view.revision)
    form.token.data, form.by.data = form.token.data or new_token(), officer().id
    page = render_template(
        "staff/retention/keeping.html",
        view=view,
        form=form,
        notice=notice,
        done=DONE.get(request.args.get("done", ""), "") if request.method == "GET" else "",
    )
    return page, status

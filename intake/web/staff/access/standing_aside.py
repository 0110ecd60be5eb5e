"""Somebody stands aside, or a conflict is declared: said first what it would come to, then done."""

from __future__ import annotations

from flask import redirect, render_template, request
from wtforms import Form, HiddenField

from intake.services.access import looking, parting
from intake.services.access.looking import View
from intake.services.access.parting import Foreseen
from intake.services.access.remembering import LONGEST
from intake.services.ground.refusals import KeyDiffers, NotFound, Refused
from intake.web.fields import Choose, LongText, Needed, Tick, brought_back
from intake.web.staff.door import typed
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer

from .holders import address


@bp.route("/cases/<reference>/aside", methods=["GET", "POST"])
def aside(reference: str):
    """Who goes, and why; then what it would come to; then it is done."""
    view = looking.at(office(), officer(), reference, now=now())
    if request.method == "GET":
        return _ask(view)
    form = _form(view)(request.form)
    if not form.validate():
        return _ask(view, form, status=422)
    try:
        foreseen = parting.foresee(office(), officer(), view.reference, form.who.data, now=now())
        if request.form.get("step") != "do" or form.shown.data != form.who.data:
            return _ask(view, form, foreseen)
        _do(view, form)
    except KeyDiffers:
        raise
    except Refused as error:
        view = looking.at(office(), officer(), view.reference, now=now())
        return _ask(view, _form(view)(request.form), notice=str(error), status=409)
    try:
        looking.at(office(), officer(), view.reference, now=now())
    except NotFound:
        return redirect("/staff/stood-aside", 303)
    return redirect(address(view.reference, "aside"), 303)


@typed.draws_again("aside")
def _again(notice: str, status: int, reference: str):
    view = looking.at(office(), officer(), reference, now=now())
    return _ask(view, _form(view)(request.form), notice=notice, status=status)


@bp.get("/stood-aside")
def stood_aside():
    """It was done. The case is not named: it is not this officer's any more."""
    return render_template("staff/access/stood_aside.html")


def _do(view: View, form: Form) -> None:
    seen, who, why = brought_back(form.revision.data), form.who.data, form.reason.data
    if who == f"staff:{officer().id}":
        parting.stand_aside(office(), officer(), view.reference, why, revision=seen, now=now())
        return
    spare = bool(form.spare.data)
    parting.declare(office(), officer(), view.reference, who, why, spare=spare, revision=seen, now=now())


def _form(view: View) -> type[Form]:
    me = f"staff:{officer().id}"
    who = [(one, "I stand aside" if one == me else name) for one, name in view.could_go]
    made = {
        "who": Choose("Who is in conflict?", "Say who", who),
        "reason": LongText(
            "Why?",
            [Needed("Give the reason")],
            limit=LONGEST,
            description="Sealed under the fresh keys: those who can open it then read it, and whoever goes never does.",
        ),
        "spare": Tick("Seal it to the next office too"),
        "shown": HiddenField(),
        "revision": HiddenField(),
        "by": HiddenField(),
    }
    return type("Aside", (Form,), made)


def _ask(
    view: View,
    form: Form | None = None,
    foreseen: Foreseen | None = None,
    *,
    notice: str = "",
    status: int = 200,
):
    form = form or _form(view)()
    form.revision.data, form.by.data = str(view.revision), officer().id
    form.shown.data = form.who.data if foreseen else ""
    body = render_template(
        "staff/access/aside.html",
        view=view,
        form=form,
        foreseen=foreseen,
        me=f"staff:{officer().id}",
        notice=notice,
    )
    return body, status

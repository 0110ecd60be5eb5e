"""Who sent a concern: asked for with a reason and a password, and shown in one answer."""

from __future__ import annotations

from flask import redirect, render_template, request
from wtforms import Form, HiddenField, PasswordField

from intake.services.casework import case_page
from intake.services.casework.identity import ShownOnce, open_identity
from intake.services.ground.press import new_token
from intake.services.ground.refusals import SignInRefused
from intake.services.people.signing_in import WRONG_CODE
from intake.web.fields import LongText, Needed, ShortText
from intake.web.staff.door import typed
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer

from .case import address


class OpenIdentity(Form):
    """Why the identity has to be known."""

    reason = LongText("Why do you need to know who it is?", [Needed("Give the reason")], limit=2_000)
    password = PasswordField("Your password, once more", [Needed("Enter your password")])
    code = ShortText("The one-time code that your telephone shows now", [Needed("Enter the code")], limit=10)
    token = HiddenField()
    by = HiddenField()


@bp.route("/cases/<reference>/identity", methods=["GET", "POST"])
def identity(reference: str):
    """Open who sent a concern, for this one answer; the opening is recorded. Loaded again, the answer opens nothing."""
    page = case_page.open_case(office(), officer(), reference, now=now())
    if not page.identity_sealed:
        return redirect(address(reference), 303)
    if request.method == "GET":
        return _ask(page.reference, _form(data={"token": new_token(), "by": officer().id}))
    form = _form(request.form)
    if not form.validate():
        return _ask(page.reference, form, status=422)
    given = (form.reason.data, form.password.data)
    more = {"code": form.code.data if "code" in form else "", "token": form.token.data or ""}
    try:
        told = open_identity(office(), officer(), page.reference, *given, **more, now=now())
    except SignInRefused as error:
        asked = form.code if str(error) == WRONG_CODE else form.password
        asked.errors = [str(error)]
        return _ask(page.reference, form, status=422)
    except ShownOnce as error:
        form.token.data = new_token()
        return _ask(page.reference, form, notice=str(error), status=409)
    return _draw(page.reference, opened=told), 200


@typed.draws_again("identity")
def _again(notice: str, status: int, reference: str):
    page = case_page.open_case(office(), officer(), reference, now=now())
    return _ask(page.reference, _form(request.form), notice=notice, status=status)


def _form(*args, **more) -> OpenIdentity:
    """The form, with the code where the authority wants one."""
    form = OpenIdentity(*args, **more)
    if not office().settings.identity_by_code:
        del form.code
    return form


def _ask(reference: str, form: Form, *, notice: str = "", status: int = 200):
    return _draw(reference, form=form, notice=notice), status


def _draw(reference: str, **more) -> str:
    return render_template(
        "staff/casework/identity.html",
        reference=reference,
        address=address(reference),
        tells=office().settings.tell_identity_opened,
        **more,
    )

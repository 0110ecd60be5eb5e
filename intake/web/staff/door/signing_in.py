"""Signing in and out."""

from __future__ import annotations

from flask import make_response, redirect, render_template, request
from flask_login import current_user
from werkzeug import Response
from wtforms import Form, HiddenField, PasswordField
from wtforms.validators import Optional

from intake.services.ground.refusals import SignInRefused, SignInThrottled
from intake.services.people import signing_in as services
from intake.web import cookies
from intake.web.fields import Needed, ShortText

from . import typed
from .blueprint import bp
from .session import KNOWN, give_cookie, know_again, now, office, officer, safe_address, take_cookie


class SignIn(Form):
    """E-mail, password and, where it is on, the code of the second factor."""

    email = ShortText("E-mail address", [Needed("Enter your e-mail address")], limit=254)
    password = PasswordField("Password", [Needed("Enter your password")])
    code = ShortText(
        "Code from your telephone",
        [Optional()],
        limit=20,
        description="Six figures from the app that you set up when you joined.",
    )
    next = HiddenField()
    kept = HiddenField()


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in():
    """The way in. Whoever is in already is led on."""
    if request.method == "GET":
        if current_user.is_authenticated:
            return redirect(safe_address(request.args.get("next")), 303)
        return ask(wanted=request.args.get("next"))
    form = SignIn(request.form)
    if not form.validate():
        return _again(form, 422)
    try:
        address = typed.address_of(form.kept.data) if form.kept.data else ""
        cookie = services.sign_in(
            office(),
            form.email.data,
            form.password.data,
            form.code.data or "",
            known=cookies.given(KNOWN) or "",
            now=now(),
        )
    except SignInThrottled as error:
        form.form_errors.append(str(error))
        return _again(form, 429)
    except SignInRefused as error:
        form.form_errors.append(str(error))
        return _again(form, 422)
    if form.kept.data:
        page: Response = make_response(
            render_template("staff/door/signed_in.html", kept=form.kept.data, address=address)
        )
    else:
        page = redirect(safe_address(form.next.data), 303)
    return know_again(give_cookie(page, cookie), form.email.data)


def ask(*, kept: str = "", wanted: str | None = None, notice: str = "", status: int = 200):
    """The empty page; `kept` is what somebody had typed elsewhere when their session ran out."""
    form = SignIn(data={"kept": kept, "next": safe_address(wanted)})
    return _again(form, status, notice)


@bp.post("/sign-out")
def sign_out():
    """The cookie opens nothing from now on."""
    services.sign_out(office(), officer(), now=now())
    page = render_template("staff/door/signed_out.html", officer=None, navigation=None)
    return take_cookie(make_response(page))


@typed.draws_again("sign_in")
def _expired(notice: str, status: int):
    return _again(SignIn(request.form), status, notice)


def _again(form: SignIn, status: int, notice: str = ""):
    page = render_template(
        "staff/door/sign_in.html",
        form=form,
        notice=notice,
        asks_for_code=office().settings.second_factor,
        officer=None,
        navigation=None,
    )
    return page, status

"""Taking up an invitation: the code that was sent, then a password and the second factor.

The new secret travels from the first page to the second inside the page, sealed by the server; it is stored
nowhere until the officer has shown, with a first code, that the telephone has it.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from flask import render_template, request
from wtforms import Form, HiddenField, PasswordField
from wtforms.validators import Optional

from intake.services.ground.refusals import Refused, SignInThrottled
from intake.services.people import accounts, drafts
from intake.web.fields import Needed, ShortText
from intake.web.staff.door import typed
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office

PURPOSE = "joining"


class Invitation(Form):
    """What the officer was given."""

    email = ShortText("E-mail address", [Needed("Enter your e-mail address")], limit=254)
    code = ShortText(
        "Invitation code",
        [Needed("Enter the invitation code")],
        limit=100,
        description="The person who added your account gave it to you. It works once.",
    )


class Joining(Form):
    """The password, twice, and a first code."""

    password = PasswordField(
        "Choose a password",
        [Needed("Choose a password")],
        description=f"At least {accounts.PASSWORD_LEAST} characters. Three or four unrelated words do well. "
        "Nobody can look it up for you: if you forget it, you join again and a colleague lets you in again.",
    )
    again = PasswordField("The same password again", [Needed("Type the password a second time")])
    one_time_code = ShortText(
        "First code from your telephone", [Optional()], limit=20, description="Six figures."
    )
    draft = HiddenField()


@dataclass(frozen=True)
class Factor:
    """The second factor as it is shown: as a picture for the telephone and in groups for the hand."""

    path: str
    size: int
    groups: tuple[str, ...]


@bp.route("/join", methods=["GET", "POST"])
def join():
    """First page: the invitation."""
    form = Invitation(request.form if request.method == "POST" else None)
    if request.method == "GET":
        return _first(form)
    if not form.validate():
        return _first(form, 422)
    try:
        accounts.check_invitation(office(), form.email.data, form.code.data, now=now())
    except Refused as error:
        form.form_errors.append(str(error))
        return _first(form, 422)
    secret, address = accounts.new_second_factor(office(), form.email.data)
    draft = {
        "email": form.email.data,
        "code": form.code.data,
        "factor": base64.b64encode(secret).decode(),
        "address": address,
    }
    return _second(Joining(data={"draft": drafts.seal(office(), draft, purpose=PURPOSE)}), draft)


@bp.post("/join/finish")
def finish_joining():
    """Second page: the password and the first code."""
    form = Joining(request.form)
    draft = _open(form)
    if form.validate() and form.password.data != form.again.data:
        form.again.errors = ["The two passwords are not the same. Type both again."]
    if form.errors:
        return _second(form, draft, 422)
    try:
        accounts.join(
            office(),
            draft["email"],
            draft["code"],
            form.password.data,
            base64.b64decode(draft["factor"]),
            form.one_time_code.data or "",
            now=now(),
        )
    except (Refused, SignInThrottled) as error:
        form.form_errors.append(str(error))
        return _second(form, draft, 422)
    return render_template("staff/people/joined.html")


@typed.draws_again("join")
def _first_again(notice: str, status: int):
    return _first(Invitation(request.form), status, notice)


@typed.draws_again("finish_joining")
def _second_again(notice: str, status: int):
    form = Joining(request.form)
    return _second(form, _open(form), status, notice)


def _first(form: Invitation, status: int = 200, notice: str = ""):
    return render_template("staff/people/join.html", form=form, notice=notice), status


def _second(form: Joining, draft: dict, status: int = 200, notice: str = ""):
    factor = picture(draft["address"]) if office().settings.second_factor else None
    page = render_template(
        "staff/people/join_finish.html", form=form, factor=factor, notice=notice, email=draft["email"]
    )
    return page, status


def _open(form: Joining) -> dict:
    return drafts.unseal(office(), form.draft.data or "", purpose=PURPOSE)


def picture(address: str) -> Factor:
    """An otpauth address as squares to draw: figures and letters of ours alone, so nothing needs escaping."""
    import segno  # a picture is drawn once for each officer

    rows = list(segno.make(address, error="l").matrix_iter(border=4))
    squares = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, module in enumerate(row) if module
    )
    secret = parse_qs(urlsplit(address).query)["secret"][0]
    return Factor(squares, len(rows), tuple(secret[at : at + 4] for at in range(0, len(secret), 4)))

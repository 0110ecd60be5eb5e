"""An officer's own password: a new one ends every session, this one too."""

from __future__ import annotations

from flask import make_response, render_template, request
from wtforms import Form, PasswordField

from intake.services.ground.refusals import Refused, SignInRefused
from intake.services.people import accounts
from intake.web.fields import Needed
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer, take_cookie

LENGTH = f"{accounts.PASSWORD_LEAST} to {accounts.PASSWORD_MOST} characters. Three or four words do well."


class NewPassword(Form):
    """The old password, and the new one twice."""

    password = PasswordField("Your password now", [Needed("Enter your password")])
    new = PasswordField("New password", [Needed("Enter a new password")], description=LENGTH)
    again = PasswordField("New password again", [Needed("Enter the new password again")])


@bp.route("/password", methods=["GET", "POST"])
def password():
    """Change it."""
    form = NewPassword(request.form if request.method == "POST" else None)
    if request.method == "GET":
        return _ask(form)
    if form.validate() and form.new.data != form.again.data:
        form.again.errors = ["The two new passwords are not the same. Type both again."]
    if form.errors:
        return _ask(form, 422)
    try:
        accounts.change_password(office(), officer(), form.password.data, form.new.data, now=now())
    except SignInRefused as error:
        form.password.errors = [str(error)]
        return _ask(form, 422)
    except Refused as error:
        form.new.errors = [str(error)]
        return _ask(form, 422)
    page = render_template("staff/people/password_changed.html", officer=None, navigation=None)
    return take_cookie(make_response(page))


def _ask(form: NewPassword, status: int = 200):
    return render_template("staff/people/password.html", form=form), status

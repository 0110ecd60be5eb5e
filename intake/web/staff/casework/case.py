"""One case on one page, the identity of whoever sent a concern, and a message marked as read."""

from __future__ import annotations

from flask import redirect, render_template, request
from wtforms import Form, HiddenField, PasswordField

from intake.services.cases import concerns
from intake.services.cases.channels import CHANNELS
from intake.services.casework import acting, case_page
from intake.services.casework.identity import open_identity
from intake.services.ground.refusals import NotFound, SignInRefused
from intake.services.triage import telling
from intake.web.fields import LongText, Needed
from intake.web.staff.door import typed
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer

from . import timelines
from .act_words import DONE, REASONS, title
from .other_procedures import offers_of

LEVELS = {"named": "Named", "confidential": "In confidence", "anonymous": "Anonymous"}


class OpenIdentity(Form):
    """Why the identity has to be known."""

    reason = LongText("Why do you need to know who it is?", [Needed("Give the reason")], limit=2_000)
    password = PasswordField("Your password, once more", [Needed("Enter your password")])
    by = HiddenField()


@bp.get("/cases/<reference>")
def case(reference: str):
    """The case."""
    return show(reference, done=DONE.get(request.args.get("done", ""), ""))


@bp.post("/cases/<reference>/read")
def mark_read(reference: str):
    """The holder's message has been read."""
    acting.mark_read(office(), officer(), reference, now=now())
    return redirect(address(reference, "read"), 303)


@bp.route("/cases/<reference>/identity", methods=["GET", "POST"])
def identity(reference: str):
    """Open who sent a concern, for this one answer; the opening is recorded."""
    if request.method == "GET":
        return redirect(address(reference), 303)
    form = OpenIdentity(request.form)
    if not form.validate():
        return show(reference, form=form, status=422)
    given = (form.reason.data, form.password.data)
    try:
        told = open_identity(office(), officer(), reference, *given, now=now())
    except SignInRefused as error:
        form.password.errors = [str(error)]
        return show(reference, form=form, status=422)
    return show(reference, opened=told)


@typed.draws_again("identity")
def _identity_again(notice: str, status: int, reference: str):
    return show(reference, form=OpenIdentity(request.form), notice=notice, status=status)


def show(reference: str, *, status: int = 200, form: Form | None = None, **more):
    """The page of a case. `done`, `notice`, `refusal`, `left` and `opened` belong to this one answer."""
    moment = now()
    page = case_page.open_case(office(), officer(), reference, now=moment)
    today = office().today(moment)
    procedure = office().catalogue[page.procedure_id]
    drawn = timelines.draw(page.deadlines, procedure, page.standing)
    asks = form or (OpenIdentity(data={"by": officer().id}) if page.identity_sealed else None)
    body = render_template(
        "staff/casework/case.html",
        case=page,
        running=[clock for clock in drawn if clock.running],
        past=[clock for clock in drawn if not clock.running],
        beyond=any(view.deadline.beyond for view in page.deadlines),
        in_all=timelines.in_all(page.standing, today) if page.deadlines else None,
        today=today,
        reasons=REASONS,
        title=title,
        channel=CHANNELS.get(page.channel, page.channel),
        level=LEVELS.get(page.level, page.level),
        classified=not concerns.is_one(procedure),
        offers=offers_of(page, today),
        **telling.on_the_case(page, officer(), procedure),
        timeline=[{"title": line.text, "on": line.on, "by": line.by} for line in page.timeline],
        form=asks,
        **more,
    )
    return body, status


def address(reference: str, done: str = "") -> str:
    """Where a case stands; `done` names the act of which the page says that it was done."""
    reference = reference.strip().upper()
    if not all(sign.isascii() and (sign.isalnum() or sign == "-") for sign in reference):
        raise NotFound
    return f"/staff/cases/{reference}" + (f"?done={done}" if done else "")

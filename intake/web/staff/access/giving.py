"""One case is given to an investigator, and who sent it for a time; and taken back."""

from __future__ import annotations

from flask import redirect, render_template, request
from wtforms import Form, HiddenField, PasswordField
from wtforms.validators import Optional

from intake.services.access import giving, looking, naming
from intake.services.access.looking import HeldBy, View
from intake.services.access.remembering import LONGEST
from intake.services.ground.refusals import KeyDiffers, Refused, SignInRefused
from intake.web.fields import Choose, DayField, LongText, Needed, ShortText, brought_back
from intake.web.staff.door import typed
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer

from .holders import address


class Carried(Form):
    """What each of the forms carries: the state of the case that the page showed, and whose page it was."""

    revision = HiddenField()
    by = HiddenField()


class TakeBack(Carried):
    """Why it is taken back."""

    reason = LongText("Why?", [Needed("Give the reason")], limit=LONGEST)


class Identity(Carried):
    """Why somebody has to know who sent it, and until when."""

    reason = LongText("Why do they need to know who it is?", [Needed("Give the reason")], limit=LONGEST)
    until = DayField(
        "Until which day?",
        [Needed("Give the last day")],
        description="The last day on which they may know it, such as 27 3 2026.",
    )
    password = PasswordField("Your password, once more", [Needed("Enter your password")])


@bp.route("/cases/<reference>/give", methods=["GET", "POST"])
def give(reference: str):
    """Give a case to somebody by name, whose fingerprint was compared."""
    view = looking.at(office(), officer(), reference, now=now())
    if request.method == "GET":
        return _ask(view)
    form = _form(view)(request.form)
    if not form.validate():
        return _ask(view, form, status=422)
    try:
        giving.give(
            office(),
            officer(),
            view.reference,
            form.to.data,
            form.fingerprint.data,
            form.reason.data,
            until=form.until.data,
            revision=brought_back(form.revision.data),
            now=now(),
        )
    except KeyDiffers:
        raise
    except Refused as error:
        view = looking.at(office(), officer(), view.reference, now=now())
        return _ask(view, _form(view)(request.form), notice=str(error), status=409)
    return redirect(address(view.reference, "given"), 303)


@typed.draws_again("give")
def _again(notice: str, status: int, reference: str):
    view = looking.at(office(), officer(), reference, now=now())
    return _ask(view, _form(view)(request.form), notice=notice, status=status)


@bp.route("/cases/<reference>/holders/<staff_id>", methods=["GET", "POST"])
def given_to(reference: str, staff_id: str):
    """What somebody was given is taken back: the case, or who sent it alone."""
    return _change(reference, staff_id, TakeBack, _take_back)


@bp.route("/cases/<reference>/holders/<staff_id>/identity", methods=["GET", "POST"])
def name_to(reference: str, staff_id: str):
    """Who sent a case is given to somebody who has the case."""
    return _change(reference, staff_id, Identity, _name)


@typed.draws_again("given_to")
def _taken_again(notice: str, status: int, reference: str, staff_id: str):
    return _change(reference, staff_id, TakeBack, None, notice=notice, status=status)


@typed.draws_again("name_to")
def _named_again(notice: str, status: int, reference: str, staff_id: str):
    return _change(reference, staff_id, Identity, None, notice=notice, status=status)


def _change(reference, staff_id, of, do, *, notice="", status=200):
    """A page about one who was given it: asked, or done by `do`; without it drawn again with what was typed."""
    view = looking.at(office(), officer(), reference, now=now())
    held = _held(view, staff_id)
    if held is None or (of is Identity and not view.has_identity):
        return redirect(address(view.reference), 303)
    if request.method == "GET":
        return _one(view, held, of())
    form = of(request.form)
    if do is None:
        return _one(view, held, form, notice=notice, status=status)
    if not form.validate():
        return _one(view, held, form, status=422)
    try:
        done = do(view, staff_id, form)
    except SignInRefused as error:
        form.password.errors = [str(error)]
        return _one(view, held, form, status=422)
    except KeyDiffers:
        raise
    except Refused as error:
        return _change(reference, staff_id, of, None, notice=str(error), status=409)
    return redirect(address(view.reference, done), 303)


def _take_back(view: View, staff_id: str, form: TakeBack) -> str:
    alone = request.form.get("step") == "identity"
    do = naming.take_back if alone else giving.take_back
    seen, why = brought_back(form.revision.data), form.reason.data or ""
    do(office(), officer(), view.reference, staff_id, why, revision=seen, now=now())
    return "identity-back" if alone else "back"


def _name(view: View, staff_id: str, form: Identity) -> str:
    naming.give(
        office(),
        officer(),
        view.reference,
        staff_id,
        form.reason.data or "",
        form.password.data or "",
        until=form.until.data,
        revision=brought_back(form.revision.data),
        now=now(),
    )
    return "identity"


def _held(view: View, staff_id: str) -> HeldBy | None:
    return next((one for one in view.held if one.investigator and one.investigator == staff_id), None)


def _form(view: View) -> type[Form]:
    made = {
        "to": Choose(
            "To whom?",
            "Choose somebody",
            [(one.id, f"{one.name}, {one.role.lower()}") for one in view.takers],
        ),
        "fingerprint": ShortText(
            "Their fingerprint, as they read it to you",
            [Needed("Type the fingerprint that they read to you")],
            limit=60,
            description="Ring them on a number you know. They find it on their first page or under "
            "Colleagues: five groups of four.",
        ),
        "reason": LongText(
            "Why are they given it?",
            [Needed("Give the reason")],
            limit=LONGEST,
            description="Those who can open the case read it, and so do they.",
        ),
        "until": DayField(
            "Until which day?",
            [Optional()],
            description="The last day. Leave it empty where you take it back yourself. Of a colleague there is none.",
        ),
    }
    return type("Give", (Carried,), made)


def _ask(view: View, form: Form | None = None, *, notice: str = "", status: int = 200):
    form = form or _form(view)()
    form.revision.data, form.by.data = str(view.revision), officer().id
    body = render_template("staff/access/give.html", view=view, form=form, notice=notice)
    return body, status


def _one(view: View, held: HeldBy, form: Form, *, notice: str = "", status: int = 200):
    form.revision.data, form.by.data = str(view.revision), officer().id
    page = "name_to" if isinstance(form, Identity) else "given_to"
    told = {"view": view, "held": held, "form": form, "notice": notice}
    return render_template(f"staff/access/{page}.html", **told), status

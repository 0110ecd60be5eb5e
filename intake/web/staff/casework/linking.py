"""The cases that belong to one: a link made, and a link removed, each with its reason."""

from __future__ import annotations

from flask import redirect, render_template, request
from wtforms import Form, HiddenField

from intake.services.casework import case_page, linking
from intake.services.ground.press import new_token
from intake.services.ground.refusals import ActedMeanwhile, Refused
from intake.web.fields import Choose, LongText, Needed, ShortText
from intake.web.staff.door import typed
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer

from .case import address

READ_BY = "Officers who can open both cases read this."


class NewLink(Form):
    """Which case, how the two belong together, and why."""

    other = ShortText("Reference of the other case", [Needed("Enter the reference")], limit=40)
    how = Choose(
        "What is the other case to this one?",
        "Choose what it is to this one",
        tuple((how, words) for how, (words, _) in linking.HOWS.items()),
    )
    reason = LongText("Why?", [Needed("Give the reason")], limit=linking.LONGEST, description=READ_BY)
    token = HiddenField()
    by = HiddenField()


class Removal(Form):
    """Why a link is taken away."""

    reason = LongText(
        "Why is it removed?", [Needed("Give the reason")], limit=linking.LONGEST, description=READ_BY
    )
    token = HiddenField()
    by = HiddenField()


@bp.route("/cases/<reference>/links", methods=["GET", "POST"])
def links(reference: str):
    """The links of a case, and the form for another one."""
    if request.method == "GET":
        return _links(reference, NewLink(data=_blank()))
    form = NewLink(request.form)
    if not form.validate():
        return _links(reference, form, status=422)
    asked = (form.other.data, form.how.data, form.reason.data)
    try:
        linking.link(office(), officer(), reference, *asked, token=_token(form), now=now())
    except Refused as error:
        form.form_errors.append(str(error))
        return _links(reference, form, status=409)
    return redirect(address(reference, "linked"), 303)


@bp.route("/cases/<reference>/links/<link>/remove", methods=["GET", "POST"])
def unlink(reference: str, link: str):
    """Ask why a link is removed, and remove it."""
    if request.method == "GET":
        return _removal(reference, link, Removal(data=_blank()))
    form = Removal(request.form)
    if not form.validate():
        return _removal(reference, link, form, status=422)
    try:
        linking.unlink(office(), officer(), reference, link, form.reason.data, token=_token(form), now=now())
    except ActedMeanwhile as error:
        return _links(reference, NewLink(data=_blank()), notice=str(error), left=form.reason.data, status=409)
    except Refused as error:
        form.form_errors.append(str(error))
        return _removal(reference, link, form, status=409)
    return redirect(address(reference, "unlinked"), 303)


@typed.draws_again("links")
def _again(notice: str, status: int, reference: str):
    return _links(reference, NewLink(request.form), notice=notice, status=status)


@typed.draws_again("unlink")
def _removal_again(notice: str, status: int, reference: str, link: str):
    return _removal(reference, link, Removal(request.form), notice=notice, status=status)


def _blank() -> dict[str, str]:
    return {"token": new_token(), "by": officer().id}


def _token(form) -> str:
    return form.token.data or new_token()


def _links(reference: str, form: NewLink, *, status: int = 200, **more):
    page = case_page.open_case(office(), officer(), reference, now=now())
    return _draw("links", page, form, **more), status


def _removal(reference: str, link: str, form: Removal, *, status: int = 200, **more):
    page = case_page.open_case(office(), officer(), reference, now=now())
    found = next((one for one in page.links if one.id == link and not one.removed), None)
    if found is None:
        left = form.reason.data or ""
        return _draw("links", page, NewLink(data=_blank()), notice=linking.GONE, left=left), 409
    return _draw("unlink", page, form, link=found, **more), status


def _draw(name: str, page: case_page.CasePage, form: Form, **more) -> str:
    return render_template(
        f"staff/casework/{name}.html",
        case=page,
        form=form,
        address=address(page.reference),
        procedures={one.id: one.name for one in office().catalogue},
        **more,
    )

"""What a case is about: its service and its theme."""

from __future__ import annotations

from flask import redirect, render_template, request
from wtforms import Form, HiddenField, SelectField

from intake.counts.places import DIRECTORATE
from intake.services.cases import concerns, places, themes
from intake.services.casework import case_page, classifying
from intake.services.ground.refusals import ActedMeanwhile, NotFound, Refused
from intake.web.fields import brought_back, choices
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer

from .case import address


class About(Form):
    """The service and the theme; both may be left open."""

    service = SelectField("Which service is it about?")
    theme = SelectField("What is it about?", description="Your complaints manager keeps this list.")
    revision = HiddenField()


@bp.route("/cases/<reference>/about", methods=["GET", "POST"])
def about(reference: str):
    """Ask what the case is about, and keep it."""
    page = case_page.open_case(office(), officer(), reference, now=now())
    if concerns.is_one(office().catalogue[page.procedure_id]):
        raise NotFound
    form = _form(page)
    if request.method == "GET":
        return _ask(page, form)
    if not form.validate():
        return _ask(page, form, status=422)
    try:
        classifying.classify(
            office(),
            officer(),
            page.reference,
            form.service.data,
            form.theme.data,
            revision=brought_back(request.form.get("revision")),
            now=now(),
        )
    except (Refused, ActedMeanwhile) as error:
        form.revision.data = str(page.revision)
        return _ask(page, form, refusal=str(error), status=409)
    return redirect(address(page.reference, "about"), 303)


class Directorate(Form):
    """For which directorate a concern is counted; it may be left open."""

    place = SelectField(
        "For which directorate is it counted?",
        description="It stands in the database in clear. Leave it open where it could tell who is concerned.",
    )
    revision = HiddenField()


@bp.route("/cases/<reference>/directorate", methods=["GET", "POST"])
def directorate(reference: str):
    """Ask for which directorate a concern is counted, and keep it."""
    page = case_page.open_case(office(), officer(), reference, now=now())
    if not concerns.is_one(office().catalogue[page.procedure_id]):
        raise NotFound
    kept = {"place": page.place_id or "", "revision": page.revision}
    form = Directorate(request.form if request.method == "POST" else None, data=kept)
    known = places.tree(office()).of_kind(DIRECTORATE)
    form.place.choices = choices([("", "Not said"), *((one.id, one.name) for one in known)])
    if request.method == "GET":
        return _ask(page, form)
    if not form.validate():
        return _ask(page, form, status=422)
    try:
        classifying.count_for(
            office(),
            officer(),
            page.reference,
            form.place.data,
            revision=brought_back(request.form.get("revision")),
            now=now(),
        )
    except (Refused, ActedMeanwhile) as error:
        form.revision.data = str(page.revision)
        return _ask(page, form, refusal=str(error), status=409)
    return redirect(address(page.reference, "about"), 303)


def _form(page) -> About:
    kept = {"service": page.place_id or "", "theme": page.theme_id or "", "revision": page.revision}
    form = About(request.form if request.method == "POST" else None, data=kept)
    known = places.choices(office(), now=now(), also=page.place_id)
    form.service.choices = choices([("", "Not said"), *known])
    form.theme.choices = choices([("", "Not said"), *themes.open_themes(office())])
    return form


def _ask(page, form: Form, *, refusal: str = "", status: int = 200):
    body = render_template(
        "staff/casework/about.html", case=page, form=form, refusal=refusal, address=address(page.reference)
    )
    return body, status

"""The authority's list of themes: added, renamed, merged."""

from __future__ import annotations

from flask import redirect, render_template, request
from wtforms import Form, SelectField

from intake.services.cases import themes as services
from intake.services.ground.refusals import Refused
from intake.web.fields import Needed, ShortText, choices
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer

DONE = {
    "added": "The theme is on the list.",
    "renamed": "The theme is called so from now on, in every year.",
    "merged": "The theme counts as the other from now on, in every year. What was published stays as it was.",
}


class AddTheme(Form):
    """A new theme."""

    name = ShortText("New theme", [Needed("Give the theme a name")], limit=services.LONGEST)


class RenameTheme(Form):
    """Another name for a theme."""

    theme = SelectField("Rename this theme")
    to = ShortText("New name", [Needed("Give the new name")], limit=services.LONGEST)


class MergeThemes(Form):
    """One theme that is to count as another."""

    gone = SelectField("Count this theme")
    into = SelectField("as this one")


@bp.get("/themes")
def themes():
    """The list, and what can be done with it."""
    return _show(done=DONE.get(request.args.get("done", ""), ""))


@bp.post("/themes/add")
def add_theme():
    """Put a theme on the list."""
    form = AddTheme(request.form)
    if not form.validate():
        return _show(add=form, status=422)
    return _try(lambda: services.add_theme(office(), officer(), form.name.data, now=now()), "added", add=form)


@bp.post("/themes/rename")
def rename_theme():
    """Call a theme something else."""
    form = _choose(RenameTheme(request.form), "theme")
    if not form.validate():
        return _show(rename=form, status=422)
    given = (form.theme.data, form.to.data)
    return _try(lambda: services.rename_theme(office(), officer(), *given, now=now()), "renamed", rename=form)


@bp.post("/themes/merge")
def merge_themes():
    """Count a theme as another."""
    form = _choose(MergeThemes(request.form), "gone", "into")
    if not form.validate():
        return _show(merge=form, status=422)
    given = (form.gone.data, form.into.data)
    return _try(lambda: services.merge_themes(office(), officer(), *given, now=now()), "merged", merge=form)


def _try(act, done: str, **forms):
    try:
        act()
    except Refused as error:
        return _show(refusal=str(error), status=409, **forms)
    return redirect(f"/staff/themes?done={done}", 303)


def _choose(form: Form, *fields: str) -> Form:
    options = choices(services.open_themes(office()))
    for name in fields:
        form[name].choices = options
    return form


def _show(*, add=None, rename=None, merge=None, done: str = "", refusal: str = "", status: int = 200):
    page = render_template(
        "staff/figures/themes.html",
        themes=services.themes(office()),
        add=add or AddTheme(),
        rename=rename or _choose(RenameTheme(), "theme"),
        merge=merge or _choose(MergeThemes(), "gone", "into"),
        done=done,
        refusal=refusal,
    )
    return page, status

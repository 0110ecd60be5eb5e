"""The authority's services: directorates, services and teams, added, renamed, moved and closed."""

from __future__ import annotations

from collections import Counter

from flask import redirect, render_template, request
from wtforms import Form, SelectField
from wtforms.validators import Optional

from intake.counts.places import ALWAYS, DIRECTORATE, KINDS, SERVICE, TEAM
from intake.register.service_list import LONGEST_NAME
from intake.services.cases import places
from intake.services.ground.refusals import NotFound, Refused
from intake.web.fields import DayField, Needed, ShortText, choices
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer

DONE = {
    "added": "It is on the list.",
    "renamed": "It is called so from now on, in every year. What was published keeps the name that it had.",
    "moved": "It belongs there now. What was published stays as it was.",
    "closed": "Nothing new is given to it from now on. Its cases stay with it.",
    "opened": "It is open again.",
}
NAMES = {DIRECTORATE: "Directorate", SERVICE: "Service", TEAM: "Team"}


class Add(Form):
    """A new directorate, service or team."""

    kind = SelectField("What is it?", choices=choices(NAMES.items()), default=SERVICE)
    name = ShortText("Name", [Needed("Give it a name")], limit=LONGEST_NAME)
    below = SelectField(
        "It belongs to", description="A service belongs to a directorate, a team to a service."
    )


class Rename(Form):
    """Another name."""

    name = ShortText("New name", [Needed("Give the new name")], limit=LONGEST_NAME)


class Move(Form):
    """Another place in the tree, and since when."""

    below = SelectField("It belongs to")
    since = DayField(
        "Since which day",
        [Optional()],
        description="What was received before that day is still counted where it stood then. Leave it empty where it "
        "has always belonged there: then every year is counted so.",
    )


@bp.get("/services")
def services():
    """The tree, and a form for a new one."""
    return _list(done=DONE.get(request.args.get("done", ""), ""))


@bp.post("/services/add")
def add_service():
    """Put one into the tree."""
    form = _fitted(Add(request.form))
    if not form.validate():
        return _list(form, status=422)
    given = (form.kind.data, form.name.data, form.below.data or None)
    try:
        places.add(office(), officer(), *given, now=now())
    except Refused as error:
        return _list(form, refusal=str(error), status=409)
    return _done("added")


@bp.get("/services/<place>")
def service(place: str):
    """One of them, and what can become of it."""
    return _one(place)


@bp.post("/services/<place>/rename")
def rename_service(place: str):
    """Call it something else."""
    form = Rename(request.form)
    if not form.validate():
        return _one(place, rename=form, status=422)
    return _try(
        place,
        lambda: places.rename(office(), officer(), place, form.name.data, now=now()),
        "renamed",
        rename=form,
    )


@bp.post("/services/<place>/move")
def move_service(place: str):
    """Put it below something else."""
    form = _fitted_to(place, Move(request.form))
    if not form.validate():
        return _one(place, move=form, status=422)
    given = (place, form.below.data or None, form.since.data)
    return _try(place, lambda: places.move(office(), officer(), *given, now=now()), "moved", move=form)


@bp.post("/services/<place>/close")
def close_service(place: str):
    """Give nothing new to it."""
    return _try(place, lambda: places.close(office(), officer(), place, now=now()), "closed")


@bp.post("/services/<place>/open")
def open_service(place: str):
    """Give something to it again."""
    return _try(place, lambda: places.open_again(office(), officer(), place, now=now()), "opened")


def _try(place: str, act, done: str, **forms):
    try:
        act()
    except Refused as error:
        return _one(place, refusal=str(error), status=409, **forms)
    return _done(done)


def _done(what: str):
    return redirect(f"/staff/services?done={what}", 303)


def _fitted(form: Add) -> Add:
    known, today = places.tree(office()), office().today(now())
    above = known.of_kind(DIRECTORATE, SERVICE, open_on=today)
    form.below.choices = choices(
        [("", "Nothing yet"), *((one.id, known.words(one.id, today)) for one in above)]
    )
    return form


def _fitted_to(place: str, form: Move) -> Move:
    known, today = places.tree(office()), office().today(now())
    if place not in known.places:
        raise NotFound
    kind = known.places[place].kind
    above = known.of_kind(KINDS[KINDS.index(kind) - 1], open_on=today) if kind != DIRECTORATE else []
    nothing = [("", "No directorate")] if kind == SERVICE else []
    form.below.choices = choices([*nothing, *((one.id, known.words(one.id, today)) for one in above)])
    return form


def _list(add: Add | None = None, *, done: str = "", refusal: str = "", status: int = 200):
    known, today = places.tree(office()), office().today(now())
    receipts: Counter[str] = Counter()
    for counted, number in places.receipts(office(), officer()).items():
        for above in known.line(counted, today):
            receipts[above.id] += number
    page = render_template(
        "staff/figures/services.html",
        lines=[(one, len(known.line(one.id, today)), receipts[one.id]) for one in known.in_order(today)],
        kinds=NAMES,
        add=add or _fitted(Add()),
        done=done,
        refusal=refusal,
    )
    return page, status


def _one(
    place: str,
    *,
    rename: Rename | None = None,
    move: Move | None = None,
    refusal: str = "",
    status: int = 200,
):
    known, today = places.tree(office()), office().today(now())
    if place not in known.places:
        raise NotFound
    one = known.places[place]
    page = render_template(
        "staff/figures/service.html",
        place=one,
        kind=NAMES[one.kind],
        above=known.words(one.parent(today), today),
        spells=[
            (spell.first_day, known.words(spell.parent, spell.first_day))
            for spell in one.spells
            if spell.first_day != ALWAYS
        ],
        below=[other for other in known.in_order(today) if other.parent(today) == place],
        rename=rename or Rename(data={"name": one.name}),
        move=move or _fitted_to(place, Move(data={"below": one.parent(today) or ""})),
        moves=one.kind != DIRECTORATE,
        refusal=refusal,
    )
    return page, status

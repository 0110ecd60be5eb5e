"""Setting out the points of complaint: the list with a form for one more, and a page of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import redirect, render_template, request
from wtforms import Form

from intake.services.ground.refusals import ActedMeanwhile, Refused
from intake.services.points import setting_out, showing
from intake.services.points.reading import Point
from intake.services.points.showing import PointsPage
from intake.web.fields import brought_back
from intake.web.staff.door import typed
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer

from .forms import Withdrawing, agreement_of, carry, point_form

GONE = "That point stands no longer: somebody withdrew it meanwhile. Nothing was done with what you typed."
DONE = {
    "added": "The point was added.",
    "changed": "It is kept.",
    "withdrawn": "It is kept that the point was withdrawn.",
}


@bp.route("/cases/<reference>/points", methods=["GET", "POST"])
def points(reference: str):
    """The points of a case, and a form for one more."""
    page = opened(reference)
    if request.method == "GET":
        return _list(page, point_form(page))
    form = point_form(page, request.form)
    return _kept(
        page,
        form,
        lambda seen: setting_out.add(
            office(), officer(), page.reference, form.draft(), agreement_of(form), revision=seen, now=now()
        ),
        lambda notice, status: _list(page, form, notice=notice, status=status),
        "added",
    )


@typed.draws_again("points")
def _points_again(notice: str, status: int, reference: str):
    page = opened(reference)
    return _list(page, point_form(page, request.form), notice=notice, status=status)


@bp.route("/cases/<reference>/points/<point>", methods=["GET", "POST"])
def point(reference: str, point: str):
    """One point: its words, where it stands, its service and theme."""
    page, one = _one(reference, point)
    if one is None:
        return _gone(page)
    if request.method == "GET":
        return _change(page, one, point_form(page, point=one))
    form = point_form(page, request.form, one)
    return _kept(
        page,
        form,
        lambda seen: setting_out.change(
            office(),
            officer(),
            page.reference,
            one.id,
            form.draft(),
            brought_back(form.position.data),
            agreement_of(form),
            revision=seen,
            now=now(),
        ),
        lambda notice, status: _change(page, one, form, notice=notice, status=status),
        "changed",
    )


@typed.draws_again("point")
def _point_again(notice: str, status: int, reference: str, point: str):
    page, one = _one(reference, point)
    if one is None:
        return _gone(page)
    return _change(page, one, point_form(page, request.form, one), notice=notice, status=status)


@bp.route("/cases/<reference>/points/<point>/withdraw", methods=["GET", "POST"])
def withdraw_point(reference: str, point: str):
    """Keep that the complainant took a point back."""
    page, one = _one(reference, point)
    if one is None:
        return _gone(page)
    if request.method == "GET":
        return _withdraw(page, one, carry(Withdrawing(), page))
    form = carry(Withdrawing(request.form), page)
    return _kept(
        page,
        form,
        lambda seen: setting_out.withdraw(
            office(), officer(), page.reference, one.id, form.why.data, revision=seen, now=now()
        ),
        lambda notice, status: _withdraw(page, one, form, notice=notice, status=status),
        "withdrawn",
    )


@typed.draws_again("withdraw_point")
def _withdraw_again(notice: str, status: int, reference: str, point: str):
    page, one = _one(reference, point)
    if one is None:
        return _gone(page)
    return _withdraw(page, one, carry(Withdrawing(request.form), page), notice=notice, status=status)


def opened(reference: str) -> PointsPage:
    """The points of a case of theirs."""
    return showing.open_points(office(), officer(), reference, now=now())


def _one(reference: str, point: str) -> tuple[PointsPage, Point | None]:
    page = opened(reference)
    return page, next((each for each in page.on_the_case.standing if each.id == point), None)


def _gone(page: PointsPage):
    """A point that stands no longer: the list, with what was typed."""
    if request.method == "GET":
        return redirect(f"{address(page)}/points", 303)
    left = [request.form[name] for name in ("words", "wanted", "why") if request.form.get(name, "").strip()]
    return _list(page, point_form(page), notice=GONE, left=left, status=409)


def _kept(
    page: PointsPage, form: Form, act: Callable[[int], None], draw: Callable[[str, int], tuple], done: str
):
    """Do what was pressed and go back to the list, or draw the form again with why not."""
    if not form.validate():
        return draw("", 422)
    try:
        act(brought_back(request.form.get("revision")))
    except ActedMeanwhile as error:
        return draw(str(error), 409)
    except Refused as error:
        form.form_errors.append(str(error))
        return draw("", 409)
    return redirect(f"{address(page)}/points?done={done}", 303)


def _list(page: PointsPage, form: Form, *, notice: str = "", left: Sequence[str] = (), status: int = 200):
    done = DONE.get(request.args.get("done", ""), "")
    return _draw("list", page, form, notice, status, done=done, left=left)


def _change(page: PointsPage, one: Point, form: Form, *, notice: str = "", status: int = 200):
    return _draw("one", page, form, notice, status, point=one)


def _withdraw(page: PointsPage, one: Point, form: Form, *, notice: str = "", status: int = 200):
    return _draw("withdraw", page, form, notice, status, point=one)


def _draw(template: str, page: PointsPage, form: Form, notice: str, status: int, **more):
    number = page.on_the_case.standing.index(more["point"]) + 1 if "point" in more else 0
    body = render_template(
        f"staff/points/{template}.html",
        page=page,
        seen=page.on_the_case,
        form=form,
        notice=notice,
        address=address(page),
        number=number,
        most=setting_out.MOST,
        **more,
    )
    return body, status


def address(page: PointsPage) -> str:
    """Where the case stands."""
    return f"/staff/cases/{page.reference}"

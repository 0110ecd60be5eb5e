"""The figures of a quarter or a year: as a page, as files, and the cases behind each number."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Response, render_template, request

from intake.counts.quarters import BadPeriod, Period
from intake.documents import html_file
from intake.services.cases import concerns, places
from intake.services.figures import coverage, drawing_up, drill_down, files
from intake.services.ground.refusals import NotFound
from intake.services.ground.roles import Right
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer

PUBLISHED = "The figures are published. The open ones stand on the public page."


@bp.get("/counts")
def counts():
    """The figures of the period that the address names; without one, of the quarter we are in."""
    today, wrong = office().today(now()), ""
    try:
        period = _period()
    except BadPeriod as error:
        period, wrong = Period.of(today), str(error)
    figures = _figures(period)
    page = render_template(
        "staff/figures/counts.html",
        figures=figures,
        period=period,
        report=files.report(office(), figures, officer(), _place(), _link),
        places=places.all_of(office(), now=now()),
        place=_place() or "",
        keeps_services=officer().role.may(Right.KEEP_SERVICES),
        files={ending: label for ending, (label, _) in files.KINDS.items()},
        draw=html_file.drawing,
        address=_address(period),
        own_address=_query(period, edition=drawing_up.OWN)
        if concerns.sight(office().catalogue, officer().role).part
        else "",
        whole_address=_query(period),
        editions=figures.editions,
        published=period in {quarter for quarter, _ in figures.editions},
        linked=officer().role.may(Right.DRILL_DOWN),
        publishes=officer().role.may(Right.PUBLISH),
        keeps_themes=officer().role.may(Right.KEEP_THEMES),
        done=PUBLISHED if request.args.get("done") == "published" else "",
        wrong=wrong,
        years=_years(today),
        today=today,
    )
    return page, 422 if wrong else 200


@bp.get("/counts.<any(csv, json, docx, xlsx, pdf, html):ending>")
def counts_file(ending: str):
    """The same figures as a file."""
    try:
        period = _period()
    except BadPeriod as error:
        return Response(f"{error}\n", 422, mimetype="text/plain")
    figures = _figures(period)
    told = files.report(office(), figures, officer(), _place())
    written = files.file(ending, figures, told)
    response = Response(written, mimetype=files.KINDS[ending][1])
    name = files.name(ending, figures, as_it_was_told=isinstance(_edition(), int))
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.get("/counts/cases")
def behind_a_number():
    """The cases behind a number, for those who can open them."""
    try:
        period = _period()
    except BadPeriod as error:
        raise NotFound from error
    asked = {name: request.args.get(name, "")[:80] for name in ("measure", "by", "value")}
    page = request.args.get("page", "1")
    listed = drill_down.cases(
        office(),
        officer(),
        period,
        asked["measure"],
        asked["by"],
        asked["value"],
        int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
        place=_place(),
        now=now(),
    )
    return render_template(
        "staff/figures/drill_down.html",
        listed=listed,
        period=period,
        address=lambda number: "/staff/counts/cases?" + _query(period, **asked, page=number),
        back="/staff/counts?" + _query(period, edition=_of_the_list(asked["measure"])),
    )


def _figures(period: Period):
    me = officer()
    return drawing_up.draw_up(
        office(), period, now=now(), role=me.role, holder=me.id, edition=_edition(), place=_place()
    )


def _place() -> str | None:
    """The part of the authority that the address names; none: the whole."""
    return request.args.get("for", "")[:32] or None


def _of_the_list(measure: str) -> str:
    """The figures from which a list was come to: own ones, where the role counts some cases and not all."""
    return drawing_up.OWN if measure in concerns.sight(office().catalogue, officer().role).part else ""


def _link(breakdown: str, measure: str, value: str, period: Period) -> str:
    if not concerns.sees_behind(officer().role, measure):
        return ""
    return "/staff/counts/cases?" + _query(period, measure=measure, by=breakdown, value=value)


def _query(period: Period, **more) -> str:
    given = {"year": period.year_label, "quarter": period.quarter or "", "for": _place() or "", **more}
    return urlencode({name: value for name, value in given.items() if value != ""})


def _address(period: Period) -> str:
    """The part of an address that says which figures."""
    return _query(period, edition=_edition() or "")


def _edition() -> drawing_up.Asked:
    """An edition by its number, the figures as the cases stand, own ones, or (None) what was published last."""
    asked = request.args.get("edition", "")
    if asked.isascii() and asked.isdigit() and len(asked) < 4:
        return int(asked)
    if asked == drawing_up.LIVE:
        return drawing_up.LIVE
    return drawing_up.OWN if asked == drawing_up.OWN else None


def _period() -> Period:
    year = request.args.get("year", "")
    if not year:
        return Period.of(office().today(now()))
    return Period.parse(year, request.args.get("quarter"))


def _years(today) -> list[str]:
    """The financial years to choose from, the newest first, back to the first of which anything is recorded."""
    this, first = Period.of(today).year, coverage.first_period(office(), now=now()).year
    return [Period(year).year_label for year in range(this, max(first, this - 40) - 1, -1)]

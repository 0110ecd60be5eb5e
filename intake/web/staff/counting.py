"""The counts of a quarter or a year, as a page and as files."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, render_template, request

from intake.counts.published import Table
from intake.counts.quarters import BadPeriod, Period
from intake.documents import count_tables
from intake.services import reporting

from . import bp
from .session import now, office, officer

KEPT_APART = "whistleblowing-referrals"
YEARS_SHOWN = 8


@bp.get("/counts")
def counts():
    """The table of the quarter that the address names; without one, of the quarter we are in."""
    today, wrong = office().today(now()), ""
    try:
        period = _period()
    except BadPeriod as error:
        period, wrong = Period.of(today), str(error)
    table = reporting.quarter(office(), period, now=now())
    this_year = Period.of(today).year
    page = render_template(
        "staff/counts.html",
        table=table,
        figure=count_tables.figure,
        wrong=wrong,
        held_apart=None if officer().role.whistleblowing_counts else KEPT_APART,
        years=[Period(year).year_label for year in range(this_year, this_year - YEARS_SHOWN, -1)],
        partly=any(row.partly or row.prior_partly for row in table.rows),
        today=today,
    )
    return page, 422 if wrong else 200


@bp.get("/counts.csv")
def counts_csv():
    """The table for a spreadsheet."""
    return _file(count_tables.as_csv, "text/csv", "csv")


@bp.get("/counts.json")
def counts_json():
    """The table for a program."""
    return _file(count_tables.as_json, "application/json", "json")


def _file(write, kind: str, ending: str) -> Response:
    try:
        period = _period()
    except BadPeriod as error:
        return Response(f"{error}\n", 422, mimetype="text/plain")
    table = _for_this_role(reporting.quarter(office(), period, now=now()))
    name = f"counts-{period.label.replace(' ', '-').lower()}.{ending}"
    response = Response(write(table), mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _period() -> Period:
    year = request.args.get("year", "")
    if not year:
        return Period.of(office().today(now()))
    return Period.parse(year, request.args.get("quarter"))


def _for_this_role(table: Table) -> Table:
    """Without the row that is another role's to give out."""
    if officer().role.whistleblowing_counts:
        return table
    return replace(table, rows=tuple(row for row in table.rows if row.measure != KEPT_APART))

"""The open figures: what anybody may read of published quarters and years."""

from __future__ import annotations

from flask import Response, abort, current_app, render_template, request

from intake.counts.quarters import BadPeriod, Period
from intake.documents import html_file, open_report
from intake.services.figures import files, open_figures
from intake.services.ground.refusals import NotFound, Refused

from .blueprint import bp


@bp.get("/figures")
def figures():
    """The period that the address names; without one, the newest that is out."""
    office = current_app.extensions["intake"]
    out = open_figures.published(office, _place())
    if not out and not request.args:
        return render_template("public/figures.html", out=(), shown=None)
    shown = _shown(out)
    return render_template(
        "public/figures.html",
        out=out,
        shown=shown,
        report=open_report.set_out(shown, files.whose(office, shown.part)),
        whose=files.whose(office, shown.part),
        directorates=open_figures.directorates(office),
        place=_place() or "",
        draw=html_file.drawing,
        address=_address(shown),
    )


@bp.get("/figures.<any(csv, pdf):ending>")
def figures_file(ending: str):
    """The same as a file."""
    office = current_app.extensions["intake"]
    shown = _shown(open_figures.published(office, _place()))
    written: str | bytes
    if ending == "csv":
        written, kind = open_report.as_csv(shown), "text/csv"
    else:
        try:
            written, kind = files.open_pdf(office, shown), "application/pdf"
        except Refused as error:
            return Response(f"{error}\n", 503, mimetype="text/plain")
    response = Response(written, mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{files.open_name(ending, shown)}"'
    return response


def _shown(out) -> open_report.OpenPeriod:
    year, edition = request.args.get("year"), request.args.get("edition", "")
    try:
        period = Period.parse(year, request.args.get("quarter")) if year else out[0]
        number = int(edition) if edition.isascii() and edition.isdigit() and len(edition) < 4 else None
        return open_figures.shown(current_app.extensions["intake"], period, number, _place())
    except (BadPeriod, NotFound, IndexError):
        abort(404)


def _place() -> str | None:
    """The directorate that the address names; none: the whole authority."""
    return request.args.get("for", "")[:32] or None


def _address(shown: open_report.OpenPeriod) -> str:
    quarter = (
        f"&quarter={shown.period.quarter}&edition={shown.edition.number}" if shown.period.quarter else ""
    )
    part = f"&for={_place()}" if shown.part else ""
    return f"year={shown.period.year_label}{quarter}{part}"

"""The register of concerns: every referral of a year that this office can open, and its appendix as a file."""

from __future__ import annotations

from flask import Response, render_template, request

from intake.counts.quarters import BadPeriod, Period
from intake.documents import oversight
from intake.documents.committee_report import Referral
from intake.documents.report import Report
from intake.procedures.assessment import CATEGORIES
from intake.services.figures import files
from intake.services.ground.refusals import NotFound
from intake.services.oversight import register_of_concerns as services
from intake.services.oversight import reviewing
from intake.services.oversight.register_of_concerns import Register
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer

KINDS = ("docx", "pdf", "html")  # in which a report of words is written
LEVELS = {"named": "Named", "confidential": "In confidence", "anonymous": "Anonymous"}
YEARS_BACK = 10


@bp.get("/concerns")
def concerns():
    """The register of a financial year; without one in the address, of this one."""
    today = office().today(now())
    period = asked(today)
    found = services.register(office(), officer(), period, now=now())
    return render_template(
        "staff/oversight/concerns.html",
        register=found,
        period=period,
        years=[Period(year).year_label for year in range(Period.of(today).year, _first(today), -1)],
        categories=dict(CATEGORIES),
        levels=LEVELS,
        kinds={kind: files.KINDS[kind][0] for kind in KINDS},
        policy=reviewing.policy(office(), now=now()),
        prescribed=office().settings.prescribed_for,
    )


@bp.get("/concerns.<any(docx, pdf, html):ending>")
def concerns_file(ending: str):
    """The appendix of that year by itself: what was released of each referral, and nothing else."""
    period = asked(office().today(now()))
    found = services.register(office(), officer(), period, now=now())
    told = oversight.referrals_alone(
        office().settings.authority_name,
        period.label,
        _referrals(found),
        office().today(now()),
        files.logo(office()),
    )
    return as_file(told, ending, f"whistleblowing-referrals-{period.year_label}")


def asked(today) -> Period:
    """The financial year that the address names. Raises `NotFound` for what is none."""
    given = request.args.get("year", "")
    try:
        return Period.parse(given) if given else Period(Period.of(today).year)
    except BadPeriod as error:
        raise NotFound from error


def as_file(told: Report, ending: str, name: str) -> Response:
    """A report as a file to keep."""
    response = Response(files.written(ending, told), mimetype=files.KINDS[ending][1])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response


def _referrals(found: Register) -> list[Referral]:
    """By quarter, and in no order within it: the order of receipt would tell who came first."""
    told = [
        Referral(Period.of(line.received_on).label, line.outcome or "Not decided yet", line.words)
        for line in found.lines
    ]
    return sorted(told, key=lambda one: (one.received, one.outcome, one.summary))


def _first(today) -> int:
    return Period.of(today).year - YEARS_BACK

"""The yearly report of a prescribed person (SI 2017/507): what is entered of each concern, and the report itself."""

from __future__ import annotations

from flask import redirect, render_template, request
from wtforms import Form, HiddenField
from wtforms.validators import Optional

from intake.documents import oversight
from intake.services.figures import files
from intake.services.ground.refusals import ActedMeanwhile, Refused
from intake.services.oversight import prescribed as services
from intake.services.oversight.prescribed import LONGEST, NO, YES, Entry
from intake.web.fields import Choose, LongText, brought_back
from intake.web.staff.door import typed
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer

from .register_of_concerns import KINDS, as_file, asked


class Disclosure(Form):
    """What the report of the year tells of a concern."""

    within = Choose(
        "Is it a worker's disclosure, reasonably believed to be qualifying, and within our remit?",
        "Choose whether it is within our remit",
        ((YES, "Yes: the report counts it"), (NO, "No: the report leaves it out")),
    )
    acted = Choose(
        "Did we decide to take further action?",
        "Choose whether it led to further action",
        ((YES, "Yes"), (NO, "No, or not yet")),
    )
    action = LongText(
        "What did we do?",
        [Optional()],
        limit=LONGEST,
        description="The report must not let anybody be told: neither the worker, nor the employer, nor a place.",
    )
    effect = LongText(
        "How did it affect our ability to perform our functions and meet our objectives?",
        [Optional()],
        limit=LONGEST,
    )
    by = HiddenField()


@bp.route("/cases/<reference>/prescribed", methods=["GET", "POST"])
def prescribed(reference: str):
    """Ask what the report tells of a concern, and keep it, sealed with the case."""
    if request.method == "GET":
        return _ask(reference)
    services.entered(office(), officer(), reference)  # not theirs: as if it were not there
    form = Disclosure(request.form)
    if form.within.data == NO:
        form.acted.data = form.acted.data or NO
    if not form.validate():
        return _ask(reference, form, status=422)
    within, acted, action, effect = (
        form[name].data or "" for name in ("within", "acted", "action", "effect")
    )
    seen = brought_back(request.form.get("seen"))
    try:
        services.enter(
            office(), officer(), reference, Entry(within, acted, action, effect), seen=seen, now=now()
        )
    except ActedMeanwhile as error:
        return _ask(reference, form, notice=str(error), status=409)
    except Refused as error:
        form.form_errors.append(str(error))
        return _ask(reference, form, status=422)
    return redirect("/staff/prescribed?done=entered", 303)


@bp.get("/prescribed")
def prescribed_report():
    """The report of a year as it would be printed, and what is missing in it."""
    year = services.year_of(office(), officer(), asked(office().today(now())))
    return render_template(
        "staff/oversight/prescribed_report.html",
        year=year,
        report=_report(year),
        kinds={kind: files.KINDS[kind][0].partition(" (")[2].rstrip(")") for kind in KINDS},
        done="It is entered." if request.args.get("done") == "entered" else "",
    )


@bp.get("/prescribed.<any(docx, pdf, html):ending>")
def prescribed_file(ending: str):
    """The same report as a file."""
    year = services.year_of(office(), officer(), asked(office().today(now())))
    return as_file(_report(year), ending, f"prescribed-person-{year.period.year_label}")


@typed.draws_again("prescribed")
def _again(notice: str, status: int, reference: str):
    return _ask(reference, Disclosure(request.form), notice=notice, status=status)


def _report(year: services.Year):
    told = [oversight.Disclosure(one.acted == YES, one.action, one.effect) for one in year.entries]
    settings, period = office().settings, year.period
    return oversight.prescribed_person(
        settings.authority_name,
        settings.prescribed_for,
        period.label,
        period.last_day,
        told,
        office().today(now()),
        files.logo(office()),
    )


def _ask(reference: str, form: Form | None = None, *, notice: str = "", status: int = 200):
    entry = services.entered(office(), officer(), reference)
    if form is None:
        form = Disclosure(data={**vars(entry), "by": officer().id})
    body = render_template(
        "staff/oversight/prescribed.html",
        reference=reference.upper(),
        form=form,
        count=entry.count,
        notice=notice,
        address=f"/staff/cases/{reference.upper()}/prescribed",
    )
    return body, status

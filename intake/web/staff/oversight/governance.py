"""Significant governance issues: marked on a case, listed for the annual governance statement."""

from __future__ import annotations

from flask import redirect, render_template, request
from wtforms import Form, HiddenField

from intake.documents import oversight
from intake.services.figures import files
from intake.services.ground.refusals import ActedMeanwhile, Refused
from intake.services.oversight import governance as services
from intake.services.oversight.governance import CRITERIA, LONGEST
from intake.web.fields import LongText, Needed, brought_back
from intake.web.staff.door import typed
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer

from .register_of_concerns import KINDS, as_file

DONE = {
    "marked": "It is marked as a significant governance issue.",
    "taken-back": "It is not marked any more.",
}


class Issue(Form):
    """Why a case is one, or is one no more."""

    text = LongText(
        "What is the issue?",
        [Needed("Write what the issue is")],
        limit=LONGEST,
        description="For the annual governance statement: name nobody, and leave out whatever could tell who "
        "raised it.",
    )
    by = HiddenField()


class TakenBack(Issue):
    """Why it is none after all."""

    text = LongText("Why is it none after all?", [Needed("Say why it is none")], limit=LONGEST)


@bp.route("/cases/<reference>/governance", methods=["GET", "POST"])
def governance(reference: str):
    """Show what is said of a case, and mark it or take that back."""
    if request.method == "GET":
        return _ask(reference, done=DONE.get(request.args.get("done", ""), ""))
    standing = services.standing(office(), officer(), reference)
    form = _form(standing, request.form)
    if not form.validate():
        return _ask(reference, form, status=422)
    seen, criteria = brought_back(request.form.get("seen")), request.form.getlist("criteria")
    try:
        if request.form.get("step") == "take-back":
            services.take_back(office(), officer(), reference, form.text.data, seen=seen, now=now())
            done = "taken-back"
        else:
            services.mark(office(), officer(), reference, criteria, form.text.data, seen=seen, now=now())
            done = "marked"
    except ActedMeanwhile as error:
        return _ask(reference, form, notice=str(error), status=409)
    except Refused as error:
        form.form_errors.append(str(error))
        return _ask(reference, form, status=422)
    return redirect(f"{_address(reference)}?done={done}", 303)


@bp.get("/governance")
def governance_issues():
    """Every case that is marked and that this officer can open."""
    return render_template(
        "staff/oversight/governance_issues.html",
        issues=services.marked(office(), officer()),
        kinds={kind: files.KINDS[kind][0].partition(" (")[2].rstrip(")") for kind in KINDS},
    )


@bp.get("/governance.<any(docx, pdf, html):ending>")
def governance_file(ending: str):
    """The same list as a file."""
    issues = [
        oversight.Issue(one.reference, one.on, one.criteria, one.words, one.open)
        for one in services.marked(office(), officer())
    ]
    today = office().today(now())
    told = oversight.governance_issues(office().settings.authority_name, issues, today, files.logo(office()))
    return as_file(told, ending, f"significant-governance-issues-{today}")


@typed.draws_again("governance")
def _again(notice: str, status: int, reference: str):
    standing = services.standing(office(), officer(), reference)
    return _ask(reference, _form(standing, request.form), notice=notice, status=status)


def _form(standing, given=None) -> Form:
    marked = standing.marked if given is None else given.get("step") == "take-back"
    return (TakenBack if marked else Issue)(given, data={"by": officer().id})


def _address(reference: str) -> str:
    return f"/staff/cases/{reference.upper()}/governance"


def _ask(reference: str, form: Form | None = None, *, done: str = "", notice: str = "", status: int = 200):
    standing = services.standing(office(), officer(), reference)
    body = render_template(
        "staff/oversight/governance.html",
        standing=standing,
        words={one: CRITERIA[one] for one in standing.criteria},
        criteria=CRITERIA,
        chosen=request.form.getlist("criteria"),
        form=form or _form(standing),
        done=done,
        notice=notice,
        address=_address(reference),
    )
    return body, status

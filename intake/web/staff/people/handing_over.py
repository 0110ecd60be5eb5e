"""Handing over: everything that somebody holds on one page, to one colleague or case by case, with a note for each."""

from __future__ import annotations

from flask import render_template, request
from wtforms import Form, HiddenField, SelectField
from wtforms.validators import Optional

from intake.services.casework import handing_over
from intake.services.casework.handing_over import Given, Holding
from intake.web.fields import LongText, ShortText, brought_back, choices
from intake.web.staff.door import typed
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer

NOTE_LIMIT = 4_000
KEEP = "keep"
NOBODY_CHOSEN = "Choose who gets them: one person for all, or somebody beside a case"


class Everything(Form):
    """Who gets all of them, and what all of them are told."""

    to = SelectField(
        "Give all of them to",
        default="",
        description="Beside each case you can choose somebody else, or keep it.",
    )
    note = LongText(
        "Note for whoever takes them",
        [Optional()],
        limit=NOTE_LIMIT,
        description="It is sealed into each case, for officers alone.",
    )
    by = HiddenField()


class OneCase(Form):
    """Who gets one case, if not everybody's choice, and what is to be known about it."""

    to = SelectField("Who gets it", default="")
    note = ShortText("Note for it alone", [Optional()], limit=500)
    revision = HiddenField()


@bp.route("/hand-over", methods=["GET", "POST"])
def hand_over():
    """What the officer holds."""
    return _page(officer().id)


@bp.route("/hand-over/<staff_id>", methods=["GET", "POST"])
def hand_over_for(staff_id: str):
    """What somebody else of the same vault holds, for a manager."""
    return _page(staff_id)


@typed.draws_again("hand_over")
def _again(notice: str, status: int):
    return _again_for(notice, status, officer().id)


@typed.draws_again("hand_over_for")
def _again_for(notice: str, status: int, staff_id: str):
    held = handing_over.holding(office(), officer(), staff_id, now=now())
    return _ask(held, *_forms(held), notice=notice, status=status)


def _page(staff_id: str):
    held = handing_over.holding(office(), officer(), staff_id, now=now())
    whole, each = _forms(held)
    if request.method == "GET":
        return _ask(held, whole, each)
    good = whole.validate() and all([form.validate() for form in each.values()])
    given = _given(whole, each) if good else []
    if good and not given:
        whole.to.errors = [NOBODY_CHOSEN]
    if not given:
        return _ask(held, whole, each, status=422)
    rows = handing_over.hand_over(office(), officer(), staff_id, given, now=now())
    return render_template(
        "staff/people/handed_over.html", held=held, rows=rows, address=request.path, own=_own(held)
    )


def _forms(held: Holding) -> tuple[Everything, dict[str, OneCase]]:
    """The form for all of them, and one for each case that the page shows or that comes back with it."""
    sent = request.form if request.method == "POST" else None
    whole = Everything(sent, data={"by": officer().id})
    whole.to.choices = choices([("", "Nobody: only what is chosen below"), *held.others])
    shown = {case.reference: str(case.revision) for case in held.cases}
    if sent is not None:  # what was shown then, though it may have moved since
        back = {
            name.partition("-revision")[0]: text for name, text in sent.items() if name.endswith("-revision")
        }
        shown = dict(list(back.items())[: handing_over.AT_ONCE])
    each = {}
    for reference, revision in shown.items():
        form = OneCase(sent, prefix=f"{reference}-", data={"revision": revision})
        form.to.choices = choices([("", "As for all"), *held.others, (KEEP, "Nobody: it stays")])
        each[reference] = form
    return whole, each


def _given(whole: Everything, each: dict[str, OneCase]) -> list[Given]:
    given = []
    for reference, form in each.items():
        to = form.to.data or whole.to.data
        if to and to != KEEP:
            notes = (note.strip() for note in (form.note.data or "", whole.note.data or ""))
            revision = brought_back(form.revision.data)
            given.append(Given(reference, to, "\n\n".join(note for note in notes if note), revision))
    return given


def _ask(held: Holding, whole: Everything, each: dict[str, OneCase], *, notice: str = "", status: int = 200):
    page = render_template(
        "staff/people/hand_over.html",
        held=held,
        whole=whole,
        each=each,
        notice=notice,
        address=request.path,
        own=_own(held),
    )
    return page, status


def _own(held: Holding) -> bool:
    return held.holder_id == officer().id

"""What the audit committee is told of a concern: a few words that name nobody."""

from __future__ import annotations

from flask import redirect, render_template, request
from wtforms import Form, HiddenField

from intake.services.ground.press import new_token
from intake.services.ground.refusals import ActedMeanwhile, Refused
from intake.services.oversight import committee_words
from intake.services.oversight.telling_signs import KINDS
from intake.web.fields import LongText, Needed, brought_back
from intake.web.staff.door import typed
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer

RELEASED = "The words are released: they stand in the appendix from now on."
KEPT = "The words are kept. They stand in no document until somebody else has released them."
DONE = {"kept": KEPT, "released": RELEASED}


class Summarise(Form):
    """The words for the appendix."""

    text = LongText(
        "What is the committee told?",
        [Needed("Write what the committee is told")],
        limit=committee_words.LONGEST,
        description="What the concern was about, what was found and what was done. Name nobody, and leave out "
        "whatever could tell who raised it.",
    )
    token = HiddenField()
    by = HiddenField()


@bp.route("/cases/<reference>/committee", methods=["GET", "POST"])
def summarise(reference: str):
    """Show the words as they stand, ask for others, and keep them, sealed with the case."""
    if request.method == "GET":
        return _ask(reference, done=DONE.get(request.args.get("done", ""), ""))
    committee_words.words_of(office(), officer(), reference)  # not theirs: as if it were not there
    form = Summarise(request.form)
    if not form.validate():
        return _ask(reference, form, status=422)
    try:
        committee_words.summarise(
            office(), officer(), reference, form.text.data, token=form.token.data or new_token(), now=now()
        )
    except Refused as error:
        form.text.errors = [str(error)]
        return _ask(reference, form, status=409)
    return redirect(f"{_address(reference)}?done=kept", 303)


@bp.post("/cases/<reference>/committee/release")
def release_words(reference: str):
    """Release the words that a colleague wrote."""
    try:
        committee_words.release(
            office(),
            officer(),
            reference,
            place=brought_back(request.form.get("place")),
            seen="seen" in request.form,
            now=now(),
        )
    except ActedMeanwhile as error:
        return _ask(reference, notice=str(error), status=409)
    except Refused as error:
        return _ask(reference, notice=str(error), status=422)
    return redirect(f"{_address(reference)}?done=released", 303)


@typed.draws_again("summarise")
def _again(notice: str, status: int, reference: str):
    return _ask(reference, Summarise(request.form), notice=notice, status=status)


def _address(reference: str) -> str:
    return f"/staff/cases/{reference.upper()}/committee"


def _ask(
    reference: str, form: Summarise | None = None, *, done: str = "", notice: str = "", status: int = 200
):
    words = committee_words.words_of(office(), officer(), reference)
    if form is None:
        form = Summarise(data={"text": words.text, "token": new_token(), "by": officer().id})
    body = render_template(
        "staff/oversight/committee.html",
        reference=reference.upper(),
        form=form,
        words=words,
        kinds=KINDS,
        done=done,
        notice=notice,
        address=_address(reference),
    )
    return body, status

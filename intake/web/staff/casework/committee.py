"""What the audit committee is told of a concern: a few words that name nobody."""

from __future__ import annotations

from flask import redirect, render_template, request
from wtforms import Form, HiddenField

from intake.services.casework import committee_words
from intake.services.ground.press import new_token
from intake.services.ground.refusals import Refused
from intake.web.fields import LongText, Needed
from intake.web.staff.door import typed
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer

from .case import address


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
    """Ask for the words and keep them, sealed with the case."""
    told = committee_words.summary_of(office(), officer(), reference)
    if request.method == "GET":
        return _ask(reference, Summarise(data={"text": told, "token": new_token(), "by": officer().id}))
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
    return redirect(address(reference, "summary"), 303)


@typed.draws_again("summarise")
def _again(notice: str, status: int, reference: str):
    committee_words.summary_of(office(), officer(), reference)  # not theirs: as if it were not there
    return _ask(reference, Summarise(request.form), notice=notice, status=status)


def _ask(reference: str, form: Summarise, *, notice: str = "", status: int = 200):
    body = render_template(
        "staff/casework/committee.html",
        reference=reference.upper(),
        form=form,
        notice=notice,
        address=address(reference),
    )
    return body, status

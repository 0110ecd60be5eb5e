"""What a holder may do on a page of its own: add, withdraw, correct who they are, ask for the next stage.

Each is one record: its form, when the case takes it, and how it is done. Boxes are called by numbers on the wire, so
that the same is sent for each while they are empty.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.validators import Optional

from intake.services.cases.words import Answer
from intake.services.holders import answering, asking, detriment, returning
from intake.services.holders.returning import HeldCase
from intake.web.fields import Choose, EmailLike, LongText, Needed, ShortText, set_limit

from . import wire

CASE = "case"
LEAST = "Fill in what we should know: one of these is enough"


class AddForm(Form):
    text = LongText("Your message", [Needed("Write your message")])


class WithdrawForm(Form):
    reason = LongText(
        "Is there anything you would like to say about it?",
        [Optional()],
        limit=4_000,
        description="You need not give a reason.",
    )


class DetailsForm(Form):
    """At least one of them; the questions are those of the first form, so that the newest answer takes its place."""

    name = ShortText("Your name", [Optional()])
    email = ShortText("E-mail address", [Optional(), EmailLike()])
    phone = ShortText("Telephone number", [Optional()])
    address = LongText("Postal address", [Optional()], limit=500)

    def validate(self, extra_validators=None) -> bool:
        right = super().validate(extra_validators)
        if right and not any((field.data or "").strip() for field in self):
            self.name.errors = [LEAST]
            return False
        return right


class StageForm(Form):
    reason = LongText(
        "Why are you not satisfied?", [Needed("Tell us why you are not satisfied")], limit=4_000
    )


class AnswerForm(Form):
    """Whether a case may go to another team."""

    yes = Choose("May we?", "Say yes or no", (("yes", "Yes"), ("no", "No")))
    text = LongText(
        "Is there anything you would like to say about it?",
        [Optional()],
        limit=4_000,
        description="You need not give a reason.",
    )


class AfterForm(Form):
    """Whether speaking up did them harm."""

    suffered = Choose(
        "Has anybody harmed you, or treated you badly, because you spoke up?",
        "Say yes or no",
        (("yes", "Yes"), ("no", "No")),
        description="For example: a warning, other duties, fewer hours, being left out, threats, losing your work.",
    )
    text = LongText("What has happened?", [Optional()], description="Needed only if you say yes.")

    def validate(self, extra_validators=None) -> bool:
        right = super().validate(extra_validators)
        if right and self.suffered.data == "yes" and not (self.text.data or "").strip():
            self.text.errors = ["Tell us what has happened"]
            return False
        return right


@dataclass(frozen=True)
class Ask:
    """One of them. `may`: whether the case takes it now. `do` is given office, code, form, press and moment, and
    returns what is said of it when it was done.
    """

    form: type[Form]
    may: Callable[[HeldCase], object]
    do: Callable[[Any, str, Any, str, datetime], str]


def _add(office, code: str, form, token: str, now: datetime) -> str:
    returning.write(office, code, form.text.data, token=token, now=now)
    return "Your message was sent."


_WITHDRAWN = {
    asking.WITHDRAW: "You have withdrawn it, and it is closed. Our letter below confirms it.",
    asking.TAKE_BACK: "You have taken back your request. Our letter below confirms it.",
    asking.WISH: "You told us that you do not want it taken further. Somebody decides, and writes to you here.",
}


def _withdraw(office, code: str, form, token: str, now: datetime) -> str:
    return _WITHDRAWN[asking.withdraw(office, code, form.reason.data or "", token=token, now=now)]


def _details(office, code: str, form, token: str, now: datetime) -> str:
    given = tuple(Answer(field.label.text, field.data) for field in form if (field.data or "").strip())
    asking.correct_details(office, code, asking.Details(given), token=token, now=now)
    return "Your details were sent. They lie sealed: no receipt code opens them."


def _stage(office, code: str, form, token: str, now: datetime) -> str:
    asking.ask_for_next_stage(office, code, form.reason.data, token=token, now=now)
    return "You have asked for the next stage. Its dates count from today."


def _answer(office, code: str, form, token: str, now: datetime) -> str:
    yes = form.yes.data == "yes"
    answering.answer(office, code, yes=yes, text=form.text.data or "", token=token, now=now)
    return "You have answered. We write to you here what is done."


def _after(office, code: str, form, token: str, now: datetime) -> str:
    suffered = form.suffered.data == "yes"
    opened = detriment.answer(
        office, code, suffered=suffered, text=form.text.data or "", token=token, now=now
    )
    if opened is None:
        return "You have answered. Thank you for telling us."
    return (
        f"What you told us is a concern of its own now, {opened.reference}, sealed to {opened.readers}. It has a "
        f"receipt code of its own, which is shown here alone: {opened.receipt} (write it down: it opens our "
        "answers, and this code does not)."
    )


ASKS = {
    "add": Ask(AddForm, lambda case: case.may_write, _add),
    "withdraw": Ask(WithdrawForm, lambda case: case.may_withdraw, _withdraw),
    "details": Ask(DetailsForm, lambda case: case.may_write, _details),
    "stage": Ask(StageForm, lambda case: case.next_stage, _stage),
    "answer": Ask(AnswerForm, lambda case: case.question, _answer),
    "after": Ask(AfterForm, lambda case: case.after, _after),
}
OPENS = {f"page:{page}": page for page in (CASE, *ASKS)}  # buttons that lead to a page


def form_of(kind: str, settings, typed: dict[str, list[str]] | None = None) -> Form:
    """The form of one of them, with what was typed, as it is drawn and read."""
    given = MultiDict((name, value) for name, values in (typed or {}).items() for value in values)
    form = ASKS[kind].form(given if typed else None)
    for field in form:
        if isinstance(field, ShortText):
            set_limit(field, settings.short_characters)
    if kind in {"add", "after"}:
        set_limit(form.text, settings.narrative_characters)
    return wire.dress(form)


def typed_in(kind: str, sent: MultiDict) -> dict[str, list[str]]:
    """What was typed into its boxes, by their own names."""
    return wire.read(ASKS[kind].form(), sent)

"""The form of triage: what is asked of a new case, and what was typed as what the rules know."""

from __future__ import annotations

from dataclasses import fields
from operator import itemgetter
from typing import Any

from wtforms import Form, HiddenField, SelectField
from wtforms.validators import Optional, StopValidation

from intake.procedures import triage
from intake.procedures.triage import Findings
from intake.web.fields import DayField, LongText, ShortText, choices

LIMIT = 4_000
GONE = "What you had chosen is not on the list any more: it was closed or removed meanwhile. Choose again."


class Pick(SelectField):
    """One of a list; what was taken from it since the page was drawn is told in words."""

    def __init__(self, label="", options=(), nothing: str | None = None, **rest) -> None:
        listed = ([("", nothing)] if nothing is not None else []) + list(options)
        super().__init__(label, choices=choices(listed), validate_choice=False, **rest)

    def pre_validate(self, form) -> None:
        if self.data not in {choice.value for choice in self.iter_choices()}:
            raise StopValidation(GONE)


class Triage(Form):
    """What an officer finds out. Only what it is must be said."""

    what = Pick("What is it?")
    signpost = Pick(
        "Who deals with it?",
        [(name, words.partition(":")[0]) for name, words in triage.SIGNPOSTS.items()],
        "It is for us",
    )
    service = Pick("Directorate, service or team")
    theme = Pick("Theme")
    severity = Pick("How serious is it?", triage.SEVERITIES.items())
    who = Pick("Who complains?")
    consent = Pick("Does the person it is about agree?", triage.CONSENTS.items(), "Not found out yet")
    interest = Pick(
        "Is their interest in the child sufficient?",
        triage.INTERESTS.items(),
        "Not decided",
        description="For a brother or sister, or somebody else: the law leaves it to the council.",
    )
    interest_why = LongText("Why?", [Optional()], limit=LIMIT)
    advocate = Pick("Advocate", triage.ADVOCATES.items(), "Not found out yet")
    advocate_who = ShortText("Who the advocate is", [Optional()])
    advocate_by = ShortText("Who finds one, if one is still to be found", [Optional()])
    advocate_until = DayField("By when?", [Optional()])
    adjustments = LongText(
        "Adjustments they asked for",
        [Optional()],
        limit=LIMIT,
        description="Every officer who opens the case reads this first, and beside each letter. Letters obey it.",
    )
    safeguarding = Pick("Is anybody in danger?", triage.SAFEGUARDING.items(), "Not found out yet")
    told_whom = ShortText("Who was told?", [Optional()])
    told_on = DayField("When?", [Optional()])
    matter_on = DayField("When was the matter?", [Optional()], description="Leave it empty where it goes on.")
    aware_on = DayField(
        "When did they come to know of it?", [Optional()], description="Where that was later."
    )
    late = Pick(
        "If it came after twelve months",
        triage.LATE.items(),
        "It is not late",
        description="Twelve months run from the matter, or from coming to know of it. Nothing is refused by itself.",
    )
    late_why = LongText("Why?", [Optional()], limit=LIMIT)
    note = LongText("Anything else", [Optional()], limit=LIMIT, description="Officers alone read this.")
    to = Pick("Who gets it?")
    revision = HiddenField()
    checked = HiddenField()
    by = HiddenField()

    def fit(self, procedures, places, themes, handlers, *, childrens: bool) -> Triage:
        """What can be chosen now; `childrens`: those who complain of children's services come first."""
        who = [triage.WHO.items(), triage.WHO_FOR_A_CHILD.items()]
        first, second = reversed(who) if childrens else who
        self.who.choices = choices([("", "Not found out yet"), *first, *second])
        more = [(triage.NOT_FOR_US, "Nothing for us"), (triage.CONCERN, "A concern for whistleblowing")]
        self.what.choices = choices([*sorted(procedures, key=itemgetter(1)), *more])
        self.service.choices = choices([("", "Not said"), *places])
        self.theme.choices = choices([("", "Not said"), *themes])
        self.to.choices = choices(handlers)
        return self

    @property
    def found(self) -> Findings:
        """What was typed, by the rules' names."""
        typed: dict[str, Any] = {field.name: self[field.name].data for field in fields(Findings)}
        stripped: dict[str, Any] = {
            name: value.strip() if isinstance(value, str) else value for name, value in typed.items()
        }
        return Findings(**stripped)

    def told(self, faults: dict[str, str]) -> bool:
        """Set beside each part what is wrong with it; whether anything is."""
        for name, words in faults.items():
            self[name].errors = [words]
        return bool(faults)

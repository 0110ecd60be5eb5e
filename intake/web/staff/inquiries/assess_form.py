"""The form by which a concern is assessed, and what was typed in it as what the rules know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from wtforms import Form, HiddenField, SelectField, SelectMultipleField
from wtforms.validators import Optional, StopValidation

from intake.procedures import assessment as rules
from intake.procedures.assessment import Assessed, Notified
from intake.services.inquiries.keeping import WORDS
from intake.web.fields import DayField, LongText, ShortText, choices

GONE = "That is not one of the answers. Choose again."
NOT_YET = "Not found out yet"
SEVERAL = {"categories", "knows"}


class Pick(SelectField):
    """One of a list, or nothing yet."""

    def __init__(self, label="", options=(), nothing=NOT_YET, **rest) -> None:
        super().__init__(label, choices=choices([("", nothing), *options]), validate_choice=False, **rest)

    def pre_validate(self, form) -> None:
        if (self.data or "") not in {choice.value for choice in self.iter_choices()}:
            raise StopValidation(GONE)


class Several(SelectMultipleField):
    """As many of a list as apply."""

    def __init__(self, label="", options=(), **rest) -> None:
        super().__init__(label, choices=choices(options), validate_choice=False, **rest)

    def pre_validate(self, form) -> None:
        if not set(self.data or ()) <= {choice.value for choice in self.iter_choices()}:
            raise StopValidation(GONE)


class Assess(Form):
    """What an officer finds. Only a decision wants the rest of it."""

    categories = Several(
        "What is it about?",
        rules.CATEGORIES.items(),
        description="As the law lists it. Choose all that apply: it is what the concern tells of, not what was found.",
    )
    worker = Pick("Is the person a worker?", rules.WORKERS.items())
    knows = Several("How do they know?", rules.KNOWS.items())
    public_interest = LongText(
        "Why it matters to the public, as you see it",
        [Optional()],
        limit=WORDS,
        description="Facts in your words. What the law makes of the telling is for a tribunal, and is not said here.",
    )
    safety = Pick("May anybody come to harm?", rules.SAFETY.items())
    safety_done = LongText("Who, and what was done at once?", [Optional()], limit=WORDS)
    elsewhere = Pick("Does another procedure deal with it?", rules.ELSEWHERE.items(), "No")
    says = Pick(
        "What does the person who raised it say to that?", rules.SAYS.items(), "Nothing goes elsewhere"
    )
    says_why = LongText("What they say about it", [Optional()], limit=WORDS)
    about_a_receiver = Pick(
        "Is it about somebody who received it?",
        rules.ABOUT.items(),
        description="The question of the form, asked again: look at names, posts and teams in what was sent.",
    )
    decision = Pick("How is it looked into?", rules.DECISIONS.items(), "Not decided yet")
    why = LongText(
        "Why is it looked into in this way?",
        [Optional()],
        limit=WORDS,
        description="Kept with the concern; officers alone read it.",
    )
    revision = HiddenField()
    by = HiddenField()

    def fit(self, received_on: date) -> Assess:
        """The categories as the law had them when it came."""
        self.categories.choices = choices(rules.offered(received_on).items())
        return self

    @property
    def others(self) -> list[list[Any]]:
        """The fields of each who may have to know."""
        return [
            [self[name], *(self[f"{name}_{part}"] for part in ("who", "on", "by"))] for name in rules.OTHERS
        ]

    @property
    def found(self) -> Assessed:
        """What was typed, by the rules' names."""
        told: dict[str, Any] = {
            one.name: self[one.name].data for one in fields(Assessed) if one.name != "others"
        }
        for name, value in told.items():
            told[name] = tuple(value or ()) if name in SEVERAL else (value or "").strip()
        others = {name: self._notified(name) for name in rules.OTHERS if self[name].data}
        return Assessed(**told, others=others)

    def _notified(self, name: str) -> Notified:
        who, by = ((self[f"{name}_{part}"].data or "").strip() for part in ("who", "by"))
        return Notified(self[name].data, who, self[f"{name}_on"].data, by)

    def told(self, faults: Mapping[str, str]) -> bool:
        """Set beside each part what is wrong with it; whether anything is."""
        for name, words in faults.items():
            self[name].errors = [words]
        return bool(faults)


for _name, _words in rules.OTHERS.items():
    setattr(Assess, _name, Pick(_words, rules.STATES.items()))
    setattr(Assess, f"{_name}_who", ShortText(f"{_words}: who was told?", [Optional()]))
    setattr(Assess, f"{_name}_on", DayField(f"{_words}: when?", [Optional()]))
    setattr(Assess, f"{_name}_by", ShortText(f"{_words}: told by whom?", [Optional()]))


def begins_with(found: Assessed | None) -> dict[str, Any]:
    """With what the form begins: what was found the last time."""
    if found is None:
        return {}
    kept = asdict(found)
    for name, one in found.others.items():
        kept |= {name: one.state, f"{name}_who": one.who, f"{name}_on": one.on, f"{name}_by": one.by}
    return kept

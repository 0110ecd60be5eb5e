"""A form for each act, made from what the rules ask for; and what was typed as a move of the rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from wtforms import Form, HiddenField
from wtforms.validators import Optional, StopValidation

from intake.procedures import moves, triage
from intake.procedures import points as rule
from intake.procedures.definitions import Catalogue, Procedure
from intake.procedures.people import Named
from intake.procedures.permitted import Field, Offer
from intake.procedures.points import Answered
from intake.procedures.working_days import say
from intake.services.casework.case_page import CasePage
from intake.services.ground.press import new_token
from intake.web.fields import Choose, DayField, LongText, Needed, ShortText

from . import act_words
from .act_words import Typed, Words

LETTER_LIMIT = 20_000
REASON_LIMIT = 4_000
IN_THE_LETTER = "The holder reads this in the letter, under the point."
NOTHING: Mapping[str, str] = MappingProxyType({})


class ActForm(Form):
    """What every act carries: the state of the case that the page showed, and whose page it was."""

    revision = HiddenField()
    by = HiddenField()
    checked = HiddenField()
    token = HiddenField()

    @property
    def asked(self) -> list:
        """The fields that the officer fills in."""
        return [field for field in self if not isinstance(field, HiddenField)]


class Between:
    """A day within what the rules allow."""

    def __init__(self, earliest: date | None, latest: date | None, beyond: bool = False) -> None:
        self.earliest, self.latest = earliest, None if beyond else latest

    def __call__(self, form, field) -> None:
        if field.data is None:
            return
        if self.earliest and field.data < self.earliest:
            raise StopValidation(f"Give {say(self.earliest)} or a later day.")
        if self.latest and field.data > self.latest:
            raise StopValidation(f"Give {say(self.latest)} or an earlier day.")


class ReasonWhereNeeded:
    """Some outcomes need a reason."""

    field_flags = {"optional": True}  # noqa: RUF012 - the name and kind that WTForms looks for

    def __init__(self, outcomes: tuple[str, ...]) -> None:
        self.outcomes = outcomes

    def __call__(self, form, field) -> None:
        if form.outcome.data in self.outcomes and not (field.data or "").strip():
            raise StopValidation("Give the reason for this outcome.")


class ReasonBeyond:
    """A date further than the rules allow without good reason needs it."""

    field_flags = {"optional": True}  # noqa: RUF012 - the name and kind that WTForms looks for

    def __init__(self, latest: date) -> None:
        self.latest = latest

    def __call__(self, form, field) -> None:
        if form.until.data and form.until.data > self.latest and not (field.data or "").strip():
            raise StopValidation(
                f"{say(form.until.data)} is after {say(self.latest)}. Give the good reason for going beyond it, "
                "or an earlier date."
            )


def form_for(
    offer: Offer,
    handlers: tuple[tuple[str, str], ...],
    given=None,
    *,
    revision: int,
    by: str,
    text="",
    happened: date | None = None,
    begins: Mapping[str, str] = NOTHING,
):
    """The form of an offer; `given` is what was typed, `text` a letter, `happened` a day, `begins` what else it
    begins with."""
    reason_for = next((asked.reason_for for asked in offer.fields if asked.reason_for), ())
    fields = [(asked.name, asked) for asked in offer.fields]
    words = act_words.of(offer)
    made = {
        name: _field(asked, words, handlers, ())
        for name, asked in fields
        if asked.kind != "text" or asked.point
    }
    if words.writing:
        made["text"] = LongText(words.writing.label, [Needed(words.writing.missing)], limit=LETTER_LIMIT)
    made |= {
        name: _field(asked, words, handlers, reason_for)
        for name, asked in fields
        if asked.kind == "text" and not asked.point
    }
    form = type("FormOfAnAct", (ActForm,), made)(given, data={"text": text, "happened": happened, **begins})
    form.revision.data, form.by.data = str(revision), by
    form.token.data = form.token.data or new_token()
    return form


def begins_with(offer: Offer, page: CasePage) -> date | None:
    """The day on which the holder asked for what an act opens."""
    return page.stage_asked_on if offer.move is moves.OpenNextStage else None


def refused_for(offer: Offer, page: CasePage) -> dict[str, str]:
    """On which ground triage found that a case is not taken on, and who deals with it instead. Never what officers
    wrote for themselves: the holder reads the letter."""
    if offer.move is not moves.RefuseAtTheDoor or not page.triaged:
        return {}
    found = page.triaged[-1].found
    ground = triage.ground_against(found, page.received_on)
    instead = triage.SIGNPOSTS.get(found.signpost, "") if found.what == triage.NOT_FOR_US else ""
    return {"ground": ground, "reason": instead} if ground else {}


def needs_checking(offer: Offer) -> bool:
    """Whether what it does to the clock, or whether it is done at all, depends on what is typed."""
    return any(asked.kind in {"date", "choice", "name"} for asked in offer.fields)


def chosen(form: ActForm) -> str:
    """The dates, choices and names that were typed, to tell whether they are still those that were checked."""
    return "|".join(
        f"{field.name}={field.data}"
        for field in form.asked
        if isinstance(field, DayField | Choose | ShortText)
    )


def typed(offer: Offer, form: ActForm, on: date, page: CasePage, catalogue: Catalogue) -> Typed:
    """What was typed, by the rules' names."""
    given = {field.name: field.data for field in form.asked if field.data}
    chosen_procedure = given["to"] if offer.move is moves.Reclassify else page.procedure_id
    points = _points(offer, given)
    follows = rule.follows(page.standing.version, [one.outcome for one in points]) if points else ""
    return Typed(
        on=on,
        subject=offer.subject,
        to=given.get("to", ""),
        outcome=follows or given.get("outcome", ""),
        ground=given.get("ground", ""),
        reason=given.get("reason", ""),
        good_reason=given.get("good_reason", "") if _beyond(offer, given) else "",
        own=given.get("own", ""),
        happened=given.get("happened") or begins_with(offer, page),
        until=given.get("until", on),
        due=given.get("due", on),
        procedure=catalogue[chosen_procedure],
        people=_people(offer, given),
        points=points,
    )


def _points(offer: Offer, given: dict[str, Any]) -> tuple[Answered, ...]:
    """What was typed of each point of complaint, in their order."""
    asked = [asked.name.removeprefix("found_") for asked in offer.fields if asked.name.startswith("found_")]
    return tuple(
        Answered(point, given.get(f"found_{point}", ""), given.get(f"why_{point}", "")) for point in asked
    )


def _people(offer: Offer, given: dict[str, Any]) -> tuple[Named, ...]:
    """The people whose names were asked for, with what was declared of each."""
    asked = [asked.name.removeprefix("name") for asked in offer.fields if asked.kind == "name"]
    return tuple(
        Named(given.get(f"name{number}", "").strip(), given.get(f"connection{number}", ""))
        for number in asked
    )


def _beyond(offer: Offer, given: dict[str, Any]) -> bool:
    """Whether the date that was typed needs good reason: one typed for an earlier date is nothing to the rules."""
    last = next((asked.needed_after for asked in offer.fields if asked.needed_after), None)
    return last is not None and given.get("until", last) > last


def nothing_typed(subject: str, on: date, page: CasePage, procedure: Procedure) -> Typed:
    """What could be typed, to ask what an act would do or why it is refused."""
    version = next(version for version in procedure.versions if version.label == page.version_label)
    tomorrow = on + timedelta(days=1)
    due = next((view.deadline.due for view in page.deadlines if view.deadline.id == subject), on)
    return Typed(
        on=on,
        subject=subject,
        to="-",
        ground="-",
        outcome=next(one.id for one in version.outcomes if one.given_by == "response"),
        reason="-",
        good_reason="",
        own="",
        happened=None,
        until=max(due + timedelta(days=1), tomorrow),
        due=tomorrow,
        procedure=procedure,
        people=(),
        points=(),
    )


def _field(asked: Field, words: Words, handlers, reason_for):
    if asked.kind == "date":
        checks: list[Any] = [
            NeededDay() if asked.required else Optional(),
            Between(asked.earliest, asked.latest, asked.beyond),
        ]
        return DayField(asked.label, checks, description=_range(asked))
    if asked.kind == "name":
        return ShortText(asked.label, [Needed("Give the name")], limit=120)
    if asked.kind == "person":
        alone = "" if len(handlers) > 1 else "You can take it yourself. Managers give cases to others."
        return Choose("Who works on it?", "Choose who works on it", handlers, description=alone)
    if asked.kind == "choice" and asked.point:
        missing = f"{asked.label} has no outcome yet. Choose what became of it."
        return Choose(asked.label, missing, asked.choices, description=asked.hint)
    if asked.kind == "choice":
        return Choose(asked.label, f"Choose: {asked.label.lower()}", asked.choices)
    if asked.needed_after:
        hint = "Empty for any date up to that one. The holder reads this too, and the extension is counted apart."
        return LongText(asked.label, [ReasonBeyond(asked.needed_after)], limit=REASON_LIMIT, description=hint)
    missing = f"Say why, on point {asked.point}" if asked.point else "Give the reason"
    checks = [Needed(missing)] if asked.required else [Optional()]
    if reason_for and asked.name == "reason":
        checks = [ReasonWhereNeeded(reason_for)]
    hint = IN_THE_LETTER if asked.point else words.reason_hint
    return LongText(asked.label, checks, limit=LETTER_LIMIT if asked.long else REASON_LIMIT, description=hint)


class NeededDay:
    """A day has to be given; one that cannot be is told as such by the field itself."""

    field_flags = {"required": True}  # noqa: RUF012 - the name and kind that WTForms looks for

    def __call__(self, form, field) -> None:
        if field.data is None:
            raise StopValidation("" if field.errors else "Enter the date")


def _range(asked: Field) -> str:
    told = "" if asked.required else "Leave it empty for today. "
    if asked.beyond and asked.latest and asked.earliest:
        if asked.earliest > asked.latest:
            return f"{told}Not before {say(asked.earliest)}. With good reason alone."
        return f"{told}From {say(asked.earliest)} to {say(asked.latest)}; later than that with good reason alone."
    if asked.earliest and asked.latest:
        return f"{told}From {say(asked.earliest)} to {say(asked.latest)}."
    if asked.latest:
        return f"{told}Not after {say(asked.latest)}."
    if asked.earliest:
        return f"{told}Not before {say(asked.earliest)}."
    return told.strip() or "For example 27 3 2026."

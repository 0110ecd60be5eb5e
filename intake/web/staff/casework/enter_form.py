"""The form for what came by telephone, letter, e-mail or in person."""

from __future__ import annotations

from datetime import datetime, time

from wtforms import Form, HiddenField, SelectField
from wtforms.validators import Optional, StopValidation

from intake.procedures.definitions import Procedure
from intake.procedures.working_days import LONDON
from intake.services.cases import concerns
from intake.services.cases.channels import CHANNELS
from intake.services.cases.words import Answer
from intake.services.ground.roles import Officer
from intake.services.holders.submitting import Submission
from intake.web.fields import Choose, DayField, LongText, Needed, ShortText, choices, set_limit

from .act_forms import NeededDay

CAME_BY = tuple(
    (channel, label) for channel, label in CHANNELS.items() if channel not in {"online", "unknown"}
)
LEVELS = (
    ("named", "With their name"),
    ("confidential", "In confidence: we know, the people concerned do not"),
    ("anonymous", "Without a name"),
)


class Depends:
    """Needed or not, as another answer decides: the form's own check says which."""

    field_flags = {"optional": True}  # noqa: RUF012 - the name and kind that WTForms looks for

    def __call__(self, form, field) -> None:
        """Never ends the checks early, as `Optional` would."""


class Enter(Form):
    """What an officer knows about it."""

    procedure = Choose("What is it?", "Choose what it is")
    channel = Choose("How did it come?", "Choose how it came", CAME_BY)
    received = DayField(
        "When did it reach the council?",
        [NeededDay()],
        description="The day it came to anybody at the council, for example 27 3 2026. The clock counts from it.",
    )
    time = ShortText(
        "At what time?",
        [Depends()],
        limit=5,
        description="Needed only for a day on which the rules changed. For example 16:45.",
    )
    response_date = DayField(
        "Answer due by, for an enquiry from the Ombudsman",
        [Optional()],
        description="The date in the Ombudsman's letter. It can also be entered later.",
    )
    level = Choose("Who may know who it is?", "Choose who may know who it is", LEVELS)
    name = ShortText("Name", [Depends()], description="As they gave it. Leave it empty for an anonymous one.")
    contact = LongText("How to reach them", [Optional()], limit=500)
    service = SelectField("Service it is about", [Optional()])
    theme = SelectField("Theme", [Optional()], description="It can also be chosen later.")
    words = LongText(
        "What they said",
        [Needed("Write down what they said")],
        description="In their words, as far as you can. It cannot be changed afterwards.",
    )
    token = HiddenField()
    by = HiddenField()

    def fit(self, procedures: list[Procedure], settings, places, themes) -> Enter:
        """What this officer may enter, and the authority's own limits."""
        self.procedure.choices = choices((one.id, one.name) for one in procedures)
        self.service.choices = choices([("", "Choose a service"), *places])
        self.theme.choices = choices([("", "Choose a theme"), *themes])
        set_limit(self.name, settings.short_characters)
        set_limit(self.words, settings.narrative_characters)
        self._procedures = {one.id: one for one in procedures}
        if all(concerns.is_one(one) for one in procedures):
            del self.service, self.theme
        elif not themes:
            del self.theme
        if "ombudsman-enquiry" not in self._procedures:
            del self.response_date
        return self

    def validate_time(self, field) -> None:
        """A time that is one, and given where the day alone does not tell the rules apart."""
        if (field.data or "").strip():
            if _time(field.data) is None:
                raise StopValidation("Enter the time with two figures each, such as 09:30 or 16:45.")
        elif changed := self._rules_changed():
            raise StopValidation(
                f"The rules changed at {changed} on this day. Enter the time at which it came."
            )

    def validate_name(self, field) -> None:
        """A name where one is promised, none where none is wanted."""
        given = (field.data or "").strip()
        if self.level.data == "anonymous" and given:
            raise StopValidation(
                "You chose “Without a name”. Leave the name empty, or choose another answer above."
            )
        if self.level.data in {"named", "confidential"} and not given:
            raise StopValidation("Enter the name, or choose “Without a name” above.")

    def moment(self) -> datetime:
        """When it was received, on London's clock."""
        hour = _time(self.time.data or "") or time(12)
        return datetime.combine(self.received.data, hour, tzinfo=LONDON)  # type: ignore[arg-type]  # asked once valid

    def submission(self, officer: Officer) -> Submission:
        """What was typed, as what is filed."""
        procedure, name = self._procedures[self.procedure.data], (self.name.data or "").strip()
        identity = [Answer("Name", name)] if name else []
        if (self.contact.data or "").strip():
            identity.append(Answer("How to reach them", self.contact.data))
        return Submission(
            procedure=procedure.id,
            level=self.level.data,
            words=(Answer("What they said", self.words.data),),
            identity=tuple(identity),
            place=(self.service.data or None) if "service" in self else None,
            theme=(self.theme.data or None) if "theme" in self else None,
            channel=self.channel.data,
            about_monitoring_officer=concerns.is_alternate(officer.role),
        )

    def _rules_changed(self) -> str:
        procedure = self._procedures.get(self.procedure.data)
        for version in procedure.versions if procedure else ():
            since = version.received_from
            if since and since.date() == self.received.data and since.time() != time(0):
                return f"{since:%H:%M}"
        return ""


def _time(text: str) -> time | None:
    try:
        return datetime.strptime(text.strip(), "%H:%M").time()
    except ValueError:
        return None

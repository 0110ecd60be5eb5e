"""The one page for what came by telephone, letter, e-mail or in person.

Its fields are called as those of the reporter's door (`web/asked`). What was typed is put on that door's pages, and
they say what is asked, what is wrong and what is kept: so the two cannot come to ask different things.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time

from wtforms import Form, HiddenField, RadioField, SelectField
from wtforms.validators import Optional

from intake.procedures.definitions import Procedure
from intake.procedures.working_days import LONDON, say
from intake.services.cases import concerns
from intake.services.cases.channels import CHANNELS
from intake.services.ground.roles import Officer
from intake.services.holders.submitting import Submission
from intake.web.asked import assembling, offering, roads
from intake.web.asked import questions as q
from intake.web.asked.roads import Filled, Road
from intake.web.fields import Choose, DayField, LongText, ShortText, Tick, choices, set_limit

from . import officers_words as words
from .officers_roads import OMBUDSMAN, SUBJECTS, WRITERS, kind_of, road_of

CAME_BY = tuple(
    (channel, label) for channel, label in CHANNELS.items() if channel not in {"online", "unknown"}
)
EARLIER, ELSEWHERE = "earlier", "elsewhere"
ABOUT_WHEN = ("procedure", "channel", "day", "received", "time", "response_date")  # what the dates hang on


def _asked(label: str, options, hint: str = "") -> RadioField:
    """A choice of the reporter's door: its own page says whether it must be made."""
    return RadioField(label, choices=choices(options), validate_choice=False, description=hint)


@q.of_each_office
class Enter(Form):
    """What an officer knows about it."""

    procedure = Choose("What is it?", "Choose what it is")
    channel = Choose("How did it come?", "Choose how it came", CAME_BY)
    day = RadioField("When did it reach anybody at the council?", validate_choice=False)
    received = DayField(
        "On which day?", [Optional()], description="For example 27 3 2026. The clock counts from it."
    )
    time = ShortText(
        "At what time?",
        [Optional()],
        limit=5,
        description="Needed only for a day on which the rules changed. For example 16:45.",
    )
    member = ShortText("Which MP or councillor wrote?", [Optional()])
    ombudsman_reference = ShortText("The Ombudsman's reference", [Optional()])
    response_date = DayField(
        "Answer due by",
        [Optional()],
        description="The date in the Ombudsman's letter. It can also be entered later.",
    )
    our_case = ShortText(
        "Our case that it is about",
        [Optional()],
        limit=40,
        description="Its reference, such as 7KM-2Q9X, if you have it.",
    )
    relation = _asked("Who are they to the child?", words.TO_THE_CHILD)
    advocate = _asked("Would they like an advocate?", words.ADVOCATE)
    for_whom = _asked("For whom do they speak?", words.FOR_WHOM)
    person = ShortText("For whom do they write?", [Optional()], description="A name, or how they know them.")
    consent = _asked("Does that person know, and agree?", words.CONSENT)
    agreed = _asked(
        "Did the constituent agree that the MP or councillor writes?", words.CONSENT_OF_CONSTITUENT
    )
    category = _asked("What is it about?", q.CATEGORIES)
    about_officer = _asked("Is it about anybody who would receive it?", words.ABOUT_OFFICER)
    story = LongText(
        "What they said",
        [Optional()],
        description="In their words, as far as you can. It cannot be changed afterwards.",
    )
    happened = ShortText("When did it happen, or when did they find out?", [Optional()])
    remedy = LongText("What would put it right?", [Optional()], limit=4_000)
    evidence = LongText("Is there anything that shows it?", [Optional()], limit=4_000)
    told = LongText("Have they told anybody before? What happened then?", [Optional()], limit=4_000)
    level = _asked("Who may know who it is?", words.LEVELS)
    name = ShortText("Name", [Optional()])
    phone = ShortText("Telephone number", [Optional()])
    email = ShortText("E-mail address", [Optional()])
    address = LongText("Postal address", [Optional()], limit=500)
    adjustments = LongText(
        "Is there anything that would make it easier for them to deal with us?", [Optional()], limit=1_000
    )
    service = SelectField("Service it is about", [Optional()], validate_choice=False)
    theme = SelectField(
        "Theme", [Optional()], validate_choice=False, description="It can also be chosen later."
    )
    token = HiddenField()
    by = HiddenField()

    def fit(
        self,
        officer: Officer,
        procedures: list[Procedure],
        settings,
        places,
        themes,
        now: datetime,
        goes_to_others: Callable[[tuple[str, ...]], str],
    ) -> Enter:
        """What this officer may enter, the authority's own limits, and today. `goes_to_others`: of a concern about whom
        it may be, who receives it where this officer does not; empty where they do.
        """
        self._goes_to_others = goes_to_others
        self._officer, self._settings, self._now = officer, settings, now
        self._procedures = {one.id: one for one in procedures}
        self._today = now.astimezone(LONDON).date()
        self.only_concerns = all(concerns.is_one(one) for one in procedures)
        elsewhere = (
            []
            if self.only_concerns
            else [(ELSEWHERE, "Wrongdoing at work: a concern for the monitoring officer")]
        )
        self.procedure.choices = choices([*((one.id, one.name) for one in procedures), *elsewhere])
        self.day.choices = choices(
            [(self._today.isoformat(), f"Today, {say(self._today)}"), (EARLIER, "On another day")]
        )
        self.service.choices = choices([("", "Choose a service"), *places])
        self.theme.choices = choices([("", "Choose a theme"), *themes])
        set_limit(self.story, settings.narrative_characters)
        for field in self:
            if isinstance(field, ShortText) and field.name not in {"time", "our_case"}:
                set_limit(field, settings.short_characters)
        if self.only_concerns:
            del self.service, self.theme, self.ombudsman_reference, self.our_case, self.response_date
        elif not themes:
            del self.theme
        q.only_those_in_use(self)
        self._keep_the_day()
        return self

    def groups(self) -> list[tuple[str, list]]:
        """The answers to "What is it?" with the kind that each is of, which decides what else the page shows."""
        drawn = list(self.procedure)
        return [
            (kind_of(self._procedures[one.data]) if one.data in self._procedures else ELSEWHERE, one)
            for one in drawn
        ]

    # What the dates hang on, alone or with everything else.

    def validate(self, extra_validators=None) -> bool:
        """Whether all of it can be kept."""
        super().validate(extra_validators)
        self._check_when()
        self._check_lists()
        road = self.road()
        if self.procedure.data == ELSEWHERE:
            self.procedure.errors = [words.TO_OTHERS]
        elif road:
            self._ask_the_pages(road)
            self._look_for_what_is_not_asked(road)
            self._look_for_other_readers(road)
        return not self.errors

    def validate_dates(self) -> bool:
        """Whether its dates can be told; the rest may be missing still."""
        self.validate()
        for field in self:
            if field.name not in ABOUT_WHEN:
                field.errors = []
        return not self.errors

    def road(self) -> Road | None:
        """The questions that are asked for what was chosen; None before anything was."""
        procedure = self._procedures.get(self.procedure.data)
        return road_of(procedure, self.channel.data) if procedure else None

    def received_on(self) -> date | None:
        """The day on which it reached the council."""
        return self.received.data if self.day.data == EARLIER else _day(self.day.data)

    def moment(self) -> datetime:
        """When it was received, on London's clock."""
        hour = _time(self.time.data or "") or time(12)
        return datetime.combine(self.received_on(), hour, tzinfo=LONDON)  # type: ignore[arg-type]  # asked once valid

    def due(self) -> date | None:
        """The date in the Ombudsman's letter."""
        return self.response_date.data if self.procedure.data == OMBUDSMAN else None

    def submission(self) -> Submission:
        """What was typed, as what is filed: what the reporter's door makes of the same answers."""
        road, procedure = self.road(), self._procedures[self.procedure.data]
        made = assembling.submission(road, self._pages(road), procedure=procedure.id)  # type: ignore[arg-type]
        return replace(
            made,
            channel=self.channel.data,
            place=(self.service.data or made.place) if "service" in self else None,
            theme=(self.theme.data or None) if "theme" in self else None,
        )

    def for_dates(self) -> Submission:
        """As much of it as its dates hang on."""
        return Submission(self.procedure.data, "anonymous", ())

    def is_concern(self) -> bool:
        """Whether it is one for the monitoring officer or the alternate."""
        return concerns.is_one(self._procedures[self.procedure.data])

    def _keep_the_day(self) -> None:
        """A page that was opened before midnight still means the day that it showed."""
        shown = _day(self.day.data)
        if shown and shown != self._today and not any(self.received.parts):
            self.received.data, self.day.data = shown, EARLIER
            self.received.parts = (str(shown.day), str(shown.month), str(shown.year))

    def _check_lists(self) -> None:
        for name in ("service", "theme"):
            if name in self and (self[name].data or "") not in {
                one.value for one in self[name].iter_choices()
            }:
                self[name].errors = [f"That {name} was closed meanwhile. Choose another, or none."]

    def _check_when(self) -> None:
        if self.day.data not in {EARLIER, self._today.isoformat()}:
            self.day.errors = ["Choose today, or say on which day it came"]
        elif self.day.data != EARLIER and any(self.received.parts):
            self.received.errors = [
                "You chose today above and typed a day here. Choose “On another day”, or empty this."
            ]
        elif self.day.data == EARLIER and self.received.data is None and not self.received.errors:
            self.received.errors = ["Enter the day"]
        day = self.received_on()
        if day and not self.received.errors:
            self._check_time(day)

    def _check_time(self, day: date) -> None:
        if day > self._today:
            self.received.errors = [f"{say(day)} lies in the future. Enter the day on which it came."]
        elif (self.time.data or "").strip():
            if _time(self.time.data) is None:
                self.time.errors = ["Enter the time with two figures each, such as 09:30 or 16:45."]
            elif self.moment() > self._now:
                self.time.errors = ["That time lies in the future. Enter the time at which it came."]
        elif changed := self._rules_changed(day):
            self.time.errors = [
                f"The rules changed at {changed} on this day. Enter the time at which it came."
            ]

    def _rules_changed(self, day: date) -> str:
        procedure = self._procedures.get(self.procedure.data)
        for version in procedure.versions if procedure else ():
            since = version.received_from
            if since and since.date() == day and since.time() != time(0):
                return f"{since:%H:%M}"
        return ""

    # What the reporter's door asks.

    def _ask_the_pages(self, road: Road) -> None:
        for one in self._pages(road):
            if not one.form.validate():
                for field in one.form:
                    mine = self._mine(one, field.short_name)
                    if field.errors and mine in self and not self[mine].errors:
                        self[mine].errors = [self._said_of(road, mine) or field.errors[0]]

    def _said_of(self, road: Road, name: str) -> str:
        if (self[name].data or "").strip():
            return ""
        if name == "name":
            return words.NAME["member" if road.id == "constituent" else "with"]
        return words.MISSING.get(name, "")

    def _pages(self, road: Road) -> list[Filled]:
        """The pages that what was typed leads through, but for those that the procedure has answered."""
        answers = {
            page.id: {field.short_name: [self._typed(page.id, field.short_name)] for field in page.form()}
            for page in road.pages
        }
        return [one for one in roads.filled(road, answers, self._settings) if self._is_put(one)]

    def _is_put(self, one: Filled) -> bool:
        if one.page.id == "subject":
            return self.procedure.data in SUBJECTS
        if one.page.id == "service":
            return any(choice.value == self.service.data for choice in one.form.service.iter_choices())
        return True

    @staticmethod
    def _mine(one: Filled, name: str) -> str:
        return "agreed" if (one.page.id, name) == ("constituent", "consent") else name

    def _typed(self, page: str, name: str) -> str:
        match page, name:
            case "subject", _:
                return SUBJECTS.get(self.procedure.data, "other")
            case "writer", _:
                return WRITERS[self.procedure.data]
            case "constituent", "consent":
                return self.agreed.data or ""
            case "service", _:
                return self.service.data or offering.NONE_OF_THEM
            case "identify", _:
                return "y"
        return self[name].data or "" if name in self else ""

    def _look_for_what_is_not_asked(self, road: Road) -> None:
        """What was typed for another answer to "What is it?" is not dropped in silence."""
        asked = {self._mine(one, field.short_name) for one in self._pages(road) for field in one.form}
        for field in self:
            if field.name in {"time", "received", *asked} or field.errors:
                continue
            typed = any(field.parts) if isinstance(field, DayField) else _is_text(field) and bool(field.data)
            if typed and not (field.name == "response_date" and self.procedure.data == OMBUDSMAN):
                without = field.name == "name" and self.level.data == "anonymous"
                field.errors = [words.NAME["without"] if without else words.NOT_ASKED]

    def _look_for_other_readers(self, road: Road) -> None:
        """A concern about its reader is not even typed into a page that would show it to them."""
        if road.id != "concern" or not self.about_officer.data or self.about_officer.errors:
            return
        if others := self._goes_to_others(assembling.named(self.about_officer.data, q.named_in(self))):
            self.about_officer.errors = [words.TO_OTHER_READERS.format(others)]


def asked_of_both(road: Road) -> set[str]:
    """The fields of the reporter's door on a road, by name."""
    return {field.short_name for page in road.pages for field in page.form() if not isinstance(field, Tick)}


def _is_text(field) -> bool:
    return isinstance(field, ShortText | LongText)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _time(text: str) -> time | None:
    try:
        return datetime.strptime(text.strip(), "%H:%M").time()
    except ValueError:
        return None

"""What is asked of whoever writes: one small form for each page of the reporter's door, worded for who answers.

The officers' door asks the same in its own words (`staff/entering`), and what is kept reads as it does here.
"""

from __future__ import annotations

from collections.abc import Collection

from wtforms import Form
from wtforms.validators import Optional

from intake.procedures.offices import BY_ROLE, OFFICES
from intake.web.fields import Choose, EmailLike, LongText, Needed, ShortText, Tick, choices, set_limit

from . import offering

CATEGORIES = (
    ("criminal-offence", "A crime: for example theft, fraud, bribery or assault"),
    ("legal-obligation", "Somebody is not doing what the law says they must"),
    ("miscarriage-of-justice", "A miscarriage of justice: somebody wrongly blamed or punished"),
    ("health-and-safety", "Danger to somebody's health or safety"),
    ("environment", "Damage to the environment"),
    ("sexual-harassment", "Sexual harassment"),
    ("concealment", "Hiding any of these: covering up, destroying or falsifying records"),
    ("other", "Something else that worries me"),
)
SUBJECTS = (
    ("children", "Children's social care"),
    ("adults", "Adult social care"),
    ("information", "How the council handled personal information about me"),
    ("other", "Any other service of the council"),
)
LEVELS = (("named", "With my name"), ("confidential", "In confidence"), ("anonymous", "Without my name"))
TO_THE_CHILD = (
    ("child", "I am the child or young person"),
    ("parent", "I am a parent"),
    ("carer", "I have parental responsibility, or I am a foster carer or special guardian"),
    ("care-leaver", "I have left care"),
    ("advocate", "I am an advocate for the child"),
    ("somebody-else", "I am somebody else"),
)
CONSENT = (
    ("agreed", "Yes, they agreed"),
    ("cannot", "They cannot agree themselves, for example because of illness or age"),
    ("not-yet", "I have not asked them yet"),
)
CONSENT_OF_CONSTITUENT = (*CONSENT, ("not-needed", "It is not needed: I ask for nothing about them"))
ADVOCATE = (("yes", "Yes, please find me one"), ("have", "I already have one"), ("no", "No, thank you"))
FOR_WHOM = (("self", "Yes, for myself"), ("other", "No, for somebody else"))
ABOUT_OFFICER = (
    ("yes", "Yes, about one or more of them"),
    ("no", "No, about none of them"),
    ("unsure", "I am not sure"),
)


class Question(Form):
    """A page's fields. What an authority may set is put in by `adapt`."""

    def adapt(self, settings) -> Question:
        """Limits and choices from the settings."""
        for field in self:
            if isinstance(field, ShortText):
                set_limit(field, settings.short_characters)
        return self


class Nothing(Question):
    """A page that is read and not answered."""


class Subject(Question):
    subject = Choose("What is your complaint about?", "Choose what your complaint is about", SUBJECTS)


# These have procedures of their own, and the page before has asked about them already.
ASKED_BEFORE = {"children's social care", "adult social care"}


class Service(Question):
    service = Choose("Which service is it about?", "Choose the service, or the last answer if none fits")

    def adapt(self, settings) -> Question:
        asked = [(place, name) for place, name in offering.services() if name.casefold() not in ASKED_BEFORE]
        self.service.choices = choices([*asked, (offering.NONE_OF_THEM, "Something else, or I do not know")])
        return super().adapt(settings)


class ToTheChild(Question):
    relation = Choose("Who are you to the child?", "Choose who you are to the child", TO_THE_CHILD)


class Advocate(Question):
    advocate = Choose(
        "Would you like an advocate?",
        "Choose whether you would like an advocate",
        ADVOCATE,
    )


class ForWhom(Question):
    for_whom = Choose(
        "Are you writing for yourself?",
        "Choose whether you are writing for yourself",
        FOR_WHOM,
    )


class Consent(Question):
    person = ShortText("Who are you writing for?", [Optional()], description="A name, or how you know them.")
    consent = Choose(
        "Do they know, and agree that you write for them?", "Choose whether they agreed", CONSENT
    )


class Story(Question):
    story = LongText(
        "What happened?",
        [Needed("Tell us what happened")],
        description="Start where you like, in your own words and your own language. You can change it later.",
    )

    def adapt(self, settings) -> Question:
        set_limit(self.story, settings.narrative_characters)
        return super().adapt(settings)


class Thanks(Story):
    story = LongText(
        "What would you like to say?",
        [Needed("Write what you would like to say")],
        description="If you know who helped you, name them or their team: we will pass it on.",
    )


class Asked(Story):
    story = LongText(
        "What did you ask for, and when?",
        [Needed("Tell us what you asked for")],
        description="A reference number helps, if you were given one.",
    )


class Ask(Story):
    story = LongText("What would you like to know?", [Needed("Write your question")])


class ForConstituent(Story):
    story = LongText(
        "What do you ask on their behalf?",
        [Needed("Write what you ask on their behalf")],
        description="Write only what your constituent agreed to share.",
    )


class Remedy(Question):
    happened = ShortText("When did it happen, or when did you find out?", [Optional()])
    remedy = LongText("What would put it right?", [Optional()], limit=4_000)


class Adjustments(Question):
    adjustments = LongText(
        "Is there anything that would make it easier to deal with us?",
        [Optional()],
        limit=1_000,
        description="For example large print, an interpreter, sign language, a telephone call, or more time.",
    )


class Category(Question):
    category = Choose("What is it about?", "Choose what comes closest", CATEGORIES)


YES = "yes"


class Named(Choose):
    """Whether it is about one office. What is sent carries the office's name, so that a page which was drawn before
    another office was set up is never read as an answer about that one.
    """

    def __init__(self, role: str, title: str, **rest) -> None:
        self.role, self.no, self.yes = role, f"{role} no", f"{role} {YES}"
        super().__init__(BY_ROLE[role].question, f"Choose again: {title}", default=self.no, **rest)
        self.choices = choices([(self.no, "No"), (self.yes, "Yes")])

    def process_formdata(self, valuelist: list[str]) -> None:
        """What was left empty is a No, as it is drawn."""
        super().process_formdata([value for value in valuelist if value])

    def answer(self) -> str:
        """What is told of it: nothing where it is not about them."""
        return "Yes" if self.data == self.yes else ""


def of_each_office(form: type[Form]) -> type[Form]:
    """A form that asks of each office."""
    for office in OFFICES:
        setattr(form, field_of(office.role), Named(office.role, office.title))
    return form


def field_of(role: str) -> str:
    """The name of the field that asks of an office."""
    return f"named_{role.replace('-', '_')}"


def only_those_in_use(form: Form) -> None:
    """Leave out of a form the offices that are not in use."""
    in_use = dict(offering.offices())
    for field in list(form):
        if isinstance(field, Named) and field.role not in in_use:
            del form[field.short_name]


@of_each_office
class AboutOfficer(Question):
    about_officer = Choose(
        "Is it about anybody who would receive it?",
        "Choose whether it is about anybody who would receive it",
        ABOUT_OFFICER,
        description="Whoever it is about does not receive it and cannot open it, nor does anybody who answers to "
        "them: it goes to somebody else. If you are not sure, those who usually receive concerns do not get it.",
    )

    def adapt(self, settings) -> Question:
        """Only the offices in use are asked about."""
        only_those_in_use(self)
        return super().adapt(settings)

    def validate(self, extra_validators=None) -> bool:
        """A name beside "No", or a "Yes" without a name, is asked again."""
        whole = super().validate(extra_validators)
        fault = conflict(self.about_officer.data, named_in(self))
        if whole and fault:
            self.about_officer.errors = [fault]
        return whole and not fault


def named_in(form: Form) -> list[str]:
    """The offices that were named on a form."""
    return [field.role for field in form if isinstance(field, Named) and field.data == field.yes]


def conflict(about: str, named: Collection[str]) -> str:
    """What does not fit together in the answers about whom it is; empty where all does."""
    if about == "no" and named:
        return "You chose No, and said Yes of somebody below. Change one of the two"
    if about == "yes" and not named:
        return "Say Yes of everybody whom it is about, or choose that you are not sure"
    return ""


class Evidence(Question):
    evidence = LongText(
        "Is there anything that shows it?",
        [Optional()],
        limit=4_000,
        description="Documents, messages, places, people who saw it. Describe them here.",
    )
    told = LongText("Have you told anybody before? What happened then?", [Optional()], limit=4_000)


class Level(Question):
    level = Choose("Who may know that it is you?", "Choose who may know that it is you", LEVELS)


class Contact(Question):
    name = ShortText("Your name", [Needed("Enter your name, or the name you want us to use")])
    email = ShortText("E-mail address", [Optional(), EmailLike()])
    phone = ShortText("Telephone number", [Optional()])
    address = LongText("Postal address", [Optional()], limit=500)


class PerhapsContact(Question):
    name = ShortText("Your name", [Optional()])
    email = ShortText("E-mail address", [Optional(), EmailLike()])
    phone = ShortText("Telephone number", [Optional()])
    address = LongText("Postal address", [Optional()], limit=500)


class Identify(Question):
    read_again = Tick(
        "I have thought about it",
        [Needed("Tick the box when you have thought about it")],
    )


class Writer(Question):
    writer = Choose(
        "Who are you?",
        "Choose who you are",
        (
            ("mp", "A Member of Parliament, or writing for one"),
            ("councillor", "A councillor, or writing for one"),
        ),
    )


class Constituent(Question):
    person = ShortText("Your constituent's name", [Needed("Enter your constituent's name")])
    consent = Choose(
        "Did they agree that you write for them?", "Choose whether they agreed", CONSENT_OF_CONSTITUENT
    )

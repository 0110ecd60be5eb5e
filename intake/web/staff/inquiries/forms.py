"""What is typed on the page of an inquiry: a small form for each of its folds, and for each thing in them."""

from __future__ import annotations

from wtforms import BooleanField, Form, HiddenField, SelectField

from intake.procedures.allegations import RULE
from intake.services.inquiries.addressing import AGREEMENTS
from intake.services.inquiries.keeping import LINE, LONG, WORDS
from intake.web.fields import Choose, DayField, LongText, Needed, ShortText, choices

AGREED = "Does the person agree with the note?"


class OfAnInquiry(Form):
    """What each form carries: the state of the concern that the page showed, and whose page it was."""

    revision = HiddenField()
    by = HiddenField()


class Terms(OfAnInquiry):
    """The terms of reference."""

    terms_text = LongText(
        "Terms of reference",
        [Needed("Write the terms of reference")],
        limit=LONG,
        description="What is looked into and what is not, with what powers, by when, and to whom the report goes.",
    )


class Investigator(OfAnInquiry):
    """Who investigates."""

    investigator = SelectField(
        "Somebody who can open this concern", validate_choice=False, id="investigator_who"
    )  # the fold has the other id
    outside = ShortText(
        "Or somebody outside, in words",
        limit=LINE,
        description="Name and firm or council. This gives nobody a key: they see what you show them.",
    )


class Step(OfAnInquiry):
    """A step of the plan."""

    step_words = LongText("What is to be done?", [Needed("Say what is to be done")], limit=WORDS)
    step_due = DayField("By when?", [Needed("Say by when")])


class Interview(OfAnInquiry):
    """A note of an interview."""

    interview_who = ShortText("With whom?", [Needed("Say with whom it was held")], limit=LINE)
    interview_on = DayField("When was it?", [Needed("Say when it was")])
    interview_text = LongText("What was said?", [Needed("Write what was said")], limit=LONG)
    interview_agreed = SelectField(
        AGREED, choices=choices([("", "Not asked yet"), *AGREEMENTS.items()]), validate_choice=False
    )


class Evidence(OfAnInquiry):
    """A line of the evidence log."""

    evidence_item = LongText("What is it?", [Needed("Say what it is")], limit=WORDS)
    evidence_source = ShortText("From whom?", [Needed("Say from whom it came")], limit=LINE)
    evidence_kept = ShortText("Where is it kept?", [Needed("Say where it is kept")], limit=LINE)


class Decision(OfAnInquiry):
    """A line of the log of decisions."""

    decision_text = LongText("What was decided?", [Needed("Say what was decided")], limit=WORDS)
    decision_why = LongText("Why was it decided so?", [Needed("Give the reason")], limit=WORDS)
    decision_who = ShortText("Who decided it?", [Needed("Say who decided it")], limit=LINE)


class Alleged(OfAnInquiry):
    """One thing that is alleged."""

    allegation_words = LongText(
        "What is alleged?", [Needed("Say what is alleged")], limit=WORDS, description="One thing alone."
    )


class Action(OfAnInquiry):
    """What is recommended, by whom and by when."""

    action_words = LongText("What shall be done after it?", [Needed("Say what shall be done")], limit=WORDS)
    action_owner = ShortText("Whose action is it?", [Needed("Say whose action it is")], limit=LINE)
    action_due = DayField("By what day?", [Needed("Say by what day")])


class Lessons(OfAnInquiry):
    """What is learned."""

    lessons_text = LongText(
        "What is learned?",
        [Needed("Write what is learned")],
        limit=WORDS,
        description="Name nobody: lessons are for those who were not there.",
    )


class Report(OfAnInquiry):
    """The report."""

    report_text = LongText("The report", [Needed("Write the report")], limit=LONG)


class SignOff(OfAnInquiry):
    """The review by a second person."""

    reviewed_text = LongText(
        "What did you review, and what do you say to it?",
        [Needed("Say what you reviewed")],
        limit=WORDS,
        description="You sign exactly what stands on this page. A later change undoes it.",
    )
    digest = HiddenField()


class Settling(OfAnInquiry):
    """That a step or an action was done, or is dropped."""

    settled_on = DayField("When was it done?", description="Leave it empty for one that is dropped.")
    how = LongText("What was done, or why is it dropped?", limit=WORDS)
    dropped = BooleanField("It is dropped, and will not be done")


class Moving(OfAnInquiry):
    """Another day for a step or an action."""

    new_due = DayField("By when now?", [Needed("Say by when")])
    moved_why = LongText("Why is the day moved?", [Needed("Give the reason")], limit=WORDS)


class Agreeing(OfAnInquiry):
    """What somebody says of the note of their interview."""

    agreed = Choose(AGREED, "Say whether they agree", AGREEMENTS.items())
    agreed_on = DayField("When did they say so?", [Needed("Say when they said so")])
    agreed_why = LongText("What do they say of it?", limit=WORDS)


class Finding(OfAnInquiry):
    """What was found on an allegation."""

    found = Choose("What was found?", "Choose what was found", description=RULE)
    found_why = LongText("Why?", [Needed("Give the reasons")], limit=LONG)


class Rewording(OfAnInquiry):
    """An allegation in other words."""

    reworded = LongText(
        "What is alleged?",
        [Needed("Say what is alleged")],
        limit=WORDS,
        description="A finding on the old words falls away.",
    )


class SettingAside(OfAnInquiry):
    """That an allegation is left undecided."""

    aside_why = LongText(
        "Why is it set aside?",
        [Needed("Give the reason")],
        limit=WORDS,
        description="For example because the police look into it. It stays to be read, and counts no more.",
    )

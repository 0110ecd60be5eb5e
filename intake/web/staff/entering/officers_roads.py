"""Which questions an officer asks for each procedure: those of the reporter's door, and a few of their own."""

from __future__ import annotations

from dataclasses import replace

from wtforms.validators import Optional

from intake.procedures.definitions import Procedure
from intake.services.cases import concerns
from intake.web.asked import questions as q
from intake.web.asked.assembling import BY_ROAD, BY_SUBJECT, BY_WRITER
from intake.web.asked.roads import (
    ADJUSTMENTS,
    COMPLAINT,
    CONCERN,
    CONSTITUENT,
    PERHAPS,
    ROADS,
    SERVICE,
    Page,
    Road,
)
from intake.web.fields import Choose, LongText, Needed, ShortText

OMBUDSMAN = "ombudsman-enquiry"
MEMBERS = ("mp", "councillor")  # the channels by which somebody writes for another
SUBJECTS = {procedure: subject for subject, procedure in BY_SUBJECT.items()}
WRITERS = {procedure: writer for writer, procedure in BY_WRITER.items()}


class Suggest(q.Story):
    story = LongText("What do you suggest, or what do you think of it?", [Needed("Write what it is")])


class FromTheOmbudsman(q.Question):
    ombudsman_reference = ShortText("The Ombudsman's reference", [Optional()])
    our_case = ShortText("Our case that it is about", [Optional()])


class Inquire(q.Story):
    story = LongText("What does the Ombudsman ask?", [Needed("Write what the Ombudsman asks")])


class Complainant(q.PerhapsContact):
    name = ShortText("Who complained to the Ombudsman?", [Optional()])


class Through(q.Question):
    member = ShortText(
        "Which MP or councillor wrote for you?", [Needed("Enter the name of the MP or councillor")]
    )
    agreed = Choose(
        "Did you agree that they write for you?", "Choose whether they agreed", q.CONSENT_OF_CONSTITUENT
    )


THROUGH = Page("through", Through, "The MP or councillor who wrote")
SUGGESTION = Road(
    "suggestion",
    "",
    "",
    "Suggestion",
    (SERVICE, Page("story", Suggest), ADJUSTMENTS, PERHAPS),
)
FROM_THE_OMBUDSMAN = Road(
    "ombudsman",
    "",
    "",
    "Enquiry from the Ombudsman",
    (
        Page("ombudsman", FromTheOmbudsman, "The Ombudsman's letter"),
        SERVICE,
        Page("story", Inquire),
        Page("complainant", Complainant, "Who complained", identity=True),
    ),
)
_OF_THEIR_OWN = {OMBUDSMAN: FROM_THE_OMBUDSMAN, "suggestion": SUGGESTION}
_BY_PROCEDURE = {procedure: ROADS[road] for road, procedure in BY_ROAD.items()}

# Kinds of what is entered, as the page groups them: each shows its own questions (static/officers.css).
KINDS = ("complaint", "child", "member", "ombudsman", "asked", "thanks", "concern")
COMMONEST = ("corporate", "adult-social-care", "mp-enquiry", "general-enquiry")


def road_of(procedure: Procedure, channel: str) -> Road:
    """The questions for a procedure. What an authority adds to the catalogue is asked as a complaint is."""
    if concerns.is_one(procedure):
        road = CONCERN
    elif procedure.id in WRITERS:
        return CONSTITUENT
    else:
        road = _OF_THEIR_OWN.get(procedure.id) or _BY_PROCEDURE.get(procedure.id, COMPLAINT)
    return replace(road, pages=(*road.pages, THROUGH)) if channel in MEMBERS else road


def kind_of(procedure: Procedure) -> str:
    """Which of `KINDS` a procedure is."""
    if concerns.is_one(procedure):
        return "concern"
    road = road_of(procedure, "")
    kinds = {"constituent": "member", "ombudsman": "ombudsman", "thanks": "thanks", "complaint": "complaint"}
    if SUBJECTS.get(procedure.id) == "children":
        return "child"
    return kinds.get(road.id, "asked")


def order_of(procedure: Procedure) -> tuple[int, int, str]:
    """Where a procedure stands under "What is it?": kind by kind, and first what comes most."""
    first = COMMONEST.index(procedure.id) if procedure.id in COMMONEST else len(COMMONEST)
    return KINDS.index(kind_of(procedure)), first, procedure.name

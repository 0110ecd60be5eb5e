"""The page asks what the reporter's door asks, and keeps the same of the same answers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from werkzeug.datastructures import MultiDict

from intake.procedures.working_days import LONDON
from intake.services.ground.press import new_token
from intake.web.asked import assembling, questions, roads
from intake.web.asked.roads import ROADS
from intake.web.staff.entering import officers_words as words
from intake.web.staff.entering.enter_form import Enter, asked_of_both

ANSWERED_BY_THE_PROCEDURE = {"subject", "writer"}
TYPED = {
    "story": "It happened.\r\nTwice.",
    "name": "Sam Ash",
    "email": "sam@example.org",
    "phone": "01234",
    "address": "1 High Street",
    "person": "Joyce Pell",
    "consent": "cannot",
    "happened": "In May",
    "remedy": "An apology",
    "adjustments": "Large print",
    "category": "environment",
    "about_officer": "no",
    "evidence": "A letter",
    "told": "My manager",
}
CHOSEN = [
    ("complaint", "corporate", {"subject": "other", "for_whom": "self", "level": "named"}),
    ("complaint", "corporate", {"subject": "other", "for_whom": "other", "level": "confidential"}),
    ("complaint", "adult-social-care", {"subject": "adults", "for_whom": "self", "level": "anonymous"}),
    ("complaint", "data-protection", {"subject": "information", "for_whom": "self", "level": "named"}),
    (
        "complaint",
        "children-statutory",
        {"subject": "children", "relation": "child", "advocate": "yes", "level": "named"},
    ),
    ("complaint", "children-statutory", {"subject": "children", "relation": "advocate", "level": "named"}),
    ("complaint", "children-statutory", {"subject": "children", "relation": "parent", "level": "named"}),
    ("concern", "whistleblowing", {"level": "confidential"}),
    ("concern", "whistleblowing", {"level": "anonymous"}),
    ("request", "service-request", {}),
    ("question", "general-enquiry", {}),
    ("thanks", "compliment", {}),
    ("constituent", "mp-enquiry", {"writer": "mp"}),
    ("constituent", "councillor-enquiry", {"writer": "councillor"}),
]
# The officers' words for the same answers.
PAIRS = [
    (questions.TO_THE_CHILD, words.TO_THE_CHILD),
    (questions.ADVOCATE, words.ADVOCATE),
    (questions.FOR_WHOM, words.FOR_WHOM),
    (questions.CONSENT, words.CONSENT),
    (questions.CONSENT_OF_CONSTITUENT, words.CONSENT_OF_CONSTITUENT),
    (questions.ABOUT_OFFICER, words.ABOUT_OFFICER),
    (questions.LEVELS, words.LEVELS),
]


@pytest.mark.parametrize("road", sorted(ROADS))
def test_every_question_of_the_reporters_door_stands_on_the_officers_page(road):
    assert asked_of_both(ROADS[road]) - ANSWERED_BY_THE_PROCEDURE <= set(Enter()._fields)


@pytest.mark.parametrize(("asked", "told"), PAIRS)
def test_the_answers_are_the_same_in_the_same_order(asked, told):
    assert [value for value, _ in asked] == [value for value, _ in told]


@pytest.mark.parametrize(("road", "procedure", "chosen"), CHOSEN)
def test_the_same_answers_are_kept_as_the_same_words(
    app, office, officer, monitoring_officer, road, procedure, chosen
):
    settings, now = office.settings, datetime.now(UTC)
    who = monitoring_officer if road == "concern" else officer
    with app.test_request_context():
        at_the_door = at_the_reporters_door(road, chosen, settings)
        asked = {name for page in at_the_door for name in (field.short_name for field in page.form)}
        sent = assembling.submission(ROADS[road], at_the_door)
        typed = {name: said for name, said in (TYPED | chosen).items() if name in asked}
        typed["agreed"] = typed.pop("consent", "") if road == "constituent" else ""
        form = Enter(
            MultiDict(
                typed | {"procedure": procedure, "channel": "phone", "day": today(now), "token": new_token()}
            )
        ).fit(who, list(office.catalogue), settings, (), (), now, lambda _: "")
        assert form.validate(), form.errors
        entered = form.submission()
    assert vars(entered) == vars(sent) | {"channel": "phone"}


def today(now) -> str:
    return now.astimezone(LONDON).date().isoformat()


def at_the_reporters_door(road, chosen, settings) -> list[roads.Filled]:
    answers = {
        page.id: {field.short_name: [said(field.short_name, chosen)] for field in page.form()}
        for page in ROADS[road].pages
    }
    pages = list(roads.filled(ROADS[road], answers, settings))
    assert roads.first_gap(pages) is None
    return [one for one in pages if one.page.id != "service"]  # which an officer chooses of the whole tree


def said(name: str, chosen) -> str:
    return {"service": "none-of-them", "read_again": "y"}.get(name) or (TYPED | chosen).get(name, "")

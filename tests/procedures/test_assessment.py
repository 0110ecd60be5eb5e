"""What is asked when a concern is assessed, and what is missing or cannot be."""

from dataclasses import fields
from datetime import date

import pytest

from intake.procedures import assessment
from intake.procedures.assessment import Assessed, Notified, faults, offered, still_to_tell

CAME, TODAY = date(2026, 6, 1), date(2026, 6, 8)
WHOLE = {
    "categories": ("criminal-offence",),
    "safety": "none",
    "about_a_receiver": "no",
    "decision": "inquire",
    "why": "It can be looked into.",
}


def wrong(**found) -> dict[str, str]:
    return faults(Assessed(**found), received_on=CAME, today=TODAY)


def test_seven_categories_and_another_with_sexual_harassment_from_its_day():
    assert list(assessment.CATEGORIES) == [
        "criminal-offence",
        "legal-obligation",
        "miscarriage-of-justice",
        "health-and-safety",
        "environment",
        "sexual-harassment",
        "concealment",
        "other",
    ]
    assert offered(date(2026, 4, 6))["sexual-harassment"] == "Sexual harassment"
    assert "of its own from Monday 6 April 2026" in offered(date(2026, 4, 5))["sexual-harassment"]


def test_nothing_has_to_be_known_at_once_and_a_decision_wants_its_reason():
    assert wrong() == {}
    assert set(wrong(decision="inquire")) == {"categories", "safety", "about_a_receiver", "why"}
    assert wrong(**WHOLE) == {}


@pytest.mark.parametrize(
    ("found", "part"),
    [
        ({"safety": "danger"}, "safety_done"),
        ({"decision": "send-on"}, "elsewhere"),
        ({"elsewhere": "hr"}, "says"),
        ({"elsewhere": "complaints", "says": "does-not"}, "says_why"),
        ({"others": {"police": Notified("told")}}, "police_on"),
        ({"others": {"audit": Notified("told", "The head of audit", date(2026, 6, 9), "Ruth")}}, "audit_on"),
        ({"others": {"audit": Notified("told", "The head of audit", date(2026, 5, 31), "Ruth")}}, "audit_on"),
        ({"others": {"regulator": Notified("told", "", CAME, "Ruth")}}, "regulator_who"),
        ({"others": {"safeguarding": Notified("told", "The LADO", CAME, " ")}}, "safeguarding_by"),
    ],
)
def test_what_is_missing_or_cannot_be(found, part):
    told = wrong(**WHOLE | found)
    assert part in told
    assert told[part].endswith(".")


def test_whoever_must_know_and_was_not_told_is_named():
    found = Assessed(others={"police": Notified("to-be-told"), "audit": Notified("told")})
    assert still_to_tell(found) == ("The police",)


def test_no_choice_says_that_the_law_protects_somebody_or_asks_why_they_speak_up():
    lists = (
        assessment.CATEGORIES,
        assessment.WORKERS,
        assessment.KNOWS,
        assessment.SAFETY,
        assessment.OTHERS,
        assessment.STATES,
        assessment.ELSEWHERE,
        assessment.SAYS,
        assessment.ABOUT,
        assessment.DECISIONS,
    )
    words = " ".join(word for each in lists for pair in each.items() for word in pair).lower()
    named = " ".join(field.name for field in fields(Assessed))
    for never in ("protected", "good faith", "good-faith", "motive", "malicious"):
        assert never not in words + named

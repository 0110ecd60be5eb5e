"""What a new case needs to be told, and what cannot be: each in words."""

from dataclasses import replace
from datetime import timedelta

import pytest

from intake.procedures.at_the_door import GROUNDS
from intake.procedures.triage import (
    ADVOCATES,
    SIGNPOSTS,
    WHO,
    WHO_FOR_A_CHILD,
    Findings,
    faults,
    ground_against,
    in_time_until,
    is_late,
    late_before,
)

from .conftest import day as D

RECEIVED, TODAY = D("2026-07-01"), D("2026-07-03")
FOUND = Findings("corporate")


def wrong(**found):
    return faults(replace(FOUND, **found), received_on=RECEIVED, today=TODAY)


def test_nothing_but_what_it_is_must_be_said():
    assert wrong() == {}


@pytest.mark.parametrize(
    ("matter", "aware", "until"),
    [
        ("2025-07-01", None, "2026-07-01"),
        ("2020-01-01", "2025-07-01", "2026-07-01"),  # from becoming aware of it
        (None, "2025-06-30", "2026-06-30"),
        ("2024-02-29", None, "2025-02-28"),
    ],
)
def test_twelve_months_run_from_the_matter_or_from_becoming_aware_of_it(matter, aware, until):
    days = (D(day) if day else None for day in (matter, aware))
    assert in_time_until(*days) == D(until)


def test_a_late_one_asks_for_a_decision_with_its_reason_and_is_never_refused_by_itself():
    told = wrong(matter_on=D("2025-06-30"))
    assert "the twelve months ended on Tuesday 30 June 2026. Decide" in told["late"]
    assert told["late_why"] == "Give the reason: being late is none by itself."
    for decided in ("take", "refuse"):
        assert wrong(matter_on=D("2025-06-30"), late=decided, late_why="She was in hospital.") == {}
    assert wrong(matter_on=D("2025-07-01")) == {}, "on the last day"
    assert wrong(matter_on=D("2020-01-01"), aware_on=D("2026-05-01")) == {}, "they learnt of it this year"


@pytest.mark.parametrize(
    ("found", "part", "says"),
    [
        ({"aware_on": D("2026-07-04")}, "aware_on", "Saturday 4 July 2026 is in the future."),
        ({"matter_on": D("2027-01-01")}, "matter_on", "Friday 1 January 2027 is in the future."),
        ({"matter_on": D("2026-07-02")}, "matter_on", "is after the day on which it came, Wednesday 1 July"),
        (
            {"matter_on": D("2026-06-10"), "aware_on": D("2026-06-09")},
            "aware_on",
            "Nobody knew of it before it was, on Wednesday 10 June 2026.",
        ),
        ({"what": "not-for-us"}, "signpost", "Say who deals with it."),
        ({"who": "for-another"}, "consent", "Say whether we have their consent."),
        ({"who": "sibling"}, "interest", "whether the interest of a brother or sister in the child"),
        ({"who": "sufficient-interest"}, "interest_why", "Give the reason for this decision."),
        ({"advocate": "found"}, "advocate_who", "Say who the advocate is."),
        ({"advocate": "asked"}, "advocate_until", "Say who finds an advocate, and by when."),
        (
            {"advocate": "asked", "advocate_by": "Sam", "advocate_until": D("2026-07-02")},
            "advocate_until",
            "Give Friday 3 July 2026 or a later day.",
        ),
        ({"safeguarding": "told"}, "told_whom", "Say who was told."),
        ({"safeguarding": "told"}, "told_on", "Say when they were told."),
        ({"safeguarding": "told", "told_on": D("2026-07-04")}, "told_on", "Tell them, then write it down."),
    ],
)
def test_what_is_missing_or_cannot_be_is_told_beside_its_part(found, part, says):
    assert says in wrong(**found)[part]


def test_the_day_before_which_it_is_late_agrees_with_the_twelve_months_on_every_day():
    for received in (D("2024-02-28") + timedelta(days=n) for n in range(800)):
        first = late_before(received)
        assert not is_late(replace(FOUND, matter_on=first), received)
        assert is_late(replace(FOUND, matter_on=first - timedelta(days=1)), received)


@pytest.mark.parametrize(
    ("found", "ground"),
    [
        ({}, ""),
        ({"what": "not-for-us"}, "not-the-council"),
        ({"late": "refuse", "matter_on": D("2025-01-01")}, "over-12-months"),
        ({"late": "refuse"}, ""),
        ({"late": "take", "matter_on": D("2025-01-01")}, ""),
        ({"who": "sibling", "interest": "no"}, "no-interest"),
        ({"who": "parent", "interest": "no"}, ""),
    ],
)
def test_what_was_decided_against_it_is_one_of_the_grounds(found, ground):
    assert ground_against(replace(FOUND, **found), RECEIVED) == ground
    assert ground in {"", *GROUNDS}


def test_a_child_for_a_sibling_is_heard_once_somebody_has_decided():
    assert wrong(who="sibling", interest="yes", interest_why="They live together.") == {}
    assert wrong(who="sibling", interest="no", interest_why="They never met.") == {}


def test_every_signpost_says_who_and_where():
    assert all(words.endswith(".") for words in SIGNPOSTS.values())
    assert not set(WHO) & set(WHO_FOR_A_CHILD)
    assert {"asked", "found"} < set(ADVOCATES)

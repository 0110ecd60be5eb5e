"""One line in, one answer out, whatever the line."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.procedures.clock_lines import answer, explain
from intake.procedures.loading import load_catalogue
from intake.procedures.working_days import Calendar

CATALOGUE, CALENDAR = load_catalogue(), Calendar()


def ask(procedure, **events):
    line = {"procedure": procedure, "events": {name.replace("_", "-"): text for name, text in events.items()}}
    return answer(CATALOGUE, CALENDAR, json.dumps(line))


def test_the_answer_has_exactly_this_shape():
    assert ask("corporate", received="2026-01-16T17:05") == {
        "deadlines": [
            {
                "deadline": "stage-1-acknowledgement",
                "due": "2026-01-23",
                "latest": None,
                "from": "received",
                "provisional": False,
            },
            {
                "deadline": "stage-1-response",
                "due": "2026-02-06",
                "latest": "2026-02-20",
                "from": "received",
                "provisional": True,
            },
        ]
    }
    assert ask("compliment", received="2026-01-16") == {"deadlines": []}


@pytest.mark.parametrize(
    "moment",
    ["2026-01-16T17:00", "2026-01-16T17:00:00Z", "2026-01-16T18:00+01:00", "2026-01-16T12:00:00.000-05:00"],
)
def test_times_are_londons_or_carry_their_offset(moment):
    assert len(ask("corporate", received=moment)["deadlines"]) == 2


def test_a_date_alone_is_the_start_of_its_day():
    assert len(ask("corporate", received="2026-01-16")["deadlines"]) == 1
    same_day = ask("corporate", received="2026-02-02T09:00", stage_1_acknowledged="2026-02-02")
    assert same_day["deadlines"][1]["from"] == "stage-1-acknowledged"


def test_summer_time_decides_the_day():
    late = ask("mp-enquiry", received="2026-06-30T23:30Z")
    assert late == ask("mp-enquiry", received="2026-07-01T00:30")


def test_a_pause_is_taken_from_the_events():
    paused = ask(
        "mp-enquiry", received="2026-03-02", consent_requested="2026-03-04", consent_received="2026-03-11"
    )
    assert paused["deadlines"][0]["due"] == "2026-03-23"
    still = ask("mp-enquiry", received="2026-03-02", consent_requested="2026-03-04")
    assert still["deadlines"][0]["due"] == "2026-03-16"
    alone = ask("mp-enquiry", received="2026-03-02", consent_received="2026-03-11")
    assert "needs “consent-requested”" in alone["error"]


def test_the_ombudsmans_own_date_comes_out_as_it_went_in():
    given = ask("ombudsman-enquiry", received="2026-03-02", response_date_set="2026-03-29")
    assert given["deadlines"][0]["due"] == "2026-03-29"


def test_the_hour_that_comes_twice_is_given_the_benefit_of_the_doubt():
    twice = ask("whistleblowing", received="2026-10-25T01:50", acknowledged="2026-10-25T01:10")
    assert "deadlines" in twice
    clear = ask("whistleblowing", received="2026-10-25T01:50Z", acknowledged="2026-10-25T01:10Z")
    assert "before “received”" in clear["error"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[" * 200_000, "not JSON"),
        ("9" * 5000, "not JSON"),
        ("null", "must be a JSON object"),
        ("[]", "must be a JSON object"),
        ("{}", "“procedure” is missing"),
        ('{"procedure": "corporate"}', "“events” is missing"),
        ('{"procedure": "corporate", "events": {}, "today": 1}', "'today' is not known"),
        ('{"procedure": "corporate", "procedure": "mp-enquiry", "events": {}}', "'procedure' is given twice"),
        ('{"procedure": ["a"], "events": {}}', "no procedure called ['a']"),
        ('{"procedure": {"a": 1}, "events": {}}', "no procedure called"),
        ('{"procedure": "Corporate", "events": {}}', "no procedure called 'Corporate'"),
        ('{"procedure": "corporate", "events": []}', "must be an object"),
        ('{"procedure": "corporate", "events": {}}', "“received” is missing"),
    ],
)
def test_a_line_that_cannot_be_read_says_why(line, words):
    assert words in answer(CATALOGUE, CALENDAR, line)["error"]


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (None, "not a time"),
        (20260116, "not a time"),
        ([], "not a time"),
        ({}, "not a time"),
        ("", "not a time"),
        ("16/01/2026", "not a time"),
        ("2026-W03-5", "not a time"),
        ("20260116", "not a time"),
        ("٢٠٢٦-٠١-١٦", "not a time"),
        ("2026-01-16T17:05\n", "not a time"),
        ("2026-02-30", "no such time"),
        ("2026-01-16T24:30", "no such time"),
        ("2026-01-16T10:00+24:00", "no such time"),
        ("0001-01-01T00:00+23:59", "year 1 is outside"),
        ("9999-12-31T23:59-23:59", "year 9999 is outside"),
        ("1999-12-31", "year 1999 is outside"),
    ],
)
def test_an_impossible_time_is_named_with_its_event(moment, words):
    error = ask("corporate", received=moment)["error"]
    assert "received" in error
    assert words in error


def test_events_out_of_order_or_unknown_are_named():
    early = ask("corporate", received="2026-02-02", stage_1_responded="2026-02-01")
    assert early["error"] == "“stage-1-responded” is before “received”, which it follows."
    swapped = ask(
        "children-statutory", received="2026-06-01", panel_met="2026-08-02", panel_reported="2026-08-01"
    )
    assert "“panel-reported” is before “panel-met”" in swapped["error"]
    minutes = ask("corporate", received="2026-02-02T09:30", stage_1_acknowledged="2026-02-02T09:29")
    assert "“stage-1-acknowledged” is before “received”" in minutes["error"]
    gone = ask("corporate", received="2026-02-02", stage_3_requested="2026-05-01")
    assert "'stage-3-requested' is not an event of this procedure" in gone["error"]
    assert "19 June 2026" in ask("data-protection", received="2026-06-18T23:59")["error"]


def test_the_last_years_that_are_taken_still_have_their_dates():
    assert ask("adult-social-care", received="2100-12-31")["deadlines"][1]["due"] == "2101-06-29"


def test_people_get_the_same_in_words():
    line = json.dumps({"procedure": "children-statutory", "events": {"received": "2026-04-02T17:30"}})
    told = explain(CATALOGUE, CALENDAR, line)
    assert "Stage 1 answer: Monday 20 April 2026" in told
    assert "Monday 6 April 2026 not counted: Easter Monday" in told
    assert "may be extended to Tuesday 5 May 2026 at the furthest" in told
    assert explain(CATALOGUE, CALENDAR, "{") == "This line is not JSON.\n"
    request = {"received": "2026-04-02", "stage-2-requested": "2028-12-20"}
    told = explain(CATALOGUE, CALENDAR, json.dumps({"procedure": "children-statutory", "events": request}))
    assert "read in another way: see “Stage 2 answer, counted from the agreed statement”" in told
    assert "confirmed only to the end of 2028" in told


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
event_names = st.sampled_from(
    ["received", "acknowledged", "stage-1-responded", "stage-2-requested", "responded"]
)
times = st.datetimes().map(lambda moment: moment.isoformat()) | st.text() | json_values


@settings(max_examples=50)
@given(st.text())
def test_no_text_at_all_raises(line):
    assert set(answer(CATALOGUE, CALENDAR, line)) == {"error"}


@given(
    st.sampled_from([*CATALOGUE.procedures]) | json_values,
    st.dictionaries(event_names | st.text(), times) | json_values,
)
def test_no_json_raises_and_every_answer_can_be_printed(procedure, events):
    given = answer(CATALOGUE, CALENDAR, json.dumps({"procedure": procedure, "events": events}))
    assert set(given) in ({"error"}, {"deadlines"})
    json.dumps(given)
    for deadline in given.get("deadlines", ()):
        assert deadline["latest"] is None or deadline["due"] <= deadline["latest"]

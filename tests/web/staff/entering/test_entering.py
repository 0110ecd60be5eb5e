"""Entering what came by telephone, letter, e-mail or in person, on one page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from intake.demonstration.living import PASSWORD
from intake.services.cases import places
from tests.actors import place_called
from tests.web.staff.casework.test_working_a_case import day

from .calls import CALL, ENTER, FRIDAY, code_on, enter, on, reference_on

LATE = "already late"


def test_a_call_is_entered_once_and_the_caller_gets_a_receipt(at_desk):
    desk = at_desk("officer")
    desk.visit(ENTER)
    form = desk.form(ENTER) | CALL | FRIDAY
    desk.page = desk.client.post(ENTER, data=form)
    assert desk.page.status_code == 200
    code, reference = code_on(desk), reference_on(desk)
    desk.page = desk.client.post(ENTER, data=form)
    assert "It was stored once" in desk.page.text
    assert (code_on(desk), reference_on(desk)) == (code, reference)
    desk.visit(f"/staff/cases/{reference}")
    for told in (CALL["story"], "Friday 1 May 2026", "Telephone", "What happened?", "Yes, for myself"):
        assert told in desk.words


def test_a_call_of_today_needs_no_date(at_desk):
    desk = at_desk("officer")
    enter(desk, **{"day": "2026-05-05"} | day("received", "", "", ""))
    assert "received Tuesday 5 May 2026" in desk.words


def test_a_page_from_before_midnight_means_the_day_that_it_showed(at_desk, clock):
    desk = at_desk("officer")
    clock.move_to(datetime(2026, 5, 5, 22, 50, tzinfo=UTC))  # ten to midnight in London
    desk = at_desk("officer")
    desk.visit(ENTER)
    form = desk.form(ENTER) | CALL | {"day": "2026-05-05"}
    clock.shift(timedelta(minutes=15))
    desk.page = desk.client.post(ENTER, data=form)
    assert "received Tuesday 5 May 2026" in desk.words


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"procedure": ""}, "Choose what it is"),
        ({"channel": ""}, "Choose how it came"),
        ({"channel": "pigeon"}, "Choose how it came"),
        ({"day": ""}, "Choose today, or say on which day it came"),
        ({"day": "2026-05-05"}, "You chose today above and typed a day here"),
        (on(6, 5), "lies in the future"),
        (on(31, 2), "There is no such day"),
        (day("received", "", "", ""), "Enter the day"),
        ({"time": "25:00"}, "such as 09:30"),
        (on(5, 5) | {"time": "23:30"}, "That time lies in the future"),
        ({"story": " "}, "Write down what they said"),
        ({"for_whom": ""}, "Choose for whom they speak"),
        ({"level": ""}, "Choose who may know who it is"),
        ({"level": "anonymous"}, "Leave the name empty"),
        ({"level": "anonymous", "name": ""}, "This is not asked"),  # the telephone number
        ({"name": ""}, "Enter the name, or choose"),
        ({"email": "nobody"}, "Enter an e-mail address such as"),
        ({"for_whom": "other"}, "Choose whether that person agreed"),
        ({"channel": "mp"}, "Enter the name of the MP or councillor"),
        ({"channel": "mp", "member": "Ann Carr MP"}, "Choose whether the constituent agreed"),
        ({"procedure": "children-statutory"}, "Choose who they are to the child"),
        ({"procedure": "children-statutory", "relation": "child"}, "Choose whether they want an advocate"),
        ({"procedure": "compliment", "remedy": "A new bin"}, "This is not asked for what you chose above"),
        ({"procedure": "mp-enquiry"}, "Enter for whom they write"),
        ({"ombudsman_reference": "25 001 002"}, "This is not asked for what you chose above"),
        (day("response_date", 1, 6), "This is not asked for what you chose above"),
        ({"service": "gone"}, "That service was closed meanwhile"),
        ({"theme": "gone"}, "That theme was closed meanwhile"),
        ({"procedure": "elsewhere"}, "the complaints team does not read concerns"),
        ({"procedure": "whistleblowing"}, "Choose what it is"),
    ],
)
def test_mistakes_are_told_and_nothing_typed_is_lost(at_desk, office, typed, sentence):
    desk = at_desk("manager")
    office_has_a_theme(desk)
    page = enter(desk, **typed)
    assert page.status_code == 422
    assert sentence in desk.words
    kept = desk.form(ENTER)
    wanted = {
        name: said
        for name, said in (CALL | FRIDAY | typed).items()
        if name not in {"service", "theme", "channel", "procedure"}
    }
    assert {name: kept.get(name, "") for name in wanted} == wanted
    desk.visit("/staff/")
    assert "0 New" in desk.words


def office_has_a_theme(desk) -> None:
    desk.visit("/staff/themes")
    desk.press("/staff/themes/add", name="Delay")


def test_a_service_that_was_closed_while_somebody_typed_is_asked_for_again(at_desk, office, manager):
    desk = at_desk("officer")
    desk.visit(ENTER)
    housing = place_called(office, "Housing")
    form = desk.form(ENTER) | CALL | FRIDAY | {"service": housing}
    places.close(office, manager, housing, now=datetime.now(UTC))
    desk.page = desk.client.post(ENTER, data=form)
    assert "That service was closed meanwhile. Choose another, or none." in desk.words
    assert CALL["story"] in desk.page.text


def test_the_hour_is_asked_for_on_a_day_on_which_the_rules_changed(at_desk):
    desk = at_desk("officer")
    page = enter(desk, **on(16, 1))
    assert page.status_code == 422
    assert "The rules changed at 17:00 on this day" in desk.words
    form = desk.form(ENTER)
    for hour, rules in (("16:59", "before"), ("17:00", "after")):
        desk.page = desk.client.post(ENTER, data=form | CALL | on(16, 1) | {"time": hour, "token": ""})
        desk.visit(f"/staff/cases/{reference_on(desk)}")
        assert ("Two stages" in desk.words) == (rules == "after")


def test_the_dates_are_shown_first_where_somebody_asks_and_nothing_is_kept(at_desk):
    desk = at_desk("officer")
    desk.visit(ENTER)
    desk.press(ENTER, go="dates", **CALL | on(16, 3) | {"story": "Half a sent", "for_whom": ""})
    assert desk.page.status_code == 200
    assert "Received Monday 16 March 2026. Nothing is kept yet." in desk.words
    assert LATE in desk.words
    assert "Half a sent" in desk.page.text
    desk.press(ENTER, go="dates", **on(4, 5))
    assert LATE not in desk.words
    desk.press(ENTER, go="dates", **on(16, 3))
    desk.press(ENTER, story="Whole.", for_whom="self")
    assert "dates have passed already" in desk.words
    desk.visit(f"/staff/cases/{reference_on(desk)}")
    assert "Whole." in desk.words


def test_the_dates_are_not_told_of_a_day_to_come_or_before_the_rules(at_desk):
    desk = at_desk("officer")
    desk.visit(ENTER)
    desk.press(ENTER, go="dates", **CALL | on(6, 5))
    assert "lies in the future" in desk.words
    desk.press(ENTER, go="dates", **CALL | {"procedure": ""} | on(1, 5))
    assert "Choose what it is" in desk.words
    desk.press(ENTER, go="dates", **CALL | {"procedure": "data-protection"} | on(1, 2, 2019))
    assert desk.page.status_code == 409
    assert CALL["story"] in desk.page.text


def test_what_was_changed_after_it_was_entered_is_not_entered_twice_unasked(at_desk):
    """Seen before: going back, mending a word and pressing again made a second case with a second receipt."""
    desk = at_desk("officer")
    desk.visit(ENTER)
    form = desk.form(ENTER) | CALL | FRIDAY
    desk.page = desk.client.post(ENTER, data=form)
    first = reference_on(desk)
    desk.page = desk.client.post(ENTER, data=form | {"story": "She waited for the crew."})
    assert desk.page.status_code == 409
    assert f"This page was entered already, as {first}" in desk.words
    assert "She waited for the crew." in desk.page.text
    desk.press(ENTER, **CALL | FRIDAY | {"story": "She waited for the crew."})
    assert reference_on(desk) != first


def test_two_tabs_are_two_cases(at_desk):
    desk = at_desk("officer")
    forms = [desk.visit(ENTER) and desk.form(ENTER) | CALL | FRIDAY for _ in range(2)]
    found = set()
    for form in forms:
        desk.page = desk.client.post(ENTER, data=form)
        found.add(reference_on(desk))
    assert len(found) == 2


def test_what_was_typed_comes_back_when_the_session_had_run_out(at_desk, clock):
    desk = at_desk("officer")
    desk.visit(ENTER)
    form = desk.form(ENTER) | CALL | FRIDAY
    clock.shift(timedelta(hours=13))
    desk.page = desk.client.post(ENTER, data=form)
    assert "What you typed is kept in this page" in desk.words
    desk.press("/staff/sign-in", email="officer@demonstration.example", password=PASSWORD)
    desk.press(ENTER)
    assert CALL["story"] in desk.page.text
    assert desk.form(ENTER)["name"] == "Nadia Whitlam"
    desk.press(ENTER)
    assert code_on(desk)


def test_another_begins_as_the_one_before_came(at_desk):
    desk = at_desk("officer")
    enter(desk)
    desk.follow("Enter another")
    kept = desk.form(ENTER)
    assert (kept["channel"], kept["day"], kept["received-day"]) == ("phone", "earlier", "1")
    assert kept["name"] == kept["story"] == ""
    desk.visit(f"{ENTER}?channel=nothing&day=soon")
    assert "channel" not in desk.form(ENTER)


@pytest.mark.parametrize(
    "typed",
    [
        {"day": "0001-01-01"} | day("received", "", "", ""),
        {"day": "9999-12-31"} | day("received", "", "", ""),
        on(1, 1, 1900),
        on(1, 1, 2199),
        {"procedure": "ombudsman-enquiry", "for_whom": "", "level": ""} | day("response_date", 31, 12, 2199),
        {"token": "short"},
        {"story": "x" * 20_001},
        {"story": "A\x00B"},
        {"name": "Two\nlines"},
        {"story": "<script>alert(1)</script>", "address": "<b>1 High Street</b>"},
    ],
)
@pytest.mark.parametrize("go", ["", "dates"])
def test_hostile_answers_are_answered_in_words(at_desk, typed, go):
    desk = at_desk("officer")
    page = enter(desk, go=go, **typed)
    assert page.status_code in {200, 409, 422}
    assert "<script>" not in page.text
    assert "<b>1" not in page.text

"""Entering what came by telephone, letter, e-mail or in person."""

from __future__ import annotations

import re

from tests.web.staff.casework.test_working_a_case import day

CALL = {
    "procedure": "corporate",
    "channel": "phone",
    "level": "named",
    "name": "Nadia Whitlam",
    "contact": "01234 567890",
    "words": "She waited for the crew and nobody came.",
} | day("received", 1, 5)


def test_a_call_is_entered_once_and_the_caller_gets_a_receipt(at_desk):
    desk = at_desk("officer")
    desk.visit("/staff/enter")
    form = desk.form("/staff/enter") | CALL
    first = desk.client.post("/staff/enter", data=form)
    assert "Receipt code for the caller" in first.text
    again = desk.client.post("/staff/enter", data=form)
    assert "It was stored once" in again.text
    reference = re.search(r"/staff/cases/([\w-]+)", first.text)[1]
    assert reference in again.text
    desk.visit(f"/staff/cases/{reference}")
    assert "She waited for the crew and nobody came." in desk.words
    assert "Friday 1 May 2026" in desk.words
    assert "Telephone" in desk.words


def test_the_hour_is_asked_for_on_a_day_on_which_the_rules_changed(at_desk):
    desk = at_desk("officer")
    desk.visit("/staff/enter")
    page = desk.press("/staff/enter", **CALL | day("received", 16, 1))
    assert page.status_code == 422
    assert "The rules changed at 17:00 on this day" in desk.words
    assert "nobody came" in page.text
    form = desk.form("/staff/enter")
    for hour, rules in (("16:59", "before"), ("17:00", "after")):
        desk.page = desk.client.post(
            "/staff/enter", data=form | CALL | day("received", 16, 1) | {"time": hour, "token": ""}
        )
        reference = re.search(r"/staff/cases/([\w-]+)", desk.page.text)[1]
        desk.visit(f"/staff/cases/{reference}")
        assert ("Two stages" in desk.words) == (rules == "after")


def test_the_date_of_the_ombudsman_is_taken_from_the_letter(at_desk):
    desk = at_desk("officer")
    desk.visit("/staff/enter")
    desk.press(
        "/staff/enter",
        **CALL | {"procedure": "ombudsman-enquiry", "channel": "letter"} | day("response_date", 29, 5),
    )
    assert "Friday 29 May 2026" in desk.words


def test_mistakes_are_told_and_nothing_typed_is_lost(at_desk):
    desk = at_desk("officer")
    desk.visit("/staff/enter")
    page = desk.press("/staff/enter", **CALL | {"level": "anonymous"} | day("received", 6, 5))
    assert page.status_code == 422
    assert "Leave the name empty" in desk.words
    assert "nobody came" in page.text
    page = desk.press("/staff/enter", **CALL | {"name": ""})
    assert page.status_code == 422
    assert "Enter the name" in desk.words
    page = desk.press("/staff/enter", **CALL | day("received", 6, 5))
    assert page.status_code == 409
    assert "lies in the future" in desk.words


def test_each_team_enters_its_own_kind_alone(at_desk):
    complaints, concerns, alternate = at_desk("officer"), at_desk("monitoring"), at_desk("alternate")
    assert "Whistleblowing" not in complaints.visit("/staff/enter").text
    assert "Complaint about" not in concerns.visit("/staff/enter").text
    alternate.visit("/staff/enter")
    page = alternate.press("/staff/enter", **CALL | {"procedure": "whistleblowing"})
    reference = re.search(r"/staff/cases/([\w-]+)", page.text)[1]
    assert alternate.visit(f"/staff/cases/{reference}").status_code == 200
    assert concerns.visit(f"/staff/cases/{reference}").status_code == 404
    complaints.visit("/staff/enter")
    assert complaints.press("/staff/enter", **CALL | {"procedure": "whistleblowing"}).status_code == 422

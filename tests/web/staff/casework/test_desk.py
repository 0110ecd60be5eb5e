"""The first page: what is new, mine, due, overdue and waiting, and what the authority has to see to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from intake.services.ground import press
from intake.services.holders import returning
from intake.web.staff.casework import desk as first_page
from intake.web.staff.door.session import now
from tests.actors import send


def test_lateness_is_told_in_words(at_desk, arrives, clock):
    reference = arrives("children-statutory", "Nobody listened.")
    clock.move_to(datetime(2026, 5, 20, 10, 0, tzinfo=UTC))
    desk = at_desk("officer")
    desk.visit("/staff/?view=overdue")
    assert f"{reference} New Complaint about children's social care" in desk.words
    assert "Tue 19 May 2026 Overdue 1 working day late" in desk.words
    desk.visit(f"/staff/cases/{reference}")
    assert "Overdue by 1 working day" in desk.words
    assert "Overdue since Tuesday 19 May 2026: 1 working day late." in desk.words


def test_a_date_that_passed_before_a_weekend_is_late_on_it(at_desk, arrives, clock):
    clock.move_to(datetime(2026, 4, 30, 10, 0, tzinfo=UTC))
    reference = arrives("children-statutory")  # due on Friday 15 May
    clock.move_to(datetime(2026, 5, 16, 10, 0, tzinfo=UTC))
    desk = at_desk("officer")
    desk.visit(f"/staff/?search={reference}")
    assert "Fri 15 May 2026 Overdue Since the last working day" in desk.words
    desk.visit(f"/staff/cases/{reference}")
    assert "Overdue since Friday 15 May 2026: no working day has passed since." in desk.words


def test_views_search_and_pages_stay_in_the_address(at_desk, arrives, monkeypatch):
    references = [arrives("general-enquiry", f"Question {number}") for number in range(3)]
    monkeypatch.setattr(first_page.services, "PAGE", 2)
    desk = at_desk("officer")
    desk.visit("/staff/?view=new")
    assert "New: 3, page 1 of 2" in desk.words
    assert "/staff/?view=new&amp;search=&amp;page=2" in desk.page.text
    desk.visit("/staff/?view=new&search=&page=2")
    assert "page 2 of 2" in desk.words
    desk.visit(f"/staff/?search={references[0].lower()}")
    assert f"1 with “{references[0].lower()}” in the reference" in desk.words


def test_a_message_waits_until_it_is_read(at_desk, office):
    sent = send(office, "general-enquiry", "When?", now=now())
    returning.write(office, sent.receipt, "Is there news?", token=press.new_token(), now=now())
    desk = at_desk("officer")
    desk.visit("/staff/?view=waiting")
    assert sent.reference in desk.words
    desk.visit(f"/staff/cases/{sent.reference}")
    assert "Is there news?" in desk.words
    assert desk.press(f"/staff/cases/{sent.reference}/read").status_code == 303
    desk.visit("/staff/?view=waiting")
    assert "Nobody waits for an answer to a message." in desk.words


@pytest.mark.parametrize(("who", "told"), [("manager", True), ("monitoring", True), ("officer", False)])
def test_what_the_authority_has_to_see_to(app, at_desk, office, clock, who, told):
    app.extensions["intake"] = replace(
        app.extensions["intake"], settings=replace(office.settings, demonstration=False)
    )
    clock.shift(timedelta(days=400))
    desk = at_desk(who)
    desk.visit("/staff/")
    assert ("No mail server is set" in desk.page.text) == told
    assert ("Bank holidays are confirmed only to the end of 2027" in desk.page.text) == told

"""A senior officer signs in and reads what is late, without a word of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests import officers
from tests.web.statements import asked_for


def test_the_first_page_of_a_senior_officer_tells_what_is_late_and_leads_to_no_case(
    at_desk, arrives, office, officer, manager, clock
):
    reference = arrives("corporate", "The lamp is out.")
    secret = arrives("whistleblowing", "False timesheets.")
    officers.allocate(office, manager, reference, officer.id, revision=1, now=datetime.now(UTC))
    clock.shift(timedelta(days=42))
    senior = at_desk("senior")
    assert senior.visit("/staff/").headers["Location"] == "/staff/late"
    senior.visit("/staff/late")
    assert "Acknowledgement" in senior.words
    assert "Maya Okafor" in senior.words
    assert "working days" in senior.words
    for hidden in (reference, secret, "lamp", "timesheets", "Nadia Whitlam", "Whistleblowing"):
        assert hidden not in senior.page.text
    assert "/staff/cases/" not in senior.page.text
    for who in ("officer", "manager", "monitoring"):
        assert at_desk(who).visit("/staff/late").status_code == 404


def test_many_late_ask_no_more_than_few(at_desk, arrives, clock):
    arrives("corporate")
    clock.shift(timedelta(days=42))
    senior = at_desk("senior")
    few = asked_for(lambda: senior.visit("/staff/late"))
    for _ in range(5):
        arrives("corporate", now=datetime.now(UTC) - timedelta(days=40))
    assert len(asked_for(lambda: senior.visit("/staff/late"))) == len(few)

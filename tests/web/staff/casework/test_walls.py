"""Who sees which case: an object that is not yours answers exactly like one that does not exist."""

from __future__ import annotations

import pytest

from intake.demonstration.living import PASSWORD
from tests.web.statements import watched

CASES = {
    "complaint": ({"procedure": "corporate"}, {"officer", "manager"}),
    "concern": ({"procedure": "whistleblowing"}, {"monitoring", "deputy"}),
    "about the monitoring officer": (
        {"procedure": "whistleblowing", "named": ("unsure",)},
        {"alternate"},
    ),
}
READERS = ("officer", "manager", "monitoring", "deputy", "alternate")


@pytest.mark.parametrize("kind", CASES)
def test_a_case_exists_for_its_readers_alone(kind, at_desk, arrives):
    what, readers = CASES[kind]
    reference = arrives(words="A story for few.", **what)
    for who in READERS:
        desk = at_desk(who)
        for tail in ("", "/note", "/acknowledge", "/record/triage-decided"):
            theirs = desk.visit(f"/staff/cases/{reference}{tail}")
            if who in readers:
                assert theirs.status_code in {200, 409}
                continue
            absent = desk.visit(f"/staff/cases/ZZZ-ZZZZ{tail}")
            assert theirs.status_code == absent.status_code == 404
            assert theirs.text.replace(reference, "") == absent.text.replace("ZZZ-ZZZZ", "")
        listed = desk.visit(f"/staff/?search={reference}").text
        assert (f"/staff/cases/{reference}" in listed) == (who in readers)
        assert ("A story for few" in listed) == (who in readers)
        assert ("All open (1)" in desk.visit("/staff/").text) == (who in readers)


def test_a_case_that_is_not_theirs_costs_the_work_of_one_that_is_not_there(at_desk, arrives):
    """It took one and a half milliseconds more, which told them apart nine times out of ten."""
    theirs, absent = arrives("whistleblowing", named=("unsure",)), "ZZZ-ZZZZ"
    desk, asked = at_desk("monitoring"), []
    with watched(asked):
        for tail in ("", "/note", "/write", "/committee", "/identity", "/record/triage-decided"):
            work = []
            for reference in (theirs, absent):
                desk.visit(f"/staff/cases/{reference}{tail}")
                work.append(list(asked))
                asked.clear()
            assert work[0] == work[1], tail


def test_acts_and_identity_stop_at_the_wall_too(at_desk, arrives):
    reference = arrives("whistleblowing")
    desk = at_desk("manager")
    desk.visit("/staff/")
    token = desk.form("/staff/sign-out")["csrf_token"]
    for tail in ("/identity", "/read", "/note", "/acknowledge"):
        answer = desk.client.post(
            f"/staff/cases/{reference}{tail}",
            data={"csrf_token": token, "reason": "x", "text": "x", "revision": "1"},
        )
        assert answer.status_code == 404


def test_whistleblowing_counts_are_held_apart(at_desk, arrives):
    arrives("whistleblowing")
    manager, monitoring = at_desk("manager"), at_desk("monitoring")
    manager.visit("/staff/counts")
    assert "Not shown here: Whistleblowing referrals." in manager.words
    assert "whistleblowing" not in manager.visit("/staff/counts.csv").text
    assert "whistleblowing" not in manager.visit("/staff/counts.json").text
    monitoring.visit("/staff/counts")
    assert "Not shown here: Whistleblowing referrals." in monitoring.words
    assert "whistleblowing" not in monitoring.visit("/staff/counts.csv").text
    monitoring.visit("/staff/counts?edition=own")
    assert "Whistleblowing referrals 1 (not recorded)" in monitoring.words
    assert "Corporate complaints" not in monitoring.words
    line = "2026-27 Q1,received,whistleblowing-referrals,,1,"
    assert line in monitoring.visit("/staff/counts.csv?edition=own").text
    assert manager.visit("/staff/counts?edition=own").status_code == 404


def test_a_senior_officer_sees_counts_and_no_case(at_desk, arrives):
    reference = arrives("corporate")
    senior = at_desk("senior")
    assert senior.visit("/staff/").headers["Location"] == "/staff/late"
    assert senior.visit(f"/staff/cases/{reference}").status_code == 404
    page = senior.visit("/staff/counts?year=2026-27&quarter=1")
    assert "Provisional" in page.text
    assert "Corporate complaints, stage 1 1 (not recorded)" in senior.words


def test_identity_of_a_concern_is_opened_with_a_reason_and_shown_once(at_desk, arrives):
    reference = arrives("whistleblowing")
    desk = at_desk("monitoring")
    address = f"/staff/cases/{reference}"
    assert "Nadia Whitlam" not in desk.visit(address).text
    desk.visit(f"{address}/identity")
    assert desk.press(f"{address}/identity", reason=" ").status_code == 422
    wrong = desk.press(f"{address}/identity", reason="To meet her.", password="a guess")
    assert wrong.status_code == 422
    assert "Nadia Whitlam" not in wrong.text
    assert "a guess" not in wrong.text
    opened = desk.press(f"{address}/identity", reason="To meet her.", password=PASSWORD)
    assert "Nadia Whitlam" in opened.text
    desk.visit(address)
    assert "Nadia Whitlam" not in desk.page.text
    assert "Identity opened" in desk.words
    assert "To meet her." in desk.words


def test_identity_of_a_complaint_is_on_the_page(at_desk, arrives):
    reference = arrives("corporate")
    assert "Nadia Whitlam" in at_desk("officer").visit(f"/staff/cases/{reference}").text

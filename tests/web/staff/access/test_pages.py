"""Pages of who can open one case: given, taken back, stood aside from, and what an old tab does after."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from intake.database import reading
from intake.demonstration.living import PASSWORD
from intake.services.access import persons
from intake.services.ground.roles import VAULTS
from tests.actors import complaint, concern, send


@pytest.fixture
def sent(office):
    """A concern, and another one."""
    send(office, concern(words="Something else."), now=datetime.now(UTC))
    return send(office, concern(), now=datetime.now(UTC))


def mark(office, name: str) -> str:
    with reading(office.session):
        return next(one.fingerprint for one in persons.takers(office.session, VAULTS) if one.name == name)


def given(desk, office, unlocked, sent, **more):
    page = f"/staff/cases/{sent.reference}/give"
    desk.visit(page)
    told = {
        "to": unlocked["investigator"].id,
        "fingerprint": mark(office, "Iris Kemp"),
        "reason": "She knows payroll.",
    }
    return desk.press(page, **told | more)


def test_an_investigator_finds_the_one_case_and_nothing_else(office, at_desk, unlocked, sent):
    inside = at_desk("investigator")
    assert inside.visit("/staff/").headers["Location"] == "/staff/given"
    inside.visit("/staff/given")
    assert "Nothing is given to you now" in inside.words
    assert mark(office, "Iris Kemp") in inside.words
    monitoring = at_desk("monitoring")
    monitoring.visit(f"/staff/cases/{sent.reference}")
    monitoring.follow("Since when, and why; give it, or stand aside")
    assert "The monitoring officer and the deputy" in monitoring.words
    assert given(monitoring, office, unlocked, sent).headers["Location"].endswith("?done=given")
    monitoring.visit(f"/staff/cases/{sent.reference}/holders")
    assert "Given to Iris Kemp : Ruth Adeyemi, Tuesday 5 May 2026 She knows payroll." in monitoring.words
    inside.visit("/staff/given")
    assert f"{sent.reference} Whistleblowing concern" in inside.words
    case = f"/staff/cases/{sent.reference}"
    assert inside.visit(case).status_code == 200
    assert "Timesheets are signed" in inside.words
    for nowhere in ("Send it to", "Open who sent it", "Mark the messages", "Change directorate", "Link"):
        assert nowhere not in inside.words, nowhere
    for address in ("/identity", "/reroute", "/links", "/committee", "/give", "/extend/feedback"):
        assert inside.visit(case + address).status_code in {303, 404}, address
    for address in ("/staff/counts", "/staff/late", "/staff/colleagues", "/staff/dates", "/staff/enter"):
        assert inside.visit(address).status_code == 404, address
    inside.visit(f"{case}/note")
    assert inside.press(f"{case}/note", text="I have read it.").status_code == 303
    monitoring.visit(case)
    assert "I have read it." in monitoring.words


def test_taken_back_the_open_tab_finds_nothing_and_what_was_typed_is_not_lost(
    office, at_desk, unlocked, sent
):
    monitoring, inside = at_desk("monitoring"), at_desk("investigator")
    given(monitoring, office, unlocked, sent)
    note = f"/staff/cases/{sent.reference}/note"
    inside.visit(note)
    fields = inside.form(note)
    one = f"/staff/cases/{sent.reference}/holders/{unlocked['investigator'].id}"
    monitoring.visit(one)
    assert monitoring.press(one, step="case").status_code == 422
    assert "Give the reason" in monitoring.words
    answer = monitoring.press(one, step="case", reason="It is done.")
    assert answer.headers["Location"].endswith("?done=back")
    answer = inside.client.post(note, data=fields | {"text": "I was writing this."})
    assert answer.status_code == 404
    assert "I was writing this." in answer.text
    assert inside.visit(f"/staff/cases/{sent.reference}").status_code == 404
    assert sent.reference not in inside.visit("/staff/given").text
    assert monitoring.client.post(one, data=fields).status_code == 303  # a second click


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"fingerprint": "0000-0000-0000-0000-0000"}, "Nothing was given"),
        ({"fingerprint": ""}, "Type the fingerprint"),
        ({"reason": " "}, "Give the reason"),
        ({"to": "nobody"}, "Choose somebody"),
        ({"until-day": "1", "until-month": "5", "until-year": "2026"}, "The last day has passed"),
        ({"until-day": "31", "until-month": "2", "until-year": "2027"}, "There is no such day"),
        ({"revision": "0"}, "Somebody else changed this case"),
    ],
)
def test_what_is_not_right_is_told_and_nothing_typed_is_lost(office, at_desk, unlocked, sent, change, words):
    monitoring = at_desk("monitoring")
    answer = given(monitoring, office, unlocked, sent, **change)
    assert answer.status_code in {409, 422}
    assert words in monitoring.words
    assert "reason" in change or "She knows payroll." in answer.text
    assert at_desk("investigator").visit(f"/staff/cases/{sent.reference}").status_code == 404


def test_who_sent_it_is_given_until_a_day(office, at_desk, unlocked, sent, clock):
    monitoring = at_desk("monitoring")
    given(monitoring, office, unlocked, sent)
    one = f"/staff/cases/{sent.reference}/holders/{unlocked['investigator'].id}/identity"
    monitoring.visit(one)
    day = {"until-day": "6", "until-month": "5", "until-year": "2026"}
    told = {"reason": "To ask her."} | day
    assert monitoring.press(one, **told, password="wrong").status_code == 422
    assert "To ask her." in monitoring.page.text
    answer = monitoring.press(one, **told, password=PASSWORD)
    assert answer.headers["Location"].endswith("?done=identity")
    assert "Until 6 May 2026" in (
        monitoring.visit(f"/staff/cases/{sent.reference}/holders") and monitoring.words
    )
    inside = at_desk("investigator")
    page = f"/staff/cases/{sent.reference}/identity"
    inside.visit(page)
    inside.press(page, reason="To ask her.", password=PASSWORD)
    assert "Kofi Marsh" in inside.words
    clock.move_to(datetime(2026, 5, 7, 9, 0, tzinfo=UTC))
    inside = at_desk("investigator")
    assert inside.visit(page).status_code == 303  # there is none for them any more
    assert "Sealed, and not for you." in inside.visit(f"/staff/cases/{sent.reference}").text
    assert inside.client.get("/staff/given").text.count(sent.reference) >= 1


def test_a_conflict_says_first_what_it_comes_to(office, at_desk, sent, unlocked):
    monitoring, deputy = at_desk("monitoring"), at_desk("deputy")
    case = f"/staff/cases/{sent.reference}"
    old = deputy.visit(f"{case}/note") and deputy.form(f"{case}/note")
    monitoring.visit(f"{case}/aside")
    told = {"who": f"staff:{unlocked['deputy-monitoring-officer'].id}", "reason": "It is about him."}
    assert monitoring.press(f"{case}/aside", **told, step="do").status_code == 200  # not before it was shown
    assert "Ruth Adeyemi alone would be left." in monitoring.words
    other = told | {"who": "vault:whistleblowing", "step": "do"}
    assert monitoring.press(f"{case}/aside", **other).status_code == 200
    assert "It goes to the alternate recipient of concerns." in monitoring.words
    monitoring.press(f"{case}/aside", **told, step="look")
    answer = monitoring.press(f"{case}/aside", **told, step="do")
    assert answer.headers["Location"].endswith("?done=aside")
    monitoring.visit(f"{case}/holders")
    assert "A conflict declared: Piotr Lis" in monitoring.words
    assert deputy.client.post(f"{case}/note", data=old | {"text": "-"}).status_code == 404
    for address in ("", "/holders", "/aside", "/identity", "/give"):
        assert deputy.visit(case + address).status_code == 404
    assert sent.reference not in deputy.visit("/staff/").text
    assert "Conflict" not in deputy.words
    assert sent.reference in monitoring.visit("/staff/").text


def test_whoever_stands_aside_is_led_away_and_finds_it_no_more(at_desk, office, unlocked):
    sent = send(office, complaint(), now=datetime.now(UTC))
    officer, case = at_desk("officer"), f"/staff/cases/{sent.reference}"
    officer.visit(f"{case}/aside")
    told = {"who": f"staff:{unlocked['complaints-officer'].id}", "reason": "He is my brother."}
    officer.press(f"{case}/aside", **told, step="look")
    assert "You cannot open or find it from the next page on." in officer.words
    fields = officer.form(f"{case}/aside") | told | {"step": "do"}
    assert officer.client.post(f"{case}/aside", data=fields).headers["Location"] == "/staff/stood-aside"
    assert officer.client.post(f"{case}/aside", data=fields).status_code == 404  # a second click
    assert sent.reference not in officer.visit("/staff/stood-aside").text
    assert officer.visit(case).status_code == 404
    manager = at_desk("manager")
    manager.visit(f"{case}/holders")
    assert "Maya Okafor stood aside : Maya Okafor, Tuesday 5 May 2026 He is my brother." in manager.words


def test_after_a_time_has_ended_the_case_is_given_fresh_keys_at_a_press(
    office, at_desk, unlocked, sent, clock
):
    monitoring = at_desk("monitoring")
    given(monitoring, office, unlocked, sent, **{"until-day": "6", "until-month": "5", "until-year": "2026"})
    holders = f"/staff/cases/{sent.reference}/holders"
    monitoring.visit(holders)
    assert "time has ended" not in monitoring.words
    clock.move_to(datetime(2026, 5, 7, 9, 0, tzinfo=UTC))
    assert at_desk("investigator").visit(f"/staff/cases/{sent.reference}").status_code == 404
    monitoring = at_desk("monitoring")
    monitoring.visit(holders)
    assert "Somebody’s time has ended" in monitoring.words
    fresh = f"/staff/cases/{sent.reference}/fresh-keys"
    assert monitoring.press(fresh, revision="0").status_code == 409
    assert monitoring.press(fresh).headers["Location"].endswith("?done=fresh")
    monitoring.visit(holders)
    assert "time has ended" not in monitoring.words
    assert "Given fresh keys : Ruth Adeyemi, Thursday 7 May 2026" in monitoring.words

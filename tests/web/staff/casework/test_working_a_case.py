"""One case from its arrival to the second stage, as officers live it."""

from __future__ import annotations

from datetime import timedelta

import pytest

LETTER = "We looked into it and found that you were right.\r\n\r\nWe are sorry."


def day(name: str, dd: int, mm: int, yyyy: int = 2026) -> dict[str, str]:
    return {f"{name}-day": str(dd), f"{name}-month": str(mm), f"{name}-year": str(yyyy)}


def act(desk, reference: str, name: str, **typed: str):
    """Open the form of an act, fill it in, and do it."""
    address = f"/staff/cases/{reference}/{name}"
    assert desk.visit(address).status_code == 200
    return desk.press(address, step="do", **typed)


def test_from_arrival_to_stage_2(at_desk, arrives, clock):
    reference = arrives("corporate", "The lift has been broken since January.")
    desk = at_desk("officer")
    desk.visit("/staff/")
    assert "1 New" in desk.words
    assert "The lift has been broken since January." in desk.words
    case = f"/staff/cases/{reference}"

    desk.visit(f"{case}/acknowledge")
    assert "“Acknowledgement” is met on Tuesday 5 May 2026, in time" in desk.words
    assert "Stage 1 answer: by 19 May 2026." in desk.form(f"{case}/acknowledge")["text"]
    done = desk.press(f"{case}/acknowledge", step="do")
    assert done.headers["Location"] == f"{case}?done=acknowledge"
    desk.visit(done.headers["Location"])
    assert "It was acknowledged" in desk.words
    assert "Its reference is " + reference in desk.words

    clock.shift(timedelta(days=9))
    desk.sign_in("officer")
    page = act(desk, reference, "respond", outcome="upheld", text=LETTER)
    assert page.status_code == 303
    desk.visit(page.headers["Location"])
    assert "We are sorry." in desk.words

    desk.visit(f"{case}/open-next-stage")
    desk.press(f"{case}/open-next-stage", step="check", **day("happened", 14, 5))
    assert "“Stage 2 answer” begins" in desk.words
    assert "Nothing has been done yet." in desk.words
    page = desk.press(f"{case}/open-next-stage", step="do")
    assert page.status_code == 303
    desk.visit(case)
    assert "Stage 2: review" in desk.words
    assert "Acknowledgement of the stage 2 request" in desk.words


def test_a_press_sent_twice_is_done_once_and_told(at_desk, arrives):
    reference = arrives("corporate")
    desk = at_desk("officer")
    address = f"/staff/cases/{reference}/acknowledge"
    desk.visit(address)
    form = desk.form(address)
    assert desk.client.post(address, data=form).status_code == 303
    desk.page = desk.client.post(address, data=form)
    assert desk.page.status_code == 409
    assert "“Acknowledged” was recorded on Tuesday 5 May 2026 already." in desk.words
    assert "Messages (1)" in desk.words


def test_a_message_sent_twice_is_there_once(at_desk, arrives):
    reference = arrives("corporate")
    desk = at_desk("officer")
    address = f"/staff/cases/{reference}/write"
    desk.visit(address)
    form = desk.form(address) | {"text": "Could we ring you on Monday?"}
    assert desk.client.post(address, data=form).status_code == 303
    assert desk.client.post(address, data=form).status_code == 303
    desk.visit(f"/staff/cases/{reference}")
    assert "Messages (1)" in desk.words


def test_two_officers_at_once_and_nothing_typed_is_lost(at_desk, arrives):
    reference = arrives("children-statutory")
    maya, tom = at_desk("officer"), at_desk("manager")
    address = f"/staff/cases/{reference}/respond"
    maya.visit(address)
    tom.visit(f"/staff/cases/{reference}/record/advocate-offered")
    assert tom.press(f"/staff/cases/{reference}/record/advocate-offered", step="do").status_code == 303
    page = maya.press(address, step="do", outcome="upheld", text=LETTER)
    assert page.status_code == 409
    assert "This case changed after you had opened this page" in maya.words
    assert "We are sorry." in page.text
    assert 'value="upheld" checked' in page.text
    assert maya.press(address, step="do").status_code == 303


def test_what_cannot_be_done_any_more_still_gives_the_words_back(at_desk, arrives):
    reference = arrives("corporate")
    maya, tom = at_desk("officer"), at_desk("manager")
    address = f"/staff/cases/{reference}/acknowledge"
    maya.visit(address)
    act(tom, reference, "acknowledge")
    page = maya.press(address, text="My own careful letter.")
    assert page.status_code == 409
    assert "already" in maya.words
    assert "My own careful letter." in page.text


def test_an_extension_is_checked_before_it_is_done(at_desk, arrives):
    reference = arrives("children-statutory")
    desk = at_desk("officer")
    address = f"/staff/cases/{reference}/extend/stage-1-response"
    desk.visit(address)
    assert "The complaint is complex, or an advocate is awaited." in desk.words
    page = desk.press(address, step="check", reason="Many records.", **day("until", 31, 6))
    assert page.status_code == 422
    assert "There is no such day" in desk.words
    assert "Many records." in page.text
    page = desk.press(address, step="check", **day("until", 3, 12))
    assert page.status_code == 422
    assert "or an earlier day" in desk.words
    desk.press(address, step="check", **day("until", 26, 5))
    assert "“Stage 1 answer” moves from Tuesday 19 May 2026 to Tuesday 26 May 2026." in desk.words
    page = desk.press(address, step="do", **day("until", 27, 5))
    assert page.status_code == 200
    assert "You changed something after you had checked it" in desk.words
    assert desk.press(address, step="do").status_code == 303
    desk.visit(f"/staff/cases/{reference}")
    assert "Stage 1 answer: the new date is 27 May 2026." in desk.words


def test_the_empty_letter_is_not_sent(at_desk, arrives):
    reference = arrives("children-statutory")
    desk = at_desk("officer")
    page = act(desk, reference, "respond", outcome="upheld")
    assert page.status_code == 422
    assert "still the empty letter" in desk.words


def test_an_outcome_that_needs_a_reason_asks_for_it(at_desk, arrives):
    reference = arrives("children-statutory")
    desk = at_desk("officer")
    page = act(desk, reference, "respond", outcome="refused", text=LETTER)
    assert page.status_code == 422
    assert "Give the reason for this outcome." in desk.words
    assert "We are sorry." in page.text


def test_both_readings_of_a_disputed_limit_are_shown(at_desk, arrives):
    reference = arrives("children-statutory")
    desk = at_desk("officer")
    act(desk, reference, "respond", outcome="not-upheld", text=LETTER)
    act(desk, reference, "open-next-stage")
    act(desk, reference, "record/stage-2-statement-agreed", reason="Nobody came to the meeting.")
    desk.visit(f"/staff/cases/{reference}")
    assert "Stage 2 answer, counted from the agreed statement" in desk.words
    assert desk.words.count("Sources read this limit in two ways.") == 2
    assert "Set by law: SI 2006/1738 reg 17" in desk.words
    assert "Monday 25 May 2026 not counted: Spring Bank Holiday" in desk.words


def test_moving_to_another_procedure(at_desk, arrives):
    reference = arrives("general-enquiry")
    desk = at_desk("officer")
    page = act(desk, reference, "reclassify", to="corporate", reason="They complain, in fact.")
    assert page.status_code == 303
    desk.visit(page.headers["Location"])
    assert "It was moved to the other procedure." in desk.words
    assert "Complaint about a council service" in desk.words
    assert "whistleblowing" not in desk.visit(f"/staff/cases/{arrives('corporate')}/reclassify").text


def test_the_rules_say_why_an_act_is_refused(at_desk, arrives):
    reference = arrives("children-statutory")
    desk = at_desk("officer")
    for address, why in (
        ("open-next-stage", "has not been answered yet, and no step may be skipped"),
        ("refuse-next-stage", "has not been answered yet"),
        ("pause-clock", "The clock of this procedure never pauses. It can be extended"),
        ("set-date", "dates are counted, not entered"),
        ("close", "has not been answered to the end"),
        ("reopen", "The case is open."),
    ):
        assert desk.visit(f"/staff/cases/{reference}/{address}").status_code == 409
        assert why in desk.words
    act(desk, reference, "respond", outcome="upheld", text=LETTER)
    desk.visit(f"/staff/cases/{reference}/respond")
    assert "“Stage 1: local resolution” has been answered already." in desk.words
    desk.visit(f"/staff/cases/{reference}/extend/stage-1-response")
    assert "so there is nothing to extend" in desk.words


def test_giving_a_case_to_a_colleague_is_for_the_manager(at_desk, arrives):
    reference = arrives("corporate")
    maya, tom = at_desk("officer"), at_desk("manager")
    maya.visit(f"/staff/cases/{reference}/allocate")
    assert "Maya Okafor" in maya.words
    assert "Tom Hendry" not in maya.words
    tom.visit(f"/staff/cases/{reference}/allocate")
    assert "Maya Okafor" in tom.words


@pytest.mark.parametrize("address", ["launch", "extend/nothing", "record/received", "note/subject"])
def test_an_act_that_is_not_offered_is_refused(at_desk, arrives, address):
    reference = arrives("corporate")
    desk = at_desk("officer")
    assert desk.visit(f"/staff/cases/{reference}/{address}").status_code in {404, 409}


def test_looking_changes_nothing(at_desk, arrives, office):
    from sqlalchemy import text

    reference = arrives("whistleblowing")
    desk = at_desk("monitoring")
    desk.visit(f"/staff/cases/{reference}")  # that somebody opened a concern is a line, once a day
    lines = office.session.scalar(text("select count(*) from journal"))
    office.session.rollback()
    for address in (
        "",
        "/acknowledge",
        "/allocate",
        "/write",
        "/note",
        "/identity",
        "/record/triage-decided",
    ):
        assert desk.visit(f"/staff/cases/{reference}{address}").status_code in {200, 303}
    assert office.session.scalar(text("select count(*) from journal")) == lines

"""The receipt of what was entered: read back, printed or not wanted, and then nowhere."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake.demonstration.living import PASSWORD
from intake.services.ground.refusals import NotStored
from tests.web.staff.at_a_desk import read

from .calls import CALL, ENTER, FRIDAY, GIVE, code_on, enter, reference_on


@pytest.fixture
def desk(at_desk):
    """An officer who has just entered a call."""
    desk = at_desk("officer")
    enter(desk)
    return desk


def spoken(code: str) -> str:
    """The last two groups as somebody says them: small letters, O for 0, I for 1, and blanks."""
    return " ".join(code.split("-")[-2:]).lower().replace("0", "o").replace("1", "i")


@pytest.mark.parametrize("how", ["whole", "last two groups"])
def test_the_code_is_read_back_and_then_it_is_nowhere(desk, how):
    code, reference = code_on(desk), reference_on(desk)
    answer = desk.press(GIVE, go="read-back", code=code if how == "whole" else spoken(code))
    assert "read back without a mistake" in desk.words
    assert code not in answer.text
    assert code.split("-")[0] not in desk.words
    desk.visit(f"/staff/cases/{reference}")
    assert "The receipt code was read out, and read back without a mistake." in desk.words
    assert code not in desk.page.text


def test_a_slip_is_told_with_its_group_and_the_code_stays_to_be_read_again(desk):
    code = code_on(desk)
    *first, six, seven = code.split("-")
    wrong = ("Z" if seven[0] != "Z" else "Y") + seven[1:]
    answer = desk.press(GIVE, go="read-back", code=f"{six} {wrong}")
    assert answer.status_code == 422
    assert "Group 7 is not what stands here" in desk.words
    assert code_on(desk) == code
    desk.press(GIVE, go="read-back", code="-".join(["ZZZZ", *first[1:], six, seven]))
    assert "Group 1 is not" in desk.words
    for typed in ("", seven, "!!!! ****", code + "7"):
        desk.press(GIVE, go="read-back", code=typed)
        assert "as they read them back" in desk.words
    desk.press(GIVE, go="read-back", code=code)
    assert "read back without a mistake" in desk.words


def test_a_full_disk_does_not_take_the_code_away(desk, monkeypatch):
    code = code_on(desk)
    with monkeypatch.context() as patch:
        patch.setattr("intake.services.holders.entering.note_receipt", full)
        answer = desk.press(GIVE, go="on-paper")
    assert answer.status_code == 503
    assert code_on(desk) == code
    desk.press(GIVE, go="on-paper")
    assert "was printed" in desk.words


def full(*_args, **_more):
    raise NotStored


@pytest.mark.parametrize(
    ("go", "note"),
    [
        ("on-paper", "The receipt code was printed"),
        ("not-wanted", "No receipt code was given: they did not want one."),
    ],
)
def test_that_it_was_printed_or_not_wanted_is_noted(desk, go, note):
    reference = reference_on(desk)
    desk.press(GIVE, go=go)
    assert note in desk.words
    desk.visit(f"/staff/cases/{reference}")
    assert desk.words.count(note) == 1


def test_the_same_press_again_and_the_back_button_show_no_code_once_it_was_given(at_desk):
    desk = at_desk("officer")
    desk.visit(ENTER)
    form = desk.form(ENTER) | CALL | FRIDAY
    desk.page = desk.client.post(ENTER, data=form)
    code, slip = code_on(desk), desk.form(GIVE)
    desk.press(GIVE, go="not-wanted")
    for address, fields in (
        (ENTER, form),
        (GIVE, slip | {"go": "read-back", "code": code}),
        (GIVE, slip | {"go": "read-back", "code": "ZZZZ ZZZZ"}),
    ):
        again = desk.client.post(address, data=fields)
        assert again.status_code == 200
        assert code not in again.text
        assert "It was said before how the receipt code was given" in read(again.text)
    desk.visit(f"/staff/cases/{reference_on(desk)}")
    assert "they did not want one" in desk.words
    assert "read back without a mistake" not in desk.words


def test_the_code_stands_in_no_address_no_cookie_and_no_field(desk):
    code = code_on(desk)
    assert code not in str(desk.form(GIVE))
    assert code not in str(desk.client._cookies)
    assert desk.page.headers["Cache-Control"] == "no-store"


def test_it_is_spelled_to_be_read_out(desk):
    code = code_on(desk)
    assert "Kilo" in desk.words or "K" not in code
    for group in code.split("-"):
        assert group in desk.words


def test_the_letter_has_the_code_and_what_it_is_for(at_desk):
    desk = at_desk("officer")
    enter(desk, address="1 High Street\r\nSomewhere")
    letter = read(desk.page.text.split('class="letter"')[1])
    for told in (
        "Dear Nadia Whitlam,",
        "1 High Street",
        "Complaint about a council service",
        "http://localhost/",
    ):
        assert told in letter


def test_the_letter_of_a_concern_does_not_say_that_it_is_one(at_desk):
    desk = at_desk("monitoring")
    enter(desk, procedure="whistleblowing", for_whom="", about_officer="no", category="other")
    letter = read(desk.page.text.split('class="letter"')[1])
    assert "concern" not in letter.lower()
    assert "whistle" not in letter.lower()


def test_the_page_of_another_officer_or_of_yesterday_opens_nothing(desk, at_desk, clock):
    slip, code = desk.form(GIVE), code_on(desk)
    other = at_desk("manager")
    other.visit(ENTER)
    taken = slip | {"csrf_token": other.form(ENTER)["csrf_token"]}
    answer = other.client.post(GIVE, data=taken)
    assert answer.status_code == 400
    assert code not in answer.text
    clock.shift(timedelta(minutes=61))
    desk = at_desk("officer")
    desk.visit(ENTER)
    answer = desk.client.post(GIVE, data=slip | {"csrf_token": desk.form(ENTER)["csrf_token"]})
    assert answer.status_code == 409
    assert "The receipt code is shown no more" in answer.text
    assert code not in answer.text


def test_a_session_that_ran_out_while_they_looked_for_a_pen_shows_the_code_again(desk, clock, at_desk):
    code = code_on(desk)
    form = desk.form(GIVE)
    clock.shift(timedelta(minutes=45))
    desk.page = desk.client.post(GIVE, data=form | {"go": "read-back", "code": "ZZZZ"})
    assert desk.page.status_code == 401
    desk.press("/staff/sign-in", email="officer@demonstration.example", password=PASSWORD)
    desk.press(GIVE)
    assert code_on(desk) == code
    desk.press(GIVE, go="read-back", code=code)
    assert "read back without a mistake" in desk.words


def test_the_way_on_leads_to_the_case_and_a_manager_to_who_gets_it(at_desk):
    for who, ways in (("manager", ("Open the case", "Allocate it")), ("officer", ("Open the case",))):
        desk = at_desk(who)
        enter(desk)
        assert ("Allocate it" in desk.words) == ("Allocate it" in ways)
        entered = desk.page
        for way in ways:
            desk.page = entered
            assert desk.follow(way).status_code == 200

"""Signing in, staying in, going out, and what was typed when a session ran out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake.demonstration.living import PASSWORD
from intake.web.staff.door.session import COOKIE, safe_address
from tests.web.staff.at_a_desk import Desk


def test_every_door_asks_who_it_is(app):
    stranger = Desk(app)
    assert stranger.visit("/staff/").headers["Location"] == "/staff/sign-in"
    page = stranger.visit("/staff/cases/ABC-DEFG")
    assert page.headers["Location"] == "/staff/sign-in?next=%2Fstaff%2Fcases%2FABC-DEFG"
    assert stranger.visit("/staff/no/such/page").status_code == 303


def test_sign_in_leads_back_to_where_it_began(app):
    desk = Desk(app)
    desk.visit("/staff/sign-in?next=/staff/counts?year=2026-27")
    page = desk.press("/staff/sign-in", email="manager@demonstration.example", password="demonstration-only")
    assert page.headers["Location"] == "/staff/counts?year=2026-27"


def test_the_cookie_is_for_this_door_alone(app):
    set_cookie = Desk(app).sign_in("manager").headers["Set-Cookie"]
    assert set_cookie.startswith(f"{COOKIE}=")
    for part in ("HttpOnly", "Path=/staff", "SameSite=Strict"):
        assert part in set_cookie
    assert "Expires" not in set_cookie
    assert "Max-Age" not in set_cookie


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example/staff/",
        "https://evil.example/staff/",
        "/staff//evil.example",
        "/staff/\\evil.example",
        "/staff/x\r\nSet-Cookie: a=b",
        "/report",
        "javascript:alert(1)",
        "/staff/?next=//evil.example",
        "",
        None,
    ],
)
def test_next_never_leads_elsewhere(wanted):
    assert safe_address(wanted) == "/staff/"


def test_wrong_and_unknown_read_the_same_and_keep_the_name(app):
    said = []
    for who in ("manager", "nobody-at-all"):
        desk = Desk(app)
        page = desk.sign_in(who, password="not the password")
        assert page.status_code == 422
        assert f'value="{who}@demonstration.example"' in page.text
        assert "not the password" not in page.text
        said.append(desk.words)
    assert said[0] == said[1]
    assert "is not right" in said[0]


def test_too_many_tries_are_slowed_alike(app):
    app.extensions["intake"].names.clock = lambda: 0.0
    for who in ("manager", "nobody-at-all"):
        desk = Desk(app)
        pages = [desk.sign_in(who, password="not the password") for _ in range(8)]
        assert pages[0].status_code == 422
        assert pages[-1].status_code == 429
        assert "Too many tries" in desk.words


def test_signed_out_is_signed_out_with_an_old_cookie_too(app, at_desk):
    desk = at_desk("manager")
    cookie = desk.client.get_cookie(COOKIE, path="/staff").value
    desk.visit("/staff/")
    assert "You are signed out" in desk.press("/staff/sign-out").text
    desk.client.set_cookie(COOKIE, cookie, path="/staff")
    assert desk.visit("/staff/").status_code == 303


def test_an_idle_session_ends_and_what_was_typed_comes_back(at_desk, arrives, clock):
    reference = arrives("corporate")
    desk = at_desk("officer")
    address = f"/staff/cases/{reference}/write"
    desk.visit(address)
    clock.shift(timedelta(minutes=21))
    letter = "A long letter,\r\nwritten with care."
    page = desk.press(address, text=letter)
    assert page.status_code == 401
    assert "What you typed is kept" in desk.words
    assert "written with care" not in page.text  # sealed, also on a screen that somebody else may see
    desk.press("/staff/sign-in", email="officer@demonstration.example", password="demonstration-only")
    clock.shift(timedelta(minutes=21))
    assert desk.press(address).status_code == 401  # a second time, before it was given back
    desk.press("/staff/sign-in", email="officer@demonstration.example", password="demonstration-only")
    page = desk.press(address)
    assert page.status_code == 200
    assert desk.form(address)["text"].split() == letter.split()
    assert "No message yet" in read_case(desk, reference)
    desk.page = page
    assert desk.press(address).status_code == 303
    assert "written with care" in read_case(desk, reference)


def test_what_was_typed_comes_back_to_whoever_typed_it_alone(at_desk, arrives, clock):
    reference = arrives("corporate")
    desk = at_desk("officer")
    address = f"/staff/cases/{reference}/write"
    desk.visit(address)
    clock.shift(timedelta(minutes=21))
    desk.press(address, text="For my eyes.")
    desk.press("/staff/sign-in", email="manager@demonstration.example", password="demonstration-only")
    page = desk.press(address)
    assert page.status_code == 404
    assert "For my eyes" not in page.text


def read_case(desk: Desk, reference: str) -> str:
    desk.visit(f"/staff/cases/{reference}")
    return desk.words


def test_an_officer_changes_the_password_and_is_signed_out(at_desk):
    desk = at_desk("officer")
    desk.visit("/staff/password")
    assert desk.press("/staff/password", password="x", new="a b c d e f g", again="a").status_code == 422
    words = "four quiet words here"
    changed = desk.press("/staff/password", password=PASSWORD, new=words, again=words)
    assert "Your password was changed" in changed.text
    assert desk.visit("/staff/").status_code == 303

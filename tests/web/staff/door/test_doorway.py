"""Bodies that nobody asked for: answered by the headers alone, at every address of the officers' door."""

from __future__ import annotations

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from intake.web.staff.door import entitled
from intake.web.staff.door.session import COOKIE, KNOWN

from .doors import DOORS

FORM = "application/x-www-form-urlencoded"
MB = 1024 * 1024
LOCKED = [door for door in DOORS if door.endpoint not in entitled.WITHOUT_SIGNING_IN]


class Unread:
    """A body that must not be touched."""

    def _touched(self, *_):
        raise AssertionError("a byte of the body was read")

    read = readline = readlines = __iter__ = _touched


def bring(app, address: str, size: int, **cookies: str) -> int:
    """The status of a POST that declares so many bytes, with nothing of them read."""
    environ = EnvironBuilder(path=address, method="POST", content_type=FORM).get_environ()
    environ |= {"CONTENT_LENGTH": str(size), "wsgi.input": Unread()}
    environ["HTTP_COOKIE"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return int(run_wsgi_app(app, environ)[1].split()[0])


def cookie_of(desk) -> dict[str, str]:
    return {COOKIE: desk.client.get_cookie(COOKIE, path="/staff").value}


@pytest.mark.parametrize("size", [10, 3 * MB, 60 * MB])
def test_nobody_who_is_not_signed_in_brings_a_byte(app, size):
    for door in LOCKED:
        assert bring(app, door.address(), size) in {401, 405, 413}, door


@pytest.mark.parametrize("address", ["/staff/sign-in", "/staff/join", "/staff/join/finish"])
def test_a_stranger_signs_in_with_little(app, address):
    assert bring(app, address, MB) == 413


def test_whoever_is_signed_in_and_not_entitled_brings_nothing(app, at_desk):
    desk = at_desk("senior")
    for door in LOCKED:
        if door.method == "POST" and not entitled.may("senior-officer", door.endpoint):
            assert bring(app, door.address(), MB, **cookie_of(desk)) == 404
    assert bring(app, "/staff/register", 60 * MB, **cookie_of(desk)) == 404


@pytest.mark.parametrize(
    "address", ["/report", "/return", "/return/message", "/receipt-text", "/no/such/page"]
)
def test_the_reporters_door_refuses_too_much_by_its_head(app, address):
    assert bring(app, address, 60 * MB) == 413


def test_a_made_up_mark_of_a_known_browser_is_a_strangers(app):
    assert bring(app, "/staff/enter", 10, **{KNOWN: "a.b.c"}) == 401


def test_an_entitled_officer_still_sends_a_register_of_more_than_a_form(at_desk):
    desk = at_desk("manager")
    desk.visit("/staff/register")
    token = desk.form("/staff/register")["csrf_token"]
    page = desk.client.post("/staff/register", data={"csrf_token": token, "note": "x" * (4 * MB - 2000)})
    assert page.status_code == 422

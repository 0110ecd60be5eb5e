"""Before any body is read: who may bring one, and how large. Whoever may not is answered by the headers alone.

A body that is not read is never kept, and the server closes the connection after the answer. An officer whose session
has run out may bring what they had typed, for it is kept: the mark of a browser in which somebody signed in tells them
from strangers.
"""

from __future__ import annotations

from flask import Flask, current_app, request
from flask_login import current_user
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_cookie

from intake.services.ground.refusals import NotFound
from intake.services.ground.stretching import MANY
from intake.services.people import signing_in as services
from intake.web import cookies
from intake.web.public import apology

from . import entitled
from .session import KNOWN, now, office
from .signing_in import ask

FILE_BYTES = 64 * 1024 * 1024  # a register, from whoever may send one
STRANGERS_BYTES = 64 * 1024  # signing in and joining need less
TURNED_AWAY = "HTTP_X_INTAKE_TURNED_AWAY"  # set by web/serving on a request on which the lot fell
SIGNED_OUT = "Sign in first. Nothing was sent."
ENDED = (
    "You were signed out because nothing had been pressed for a while. Nothing was sent. Sign in, and choose the "
    "file again."
)


def before_any_body():
    """The answer to whoever may not bring what they declare; None for everybody else."""
    if TURNED_AWAY in request.environ or "chunked" in request.headers.get("Transfer-Encoding", "").lower():
        return _turned_away()
    if not _brings_something():
        return None
    if (request.endpoint or "").startswith("staff."):
        return _at_the_officers_door()
    if (request.content_length or 0) > current_app.config["MAX_CONTENT_LENGTH"]:
        raise RequestEntityTooLarge
    return None


def _brings_something() -> bool:
    return bool(request.content_length) or "Transfer-Encoding" in request.headers or request.method == "POST"


def _at_the_officers_door():
    most = current_app.config["MAX_CONTENT_LENGTH"]
    if request.endpoint in entitled.WITHOUT_SIGNING_IN:
        if not is_known():
            request.max_content_length = most = STRANGERS_BYTES
    elif not current_user.is_authenticated:
        if request.endpoint == "staff.register":
            return ask(notice=ENDED, status=401)
        if not is_known():
            return ask(notice=SIGNED_OUT, status=401)
    elif not entitled.may(current_user.officer.role_id, request.endpoint):
        raise NotFound
    elif make_room():
        most = FILE_BYTES
    if (request.content_length or 0) > most:
        raise RequestEntityTooLarge
    return None


def is_known() -> bool:
    """Whether somebody signed in in this browser of late, whose account is active."""
    return bool(services.is_known_browser(office(), cookies.given(KNOWN) or "", now=now()))


def known_by_its_cookies(app: Flask):
    """Who it was, for the server, which asks before there is a request: of the value of a `Cookie` header."""

    def known(header: str) -> str:
        office = app.extensions["intake"]
        mark = parse_cookie(header).get(cookies.name(KNOWN, office.settings), "")
        with app.app_context():
            return services.is_known_browser(office, mark, now=now())

    return known


def _turned_away():
    if request.path.startswith("/staff"):
        return ask(notice=MANY, status=429)

    return apology.plain(429)


def make_room() -> bool:
    """Let an officer send a file. It was made sure that this one may; nobody else sends anything large."""
    if request.endpoint != "staff.register" or request.method != "POST":
        return False
    request.take_one_file(FILE_BYTES)  # type: ignore[attr-defined]  # wiring: our own kind of request
    return True

"""What people read when something went wrong: sentences and a way on, never a trace of anything else."""

from __future__ import annotations

from flask import Flask, request
from flask_wtf.csrf import CSRFError
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import HTTPException, SecurityError

from intake.services.ground.refusals import NotStored

from . import drafts, report, returning, visiting
from .apology import (
    EXPIRED,
    NOTHING_SENT,
    is_foreign,
    is_staff,
    nothing_kept,
    other_name,
    plain,
    sent_already,
    show,
    unexpected,
)

EXPIRED_CODE = "This form had expired, so your code opened nothing. Please type it again."
WAITED = (
    "That page had been open for too long, so nothing was begun. Please choose again. If you see this "
    "twice, your browser refuses our one cookie: see the page about cookies."
)


def answer_problems(app: Flask) -> None:
    """Answer every error of the application in words, at the door where it happened."""
    app.register_error_handler(CSRFError, expired)
    app.register_error_handler(NotStored, lambda _error: plain(503))
    app.register_error_handler(HTTPException, lambda error: plain(error.code or 500, error))
    app.register_error_handler(SecurityError, other_name)
    app.register_error_handler(ParseException, lambda _error: plain(400))  # a body that breaks off half way
    app.register_error_handler(Exception, unexpected)


def expired(_error: CSRFError):
    """A form's token is too old or missing: the page again with what was typed, and nothing sent."""
    if is_staff():
        return show("This form had expired", (NOTHING_SENT, "Go back, reload the page and try again."), 400)
    if is_foreign():
        return nothing_kept()
    address = (request.view_args or {}).get("address", "")
    if request.endpoint == "public.press":
        visit = visiting.current()
        draft, name = drafts.at(visit, address)
        if draft is None:
            return nothing_kept(of_this_visit=bool(name))
        if draft.sent:
            return sent_already(visit, draft)
        return report.expired(visit, draft, draft.road.page(name), EXPIRED)
    if request.endpoint == "public.act":
        return returning.expired(address, EXPIRED)
    if request.endpoint == "public.open_case":
        return returning.ask_code(notice=EXPIRED_CODE, status=400)
    if request.endpoint == "public.begin":
        return report.start(notice=WAITED), 400
    return show("This form had expired", ("Nothing was sent. Please begin again.",), 400)

"""What people read when something went wrong: sentences and a way on, never a trace of anything else."""

from __future__ import annotations

import traceback

from flask import Flask, Response, current_app, g, render_template, request
from flask_wtf.csrf import CSRFError
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import HTTPException, SecurityError

from intake.services.refusals import DraftUnreadable

from . import leaving

EXPIRED = "This form had expired, so nothing was sent. Check what you wrote, and press the button again."
WAITED = (
    "That page had been open for too long, so nothing was begun. Please choose again. If you see this "
    "twice, your browser refuses our one cookie: see the page about cookies."
)
START = {"text": "Go to the start page", "href": "/"}
HELP = {"text": "Reach us by telephone or post", "href": "/help"}
NOTHING_SENT = "Nothing was sent or changed."

WORDS = {
    400: ("We could not read that", (NOTHING_SENT, "Go back to the page you came from and try again.")),
    403: (
        "This page is not open to you",
        ("If you think it should be, ask the person who gave you the address.",),
    ),
    404: ("There is no page here", ("Check the address, or begin at the start page.",)),
    405: (
        "That does not work here",
        ("This address is reached by a button on one of our pages.", NOTHING_SENT),
    ),
    413: (
        "That was too much to send at once",
        (
            "Nothing was sent. Press your browser's Back button: what you wrote may still be there.",
            "Shorten it, or send the first part now and the rest as a message with your receipt code.",
        ),
    ),
    429: ("Too many at once", ("Nothing was sent. Please wait a minute and try again.",)),
    500: (
        "Something went wrong on our side",
        (
            "You did nothing wrong. If you had pressed Send and saw no receipt code, please try again: "
            "pressing twice does not send twice.",
        ),
    ),
    503: (
        "We cannot take anything in just now",
        ("Nothing was sent. Please wait a few minutes and try again.",),
    ),
}
LEFT = (
    "This form is closed",
    ("You left this page before, so nothing is shown here and nothing was sent.",),
)


def answer_problems(app: Flask) -> None:
    """Answer every error of the application in words, at the door where it happened."""
    app.register_error_handler(CSRFError, expired)
    app.register_error_handler(HTTPException, lambda error: plain(error.code or 500, error))
    app.register_error_handler(SecurityError, _other_name)
    app.register_error_handler(ParseException, lambda _error: plain(400))  # a body that breaks off half way
    app.register_error_handler(Exception, _unexpected)


def _other_name(_error: SecurityError) -> Response:
    """Asked for under a name that is not ours: no address of ours can be written into an answer."""
    words = "This site does not go by that name. Check the address, and begin again.\n"
    return Response(words, status=400, mimetype="text/plain")


def plain(code: int, error: HTTPException | None = None):
    """A page of its own, in sentences."""
    if error is not None and error.response is not None:
        return error.response
    if code < 400:
        return error
    title, sentences = WORDS.get(code, WORDS[500 if code >= 500 else 400])
    headers = {"Allow": ", ".join(error.valid_methods)} if getattr(error, "valid_methods", None) else {}
    return _show(title, sentences, code, headers)


def unreadable():
    """The sealed part of a form does not open; what was typed on this page is shown for copying."""
    typed = [] if _must_hide() else _typed()
    body = render_template("public/unreadable.html", typed=typed)
    return body, 400


def expired(_error: CSRFError):
    """A form's token is too old or missing: the page again with what was typed, and nothing sent."""
    if _is_staff():
        return _show("This form had expired", (NOTHING_SENT, "Go back, reload the page and try again."), 400)
    if _must_hide():
        return _show(*LEFT, 400)
    from . import drafts, report, returning, roads

    office = current_app.extensions["intake"]
    if request.path == "/report" and "draft" in request.form:
        try:
            draft = drafts.unseal(office, request.form["draft"])
        except DraftUnreadable:
            return unreadable()
        page = draft.road.page(request.form.get("page", ""))
        if page:
            draft.keep(page, request.form)
            return report.ask(draft, page, notice=EXPIRED, status=400)
        gap = roads.first_gap(draft.road, draft.answers, office.settings)
        return (
            report.ask(draft, gap, notice=EXPIRED, status=400)
            if gap
            else report.check(draft, notice=EXPIRED, status=400)
        )
    if request.path in {"/return/message", "/return/next-stage"}:
        return returning.expired(EXPIRED)
    if request.path == "/return":
        return returning.ask_code(returning.CodeForm(request.form), notice=EXPIRED, status=400)
    if request.path == "/report":
        return report.start(notice=WAITED), 400
    return _show("This form had expired", ("Nothing was sent. Please begin again.",), 400)


def _unexpected(error: Exception):
    g.unexpected = True
    # Named by its kind and its place alone: the message of an error may hold what somebody typed.
    place = next(reversed(traceback.extract_tb(error.__traceback__)), None)
    where = f"{place.filename}:{place.lineno}" if place else "nowhere"
    current_app.logger.error("unexpected %s in %s, %s", type(error).__name__, request.endpoint, where)
    return plain(500)


def _must_hide() -> bool:
    foreign = request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}
    return foreign or leaving.has_left()


def _typed() -> list[str]:
    ours = {"csrf_token", "draft", "page", "go", "pass", "token", "keep", "code"}
    return [text for name, text in request.form.items(multi=True) if name not in ours and len(text) > 20]


def _is_staff() -> bool:
    return request.path == "/staff" or request.path.startswith("/staff/")


def _show(title: str, sentences, code: int, headers=None):
    staff = _is_staff()
    way_on = [{"text": "Go to the first page", "href": "/staff/"}] if staff else [START, HELP]
    template = "layouts/staff_problem.html" if staff else "public/problem.html"
    body = render_template(template, title=title, sentences=sentences, way_on=way_on)
    return body, code, headers or {}

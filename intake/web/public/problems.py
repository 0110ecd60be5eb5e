"""What people read when something went wrong: sentences and a way on, never a trace of anything else."""

from __future__ import annotations

import traceback

from flask import Flask, Response, current_app, g, render_template, request
from flask_wtf.csrf import CSRFError
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import HTTPException, SecurityError

from intake.services.refusals import NotStored

from . import visiting

EXPIRED = "This form had expired, so nothing was sent. Check what you wrote, and press the button again."
EXPIRED_CODE = "This form had expired, so your code opened nothing. Please type it again."
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
GONE = (
    "Nothing is kept here",
    (
        "This page was of a visit that is over: somebody pressed Exit this page, finished, closed the browser, or "
        "some hours went by since the last press of a button.",
        "What was not sent was thrown away. Whatever was sent is being dealt with, and opens with its receipt code.",
    ),
)
BEGIN = {"text": "Begin again", "href": "/"}
OPEN = {"text": "Open a case with its receipt code", "href": "/return"}


def answer_problems(app: Flask) -> None:
    """Answer every error of the application in words, at the door where it happened."""
    app.register_error_handler(CSRFError, expired)
    app.register_error_handler(NotStored, lambda _error: plain(503))
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


def nothing_kept(*, of_this_visit: bool = False):
    """An address that this visit does not open: nothing is shown, unless the visit itself has just pressed.

    The draft may have run out under somebody who never left: their browser still has the visit's cookie, and
    the address proves that it is the same. They get what they typed on that page, for copying.
    """
    typed = _typed() if of_this_visit and not _is_foreign() else []
    title, sentences = GONE
    body = render_template(
        "public/problem.html", title=title, sentences=sentences, way_on=[BEGIN, OPEN, HELP], typed=typed
    )
    return body, 404 if request.method == "GET" else 400


def sent_already(visit, draft):
    """Back in the form after it was sent: there is nothing to change any more."""
    way_on = [
        {"text": "See the receipt code", "href": visiting.address(visit, draft.place, "sent")},
        BEGIN,
    ]
    sentences = ("What you wrote has arrived, and you have a receipt code for it.",)
    return render_template(
        "public/problem.html", title="You have sent this", sentences=sentences, way_on=way_on
    )


def closed():
    """The holder has locked the case again."""
    sentences = (
        "Your case is locked on this device again, and nothing of it is kept here. The code opens it.",
    )
    return render_template("public/problem.html", title="Locked", sentences=sentences, way_on=[OPEN, BEGIN])


def expired(_error: CSRFError):
    """A form's token is too old or missing: the page again with what was typed, and nothing sent."""
    if _is_staff():
        return _show("This form had expired", (NOTHING_SENT, "Go back, reload the page and try again."), 400)
    from . import drafts, report, returning

    if _is_foreign():
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
        return returning.expired(EXPIRED)
    if request.endpoint == "public.open_case":
        return returning.ask_code(notice=EXPIRED_CODE, status=400)
    if request.endpoint == "public.begin":
        return report.start(notice=WAITED), 400
    return _show("This form had expired", ("Nothing was sent. Please begin again.",), 400)


def _unexpected(error: Exception):
    g.unexpected = True
    # Named by its kind and its place alone: the message of an error may hold what somebody typed.
    place = next(reversed(traceback.extract_tb(error.__traceback__)), None)
    where = f"{place.filename}:{place.lineno}" if place else "nowhere"
    current_app.logger.error("unexpected %s in %s, %s", type(error).__name__, request.endpoint, where)
    return plain(500)


def _is_foreign() -> bool:
    return request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}


def _typed() -> list[str]:
    ours = {"csrf_token", "go", "press", "filling", "code"}
    return [text for name, text in request.form.items(multi=True) if name not in ours and len(text) > 20]


def _is_staff() -> bool:
    return request.path == "/staff" or request.path.startswith("/staff/")


def _show(title: str, sentences, code: int, headers=None):
    staff = _is_staff()
    way_on = [{"text": "Go to the first page", "href": "/staff/"}] if staff else [START, HELP]
    template = "layouts/staff_problem.html" if staff else "public/problem.html"
    body = render_template(template, title=title, sentences=sentences, way_on=way_on)
    return body, code, headers or {}

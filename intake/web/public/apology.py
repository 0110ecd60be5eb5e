"""Plain pages that say what went wrong: sentences and a way on, never a trace of anything else."""

from __future__ import annotations

import traceback

from flask import Response, current_app, g, render_template, request
from werkzeug.exceptions import HTTPException, SecurityError

from . import visiting

EXPIRED = "This form had expired, so nothing was sent. Check what you wrote, and press the button again."


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
        (
            "Please wait a few minutes, then load this page again.",
            "If you had pressed Send and saw no receipt code, what you wrote may have reached us: this page may then "
            "show the code. Pressing twice does not send twice.",
        ),
    ),
}


GONE = (
    "Nothing is kept here",
    (
        "This page was of a visit that is over: somebody pressed Exit this page, finished, closed the browser, or "
        "some hours went by since the last press of a button. Or our server broke down.",
        "What was not sent was thrown away. Whatever was sent is being dealt with, and opens with its receipt code.",
        "If you had pressed Send and saw no receipt code, it may have reached us: say so when you send it again.",
    ),
)


BEGIN = {"text": "Begin again", "href": "/"}


OPEN = {"text": "Open a case with its receipt code", "href": "/return"}


def other_name(_error: SecurityError) -> Response:
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
    methods = getattr(error, "valid_methods", None)
    headers = {"Allow": ", ".join(methods)} if methods else {}
    return show(title, sentences, code, headers)


def nothing_kept(*, of_this_visit: bool = False):
    """An address that this visit does not open: nothing is shown, unless the visit itself has just pressed.

    The draft may have run out under somebody who never left: their browser still has the visit's cookie, and
    the address proves that it is the same. They get what they typed on that page, for copying.
    """
    typed = _typed() if of_this_visit and not is_foreign() else []
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


def unexpected(error: Exception):
    """A fault of ours: told without a trace, and logged by its kind and its place alone."""
    g.unexpected = True
    # Named by its kind and its place alone: the message of an error may hold what somebody typed.
    place = next(reversed(traceback.extract_tb(error.__traceback__)), None)
    where = f"{place.filename}:{place.lineno}" if place else "nowhere"
    current_app.logger.error("unexpected %s in %s, %s", type(error).__name__, request.endpoint, where)
    return plain(500)


def is_foreign() -> bool:
    """Whether another site's page sent this."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}


def _typed() -> list[str]:
    ours = {"csrf_token", "go", "press", "filling", "code"}
    return [text for name, text in request.form.items(multi=True) if name not in ours and len(text) > 20]


def is_staff() -> bool:
    """Whether this is the officers' door."""
    return request.path == "/staff" or request.path.startswith("/staff/")


def show(title: str, sentences, code: int, headers=None):
    """A page of plain sentences, in the frame of the door where it happened."""
    staff = is_staff()
    way_on = [{"text": "Go to the first page", "href": "/staff/"}] if staff else [START, HELP]
    template = "layouts/staff_problem.html" if staff else "public/problem.html"
    body = render_template(template, title=title, sentences=sentences, way_on=way_on)
    return body, code, headers or {}

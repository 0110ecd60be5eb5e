"""What somebody typed is never lost: not by a session or a form that ran out, nor by a full disk.

A view that takes text says in `DRAW_AGAIN` how its form is drawn again with what was typed. Drawing again
never acts: it is safe for a request whose token was too old to be trusted.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app, request
from flask_login import current_user
from werkzeug.datastructures import ImmutableMultiDict

from intake.services.ground.refusals import NotFound
from intake.services.people import drafts

from . import entitled

RAN_OUT = (
    "You were signed out because nothing had been pressed for a while. Nothing was done. What you typed is "
    "kept in this page: sign in, and you get it back."
)
EXPIRED = "This form had expired, so nothing was done. What you typed is still here: press the button again."
RESTORED = "You are signed in again, and what you typed is here. Nothing has been done with it yet."
STILL_HERE = "What you typed is still here."
NOT_STORED = (
    "We could not store this just now, so nothing was done. What you typed is still here: try again soon."
)
LEFT_OUT = {"csrf_token", "password"}
WRITTEN = (  # boxes for sentences
    *("text", "reason", "good_reason", "own", "agreed", "danger"),
    *("terms_text", "interview_text", "report_text", "lessons_text", "found_why", "reviewed_text"),
)
PURPOSE = "typed-by-an-officer"

DRAW_AGAIN: dict[str, Callable] = {}


def draws_again(endpoint: str):
    """Mark the function that draws the form of an endpoint again: `(notice, status, **view_args)`."""

    def mark(function: Callable) -> Callable:
        DRAW_AGAIN[f"staff.{endpoint}"] = function
        return function

    return mark


def draw_again(notice: str, status: int):
    """The form of this request with what was typed, or None where there is no such form."""
    drawer = DRAW_AGAIN.get(request.endpoint or "")
    return drawer(notice, status, **(request.view_args or {})) if drawer else None


def written() -> list[str]:
    """The texts of a form of ours, whatever became of the case they were for: to whoever typed them alone.

    Of a request that nobody was entitled to bring no byte is read.
    """
    if request.endpoint not in DRAW_AGAIN or not entitled.may(current_user.officer.role_id, request.endpoint):
        return []
    if request.form.get("by") != current_user.officer.id:
        return []
    return [text for name in WRITTEN for text in request.form.getlist(name) if text.strip()]


def seal_what_was_typed() -> str:
    """What this request carried, sealed for a hidden field; empty where it carried no text worth keeping."""
    if request.endpoint not in DRAW_AGAIN:
        return ""
    if kept := request.form.get("kept"):
        return kept  # it ran out a second time, on the way back
    fields = [[name, text] for name, text in request.form.items(multi=True) if name not in LEFT_OUT]
    draft = {"path": request.path, "fields": fields}
    return drafts.seal(current_app.extensions["intake"], draft, purpose=PURPOSE)


def address_of(kept: str) -> str:
    """The page to which what was kept belongs. Raises `DraftUnreadable`."""
    return _open(kept)["path"]


def give_back():
    """Where a request brings what was kept: the form with it, for the officer who had typed it alone."""
    kept = request.form.get("kept")
    if request.method != "POST" or not kept:
        return None
    draft = _open(kept)
    request.form = ImmutableMultiDict([(name, text) for name, text in draft["fields"]])
    if draft["path"] != request.path or request.form.get("by") != current_user.officer.id:
        raise NotFound
    drawn = draw_again(RESTORED, 200)
    if drawn is None:
        raise NotFound
    return drawn


def _open(kept: str) -> dict:
    return drafts.unseal(current_app.extensions["intake"], kept, purpose=PURPOSE)

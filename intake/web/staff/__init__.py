"""The officers' door: nothing here opens without signing in, except signing in and joining themselves."""

from __future__ import annotations

from flask import Blueprint, Flask

bp = Blueprint("staff", __name__, url_prefix="/staff")

from . import (  # noqa: E402 - each hangs its addresses on `bp`
    acting,
    case,
    classifying,
    colleagues,
    committee,
    counting,
    desk,
    doorway,
    entering,
    frame,
    guard,
    importing,
    joining,
    password,
    problems,
    publishing,
    signing_in,
    themes,
)

__all__ = [
    "acting",
    "bp",
    "case",
    "classifying",
    "colleagues",
    "committee",
    "counting",
    "desk",
    "entering",
    "importing",
    "joining",
    "password",
    "publishing",
    "register",
    "signing_in",
    "themes",
]

bp.before_request(guard.let_in)
bp.context_processor(frame.around_every_page)
problems.answer_in_words(bp)


def register(app: Flask) -> None:
    """Open the officers' door in an application."""
    guard.remember_who_is_signed_in(app)
    app.extensions["intake.known"] = doorway.known_by_its_cookies(app)
    app.register_blueprint(bp)

"""The officers' door: nothing here opens without signing in, except signing in and joining themselves."""

from __future__ import annotations

from flask import Flask

from intake.web.staff.door.blueprint import bp

from .access import given, giving, holders, standing_aside
from .casework import acting, case, classifying, identity, linking
from .desk import bulk, dates, lists, load, saved
from .door import doorway, frame, guard, problems, signing_in
from .entering import entering, receipt
from .figures import lateness, pages, publishing, services, themes
from .inquiries import assessing, inquiring
from .journal import checking, openings, reading
from .oversight import committee, governance, prescribed, register_of_concerns
from .people import absences, colleagues, handing_over, joining, lines, password, team_key
from .points import setting_out, statement
from .register import importing
from .rerouting import sending_on
from .retention import destroying, keeping
from .sharing import copies
from .triage import triaging

__all__ = [
    "absences",
    "acting",
    "assessing",
    "bp",
    "bulk",
    "case",
    "checking",
    "classifying",
    "colleagues",
    "committee",
    "copies",
    "dates",
    "destroying",
    "entering",
    "given",
    "giving",
    "governance",
    "handing_over",
    "holders",
    "identity",
    "importing",
    "inquiring",
    "joining",
    "keeping",
    "lateness",
    "lines",
    "linking",
    "lists",
    "load",
    "open_the_door",
    "openings",
    "pages",
    "password",
    "prescribed",
    "publishing",
    "reading",
    "receipt",
    "register",
    "register_of_concerns",
    "saved",
    "sending_on",
    "services",
    "setting_out",
    "signing_in",
    "standing_aside",
    "statement",
    "team_key",
    "themes",
    "triaging",
]

bp.before_request(guard.let_in)
bp.context_processor(frame.around_every_page)
problems.answer_in_words(bp)


def open_the_door(app: Flask) -> None:
    """Open the officers' door in an application."""
    guard.remember_who_is_signed_in(app)
    app.extensions["intake.known"] = doorway.known_by_its_cookies(app)
    app.register_blueprint(bp)

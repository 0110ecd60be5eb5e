"""What an officer reads when something went wrong: sentences and a way on, never a trace."""

from __future__ import annotations

import re

from flask import Blueprint, current_app, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import NotFound as NoSuchPage
from werkzeug.exceptions import RequestEntityTooLarge

from intake.services.ground.refusals import (
    ActedMeanwhile,
    Damaged,
    DraftUnreadable,
    KeyDiffers,
    NotFound,
    NotStored,
    PerhapsStored,
    Refused,
)

from . import entitled, guard, keys, typed
from .blueprint import bp

REFERENCE = re.compile(r"[A-Z0-9]{3}-[A-Z0-9]{4}")
BACK = "Press your browser's Back button: what you wrote may still be there."


def answer_in_words(blueprint: Blueprint) -> None:
    """Answer every refusal of the services at this door."""
    blueprint.register_error_handler(NotFound, _not_found)
    blueprint.register_error_handler(NoSuchPage, _not_found)
    blueprint.register_error_handler(Damaged, _damaged)
    blueprint.register_error_handler(NotStored, _not_stored)
    blueprint.register_error_handler(KeyDiffers, _key_differs)
    blueprint.register_error_handler(Refused, _refused)
    blueprint.register_error_handler(CSRFError, _expired)
    blueprint.register_error_handler(DraftUnreadable, _unreadable)
    blueprint.register_error_handler(RequestEntityTooLarge, _too_much)


@bp.route("/<path:anything>", methods=["GET", "POST"])
def nothing_here(anything: str):
    """An address that leads nowhere answers like one that is not yours."""
    raise NotFound


def show(title: str, *sentences: str, status: int, way_on=(), left=()):
    """A page of plain sentences, and a way on: home, where none is given. `left`: what was typed, to copy it from."""
    page = render_template(
        "layouts/staff_problem.html", title=title, sentences=sentences, way_on=way_on, left=left
    )
    return page, status


def _not_found(_error):
    return show(
        "There is nothing here for you",
        "Check the address or the reference. It may not exist, or it may be for other readers.",
        status=404,
        left=typed.written(),
    )


def _damaged(error: Damaged):
    reference = (request.view_args or {}).get("reference", "").upper()
    place = reference if REFERENCE.fullmatch(reference) else "no case"
    current_app.logger.error("A sealed part does not open: %s.", place)
    return show(
        "Part of this does not open",
        str(error),
        "Nothing was shown or changed. Tell your administrator: the reference and the time are in the log, "
        "and a backup may hold the part whole.",
        status=409,
    )


def _key_differs(error: KeyDiffers):
    keys.report(error)
    return show(
        "A key is not the one that was made",
        str(error),
        "Nothing was shown or changed. The members of the team are told, and it stands in the journal.",
        status=409,
        way_on=({"text": "Compare fingerprints under Colleagues", "href": "/staff/colleagues"},),
    )


def _not_stored(error: NotStored):
    notice = f"{error} {typed.STILL_HERE}" if isinstance(error, PerhapsStored) else typed.NOT_STORED
    try:
        drawn = _drawn_again(notice, 503)
    except NotStored:  # while the database is away no form of a case can be drawn
        drawn = None
    back = [BACK] if request.method == "POST" else []
    return drawn or show("We could not store this just now", str(error), *back, status=503)


def _refused(error: Refused):
    title = "Somebody else acted first" if isinstance(error, ActedMeanwhile) else "That is not possible now"
    return show(title, str(error), status=409)


def _expired(_error: CSRFError):
    answer = None
    if request.endpoint in entitled.WITHOUT_SIGNING_IN:
        answer = _drawn_again(typed.EXPIRED, 400)
    elif request.headers.get("Sec-Fetch-Site", "same-origin") in {"same-origin", "none"}:
        answer = _drawn_again(typed.EXPIRED, 400, first=guard.let_in)
    return answer or show(
        "This form had expired", "Nothing was done. Go back, reload the page and try again.", status=400
    )


def _drawn_again(notice: str, status: int, first=lambda: None):
    """The form with what was typed; what goes wrong on the way is answered here, where nobody else would."""
    try:
        return first() or typed.draw_again(notice, status)
    except NotFound as error:
        return _not_found(error)
    except Damaged as error:
        return _damaged(error)
    except DraftUnreadable as error:
        return _unreadable(error)


def _unreadable(_error: DraftUnreadable):
    return show(
        "We could not read that",
        "A part of the page that your browser should have sent back unchanged came back altered. Nothing was "
        "done. Please begin again.",
        status=400,
    )


def _too_much(_error):
    if request.endpoint == "staff.register":
        return show(
            "That is too much to send at once",
            "Nothing was done. A register may have 64 MB here, in one file. Split it by year, or ask your "
            "administrator to import it with the command intake register import, which takes larger ones.",
            status=413,
            way_on=({"text": "Choose another file", "href": "/staff/register"},),
        )
    return show(
        "That was too much to send at once",
        f"Nothing was done. {BACK} Send it in two parts.",
        status=413,
    )

"""The services and offices that reporters choose from: asked of the database now and then, not with every page."""

from __future__ import annotations

import time

from flask import current_app

from intake.services.cases import places
from intake.services.ground.refusals import NotStored
from intake.services.holders import submitting

SECONDS = 60  # so long a change of the list may take to be seen at the door
NONE_OF_THEM = "none-of-them"
KEPT, KEPT_OFFICES = "intake_services", "intake_offices"


def services() -> tuple[tuple[str, str], ...]:
    """The open services: id and name, by name; those known last, while the database cannot be asked.

    Raises `NotStored` where none are known.
    """
    return _known(KEPT, places.offered)


def offices() -> tuple[tuple[str, str], ...]:
    """The offices of which whoever writes of a concern is asked: role and title. Kept and raised as `services`."""
    return _known(KEPT_OFFICES, submitting.asked_about)


def _known(kept: str, ask) -> tuple[tuple[str, str], ...]:
    asked, known = current_app.extensions.get(kept, (None, ()))
    if asked is None or time.monotonic() - asked > SECONDS:
        try:
            known = ask(current_app.extensions["intake"])
        except NotStored:
            if asked is None:
                raise
        current_app.extensions[kept] = (time.monotonic(), known)
    offered: tuple[tuple[str, str], ...] = known
    return offered


def forget() -> None:
    """Ask anew with the next page: the list was changed here."""
    for kept in (KEPT, KEPT_OFFICES):
        current_app.extensions.pop(kept, None)

"""The services that reporters choose from: asked of the database now and then, not with every page."""

from __future__ import annotations

import time

from flask import current_app

from intake.services.cases import places
from intake.services.ground.refusals import NotStored

SECONDS = 60  # so long a change of the list may take to be seen at the door
NONE_OF_THEM = "none-of-them"
KEPT = "intake_services"


def services() -> tuple[tuple[str, str], ...]:
    """The open services: id and name, by name; those known last, while the database cannot be asked.

    Raises `NotStored` where none are known.
    """
    asked, known = current_app.extensions.get(KEPT, (None, ()))
    if asked is None or time.monotonic() - asked > SECONDS:
        try:
            known = places.offered(current_app.extensions["intake"])
        except NotStored:
            if asked is None:
                raise
        current_app.extensions[KEPT] = (time.monotonic(), known)
    offered: tuple[tuple[str, str], ...] = known
    return offered


def forget() -> None:
    """Ask anew with the next page: the list was changed here."""
    current_app.extensions.pop(KEPT, None)

"""Before an officer's work: the keys are those that were made, or nothing is opened and every member is told."""

from __future__ import annotations

from flask import current_app, g, request

from intake.services.ground import pinning
from intake.services.ground.refusals import KeyDiffers, NotStored

from .session import now, office, officer

STILL_OPEN = {"staff.colleagues", "staff.sign_out"}  # fingerprints to compare, and the way out


def hold() -> None:
    """Hold the officer's key and the vaults' against the pins. Raises `KeyDiffers`."""
    try:
        g.key_warnings = pinning.check(office(), officer())
    except KeyDiffers as error:
        if request.endpoint not in STILL_OPEN:
            raise
        report(error)
        g.key_warnings = [str(error)]


def report(error: KeyDiffers) -> None:
    """Journal it and tell the members, once; where not even that can be stored, the log says so."""
    current_app.logger.error("A key differs: %s.", error.key)
    try:
        pinning.report(office(), error, now=now())
    except NotStored:
        current_app.logger.error("That a key differs could not be stored: %s.", error.key)

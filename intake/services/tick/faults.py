"""A failure in words that may be kept: its kind and its place. Its message may hold what somebody typed."""

from __future__ import annotations

import traceback
from pathlib import Path

from intake.config import BadSetting
from intake.database import NotStored
from intake.services.ground.refusals import Refused


def told(doing: str, error: Exception) -> str:
    """One sentence. A refusal says itself what it means, and was written to be read."""
    if isinstance(error, (BadSetting, NotStored, Refused)):
        return f"{doing}: {error}"
    place = next(reversed(traceback.extract_tb(error.__traceback__)), None)
    where = f"{Path(place.filename).name}:{place.lineno}" if place else "nowhere"
    return f"{doing}: unexpected {type(error).__name__} in {where}."

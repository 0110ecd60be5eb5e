"""Changing two lines of an authority's `settings.toml` and nothing else of it, not a comment either."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping

from intake.services.ground.refusals import Refused

PLACES = ("database_url", "catalogue_folder")  # what is another on another machine


def with_places(text: str, places: Mapping[str, str]) -> str:
    """The settings with these values where the file has such keys, however they are written there.

    The result is read again: it must say this and otherwise the same. Raises `Refused` where it would not.
    """
    before = tomllib.loads(text)
    wanted = {name: places.get(name, value) for name, value in before.items()}
    for name in places.keys() & before.keys():
        key = re.compile(rf"""(?m)^[ \t]*(?:"{name}"|'{name}'|{name})[ \t]*=.*$""")
        line = f"{name} = {json.dumps(places[name])}"
        text = key.sub(line.replace("\\", r"\\"), text)
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        said = None
    if said != wanted:
        raise Refused(
            "settings.toml writes database_url or catalogue_folder in a way that cannot be changed safely. Write each "
            'on a line of its own, such as database_url = "sqlite:///…", and run this again.'
        )
    return text


def check(text: str) -> None:
    """Raises `Refused` for settings that a restore could not change: a backup that nobody can restore is none."""
    with_places(text, dict.fromkeys(PLACES, "/elsewhere"))

"""Changing two lines of an authority's `settings.toml` and nothing else of it, not a comment either."""

from __future__ import annotations

import json
import os
import re
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path

from intake.services.ground.office import sync_folder
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
    _expect(said, wanted)
    return text


def with_database(text: str, url: str) -> str:
    """The settings with this database, in a line before all others where they name none. Raises `Refused`."""
    before = tomllib.loads(text)
    if "database_url" in before:
        return with_places(text, {"database_url": url})
    text = f"database_url = {json.dumps(url)}\n{text}"
    _expect(tomllib.loads(text), before | {"database_url": url})
    return text


def write(file: Path, text: str) -> None:
    """Put a text in the place of the settings, for the same eyes, on disk before this returns."""
    part = file.with_suffix(".part")
    part.unlink(missing_ok=True)
    mode = stat.S_IMODE(file.stat().st_mode)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    part.rename(file)
    sync_folder(file.parent)


def _expect(said: Mapping[str, object] | None, wanted: Mapping[str, object]) -> None:
    if said != wanted:
        raise Refused(
            "settings.toml writes database_url or catalogue_folder in a way that cannot be changed safely. Write each "
            'on a line of its own, such as database_url = "sqlite:///…", and run this again.'
        )


def check(text: str) -> None:
    """Raises `Refused` for settings that a restore could not change: a backup that nobody can restore is none."""
    with_places(text, dict.fromkeys(PLACES, "/elsewhere"))

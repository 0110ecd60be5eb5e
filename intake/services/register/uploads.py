"""A register between two pages: sealed under a key that only the officer's form holds, and gone within the hour."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from intake.database import NotStored
from intake.services.ground.office import Office
from intake.services.ground.refusals import Refused
from intake.vault.errors import SealBroken
from intake.vault.upload import UploadKey, new_name

KEPT_SECONDS = 3600
GONE = (
    "This file is no longer kept: it was imported, or an hour has passed. Choose it again if you have more to "
    "import; a file that is imported twice counts once."
)


def keep(office: Office, data: bytes, *, now: datetime) -> tuple[str, str]:
    """Put a file aside, sealed. Returns its name and its key, both for the form alone.

    Raises `NotStored` where the disk has no room for it.
    """
    sweep(office, now=now)
    folder, name, key = _folder(office), new_name(), UploadKey.generate()
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        with (folder / name).open("xb") as file:
            for piece in key.seal(data, upload=name):
                file.write(piece)
        os.utime(
            folder / name, (now.timestamp(), now.timestamp())
        )  # the hour runs by the same clock that ends it
    except OSError as error:
        forget(office, name)
        raise NotStored from error
    return name, key.text


def read(office: Office, name: str, key: str, *, now: datetime) -> bytes:
    """The file again. Raises `Refused` when it is gone, or was altered."""
    sweep(office, now=now)
    try:
        sealed = _path(office, name).read_bytes()
        return UploadKey.parse(key).open(sealed, upload=name)
    except FileNotFoundError as error:
        raise Refused(GONE) from error
    except SealBroken as error:
        raise Refused("This file does not open: it was altered on the way. Choose it again.") from error


def forget(office: Office, name: str) -> None:
    """Take the file away; it may be gone already."""
    _path(office, name).unlink(missing_ok=True)


def sweep(office: Office, *, now: datetime) -> int:
    """Take away what is older than an hour, or of an hour still to come: the clock was wrong then. Returns how many."""
    old = [
        path
        for path in (_folder(office).iterdir() if _folder(office).is_dir() else ())
        if path.is_file() and abs(now.timestamp() - path.stat().st_mtime) > KEPT_SECONDS
    ]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _folder(office: Office) -> Path:
    return office.settings.instance / "uploads"


def _path(office: Office, name: str) -> Path:
    if not (len(name) == 32 and name.isascii() and name.isalnum()):
        raise Refused(GONE)
    return _folder(office) / name

"""A register between two pages: sealed under a key that only the officer's form holds, and gone within the hour."""

from __future__ import annotations

from datetime import datetime

from intake.services.ground.office import Office
from intake.services.ground.refusals import Refused
from intake.vault.errors import SealBroken
from intake.vault.upload import UploadKey, new_name

from .waiting import place

GONE = (
    "This file is no longer kept: it was imported, or an hour has passed. Choose it again if you have more to "
    "import; a file that is imported twice counts once."
)


def keep(office: Office, data: bytes, *, now: datetime) -> tuple[str, str]:
    """Put a file aside, sealed. Returns its name and its key, both for the form alone.

    Raises `NotStored` where there is no room for it.
    """
    sweep(office, now=now)
    name, key = new_name(), UploadKey.generate()
    place(office).keep(name, key.seal(data, upload=name), now=now)
    return name, key.text


def read(office: Office, name: str, key: str, *, now: datetime) -> bytes:
    """The file again. Raises `Refused` when it is gone, or was altered."""
    sweep(office, now=now)
    if not _is_a_name(name) or (sealed := place(office).read(name)) is None:
        raise Refused(GONE)
    try:
        return UploadKey.parse(key).open(sealed, upload=name)
    except SealBroken as error:
        raise Refused("This file does not open: it was altered on the way. Choose it again.") from error


def forget(office: Office, name: str) -> None:
    """Take the file away; it may be gone already."""
    if _is_a_name(name):
        place(office).forget(name)


def sweep(office: Office, *, now: datetime) -> int:
    """Take away what is over. Returns how many files."""
    return place(office).sweep(now=now)


def _is_a_name(name: str) -> bool:
    return len(name) == 32 and name.isascii() and name.isalnum()

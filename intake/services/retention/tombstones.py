"""What is left where a case was destroyed: words for whoever comes back with its code, and a mark of a register's row.

Neither names a case. The words are sealed to the code; a mark is a keyed hash.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select

from intake.database import writing
from intake.models import ReceiptLock, RegisterEntry, Tombstone
from intake.services.ground.office import AnySession, Office
from intake.vault import tombstone
from intake.vault.errors import SealBroken
from intake.vault.receipt import Receipt

YEARS = 6  # after that of the destruction, for whoever comes back late
FOR_GOOD = 9999  # of a register's row, which may be read again whenever somebody has the file


@dataclass(frozen=True)
class Told:
    """What a holder is told. Of a receipt from before receipts had a public half nothing is known but that it was.

    `kept_for`: such as "6 years".
    """

    closed_on: date | None = None
    destroyed_on: date | None = None
    kept_for: str = ""


class CaseDestroyed(Exception):
    """A code that is right, of a case that was destroyed when its time was over."""

    def __init__(self, told: Told) -> None:
        super().__init__("This case was destroyed when the time for which we keep cases was over.")
        self.told = told


def row_of(lock: ReceiptLock, told: Told) -> dict[str, Any]:
    """The row that takes the place of a receipt's lock."""
    words = {
        "closed_on": told.closed_on and told.closed_on.isoformat(),
        "destroyed_on": told.destroyed_on and told.destroyed_on.isoformat(),
        "kept_for": told.kept_for,
    }
    try:
        sealed = tombstone.bury(json.dumps(words).encode(), lock.slot or b"", lookup=lock.lookup)
    except ValueError:  # no public half, or one that somebody altered
        sealed = b""
    year = (told.destroyed_on or date.max).year
    return {"lookup": lock.lookup, "sealed": sealed, "until_year": year + YEARS}


def rows_of_register(office: Office, entries: Iterable[RegisterEntry]) -> list[dict[str, Any]]:
    """The marks of rows of registers: the same register read again does not bring them back."""
    return [
        {"lookup": mark(office, one.vault, one.reference), "sealed": b"", "until_year": FOR_GOOD}
        for one in entries
    ]


def read(receipt: Receipt, row: Tombstone) -> Told:
    """What the holder of this receipt is told; what does not open is told as unknown."""
    try:
        words = json.loads(tombstone.read(row.sealed, receipt, lookup=row.lookup)) if row.sealed else {}
    except SealBroken:
        words = {}
    closed_on, destroyed_on = (
        date.fromisoformat(words[day]) if words.get(day) else None for day in ("closed_on", "destroyed_on")
    )
    return Told(closed_on, destroyed_on, words.get("kept_for", ""))


def mark(office: Office, *of: str) -> bytes:
    """A keyed hash of what was destroyed: 32 bytes, from which nothing of it follows without the server's key."""
    key = office.key.for_purpose("destroyed")
    return hmac.digest(key, json.dumps(of).encode(), "sha256")


def of_register(office: Office, session: AnySession, vault: str, references: Iterable[str]) -> set[str]:
    """Of a vault's references in a register, those whose cases were destroyed here."""
    marks = {mark(office, vault, reference): reference for reference in references}
    found = session.scalars(select(Tombstone.lookup).where(Tombstone.lookup.in_(marks)))
    return {marks[lookup] for lookup in found}


def any_of_register(session: AnySession) -> bool:
    """Whether any row of a register was destroyed."""
    return (
        session.scalar(select(Tombstone.lookup).where(Tombstone.until_year == FOR_GOOD).limit(1)) is not None
    )


def sweep(office: Office, *, now: datetime) -> None:
    """Take away what has stood long enough."""
    year = office.today(now).year
    with writing(office.session):
        office.session.execute(delete(Tombstone).where(Tombstone.until_year < year))

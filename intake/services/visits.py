"""What a reporter has typed and not sent: kept sealed, for one visit, until it is sent, left or over.

Only the browser's cookie and the server's key together open a draft. The row holds no road, no step and no
minute: a hash, the hour of the last press, and at least 32 KiB of sealed bytes. Purposes are apart by key:
`report` for a report on its way, `return` for a case that was opened with its code.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, false, func, select
from sqlalchemy.dialects.sqlite import insert

from intake.database import drafts_of, empty_log_of_drafts
from intake.models import KeptDraft
from intake.vault.errors import SealBroken
from intake.vault.visit import VisitSecret, new_serial

from .office import Office
from .refusals import ClockWrong

REPORT, RETURN = "report", "return"
MOST_OF_ONE_VISIT = 8


@dataclass(frozen=True)
class Place:
    """Where one draft of a visit lies."""

    purpose: str
    serial: bytes


@dataclass(frozen=True)
class Visit:
    """Somebody's visit, as long as the browser keeps its cookie and nobody presses *Exit this page*."""

    secret: VisitSecret

    @property
    def cookie(self) -> str:
        """What the browser keeps: 43 characters."""
        return self.secret.cookie

    def address(self, place: Place, page: str) -> str:
        """32 characters that stand for a page of a draft, to this visit alone."""
        return self.secret.address(place.purpose, place.serial, page)

    def find(self, purpose: str, address: str, pages: Iterable[str]) -> tuple[Place, str] | None:
        """The draft and the page of an address; None for one that is not of this visit."""
        try:
            serial, page = self.secret.read_address(purpose, address, pages)
        except SealBroken:
            return None
        return Place(purpose, serial), page


def begin_visit() -> Visit:
    """A new visit."""
    return Visit(VisitSecret.generate())


def visit_of(cookie: str) -> Visit | None:
    """The visit of a cookie; None where it cannot be one of ours."""
    try:
        return Visit(VisitSecret.parse(cookie))
    except SealBroken:
        return None


def new_place(purpose: str) -> Place:
    """Room for another draft."""
    return Place(purpose, new_serial())


def keep(office: Office, visit: Visit, place: Place, content: dict, *, now: datetime) -> None:
    """Put a draft aside, in the place of what lay there.

    Raises `NotStored`, also when the hour's room for new ones is used up; then what lay there still does.
    """
    sealed = visit.secret.seal(
        office.key.for_purpose("visits"),
        json.dumps(content).encode("utf-8", "surrogatepass"),
        purpose=place.purpose,
        serial=place.serial,
    )
    row = {
        "lookup": visit.secret.lookup_of(place.purpose, place.serial),
        "visit": visit.secret.lookup,
        "hour": _hour(now),
        "sealed": sealed,
    }
    with drafts_of(office.drafts) as connection:
        connection.execute(_over(office, now))
        lay = connection.scalar(
            select(func.length(KeptDraft.sealed)).where(KeptDraft.lookup == row["lookup"])
        )
        office.beginnings.grow(office.settings, len(sealed) - (lay or 0), begins=lay is None, now=now)
        written = insert(KeptDraft).values(row)
        connection.execute(written.on_conflict_do_update(index_elements=["lookup"], set_=row))
        _forget_what_is_too_much(connection, row)


def read(office: Office, visit: Visit, place: Place, *, now: datetime) -> dict | None:
    """The draft; None when it is gone, over, or does not open. Raises `NotStored` where nothing can be read."""
    lookup = visit.secret.lookup_of(place.purpose, place.serial)
    with drafts_of(office.drafts) as connection:
        found = connection.execute(
            select(KeptDraft.hour, KeptDraft.sealed).where(KeptDraft.lookup == lookup)
        ).one_or_none()
    if found is None or _is_over(office, found.hour, now):
        return None
    try:
        payload = visit.secret.open(
            office.key.for_purpose("visits"), found.sealed, purpose=place.purpose, serial=place.serial
        )
    except SealBroken:
        return None
    return json.loads(payload)


def forget(office: Office, visit: Visit, place: Place) -> None:
    """Throw one draft away. Raises `NotStored`."""
    lookup = visit.secret.lookup_of(place.purpose, place.serial)
    with drafts_of(office.drafts) as connection:
        connection.execute(delete(KeptDraft).where(KeptDraft.lookup == lookup))


def leave(office: Office, visit: Visit) -> None:
    """Throw everything of a visit away. Raises `NotStored`."""
    with drafts_of(office.drafts) as connection:
        connection.execute(delete(KeptDraft).where(KeptDraft.visit == visit.secret.lookup))


def sweep(office: Office, *, now: datetime) -> int:
    """Throw away what is over, and empty the log that may still hold it, or what was left. Returns how many went.

    Raises `NotStored`.
    """
    with drafts_of(office.drafts) as connection:
        gone = connection.execute(_over(office, now)).rowcount
    empty_log_of_drafts(office.drafts)
    return gone


def _hour(now: datetime) -> int:
    return int(now.timestamp()) // 3600


def _is_over(office: Office, hour: int, now: datetime) -> bool:
    """Over, or of a clock that was ahead: what lies in the future has no end that could be trusted."""
    return _can_be_right(office, now) and not 0 <= _hour(now) - hour <= office.settings.draft_hours


def _can_be_right(office: Office, now: datetime) -> bool:
    """By a clock that cannot be right (1970) nothing is over: it would cost everybody what they typed."""
    try:
        office.today(now)
    except ClockWrong:
        return False
    return True


def _over(office: Office, now: datetime):
    if not _can_be_right(office, now):
        return delete(KeptDraft).where(false())
    oldest = _hour(now) - office.settings.draft_hours
    return delete(KeptDraft).where((KeptDraft.hour < oldest) | (KeptDraft.hour > _hour(now)))


def _forget_what_is_too_much(connection, row: dict) -> None:
    """A visit keeps its few newest drafts: whoever begins again and again does not fill the file alone."""
    mine = (KeptDraft.visit == row["visit"]) & (KeptDraft.lookup != row["lookup"])
    many = connection.scalar(select(func.count()).select_from(KeptDraft).where(mine))
    if many >= MOST_OF_ONE_VISIT:
        oldest = select(KeptDraft.lookup).where(mine).order_by(KeptDraft.hour).limit(1)
        connection.execute(delete(KeptDraft).where(KeptDraft.lookup.in_(oldest.scalar_subquery())))

"""What a reporter has typed and not sent: kept sealed, for one visit, until it is sent, left or over.

Only the browser's cookie and the server's key together open a draft. The row holds no road, no step and no
minute: hashes, the hour of the last press, and at least 32 KiB of sealed bytes. Purposes are apart by key:
`report` for a report on its way, `return` for a case that was opened with its code.

Nobody is refused because the file is full of what others began: a row of one press goes by lot. A second press makes
it lasting, while the hour's share of such rows lasts, so that presses without end do not fill the file with them.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, bindparam, delete, func, select

from intake.database import (
    DRAFTS_PAGE,
    PlainConnection,
    drafts_of,
    empty_log_of_drafts,
    pages_of_drafts,
    put_draft,
)
from intake.models import KeptDraft
from intake.services.ground.brakes import FILLED, MEGABYTE
from intake.services.ground.office import Office
from intake.services.ground.refusals import ClockWrong, NotStored
from intake.vault.errors import SealBroken
from intake.vault.visit import VisitSecret, new_serial

REPORT, RETURN = "report", "return"
MOST_OF_ONE_VISIT = 8  # of each purpose
LOT = random.SystemRandom()
# Constants: what is asked with every page is put into the database's words once.
_TABLE = cast(Table, KeptDraft.__table__)
_OTHERS = (KeptDraft.visit == bindparam("visit")) & (KeptDraft.lookup != bindparam("lookup"))
_LIES_AT = select(KeptDraft.hour, KeptDraft.sealed).where(KeptDraft.lookup == bindparam("lookup"))
_OF_THE_VISIT = select(
    KeptDraft.lookup, KeptDraft.lasting, KeptDraft.turn, func.length(KeptDraft.sealed)
).where(KeptDraft.visit == bindparam("visit"))
_HOW_MANY_OTHERS = select(func.count()).select_from(KeptDraft).where(_OTHERS)
_THE_OLDEST_OTHER = (
    select(KeptDraft.lookup).where(_OTHERS).order_by(KeptDraft.lasting, KeptDraft.turn).limit(1)
)
_BY_LOT = (
    select(KeptDraft.lookup)
    .where(~KeptDraft.lasting, KeptDraft.lookup != bindparam("lookup"))
    .order_by(KeptDraft.lot)
    .limit(1)
)
_BY_LOT_FROM = _BY_LOT.where(KeptDraft.lot >= bindparam("lot"))
_AWAY = delete(KeptDraft).where(KeptDraft.lookup == bindparam("lookup"))
_ALL_OF_THE_VISIT_AWAY = delete(KeptDraft).where(KeptDraft.visit == bindparam("visit"))
_OVER = delete(KeptDraft).where(
    (KeptDraft.hour < bindparam("oldest")) | (KeptDraft.hour > bindparam("newest"))
)


class Lay(NamedTuple):
    """What is kept of a visit's draft, but for the draft. `size`: bytes."""

    lookup: bytes
    lasting: bool
    turn: int
    size: int


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
        return self.secret.text

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


def keep(
    office: Office,
    visit: Visit,
    place: Place,
    content: Mapping[str, object],
    *,
    now: datetime,
    lasting: bool = False,
) -> bool:
    """Put a draft aside, in the place of what lay there. True when it lasts: no lot falls on it from now on.

    `lasting`: it must, whatever the hour has taken: a receipt that is being shown. Raises `NotStored`, also for a new
    draft where everything else lasts; then what lay there still does.
    """
    sealed = visit.secret.seal(
        office.key.for_purpose("visits"),
        json.dumps(content).encode("utf-8", "surrogatepass"),
        purpose=place.purpose,
        serial=place.serial,
    )
    row: dict[str, Any] = {
        "lookup": visit.secret.lookup_of(place.purpose, place.serial),
        "visit": visit.secret.lookup_for(place.purpose),
        "hour": _hour(now),
        "lot": LOT.getrandbits(63),
        "sealed": sealed,
    }
    with drafts_of(office.drafts, row["visit"]) as connection:
        _throw_away_what_is_over(office, connection, now)
        mine = [Lay(*one) for one in connection.execute(_OF_THE_VISIT, row)]
        lay = next((one for one in mine if one.lookup == row["lookup"]), None)
        row["lasting"] = lasts = _lasts(office, lay, len(sealed), now) or lasting
        row["turn"] = max((one.turn for one in mine), default=0) + 1
        _make_room(
            office, connection, row["lookup"], len(sealed) - (lay.size if lay else 0), begins=lay is None
        )
        put_draft(office.drafts, connection, _TABLE, row)
        if len(mine) >= MOST_OF_ONE_VISIT:
            _forget_what_is_too_much(connection, row)
    return lasts


def read(office: Office, visit: Visit, place: Place, *, now: datetime) -> dict[str, Any] | None:
    """The draft; None when it is gone, over, or does not open. Raises `NotStored` where nothing can be read."""
    lookup = visit.secret.lookup_of(place.purpose, place.serial)
    with drafts_of(office.drafts, reads=True) as connection:
        found = connection.execute(_LIES_AT, {"lookup": lookup}).fetchone()
    if found is None or _is_over(office, found[0], now):
        return None
    try:
        payload = visit.secret.open(
            office.key.for_purpose("visits"), found[1], purpose=place.purpose, serial=place.serial
        )
    except SealBroken:
        return None
    content: dict[str, Any] = json.loads(payload)
    return content


def forget(office: Office, visit: Visit, place: Place) -> None:
    """Throw one draft away. Raises `NotStored`."""
    lookup = visit.secret.lookup_of(place.purpose, place.serial)
    with drafts_of(office.drafts) as connection:
        connection.execute(_AWAY, {"lookup": lookup})


def leave(office: Office, visit: Visit) -> None:
    """Throw everything of a visit away. Raises `NotStored`."""
    with drafts_of(office.drafts) as connection:
        for purpose in (REPORT, RETURN):
            connection.execute(_ALL_OF_THE_VISIT_AWAY, {"visit": visit.secret.lookup_for(purpose)})


def sweep(office: Office, *, now: datetime) -> int:
    """Throw away what is over, and empty the log that may still hold it, or what was left. Returns how many went.

    Raises `NotStored`.
    """
    with drafts_of(office.drafts) as connection:
        gone = _throw_away_what_is_over(office, connection, now)
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


def _throw_away_what_is_over(office: Office, connection: PlainConnection, now: datetime) -> int:
    if not _can_be_right(office, now):
        return 0
    newest = _hour(now)
    between = {"oldest": newest - office.settings.draft_hours, "newest": newest}
    gone: int = connection.execute(_OVER, between).rowcount
    return gone


def _lasts(office: Office, lay: Lay | None, size: int, now: datetime) -> bool:
    """Whether no lot falls on it from now on: it was pressed before, and the hour's share takes what it adds."""
    if lay is None:
        return False
    grows = size - (lay.size if lay.lasting else 0)
    return (lay.lasting and grows <= 0) or office.lasting.take(office.settings, grows, now=now)


def _make_room(office: Office, connection: PlainConnection, own: bytes, size: int, *, begins: bool) -> None:
    """Throw other rows that do not last away by lot, until there is room. Raises `NotStored` where none is left; what
    was begun may fill the last tenth too.
    """
    most = office.settings.draft_megabytes * MEGABYTE // DRAFTS_PAGE * (FILLED if begins else 1)
    wanted = size // DRAFTS_PAGE + 2
    while pages_of_drafts(office.drafts, connection) + wanted > most:
        mine = {"lookup": own, "lot": LOT.getrandbits(63)}
        one = connection.scalar(_BY_LOT_FROM, mine) or connection.scalar(_BY_LOT, mine)
        if one is None:
            raise NotStored
        connection.execute(_AWAY, {"lookup": one})


def _forget_what_is_too_much(connection: PlainConnection, row: Mapping[str, Any]) -> None:
    """A visit keeps its few newest drafts of a purpose: whoever begins again and again does not fill the file alone.

    What lasts goes after what does not: a story, or a receipt, after what was only begun.
    """
    if connection.scalar(_HOW_MANY_OTHERS, row) >= MOST_OF_ONE_VISIT:
        connection.execute(_AWAY, {"lookup": connection.scalar(_THE_OLDEST_OTHER, row)})

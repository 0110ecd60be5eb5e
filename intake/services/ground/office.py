"""What every service needs to do its work, handed to it as its first argument."""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session, scoped_session

from intake.config import BadSetting, Settings
from intake.database import connect_drafts
from intake.models import OUTGROWN, DraftsBase
from intake.procedures import offices
from intake.procedures.clock import local_date
from intake.procedures.definitions import Catalogue
from intake.procedures.loading import CatalogueError, load_catalogue
from intake.procedures.working_days import Calendar, CalendarError, calendar_of
from intake.vault.server import ServerKey

from .brakes import CODE_PACE_SECONDS, PACE_SECONDS, Brake, Budget, Lasting
from .refusals import ClockWrong, Refused, said
from .stretching import Stretching

NEXT = " next"  # after a vault's name in the file of pinned keys: the key that it is about to have
AnySession = Session | scoped_session[Any]  # a command's own, or a worker's


@dataclass(frozen=True)
class Office:
    """The database session, the rules, the calendar, the settings, the server's own key and the file of drafts.

    And what is kept in this process's memory alone: who waits to sign in, the brakes on guessing, the hour's budgets.
    """

    session: AnySession
    catalogue: Catalogue
    calendar: Calendar
    settings: Settings
    key: ServerKey
    drafts: Engine
    stretching: Stretching = field(default_factory=Stretching, compare=False, repr=False)
    names: Brake = field(default_factory=lambda: Brake(PACE_SECONDS), compare=False, repr=False)
    codes: Brake = field(default_factory=lambda: Brake(CODE_PACE_SECONDS), compare=False, repr=False)
    budget: Budget = field(default_factory=Budget, compare=False, repr=False)
    lasting: Lasting = field(default_factory=Lasting, compare=False, repr=False)

    def today(self, now: datetime) -> date:
        """The day that `now` falls on in London. Raises `ClockWrong` for a year that cannot be."""
        try:
            return local_date(now)
        except CalendarError as error:
            raise ClockWrong(now.year) from error

    @property
    def ahead(self) -> timedelta:
        """How far a demonstration's clock was set ahead of the machine's; of a real instance always nothing."""
        if not self.settings.demonstration:
            return timedelta()
        try:
            return timedelta(seconds=float(_clock_file(self.settings).read_text("ascii")))
        except (OSError, ValueError, OverflowError):
            return timedelta()

    def now(self) -> datetime:
        """This moment: pages, commands and the tick ask for it here, so that a demonstration has one clock."""
        return datetime.now(UTC) + self.ahead

    def set_clock(self, moment: datetime | None) -> None:
        """Have a demonstration take this to be the moment, and go on from there; None: the machine's clock again.

        Raises `Refused` in a real instance.
        """
        if not self.settings.demonstration:
            raise Refused("Only a demonstration has a clock of its own: elsewhere the moment is now.")
        file = _clock_file(self.settings)
        if moment is None:
            file.unlink(missing_ok=True)
            return
        part = file.with_suffix(f".{os.getpid()}")
        part.write_text(str((moment - datetime.now(UTC)).total_seconds()), "ascii")
        part.replace(file)


def _clock_file(settings: Settings) -> Path:
    """Beside the database, and in no backup: whatever is restored lives by the machine's clock."""
    return settings.instance / "demonstration.clock"


def assemble(settings: Settings, session: AnySession) -> Office:
    """Put an office together from its settings. Raises `BadSetting`, also for a catalogue with a fault."""
    folders = [settings.catalogue_folder] if settings.catalogue_folder else []
    try:
        catalogue = load_catalogue(*map(Path, folders))
    except CatalogueError as error:
        raise BadSetting("catalogue_folder", str(error)) from error
    if fault := offices.faults(settings.concerns_go_to, settings.concerns_then):
        raise BadSetting("concerns_go_to, concerns_then", fault)
    calendar = calendar_of(settings.extra_holidays, settings.holidays_confirmed_through)
    return Office(
        session,
        catalogue,
        calendar,
        settings,
        read_server_key(settings),
        _drafts(settings),
        stretching=Stretching(settings.instance / "stretching.lock"),
        names=Brake(PACE_SECONDS * settings.machines),
        codes=Brake(CODE_PACE_SECONDS * settings.machines),
    )


def _drafts(settings: Settings) -> Engine:
    """Where drafts lie, opened when it is first asked for."""
    return connect_drafts(
        settings.drafts_url, DraftsBase.metadata, OUTGROWN, settings.draft_megabytes, settings.threads
    )


def key_file(settings: Settings) -> Path:
    """Where the server's own key lies: outside the database, readable by its owner alone."""
    return settings.instance / "keys" / "server.key"


def make_server_key(settings: Settings) -> None:
    """Write a new server key, on disk before this returns. An existing one is kept."""
    path = key_file(settings)
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_key_file(path, os.urandom(32))


def write_key_file(path: Path, data: bytes) -> None:
    """Put a file of `keys/` in the place of what was there, its owner's alone, on disk before this returns."""
    part = path.with_suffix(".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    part.rename(path)
    sync_folder(path.parent)


def pin_file(settings: Settings) -> Path:
    """Where the pinned keys lie (`pinning`): outside the database, beside the server's key."""
    return settings.instance / "keys" / "vaults.json"


def write_pins(settings: Settings, held: dict[str, bytes]) -> None:
    """Put these keys in the place of all that are pinned."""
    told = {vault: base64.b64encode(held[vault]).decode() for vault in sorted(held)}
    write_key_file(pin_file(settings), json.dumps(told, indent=1).encode())


def whole_pins(settings: Settings) -> dict[str, bytes]:
    """What the file of pinned keys holds. It is asked with every send, and read when it is another one than before."""
    path = pin_file(settings)
    it = path.stat()
    return dict(_pins(path, it.st_ino, it.st_size, it.st_mtime_ns, it.st_ctime_ns))


@lru_cache(maxsize=8)
def _pins(path: Path, *_which: int) -> dict[str, bytes]:
    return {
        vault: base64.b64decode(public, validate=True)
        for vault, public in json.loads(path.read_text()).items()
    }


def pins_of_one_copy(before: bytes, after: bytes) -> bytes:
    """What the file says to a copy of the database that was made between two looks at it: of a key that was changed
    meanwhile, both, for the copy may hold either.
    """
    old, new = json.loads(before), json.loads(after)
    changed = {
        vault + NEXT: public
        for vault, public in new.items()
        if not vault.endswith(NEXT) and vault in old and old[vault] != public
    }
    told = new | old | {vault: public for vault, public in new.items() if vault.endswith(NEXT)} | changed
    return json.dumps(told, indent=1, sort_keys=True).encode()


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_server_key(settings: Settings) -> ServerKey:
    """The server's own key. Raises `BadSetting` when it is missing or not a key."""
    try:
        return ServerKey(key_file(settings).read_bytes())
    except FileNotFoundError as error:
        raise BadSetting(
            "instance", f"{settings.instance} has not been set up: run `intake init`."
        ) from error
    except (OSError, ValueError) as error:
        raise BadSetting("instance", f"{key_file(settings)} cannot be used. {said(error)}.") from error

"""An SQLite file written anew, so that neither its pages nor its log nor its times tell who came first."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from datetime import time as datetime_time
from pathlib import Path

from sqlalchemy import Engine

from .failures import LONGEST_WAIT_SECONDS, Busy, NotStored
from .sqlite import alone

SHORT_WAIT_SECONDS = 0.5  # for readers to end, while all who write wait behind
TRIES = 3


def rewrite(engine: Engine) -> None:
    """Write an SQLite file anew, in the order of the keys, and empty its log. Nothing else is written meanwhile.

    Pages are taken from the end of a file as rows arrive, so their numbers would tell which row came first.
    Raises `NotStored` when there is no room or no peace for it: soon, for whoever writes waits behind it.
    """
    if engine.dialect.name != "sqlite":
        return
    _check_room_for_another(engine)

    def write() -> None:
        with alone(engine, "lock", LONGEST_WAIT_SECONDS), of_its_own(engine) as cursor:
            _empty_log(cursor)  # first: who reads now would have the whole file written anew in vain
            cursor.execute("PRAGMA temp_store=FILE")  # the copy is as large as the file: not into memory
            cursor.execute("PRAGMA auto_vacuum=INCREMENTAL")  # from now on, so that pages can be moved
            cursor.execute("VACUUM")
            _empty_log(cursor)

    _in_a_few_tries(write)


def empty_log(engine: Engine) -> None:
    """Write the log back and cut it. Raises `NotStored` while somebody reads for long."""

    def empty() -> None:
        with of_its_own(engine) as cursor:
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()  # most of it beside those who write
            with alone(engine, "lock", LONGEST_WAIT_SECONDS):
                _empty_log(cursor)

    _in_a_few_tries(empty)


def empty_log_of_drafts(engine: Engine) -> None:
    """Write the log back and cut it, so that what was deleted lies in it no longer. One that is empty is left alone.

    Raises `NotStored` while somebody keeps reading the file.
    """
    log = Path(f"{engine.url.database}-wal")

    def empty() -> None:
        if size_of(log):
            with of_its_own(engine) as cursor:
                _empty_log(cursor)

    try:
        _in_a_few_tries(empty)
    except Busy as error:
        raise NotStored(f"Somebody keeps {log.name} open, and what was deleted still lies in it.") from error


def _in_a_few_tries(act: Callable[[], None]) -> None:
    """Whoever reads for a moment is waited for, and in between whoever writes has their turn. Raises `Busy`."""
    for left in reversed(range(TRIES)):
        try:
            return act()
        except Busy:
            if not left:
                raise
            time.sleep(SHORT_WAIT_SECONDS / 4)


@contextmanager
def of_its_own(engine: Engine) -> Iterator[sqlite3.Cursor]:
    """A connection that waits for others for a short while only, and is closed at the end."""
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={SHORT_WAIT_SECONDS * 1000:.0f}")
        yield cursor  # type: ignore[misc]  # sqlite's own
    except sqlite3.OperationalError as error:
        raise NotStored from error
    finally:
        connection.invalidate()


def _empty_log(cursor: sqlite3.Cursor) -> None:
    """Raises `Busy` while somebody reads what lies in the log: SQLite does not fail then, it answers that it is."""
    busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise Busy("Somebody reads the database for long, so its log was not emptied. It is tried again.")


def _check_room_for_another(engine: Engine) -> None:
    """Raises `NotStored` without room for the copy and for the log that it is written back through."""
    if not engine.url.database:
        return
    place = Path(engine.url.database)
    size = size_of(place) + size_of(Path(f"{place}-wal"))
    log, copy = place.parent, Path(tempfile.gettempdir())
    together = log.stat().st_dev == copy.stat().st_dev
    for folder, needed in ((log, size * (1 + together)), (copy, size)):
        free = shutil.disk_usage(folder).free
        if free < needed:
            raise NotStored(
                f"There is no room to write the database anew: it needs {_megabytes(needed)} in {folder}, and "
                f"{_megabytes(free)} are free. Until then the file tells in which order cases came in."
            )


def size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # the log goes when the last connection does
        return 0


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MB"


def level_times(engine: Engine, day: date) -> None:
    """Give the files of an SQLite database the beginning of a day for their times: they would tell the last write.

    Between two calls the last write shows, and the system keeps the minute of this call (its change time).
    """
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return
    place = Path(engine.url.database)
    midnight = datetime.combine(day, datetime_time(), tzinfo=UTC).timestamp()
    for path in place.parent.glob(f"{place.stem}.*"):
        with suppress(FileNotFoundError):  # the log goes when the last connection does
            os.utime(path, (midnight, midnight))

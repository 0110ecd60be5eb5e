"""The database engine and the two kinds of transaction.

SQLite's driver begins transactions of its own accord and too late, which loses updates silently; here the
program begins them: `BEGIN` to read, `BEGIN IMMEDIATE` to write, with one lock file around all writers and a
turnstile before it, so that they write in the order in which they came.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, nullcontext, suppress
from datetime import UTC, date, datetime
from datetime import time as datetime_time
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session, scoped_session

type_of_begin = "intake_begin"
expected_revision = "intake_revision"
LONGEST_WAIT_SECONDS = 20
LOOK_AGAIN_SECONDS = 0.0005  # at the lock: by the one who is next, and by nobody else
SHORT_WAIT_SECONDS = 0.5  # for readers to end, while all who write wait behind
TRIES = 3
DRAFTS_PAGE = 8192  # bytes


class NotStored(Exception):
    """The database could not keep what was asked; nothing of it was kept."""

    def __init__(self, words: str = "") -> None:
        super().__init__(
            words or "We could not store this just now. Nothing was kept. Please try again in a few minutes."
        )


class Busy(NotStored):
    """Somebody else is at it; nothing was kept."""


class OlderThanDatabase(NotStored):
    """The database was upgraded while this program ran; nothing was kept, and nothing will be until it is restarted."""

    def __init__(self) -> None:
        super().__init__(
            "This program is not of its database's version: it was upgraded meanwhile. Nothing was kept. Restart "
            "Intake."
        )


def engine_options(url: str, threads: int) -> dict:
    """Options for `create_engine`: bound values never reach a log, and each thread finds a connection."""
    options: dict = {"hide_parameters": True, "pool_size": threads, "max_overflow": 4}
    if url.startswith("sqlite"):
        options["connect_args"] = {"isolation_level": None, "timeout": 30, "check_same_thread": False}
    return options


def connect(url: str, threads: int = 2, *, durable: bool = True) -> Engine:
    """An engine for commands, which have no web framework around them.

    `durable=False` is for invented data alone: a power cut may cost what was acknowledged.
    """
    engine = create_engine(url, **engine_options(url, threads))
    prepare(engine, durable=durable)
    return engine


def prepare(engine: Engine, *, durable: bool = True) -> None:
    """Make an SQLite engine keep what it acknowledged (write-ahead log, synchronous FULL)."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _on_connect(connection, _record) -> None:
        cursor = connection.cursor()
        for pragma in (
            "page_size=8192",  # of a new file: an envelope then fits into its page, which halves what is written
            "journal_mode=WAL",
            "synchronous=FULL" if durable else "synchronous=OFF",
            "foreign_keys=ON",
            "secure_delete=ON",
            "busy_timeout=30000",
            "temp_store=MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get(type_of_begin, "BEGIN"))


def connect_drafts(url: str, tables: Iterable[str], most_megabytes: int, threads: int = 2) -> Engine:
    """An engine for the file of drafts: its tables are made where they are missing, and it never grows beyond
    `most_megabytes`.

    `synchronous=NORMAL`: a power cut may take the last presses, never what was sent. A writer waits for 5 seconds.
    """
    options = engine_options(url, threads)
    options["connect_args"]["timeout"] = 5
    engine = create_engine(url, **options)
    pragmas = (
        f"page_size={DRAFTS_PAGE}",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "secure_delete=ON",
        "temp_store=MEMORY",
        "journal_size_limit=0",
        f"max_page_count={most_megabytes * 1024 * 1024 // DRAFTS_PAGE}",
    )

    @event.listens_for(engine, "connect")
    def _on_connect(connection, _record) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        for table in tables:
            cursor.execute(table)
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


@contextmanager
def drafts_of(engine: Engine) -> Iterator[Connection]:
    """One short transaction on the file of drafts. Raises `NotStored` when it cannot be had or kept."""
    try:
        with engine.begin() as connection:
            yield connection
    except (DBAPIError, sqlite3.Error) as error:
        raise NotStored from error


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


def rewrite(engine: Engine) -> None:
    """Write an SQLite file anew, in the order of the keys, and empty its log. Nothing else is written meanwhile.

    Pages are taken from the end of a file as rows arrive, so their numbers would tell which row came first.
    Raises `NotStored` when there is no room or no peace for it: soon, for whoever writes waits behind it.
    """
    if engine.dialect.name != "sqlite":
        return
    _check_room_for_another(engine)

    def write() -> None:
        with _queue_of_writers(engine), of_its_own(engine) as cursor:
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
            with _queue_of_writers(engine):
                _empty_log(cursor)

    _in_a_few_tries(empty)


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


@contextmanager
def writing(session: Session | scoped_session) -> Iterator[None]:
    """One transaction that writes: all of it is on disk when the block is left, or none. Writers queue for up
    to 20 seconds.

    Raises `NotStored` when the database cannot keep it (disk full, connection lost, lock not had). A broken
    constraint passes through as `IntegrityError`, for the caller who expects it.
    """
    session.rollback()
    engine = session.get_bind()
    with _queue_of_writers(engine):
        try:
            connection = session.connection(execution_options={type_of_begin: "BEGIN IMMEDIATE"})
            _check_revision(connection)
            yield
            session.commit()
        except IntegrityError:
            session.rollback()
            raise
        except DBAPIError as error:
            session.rollback()
            raise NotStored from error
        except BaseException:
            session.rollback()
            raise


def expect_revision(engine: Engine, revision: str) -> None:
    """From now on, each write of this engine first asks whether the database still has this shape."""
    engine.update_execution_options(**{expected_revision: revision})


def _check_revision(connection) -> None:
    wanted = connection.get_execution_options().get(expected_revision)
    if wanted and connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() != wanted:
        raise OlderThanDatabase


@contextmanager
def reading(session: Session | scoped_session) -> Iterator[None]:
    """One transaction that reads: everything in the block is of the same moment."""
    try:
        yield
    finally:
        session.rollback()


def alone(engine: Engine, purpose: str, *, wait_seconds: float | None = None):
    """One at a time for a purpose, among all who use this database, in the order in which they came.

    Raises `Busy` when the others do not end.
    """
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return nullcontext()
    wait_seconds = LONGEST_WAIT_SECONDS if wait_seconds is None else wait_seconds
    return _locked(Path(engine.url.database).with_suffix(f".{purpose}"), wait_seconds)


def _queue_of_writers(engine):
    return alone(engine, "lock")


@contextmanager
def _locked(path: Path, wait_seconds: float) -> Iterator[None]:
    """The lock on a file. Before it stands a turnstile, in which one at a time waits for the lock and all others for
    the turnstile: so whoever gives the lock back and wants it again at once comes after them.

    Both are locks of the kernel's, which takes them back from whoever is killed.
    """
    until = time.monotonic() + wait_seconds
    with _opened(path) as lock:
        with _turnstile(path.with_name(f"{path.name}.turn"), until) if wait_seconds else nullcontext():
            _take_as_the_next(lock, until)
        yield  # closing the file gives the lock back


def _opened(path: Path) -> IO:
    try:
        return path.open("a")
    except OSError as error:
        raise NotStored from error


def _turnstile(path: Path, until: float) -> IO:
    """The turnstile, once it is ours, until it is closed.

    The kernel lets people through as they came, but it waits without end. So a thread waits in our place, and when
    we give up, it closes the turnstile behind itself.
    """
    turnstile = _opened(path)
    ours: Future[IO[Any]] = Future()

    def wait() -> None:
        fcntl.flock(turnstile, fcntl.LOCK_EX)
        if ours.set_running_or_notify_cancel():
            ours.set_result(turnstile)
        else:
            turnstile.close()

    if _free(turnstile):
        return turnstile
    threading.Thread(target=wait, daemon=True).start()
    try:
        return ours.result(until - time.monotonic())
    except TimeoutError as error:
        if ours.cancel():
            raise Busy from error
        return ours.result()  # it came at the last moment


def _take_as_the_next(lock: IO, until: float) -> None:
    """Take the lock; give up with `Busy` when whoever holds it does not move."""
    while not _free(lock):
        if time.monotonic() >= until:
            raise Busy
        time.sleep(LOOK_AGAIN_SECONDS)


def _free(file: IO) -> bool:
    """Whether nobody has the lock on a file; it is ours then."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

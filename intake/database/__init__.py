"""The database engine and the two kinds of transaction: one that reads, of one moment, and one that writes.

What each database needs for it stands in `sqlite`, with its lock file (`turns`) and what is done to its files at night
(`rewriting`), and in `postgresql`, which is loaded where there is one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from types import ModuleType

from sqlalchemy import Connection, Engine, MetaData, Table, create_engine
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session, scoped_session

from . import plain, rewriting, sqlite
from .failures import (
    LONGEST_WAIT_SECONDS,
    Busy,
    NotStored,
    OlderThanDatabase,
    PerhapsStored,
    is_not_now,
    note,
)
from .plain import PlainConnection, inserting
from .rewriting import level_times, rewrite
from .sqlite import DRAFTS_PAGE

__all__ = [
    "DRAFTS_PAGE",
    "LONGEST_WAIT_SECONDS",
    "Busy",
    "NotStored",
    "OlderThanDatabase",
    "PerhapsStored",
    "PlainConnection",
    "alone",
    "check",
    "connect",
    "connect_drafts",
    "drafts_of",
    "empty_log_of_drafts",
    "engine_options",
    "expect_revision",
    "in_words",
    "inserting",
    "leave_no_log",
    "level_times",
    "pages_of_drafts",
    "plainly",
    "prepare",
    "put_draft",
    "reading",
    "rewrite",
    "take_turn",
    "writing",
]

expected_revision = "intake_revision"


def _kind(url_or_engine: str | Engine | Connection) -> ModuleType:
    """What this database needs."""
    name = url_or_engine if isinstance(url_or_engine, str) else url_or_engine.dialect.name
    if name.startswith("sqlite"):
        return sqlite
    from . import postgresql  # where there is none, nothing of it is loaded

    return postgresql


def engine_options(url: str, threads: int) -> dict:
    """Options for `create_engine`: bound values never reach a log, and each thread finds a connection.

    Raises `NotStored` where the database's driver is missing.
    """
    return {"hide_parameters": True} | _kind(url).options(threads)


def connect(url: str, threads: int = 2, *, durable: bool = True) -> Engine:
    """An engine for commands, which have no web framework around them.

    `durable=False` is for invented data alone: a power cut may cost what was acknowledged.
    """
    try:
        engine = create_engine(url, **engine_options(url, threads))
    except ArgumentError as error:
        raise NotStored("`database_url` is no address of a database.") from error
    prepare(engine, durable=durable)
    return engine


def prepare(engine: Engine, *, durable: bool = True) -> None:
    """Make an engine keep what it acknowledged."""
    _kind(engine).prepare(engine, durable=durable)


def check(engine: Engine) -> list[str]:
    """What the database does not keep that it acknowledges, in sentences.

    Raises `NotStored`, in words, where it cannot be reached, takes no changes, or is too old.
    """
    return _kind(engine).check(engine)


def connect_drafts(
    url: str, tables: MetaData, outgrown: Iterable[str], most_megabytes: int, threads: int = 2
) -> Engine:
    """An engine for drafts: its tables are made where they are missing, and `outgrown` ones thrown away."""
    return _kind(url).connect_drafts(url, tables, outgrown, most_megabytes, threads)


@contextmanager
def in_words(engine: Engine) -> Iterator[None]:
    """What goes wrong in the block because the database cannot be had just now is `NotStored`.

    A statement of ours that is wrong, and a broken constraint, pass through.
    """
    try:
        yield
    except (DBAPIError, PoolTimeout, engine.dialect.loaded_dbapi.Error) as error:
        if is_not_now(error):
            raise _not_now(_kind(engine), error) from error
        raise


def _not_now(kind: ModuleType, error: Exception) -> NotStored:
    told: NotStored = kind.failure(error)
    note(error, told)
    return told


@contextmanager
def drafts_of(
    engine: Engine, visit: bytes | None = None, *, reads: bool = False
) -> Iterator[PlainConnection]:
    """One short transaction on the drafts: on those of one visit, one at a time; who only reads waits for nobody.

    Raises `NotStored` when it cannot be had or kept.
    """
    kind = _kind(engine)
    with in_words(engine), plain.transaction(engine, "" if reads else kind.BEGIN_DRAFTS) as connection:
        kind.take_drafts(connection, visit)
        yield connection


def put_draft(engine: Engine, connection: PlainConnection, table: Table, row: dict) -> None:
    """Put a draft in the place of what has the same `lookup`."""
    connection.execute(plain.putting(_kind(engine).insert, table), row)


def pages_of_drafts(engine: Engine, connection: PlainConnection) -> int:
    """How many pages of `DRAFTS_PAGE` bytes the drafts fill."""
    pages: int = connection.say(_kind(engine).PAGES_OF_DRAFTS).fetchone()[0]
    return pages


def leave_no_log(engine: Engine) -> None:
    """Write the log of an SQLite database back and cut it, so that what was written over lies in it no longer. Raises
    `NotStored` while somebody reads for long. PostgreSQL keeps its own.
    """
    if engine.dialect.name == "sqlite":
        rewriting.empty_log(engine)


def empty_log_of_drafts(engine: Engine) -> None:
    """Have what was deleted from the drafts written over, or free to be. Raises `NotStored` where it is being read."""
    kind = _kind(engine)
    (rewriting if kind is sqlite else kind).empty_log_of_drafts(engine)


@contextmanager
def writing(
    session: Session | scoped_session, *, apart: bytes | None = None, by_itself: bool = False
) -> Iterator[None]:
    """One transaction that writes: all of it is on disk when the block is left, or none. Writers queue for up
    to 20 seconds.

    `apart`: it only adds rows, so where the database can, it waits for nobody but whoever says the same. `by_itself`:
    not even those are beside it.
    Raises `NotStored` when the database cannot keep it (disk full, connection lost, lock not had). A broken
    constraint passes through as `IntegrityError`, for the caller who expects it; so does a statement that is wrong.
    """
    session.rollback()
    engine = session.get_bind().engine
    kind, done = _kind(engine), False
    with kind.waiting_to_write(engine, LONGEST_WAIT_SECONDS):
        try:
            connection = kind.begin_to_write(session, apart, by_itself=by_itself)
            _check_revision(connection)
            yield
            session.flush()
            done = True
            session.commit()
        except (DBAPIError, PoolTimeout) as error:
            session.rollback()
            if done and getattr(error, "connection_invalidated", False):
                raise PerhapsStored from error
            if is_not_now(error):
                raise _not_now(kind, error) from error
            raise
        except BaseException:
            session.rollback()
            raise


def plainly(session: Session | scoped_session) -> PlainConnection:
    """Inside of a transaction: the same one, for statements that are put into words once."""
    connection = session.connection()
    return PlainConnection(connection.exec_driver_sql, connection.dialect)


def take_turn(session: Session | scoped_session, purpose: str) -> bool:
    """Inside of a transaction that writes `apart`: wait for whoever does the same beside it, for a purpose. Whether
    anybody can have been beside it, so that what was read before may not be so any more.
    """
    return _kind(session.get_bind()).take_turn(session, purpose)


def expect_revision(engine: Engine, revision: str) -> None:
    """From now on, each write of this engine first asks whether the database still has this shape."""
    engine.update_execution_options(**{expected_revision: revision})


def _check_revision(connection) -> None:
    wanted = connection.get_execution_options().get(expected_revision)
    if wanted and connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() != wanted:
        raise OlderThanDatabase


@contextmanager
def reading(session: Session | scoped_session) -> Iterator[None]:
    """One transaction that reads: everything in the block is of the same moment.

    Raises `NotStored` where the database cannot be asked.
    """
    engine = session.get_bind().engine
    try:
        with in_words(engine):
            _kind(engine).begin_to_read(session)
            yield
    finally:
        session.rollback()


def alone(
    engine: Engine, purpose: str, *, wait_seconds: float | None = None
) -> AbstractContextManager[Callable[[], None]]:
    """One at a time for a purpose, among all who use this database, in the order in which they came. What it gives
    raises `NotStored` once that cannot be relied on any more.

    Raises `Busy` when the others do not end.
    """
    return _kind(engine).alone(
        engine, purpose, LONGEST_WAIT_SECONDS if wait_seconds is None else wait_seconds
    )

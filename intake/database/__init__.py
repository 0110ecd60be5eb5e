"""The database engine and the two kinds of transaction: one that reads, of one moment, and one that writes.

What SQLite needs for it stands in `sqlite`, with its lock file (`turns`) and what is done to its files at night
(`rewriting`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session, scoped_session

from . import sqlite
from .failures import LONGEST_WAIT_SECONDS, Busy, NotStored, OlderThanDatabase
from .rewriting import empty_log_of_drafts, level_times, rewrite
from .sqlite import DRAFTS_PAGE, connect_drafts, prepare

__all__ = [
    "DRAFTS_PAGE",
    "LONGEST_WAIT_SECONDS",
    "Busy",
    "NotStored",
    "OlderThanDatabase",
    "alone",
    "connect",
    "connect_drafts",
    "drafts_of",
    "empty_log_of_drafts",
    "engine_options",
    "expect_revision",
    "level_times",
    "prepare",
    "reading",
    "rewrite",
    "writing",
]

expected_revision = "intake_revision"


def engine_options(url: str, threads: int) -> dict:
    """Options for `create_engine`: bound values never reach a log, and each thread finds a connection."""
    options: dict = {"hide_parameters": True, "pool_size": threads, "max_overflow": 4}
    if url.startswith("sqlite"):
        options |= sqlite.OPTIONS
    return options


def connect(url: str, threads: int = 2, *, durable: bool = True) -> Engine:
    """An engine for commands, which have no web framework around them.

    `durable=False` is for invented data alone: a power cut may cost what was acknowledged.
    """
    engine = create_engine(url, **engine_options(url, threads))
    prepare(engine, durable=durable)
    return engine


@contextmanager
def drafts_of(engine: Engine, begin: str = "BEGIN IMMEDIATE") -> Iterator[Connection]:
    """One short transaction on the file of drafts; who only reads begins with `BEGIN`, and waits for nobody.

    Raises `NotStored` when it cannot be had or kept.
    """
    try:
        with engine.execution_options(**{sqlite.type_of_begin: begin}).begin() as connection:
            yield connection
    except (DBAPIError, sqlite3.Error) as error:
        raise NotStored from error


@contextmanager
def writing(session: Session | scoped_session) -> Iterator[None]:
    """One transaction that writes: all of it is on disk when the block is left, or none. Writers queue for up
    to 20 seconds.

    Raises `NotStored` when the database cannot keep it (disk full, connection lost, lock not had). A broken
    constraint passes through as `IntegrityError`, for the caller who expects it.
    """
    session.rollback()
    engine = session.get_bind().engine
    with alone(engine, "lock"):
        try:
            connection = session.connection(execution_options={sqlite.type_of_begin: "BEGIN IMMEDIATE"})
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
    if engine.dialect.name != "sqlite":
        return nullcontext()
    return sqlite.alone(engine, purpose, LONGEST_WAIT_SECONDS if wait_seconds is None else wait_seconds)

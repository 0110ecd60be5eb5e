"""SQLite, in the instance folder.

Its driver begins transactions of its own accord and too late, which loses updates silently; here the program begins
them: `BEGIN` to read, `BEGIN IMMEDIATE` to write, with one lock file around all writers and a turnstile before it, so
that they write in the order in which they came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, create_engine, event
from sqlalchemy.dialects.sqlite import insert as insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, scoped_session
from sqlalchemy.schema import CreateIndex, CreateTable

from . import turns
from .failures import NotStored
from .plain import PlainConnection

type_of_begin = "intake_begin"
DRAFTS_PAGE = 8192  # bytes
BEGIN_DRAFTS = "BEGIN IMMEDIATE"
PAGES_OF_DRAFTS = "SELECT page_count - freelist_count FROM pragma_page_count(), pragma_freelist_count()"
CONNECT = {"isolation_level": None, "timeout": 30, "check_same_thread": False}
WORDS = {
    "SQLITE_CANTOPEN": "Its file cannot be opened: look at the folder and its rights.",
    "SQLITE_CORRUPT": "Its file is damaged: tell your administrator, and put back a backup.",
    "SQLITE_FULL": "Its disk is full: tell your administrator.",
    "SQLITE_IOERR": "Its disk refuses: tell your administrator.",
    "SQLITE_NOTADB": "Its file is no database of SQLite's.",
    "SQLITE_READONLY": "Its file takes no changes: look at its rights and those of its folder.",
}


def options(threads: int) -> dict[str, Any]:
    """For `create_engine`."""
    return {"pool_size": threads, "max_overflow": 4, "connect_args": CONNECT}


def prepare(engine: Engine, *, durable: bool = True) -> None:
    """Make an engine keep what it acknowledged (write-ahead log, synchronous FULL)."""

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


def check(engine: Engine) -> list[str]:
    """Nothing: what SQLite keeps is set with each connection."""
    place = engine.url.database or ":memory:"
    try:
        with engine.connect().execution_options(**{type_of_begin: "BEGIN IMMEDIATE"}) as connection:
            connection.exec_driver_sql("SELECT 1 FROM sqlite_schema").all()
    except DBAPIError as error:
        if _name(error) != "SQLITE_BUSY":  # somebody writes: then one can
            raise NotStored(
                f"The database {place} cannot be used.", why=WORDS.get(_name(error), "")
            ) from error
    return []


def waiting_to_write(engine: Engine, wait_seconds: float) -> AbstractContextManager:
    """The turn among all writers, before the transaction begins."""
    return alone(engine, "lock", wait_seconds)


def begin_to_write(session: Session | scoped_session, _apart: bytes | None, *, by_itself: bool) -> Connection:
    """Whoever has the turn is by itself, whatever was asked for."""
    return session.connection(execution_options={type_of_begin: "BEGIN IMMEDIATE"})


def begin_to_read(_session: Session | scoped_session) -> None:
    """Nothing: a transaction begins with its first statement."""


def take_turn(_session: Session | scoped_session, _purpose: str) -> bool:
    """Nobody is beside whoever writes."""
    return False


def take_drafts(_connection: PlainConnection, _visit: bytes | None) -> None:
    """Nobody is beside whoever writes here either."""


def failure(error: Exception) -> NotStored:
    """What went wrong, in words."""
    return NotStored(why=WORDS.get(_name(error), ""))


def _name(error: Exception) -> str:
    """SQLite's own name of an error, without what it says beyond."""
    return "_".join(getattr(getattr(error, "orig", error), "sqlite_errorname", "").split("_")[:2])


def connect_drafts(
    url: str, tables: MetaData, outgrown: Iterable[str], most_megabytes: int, threads: int
) -> Engine:
    """Drafts lie in a file of their own, which never grows beyond `most_megabytes`.

    `synchronous=NORMAL`: a power cut may take the last presses, never what was sent. A writer waits for 5 seconds.
    """
    waits = {"connect_args": CONNECT | {"timeout": 5}}
    engine = create_engine(url, hide_parameters=True, **options(threads) | waits)
    made: list[CreateTable | CreateIndex] = [
        CreateTable(table, if_not_exists=True) for table in tables.sorted_tables
    ]
    made += [
        CreateIndex(index, if_not_exists=True) for table in tables.sorted_tables for index in table.indexes
    ]
    statements = [f"DROP TABLE IF EXISTS {name}" for name in outgrown]
    statements += [str(statement.compile(dialect=engine.dialect)) for statement in made]
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
        for statement in statements:
            cursor.execute(statement)
        cursor.close()

    return engine


@contextmanager
def alone(engine: Engine, purpose: str, wait_seconds: float) -> Iterator[Callable[[], None]]:
    """The lock file of a purpose, beside the database, which nobody loses. Raises `Busy` when the others do not end."""
    if not engine.url.database:
        yield lambda: None
        return
    with turns.locked(Path(engine.url.database).with_suffix(f".{purpose}"), wait_seconds):
        yield lambda: None

"""SQLite, in the instance folder.

Its driver begins transactions of its own accord and too late, which loses updates silently; here the program begins
them: `BEGIN` to read, `BEGIN IMMEDIATE` to write, with one lock file around all writers and a turnstile before it, so
that they write in the order in which they came.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from sqlalchemy import Engine, create_engine, event

from . import turns

type_of_begin = "intake_begin"
DRAFTS_PAGE = 8192  # bytes
OPTIONS = {"connect_args": {"isolation_level": None, "timeout": 30, "check_same_thread": False}}


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
    waits = {"connect_args": OPTIONS["connect_args"] | {"timeout": 5}}
    engine = create_engine(url, hide_parameters=True, pool_size=threads, max_overflow=4, **waits)
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
        connection.exec_driver_sql(connection.get_execution_options().get(type_of_begin, "BEGIN IMMEDIATE"))

    return engine


def alone(engine: Engine, purpose: str, wait_seconds: float) -> AbstractContextManager[None]:
    """The lock file of a purpose, beside the database. Raises `Busy` when the others do not end."""
    if not engine.url.database:
        return nullcontext()
    return turns.locked(Path(engine.url.database).with_suffix(f".{purpose}"), wait_seconds)

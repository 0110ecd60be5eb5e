"""Somebody at work in the database itself, whichever it is, past our program and our triggers."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

from sqlalchemy import create_engine, inspect

from intake import config

TRIGGERS = ("journal_no_update", "journal_no_delete")


class Hand:
    """Takes statements with question marks for values."""

    def __init__(self, connection, sign: str) -> None:
        self._connection, self._sign = connection, sign

    def execute(self, statement: str, values: tuple = ()):
        if self._sign != "?" and values:
            statement = statement.replace("%", "%%").replace("?", self._sign)
        return self._connection.execute(statement, values)


def by_hand(instance: Path) -> AbstractContextManager[Hand]:
    """In the database of an instance; all of the block is committed at its end."""
    return _at(config.load(instance).url)


def in_the_drafts(instance: Path) -> AbstractContextManager[Hand]:
    """Where the drafts of an instance lie."""
    return _at(config.load(instance).drafts_url)


def uploads_of(instance: Path) -> list[bytes]:
    """What waits between two pages, as it lies there."""
    if config.load(instance).url.startswith("sqlite"):
        return [path.read_bytes() for path in (instance / "uploads").glob("*")]
    with in_the_drafts(instance) as connection:
        if connection.execute("SELECT to_regclass('kept_uploads')").fetchone() == (None,):
            return []  # nobody has asked for drafts yet
        return [sealed for (sealed,) in connection.execute("SELECT sealed FROM kept_uploads").fetchall()]


@contextmanager
def _at(url: str) -> Iterator[Hand]:
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection, connection:
            for trigger in TRIGGERS:
                connection.execute(f"DROP TRIGGER IF EXISTS {trigger}")
            yield Hand(connection, "?")
        return
    import psycopg  # here: stories of SQLite alone need no driver

    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("SET session_replication_role = replica")  # no trigger, no reference
        yield Hand(connection, "%s")


def tables_of(instance: Path) -> dict[str, list[str]]:
    """The columns of every table."""
    engine = create_engine(config.load(instance).url)
    with engine.connect() as connection:
        asked = inspect(connection)
        found = {name: [one["name"] for one in asked.get_columns(name)] for name in asked.get_table_names()}
    engine.dispose()
    return found

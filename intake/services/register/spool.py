"""The rows of an import, spooled in the form in which the database's driver takes them.

What a transaction does while everybody else waits is then the writing alone.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any

from sqlalchemy import Connection, Dialect, Table

from intake.database import inserting

CACHE_KIB = 128 * 1024
_Told = list[Any]  # rows as a driver takes them


class Spool:
    """Rows of some tables on their way to the database. The file has no name and ends with the import."""

    def __init__(self, file: IO[bytes], dialect: Dialect, tables: Iterable[Table]) -> None:
        self.file = file
        self.shapes = {table.name: inserting(table, dialect) for table in tables}

    def put(self, filled: Mapping[str, list[dict[str, object]]]) -> None:
        """Rows by table, in the order in which they are to be written."""
        told = {name: [self.shapes[name].told(row) for row in rows] for name, rows in filled.items() if rows}
        if told:
            pickle.dump(told, self.file)

    def write(self, connection: Connection) -> None:
        """Write everything, inside the caller's transaction."""
        with _room_in_memory(connection):
            self.file.seek(0)
            while filled := self._next():
                for name, shape in self.shapes.items():
                    if rows := filled.get(name):
                        connection.exec_driver_sql(shape.words, rows)

    def _next(self) -> dict[str, _Told]:
        try:
            told: dict[str, _Told] = pickle.load(self.file)  # noqa: S301 - ours, in a file without a name
        except EOFError:
            return {}
        return told


@contextmanager
def _room_in_memory(connection: Connection) -> Iterator[None]:
    """SQLite keeps more pages while it writes: with its usual 2 MB it reads and writes the same ones over."""
    if connection.dialect.name != "sqlite":
        yield
        return
    connection.exec_driver_sql(f"PRAGMA cache_size=-{CACHE_KIB}")
    try:
        yield
    finally:
        connection.exec_driver_sql("PRAGMA cache_size=-2000")  # SQLite's own

"""Drafts, past SQLAlchemy: they are asked for with every page of a report, and it took four fifths of the time.

Statements are still written in its language; each is put into the database's own words once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any, cast

from sqlalchemy import Dialect, Engine, Table, bindparam
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ClauseElement


class DraftsConnection:
    """A connection in one transaction. Statements are constants of their file: what is put into words stays so."""

    def __init__(self, cursor, dialect: Dialect) -> None:
        self._cursor, self._dialect = cursor, dialect

    def execute(self, statement: ClauseElement, values: Mapping[str, Any] | None = None):
        """The driver's cursor, whose rows are tuples."""
        words, order, fixed = _in_words(statement, self._dialect)
        given = fixed | dict(values or {})
        return self._cursor.execute(words, given if order is None else [given[name] for name in order])

    def scalar(self, statement: ClauseElement, values: Mapping[str, Any] | None = None):
        """The first column of the first row, or None."""
        row = self.execute(statement, values).fetchone()
        return row and row[0]

    def scalars(self, statement: ClauseElement, values: Mapping[str, Any] | None = None) -> list[Any]:
        """The first column of all rows."""
        return [row[0] for row in self.execute(statement, values).fetchall()]

    def say(self, words: str):
        """A statement in the database's own words."""
        return self._cursor.execute(words)


@contextmanager
def transaction(engine: Engine, begin: str = "") -> Iterator[DraftsConnection]:
    """One transaction. Raises what the driver raises."""
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        if begin:
            cursor.execute(begin)
        yield DraftsConnection(cursor, engine.dialect)
        connection.commit()
    except engine.dialect.loaded_dbapi.Error as error:
        # One that only met a full disk is kept: another could not be opened there, and so nothing be read.
        if engine.dialect.is_disconnect(error, connection.driver_connection, None):
            connection.invalidate()
        raise
    finally:
        connection.close()  # which takes back what was not kept


@cache
def _in_words(statement: ClauseElement, dialect: Dialect) -> tuple[str, list[str] | None, dict[str, Any]]:
    """The words, the order of its values where they have no names, and those that never change."""
    compiled = cast(SQLCompiler, statement.compile(dialect=dialect))
    fixed = {name: bound.value for name, bound in compiled.binds.items() if not bound.required}
    return str(compiled), compiled.positiontup, fixed


@cache
def putting(insert: Callable, table: Table) -> ClauseElement:
    """A statement that puts a row in the place of what has the same `lookup`, in one database's way to insert."""
    written = insert(table).values({column.name: bindparam(column.name) for column in table.columns})
    new = {column.name: written.excluded[column.name] for column in table.columns}
    put: ClauseElement = written.on_conflict_do_update(index_elements=["lookup"], set_=new)
    return put

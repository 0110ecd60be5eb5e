"""Plain statements: those that are asked with every page of a report and with every send.

SQLAlchemy took most of their time. They are still written in its language; each is put into the database's own words
once, and values are told to the driver as SQLAlchemy tells them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, cast

from sqlalchemy import Dialect, Engine, LargeBinary, Table, bindparam
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ClauseElement
from sqlalchemy.types import TypeEngine

Row = Mapping[str, Any]
Told = tuple[Any, ...] | dict[str, Any]  # the values of a statement, as a driver takes them
_Telling = Callable[[Any], Any] | None


class PlainConnection:
    """A connection in one transaction. Statements are constants of their file: what is put into words stays so.

    `ask` takes words and values: a driver's cursor does, and so does SQLAlchemy, past its language.
    """

    def __init__(self, ask: Callable[..., Any], dialect: Dialect) -> None:
        self._ask, self._dialect = ask, dialect

    def execute(self, statement: ClauseElement, values: Row | None = None):
        """What `ask` answers. Days and moments are read as the database keeps them."""
        asked = _in_words(statement, self._dialect)
        return self._ask(asked.words, asked.told(asked.fixed | dict(values or {})))

    def scalar(self, statement: ClauseElement, values: Row | None = None):
        """The first column of the first row, or None."""
        row = self.execute(statement, values).fetchone()
        return row and row[0]

    def scalars(self, statement: ClauseElement, values: Row | None = None) -> list[Any]:
        """The first column of all rows."""
        return [row[0] for row in self.execute(statement, values).fetchall()]

    def say(self, words: str):
        """A statement in the database's own words."""
        return self._ask(words)

    def put(self, table: Table, rows: Sequence[Row]) -> None:
        """Put rows into a table, each with all of its columns. A driver's own cursor takes no such list."""
        written = inserting(table, self._dialect)
        self._ask(written.words, [written.told(row) for row in rows])


@contextmanager
def transaction(engine: Engine, begin: str = "") -> Iterator[PlainConnection]:
    """One transaction. Raises what the driver raises."""
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        if begin:
            cursor.execute(begin)
        yield PlainConnection(cursor.execute, engine.dialect)
        connection.commit()
    except engine.dialect.loaded_dbapi.Error as error:
        # One that only met a full disk is kept: another could not be opened there, and so nothing be read.
        if engine.dialect.is_disconnect(error, connection.driver_connection, None):
            connection.invalidate()
        raise
    finally:
        connection.close()  # which takes back what was not kept


class InWords:
    """A statement in a database's own words."""

    def __init__(self, compiled: SQLCompiler, dialect: Dialect) -> None:
        self.words = str(compiled)
        self.fixed = {name: bound.value for name, bound in compiled.binds.items() if not bound.required}
        self._by_name = compiled.positiontup is None
        self._values = [
            (name, _telling(compiled.binds[name].type, dialect))
            for name in compiled.positiontup or compiled.binds
        ]

    def told(self, values: Row) -> Told:
        """Its values, as the driver takes them."""
        if self._by_name:
            return {name: tell(values[name]) if tell else values[name] for name, tell in self._values}
        return tuple([tell(values[name]) if tell else values[name] for name, tell in self._values])


def _telling(kind: TypeEngine[Any], dialect: Dialect) -> _Telling:
    if isinstance(getattr(kind, "impl", kind), LargeBinary):
        return None  # no driver needs the wrapping that it would be given, and it can be put aside nowhere
    return kind.dialect_impl(dialect).bind_processor(dialect)


@cache
def _in_words(statement: ClauseElement, dialect: Dialect) -> InWords:
    return InWords(cast(SQLCompiler, statement.compile(dialect=dialect)), dialect)


@cache
def inserting(table: Table, dialect: Dialect) -> InWords:
    """A statement that puts a row into a table, with all of its columns."""
    compiled = table.insert().compile(dialect=dialect, column_keys=list(table.columns.keys()))
    return InWords(compiled, dialect)


@cache
def putting(insert: Callable, table: Table) -> ClauseElement:
    """A statement that puts a row in the place of what has the same `lookup`, in one database's way to insert."""
    written = insert(table).values({column.name: bindparam(column.name) for column in table.columns})
    new = {column.name: written.excluded[column.name] for column in table.columns}
    put: ClauseElement = written.on_conflict_do_update(index_elements=["lookup"], set_=new)
    return put

"""Copying the rows of one database into another, SQLite or PostgreSQL, and taking a print of what lies in each.

The tables are read from the databases themselves, so that a shape older than this program's is copied too. Rows go in
the order of their keys: nothing in the copy tells who came first.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Inspector,
    MetaData,
    PrimaryKeyConstraint,
    Row,
    Table,
    create_engine,
    event,
    func,
    inspect,
    select,
)

from intake.database import NotStored
from intake.models import OUTGROWN, DraftsBase

if TYPE_CHECKING:
    import psycopg

SHAPE = "alembic_version"  # which shape it is: migrations write it, and nobody copies it
LEFT_OUT = {SHAPE, *DraftsBase.metadata.tables, *OUTGROWN}  # what nobody has sent yet is in no copy
AT_ONCE = 200  # rows in memory


@dataclass(frozen=True)
class Print:
    """How many rows a table has, and the sum of their hashes, which no order changes."""

    rows: int
    hashes: int


AnyRow = Row[*tuple[Any, ...]]
Tell = Callable[[str, int, int], None]  # of a table: its name, rows copied, rows in all


@contextmanager
def one_moment(engine: Engine, *, alone: bool = False) -> Iterator[Connection]:
    """A connection that sees the database as it is now, whatever others write meanwhile.

    `alone`: on PostgreSQL nobody writes meanwhile, on whatever machine; whoever would, waits.
    """
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            without_hurry(connection)
            if alone and engine.dialect.name == "postgresql":
                names = ", ".join(f'"{table.name}"' for table in tables_of(engine))
                connection.exec_driver_sql(
                    f"LOCK TABLE {names} IN SHARE MODE"
                )  # before anything is looked at
            yield connection


def without_hurry(connection: Connection) -> None:
    """A copy may take longer than anybody else may keep a transaction of PostgreSQL open."""
    if connection.dialect.name == "postgresql":
        for bound in ("statement_timeout", "idle_in_transaction_session_timeout"):
            connection.exec_driver_sql(f"SET LOCAL {bound} = 0")


@contextmanager
def new_file(place: Path) -> Iterator[Engine]:
    """A new SQLite file, to be thrown away where anything fails: it keeps no log, and takes its own room alone."""
    engine = create_engine(f"sqlite:///{place}", hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _on_connect(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in ("page_size=8192", "journal_mode=OFF", "synchronous=OFF", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")

    try:
        yield engine
    finally:
        engine.dispose()


def tables_of(place: Engine | Connection) -> list[Table]:
    """Every table with rows to copy, with its columns and its key: first those to which others refer."""
    asked = inspect(place)
    names = [name for name, _ in asked.get_sorted_table_and_fkc_names() if name]
    return [_table(asked, name) for name in names if name not in LEFT_OUT]


def _table(asked: Inspector, name: str) -> Table:
    columns = [Column(one["name"], one["type"]) for one in asked.get_columns(name)]
    key = PrimaryKeyConstraint(*asked.get_pk_constraint(name)["constrained_columns"])
    return Table(name, MetaData(), *columns, key)


def copy(source: Connection, target: Connection, tell: Tell = lambda *_: None) -> dict[str, Print]:
    """Copy every row into the tables of an empty database of the same shape, inside the caller's transactions.

    Returns the prints of what was read, by table. Raises `NotStored`, which names the table.
    """
    write = _write_to_postgresql if target.dialect.name == "postgresql" else _write_to_sqlite
    into, prints = {table.name: table for table in tables_of(target)}, {}
    for table in tables_of(source):
        taking = _Taking(source, table, tell)
        write(target, into[table.name], taking)
        prints[table.name] = taking.print
    return prints


def prints_of(connection: Connection) -> dict[str, Print]:
    """The prints of every table, by name."""
    prints = {}
    for table in tables_of(connection):
        taking = _Taking(connection, table)
        for _ in taking:
            pass
        prints[table.name] = taking.print
    return prints


class _Taking:
    """The rows of a table in the order of their keys, a few at once; and, when they have gone by, their print."""

    def __init__(self, connection: Connection, table: Table, tell: Tell = lambda *_: None) -> None:
        self._connection, self._table, self._tell = connection, table, tell
        self.print = Print(0, 0)

    def __iter__(self) -> Iterator[list[AnyRow]]:
        table, rows, hashes = self._table, 0, 0
        expected = self._connection.scalar(select(func.count()).select_from(table)) or 0
        query = select(table).order_by(*table.primary_key.columns)
        for part in self._connection.execute(query, execution_options={"yield_per": AT_ONCE}).partitions():
            yield list(part)
            rows += len(part)
            hashes = (hashes + sum(map(_hash, part))) % 2**256
            self.print = Print(rows, hashes)
            self._tell(table.name, rows, expected)


def _hash(row: AnyRow) -> int:
    return int.from_bytes(hashlib.sha256(repr(tuple(row)).encode("utf-8", "surrogatepass")).digest())


def _write_to_sqlite(target: Connection, table: Table, parts: Iterable[list[AnyRow]]) -> None:
    target.exec_driver_sql("PRAGMA defer_foreign_keys=ON")  # a theme may have been merged into a later one
    for part in parts:
        target.execute(table.insert(), [dict(row._mapping) for row in part])


def _write_to_postgresql(target: Connection, table: Table, parts: Iterable[list[AnyRow]]) -> None:
    """One COPY a table: references are looked at when it ends."""
    quote, columns = target.dialect.identifier_preparer.quote, list(table.columns.keys())
    into = f"COPY {quote(table.name)} ({', '.join(map(quote, columns))}) FROM STDIN"
    driver = cast("psycopg.Connection", target.connection.dbapi_connection)
    try:
        with driver.cursor() as cursor, cursor.copy(into.encode()) as wire:
            for part in parts:
                for row in part:
                    wire.write_row([row._mapping[name] for name in columns])
    except cast(Any, target.dialect.dbapi).Error as error:
        raise NotStored(f"{table.name}: {error}") from error

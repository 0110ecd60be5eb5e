"""Hides in which order the cases of a day came in, from whoever sees the bytes of a file (PostgreSQL: `key_order`).

Three things tell it: where a row lies inside its page, how rows were divided into pages, and the pages' numbers, which
are taken from the end of the file as rows arrive. A small file is written anew. In a large one only what came in is
touched, a little at a time, so that whoever writes meanwhile has their turn:

1. The rows of the day's cases, and of the cases beside them, are taken out and put back in the order of their keys.
   Keys begin with the day, so that the rows of a day lie together and are laid out anew as a whole.
2. The pages that were taken since the night before are the last of the file. Before them lie spare ones, rows of zeros.
   These are given up in an order drawn by lot; SQLite moves the last pages of the file, whatever they hold, into the
   gaps in that order, and cuts the file. New spare ones are put at its end.

After each transaction the file holds the same rows as before, so whoever is killed here loses nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, Table

from . import key_order
from .failures import LONGEST_WAIT_SECONDS
from .rewriting import empty_log, of_its_own, rewrite, size_of
from .sqlite import alone

SMALL = 32 * 1024 * 1024  # bytes: so much is written anew in a fraction of a second
SPARE = 1024  # pages: of a day that takes more, the last ones alone change places
TOGETHER = 150  # rows of `cases`, or a few more, in one transaction
BESIDE = 10  # cases before and after each
BESIDE_ALL = 75  # cases before the first and after the last of a transaction
GAPS_TOGETHER = 200  # filled in one transaction
# Looked up by what does not begin with the day.
RANDOM = (
    ("cases", "reference"),
    ("cases", "substr(reference, 5)"),
    ("receipts", "lookup"),
    ("records", "press"),
)


def hide_order(engine: Engine, tables: Sequence[Table], cases: Collection[str]) -> None:
    """Leave nothing on the disk that tells in which order these cases came in, or their holders wrote.

    Can be called again after it failed or was killed. Raises `NotStored` when there is no room or no peace for it.
    """
    if engine.dialect.name != "sqlite":
        return key_order.lay(engine, tables, cases)
    if _is_small(engine):
        return rewrite(engine)
    if not _has_spare(engine):
        return prepare(engine)
    empty_log(engine)  # first: while somebody reads for long, all of it would be in vain
    with _at_night(engine) as cursor:
        for table, value in RANDOM:
            _put_in_random_order(engine, cursor, table, value, cases)
        left = sorted(cases)
        while left:
            with _transaction(engine, cursor):
                _choose_with_those_beside(cursor, left)
                _put_in_order(cursor, _tables(cursor))
    fill_gaps(engine)
    with _at_night(engine) as cursor, _transaction(engine, cursor):
        _move_last_pages(cursor)
    empty_log(engine)


def prepare(engine: Engine) -> None:
    """Once, for an SQLite file that is no longer small: it is written anew, with spare pages. Whoever writes meanwhile
    waits, or is refused: at 32 MB for a moment; a larger one of an earlier version is prepared by its upgrade.

    Raises `NotStored` when there is no room or no peace for it.
    """
    if engine.dialect.name != "sqlite" or _is_small(engine) or _has_spare(engine):
        return
    rewrite(engine)
    _make_spare(engine)


def fill_gaps(engine: Engine) -> None:
    """Fill what is free inside a large SQLite file with spare pages: what arrives then lies at its end."""
    if engine.dialect.name != "sqlite" or not _has_spare(engine):
        return
    with _at_night(engine) as cursor:
        while gaps := cursor.execute("PRAGMA freelist_count").fetchone()[0]:
            with _transaction(engine, cursor):
                _add_spare(cursor, min(1 + gaps * 3 // 4, GAPS_TOGETHER))


def clear_away(engine: Engine, tables: Sequence[Table], *, at_once: bool) -> bool:
    """Write the files of these tables anew, so that nothing of a row that was deleted is left in them: neither in free
    pages nor beside rows that stay. Whoever writes meanwhile waits, or is refused; so where they are large nothing is
    done but `at_once`. Returns whether it was done.

    Raises `NotStored` when there is no room or no peace for it.
    """
    if engine.dialect.name != "sqlite":
        return key_order.clear_away(engine, tables, small=SMALL, at_once=at_once)
    if not at_once and not _is_small(engine):
        return False
    rewrite(engine)
    return True


def _is_small(engine: Engine) -> bool:
    place = Path(engine.url.database or "")
    return not place.is_file() or size_of(place) + size_of(place.with_name(f"{place.name}-wal")) < SMALL


@contextmanager
def _at_night(engine: Engine) -> Iterator[sqlite3.Cursor]:
    with of_its_own(engine) as cursor:
        cursor.execute("PRAGMA foreign_keys=OFF")  # a case, and what names it, are out for a moment
        cursor.execute("PRAGMA cache_size=-65536")  # kB: else pages go to the log more than once
        cursor.execute("PRAGMA wal_autocheckpoint=0")
        yield cursor


@contextmanager
def _transaction(engine: Engine, cursor: sqlite3.Cursor) -> Iterator[None]:
    """A turn among those who write. What fails in it is taken back when the connection is closed."""
    with alone(engine, "lock", LONGEST_WAIT_SECONDS):
        cursor.execute("BEGIN IMMEDIATE")
        yield
        cursor.execute("COMMIT")
    cursor.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()  # nobody waits for it


def _put_in_random_order(
    engine: Engine, cursor: sqlite3.Cursor, table: str, value: str, cases: Collection[str]
) -> None:
    """Where rows are looked up by something random, those of one page came on one day by chance: they go together."""
    case = "id" if table == "cases" else "case_id"
    of_case = f'SELECT {value} FROM "{table}" WHERE "{case}" = ? AND {value} IS NOT NULL'  # noqa: S608
    values = sorted((by, key) for key in cases for (by,) in cursor.execute(of_case, (key,)).fetchall())
    left = list(dict.fromkeys(key for _, key in values))
    while left:
        now, left = left[:TOGETHER], left[TOGETHER:]
        with _transaction(engine, cursor):
            cursor.execute("CREATE TEMP TABLE chosen (key PRIMARY KEY) WITHOUT ROWID")
            cursor.executemany("INSERT INTO temp.chosen VALUES (?)", ((key,) for key in now))
            _put_in_order(cursor, {table: case})


def _choose_with_those_beside(cursor: sqlite3.Cursor, left: list[str]) -> None:
    """Take the first cases from those that are left, for one transaction."""
    cursor.execute("CREATE TEMP TABLE chosen (key PRIMARY KEY) WITHOUT ROWID")

    def choose(case: str, beside: int) -> None:
        for side in ("id <= ? ORDER BY id DESC", "id > ? ORDER BY id"):
            cases = f"SELECT id FROM (SELECT id FROM cases WHERE {side} LIMIT ?)"  # noqa: S608
            cursor.execute(f"INSERT OR IGNORE INTO temp.chosen {cases}", (case, beside + 1))

    first = last = left[0]
    while left and cursor.execute("SELECT count(*) FROM temp.chosen").fetchone()[0] < TOGETHER:
        choose(last := left.pop(0), BESIDE)
    choose(first, BESIDE_ALL)
    choose(last, BESIDE_ALL)


def _put_in_order(cursor: sqlite3.Cursor, tables: Mapping[str, str]) -> None:
    """Take out all rows that were chosen, by a column of each table, and put them back in the order of the keys."""
    out = {}
    for table, column in tables.items():
        chosen = f'FROM main."{table}" WHERE "{column}" IN (SELECT key FROM temp.chosen)'  # noqa: S608
        cursor.execute(f'CREATE TEMP TABLE "out_{table}" AS SELECT * {chosen}')
        out[table] = cursor.execute(f"DELETE {chosen}").rowcount
    for table in tables:
        key = cursor.execute(
            "SELECT name FROM pragma_table_info(?) WHERE pk ORDER BY pk", (table,)
        ).fetchall()
        order = ", ".join(f'"{name}"' for (name,) in key)
        cursor.execute(f'INSERT INTO main."{table}" SELECT * FROM temp."out_{table}" ORDER BY {order}')  # noqa: S608
        if cursor.rowcount != out[table]:
            raise RuntimeError(
                f"{out[table]} rows of {table} were taken out, and {cursor.rowcount} put back."
            )
        cursor.execute(f'DROP TABLE temp."out_{table}"')
    cursor.execute("DROP TABLE temp.chosen")


def _tables(cursor: sqlite3.Cursor) -> dict[str, str]:
    """Every table whose rows lie in the order of their keys and name a case, and the column that does."""
    of_cases = cursor.execute(
        "SELECT t.name FROM pragma_table_list t JOIN pragma_table_info(t.name) c ON c.name = 'case_id' "
        "WHERE t.schema = 'main' AND t.wr"
    )
    return {"cases": "id"} | {table: "case_id" for (table,) in of_cases.fetchall()}


def _has_spare(engine: Engine) -> bool:
    with of_its_own(engine) as cursor:
        return bool(cursor.execute("SELECT 1 FROM sqlite_schema WHERE name = 'spare'").fetchone())


def _make_spare(engine: Engine) -> None:
    with _at_night(engine) as cursor, _transaction(engine, cursor):
        cursor.execute("CREATE TABLE spare (number INTEGER PRIMARY KEY, zeros BLOB NOT NULL)")
        _add_spare(cursor, SPARE)


def _add_spare(cursor: sqlite3.Cursor, pages: int) -> None:
    """Each row fills one page to its last byte, where something else lay before, and a part of one that it shares."""
    size = cursor.execute("PRAGMA page_size").fetchone()[0]
    shared = (size - 12) * 32 // 255 - 23  # bytes, as the format of the file has it
    row = shared + size - 4
    cursor.execute(
        "WITH RECURSIVE page(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM page LIMIT ?) "
        "INSERT INTO spare (zeros) SELECT zeroblob(?) FROM page",
        (pages, row - 5),  # of the row's head
    )


def _move_last_pages(cursor: sqlite3.Cursor) -> None:
    """The lot is drawn now: one that lay in the file could be read in a copy of yesterday."""
    given_up = cursor.execute("SELECT number FROM spare ORDER BY random() LIMIT ?", (SPARE,)).fetchall()
    cursor.executemany("DELETE FROM spare WHERE number = ?", given_up)
    while cursor.execute("PRAGMA freelist_count").fetchone()[0]:
        cursor.execute("PRAGMA incremental_vacuum")  # one page: Python's driver does not step on
    (kept,) = cursor.execute("SELECT count(*) FROM spare").fetchone()
    if kept < SPARE:
        _add_spare(cursor, SPARE - kept)

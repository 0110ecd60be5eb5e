"""PostgreSQL: the rows of some cases laid anew in the order of their keys, and so in no order of arrival.

A row's place (ctid), the transaction that wrote it (xmin) and the number of a long value (TOAST's chunk_id) grow as
rows arrive. An UPDATE leaves a row in its page and a long value under its number: rows are taken out and put in again.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import Connection, Engine, Table, text
from sqlalchemy.exc import DBAPIError

from .failures import Busy, NotStored

CASES_AT_ONCE = 50  # so that whoever writes waits for some milliseconds
WAIT_MILLISECONDS = 300  # for those who write, while others wait behind
TRIES = 5
FOR_LONG = "Somebody reads or writes for long, so rows still lie in their old places. It is tried again."


def lay(engine: Engine, tables: Sequence[Table], cases: Collection[str]) -> None:
    """Lay the rows of these cases anew, while others go on; nobody waits for longer than for a few of them.

    Twice: the second time they fill the pages that the first time left, where their bytes would lie in the old order.
    Raises `NotStored`, and `Busy` where somebody writes or reads for long; then it is to be tried again, whole.
    """
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            _expect_nobody_before(connection)
            for _ in range(2):
                for part in _parts(sorted(cases)):
                    _lay_part(engine, tables, part)
                names = ", ".join(f'"{table.name}"' for table in tables)
                connection.execute(text(f"VACUUM (INDEX_CLEANUP ON) {names}"))
                _expect_nobody_before(connection)
            _leave_the_log_behind(connection)
    except DBAPIError as error:
        raise NotStored from error


def clear_away(engine: Engine, tables: Sequence[Table], *, small: int, at_once: bool) -> bool:
    """Write the files of these tables anew, one after the other, as `arrivals.clear_away`; `small` is in bytes.

    A plain VACUUM leaves the bytes of a removed row where they lay until another row is written over them.
    """
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            size = connection.scalar(text("SELECT pg_database_size(current_database())")) or 0
            if size >= small and not at_once:
                return False
            _expect_nobody_before(connection)
            for name in sorted({table.name for table in tables}):
                connection.execute(text(f"SET lock_timeout = '{10 * WAIT_MILLISECONDS}ms'"))
                connection.execute(text(f'VACUUM (FULL, ANALYZE) "{name}"'))
            connection.execute(text("RESET lock_timeout"))
            _leave_the_log_behind(connection)
            return True
    except DBAPIError as error:
        raise NotStored from error


def _parts(cases: Sequence[str]) -> Iterator[Sequence[str]]:
    for first in range(0, len(cases), CASES_AT_ONCE):
        yield cases[first : first + CASES_AT_ONCE]


def _lay_part(engine: Engine, tables: Sequence[Table], cases: Sequence[str]) -> None:
    """One transaction. Nobody else may write to a row that goes and comes back: they would not find it again."""
    names = ", ".join(f'"{table.name}"' for table in tables)
    for _ in range(TRIES):
        try:
            with engine.execution_options(isolation_level="READ COMMITTED").begin() as connection:
                connection.execute(text(f"SET LOCAL lock_timeout = '{WAIT_MILLISECONDS}ms'"))
                connection.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))
                for table in tables:
                    connection.execute(text(_again(table)), {"cases": list(cases)})
            return
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", "") not in {"55P03", "40P01"}:  # a lock not had, a deadlock
                raise
            time.sleep(WAIT_MILLISECONDS / 1000)  # whoever waited behind has their turn
    raise Busy(FOR_LONG)


def _again(table: Table) -> str:
    """References are looked at when the statement ends: by then the row that others refer to is there again."""
    case = "case_id" if "case_id" in table.c else "id"
    order = ", ".join(f'"{name}"' for name in dict.fromkeys([case, *table.primary_key.columns.keys()]))
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    return (
        f'WITH gone AS (DELETE FROM "{table.name}" WHERE "{case}" = ANY(:cases) RETURNING {columns}) '  # noqa: S608
        f'INSERT INTO "{table.name}" ({columns}) SELECT {columns} FROM gone ORDER BY {order}'
    )


def _leave_the_log_behind(connection: Connection) -> None:
    """End the part of the write-ahead log that tells each arrival in its order with its moment, where our role may: the
    server then removes it, unless its settings keep it (SPEC.md)."""
    may = connection.scalar(
        text(
            "SELECT has_function_privilege('pg_switch_wal()', 'EXECUTE') "
            "AND pg_has_role(current_user, 'pg_checkpoint', 'USAGE')"
        )
    )
    if may:
        for _ in range(2):  # what the first one needed to recover from is not needed after the second
            connection.execute(text("SELECT pg_switch_wal()"))
            connection.execute(text("CHECKPOINT"))


def _expect_nobody_before(connection: Connection) -> None:
    """Nobody who began before now is left, who may see what was deleted: so it can be cleared away. Raises `Busy`.

    Of other roles, of replicas and of prepared transactions the server tells us nothing.
    """
    now = connection.scalar(text("SELECT CAST(CAST(pg_current_xact_id() AS xid) AS text)"))
    older = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
        "AND greatest(age(backend_xmin), age(backend_xid)) >= age(CAST(:now AS xid))"
    )
    for _ in range(TRIES):
        if not connection.scalar(older, {"now": now}):
            return
        time.sleep(WAIT_MILLISECONDS / 1000)
    raise Busy(FOR_LONG)

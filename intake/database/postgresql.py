"""PostgreSQL, 15 or newer, shared by as many processes and machines as there are.

Whoever reads sees one moment (REPEATABLE READ, read only). Whoever writes is at READ COMMITTED behind an advisory lock
of the transaction's, which the server gives out in the order in which it was asked for, and takes back from whoever is
killed or lost: what is read behind it is what was last committed, so nothing has to be tried again (decision 0025). A
reporter who sends only adds rows, and waits for nobody but whoever must write by itself.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, Table, create_engine, event
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import insert as insert
from sqlalchemy.exc import DBAPIError, NotSupportedError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session, scoped_session
from sqlalchemy.schema import CreateIndex, CreateTable

from .failures import LONGEST_WAIT_SECONDS, Busy, NotStored
from .plain import PlainConnection
from .sqlite import DRAFTS_PAGE

OLDEST = 15
TO_READ = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
TO_WRITE = {"isolation_level": "READ COMMITTED", "postgresql_readonly": False}
# The two numbers of an advisory lock: what kind it is, and of what. They are apart from those of other programs.
BEGIN_DRAFTS = ""  # its driver begins by itself
BY_NAME, BY_PRESS, BY_VISIT = 0x494E54, 0x494E55, 0x494E56
WRITERS, SENDERS = "lock", "senders"
BOUNDS = {
    "lock_timeout": LONGEST_WAIT_SECONDS * 1000,
    "statement_timeout": 300_000,
    "idle_in_transaction_session_timeout": 60_000,  # whoever is stuck, or gone with the network, lets the others on
    "client_min_messages": "error",  # a notice may repeat what somebody typed
    "synchronous_commit": "on",  # whatever the server or the role is set to: what is acknowledged is on disk
    "timezone": "UTC",
}
# What is sealed lies outside of its row, and its size is told without reading it; 1,024 bytes are for all the rest.
PAGES_OF_DRAFTS = f"SELECT coalesce(sum(octet_length(sealed) + 1024), 0) / {DRAFTS_PAGE} FROM kept_drafts"  # noqa: S608
# `'a' > 'B'` holds where texts are sorted by their bytes: under C, POSIX and C.UTF-8, whose code points come in the
# order of their bytes; of none of them PostgreSQL keeps a version. The rules of a language put B behind a.
ASKED = """
SELECT current_setting('fsync'), current_setting('full_page_writes'),
  current_setting('default_transaction_read_only') = 'on', pg_is_in_recovery(), current_setting('server_encoding'),
  coalesce(has_table_privilege(to_regclass('cases'), 'INSERT'), true), 'a' > 'B'
"""
MADE_WITH = "ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0"
ANOTHER_ONE = f"make another one, with {MADE_WITH}."
WORDS = {
    "25006": "The database takes no changes just now: it is read-only, or a copy of another. Tell your administrator.",
    "42501": "The role of `database_url` may not do this in the database: whoever runs it grants the rights.",
    "53100": "The disk of the database is full. Tell your administrator.",
    "53200": "The database has no memory left. Tell your administrator.",
    "53300": "The database takes no more connections. Tell your administrator.",
    "42P01": "A table is missing in the database: run `intake upgrade`.",
}


def options(threads: int) -> dict[str, Any]:
    """For `create_engine`. A connection that has gone is found out before it is used, and a new one made."""
    if not find_spec("psycopg"):
        raise NotStored(
            "`database_url` names PostgreSQL, whose driver is missing: `pip install psycopg[binary]`."
        )
    told = " ".join(f"-c {name}={value}" for name, value in BOUNDS.items())
    return {
        "pool_pre_ping": True,
        "pool_size": min(threads, 10),
        "max_overflow": 4,
        "pool_timeout": LONGEST_WAIT_SECONDS,
        "isolation_level": TO_READ["isolation_level"],
        "connect_args": {
            "options": told,
            "client_encoding": "utf8",  # whatever the database's: else one of SQL_ASCII answers in bytes
            "connect_timeout": 10,
            "tcp_user_timeout": LONGEST_WAIT_SECONDS * 1000,
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "application_name": "intake",
        },
    }


def prepare(engine: Engine, *, durable: bool = True) -> None:
    """`durable=False` is for invented data alone."""
    if durable:
        return

    @event.listens_for(engine, "connect")
    def _on_connect(connection, _record) -> None:
        connection.execute("SET synchronous_commit = off")
        connection.commit()


def check(engine: Engine) -> list[str]:
    """What a server does not do that it must, in sentences. Raises `NotStored` where it lets nobody in, is too old,
    takes no changes, or does not keep every text."""
    try:
        connection = engine.connect()
    except DBAPIError as error:
        raise unreachable(engine, error) from error
    with connection:
        if connection.dialect.server_version_info < (OLDEST,):  # type: ignore[operator]
            (major, *_) = connection.dialect.server_version_info  # type: ignore[misc]
            raise NotStored(f"The database is PostgreSQL {major}: Intake needs {OLDEST} or newer.")
        fsync, pages, read_only, copy, encoding, may_write, by_bytes = connection.exec_driver_sql(ASKED).one()
    if encoding != "UTF8":
        raise NotStored(
            f"The database's encoding is {encoding}, which does not keep every text that people write: {ANOTHER_ONE}"
        )
    if not by_bytes:
        raise NotStored(
            "The database sorts text by the rules of a language. These change with its system, and its indexes, which "
            f"find cases, do not: {ANOTHER_ONE}"
        )
    if read_only or copy:
        raise NotStored(WORDS["25006"])
    if not may_write:
        raise NotStored(WORDS["42501"])
    told = []
    for name, value in (("fsync", fsync), ("full_page_writes", pages)):
        if value != "on":
            told.append(
                f"The database does not keep what it acknowledges: {name} is {value}. A power cut may cost reports "
                f"that reporters were told we have, or the whole database. Set {name} = on in postgresql.conf."
            )
    return told


@contextmanager
def waiting_to_write(_engine: Engine, _wait_seconds: float) -> Iterator[None]:
    """Nothing: writers wait inside their transaction."""
    yield


def begin_to_read(session: Session | scoped_session) -> None:
    held = session.registry() if isinstance(session, scoped_session) else session
    if not held.in_transaction():
        held.connection(execution_options=TO_READ)


def begin_to_write(session: Session | scoped_session, apart: bytes | None, *, by_itself: bool) -> Connection:
    """A transaction behind its locks. Raises what the driver raises when they are not had in time, and `NotStored` on a
    copy of another server, which does not even let one begin."""
    connection = session.connection(execution_options=TO_WRITE)
    if apart is not None:
        asked = f"SELECT pg_advisory_xact_lock_shared{_of(SENDERS)}, pg_advisory_xact_lock{_of_bytes(BY_PRESS, apart)}"
    elif by_itself:
        asked = f"SELECT pg_advisory_xact_lock{_of(WRITERS)}, pg_advisory_xact_lock{_of(SENDERS)}"
    else:
        asked = f"SELECT pg_advisory_xact_lock{_of(WRITERS)}"
    try:
        connection.exec_driver_sql(asked)
    except NotSupportedError as error:
        raise NotStored(WORDS["25006"]) from error
    return connection


def take_turn(session: Session | scoped_session, purpose: str) -> bool:
    """Wait, inside a transaction that writes, for whoever writes beside it for the same purpose."""
    session.connection().exec_driver_sql(f"SELECT pg_advisory_xact_lock{_of(purpose)}")
    return True


@contextmanager
def alone(engine: Engine, purpose: str, wait_seconds: float) -> Iterator[Callable[[], None]]:
    """A lock of a connection of its own, which goes when the connection does.

    Raises `Busy`. What it yields raises `NotStored` once the connection was lost: somebody else may have begun.
    """
    names = (WRITERS, SENDERS) if purpose == WRITERS else (purpose,)
    connection = reached(engine).execution_options(isolation_level="AUTOCOMMIT")

    def still() -> None:
        try:
            connection.exec_driver_sql("SELECT 1")
        except DBAPIError as error:
            raise failure(error) from error

    try:
        until = time.monotonic() + wait_seconds
        for name in names:
            _take(connection, name, until)
        yield still
    finally:
        if not connection.invalidated:  # else it was lost, and with it the lock
            with suppress(DBAPIError):  # or is lost now
                connection.exec_driver_sql("SELECT pg_advisory_unlock_all()")
        connection.invalidate()  # the server would notice too, but later than whoever asks next
        connection.close()


def reached(engine: Engine) -> Connection:
    """A connection. Raises `NotStored`, in words, where none is to be had."""
    try:
        return engine.connect()
    except (DBAPIError, PoolTimeout) as error:
        raise failure(error) from error


def _take(connection: Connection, name: str, until: float) -> None:
    left = until - time.monotonic()
    try:
        if left > 0:
            connection.exec_driver_sql(f"SET lock_timeout = {max(1, int(left * 1000))}")
            connection.exec_driver_sql(f"SELECT pg_advisory_lock{_of(name)}")
            return
        had = connection.exec_driver_sql(f"SELECT pg_try_advisory_lock{_of(name)}").scalar()
    except DBAPIError as error:
        raise failure(error) from error
    if not had:
        raise Busy


def _of(name: str) -> str:
    return f"({BY_NAME}, {_signed(zlib.crc32(name.encode()))})"


def _of_bytes(kind: int, which: bytes) -> str:
    return f"({kind}, {int.from_bytes(which[:4], signed=True)})"


def _signed(number: int) -> int:
    return number - (1 << 32) if number >= 1 << 31 else number


def failure(error: Exception) -> NotStored:
    """What went wrong, in words that hold neither a password nor what was written."""
    raised = getattr(error, "orig", error)
    state = getattr(raised, "sqlstate", None) or ""
    if state in {"55P03", "40P01", "40001"} or isinstance(error, PoolTimeout):
        return Busy()
    if state == "57014":
        return Busy(
            "The database took too long for this. Nothing was kept. Please try again in a few minutes."
        )
    if state in WORDS:
        return NotStored(why=WORDS[state])
    if type(raised).__name__ == "DataError" and "NUL" in str(raised):
        return NotStored(
            "A sign in it (NUL) cannot be stored or found. Nothing was kept. Please take it out."
        )
    return NotStored()


def unreachable(engine: Engine, error: DBAPIError) -> NotStored:
    """Why nobody was let in, at the start: for whoever set the address up. The driver names no password.

    A connection that was not made has no `sqlstate`, so the server's words are read; in another language they are told.
    """
    said, name = " ".join(str(error.orig).split()), engine.url.database
    where = engine.url.set(drivername="postgresql", password=None).render_as_string()
    if f'database "{name}" does not exist' in said:  # 3D000
        owner = f' OWNER "{engine.url.username}"' if engine.url.username else ""
        return NotStored(
            f"There is no database {name} at {where}. Look at the name; or whoever runs the server makes it: "
            f'CREATE DATABASE "{name}"{owner} {MADE_WITH};'
        )
    if "no password supplied" in said:
        return NotStored(
            f"The database {where} asks for a password, and none was found. It may lie in ~/.pgpass, which its owner "
            "alone may read, or in another such file that the address names (?passfile=/srv/intake/pgpass), in "
            "PGPASSWORD, or in `database_url` in settings.toml."
        )
    return NotStored(f"The database {where} does not let us in. Look at `database_url`. It was said: {said}")


def connect_drafts(url: str, tables: MetaData, outgrown: Iterable[str], _most: int, threads: int) -> Engine:
    """Drafts lie in a table that no write-ahead log and no copy of the server's files takes, and that a crash empties.

    It is made by the first process that asks for it. How much lies in it is looked at with each press (`pages`).
    """
    engine = create_engine(
        url, hide_parameters=True, **options(threads) | {"isolation_level": "READ COMMITTED"}
    )
    made = [_unlogged(table) for table in tables.sorted_tables]
    made += [
        str(CreateIndex(index, if_not_exists=True).compile(dialect=postgresql.dialect()))
        for table in tables.sorted_tables
        for index in table.indexes
    ]

    @event.listens_for(engine, "first_connect")
    def _on_first_connect(connection, _record) -> None:
        cursor = connection.cursor()
        cursor.execute(f"SELECT pg_advisory_xact_lock{_of('drafts')}")
        for name in outgrown:
            cursor.execute(f"DROP TABLE IF EXISTS {name}")
        for statement in made:
            cursor.execute(statement)
        connection.commit()

    return engine


def _unlogged(table: Table) -> str:
    """Often written anew, so what was is swept up soon."""
    made = str(CreateTable(table, if_not_exists=True).compile(dialect=postgresql.dialect()))
    often = "autovacuum_vacuum_scale_factor = 0.05, toast.autovacuum_vacuum_scale_factor = 0.05"
    return f"{made.replace('CREATE TABLE', 'CREATE UNLOGGED TABLE')} WITH ({often})"


def take_drafts(connection: PlainConnection, visit: bytes | None) -> None:
    """Presses of one visit come one after the other."""
    if visit is not None:
        connection.say(f"SELECT pg_advisory_xact_lock{_of_bytes(BY_VISIT, visit)}")


def empty_log_of_drafts(engine: Engine) -> None:
    """Let what was deleted be written over. Whoever is at it already is left to it."""
    try:
        with reached(engine).execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM (SKIP_LOCKED) kept_drafts, kept_uploads")
    except DBAPIError as error:
        raise failure(error) from error

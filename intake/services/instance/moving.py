"""Moving an instance from one database to another, SQLite or PostgreSQL, while nobody writes to it.

The old database is opened for reading alone. All rows go into the new one in one transaction, which is ended when they
have been read back and proved to be the same: killed before, the new one holds empty tables, and the next run begins
again. A new SQLite file gets its name at the end.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, inspect, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import Session

from intake import database, migrating
from intake.config import Settings
from intake.database import Busy, NotStored, reading
from intake.models import Envelope, Staff
from intake.services.ground import journal, sealing
from intake.services.ground.office import Office, assemble, sync_folder
from intake.services.ground.refusals import Damaged, Refused, said
from intake.services.ground.roles import Officer
from intake.vault.errors import SealBroken
from intake.vault.keys import KeyPair, PasswordLock

from . import copying, founding, leftovers, which_database
from .copying import SHAPE, Print, Tell

UNFINISHED = ".moving-"


@dataclass(frozen=True)
class Moved:
    """What was moved and proved to be the same on both sides."""

    tables: dict[str, Print]
    journal_lines: int
    journal_head: str
    opened: int  # cases whose first words an officer's key opened in the new database


@dataclass(frozen=True)
class Proof:
    """Whose key opens samples in the new database, and of how many cases, drawn by lot."""

    email: str
    password: str
    cases: int


def move(settings: Settings, url: str, *, proof: Proof | None = None, tell: Tell, now: datetime) -> Moved:
    """Copy everything into an empty database, and prove it. Settings are left alone.

    Nobody writes to the old one meanwhile: a server at work is refused, whoever comes waits. Raises `Refused`, and
    `BadSetting` for an instance that is not fit or at work; then the new database holds no row.
    """
    wanted = _understood(url)
    with which_database.at_rest(settings.instance), _failures_in_words(), _opened(settings) as office:
        founding.check(office)
        old = office.session.get_bind().engine
        office.session.close()
        _refuse_others(old)
        with _locked(old):
            with _empty(wanted) as new:
                migrating.upgrade(new)
                moved = _all_of_it(office, new, proof, tell)
            rows = {name: one.rows for name, one in moved.tables.items()}
            which_database.keep(settings, address(wanted), rows=rows, on=office.today(now))
    return moved


def look(settings: Settings, url: str) -> None:
    """Before anybody is asked for a password: whether nobody is at work, and the new database is there and empty.

    Raises as `move`.
    """
    wanted = _understood(url)
    with which_database.at_rest(settings.instance), _failures_in_words():
        if wanted.get_backend_name() == "sqlite":
            _refuse_place(Path(wanted.database or ""))
            return
        with _empty(wanted):
            pass


@contextmanager
def _failures_in_words() -> Iterator[None]:
    try:
        yield
    except (DBAPIError, NotStored, OSError) as error:
        told = f"{said(error)}" if isinstance(error, OSError) else str(getattr(error, "orig", None) or error)
        told = " ".join(told.split()).rstrip(".")
        raise Refused(f"Nothing was moved, and the old database is as it was. {told}.") from error


@contextmanager
def _locked(old: Engine) -> Iterator[None]:
    """Every writer, tick, upgrade and backup of this instance stays out."""
    with ExitStack() as locks:
        try:
            for purpose in ("upgrade", "backup", "lock"):
                locks.enter_context(database.alone(old, purpose))
        except Busy as error:
            raise Refused(
                "Somebody writes to this instance, and has for 20 seconds. Run this again when they are done."
            ) from error
        yield


def address(url: str | URL) -> str:
    """A database's address as settings are to name it: a file by its whole path. Raises `Refused`."""
    made = _understood(url)
    return made.set(drivername=made.get_backend_name()).render_as_string(hide_password=False)


def _understood(url: str | URL) -> URL:
    try:
        made = make_url(url)
    except ArgumentError as error:
        raise Refused(
            "That is no address of a database. Write it as postgresql://user@host/name, or as sqlite:////whole/path."
        ) from error
    if made.get_backend_name() == "sqlite" and made.database:
        return made.set(database=str(Path(made.database).absolute()))
    if made.get_backend_name() == "postgresql" and made.database:
        return made.set(drivername="postgresql+psycopg")
    raise Refused(
        "Name a database of PostgreSQL, postgresql://user@host/name, or a file, sqlite:////whole/path."
    )


@contextmanager
def _opened(settings: Settings) -> Iterator[Office]:
    """The office of the old database; a file is opened so that nothing can write to it, not even its log."""
    old = make_url(settings.url)
    if old.get_backend_name() == "sqlite":
        file = quote(str(Path(old.database or "").absolute()))
        engine = create_engine(
            old, creator=lambda: sqlite3.connect(f"file:{file}?mode=ro", uri=True, isolation_level=None)
        )
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    else:
        engine = database.connect(settings.url)
    try:
        with Session(engine) as session:
            yield assemble(settings, session)
    finally:
        engine.dispose()


LEAVES_WITHIN = 10  # seconds
_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
)


def _refuse_others(old: Engine) -> None:
    """On PostgreSQL other machines may serve it, whose locks on their own folders are not seen here."""
    if old.dialect.name != "postgresql":
        return
    old.dispose()
    patience = time.monotonic() + LEAVES_WITHIN  # a server sees some time later that a connection was closed
    with old.connect() as connection:
        while (others := connection.exec_driver_sql(_OTHERS).scalar()) and time.monotonic() < patience:
            connection.rollback()  # or the server tells the same again
            time.sleep(0.1)
    if others:
        raise Refused(
            f"{others} other connections to the old database are open: stop every server, tick and tool that uses it."
        )


@contextmanager
def _empty(url: URL) -> Iterator[Engine]:
    """The new database, found to hold nothing but what an unfinished move left. Raises `Refused`."""
    if url.get_backend_name() == "sqlite":
        with _new_file(Path(url.database or "")) as engine:
            yield engine
        return
    engine = database.connect(url.render_as_string(hide_password=False))
    try:
        database.check(engine)
        with engine.connect() as connection:
            _refuse_taken(connection)
        yield engine
    finally:
        engine.dispose()


def _refuse_taken(connection: Connection) -> None:
    """Tables of ours without a row are what a move that was killed leaves. Raises `Refused` for anything else."""
    found = inspect(connection)
    names = set(found.get_table_names()) | set(found.get_view_names())
    if not names:
        return
    ours = {SHAPE, "cases", "journal"} <= names
    known = ours and migrating.is_known(
        connection.exec_driver_sql(f"SELECT version_num FROM {SHAPE}").scalar() or ""  # noqa: S608
    )
    filled = [
        table.name
        for table in copying.tables_of(connection)
        if connection.execute(select(1).select_from(table).limit(1)).first()
    ]
    if known and not filled:
        return
    what = f"rows in {', '.join(sorted(filled))}" if filled else f"the tables {', '.join(sorted(names))}"
    raise Refused(
        f"The new database is not empty: it holds {what}. An instance is moved into an empty database alone; nothing "
        "there was touched. Make another, or empty this one if nobody needs it."
    )


def _refuse_place(place: Path) -> None:
    if place.exists():
        raise Refused(f"{place} is there already. An instance is moved into a new file: name another.")
    if not place.parent.is_dir():
        raise Refused(f"There is no folder {place.parent}: make it, or name a file elsewhere.")


@contextmanager
def _new_file(place: Path) -> Iterator[Engine]:
    """A new SQLite file, which has its name when all of it is on disk, and never in the place of another."""
    _refuse_place(place)
    leftovers.sweep(place.parent, f"{UNFINISHED}*")
    folder = place.parent / f"{UNFINISHED}{secrets.token_hex(8)}"
    folder.mkdir(mode=0o700)
    engine = database.connect(f"sqlite:///{folder / place.name}")
    try:
        with leftovers.held(folder):
            yield engine
            engine.dispose()  # the last to close it writes its log back
            os.link(folder / place.name, place)
            sync_folder(place.parent)
    finally:
        engine.dispose()
        shutil.rmtree(folder, ignore_errors=True)


def _all_of_it(office: Office, new: Engine, proof: Proof | None, tell: Tell) -> Moved:
    """Copy in one transaction, which is kept when everything was read back and is the same."""
    source = office.session.get_bind().engine
    with copying.one_moment(source, alone=True) as old, new.begin() as fresh:
        copying.without_hurry(fresh)
        there = journal.verify(_at(office, old))
        if there.fault:
            raise Refused(
                f"The journal does not hold: {there.fault} What is moved could not be proved; look into this first, "
                "with `intake audit verify`."
            )
        read = copying.copy(old, fresh, tell)
        written = copying.prints_of(fresh)
        if differing := sorted(name for name in read | written if read.get(name) != written.get(name)):
            raise Refused(f"Not all was copied as it is: {', '.join(differing)} differ. Nothing was kept.")
        here = journal.verify(_at(office, fresh))
        if (here.fault, here.lines, here.head) != ("", there.lines, there.head):
            raise Refused(f"The journal does not hold in the new database: {here.fault} Nothing was kept.")
        opened = _open_samples(_at(office, fresh), proof) if proof else 0
    return Moved(written, here.lines, here.head, opened)


def _at(office: Office, connection: Connection) -> Office:
    """The same office, which looks at what a transaction sees, and ends it not."""
    session = Session(connection, join_transaction_mode="create_savepoint")
    session.connection()  # begun, so that nobody gives its transaction another nature
    return replace(office, session=session)


def _open_samples(office: Office, proof: Proof) -> int:
    """Open the first words of some cases with an officer's own key. Returns how many; raises `Refused`."""
    with reading(office.session):
        session = office.session
        officer = _officer(office, proof)
        try:
            pairs = sealing.pairs_of(session, officer)
            theirs = select(Envelope.case_id).where(Envelope.keyholder.in_(pairs), Envelope.scope == "case")
            drawn = session.scalars(
                theirs.distinct().subquery().select().order_by(func.random()).limit(proof.cases)
            )
            opened = 0
            for case_id in drawn.all():
                key = sealing.open_key(session, pairs, case_id).for_purpose("submission")
                for record in sealing.records(session, case_id, "submission"):
                    sealing.read_record(key, record)
                    opened += 1
        except Damaged as error:
            raise Refused(f"A sample does not open in the new database: {error} Nothing was kept.") from error
    if not opened:
        raise Refused(
            f"{proof.email} can open no case, so no sample was opened. Nothing was kept: name another."
        )
    return opened


def _officer(office: Office, proof: Proof) -> Officer:
    """Whoever knows the password: in the new database the account opens with it. Nobody is signed in."""
    staff = office.session.scalar(select(Staff).where(Staff.email == proof.email.strip().lower()))
    wrong = Refused(
        "The e-mail address or the password is not right, so no sample was opened. Nothing was kept."
    )
    if staff is None or not staff.active or not staff.lock or not staff.sealed_key:
        raise wrong
    told = staff.lock, staff.id, staff.sealed_key
    try:
        lock = office.stretching.run(lambda: PasswordLock.open(told[0], proof.password, holder=told[1]))
        pair = KeyPair.from_seed(lock.open_("key", told[2]))
    except SealBroken as error:
        raise wrong from error
    return Officer(staff.id, staff.name, staff.email, staff.role, pair, b"")

"""Backups: one consistent copy of an instance, sealed (`restoring` opens it again).

Copying the files of a running instance is no backup: the night's rewrite or a turn of the log falls between two of
them, and acknowledged cases are gone with every check still green. The copy here is of one moment, and in the order of
the keys, so that it does not tell who came first either. Of SQLite the database itself makes it; of PostgreSQL its rows
are copied into the same kind of file, in memory where there is room: a backup of the one is a backup of the other.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import IO, BinaryIO, cast

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from intake import database, migrating
from intake.config import Settings
from intake.database import reading, writing
from intake.models import Vault
from intake.services.ground import journal, pinning
from intake.services.ground.office import Office, key_file, pins_of_one_copy, sync_folder, write_key_file
from intake.services.ground.refusals import Refused, said
from intake.services.retention import marks
from intake.vault.backup import BACKUP, HEADER_BYTES, SECRET_BYTES, BackupWriter, Shelf, new_shelf, public_of
from intake.vault.errors import Mistyped, SealBroken
from intake.vault.keys import fingerprint
from intake.vault.recovery import RecoveryKey

from . import copying, leftovers, rewording
from .which_database import counted

MANIFEST, DATABASE, KEY, PINS, SECRET, SETTINGS, CATALOGUE = (
    "manifest.json",
    "intake.db",
    "keys/server.key",
    "keys/vaults.json",
    "keys/backup.key",
    "settings.toml",
    "catalogue",
)
DIFFERS = (
    "The key of backups in the database is not the pinned one: somebody changed it, or `--new-key` was interrupted. "
    "Nothing was written, for whoever put it there would read the server's key. Run `intake audit verify`, keep the "
    "database as it is for whoever looks into it, and then make another key with `intake backup --new-key`."
)


@dataclass(frozen=True)
class Manifest:
    """What a backup holds, so that whoever opens it can tell whether it is all there."""

    version: str  # of the program
    revision: str  # of the database's shape
    made_on: str  # the day, ISO 8601
    tables: dict[str, int]  # rows of each
    journal_head: str  # hash of the last line
    server_key: str  # SHA-256, which tells whether it is the one, and not what it is


@dataclass(frozen=True)
class NewKey:
    """A key of backups, as it is printed: it is stored nowhere."""

    text: str
    fingerprint: str


def new_key(office: Office, *, now: datetime) -> NewKey:
    """Make the key pair of backups, or another one, and pin it.

    What was backed up before still opens with the key that was printed before. Interrupted, nothing is backed up until
    it has been run again: row, pin and secret do not belong together.
    """
    paper = RecoveryKey.generate()
    shelf = new_shelf(paper)
    mark = fingerprint(shelf.public, vault=BACKUP)
    with writing(office.session):
        row = office.session.get(Vault, BACKUP) or Vault(id=BACKUP, name=pinning.NAMES[BACKUP])
        row.public, row.sealed_to_recovery = shelf.public, shelf.sealed
        office.session.add(row)
        journal.append(
            office.session,
            at=now,
            actor="administrator",
            act=journal.Act.VAULT_MADE,
            vault=BACKUP,
            fingerprint=mark,
        )
    write_key_file(secret_file(office.settings), shelf.secret + shelf.mark)
    pinning.add(office, {BACKUP: shelf.public})
    return NewKey(paper.text, mark)


def secret_file(settings: Settings) -> Path:
    """Where the secret lies that goes into every backup's key, with the mark of the row that it was made with."""
    return settings.instance / SECRET


def check_key(office: Office, recovery_key: str) -> str:
    """The fingerprint of the key of backups, which this printed key opens. Raises `Refused`."""
    with reading(office.session):
        row = office.session.get(Vault, BACKUP)
        sealed = row.sealed_to_recovery if row else b""
    try:
        public = public_of(sealed, RecoveryKey.parse(recovery_key))
    except Mistyped as error:
        raise Refused(str(error)) from error
    except SealBroken as error:
        raise Refused(
            "This recovery key is not the present key of backups. Where another one was printed since, use that; where "
            "none was, make one with `intake backup --new-key`."
        ) from error
    shelf = _shelf(office)
    if public != shelf.public:
        raise Refused(DIFFERS)
    return fingerprint(public, vault=BACKUP)


def make(office: Office, target: Path, *, now: datetime) -> Manifest:
    """Write a backup to a file that is not there yet, while others go on working.

    Raises `Refused`, also where there is no room; then no file is left.
    """
    engine = office.session.get_bind().engine
    if target.exists():
        raise Refused(_replaces(target))
    if not target.parent.is_dir():
        raise Refused(f"There is no folder {target.parent}: make it, or name a file elsewhere.")
    shelf = _shelf(office)
    leftovers.sweep(office.settings.instance, ".rehearsal-*")
    try:
        rewording.check((office.settings.instance / SETTINGS).read_text("utf-8"))
        before = pinning.file(office.settings).read_bytes()
        with _copied(office, engine) as copy, _made_safely(target) as file:
            pins = pins_of_one_copy(before, pinning.file(office.settings).read_bytes())
            manifest = _manifest(office, copy, now)
            stream = BackupWriter(file, shelf)
            with tarfile.open(fileobj=cast(IO[bytes], stream), mode="w|") as archive:
                _put(archive, MANIFEST, json.dumps(asdict(manifest), indent=1).encode())
                for name, path in _files(office, copy):
                    _put(archive, name, pins) if name == PINS else _put_file(archive, name, path)
            stream.finish()
    except FileExistsError as error:
        raise Refused(_replaces(target)) from error
    except (OSError, sqlite3.Error, DBAPIError) as error:
        told = f"{said(error)}" if isinstance(error, OSError) else str(getattr(error, "orig", None) or error)
        told = " ".join(told.split()).rstrip(".")
        raise Refused(f"The backup could not be written, and nothing of it was kept. {told}.") from error
    return manifest


def _replaces(target: Path) -> str:
    return f"{target} is there already. A backup never replaces another: name a new file."


def _shelf(office: Office) -> Shelf:
    """What to seal to: the pinned key, where the row and the secret are of the same making. Raises `Refused`."""
    with reading(office.session):
        row = office.session.get(Vault, BACKUP)
        public, sealed = (row.public, row.sealed_to_recovery) if row else (None, None)
    pinned = pinning.whatever(office.settings).get(BACKUP)
    try:
        both = secret_file(office.settings).read_bytes()
    except FileNotFoundError:
        both = b""
    if pinned and public != pinned:
        raise Refused(DIFFERS)
    if public is None or sealed is None or not both:
        raise Refused(
            "Backups have no key yet, or the half of it that lies in keys/backup.key is gone: run "
            "`intake backup --new-key`, and print what it says."
        )
    shelf = Shelf(public, sealed, both[:SECRET_BYTES])
    if pinned is None or both[SECRET_BYTES:] != shelf.mark:
        raise Refused(DIFFERS)
    return shelf


@contextmanager
def _copied(office: Office, engine: Engine) -> Iterator[Path]:
    """A copy of the database as a file, of one moment, and gone afterwards."""
    instance, copy_out = office.settings.instance, _write_itself if _is_a_file(engine) else _write_rows
    with database.alone(engine, "backup", wait_seconds=0):
        place = instance if _is_a_file(engine) else leftovers.room_for(_size(engine), instance)
        for folder in {place, instance, leftovers.MEMORY}:
            leftovers.sweep(folder, ".backup-*")  # by one that was killed
        within = place / f".backup-{secrets.token_hex(8)}"
        within.mkdir(mode=0o700)
        try:
            with leftovers.held(within):
                copy_out(engine, within / DATABASE)
                yield within / DATABASE
        finally:
            shutil.rmtree(within, ignore_errors=True)


def _is_a_file(engine: Engine) -> bool:
    return engine.dialect.name == "sqlite"


def _size(engine: Engine) -> int:
    """What its copy takes at most, in bytes: PostgreSQL presses large values together, a file does not."""
    with engine.connect() as connection:
        return 2 * (connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)


def _write_itself(engine: Engine, copy: Path) -> None:
    with closing(sqlite3.connect(engine.url.database or "", timeout=60)) as source:
        source.execute("VACUUM INTO ?", (str(copy),))


def _write_rows(engine: Engine, copy: Path) -> None:
    with copying.one_moment(engine) as source:
        revision = source.scalar(text(f"SELECT version_num FROM {copying.SHAPE}")) or ""  # noqa: S608
        if not migrating.is_known(revision):
            raise Refused("The database was upgraded by a newer version of Intake: back it up with that one.")
        with copying.new_file(copy) as target:
            migrating.upgrade(target, revision)
            with target.begin() as fresh:
                if copying.copy(source, fresh) != copying.prints_of(fresh):
                    raise Refused("The copy is not the same as the database, so nothing was kept.")


@contextmanager
def _made_safely(target: Path) -> Iterator[BinaryIO]:
    """A file that has its name only when all of it is on disk, and never in the place of another."""
    leftovers.sweep(target.parent, f"{target.name}.*.part")  # of one that was killed
    part = target.with_name(f"{target.name}.{secrets.token_hex(8)}.part")
    handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # whoever sweeps leaves it alone
            yield file
            file.flush()
            os.fsync(file.fileno())
        _give_name(part, target)
        sync_folder(target.parent)
    finally:
        part.unlink(missing_ok=True)


def _give_name(part: Path, target: Path) -> None:
    """Raises `FileExistsError` where somebody took the name meanwhile; a rename would have replaced their file."""
    try:
        os.link(part, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without links, such as a memory stick's: the best it can do
        if target.exists():
            raise FileExistsError(target) from None
        part.rename(target)


def _files(office: Office, copy: Path) -> Iterator[tuple[str, Path]]:
    settings = office.settings
    yield DATABASE, copy
    yield KEY, key_file(settings)
    yield PINS, pinning.file(settings)
    yield SECRET, secret_file(settings)
    if marks.list_file(settings).exists():
        yield marks.LIST, marks.list_file(settings)
    yield SETTINGS, settings.instance / SETTINGS
    if settings.authority_logo:
        yield settings.authority_logo, settings.instance / settings.authority_logo
    if settings.catalogue_folder:
        for path in sorted(Path(settings.catalogue_folder).glob("*.toml")):
            yield f"{CATALOGUE}/{path.name}", path


def _put(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    told = tarfile.TarInfo(name)
    told.size, told.mode = len(data), 0o600
    archive.addfile(told, BytesIO(data))


def _put_file(archive: tarfile.TarFile, name: str, path: Path) -> None:
    with path.open("rb") as file:
        told = tarfile.TarInfo(name)
        told.size, told.mode = os.fstat(file.fileno()).st_size, 0o600
        archive.addfile(told, file)


def _manifest(office: Office, copy: Path, now: datetime) -> Manifest:
    rows, head, revision = counted(copy)
    return Manifest(
        version("intake"),
        revision,
        office.today(now).isoformat(),
        rows,
        head,
        hashlib.sha256(key_file(office.settings).read_bytes()).hexdigest(),
    )


def made_on(manifest: Manifest) -> date:
    """The day on which a backup was made."""
    return date.fromisoformat(manifest.made_on)


def state_of(place: Path) -> list[object]:
    """What is compared: rows, head and shape of the database, which server's key, and whether the file is sound."""
    rows, head, revision = counted(place / DATABASE)
    with closing(sqlite3.connect(place / DATABASE)) as connection:
        (sound,) = connection.execute("PRAGMA integrity_check").fetchone()
    return [rows, head, revision, hashlib.sha256((place / KEY).read_bytes()).hexdigest(), sound]


def header_of(file: Path) -> str:
    """Which backup it is: each has a random name of its own there."""
    with file.open("rb") as sealed:
        return hashlib.sha256(sealed.read(HEADER_BYTES)).hexdigest()

"""Backups: one consistent copy of an instance, sealed, and an empty machine filled from it.

Copying the files of a running instance is no backup: the night's rewrite or a turn of the log falls between two of
them, and acknowledged cases are gone with every check still green. The database itself makes the copy here, in the
order of the keys, so that it does not tell who came first either.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from importlib.metadata import version
from io import BytesIO
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from intake import config, database, migrating
from intake.database import reading, writing
from intake.models import Notice, Staff, StaffSession, Vault
from intake.vault.backup import BACKUP, BackupReader, BackupWriter
from intake.vault.errors import Mistyped, SealBroken
from intake.vault.keys import KeyPair
from intake.vault.recovery import RecoveryKey

from . import escalation, founding, journal, notifying, pinning, upgrading
from .office import Office, assemble, key_file
from .refusals import Refused

MANIFEST, DATABASE, KEY, PINS, SETTINGS, CATALOGUE = (
    "manifest.json",
    "intake.db",
    "keys/server.key",
    "keys/vaults.json",
    "settings.toml",
    "catalogue",
)
NOT_OURS = (
    "This file does not open: it is no backup of Intake, was altered or cut off, or the key is another's."
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


def new_key(office: Office, *, now: datetime) -> str:
    """Make the key pair of backups, or another one. Returns the key to print, which is stored nowhere.

    What was backed up before still opens with the key that was printed before.
    """
    pair, paper = KeyPair.generate(), RecoveryKey.generate()
    with writing(office.session):
        shelf = office.session.get(Vault, BACKUP) or Vault(id=BACKUP, name="backups of this instance")
        shelf.public, shelf.sealed_to_recovery = pair.public, paper.seal(pair.seed, vault=BACKUP)
        office.session.add(shelf)
        journal.append(office.session, at=now, actor="administrator", act="backup-key-made")
    return paper.text


def make(office: Office, target: Path, *, now: datetime) -> Manifest:
    """Write a backup to a file that is not there yet, while others go on working.

    Raises `Refused`, also where there is no room; then no file is left.
    """
    engine = office.session.get_bind()
    if engine.dialect.name != "sqlite":
        raise Refused("`intake backup` copies the embedded database. For PostgreSQL use its own pg_dump.")
    if target.exists():
        raise Refused(f"{target} is there already. A backup never replaces another: name a new file.")
    with reading(office.session):
        shelf = office.session.get(Vault, BACKUP)
        sealing = (shelf.public, shelf.sealed_to_recovery) if shelf else None
    if sealing is None:
        raise Refused("Backups have no key yet: run `intake backup --new-key`, and print what it says.")
    part = target.with_name(f"{target.name}.part")
    try:
        with _copied(office, engine) as copy, _made_safely(part, target) as file:
            manifest = _manifest(office, copy, now)
            stream = BackupWriter(file, *sealing)
            with tarfile.open(fileobj=stream, mode="w|") as archive:
                _put(archive, MANIFEST, json.dumps(asdict(manifest), indent=1).encode())
                for name, path in _files(office, copy):
                    _put_file(archive, name, path)
            stream.finish()
    except (OSError, sqlite3.Error) as error:
        raise Refused(f"The backup could not be written, and nothing of it was kept: {error}.") from error
    return manifest


def rehearse(file: Path, recovery_key: str, place: Path) -> Manifest:
    """Prove that a backup opens and is whole, in a folder that is gone afterwards. Raises `Refused`."""
    into = place / f".rehearsal-{secrets.token_hex(8)}"
    try:
        manifest = _unpack(file, recovery_key, into)
        _check(into, manifest)
        return manifest
    finally:
        shutil.rmtree(into, ignore_errors=True)


def restore(file: Path, recovery_key: str, instance: Path, *, now: datetime) -> Manifest:
    """Fill an empty instance folder from a backup, checked first. Killed half-way, it can be run again.

    Sessions are over. What waited to be sent, or has fallen due since, is told in one notice to each officer, since
    nobody can know which of it went out after the backup. Raises `Refused`.
    """
    if taken := [name for name in (DATABASE, "keys", SETTINGS) if (instance / name).exists()]:
        raise Refused(
            f"{instance} holds an instance ({', '.join(taken)}). A backup is restored into an empty folder."
        )
    into = instance / ".restoring"
    try:
        shutil.rmtree(into, ignore_errors=True)
        manifest = _unpack(file, recovery_key, into)
        with _checked(into, manifest) as office:
            upgrading.bring_up_to_date(office, now=now)
            _begin_again(office, manifest, now)
        _settle_places(into, instance)
        (into / MANIFEST).unlink()
        for part in sorted(into.iterdir(), key=lambda path: path.name == DATABASE):  # the database last
            part.rename(instance / part.name)
        into.rmdir()
    except OSError as error:
        raise Refused(
            f"The backup could not be restored: {error}. Run this again when there is room."
        ) from error
    return manifest


def _begin_again(office: Office, manifest: Manifest, now: datetime) -> None:
    escalation.run(office, now=now)
    with writing(office.session):
        office.session.execute(delete(StaffSession))
        office.session.execute(delete(Notice).where(Notice.state.in_(("queued", "sending"))))
        for staff_id in office.session.scalars(
            select(Staff.id).where(Staff.active, Staff.joined_at.is_not(None))
        ).all():
            notifying.tell(office, staff_id, "restored", now=now)
        journal.append(
            office.session,
            at=now,
            actor="administrator",
            act="restored",
            made_on=manifest.made_on,
            head=manifest.journal_head,
        )


@contextmanager
def _copied(office: Office, engine) -> Iterator[Path]:
    """A copy of the database beside it, made by the database in one moment, and gone afterwards."""
    with database.alone(engine, "backup", wait_seconds=0):
        for left in office.settings.instance.glob(".backup-*"):  # by one that was killed
            left.unlink()
        copy = office.settings.instance / f".backup-{secrets.token_hex(8)}"
        try:
            os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            source = sqlite3.connect(engine.url.database, timeout=60)
            try:
                source.execute("VACUUM INTO ?", (str(copy),))
            finally:
                source.close()
            yield copy
        finally:
            copy.unlink(missing_ok=True)


@contextmanager
def _made_safely(part: Path, target: Path):
    """A file that has its name only when all of it is on disk."""
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.rename(target)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        part.unlink(missing_ok=True)


def _files(office: Office, copy: Path) -> Iterator[tuple[str, Path]]:
    settings = office.settings
    yield DATABASE, copy
    yield KEY, key_file(settings)
    if pinning.file(settings).exists():  # an instance that was not upgraded yet has none
        yield PINS, pinning.file(settings)
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
    counted, head, revision = _counted(copy)
    return Manifest(
        version("intake"),
        revision,
        office.today(now).isoformat(),
        counted,
        head,
        hashlib.sha256(key_file(office.settings).read_bytes()).hexdigest(),
    )


def _counted(copy: Path) -> tuple[dict[str, int], str, str]:
    connection = sqlite3.connect(copy)
    try:
        names = [
            name
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
            )
        ]
        rows = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608
        head = connection.execute("SELECT hash FROM journal ORDER BY number DESC LIMIT 1").fetchone()
        (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return rows, head[0].hex() if head else "", revision
    finally:
        connection.close()


def _unpack(file: Path, recovery_key: str, into: Path) -> Manifest:
    try:
        paper = RecoveryKey.parse(recovery_key)
    except Mistyped as error:
        raise Refused(str(error)) from error
    into.mkdir(mode=0o700, parents=True)
    try:
        with file.open("rb") as sealed:
            stream = BackupReader(sealed, paper)
            with tarfile.open(fileobj=stream, mode="r|") as archive:
                for member in archive:
                    _take_out(archive, member, into)
            stream.finish()
        return Manifest(**json.loads((into / MANIFEST).read_bytes()))
    except FileNotFoundError as error:
        raise Refused(f"There is no file {file}.") from error
    except (SealBroken, tarfile.TarError, json.JSONDecodeError, TypeError) as error:
        raise Refused(NOT_OURS) from error


def _take_out(archive: tarfile.TarFile, member: tarfile.TarInfo, into: Path) -> None:
    target = into / member.name
    if not member.isfile() or not target.resolve().is_relative_to(into.resolve()):
        raise Refused(NOT_OURS)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
        shutil.copyfileobj(archive.extractfile(member), out)
        out.flush()
        os.fsync(out.fileno())


def _check(into: Path, manifest: Manifest) -> None:
    with _checked(into, manifest):
        pass


@contextmanager
def _checked(into: Path, manifest: Manifest) -> Iterator[Office]:
    """The office of an unpacked backup, found to be what its manifest says. Raises `Refused`."""
    copy = into / DATABASE
    if not migrating.is_known(manifest.revision):
        raise Refused(
            f"This backup was made by a newer version of Intake ({manifest.version}): install that one, or a later."
        )
    try:
        counted, head, revision = _counted(copy)
        connection = sqlite3.connect(copy)
        (sound,) = connection.execute("PRAGMA integrity_check").fetchone()
        connection.close()
    except sqlite3.Error as error:
        raise Refused(f"The database of this backup cannot be read: {error}.") from error
    key = hashlib.sha256((into / KEY).read_bytes()).hexdigest()
    if (counted, head, revision, key, sound) != (
        manifest.tables,
        manifest.journal_head,
        manifest.revision,
        manifest.server_key,
        "ok",
    ):
        raise Refused("This backup does not hold what its manifest says. Use another one.")
    overrides = {"database_url": ""}  # it lies here, wherever it lay before: no other may be touched
    if (into / CATALOGUE).is_dir():
        overrides["catalogue_folder"] = str(into / CATALOGUE)
    settings = config.load(into, overrides=overrides)
    engine = database.connect(settings.url)
    try:
        with Session(engine) as session:
            office = assemble(settings, session)
            verdict = journal.verify(office)
            if verdict.fault or verdict.head != (manifest.journal_head or verdict.head):
                raise Refused(f"The journal of this backup does not hold: {verdict.fault}")
            if founding.nature(office) is None:
                raise Refused("This backup holds no instance.")
            yield office
    finally:
        engine.dispose()


def _settle_places(into: Path, instance: Path) -> None:
    """The database and the authority's procedures lie in the instance folder now, wherever they lay before."""
    settings = into / SETTINGS
    text = settings.read_text("utf-8")
    for name, place in (("database_url", ""), ("catalogue_folder", str(instance / CATALOGUE))):
        line = f"{name} = {json.dumps(place)}"
        text = re.sub(rf"(?m)^\s*{name}\s*=.*$", lambda _, line=line: line, text)
    settings.write_text(text, encoding="utf-8")


def made_on(manifest: Manifest) -> date:
    """The day on which a backup was made."""
    return date.fromisoformat(manifest.made_on)

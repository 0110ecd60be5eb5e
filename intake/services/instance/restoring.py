"""Opening a backup again: in a rehearsal, or to fill an empty folder.

A restore works in a folder of its own, `.restoring`, until everything is checked and on disk; then it leaves a mark
there and does nothing but move. Before the mark the next run begins anew, after it the next run goes on. As long as
the folder is there no other command works in the instance (`config.load`).
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, BinaryIO, TypedDict, cast

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from intake import config, database, migrating
from intake.config import RESTORING
from intake.database import reading, writing
from intake.models import Grant, Notice, Staff, StaffSession
from intake.services.ground import journal, notices, pinning
from intake.services.ground.office import Office, assemble, sync_folder
from intake.services.ground.refusals import Refused, said
from intake.services.retention import beyond_backups
from intake.services.tick import escalation
from intake.vault.backup import BackupReader
from intake.vault.errors import Mistyped, OtherFormat, SealBroken
from intake.vault.keys import fingerprint
from intake.vault.recovery import RecoveryKey

from . import anchoring, founding, leftovers, rewording, upgrading
from .anchoring import Head
from .backups import CATALOGUE, DATABASE, MANIFEST, SETTINGS, Manifest, header_of, state_of

_sync = sync_folder  # a file too
CHECKED = "checked"  # the mark: from here on a restore only moves
REHEARSAL = ".rehearsal-"
ALARMS = ("key-alarm", "let-in")  # warnings of somebody at the keys: better told twice than never
NOT_OURS = (
    "This file does not open: it is no backup of Intake, was altered or cut off, or the key is another's."
)


class Mark(TypedDict):
    """What `CHECKED` holds: which backup it is, what is in it, what is to be moved, and what is compared afterwards."""

    file: str
    manifest: dict[str, Any]
    parts: list[str]
    after: list[object]


@dataclass(frozen=True)
class Account:
    """Somebody who can sign in after a restore, and what they open."""

    email: str
    name: str
    role: str
    vaults: tuple[str, ...]


@dataclass(frozen=True)
class Contents:
    """What was in a backup, and what somebody has to compare or look through."""

    manifest: Manifest
    fingerprints: dict[str, str]  # of the keys that are sealed to, by vault
    accounts: tuple[Account, ...]  # the active ones


def look(file: Path, instance: Path | None = None) -> None:
    """Before anybody types a key: whether there is such a file, and the folder to fill is empty. Raises `Refused`."""
    if not file.is_file():
        raise Refused(f"There is no file {file}.")
    if instance and instance.is_dir() and not (instance / RESTORING / CHECKED).exists():
        _refuse_taken(instance)


def rehearse(
    file: Path, recovery_key: str, place: Path | None = None, *, heads: Sequence[Head] = (), now: datetime
) -> Contents:
    """Prove that a backup opens and is whole, in a folder that is gone afterwards. Raises `Refused`."""
    size = 4 * file.stat().st_size if file.exists() else 0
    place = place or leftovers.room_for(size, config.place_of())
    sweep(place)
    into = place / f"{REHEARSAL}{secrets.token_hex(8)}"
    try:
        into.mkdir(mode=0o700)
        with leftovers.held(into):
            manifest = _unpack(file, recovery_key, into)
            with _checked(into, manifest) as office:
                _hold_against(office, heads, now)
                return _contents(office, manifest)
    except OSError as error:
        raise Refused(f"The backup could not be read and unpacked. {said(error)}.") from error
    finally:
        shutil.rmtree(into, ignore_errors=True)


def restore(
    file: Path,
    recovery_key: str,
    instance: Path,
    *,
    heads: Sequence[Head] = (),
    destroyed: AbstractSet[str] = frozenset(),
    now: datetime,
) -> Contents:
    """Fill an empty instance folder from a backup, checked first. Killed at any step, it can be run again.

    `destroyed`: marks of cases that were destroyed since; they are destroyed in it again before it has its place.
    Sessions and invitations are over. What waited to be sent, or has fallen due since, is told in one notice to each
    officer, since nobody can know which of it went out after the backup; alarms stay. Raises `Refused`.
    """
    try:
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        with leftovers.held(instance):
            sweep(instance)
            into = instance / RESTORING
            if (into / CHECKED).exists():
                mark: Mark = json.loads((into / CHECKED).read_bytes())
                _expect_same_file(file, recovery_key, mark)
            else:
                shutil.rmtree(into, ignore_errors=True)
                _refuse_taken(instance)
                try:
                    mark = _prepare(file, recovery_key, into, instance, heads, destroyed, now)
                except BaseException:
                    shutil.rmtree(into, ignore_errors=True)  # it holds the server's key in clear
                    raise
            _move(into, instance, mark)
            found = _look_at_it_in_place(instance, mark)
            done = instance / f"{REHEARSAL}{secrets.token_hex(8)}"  # a name that is swept
            into.rename(done)  # in one step: the mark never goes before its folder
            _sync(instance)
            shutil.rmtree(done, ignore_errors=True)
            return found
    except BlockingIOError as error:
        raise Refused(f"Another restore is at work in {instance}.") from error
    except OSError as error:
        raise Refused(
            f"The backup could not be restored. {said(error)}. Run this again when that is mended."
        ) from error


def _prepare(
    file: Path,
    recovery_key: str,
    into: Path,
    instance: Path,
    heads: Sequence[Head],
    destroyed: AbstractSet[str],
    now: datetime,
) -> Mark:
    """Unpack, check, bring up to date, and write the mark when all of it is on disk."""
    manifest = _unpack(file, recovery_key, into)
    ours = {path.name for path in into.iterdir()} - {MANIFEST}
    with _checked(into, manifest) as office:
        upgrading.bring_up_to_date(office, now=now)
        _hold_against(office, heads, now)
        beyond_backups.again(office, destroyed, now=now)
        _begin_again(office, manifest, now)
    settings = into / SETTINGS
    places = {"database_url": "", "catalogue_folder": _catalogue(into, instance)}
    settings.write_text(rewording.with_places(settings.read_text("utf-8"), places), encoding="utf-8")
    mark: Mark = {
        "file": header_of(file),
        "manifest": asdict(manifest),
        "parts": sorted(ours, key=lambda name: (name == DATABASE, name)),  # the database last
        "after": state_of(into),
    }
    for path in into.iterdir():  # locks, drafts, the manifest: of this folder alone
        if path.name not in ours:
            path.unlink()
    for path in sorted(into.rglob("*"), reverse=True):
        _sync(path)
    part = into / f"{CHECKED}.part"
    part.write_text(json.dumps(mark))
    _sync(part)
    _sync(into)
    part.rename(into / CHECKED)
    _sync(into)
    return mark


def _move(into: Path, instance: Path, mark: Mark) -> None:
    """Give every part its place. Looks at all of them before it touches one, so that nothing is ever replaced."""
    left = [name for name in mark["parts"] if (into / name).exists()]
    if left:
        _refuse_taken(instance, but=set(mark["parts"]) - set(left))
    for name in left:
        (into / name).rename(instance / name)
    _sync(instance)
    _sync(into)


def _refuse_taken(instance: Path, *, but: AbstractSet[str] = frozenset()) -> None:
    ours = {RESTORING, "lost+found", *but}
    if taken := sorted({path.name for path in instance.iterdir()} - ours):
        holds = "holds an instance" if {DATABASE, SETTINGS, "keys"} & set(taken) else "is not empty"
        raise Refused(
            f"{instance} {holds} ({', '.join(taken)}). A backup is restored into an empty folder: a log or a draft "
            "that another instance left would be taken for this one's. Move all of it elsewhere, and run this again."
        )


def _look_at_it_in_place(instance: Path, mark: Mark) -> Contents:
    """Open what was restored where it lies now. Raises `Refused` where it is not what was checked."""
    try:
        if state_of(instance) != mark["after"]:
            raise Refused("its parts are not those that were checked.")
        with _opened(instance, restoring=True, overrides={"database_url": ""}) as office:
            founding.check(office)
            if fault := journal.verify(office).fault:
                raise Refused(fault)
            return _contents(office, Manifest(**mark["manifest"]))
    except (Refused, config.BadSetting, sqlite3.Error) as error:
        raise Refused(
            f"What lies in {instance} now is not the backup that was checked: {error} Nothing works there. Empty the "
            "folder, and restore again."
        ) from error


def _begin_again(office: Office, manifest: Manifest, now: datetime) -> None:
    escalation.run(office, now=now, alone=True)
    pinning.settle(office)  # of a vault whose key was changed while the backup was made
    with writing(office.session):
        session = office.session
        session.execute(delete(StaffSession))
        session.execute(
            delete(Notice).where(Notice.state.in_(("queued", "sending")), Notice.kind.not_in(ALARMS))
        )
        # Who took one up after the backup has it on paper still; and who was refused one since, too.
        invited = session.scalars(select(Staff).where(Staff.invitation.is_not(None))).all()
        for person in invited:
            person.invitation = person.invited_until = None
        at_work = select(Staff.id).where(Staff.active, Staff.joined_at.is_not(None))
        for staff_id in session.scalars(at_work).all():
            notices.tell(office, staff_id, "restored", now=now)
        journal.append(
            session,
            at=now,
            actor="administrator",
            act=journal.Act.RESTORED,
            made_on=manifest.made_on,
            head=manifest.journal_head,
            invitations_ended=len(invited),
        )


def _hold_against(office: Office, heads: Sequence[Head], now: datetime) -> None:
    """The heads from before the backup, kept elsewhere, are of its journal: nobody else made it. Raises `Refused`."""
    if not heads:
        return
    upgrading.bring_up_to_date(office, now=now)  # in a rehearsal's copy: an older shape counts otherwise
    lines, earlier = anchoring.reached(office, heads)
    if not earlier:
        raise Refused(
            f"The backup's journal has {lines} lines, and every head that was given is later. Give one from before the "
            "backup was made; if there should be one among these, this is not your backup."
        )
    if fault := anchoring.verify(office, earlier).fault:
        raise Refused(f"This backup is not of the instance whose heads were given. {fault}")


def _contents(office: Office, manifest: Manifest) -> Contents:
    """What to compare with the prints, and whom to look through."""
    pinned = pinning.whatever(office.settings)
    with reading(office.session):
        held: dict[str, list[str]] = {}
        for staff_id, vault in office.session.execute(select(Grant.staff_id, Grant.vault_id)):
            held.setdefault(staff_id, []).append(vault)
        people = office.session.execute(
            select(Staff.id, Staff.email, Staff.name, Staff.role)
            .where(Staff.active, Staff.joined_at.is_not(None))
            .order_by(Staff.email)
        ).all()
    return Contents(
        manifest,
        {vault: fingerprint(public, vault=vault) for vault, public in pinned.items()},
        tuple(
            Account(email, name, role, tuple(sorted(held.get(key, ())))) for key, email, name, role in people
        ),
    )


def _unpack(file: Path, recovery_key: str, into: Path) -> Manifest:
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with file.open("rb") as sealed:
            stream = _reader(sealed, recovery_key)
            with tarfile.open(fileobj=cast(IO[bytes], stream), mode="r|") as archive:
                for member in archive:
                    _take_out(archive, member, into)
            stream.finish()
        return Manifest(**json.loads((into / MANIFEST).read_bytes()))
    except (FileNotFoundError, IsADirectoryError) as error:
        raise Refused(f"There is no file {file}.") from error
    except (SealBroken, tarfile.TarError, json.JSONDecodeError, TypeError) as error:
        raise Refused(NOT_OURS) from error


def _reader(sealed: BinaryIO, recovery_key: str) -> BackupReader:
    try:
        return BackupReader(sealed, RecoveryKey.parse(recovery_key))
    except Mistyped as error:
        raise Refused(str(error)) from error
    except OtherFormat as error:
        raise Refused(
            "This backup has a format that this version does not open: it was made by a trial of 0.3.0, whose backups "
            "anybody who held one could forge, or by a later version. Restore it with the version that made it, run "
            "`intake backup --new-key` under this one, and back up again."
        ) from error
    except SealBroken as error:
        raise Refused(NOT_OURS) from error


def _take_out(archive: tarfile.TarFile, member: tarfile.TarInfo, into: Path) -> None:
    target = into / member.name
    if not member.isfile() or not target.resolve().is_relative_to(into.resolve()):
        raise Refused(NOT_OURS)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
        shutil.copyfileobj(cast(IO[bytes], archive.extractfile(member)), out)
        out.flush()
        os.fsync(out.fileno())


@contextmanager
def _checked(into: Path, manifest: Manifest) -> Iterator[Office]:
    """The office of an unpacked backup, found to be what its manifest says. Raises `Refused`."""
    if not migrating.is_known(manifest.revision):
        raise Refused(
            f"This backup was made by a newer version of Intake ({manifest.version}): install that one, or a later."
        )
    try:
        found = state_of(into)
    except (sqlite3.Error, FileNotFoundError) as error:
        raise Refused(f"The database of this backup cannot be read: {error}.") from error
    if found != [manifest.tables, manifest.journal_head, manifest.revision, manifest.server_key, "ok"]:
        raise Refused("This backup does not hold what its manifest says. Use another one.")
    # It lies here, wherever it lay before: no other may be touched.
    overrides = {"database_url": "", "catalogue_folder": _catalogue(into, into)}
    with _opened(into, overrides=overrides) as office:
        verdict = journal.verify(office)
        if verdict.fault or verdict.head != (manifest.journal_head or verdict.head):
            raise Refused(f"The journal of this backup does not hold: {verdict.fault}")
        if founding.nature(office) is None:
            raise Refused("This backup holds no instance.")
        yield office


@contextmanager
def _opened(place: Path, *, overrides: Mapping[str, str], restoring: bool = False) -> Iterator[Office]:
    settings = config.load(place, overrides=overrides, restoring=restoring)
    engine = database.connect(settings.url)
    try:
        with Session(engine) as session:
            yield assemble(settings, session)
    finally:
        engine.dispose()


def _catalogue(into: Path, final: Path) -> str:
    return str(final / CATALOGUE) if (into / CATALOGUE).is_dir() else ""


def _expect_same_file(file: Path, recovery_key: str, mark: Mark) -> None:
    try:
        with file.open("rb") as sealed:
            _reader(sealed, recovery_key)
        same = header_of(file) == mark["file"]
    except FileNotFoundError as error:
        raise Refused(f"There is no file {file}.") from error
    if not same:
        raise Refused(
            "Here the restore of another file was begun. Run it again with that one; or empty the folder first."
        )


def sweep(*folders: Path) -> None:
    """Delete what killed rehearsals left, with a server's key in clear."""
    for folder in {leftovers.MEMORY, config.place_of(), Path.cwd(), Path(tempfile.gettempdir()), *folders}:
        leftovers.sweep(folder, f"{REHEARSAL}*")

"""What was destroyed and can still come back: from a backup that was made before, with the paper of its key.

Backups lie where nobody here can reach them. What ends them is that their key ends: another key is printed, a fresh
backup made, and the old paper burnt; somebody records that it is. Until then it is told. And a restore is given the
list of what was destroyed, so that nothing of it comes back unseen.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update

from intake.database import reading, writing
from intake.database.arrivals import clear_away
from intake.models import Case, Destruction, Vault
from intake.procedures.offices import circles
from intake.services.ground import journal
from intake.services.ground.office import Office
from intake.services.ground.refusals import Refused
from intake.vault.backup import BACKUP
from intake.vault.keys import fingerprint

from . import destroying, marks

AT_ONCE = 500


@dataclass(frozen=True)
class Pending:
    """`cases` were destroyed, the last on a day, and backups from before hold them. `keys`: fingerprints of the keys
    whose papers open those; empty where there was none. `present`: and one of them is still the key of backups.
    """

    cases: int
    day: date
    keys: tuple[str, ...]
    present: bool
    wiped: bool


def pending(office: Office, vaults: Collection[str] | None = None) -> Pending | None:
    """What backups can still bring back, of some vaults where they are named; None where nothing was
    destroyed, or all of it is beyond them.
    """
    session = office.session
    of = () if vaults is None else (Destruction.reader.in_(circles(vaults)),)
    with reading(session):
        rows = session.execute(
            select(Destruction.destroyed, Destruction.done_on, Destruction.backup_key, Destruction.wiped_on)
            .where(Destruction.done_on.is_not(None), Destruction.beyond_backups_on.is_(None))
            .where(Destruction.destroyed > 0, *of)
        ).all()
        key = session.get(Vault, BACKUP)
        present = fingerprint(key.public, vault=BACKUP) if key else ""
    if not rows:
        return None
    keys = tuple(sorted({one.backup_key for one in rows if one.backup_key}))
    return Pending(
        sum(one.destroyed for one in rows),
        max(one.done_on for one in rows),
        keys,
        present in keys,
        all(one.wiped_on for one in rows),
    )


def sentence(found: Pending) -> str:
    """The same for whoever keeps the instance, with what to do."""
    cases = "1 case" if found.cases == 1 else f"{found.cases:,} cases"
    told = f"{cases} destroyed up to {found.day:%-d %B %Y} can still come back: from copies of the files made before"
    if found.keys:
        told += f", and from backups made before, with the paper of the key {' or '.join(found.keys)}"
    return (
        f"{told}. Run `intake destroy finish FILE`, which prints another key and makes a fresh backup; then burn the "
        "old paper, delete the old files, and say so with `intake destroy burnt`."
    )


def faults(office: Office) -> list[str]:
    """What `intake check` says of it."""
    found = pending(office)
    return [sentence(found)] if found else []


def record_gone(office: Office, *, now: datetime) -> Pending:
    """The papers of older keys are burnt and the files gone: somebody says so, and the journal keeps it.

    Raises `Refused` where another key of backups was not made yet, or the database still holds traces.
    """
    found = pending(office)
    if found is None:
        raise Refused("Nothing was destroyed that a backup could bring back.")
    if found.present:
        raise Refused(
            "The key of backups is still the one of before, so its paper opens new backups too. Run `intake destroy "
            "finish FILE` first."
        )
    if not found.wiped:
        raise Refused(
            "The database's own files still hold traces. Run `intake destroy finish FILE`, or wait a night."
        )
    session, today = office.session, office.today(now)
    with writing(session):
        done = update(Destruction).where(
            Destruction.done_on.is_not(None), Destruction.beyond_backups_on.is_(None)
        )
        session.execute(done.values(beyond_backups_on=today))
        act = journal.Act.BACKUPS_GONE
        journal.append(session, at=now, actor="administrator", act=act, keys=list(found.keys))
    return found


def again(office: Office, known: Collection[str], *, now: datetime) -> int:
    """Destroy in a restored database what had been destroyed since its backup was made, before anything is served.

    Whoever gives the list says that it was done; nobody is asked again. Returns how many cases went.
    """
    session, today, gone = office.session, office.today(now), 0
    with reading(session):
        ids = [
            case_id for case_id in session.scalars(select(Case.id)) if marks.mark_of(office, case_id) in known
        ]
    for start in range(0, len(ids), AT_ONCE):
        with writing(session):
            cases = session.scalars(select(Case).where(Case.id.in_(ids[start : start + AT_ONCE]))).all()
            for case in cases:
                act = journal.Act.DESTROYED
                told = {"vault": case.reader, "restored": True}
                journal.append(session, at=now, actor="administrator", act=act, case_id=case.id, **told)
            destroying.destroy(office, cases, today)
            gone += len(cases)
    if gone:
        marks.write_list(office)
        clear_away(session.get_bind().engine, destroying.TABLES, at_once=True)
    return gone

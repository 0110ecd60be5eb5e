"""Cases that two people agreed to destroy: their keys, their words and every row that names them, some at a time.

A transaction destroys whole cases or none. Whoever is killed goes on with the next press or tick. What is counted
stays, under a random key that leads nowhere; the holder's code finds a tombstone; the journal tells by whom and when.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, delete, insert, select, update

from intake.database import NotStored, leave_no_log, reading, writing
from intake.database.arrivals import clear_away
from intake.models import (
    Base,
    Case,
    Destined,
    Destruction,
    JournalLine,
    ReceiptLock,
    Reclassification,
    RegisterEntry,
    StageReceipt,
    Tombstone,
    Vault,
)
from intake.procedures.working_days import in_london
from intake.services.cases import filing
from intake.services.ground import journal
from intake.services.ground.office import AnySession, Office
from intake.services.ground.refusals import Refused
from intake.vault.backup import BACKUP
from intake.vault.keys import fingerprint

from . import listing, marks, steady_clock, tombstones
from .tombstones import Told

AT_ONCE = 100  # cases in one transaction: whoever writes waits for a moment
EVER = 1_000_000  # transactions: until nothing is left
NIGHT = range(5)  # the hours in which a large file may be written anew
# What outlives its case.
COUNTED = tuple(cast(Table, model.__table__) for model in (StageReceipt, Reclassification))
# Whatever names a case by a foreign key goes with it, each table before those that it refers to.
OF_A_CASE: tuple[tuple[Table, tuple[ColumnElement[Any], ...]], ...] = tuple(
    (table, columns)
    for table in reversed(Base.metadata.sorted_tables)
    if (
        columns := tuple(
            key.parent for key in table.foreign_keys if key.target_fullname == f"{Case.__tablename__}.id"
        )
    )
)


def go_on(office: Office, *, now: datetime, most: int = EVER) -> int:
    """Destroy what was confirmed and is not destroyed yet, in so many transactions at `most`. Returns how many cases
    went.

    Raises `Refused` where the clock cannot be believed, and `NotStored`; what was destroyed before stays so.
    """
    session, gone = office.session, 0
    asked = select(Destruction.id).where(Destruction.confirmed_on.is_not(None), Destruction.done_on.is_(None))
    lists = session.scalars(asked).all()
    session.rollback()
    if lists:
        steady_clock.check(office, now)
        _check_the_journal_knows(session, lists)
    for list_id in lists:
        while most and (some := _some(office, list_id, now)) is not None:
            gone += some
            most -= 1
    if lists:
        marks.write_list(office)
        with suppress(NotStored):  # somebody reads for long: the next tick does it
            leave_no_log(session.get_bind().engine)
    return gone


def _check_the_journal_knows(session: AnySession, lists: Sequence[str]) -> None:
    """Raises `Refused` for a list that no second person confirmed by an act of this program: whoever can write to the
    database could else have the program destroy in their stead.
    """
    with reading(session):
        asked = select(JournalLine).where(JournalLine.act == str(journal.Act.DESTRUCTION_CONFIRMED))
        by = {
            (told := journal.detail_of(line))["list"]: (told, line.actor) for line in session.scalars(asked)
        }
        rows = session.scalars(select(Destruction).where(Destruction.id.in_(lists))).all()
        for row in rows:
            told, actor = by.get(row.id, ({}, ""))
            if actor != row.confirmed_by or told.get("proposed_by") in (None, actor):
                raise Refused(
                    "A list of cases to be destroyed stands in the database as confirmed, and the journal knows of no "
                    "second person who did. Nothing is destroyed. Run `intake audit verify`, and find out who wrote it."
                )


def _some(office: Office, list_id: str, now: datetime) -> int | None:
    """A few cases of a list, in one transaction; None when nothing is left of it."""
    session, today = office.session, office.today(now)
    with writing(session):
        row = session.get(Destruction, list_id)
        if row is None or row.confirmed_on is None or row.done_on is not None:
            return None
        rows = session.execute(listing.standing_of(list_id).order_by(Destined.case_id).limit(AT_ONCE)).all()
        if not rows:
            row.done_on, row.backup_key = today, _key_of_backups(session)
            return None
        gone: list[Case] = []
        for destined, case, held, proposed in rows:
            if listing.why_it_stays(office, row, destined, case, held, proposed, (), today):
                session.delete(destined)
                act = journal.Act.SPARED
                journal.append(session, at=now, actor="tick", act=act, case_id=case.id, list=list_id)
            else:
                gone.append(case)
        told = {"list": list_id, "vault": row.reader, "proposed_by": row.proposed_by}
        _tell(session, gone, row.confirmed_by or "", now, told)
        destroy(office, gone, today)
        row.destroyed += len(gone)
        return len(gone)


def _tell(
    session: AnySession, cases: Sequence[Case], by: str, now: datetime, told: Mapping[str, str]
) -> None:
    for case in cases:
        journal.append(session, at=now, actor=by, act=journal.Act.DESTROYED, case_id=case.id, **told)


def destroy(office: Office, cases: Sequence[Case], today: date) -> None:
    """Take out everything that names these cases, inside the caller's transaction."""
    session, ids = office.session, [case.id for case in cases]
    if not ids:
        return
    stones = _tombstones(office, cases, today)
    for case in cases:
        nowhere = filing.new_key(case.received_on)
        for table in COUNTED:
            session.execute(update(table).where(table.c.case_id == case.id).values(case_id=nowhere))
    session.flush()
    for table, columns in OF_A_CASE:
        for column in columns:
            session.execute(delete(table).where(column.in_(ids)))
    session.execute(delete(cast(Table, Case.__table__)).where(Case.id.in_(ids)))
    if stones:
        session.execute(insert(Tombstone), stones)


def _tombstones(office: Office, cases: Sequence[Case], today: date) -> list[dict[str, Any]]:
    by_id = {case.id: case for case in cases}
    locks = office.session.scalars(select(ReceiptLock).where(ReceiptLock.case_id.in_(by_id)))
    entries = office.session.scalars(select(RegisterEntry).where(RegisterEntry.case_id.in_(by_id))).all()
    stones = []
    for lock in locks:
        case = by_id[lock.case_id]
        schedule = office.catalogue[case.procedure].retention
        told = Told(case.closed_on, today, schedule.words if schedule else "")
        stones.append(tombstones.row_of(lock, told))
    return sorted(stones + tombstones.rows_of_register(office, entries), key=lambda row: bytes(row["lookup"]))


def _key_of_backups(session: AnySession) -> str:
    row = session.get(Vault, BACKUP)
    return fingerprint(row.public, vault=BACKUP) if row else ""


def wipe(office: Office, *, now: datetime, at_once: bool = False) -> bool:
    """Leave nothing of what was destroyed in the database's own files. Whether there was anything to do.

    A large file is written anew at night alone, unless `at_once`. Raises `NotStored` while somebody reads or writes for
    long, or there is no room; then it is to be called again.
    """
    session = office.session
    asked = select(Destruction.id).where(Destruction.done_on.is_not(None), Destruction.wiped_on.is_(None))
    lists = session.scalars(asked).all()
    session.rollback()
    if not lists:
        return False
    engine = session.get_bind().engine
    if not clear_away(engine, TABLES, at_once=at_once or in_london(now).hour in NIGHT):
        return False
    with writing(session):
        done = update(Destruction).where(Destruction.id.in_(lists))
        session.execute(done.values(wiped_on=office.today(now)))
    return True


TABLES = (
    *(table for table, _ in OF_A_CASE),
    *COUNTED,
    *(cast(Table, model.__table__) for model in (Case, Destruction)),
)

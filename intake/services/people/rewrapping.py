"""What lies in a vault is sealed anew to its new key, while others work (SPEC.md, "Rotation").

Each envelope is opened with the key that it was sealed to and sealed to the present one: outside of every transaction,
then put in the place of the old one, a few at a time. The keys of the cases stay the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, Table, bindparam, delete, exists, func, or_, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from intake import database
from intake.database import NotStored, leave_no_log, reading, writing
from intake.models import Case, Envelope, JournalLine, Staff, VaultKey
from intake.services.ground import journal, pinning, sealing
from intake.services.ground.office import AnySession, Office
from intake.services.ground.refusals import NotFound, needs
from intake.services.ground.roles import VAULTS, Officer, Right
from intake.vault.envelope import open_case_key
from intake.vault.errors import SealBroken
from intake.vault.keys import KeyPair
from intake.vault.record import CaseKey

from .rotating import Ring

AT_A_TIME = 100  # in one transaction: others wait no longer than for the tick's
RESTS = 9  # times as long as it wrote: so others write nine tenths of what they would without it
AT_A_PRESS = 500  # of a button: a second or so
Place = tuple[str, str]  # of an envelope in its vault: case and scope
Tell = Callable[[int, int], None]  # how many were sealed anew, and how many there were to do

_IN_PLACE = (
    update(cast(Table, Envelope.__table__))
    .where(
        Envelope.keyholder == bindparam("of_keyholder"),
        Envelope.case_id == bindparam("of_case"),
        Envelope.scope == bindparam("of_scope"),
        Envelope.sealed == bindparam("as_it_was"),  # what was sealed by somebody else meanwhile stays theirs
    )
    .values(sealed=bindparam("anew"), sealed_to=bindparam("mark"))
)
_LEAVING = (journal.Act.GRANT_REMOVED, journal.Act.DISABLED, journal.Act.INVITED)


@dataclass
class Sealed:
    """What one run did. `broken`: references of cases of which something does not open; it was left as it is."""

    anew: int = 0
    broken: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class UnderWay:
    """A vault whose key was changed while something may still lie under the one before. `of`: all that lies there."""

    vault: str
    left: int
    of: int


def seal_anew(
    office: Office, ring: Ring, *, tell: Tell = lambda *_: None, alone: bool = False, most: int | None = None
) -> Sealed:
    """Seal everything of a vault to its present key. Killed at any moment it is done by the next run, and everything
    opens in between. `alone`: nobody else writes, so it need not rest; `most`: about so many and no more.

    Raises `KeyDiffers` where the vault's row or the pin is changed meanwhile, `Busy` beside another run, `NotStored`.
    """
    done, broken = Sealed(), set[str]()
    with database.alone(office.session.get_bind().engine, f"rotate-{ring.vault}", wait_seconds=0):
        wanted = _left(office, ring)
        while _walk(office, ring, done, broken, lambda anew: tell(anew, max(wanted, anew)), alone, most):
            pass  # what came in meanwhile by whoever had still the old key
    with reading(office.session):
        named = select(Case.reference).where(Case.id.in_(broken)).order_by(Case.reference)
        done.broken = list(office.session.scalars(named))
    return done


def _walk(
    office: Office,
    ring: Ring,
    done: Sealed,
    broken: set[str],
    tell: Callable[[int], None],
    alone: bool,
    most: int | None,
) -> bool:
    """Once through the vault, the newest first: of today's cases, the key would tell who came before it was changed.
    Returns whether another walk is due.
    """
    before, last = done.anew, None
    while True:
        with reading(office.session):
            rows = _some(office.session, ring, last)
        if not rows:
            return done.anew > before
        last = (rows[-1].case_id, rows[-1].scope)
        anew = [(row, key) for row in rows if (key := _opened(ring, row)) is not None]
        broken |= {row.case_id for row in rows} - {row.case_id for row, _ in anew}
        changes = [_change(ring, row, key) for row, key in anew]
        wrote = _put(office, ring, changes) if changes else 0.0
        done.anew += len(changes)
        tell(done.anew)
        if not alone:
            time.sleep(RESTS * wrote)
        if most is not None and done.anew >= most:
            return False


def _put(office: Office, ring: Ring, changes: list[dict[str, object]]) -> float:
    """Put envelopes in the place of those that they were. Returns for how many seconds others had to wait."""
    with writing(office.session):
        began = time.monotonic()
        pinning.same_as_pinned(office, ring.vault, ring.pair)
        office.session.connection().execute(_IN_PLACE, changes)
    return time.monotonic() - began


def _some(session: AnySession, ring: Ring, last: Place | None) -> list[Envelope]:
    after = (tuple_(Envelope.case_id, Envelope.scope) < tuple_(*last),) if last else ()
    asked = select(Envelope).where(*_of_another_key(ring), *after)
    rows = session.scalars(
        asked.order_by(Envelope.case_id.desc(), Envelope.scope.desc()).limit(AT_A_TIME)
    ).all()
    session.expunge_all()
    return list(rows)


def _of_another_key(ring: Ring) -> tuple[ColumnElement[bool], ...]:
    otherwise = or_(Envelope.sealed_to.is_(None), Envelope.sealed_to != ring.mark)
    return Envelope.keyholder == ring.holder, otherwise


def _opened(ring: Ring, row: Envelope) -> CaseKey | None:
    """The key in an envelope, by the key that it names or by any in hand; None where it does not open."""
    named = sealing.former_holder(row.sealed_to or "")
    for holder in sorted(ring.pairs, key=lambda holder: holder != named):
        with suppress(SealBroken):
            return _open(ring.pairs[holder], row)
    return None


def _open(pair: KeyPair, row: Envelope) -> CaseKey:
    return open_case_key(row.sealed, pair, case=row.case_id, scope=row.scope, keyholder=row.keyholder)


def _change(ring: Ring, row: Envelope, key: CaseKey) -> dict[str, object]:
    made = sealing.envelope_row(key, row.case_id, ring.holder, ring.pair.public)
    return {
        "of_keyholder": row.keyholder,
        "of_case": row.case_id,
        "of_scope": row.scope,
        "as_it_was": row.sealed,
        "anew": made["sealed"],
        "mark": made["sealed_to"],
    }


def _left(office: Office, ring: Ring) -> int:
    with reading(office.session):
        return (
            office.session.scalar(select(func.count()).select_from(Envelope).where(*_of_another_key(ring)))
            or 0
        )


def finish(office: Office, ring: Ring, *, now: datetime) -> bool:
    """Throw the keys away that the vault had before: nothing lies under them. Whether that could be done.

    The database itself refuses while an envelope is sealed to one of them, and refuses an envelope to one that went.
    Raises `KeyDiffers`, `NotStored`.
    """
    pinning.settle(office)
    if _left(office, ring):
        return False
    former = (VaultKey.vault_id == ring.vault, VaultKey.fingerprint != ring.mark)
    session = office.session
    try:
        with writing(session):
            pinning.same_as_pinned(office, ring.vault, ring.pair)
            if session.scalar(select(exists().where(*former))):
                session.execute(delete(VaultKey).where(*former))
                act = journal.Act.VAULT_SEALED_ANEW
                told = {"vault": ring.vault, "fingerprint": ring.mark}
                journal.append(session, at=now, actor=ring.by, act=act, **told)
    except IntegrityError:  # something came just now from whoever had still the old key
        return False
    with suppress(NotStored):  # somebody reads for long: the night does it
        leave_no_log(session.get_bind().engine)
    return True


def under_way(office: Office, *vaults: str) -> list[UnderWay]:
    """The vaults (of all, or of these) that still have a key from before, and how much lies under it."""
    under = select(Envelope.keyholder, func.count()).join(
        VaultKey, VaultKey.fingerprint == Envelope.sealed_to
    )
    of_formers = under.where(VaultKey.sealed.is_not(None)).group_by(Envelope.keyholder)
    formers = select(VaultKey.vault_id).where(VaultKey.sealed.is_not(None)).distinct()
    asked = formers.where(VaultKey.vault_id.in_(vaults)) if vaults else formers
    with reading(office.session):
        found = {vault: sealing.vault_holder(vault) for vault in sorted(office.session.scalars(asked))}
        left = dict(office.session.execute(of_formers).all()) if found else {}
        every = select(Envelope.keyholder, func.count()).where(Envelope.keyholder.in_(found.values()))
        there = dict(office.session.execute(every.group_by(Envelope.keyholder)).all()) if found else {}
    return [UnderWay(vault, left.get(holder, 0), there.get(holder, 0)) for vault, holder in found.items()]


def of_their_own(office: Office, officer: Officer) -> UnderWay | None:
    """How far the change of the officer's own vault's key is; None where there is none. Raises `NotFound`."""
    _, found = _their_ring(office, officer), under_way(office, officer.own_vault or "")
    return found[0] if found else None


def go_on(office: Office, officer: Officer, *, now: datetime) -> Sealed:
    """A member seals some more of their vault to its present key, and ends the change where nothing is left and no
    other machine may still have the old key. Raises `NotFound`, `KeyDiffers`, `Busy`, `NotStored`.
    """
    needs(officer, Right.GRANT)
    ring = _their_ring(office, officer)
    done = seal_anew(office, ring, most=AT_A_PRESS)
    if office.settings.machines == 1 and not done.broken:
        finish(office, ring, now=now)
    return done


def _their_ring(office: Office, officer: Officer) -> Ring:
    vault = officer.own_vault or ""
    with reading(office.session):
        pairs = sealing.pairs_of(office.session, officer)
    if sealing.vault_holder(vault) not in pairs:
        raise NotFound
    return Ring(vault, officer.id, pairs)


def left_since(office: Office) -> dict[str, list[str]]:
    """By vault the addresses of those who could open it, have gone since, and may have kept its present key."""
    asked = select(JournalLine).where(JournalLine.act.in_((*pinning.MADE, journal.Act.GRANTED, *_LEAVING)))
    with reading(office.session):
        lines = office.session.scalars(asked.order_by(JournalLine.number)).all()
        gone = _gone((str(line.act), journal.detail_of(line)) for line in lines)
        emails = dict(office.session.execute(select(Staff.id, Staff.email)).all())
    return {vault: sorted(emails.get(one, one) for one in people) for vault, people in gone.items() if people}


def _gone(lines: Iterable[tuple[str, Mapping[str, str]]]) -> dict[str, set[str]]:
    holds: dict[str, set[str]] = {vault: set() for vault in VAULTS}
    gone: dict[str, set[str]] = {vault: set() for vault in VAULTS}
    for act, told in lines:
        vault, person = told.get("vault", ""), told.get("staff", "")
        if act in pinning.MADE and vault in holds:
            holds[vault], gone[vault] = set(), set()  # who stays is granted it anew in the lines that follow
        elif act == journal.Act.GRANTED and vault in holds:
            holds[vault].add(person)
            gone[vault].discard(person)
        elif act in _LEAVING:
            for one in holds if act != journal.Act.GRANT_REMOVED else [vault]:
                if person in holds.get(one, ()):
                    gone[one].add(person)
    return gone

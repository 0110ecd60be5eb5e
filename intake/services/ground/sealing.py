"""Between the safe and its shelves: keys of cases, and records sealed under them.

An officer reaches a case through an envelope that opens with a key the officer holds: of a vault that was
granted, or the officer's own. Where there is no such envelope the case does not exist for that officer.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import and_, bindparam, func, select

from intake.config import BadSetting
from intake.models import Case, Envelope, Grant, Keyholder, Record, Vault, VaultKey
from intake.procedures import offices
from intake.procedures.offices import Receiving, Recipient
from intake.vault import keyholder as marking
from intake.vault.envelope import open_case_key, open_former_seed, open_grant, seal_case_key
from intake.vault.errors import SealBroken
from intake.vault.keys import KeyPair, fingerprint
from intake.vault.record import CaseKey, PurposeKey

from . import custody, pinning, roles
from .office import AnySession, Office
from .refusals import Damaged, NotFound
from .roles import Officer

PURPOSES = {
    "submission": "submission",
    "message": "conversation",
    "note": "casework",
    "reason": "casework",
    "opening": "casework",
    "copy": "casework",
    "summary": "casework",
    "released": "casework",
    "governance": "casework",
    "prescribed": "casework",
    "appointed": "casework",
    "proposal": "casework",
    "passed": "casework",
    "left": "casework",
    "question": "conversation",
    "answer": "conversation",
    "points": "conversation",
    "statement": "conversation",
    "findings": "conversation",
    "link": "casework",
    "triage": "casework",
    "access": "casework",
    "inquiry": "casework",
    "hold": "casework",
}


BY_NAME = "those who were given it by name"
_HELD = (
    select(Grant, Vault, VaultKey)
    .join(Vault, Vault.id == Grant.vault_id)
    .outerjoin(VaultKey, and_(VaultKey.vault_id == Vault.id, VaultKey.sealed.is_not(None)))
    .where(Grant.staff_id == bindparam("staff"), Grant.vault_id.in_(bindparam("vaults", expanding=True)))
)
_KEYHOLDERS = select(Envelope.keyholder).where(
    Envelope.case_id == bindparam("case"), Envelope.scope == "case"
)
_LAST_PLACE = select(func.max(Record.place)).where(
    Record.case_id == bindparam("case"), Record.kind == bindparam("kind")
)


def vault_holder(vault: str) -> str:
    """The name under which a vault holds envelopes."""
    return f"vault:{vault}"


def pairs_of(session: AnySession, officer: Officer) -> dict[str, KeyPair]:
    """Every key pair the officer can use, by keyholder. Raises `Damaged` for a grant that does not open, and
    `KeyDiffers` for one that opens to another key than its vault's.

    A grant that the officer's present role may not have is passed over, even if it opens: a role that was changed
    in the database keeps nothing of the old one.
    """
    pairs = {f"staff:{officer.id}": officer.pair}
    asked = {"staff": officer.id, "vaults": list(roles.role_of(officer.role_id).vaults)}
    for grant, vault, former in session.execute(_HELD, asked):
        holder = vault_holder(grant.vault_id)
        if holder not in pairs:
            pairs[holder] = _granted(grant, vault, officer)
        if former is not None:
            pairs |= former_pairs(pairs[holder], [former])
    return pairs


def _granted(grant: Grant, vault: Vault, officer: Officer) -> KeyPair:
    try:
        seed = open_grant(grant.sealed, officer.pair, vault=grant.vault_id, staff=officer.id)
    except SealBroken as error:
        raise Damaged("Your key to this vault does not open. Ask a colleague to grant it again.") from error
    pair = KeyPair.from_seed(seed)
    pinning.same_as_row(vault, pair, staff=officer.id)
    return pair


def former_holder(mark: str) -> str:
    """The name under which a key that a vault had before stands among the pairs in hand. No envelope has it."""
    return f"former:{mark}"


def former_pairs(pair: KeyPair, formers: Iterable[VaultKey]) -> dict[str, KeyPair]:
    """The keys that a vault had before and under which something may still lie, which its present key opens.

    One that does not open, or to another key, is passed over: what lies under it is then told as damaged, and
    everything else opens.
    """
    pairs = {}
    for former in formers:
        mark, vault = former.fingerprint, former.vault_id
        try:
            old = KeyPair.from_seed(open_former_seed(former.sealed or b"", pair, vault=vault, former=mark))
        except SealBroken:
            continue
        if mark_of(vault_holder(vault), old.public) == mark:
            pairs[former_holder(mark)] = old
    return pairs


@lru_cache(maxsize=32)
def mark_of(holder: str, public: bytes) -> str | None:
    """The fingerprint that an envelope to a vault's key carries; None for one to an officer's own."""
    vault = holder.removeprefix(vault_holder(""))
    return fingerprint(public, vault=vault) if vault != holder else None


def keyholders_of(session: AnySession, case_id: str) -> list[str]:
    """All to whom the key of a case was sealed."""
    return list(session.scalars(_KEYHOLDERS, {"case": case_id}))


def vaults_of(session: AnySession, case_id: str) -> list[str]:
    """The vaults that hold an envelope of a case."""
    holders = keyholders_of(session, case_id)
    return [holder.removeprefix("vault:") for holder in holders if holder.startswith("vault:")]


def persons_of(session: AnySession, case_id: str) -> list[str]:
    """The accounts to which the key of a case was sealed by name."""
    holders = keyholders_of(session, case_id)
    return [holder.removeprefix("staff:") for holder in holders if holder.startswith("staff:")]


def public_keys_of(
    office: Office, case_id: str, marks: bytes | None = None, *, scope: str = "case", today: date = date.min
) -> dict[str, bytes]:
    """To whom something new in a case is sealed: public keys by keyholder.

    Of a case that lies as it came: the pinned keys of the vaults that hold an envelope. Of one that was changed by name
    `marks` is its key for the purpose `keyholders`: then all whom it marked and whose time is not over on `today`, and
    nobody else, whatever the envelopes say. `scope`: of what is sealed. Raises `NotStored` without the pins.
    """
    publics = {vault_holder(vault): public for vault, public in pinning.publics(office).items()}
    if marks is None:
        holders = keyholders_of(office.session, case_id)
        return {holder: publics[holder] for holder in holders if holder in publics}
    held = (row for row in kept_keyholders(office.session, case_id) if row.scope == whole_scope(scope))
    known = {row.keyholder: marked_key(row, marks, publics) for row in held if is_running(row, today)}
    return {holder: public for holder, public in known.items() if public is not None}


def kept_keyholders(session: AnySession, case_id: str) -> list[Keyholder]:
    """The rows of those who hold a case that was changed by name; none of one that lies as it came."""
    kept = (
        select(Keyholder).where(Keyholder.case_id == case_id).order_by(Keyholder.keyholder, Keyholder.scope)
    )
    return list(session.scalars(kept))


def whole_scope(scope: str) -> str:
    """For what somebody is a keyholder who gets a key of this scope."""
    return "identity" if scope.startswith("identity") else "case"


def is_running(row: Keyholder, today: date) -> bool:
    """Whether somebody holds it still on a day."""
    return row.until is None or today <= row.until


def marked_key(row: Keyholder, marks: bytes, pinned: Mapping[str, bytes]) -> bytes | None:
    """The public key of somebody whom this case's key marked; None for whoever was put there otherwise."""
    of = {"case": row.case_id, "keyholder": row.keyholder, "scope": row.scope}
    until = row.until.isoformat() if row.until else ""
    if row.keyholder.startswith("vault:"):
        return (
            pinned.get(row.keyholder) if marking.vault_holds(row.marked, marks, until=until, **of) else None
        )
    try:
        return marking.person_key(row.marked, marks, until=until, **of)
    except SealBroken:
        return None


def deliver_key(session: AnySession, key: CaseKey, case_id: str, keys: dict[str, bytes]) -> None:
    """Put a key in an envelope for each keyholder. Needs public keys alone."""
    for holder, public in keys.items():
        session.add(Envelope(**envelope_row(key, case_id, holder, public)))


def envelope_row(key: CaseKey, case_id: str, holder: str, public: bytes) -> dict[str, object]:
    """The row of an envelope."""
    sealed = seal_case_key(key, public, case=case_id, scope=key.scope, keyholder=holder)
    return {
        "keyholder": holder,
        "case_id": case_id,
        "scope": key.scope,
        "sealed": sealed,
        "sealed_to": mark_of(holder, public),
    }


def open_key(session: AnySession, pairs: Mapping[str, KeyPair], case_id: str, scope: str = "case") -> CaseKey:
    """The key of a case. Raises `NotFound` where no envelope is addressed to any of the pairs."""
    mine = select(Envelope).where(
        Envelope.case_id == case_id, Envelope.scope == scope, Envelope.keyholder.in_(pairs)
    )
    return open_envelope(pairs, session.scalars(mine.order_by(Envelope.keyholder)).first())


def open_envelope(pairs: Mapping[str, KeyPair], envelope: Envelope | None) -> CaseKey:
    """The key in an envelope that was looked for among those addressed to the pairs. Raises as `open_key`."""
    if envelope is None:
        raise NotFound
    holder = envelope.keyholder
    told = {"case": envelope.case_id, "scope": envelope.scope, "keyholder": holder}
    pair = pairs.get(former_holder(envelope.sealed_to or ""), pairs[holder])
    try:
        return open_case_key(envelope.sealed, pair, **told)
    except SealBroken as error:
        raise Damaged("The key of this case does not open: it was altered or misplaced.") from error


def add_record(
    session: AnySession,
    key: CaseKey,
    case: Case,
    kind: str,
    content: Mapping[str, object],
    *,
    on: date,
    by: str,
    press: bytes | None = None,
    purpose: str | None = None,
    place: int | None = None,
) -> Record:
    """Seal something under a case's key and put it in the next place of its kind; `place` where that is known."""
    sealed_with = key.for_purpose(purpose or PURPOSES[kind])
    return shelve(session, sealed_with, case, kind, content, on=on, by=by, press=press, place=place)


def shelve(
    session: AnySession,
    key: PurposeKey,
    case: Case,
    kind: str,
    content: Mapping[str, object],
    *,
    on: date,
    by: str,
    press: bytes | None = None,
    place: int | None = None,
) -> Record:
    """As `add_record`, for somebody who holds the key of one purpose alone."""
    place = next_place(session, case.id, kind) if place is None else place
    return put(session, record_row(key, case.id, kind, content, place=place, on=on, by=by, press=press))


def put(session: AnySession, row: Mapping[str, object]) -> Record:
    """Put a record in its place."""
    record = Record(**row)
    session.add(record)
    session.flush()
    return record


def record_row(
    key: PurposeKey,
    case_id: str,
    kind: str,
    content: Mapping[str, object],
    *,
    on: date,
    by: str,
    place: int = 0,
    press: bytes | None = None,
) -> dict[str, object]:
    """The row of a record, sealed to its place with the key of one purpose."""
    plaintext = json.dumps(content, ensure_ascii=False).encode()
    return {
        "case_id": case_id,
        "kind": kind,
        "place": place,
        "sealed": key.seal(plaintext, case=case_id, kind=kind, place=place),
        "written_on": on,
        "written_by": by,
        "press": press,
        "journalled": by != "holder",
    }


def next_place(session: AnySession, case_id: str, kind: str) -> int:
    """The first free place for a kind of record."""
    last = session.scalar(_LAST_PLACE, {"case": case_id, "kind": kind})
    return 0 if last is None else last + 1


def after(records: Iterable[Record], kind: str) -> int:
    """The same, where all records of the kind are among some that were read."""
    return max((record.place for record in records if record.kind == kind), default=-1) + 1


def read_record(key: PurposeKey, record: Record | None) -> dict[str, Any]:
    """What a record says. Raises `Damaged` when it is missing, was altered or put in another's place."""
    if record is None:
        raise Damaged("Part of this case is missing.")
    try:
        said = key.open(record.sealed, case=record.case_id, kind=record.kind, place=record.place)
    except SealBroken as error:
        raise Damaged("Part of this case does not open: it was altered or misplaced.") from error
    content: dict[str, Any] = json.loads(said)
    return content


def records(session: AnySession, case_id: str, *kinds: str) -> list[Record]:
    """The records of some kinds, in their places."""
    return list(
        session.scalars(
            select(Record)
            .where(Record.case_id == case_id, Record.kind.in_(kinds))
            .order_by(Record.kind, Record.place)
        )
    )


def receiving(office: Office, named: Collection[str]) -> Receiving:
    """To which vaults a concern goes as things stand, inside the caller's transaction. An office is in use when its
    vault is pinned and somebody can open it. Raises `NotStored` without the pins.
    """
    return offices.receiving(in_use(office), named, **order(office))


def in_use(office: Office) -> dict[str, frozenset[str]]:
    """The offices in use, by vault, inside the caller's transaction. Raises `NotStored` without the pins."""
    pinned = pinning.publics(office)
    return {vault: held for vault, held in custody.seats(office.session).items() if vault in pinned}


def asked_about(office: Office) -> tuple[Recipient, ...]:
    """The offices of which whoever writes is asked, inside the caller's transaction. Raises `NotStored`."""
    return offices.asked_about(in_use(office), **order(office))


def order(office: Office) -> dict[str, Sequence[str]]:
    """Who usually receives concerns, and in which order the others stand in, as the authority set it."""
    return {"usually": office.settings.concerns_go_to, "then": office.settings.concerns_then}


def in_order(office: Office) -> list[str]:
    """The vaults of the offices in use, in the order in which they receive, inside the caller's transaction."""
    there = in_use(office)
    roles_in_order = [role for some in order(office).values() for role in some]
    vaults = [offices.BY_ROLE[role].vault for role in (*roles_in_order, offices.LAST_RESORT.role)]
    return [vault for vault in vaults if vault in there]


def readers_of(office: Office, case: Case) -> str:
    """In words: who can read the case."""
    held = keyholders_of(office.session, case.id)
    vaults = [holder.removeprefix("vault:") for holder in held if holder.startswith("vault:")]
    return in_words(office, vaults, by_name=len(vaults) < len(held))


def in_words(office: Office, vaults: Collection[str], *, by_name: bool = False) -> str:
    """The members of some vaults; `by_name`: others were given it by name. Where the deputy has an office apart, the
    monitoring officer's is theirs alone.
    """
    told = [roles.VAULTS[vault] for vault in vaults if vault not in offices.BY_VAULT]
    of_offices = [vault for vault in vaults if vault in offices.BY_VAULT]
    in_offices = offices.in_words(of_offices, shared=shares(office)) if of_offices else ""
    return " and ".join(filter(None, (*told, in_offices, BY_NAME if by_name else "")))


def shares(office: Office) -> bool:
    """Whether the deputy has no office apart, and shares the monitoring officer's."""
    try:
        return roles.DEPUTYS not in pinning.read(office.settings)
    except BadSetting:  # it is told elsewhere; who reads a case may be told all the same
        return True

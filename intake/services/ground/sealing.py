"""Between the safe and its shelves: keys of cases, and records sealed under them.

An officer reaches a case through an envelope that opens with a key the officer holds: of a vault that was
granted, or the officer's own. Where there is no such envelope the case does not exist for that officer.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, select

from intake.config import BadSetting
from intake.models import Case, Envelope, Grant, Record, Vault
from intake.procedures import offices
from intake.procedures.offices import Receiving, Recipient
from intake.vault.envelope import open_case_key, open_grant, seal_case_key
from intake.vault.errors import SealBroken
from intake.vault.keys import KeyPair
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
    "summary": "casework",
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
}


_HELD = (
    select(Grant, Vault)
    .join(Vault, Vault.id == Grant.vault_id)
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
    for grant, vault in session.execute(_HELD, _asked_for(officer)):
        try:
            seed = open_grant(grant.sealed, officer.pair, vault=grant.vault_id, staff=officer.id)
        except SealBroken as error:
            raise Damaged(
                "Your key to this vault does not open. Ask a colleague to grant it again."
            ) from error
        pair = KeyPair.from_seed(seed)
        pinning.same_as_row(vault, pair, staff=officer.id)
        pairs[vault_holder(grant.vault_id)] = pair
    return pairs


def keyholders_of(session: AnySession, case_id: str) -> list[str]:
    """All to whom the key of a case was sealed."""
    return list(session.scalars(_KEYHOLDERS, {"case": case_id}))


def _asked_for(officer: Officer) -> dict[str, object]:
    return {"staff": officer.id, "vaults": list(roles.role_of(officer.role_id).vaults)}


def vaults_of(session: AnySession, case_id: str) -> list[str]:
    """The vaults that hold an envelope of a case."""
    holders = keyholders_of(session, case_id)
    return [holder.removeprefix("vault:") for holder in holders if holder.startswith("vault:")]


def public_keys_of(office: Office, case_id: str) -> dict[str, bytes]:
    """The pinned public keys of the vaults that may read a case, by keyholder.

    An envelope to anybody else was written by no act of this program, and what comes is not sealed to them.
    Raises `NotStored` without the pins.
    """
    publics = {vault_holder(vault): public for vault, public in pinning.publics(office).items()}
    return {holder: publics[holder] for holder in keyholders_of(office.session, case_id) if holder in publics}


def deliver_key(session: AnySession, key: CaseKey, case_id: str, keys: dict[str, bytes]) -> None:
    """Put a key in an envelope for each keyholder. Needs public keys alone."""
    for holder, public in keys.items():
        session.add(Envelope(**envelope_row(key, case_id, holder, public)))


def envelope_row(key: CaseKey, case_id: str, holder: str, public: bytes) -> dict[str, object]:
    """The row of an envelope."""
    sealed = seal_case_key(key, public, case=case_id, scope=key.scope, keyholder=holder)
    return {"keyholder": holder, "case_id": case_id, "scope": key.scope, "sealed": sealed}


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
    try:
        return open_case_key(envelope.sealed, pairs[holder], **told)
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


def readers_of(office: Office, case: Case) -> str:
    """In words: who can read the case."""
    return in_words(office, vaults_of(office.session, case.id))


def in_words(office: Office, vaults: Collection[str]) -> str:
    """The members of some vaults. Where the deputy has an office apart, the monitoring officer's is theirs alone."""
    told = [roles.VAULTS[vault] for vault in vaults if vault not in offices.BY_VAULT]
    held = [vault for vault in vaults if vault in offices.BY_VAULT]
    return " and ".join(filter(None, (*told, offices.in_words(held, shared=shares(office)))))


def shares(office: Office) -> bool:
    """Whether the deputy has no office apart, and shares the monitoring officer's."""
    try:
        return roles.DEPUTYS not in pinning.read(office.settings)
    except BadSetting:  # it is told elsewhere; who reads a case may be told all the same
        return True

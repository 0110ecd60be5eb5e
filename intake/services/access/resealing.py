"""What lies sealed in a case, opened and sealed anew: the means of every act that gives a case fresh keys."""

from __future__ import annotations

import json
from collections.abc import Collection

from intake.models import ReceiptLock, Record
from intake.services.cases.reaching import File
from intake.services.ground import sealing
from intake.services.ground.office import Office
from intake.services.ground.refusals import Damaged
from intake.services.points import reading as points
from intake.vault import slot
from intake.vault.errors import SealBroken
from intake.vault.record import CaseKey, PurposeKey


def scope_of(file: File, record: Record) -> str:
    """Under the key of which scope a record lies."""
    placed = f"{record.kind}-{record.place}"
    if record.kind == "identity":
        return placed if record.place else "identity"
    return placed if any(one.scope == placed for one in file.envelopes) else "case"


def purpose_of(record: Record, *, shut: bool) -> str:
    """Under which purpose a record lies. `shut`: whether the receipt of the case does not read back what was sent."""
    if record.kind in points.KINDS:
        return points.PURPOSE_OF_A_CONCERN if shut else points.PURPOSE
    return "identity" if record.kind == "identity" else sealing.PURPOSES[record.kind]


def opened(file: File, record: Record, scope: str, *, shut: bool) -> bytes:
    """What a record says, as bytes. Raises `Damaged`."""
    key: PurposeKey = file.key(scope).for_purpose(purpose_of(record, shut=shut))
    try:
        return key.open(record.sealed, case=record.case_id, kind=record.kind, place=record.place)
    except SealBroken as error:
        raise Damaged("Part of this case does not open: it was altered or misplaced.") from error


def marked_anew(said: bytes, old: CaseKey, new: CaseKey, *, case: str, place: int) -> bytes:
    """A holder's answer that is theirs by the old conversation's key, as theirs by the new one's; another as it is."""
    content = json.loads(said)
    before, now = (key.for_purpose("conversation").secret for key in (old, new))
    about = {"case": case, "place": place, "yes": content["yes"]}
    if slot.answer_holds(bytes.fromhex(content["mark"]), before, **about):
        content["mark"] = slot.answer_mark(now, **about).hex()
    return json.dumps(content, ensure_ascii=False).encode()


def relock(
    office: Office,
    lock: ReceiptLock,
    old: CaseKey,
    new: CaseKey,
    purposes: Collection[str] = ("conversation",),
) -> None:
    """Give a receipt that nobody here knows the keys of the new case for these purposes, and nothing else.

    Raises `Damaged`.
    """
    before, now = (key.for_purpose("conversation").secret for key in (old, new))
    bundle, case = {purpose: new.for_purpose(purpose).secret for purpose in purposes}, lock.case_id
    if lock.slot is None:
        server = office.key.for_purpose("receipts/bridge")
        lock.sealed = slot.bridged(lock.sealed, bundle, before, server, case=case)
        return
    try:
        public = slot.public_of(lock.slot, before, case=case)
    except SealBroken as error:
        raise Damaged("The receipt of this case was altered, so its holder could not come back.") from error
    lock.sealed = slot.post(bundle, public, case=case)
    lock.slot = slot.slot(public, now, case=case)


def publics_of(office: Office, file: File) -> dict[str, bytes]:
    """The keyholders of a case with their public keys, for somebody who can open it."""
    kept = sealing.kept_keyholders(office.session, file.case.id)
    marks = file.key().for_purpose("keyholders").secret if kept else None
    return sealing.public_keys_of(office, file.case.id, marks)

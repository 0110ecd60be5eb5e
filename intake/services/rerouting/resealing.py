"""All records of a case sealed anew for another team, inside the caller's transaction (SPEC.md, "Rerouting").

What was sealed before is written over in its place or deleted, and no envelope of the old team is left but of what is
its own for good.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import delete

from intake.models import Keyholder, Record
from intake.services.access.resealing import opened, publics_of, purpose_of, scope_of
from intake.services.cases.reaching import File
from intake.services.cases.words import without_named
from intake.services.ground import sealing
from intake.services.ground.office import AnySession, Office
from intake.services.points import reading as points
from intake.vault.record import CaseKey

from .fates import Fate, fate

LEFT = "left"


@dataclass(frozen=True)
class Target:
    """To whom a case goes: the keyholders with their pinned keys, and the fresh key of the case."""

    publics: dict[str, bytes] = field(repr=False)
    becomes_a_concern: bool
    key: CaseKey = field(default_factory=CaseKey.generate, repr=False)


def seal_anew(office: Office, file: File, target: Target, history: dict[str, object], *, on: date) -> None:
    """Seal every record of a case for another team. `history`: what the old team knew of it, which is left behind
    sealed to them where it must not go on.

    Raises `Damaged` where a record or a key does not open: then nothing may be kept.
    """
    session, case = office.session, file.case
    publics = publics_of(office, file)
    old = {holder: publics[holder] for holder in publics if holder in file.pairs}
    stay: set[str] = set()
    left: list[dict[str, object]] = []
    fresh: list[CaseKey] = [target.key]
    shut = points.is_shut(file.records, of_a_concern=not target.becomes_a_concern)
    for record in file.records:
        scope = scope_of(file, record)
        what = fate(record.kind, becomes_a_concern=target.becomes_a_concern)
        if what is Fate.STAYS or (what is Fate.IDENTITY and file.is_for_others(scope)):
            stay.add(scope)
            continue
        said = opened(file, record, scope, shut=shut)
        if what is Fate.LEFT:
            left.append(_kept(record, said))
            session.delete(record)
            continue
        if record.kind == "submission" and not target.becomes_a_concern:
            said = without_named(said)
        key = _fresh(record, what, target)
        if key is not target.key:
            fresh.append(key)
        purpose = key.for_purpose(purpose_of(record, shut=True))
        record.sealed = purpose.seal(said, case=case.id, kind=record.kind, place=record.place)
    kept = sealing.kept_keyholders(session, case.id)
    for_a_time = {row.keyholder for row in kept if row.until}
    session.execute(delete(Keyholder).where(Keyholder.case_id == case.id))
    for envelope in file.envelopes:
        if envelope.scope not in stay or envelope.keyholder in for_a_time:
            session.delete(envelope)
    session.flush()
    for key in fresh:
        sealing.deliver_key(session, key, case.id, target.publics)
    if not target.becomes_a_concern:
        _leave(session, case.id, {"records": left} | history, old, on)
    session.flush()


def _fresh(record: Record, what: Fate, target: Target) -> CaseKey:
    """The key under which a record is sealed anew: the case's, or one of its own."""
    placed = f"{record.kind}-{record.place}"
    if what is Fate.IDENTITY:
        return CaseKey.generate(scope=placed if record.place else "identity")
    if what is Fate.APART or (what is Fate.CONVERSATION and record.written_by == "holder"):
        return CaseKey.generate(scope=placed)
    return target.key


def _kept(record: Record, opened: bytes) -> dict[str, object]:
    return {
        "kind": record.kind,
        "place": record.place,
        "on": record.written_on.isoformat(),
        "by": record.written_by,
        "content": opened.decode(),
    }


def _leave(
    session: AnySession, case_id: str, content: dict[str, object], holders: dict[str, bytes], on: date
) -> None:
    """What is left behind: one record, sealed to the old team under a key that leads to nothing else."""
    place = sealing.next_place(session, case_id, LEFT)
    key = CaseKey.generate(scope=f"{LEFT}-{place}")
    sealing.deliver_key(session, key, case_id, holders)
    purpose = key.for_purpose(sealing.PURPOSES[LEFT])
    sealing.put(session, sealing.record_row(purpose, case_id, LEFT, content, place=place, on=on, by="intake"))

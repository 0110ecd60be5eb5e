"""Fresh keys for one case, sealed to those who hold it from now on (SPEC.md, "Keyholders of one case").

Whoever changes who holds a case changes all its keys: there is one way to do it, inside the caller's transaction, and
what somebody kept of the old keys opens nothing of what lies there afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import delete, select, update

from intake.models import Keyholder, Notice, ReceiptLock, Record, StageReceipt
from intake.procedures.offices import circle
from intake.services.cases import concerns, reaching, timekeeping
from intake.services.cases.reaching import File
from intake.services.ground import pinning, sealing
from intake.services.ground.office import AnySession, Office
from intake.services.ground.refusals import Refused
from intake.services.points import reading as points
from intake.vault import keyholder as marking
from intake.vault.record import CaseKey

from . import resealing

CASE, IDENTITY = "case", "identity"
WHOLE = (
    "You do not hold all that lies in this case, so you cannot give it other keys. Somebody who holds it can."
)


@dataclass(frozen=True)
class Heir:
    """Somebody who holds the case from now on. `after`: the keyholders in whose place, themselves or others.

    An heir gets the key of whatever these could open, until a day where there is one; `identity`: who sent it too;
    `left`: what was noted before the case became what it is.
    """

    holder: str
    public: bytes = field(repr=False)
    after: frozenset[str]
    until: date | None = None
    identity: bool = True
    identity_until: date | None = None
    left: bool = True
    since: date | None = None

    def gets(self, scope: str, held_by: set[str]) -> bool:
        """Whether they get the key of a scope, which these held."""
        if scope.startswith("left-") and not self.left:
            return False
        return (self.identity or sealing.whole_scope(scope) != IDENTITY) and bool(self.after & held_by)

    @property
    def is_vault(self) -> bool:
        return self.holder.startswith("vault:")


def heirs_of(office: Office, file: File, *, today: date) -> list[Heir]:
    """Those who hold a case now, as heirs of themselves; whoever's time is over, or who is not marked, is none."""
    kept = sealing.kept_keyholders(office.session, file.case.id)
    if not kept:
        publics = sealing.public_keys_of(office, file.case.id)
        since = file.case.received_on
        return [Heir(one, public, frozenset({one}), since=since) for one, public in sorted(publics.items())]
    marks = file.key().for_purpose("keyholders").secret
    pinned = {sealing.vault_holder(vault): public for vault, public in pinning.publics(office).items()}
    known = {
        (row.keyholder, row.scope): (row, public)
        for row in kept
        if sealing.is_running(row, today) and (public := sealing.marked_key(row, marks, pinned)) is not None
    }
    heirs = []
    for (holder, scope), (row, public) in known.items():
        if scope == CASE:
            told = known.get((holder, IDENTITY))
            named = told[0].until if told else None
            heirs.append(
                Heir(
                    holder,
                    public,
                    frozenset({holder}),
                    until=row.until,
                    identity=told is not None,
                    identity_until=named,
                    left=told is not None and named is None,
                    since=row.since,
                )
            )
    return heirs


def rotate(office: Office, file: File, heirs: Sequence[Heir], *, on: date) -> CaseKey:
    """Give a case fresh keys, sealed to these heirs alone. Returns the new key.

    Raises `Refused` where nobody would hold it, or where the officer cannot open all that must be sealed anew, and
    `Damaged`; then nothing may be kept.
    """
    session, case, old = office.session, file.case, file.key()
    if not heirs:
        raise Refused("Nobody would be left who can open this case, so nothing was done.")
    shut = points.is_shut(file.records, of_a_concern=concerns.is_one(office.catalogue[case.procedure]))
    scopes = {one.scope for one in file.envelopes}
    stay = {scope for scope in scopes if file.is_for_others(scope)}
    _whole(file, heirs, stay)
    fresh = {scope: CaseKey.generate(scope=scope) for scope in sorted(scopes - stay)}
    for record in file.records:
        if (scope := resealing.scope_of(file, record)) not in stay:
            _anew(file, record, fresh[scope], (old, fresh[CASE]), shut=shut)
    lock = session.scalar(select(ReceiptLock).where(ReceiptLock.case_id == case.id))
    if lock is not None:
        purposes = ("conversation", "keyholders") if shut else ("conversation", "submission", "keyholders")
        resealing.relock(office, lock, old, fresh[CASE], purposes)
    _deliver(session, file, heirs, fresh, stay)
    _mark(session, case.id, heirs, fresh[CASE], on)
    _follow(session, file, heirs)
    return fresh[CASE]


def _anew(
    file: File, record: Record, key: CaseKey, of_the_case: tuple[CaseKey, CaseKey], *, shut: bool
) -> None:
    """Seal a record in its place under another key of its scope. `of_the_case`: the case's own before and now."""
    said = resealing.opened(file, record, key.scope, shut=shut)
    if record.kind == "answer":
        said = resealing.marked_anew(said, *of_the_case, case=record.case_id, place=record.place)
    purpose = key.for_purpose(resealing.purpose_of(record, shut=shut))
    record.sealed = purpose.seal(said, case=record.case_id, kind=record.kind, place=record.place)


def _whole(file: File, heirs: Iterable[Heir], stay: set[str]) -> None:
    """Nobody who goes may keep a key that stays as it is."""
    remain = {heir.holder for heir in heirs}
    go = file.keyholders - remain
    if any(one.scope in stay and one.keyholder in go for one in file.envelopes):
        raise Refused(WHOLE)


def _deliver(
    session: AnySession, file: File, heirs: Sequence[Heir], fresh: dict[str, CaseKey], stay: set[str]
) -> None:
    held_by = {scope: {one.keyholder for one in file.envelopes if one.scope == scope} for scope in fresh}
    for envelope in file.envelopes:
        if envelope.scope not in stay:
            session.delete(envelope)
    session.flush()
    for scope, key in fresh.items():
        publics = {heir.holder: heir.public for heir in heirs if heir.gets(scope, held_by[scope])}
        sealing.deliver_key(session, key, file.case.id, publics)


def _mark(session: AnySession, case_id: str, heirs: Iterable[Heir], key: CaseKey, on: date) -> None:
    """Write down who holds it, so that the public process seals to them and to nobody whom somebody slips in."""
    session.execute(delete(Keyholder).where(Keyholder.case_id == case_id))
    marks = key.for_purpose("keyholders").secret
    for heir in heirs:
        for scope in (CASE, IDENTITY) if heir.identity else (CASE,):
            until = heir.identity_until if scope == IDENTITY else heir.until
            of = {"case": case_id, "keyholder": heir.holder, "scope": scope}
            of["until"] = until.isoformat() if until else ""
            marked = marking.vault(marks, **of) if heir.is_vault else marking.person(heir.public, marks, **of)
            row = Keyholder(
                case_id=case_id,
                keyholder=heir.holder,
                scope=scope,
                since=heir.since or on,
                until=until,
                marked=marked,
            )
            session.add(row)
    session.flush()


def reader_among(vaults: Sequence[str]) -> str:
    """The circle of the vaults that hold a case, by which it stands in lists; none where persons alone hold it."""
    return circle(vaults) if vaults else concerns.NO_VAULT


def _follow(session: AnySession, file: File, heirs: Sequence[Heir]) -> None:
    """What hangs on who reads a case: its list, its handler, and the notices of whoever reads it no more."""
    case = file.case
    vaults = sorted(reaching.vaults_in(heir.holder for heir in heirs))
    if case.reader != reader_among(vaults):
        case.reader = reader_among(vaults)
        moved = update(StageReceipt).where(StageReceipt.case_id == case.id).values(reader=case.reader)
        session.execute(moved)
    readers = reaching.readers(session, case.id)
    if case.handler_id not in readers:
        timekeeping.let_go(case)
    gone = delete(Notice).where(Notice.case_id == case.id, Notice.staff_id.not_in(readers))
    session.execute(gone)
    case.revision += 1
    session.flush()

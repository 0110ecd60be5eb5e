"""Which case an officer may open, and who else may."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, literal, or_, select

from intake.database import reading
from intake.models import Case, Envelope, Grant, Record, Staff, StageReceipt
from intake.procedures.offices import BY_VAULT, in_circle
from intake.services.ground import custody, sealing
from intake.services.ground.office import AnySession, Office
from intake.services.ground.refusals import NotFound
from intake.services.ground.roles import Officer, Right, role_of
from intake.vault.keys import KeyPair
from intake.vault.record import CaseKey

from .concerns import NO_VAULT

Question = TypeVar("Question", bound=Select[*tuple[Any, ...]])

# Asked with every act, so written once.
_WITH_ENVELOPE = (
    select(Case, Envelope)
    .join(Envelope, and_(Envelope.case_id == Case.id, Envelope.scope == "case"))
    .where(Case.reference == bindparam("reference"))
    .where(Envelope.keyholder.in_(bindparam("holders", expanding=True)))
    .order_by(Envelope.keyholder)
)
_READERS = (
    custody.granted()
    .join(Envelope, Envelope.keyholder == literal(sealing.vault_holder("")).concat(Grant.vault_id))
    .where(Envelope.case_id == bindparam("case"), Envelope.scope == "case")
    .union_all(
        custody.named_persons()
        .join(Envelope, Envelope.keyholder == literal("staff:").concat(Staff.id))
        .where(Envelope.case_id == bindparam("case"), Envelope.scope == "case")
    )
)


@dataclass(frozen=True)
class File:
    """A case with everything that lies sealed in it, read at once; each key opens when it is asked for."""

    case: Case
    pairs: dict[str, KeyPair] = field(repr=False)
    envelopes: tuple[Envelope, ...] = field(repr=False)
    records: tuple[Record, ...] = field(repr=False)  # by kind, then in their places

    def key(self, scope: str = "case") -> CaseKey:
        """The key of a scope. Raises `NotFound` where none is addressed to the officer, and `Damaged`."""
        mine = [one for one in self.envelopes if one.scope == scope and one.keyholder in self.pairs]
        return sealing.open_envelope(self.pairs, mine[0] if mine else None)

    def is_for_others(self, scope: str) -> bool:
        """Whether the key of a scope lies in envelopes, and in none of the officer's."""
        holders = {one.keyholder for one in self.envelopes if one.scope == scope}
        return bool(holders) and not holders & self.pairs.keys()

    def record(self, kind: str) -> Record | None:
        """The record of a kind of which a case has one at most."""
        return next((one for one in self.records if (one.kind, one.place) == (kind, 0)), None)

    @property
    def keyholders(self) -> set[str]:
        """All to whom its key is sealed."""
        return {one.keyholder for one in self.envelopes if one.scope == "case"}

    @property
    def vaults(self) -> list[str]:
        """The vaults whose members may read it."""
        return vaults_in(one.keyholder for one in self.envelopes if one.scope == "case")


def reach(office: Office, officer: Officer, reference: str) -> tuple[Case, CaseKey, dict[str, KeyPair]]:
    """The case behind a reference and its key. Raises `NotFound`, the same for absent and for not theirs."""
    pairs = sealing.pairs_of(office.session, officer)
    asked = {"reference": _written(reference), "holders": list(pairs)}
    found = office.session.execute(_WITH_ENVELOPE, asked).first()
    if found is None:  # one answer after the same work, so that its time does not tell which
        raise NotFound
    case, envelope = found
    return case, sealing.open_envelope(pairs, envelope), pairs


def whole(office: Office, officer: Officer, reference: str) -> File:
    """The whole file behind a reference. Raises as `reach`."""
    pairs = sealing.pairs_of(office.session, officer)
    named = Case.reference == _written(reference)
    case = office.session.scalar(select(Case).where(named, readable(pairs)))
    if case is None:  # as above
        raise NotFound
    return read_again(office, File(case, pairs, (), ()))


def read_again(office: Office, file: File) -> File:
    """The same file, with what was added to it since inside the same transaction."""
    case_id, session = file.case.id, office.session
    envelopes = select(Envelope).where(Envelope.case_id == case_id).order_by(Envelope.keyholder)
    records = select(Record).where(Record.case_id == case_id).order_by(Record.kind, Record.place)
    return File(file.case, file.pairs, tuple(session.scalars(envelopes)), tuple(session.scalars(records)))


def _written(reference: str) -> str:
    return reference.strip().upper()


def handlers_of(session: AnySession, case_id: str) -> list[Staff]:
    """Who can be given the case: everybody who can read it."""
    query = select(Staff).where(Staff.id.in_(readers(session, case_id))).order_by(Staff.name)
    return list(session.scalars(query))


def readers(session: AnySession, case_id: str) -> set[str]:
    """The accounts that can open a case now and work on it, through the vaults it is sealed to or by name."""
    return {staff_id for _, staff_id in custody.rightful(session.execute(_READERS, {"case": case_id}))}


def readers_who_may(session: AnySession, case_id: str, right: Right) -> list[str]:
    """Of those who can open a case now, the accounts whose role has a right."""
    held = select(Staff.id, Staff.role).where(Staff.id.in_(readers(session, case_id))).order_by(Staff.id)
    return [staff_id for staff_id, role in session.execute(held) if role_of(role).may(right)]


def faults(office: Office) -> list[str]:
    """Cases that stand in the wrong list, a sentence each: their row names a reader to whom they are not sealed, or
    their receipts another than their row. Its own readers would not find such a case. Walks all cases.
    """
    sealed = exists().where(
        Envelope.case_id == Case.id,
        Envelope.scope == "case",
        Envelope.keyholder == literal("vault:") + Case.reader,
    )
    named = exists().where(
        Envelope.case_id == Case.id, Envelope.scope == "case", Envelope.keyholder.startswith("staff:")
    )
    counted = exists().where(StageReceipt.case_id == Case.id, StageReceipt.reader != Case.reader)
    asked = select(Case.reference, Case.reader, Case.id, counted).where(
        ~or_(sealed, and_(Case.reader == NO_VAULT, named)) | counted
    )
    with reading(office.session):
        found = office.session.execute(asked.order_by(Case.reference)).all()
        wrong = [
            (reference, reader)
            for reference, reader, case_id, counted in found
            if counted or not _is_sealed_to(office.session, case_id, reader)
        ]
    return [
        f"The case {reference} stands in the list or the figures of {reader!r}, and it or a stage of it belongs to "
        "others: a row was changed in the database. It opens for those alone to whom it is sealed, by its reference. "
        "Put the row back, and find out who changed it."
        for reference, reader in wrong
    ]


def _is_sealed_to(session: AnySession, case_id: str, reader: str) -> bool:
    """Whether the vaults to which a case is sealed are those of its circle."""
    circle = in_circle(reader)
    return bool(circle) and set(circle) <= set(sealing.vaults_of(session, case_id))


def vaults_in(holders: Iterable[str]) -> list[str]:
    """The vaults among some keyholders."""
    return [holder.removeprefix("vault:") for holder in holders if holder.startswith("vault:")]


def readable(pairs: Collection[str]) -> ColumnElement[bool]:
    """That a case is one of those which the keys in hand open: asked case by case, so that one that is not theirs
    costs no more than one that is not there.
    """
    return exists().where(
        Envelope.case_id == Case.id, Envelope.scope == "case", Envelope.keyholder.in_(pairs)
    )


def among_theirs(pairs: Collection[str], query: Question, *, found: bool = True) -> list[Question]:
    """A question about cases, asked of those that the keys in hand open: a case answers to one of them at most.

    The cases of a team's vault are walked in the order of an index, and for each that is found an envelope is looked
    for; `found=False` leaves that out where cases are only counted. Concerns, and cases sealed to the officer alone,
    are few: that walk starts from their envelopes. Neither walk passes a case of others, so that its time tells nothing
    of them.
    """
    teams = [vault for vault in vaults_in(pairs) if vault not in BY_VAULT]
    others = [holder for holder in pairs if holder not in {sealing.vault_holder(team) for team in teams}]
    sealed = select(Envelope.case_id).where(Envelope.scope == "case", Envelope.keyholder.in_(others))
    checked = (readable(pairs),) if found else ()
    return [
        *(query.where(Case.reader == vault, *checked) for vault in teams),
        query.where(Case.id.in_(sealed), Case.reader.not_in(teams)),
    ]

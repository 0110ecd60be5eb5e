"""Which case an officer may open, and who else may."""

from __future__ import annotations

from sqlalchemy import and_, select

from intake.models import Case, Envelope, Staff
from intake.services.ground import custody, sealing
from intake.services.ground.office import Office
from intake.services.ground.refusals import NotFound
from intake.services.ground.roles import Officer
from intake.vault.record import CaseKey


def reach(office: Office, officer: Officer, reference: str) -> tuple[Case, CaseKey, dict]:
    """The case behind a reference and its key. Raises `NotFound`, the same for absent and for not theirs."""
    pairs = sealing.pairs_of(office.session, officer)
    named = Case.reference == reference.strip().upper()
    case = office.session.scalar(readable(pairs, select(Case)).where(named).distinct())
    if case is None:  # one answer after the same work, so that its time does not tell which
        raise NotFound
    return case, sealing.open_key(office.session, pairs, case.id), pairs


def handlers_of(session, case_id: str) -> list[Staff]:
    """Who can be given the case: everybody who can read it."""
    readers = custody.keyholders(session, *sealing.vaults_of(session, case_id))
    return list(session.scalars(select(Staff).where(Staff.id.in_(readers)).order_by(Staff.name)))


def readable(pairs, query):
    """A query of cases, narrowed to those that the keys in hand open."""
    return query.join(
        Envelope,
        and_(Envelope.case_id == Case.id, Envelope.scope == "case", Envelope.keyholder.in_(pairs)),
    )

"""Referrals of whistleblowing, for the audit committee: each with its outcome and the officer's own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from intake.counts.published import REFERRALS
from intake.counts.quarters import Period
from intake.database import reading
from intake.models import Case, StageReceipt
from intake.services.cases import places
from intake.services.cases.words import released_summary
from intake.services.ground import sealing
from intake.services.ground.office import Office
from intake.services.ground.refusals import NotFound
from intake.services.ground.roles import Officer
from intake.vault.keys import KeyPair

from . import labels, tallying


@dataclass(frozen=True)
class ReferralLine:
    """One referral. `summary` is empty where none was released, or where it is not yours to open."""

    received: Period
    outcome: str
    summary: str = ""


def referrals(
    office: Office, officer: Officer | None, period: Period, place: str | None = None
) -> tuple[ReferralLine, ...]:
    """The referrals received in a period, by quarter and in no order within it; of one part of the authority alone, if
    one is named. Without an officer, no words.
    """
    readers = officer.role.counted_readers if officer else None
    with reading(office.session):
        scope = tallying.Scope(
            places.tree_of(office.session), readers, place, officer.id if officer else None
        )
        pairs = sealing.pairs_of(office.session, officer) if officer else {}
        names = labels.names(office, scope.tree)
        rows = office.session.execute(
            select(StageReceipt, Case)
            .outerjoin(Case, Case.id == StageReceipt.case_id)
            .where(*tallying.of(period, scope), StageReceipt.measure == REFERRALS)
        ).all()
        lines = [
            ReferralLine(
                Period.of(receipt.received_on),
                names.name("outcome", receipt.outcome or ""),
                _summary(office, pairs, case) if case else "",
            )
            for receipt, case in rows
        ]
    return tuple(sorted(lines, key=lambda line: (line.received, line.outcome, line.summary)))


def _summary(office: Office, pairs: Mapping[str, KeyPair], case: Case) -> str:
    try:
        key = sealing.open_key(office.session, pairs, case.id)
    except NotFound:
        return ""
    return released_summary(office.session, key, case)

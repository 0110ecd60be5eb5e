"""What the stories of cases that go to another team share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from intake.database import reading
from intake.models import Case, ReceiptLock, Record
from intake.services.cases import reaching
from intake.services.rerouting import moving, proposing
from intake.vault.errors import SealBroken
from intake.vault.receipt import Receipt
from intake.vault.record import CaseKey, purposes_of

NOW = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
DANGER = "The child who wrote is alone with him at night."


def revision(office, reference: str) -> int:
    with reading(office.session):
        return office.session.scalar(select(Case.revision).where(Case.reference == reference))


def case_of(office, receipt: str) -> Case:
    lookup = Receipt.parse(receipt).lookup(office.key.for_purpose("receipts"))
    with reading(office.session):
        lock = office.session.get(ReceiptLock, lookup)
        return office.session.get(Case, lock.case_id)


def stamp(office, reference: str) -> int:
    """What a page of a proposal carries."""
    with reading(office.session):
        case = office.session.scalar(select(Case).where(Case.reference == reference))
        return proposing.stamp_of(office, case)


def take_back(office, officer, reference: str) -> None:
    proposing.take_back(office, officer, reference, revision=stamp(office, reference), now=LATER)


def propose(office, officer, reference: str, to: str = "whistleblowing", **more) -> None:
    told = {"now": LATER} | more
    proposing.propose(
        office, officer, reference, to, "She is staff.", revision=stamp(office, reference), **told
    )


def move(office, officer, reference: str, **more) -> str:
    told = {"now": LATER} | more
    return moving.move(office, officer, reference, revision=stamp(office, reference), **told)


def rerouted(office, manager, sent) -> str:
    """To the monitoring officer, for somebody is in danger: its new reference."""
    propose(office, manager, sent.reference, danger=DANGER)
    move(office, manager, sent.reference)
    return case_of(office, sent.receipt).reference


def old_key(office, officer, reference: str) -> CaseKey:
    with reading(office.session):
        return reaching.reach(office, officer, reference)[1]


def opened_by(office, case_id: str, keys: list[CaseKey]) -> list[str]:
    """The kinds of records of a case that some of these keys open under any purpose."""
    found = []
    with reading(office.session):
        records = office.session.scalars(select(Record).where(Record.case_id == case_id)).all()
        for record in records:
            for key in keys:
                for purpose in purposes_of(key.scope):
                    try:
                        key.for_purpose(purpose).open(
                            record.sealed, case=case_id, kind=record.kind, place=record.place
                        )
                        found.append(record.kind)
                    except SealBroken:
                        pass
    return found

"""What the stories of who holds one case share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from intake.database import reading
from intake.models import Case
from intake.services.access import giving, persons
from intake.services.cases import reaching
from intake.services.ground.refusals import NotFound
from intake.services.ground.roles import VAULTS
from intake.vault.record import CaseKey

NOW = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
WHY = "She knows payroll."


def revision(office, reference: str) -> int:
    with reading(office.session):
        return office.session.scalar(select(Case.revision).where(Case.reference == reference))


def case_id(office, reference: str) -> str:
    with reading(office.session):
        return office.session.scalar(select(Case.id).where(Case.reference == reference))


def fingerprint_of(office, who) -> str:
    with reading(office.session):
        known = {one.id: one.fingerprint for one in persons.takers(office.session, VAULTS)}
        return known.get(who.id, "")


def give(office, officer, reference: str, to, **more) -> None:
    told = {
        "now": LATER,
        "why": WHY,
    } | more
    told = {"compared": fingerprint_of(office, to)} | told
    told = {"revision": revision(office, reference)} | told
    giving.give(office, officer, reference, to.id, **told)


def take_back(office, officer, reference: str, who, **more) -> None:
    told = {"now": LATER, "why": "It is done.", "revision": revision(office, reference)} | more
    giving.take_back(office, officer, reference, who.id, **told)


def key_of(office, officer, reference: str) -> CaseKey:
    with reading(office.session):
        return reaching.reach(office, officer, reference)[1]


def is_shut_to(office, officer, reference: str) -> None:
    """For them there is no such case."""
    with pytest.raises(NotFound), reading(office.session):
        reaching.reach(office, officer, reference)

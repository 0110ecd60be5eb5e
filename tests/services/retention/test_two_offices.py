"""A concern that two offices hold is destroyed by one person of each; an office without it learns of nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from intake.counts.quarters import Period
from intake.database import reading
from intake.models import Case
from intake.services.ground.refusals import NotFound, Refused
from intake.services.oversight.register_of_concerns import register
from intake.services.people import grants
from intake.services.retention import due, listing
from tests.actors import concern, send
from tests.offices import open_office

from .story import OVER, SENT, answered_and_closed, confirm, due_now, propose_all, worked_on_until

DEPUTY = "deputy-monitoring-officer"


@pytest.fixture
def apart(office, monitoring_officer):
    """The deputy in an office apart."""
    grants.remove_grant(office, "whistleblowing", "deputy@demonstration.example", now=SENT)
    return open_office(office, DEPUTY, "apart@demonstration.example")


@pytest.fixture
def old(office, monitoring_officer, apart):
    """Two concerns of six years ago: one that both offices hold, one that is about the deputy."""
    found = {}
    for name, named in (("both", ()), ("hers", (DEPUTY,))):
        sent = send(office, concern(named=named), now=SENT)
        answered_and_closed(office, monitoring_officer, sent.reference, outcome="substantiated")
        found[name] = sent.reference
    worked_on_until(office, OVER)
    return found


def test_one_of_each_office_destroys_it_and_neither_alone(office, monitoring_officer, apart, alternate, old):
    assert set(due_now(office, monitoring_officer)) == set(old.values())
    assert due_now(office, apart) == [old["both"]]
    assert due_now(office, alternate) == []
    proposed = propose_all(office, apart)
    assert proposed.number == 1
    view = listing.look(office, apart, proposed.id, now=OVER)
    with pytest.raises(Refused, match="Two people"):
        listing.confirm(office, apart, proposed.id, view.digest, "demonstration-only", now=OVER)
    with pytest.raises(NotFound):
        listing.look(office, alternate, proposed.id, now=OVER)
    assert confirm(office, monitoring_officer, proposed.id) == 1
    with reading(office.session):
        assert office.session.scalars(select(Case.reference)).all() == [old["hers"]]
    lines = register(office, monitoring_officer, Period(2026), now=OVER).lines
    assert [line.reference for line in lines] == [old["hers"]]


def test_a_list_holds_the_cases_of_the_same_readers_alone(office, monitoring_officer, apart, old):
    """Else whoever confirms for one of them would learn of the other, which is about them."""
    first = propose_all(office, monitoring_officer)
    assert first.number == 1
    assert len(first.left) == 1
    for reference, why in first.left:
        assert reference in old.values()
        assert "list of its own" in why
    second = due_now(office, monitoring_officer)
    assert len(second) == 1
    assert first.id in lists_of(office, monitoring_officer)
    assert (first.id in lists_of(office, apart)) == (second == [old["hers"]])


def lists_of(office, officer) -> set[str]:
    return {one.id for one in due.page(office, officer, due.Turn(), now=OVER).lists}

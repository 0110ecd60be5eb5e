"""The ledger of a concern that several offices hold: each reads what was opened of it, whatever its circle then."""

from __future__ import annotations

import pytest
from sqlalchemy import delete

from intake.database import writing
from intake.demonstration.living import PASSWORD
from intake.models import Record
from intake.procedures.offices import BY_ROLE
from intake.services.access import parting
from intake.services.casework import case_page
from intake.services.casework.identity import open_identity
from intake.services.journal import openings
from intake.services.people import grants
from tests.actors import concern, send
from tests.offices import open_office
from tests.services.access.story import LATER, NOW, revision

MO, DEPUTY = tuple(BY_ROLE)[:2]


@pytest.fixture
def deputy_apart(office):
    who = open_office(office, DEPUTY)
    grants.remove_grant(office, BY_ROLE[MO].vault, "deputy@demonstration.example", now=NOW)
    return who


def test_each_office_reads_who_came_to_read_it(office, monitoring_officer, deputy_apart):
    sent = send(office, concern(), now=NOW)
    case_page.open_case(office, deputy_apart, sent.reference, now=LATER)
    told = openings.of_case(office, monitoring_officer, sent.reference)
    assert [one.who for one in told.readings] == [deputy_apart.name]
    parting.stand_aside(
        office, deputy_apart, sent.reference, "-", revision=revision(office, sent.reference), now=LATER
    )
    told = openings.of_case(office, monitoring_officer, sent.reference)
    assert [one.who for one in told.readings] == [deputy_apart.name]


def test_a_reason_that_was_removed_is_told_to_each_office(office, monitoring_officer, deputy_apart):
    sent = send(office, concern(), now=NOW)
    open_identity(office, deputy_apart, sent.reference, "To ring her.", PASSWORD, now=LATER)
    with writing(office.session):
        office.session.execute(delete(Record).where(Record.kind == "opening"))
    (told,) = openings.of_case(office, monitoring_officer, sent.reference).openings
    assert (told.who, told.fault) == (deputy_apart.name, openings.NO_REASON)

"""What is late, told to somebody who opens nothing."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta

import pytest
from sqlalchemy import update

from intake.database import writing
from intake.models import Staff
from intake.services.cases import places
from intake.services.figures import lateness
from intake.services.figures.lateness import Late, OfDirectorate
from intake.services.ground.refusals import NotFound
from intake.services.people import absences
from intake.services.tick import escalation
from tests import officers
from tests.actors import MONDAY, arrives, concern

LATER = MONDAY + timedelta(days=42)


@pytest.fixture
def buses(office, manager) -> str:
    above = places.add(office, manager, "directorate", "Environment and Place", None, now=MONDAY)
    places.add(office, manager, "service", "Buses", above, now=MONDAY)
    return "Buses"


def told(office, senior_officer, now=LATER) -> dict[str, OfDirectorate]:
    return {one.name: one for one in lateness.lateness(office, senior_officer, now=now).directorates}


def test_how_long_at_which_level_and_with_whom_by_directorate(
    office, officer, manager, senior_officer, buses
):
    first = arrives(office, service=buses)
    officers.allocate(office, manager, first, officer.id, revision=1, now=MONDAY)
    arrives(office, service="Housing", now=MONDAY + timedelta(days=7))
    escalation.run(office, now=LATER, alone=True)
    found = told(office, senior_officer)
    assert set(found) == {"Environment and Place", lateness.NO_DIRECTORATE}
    (late,) = found["Environment and Place"].late
    assert (late.owed, late.who, late.level) == ("Acknowledgement", "Maya Okafor", 4)
    assert late.days == office.calendar.between(late.due, LATER.date())
    assert found["Environment and Place"].at_the_top == 1
    assert found[lateness.NO_DIRECTORATE].with_nobody == 1
    assert told(office, senior_officer, now=MONDAY) == {}


def test_what_is_answered_and_waits_to_be_closed_is_not_late(office, officer, senior_officer):
    """Seen in a list of fifteen: seven were answered, and stood there by the day of their answer."""
    reference = arrives(office)
    officers.allocate(office, officer, reference, officer.id, revision=1, now=MONDAY)
    officers.acknowledge(office, officer, reference, "We have it.", revision=2, now=MONDAY)
    officers.respond(office, officer, reference, "upheld", "You are right.", "", revision=3, now=MONDAY)
    assert told(office, senior_officer) == {}


def test_nothing_in_it_leads_to_a_case(office, senior_officer):
    reference = arrives(office)
    assert {field.name for field in fields(Late)} == {
        "what",
        "owed",
        "due",
        "days",
        "level",
        "who",
        "away",
        "gone",
    }
    assert reference not in repr(lateness.lateness(office, senior_officer, now=LATER))


def test_no_concern_is_in_it_not_even_by_a_number(office, senior_officer, monitoring_officer):
    before = lateness.lateness(office, senior_officer, now=LATER)
    for about in (False, True):
        arrives(office, concern(named=("unsure",) if about else ()))
    assert lateness.lateness(office, senior_officer, now=LATER) == before


def test_who_is_away_or_gone_is_told(office, officer, manager, senior_officer, buses):
    first = arrives(office, service=buses)
    officers.allocate(office, manager, first, officer.id, revision=1, now=MONDAY)
    absences.enter(office, officer, officer.id, MONDAY.date(), LATER.date(), None, now=MONDAY)
    (late,) = told(office, senior_officer)["Environment and Place"].late
    assert (late.away, late.gone) == (True, False)
    with writing(office.session):
        office.session.execute(update(Staff).where(Staff.id == officer.id).values(active=False))
    part = told(office, senior_officer)["Environment and Place"]
    assert part.late[0].gone
    assert part.with_nobody == 1


def test_it_is_the_senior_officers_alone(office, unlocked):
    for role, officer in unlocked.items():
        if role != "senior-officer":
            with pytest.raises(NotFound):
                lateness.lateness(office, officer, now=LATER)


def test_of_very_many_the_longest_late_are_told(office, senior_officer, monkeypatch):
    monkeypatch.setattr(lateness, "MOST", 2)
    for days in range(3):
        arrives(office, now=MONDAY + timedelta(days=days))
    found = lateness.lateness(office, senior_officer, now=LATER)
    assert (found.number, found.more) == (2, True)

"""Somebody who edits the database puts a case into the list of others (`cases.reader`, decision 27): it opens for
nobody there, and those it was sealed to keep it. What can change are totals of complaints, which believe the column.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from intake.models import Case, Notice
from intake.services.cases import reaching
from intake.services.casework import case_page
from intake.services.desk import lists as desk
from intake.services.ground.refusals import NotFound
from intake.services.tick import escalation
from tests.actors import MONDAY, arrives, complaint, concern
from tests.by_hand import by_hand

A_YEAR = timedelta(days=365)
LOOKS = 2_400  # a twentieth of a second apart: it is over as soon as it is said


@pytest.fixture
def people(unlocked):
    """Officers by the vault that each of them opens."""
    officers: dict[str, list] = {}
    for one in unlocked.values():
        officers.setdefault(one.role.vault, []).append(one)
    return officers


def about_the_monitoring_officer(office) -> str:
    return arrives(office, concern(named=("unsure",)))


MOVED = {
    "a concern among the complaints": (
        lambda office: arrives(office, concern()),
        "whistleblowing",
        "complaints",
    ),
    "a complaint among the concerns": (
        lambda office: arrives(office, complaint()),
        "complaints",
        "whistleblowing",
    ),
    "a concern before the one whom it is about": (
        about_the_monitoring_officer,
        "whistleblowing-alternate",
        "whistleblowing",
    ),
}


@pytest.fixture(params=MOVED.values(), ids=MOVED)
def moved(request, office, instance):
    """A case that was moved by hand: its reference, whose it is, and in whose list it was put."""
    send, theirs, others = request.param
    reference = send(office)
    with by_hand(instance) as database:
        database.execute("UPDATE cases SET reader = ? WHERE reader = ?", (others, theirs))
    office.session.rollback()
    return reference, theirs, others


def test_it_is_on_no_page_of_theirs_and_opens_for_none_of_them(office, people, moved):
    reference, _, others = moved
    for who in people[others]:
        for view in desk.VIEWS:
            seen = desk.desk(office, who, view, now=MONDAY)
            assert seen.lines == ()
            assert (seen.before, seen.after) == (None, None)
        counted = {0, 1} if others == "complaints" else {0}
        assert set(seen.totals.values()) == counted, "a number, and no more; of concerns not even that"
        for search in (reference, reference[:3], reference[4:]):
            assert desk.find(office, who, search, now=MONDAY).lines == ()
        with pytest.raises(NotFound):
            case_page.open_case(office, who, reference, now=MONDAY)


def test_those_it_was_sealed_to_open_it_and_are_told_when_it_is_due(office, people, moved):
    reference, theirs, others = moved
    for who in people[theirs]:
        assert case_page.open_case(office, who, reference, now=MONDAY).words
    escalation.run(office, now=MONDAY + A_YEAR)
    case_id = select(Case.id).where(Case.reference == reference).scalar_subquery()
    told = set(office.session.scalars(select(Notice.staff_id).where(Notice.case_id == case_id)))
    assert {who.id for who in people[theirs]} <= told
    assert told.isdisjoint(who.id for who in people[others])


def test_whoever_checks_the_instance_hears_of_it(office, moved):
    reference, _, others = moved
    (told,) = reaching.faults(office)
    assert reference in told
    assert repr(others) in told


def test_the_tick_beside_the_server_says_it_unasked(moved, instance, tmp_path):
    """Its own readers do not find it in their lists, and nobody may ask `intake check` for years."""
    said = tmp_path / "said"
    with said.open("w") as heard:
        ticking = subprocess.Popen(
            [sys.executable, "-m", "intake.cli", "tick", "--every=5"],
            env=os.environ | {"INTAKE_INSTANCE": str(instance)},
            stderr=heard,
        )
    try:
        for _ in range(LOOKS):
            if moved[0] in said.read_text() or ticking.poll() is not None:
                break
            time.sleep(0.05)
    finally:
        ticking.terminate()
        ticking.wait()
    assert f"WARNING: The case {moved[0]} stands in the list or the figures" in said.read_text()


def test_whoever_checks_hears_of_a_stage_that_is_counted_for_others(office, instance):
    kept, counted = arrives(office), arrives(office, concern())
    with by_hand(instance) as database:
        database.execute(
            "UPDATE stage_receipts SET reader = 'complaints' WHERE reader = ?", ("whistleblowing",)
        )
    office.session.rollback()
    (told,) = reaching.faults(office)
    assert counted in told
    assert kept not in told

"""Why complaints were refused: on the manager's page, with the cases behind each number, and in the files."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from intake.procedures import moves
from intake.services.casework import acting
from intake.services.figures import coverage
from tests.actors import now

APRIL = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def refused(office, officer, arrives):
    coverage.start_recording(office, date(2026, 4, 1), now=APRIL)
    reference = arrives("corporate", "It is before the court.")
    move = moves.RefuseAtTheDoor(office.today(now()), "court", "The county court hears it.")
    acting.do(office, officer, reference, move, revision=1, now=now())
    return reference


def test_a_manager_reads_the_reasons_and_finds_the_case(refused, at_desk):
    desk = at_desk("manager")
    desk.visit("/staff/counts?year=2026-27&quarter=1")
    assert "Complaints refused at the door" in desk.words
    assert "A court is dealing with the same matter 1" in desk.words
    address = next(
        part.partition('"')[0].replace("&amp;", "&")
        for part in desk.page.text.split('href="')
        if "by=refusal" in part or "breakdown=refusal" in part or "refusal" in part.partition('"')[0]
    )
    desk.visit(address)
    assert refused in desk.words
    assert "A court is dealing with the same matter" in desk.words


def test_the_file_has_them_too(refused, at_desk):
    lines = at_desk("manager").visit("/staff/counts.csv?year=2026-27&quarter=1").text.splitlines()
    (line,) = [line for line in lines if ",refusal," in line and "A court" in line]
    assert ",corporate-stage-1,A court is dealing with the same matter,1," in line

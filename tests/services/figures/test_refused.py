"""Refused complaints, counted by the reason of the list: told to officers, and nothing more of them to the public."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from intake.counts.facts import NONE
from intake.counts.quarters import Period
from intake.database import reading
from intake.documents.committee_report import set_out
from intake.models import JournalLine, StageReceipt
from intake.procedures import moves
from intake.services.casework import acting
from intake.services.figures import coverage, drawing_up, drill_down
from intake.services.ground.refusals import ActedMeanwhile, NotFound, Refused
from tests import officers
from tests.actors import MONDAY, complaint, concern, send

Q1 = Period(2026, 1)


@pytest.fixture
def recording(office):
    coverage.start_recording(office, date(2026, 4, 1), now=MONDAY)
    return office


def refuse(office, officer, reference, ground="court", reason="The county court hears it.", revision=1):
    move = moves.RefuseAtTheDoor(office.today(MONDAY), ground, reason)
    acting.do(office, officer, reference, move, revision=revision, now=MONDAY)


def test_three_are_refused_and_counted_by_their_reason(recording, officer, manager):
    for ground in ("court", "court", "no-interest"):
        refuse(recording, officer, send(recording, complaint()).reference, ground)
    send(recording, complaint())
    told = drawing_up.draw_up(recording, Q1, now=MONDAY, role=manager.role)
    assert told.facts.values("refusal", "corporate-stage-1") == {"court": 2, "no-interest": 1, NONE: 1}
    assert told.facts.values("outcome", "corporate-stage-1") == {"refused": 3, NONE: 1}
    assert told.table.row("corporate-stage-1").total.figure.number == 4, "received all the same"
    (section,) = [one for one in set_out(told, "Testford").sections if one.heading == "Refused at the door"]
    assert [[cell.text for cell in row] for row in section.tables[0].rows] == [
        ["A court is dealing with the same matter", "2"],
        ["Whoever complains has no sufficient interest in it, or not the consent that it needs", "1"],
        ["All", "3"],
    ]
    behind = drill_down.cases(recording, manager, Q1, "corporate-stage-1", "refusal", "court", 1, now=MONDAY)
    assert (behind.total, behind.counted) == (2, 2)


def test_a_quarter_without_any_says_nothing_of_it(recording, officer, manager):
    send(recording, complaint())
    told = drawing_up.draw_up(recording, Q1, now=MONDAY, role=manager.role)
    assert "Refused at the door" not in {one.heading for one in set_out(told, "Testford").sections}


def test_reopened_it_is_counted_as_refused_no_more(recording, officer):
    reference = send(recording, complaint()).reference
    refuse(recording, officer, reference)
    officers.reopen(recording, officer, reference, "It was thrown out.", revision=2, now=MONDAY)
    facts = drawing_up.draw_up(recording, Q1, now=MONDAY).facts
    assert facts.values("refusal", "corporate-stage-1") == {NONE: 1}
    with reading(recording.session):
        assert recording.session.scalars(select(StageReceipt.refusal)).all() == [None]


def test_the_reason_is_sealed_and_the_journal_has_its_kind_alone(office, officer):
    refuse(office, officer, send(office, complaint()).reference)
    with reading(office.session):
        (line,) = office.session.scalars(select(JournalLine).where(JournalLine.act == "refuse"))
        assert "county" not in line.detail
        assert '"court"' in line.detail


def test_a_reason_off_the_list_a_page_of_before_and_a_concern_are_refused_in_words(
    office, officer, monitoring_officer
):
    reference = send(office, complaint()).reference
    with pytest.raises(Refused, match="not on the list any more"):
        refuse(office, officer, reference, "because")
    officers.allocate(office, officer, reference, officer.id, revision=1, now=MONDAY)
    with pytest.raises(ActedMeanwhile, match="Nothing of yours was lost"):
        refuse(office, officer, reference)
    of_a_worker = send(office, concern()).reference
    with pytest.raises(Refused, match="nothing is refused at the door"):
        refuse(office, monitoring_officer, of_a_worker)
    with pytest.raises(NotFound):
        refuse(office, officer, of_a_worker)

"""What a holder reads of a complaint that was not taken on: why, and where they can take that decision."""

from __future__ import annotations

import pytest

from intake.procedures import moves
from intake.services.casework import acting
from intake.services.ground.refusals import Refused
from intake.services.holders import asking, returning
from tests import officers
from tests.actors import MONDAY, complaint, send

TOKEN = "t" * 40


@pytest.fixture
def refused(office, officer):
    sent = send(office, complaint())
    move = moves.RefuseAtTheDoor(office.today(MONDAY), "court", "The county court hears it on 4 August.")
    acting.do(office, officer, sent.reference, move, revision=1, now=MONDAY)
    return sent


def test_they_read_why_and_where_to_take_that_decision(office, refused):
    held = returning.open_case(office, refused.receipt, now=MONDAY)
    assert (
        held.state
        == "We did not take this on as a complaint, and closed it on 1 June 2026. Why stands below."
    )
    (letter,) = held.messages
    assert letter.heading == "We do not take this on as a complaint"
    for told in ("A court is dealing with the same matter.", "on 4 August.", "www.lgo.org.uk"):
        assert told in letter.text
    assert held.ombudsman
    assert (held.dates, held.next_stage, held.may_withdraw) == ((), None, False)
    assert "Refused, and not taken on" in [entry.text for entry in held.history]


def test_no_next_stage_can_be_asked_for_and_reopened_it_is_worked_as_before(office, officer, refused):
    with pytest.raises(Refused):
        asking.ask_for_next_stage(office, refused.receipt, "I disagree.", token=TOKEN, now=MONDAY)
    officers.reopen(office, officer, refused.reference, "The court sent it back.", revision=2, now=MONDAY)
    held = returning.open_case(office, refused.receipt, now=MONDAY)
    assert [date.label for date in held.dates] == ["Acknowledgement", "Stage 1 answer"]
    assert not held.ombudsman

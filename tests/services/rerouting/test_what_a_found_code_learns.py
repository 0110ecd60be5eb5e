"""Whoever found the code of a concern, and pressed yes in its holder's place, learns nothing of what was told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from intake.database import reading as read_only
from intake.models import Record
from intake.procedures import moves
from intake.procedures.points import Answered
from intake.services.casework import acting, case_page
from intake.services.holders import answering, holding, returning
from intake.services.points import agreeing, reading, setting_out, showing
from intake.services.points.setting_out import Draft
from intake.vault.errors import SealBroken
from tests import officers
from tests.actors import concern, send

from .story import LATER, NOW, case_of, move, propose, rerouted, revision

WORDS = "He signs for shifts nobody worked."


def opened_by_the_code(office, receipt: str) -> set[str]:
    """The kinds of records that a code opens, for somebody who has a copy of the database too."""
    with read_only(office.session):
        held, found = holding.find(office, receipt), set()
        for record in office.session.scalars(select(Record).where(Record.case_id == held.case.id)):
            for key in held.keys.values():
                try:
                    key.open(record.sealed, case=held.case.id, kind=record.kind, place=record.place)
                    found.add(record.kind)
                except SealBroken:
                    pass
    return found


@pytest.fixture
def passed_on(office, monitoring_officer):
    """Kofi's concern, which went to the complaints team."""
    sent = send(office, concern(), now=NOW)
    propose(office, monitoring_officer, sent.reference, to="corporate")
    answering.answer(office, sent.receipt, yes=True, text="", token="y" * 40, now=LATER)
    move(office, monitoring_officer, sent.reference)
    return sent


def test_no_letter_repeats_the_points_and_no_code_opens_them(office, officer, manager, passed_on):
    """Seen before: the answer listed each point in words, and the code opened them in a copy of the database."""
    sent = passed_on
    ref = case_of(office, sent.receipt).reference

    def seen() -> dict:
        return {"revision": revision(office, ref), "now": LATER}

    setting_out.set_out(office, officer, ref, [Draft(WORDS, "Stop it.")], **seen())
    officers.acknowledge(office, officer, ref, "We have it.", **seen())
    page = showing.open_points(office, officer, ref, now=LATER)
    assert [one.point.words for one in page.on_the_case.points] == [WORDS]
    answered = Answered("1", "upheld", "We found it so.")
    respond = moves.Respond(LATER.date(), "upheld", "It was so.", points=(answered,))
    acting.do(office, officer, ref, respond, text="Our answer.", **seen())
    held = returning.open_case(office, sent.receipt, now=LATER)
    assert "1.\nUpheld. We found it so." in held.messages[-1].text
    assert WORDS not in repr(held)
    assert held.points == ()
    assert opened_by_the_code(office, sent.receipt) == {"message", "question"}
    (shown,) = case_page.open_case(office, officer, ref, now=LATER).points.points
    assert (shown.point.words, shown.decided[0].outcome) == (WORDS, "Upheld")


def test_nor_does_the_letter_about_a_statement():
    point = reading.Point("1", WORDS, "Stop it.")
    assert WORDS in agreeing.in_words("As agreed.", reading.Complaint((point,)))
    told = agreeing.in_words("As agreed.", reading.Complaint((point,), shut=True))
    assert told == f"As agreed.\n\n{agreeing.NOT_REPEATED}"


def test_what_was_set_out_goes_on_to_the_monitoring_officer_again(
    office, officer, manager, monitoring_officer, passed_on
):
    sent = passed_on
    ref = case_of(office, sent.receipt).reference
    setting_out.set_out(office, officer, ref, [Draft(WORDS)], revision=revision(office, ref), now=LATER)
    new = rerouted(office, manager, replace(sent, reference=ref))
    page = case_page.open_case(office, monitoring_officer, new, now=LATER)
    assert [one.point.words for one in page.points.points] == [WORDS]
    assert opened_by_the_code(office, sent.receipt) == {"message", "question"}

"""A concern turns out to be a complaint: the complaints team gets the words, and neither the name nor the notes."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from intake.counts.quarters import Period
from intake.database import reading, writing
from intake.demonstration.living import PASSWORD
from intake.models import Envelope, Reclassification, Record
from intake.services.cases.words import Answer
from intake.services.casework import case_page, identity
from intake.services.figures import drill_down
from intake.services.ground import sealing
from intake.services.ground.refusals import Damaged, NotFound, Refused
from intake.services.ground.sealing import pairs_of
from intake.services.holders import answering, asking, holding, returning
from intake.services.oversight import committee_words
from intake.services.rerouting import looking, remembering
from tests import officers
from tests.actors import concern, send

from .story import DANGER, LATER, NOW, case_of, move, old_key, opened_by, propose, take_back

YES = "y" * 40


@pytest.fixture
def told(office, monitoring_officer):
    """Kofi's concern, on which the monitoring officer has worked."""
    sent = send(office, concern(), now=NOW)
    ref = sent.reference
    officers.acknowledge(office, monitoring_officer, ref, "We have it.", revision=1, now=NOW)
    officers.note(
        office, monitoring_officer, ref, "I know him: nights at Elm House.", token="n" * 40, now=NOW
    )
    committee_words.summarise(office, monitoring_officer, ref, "Timesheets.", token="s" * 40, now=NOW)
    returning.write(office, sent.receipt, "It is every week.", token="w" * 40, now=NOW)
    officers.write(office, monitoring_officer, ref, "Thank you.", token="o" * 40, now=NOW)
    return sent


def passed(office, monitoring_officer, sent) -> str:
    """To the complaints team, as its holder agreed: its new reference."""
    propose(office, monitoring_officer, sent.reference, to="corporate")
    answering.answer(office, sent.receipt, yes=True, text="", token=YES, now=LATER)
    move(office, monitoring_officer, sent.reference)
    return case_of(office, sent.receipt).reference


def test_the_complaints_team_has_the_words_and_neither_name_nor_notes(
    office, officer, manager, monitoring_officer, told
):
    new = passed(office, monitoring_officer, told)
    assert new != told.reference
    for reference in (new, told.reference):
        with pytest.raises(NotFound):
            case_page.open_case(office, monitoring_officer, reference, now=LATER)
    page = case_page.open_case(office, officer, new, now=LATER)
    assert page.words[0].answer == "Timesheets are signed for shifts nobody worked."
    assert [one.text for one in page.messages][:3] == ["We have it.", "It is every week.", "Thank you."]
    assert page.notes == ()
    assert page.identity is None
    assert not page.identity_sealed
    assert page.level == "anonymous"
    with pytest.raises(NotFound):
        identity.open_identity(office, manager, new, "To know.", PASSWORD, now=LATER)
    (known,) = remembering.before(office, officer, new, now=LATER)
    assert [label for label, _ in known.facts] == ["It was", "Received by the council"]
    assert known.lines == ()
    assert "Elm House" not in repr(page)


def test_no_key_of_the_complaints_team_opens_what_was_left_and_no_old_key_what_came(
    office, officer, monitoring_officer, told
):
    old = old_key(office, monitoring_officer, told.reference)
    new = passed(office, monitoring_officer, told)
    case_id = case_of(office, told.receipt).id
    returning.write(office, told.receipt, "Please hurry.", token="z" * 40, now=LATER)
    assert opened_by(office, case_id, [old]) == []
    theirs = opened_by(office, case_id, [old_key(office, officer, new)])
    assert not {"left", "identity", "note", "reason", "summary"} & set(theirs)
    with reading(office.session):
        held = office.session.execute(
            select(Envelope.keyholder, Envelope.scope).where(Envelope.case_id == case_id)
        )
        mine = {scope for holder, scope in held if holder in pairs_of(office.session, monitoring_officer)}
        kinds = set(office.session.scalars(select(Record.kind).where(Record.case_id == case_id)))
    assert mine == {"identity", "left-0"}
    assert kinds == {"submission", "message", "question", "answer", "identity", "left", "passed"}


def test_the_receipt_stays_write_only(office, monitoring_officer, officer, told):
    """Whoever finds the code of a concern, and presses yes in its holder's place, reads no more than before."""
    new = passed(office, monitoring_officer, told)
    held = returning.open_case(office, told.receipt, now=LATER)
    assert held.reference == new
    assert held.words is None
    assert [one.text for one in held.messages[:3]] == ["We have it.", None, "Thank you."]
    assert held.messages[-1].heading == "The complaints team has this now"
    assert held.handler_name is None
    returning.write(office, told.receipt, "Please hurry.", token="z" * 40, now=LATER)
    assert returning.open_case(office, told.receipt, now=LATER).messages[-1].text is None
    page = case_page.open_case(office, officer, new, now=LATER)
    assert page.messages[-1].text == "Please hurry."


def test_its_holder_can_give_their_name_to_the_complaints_team_themselves(
    office, officer, monitoring_officer, told
):
    new = passed(office, monitoring_officer, told)
    details = asking.Details((Answer("Your name", "K. Marsh"),))
    asking.correct_details(office, told.receipt, details, token="d" * 40, now=LATER)
    page = case_page.open_case(office, officer, new, now=LATER)
    assert page.identity_sealed
    said = identity.open_identity(office, officer, new, "To write to him.", PASSWORD, now=LATER)
    assert [one.answer for one in said] == ["K. Marsh"]


def test_without_their_word_it_stays_whatever_the_danger(office, monitoring_officer, told):
    with pytest.raises(Refused, match="nothing goes without its holder's word"):
        propose(office, monitoring_officer, told.reference, to="corporate", danger=DANGER)
    propose(office, monitoring_officer, told.reference, to="corporate")
    with pytest.raises(Refused, match="has not agreed"):
        move(office, monitoring_officer, told.reference, danger=DANGER)
    with pytest.raises(Refused, match="their own yes alone"):  # whoever decides could be whom it is about
        move(office, monitoring_officer, told.reference, agreed="He rang on 4 June and said yes.")
    answering.answer(office, told.receipt, yes=False, text="He is their friend.", token=YES, now=LATER)
    with pytest.raises(Refused, match="has not agreed"):
        move(office, monitoring_officer, told.reference)
    assert "He is their friend." not in repr(returning.open_case(office, told.receipt, now=LATER))
    take_back(office, monitoring_officer, told.reference)
    assert case_page.open_case(office, monitoring_officer, told.reference, now=LATER).notes


def test_the_complaints_team_counts_a_complaint_and_is_told_of_no_concern(
    office, manager, monitoring_officer, told
):
    passed(office, monitoring_officer, told)
    period = Period.of(LATER.date())
    with reading(office.session):
        (moved,) = office.session.scalars(select(Reclassification)).all()
    assert (moved.from_procedure, moved.to_procedure) == ("whistleblowing", "corporate")
    counted = drill_down.cases(office, manager, period, "corporate-stage-1", "", "", 1, now=LATER)
    assert counted.counted == 1
    for pair in (("whistleblowing", "corporate"), ("corporate", "whistleblowing")):
        with pytest.raises(NotFound):
            drill_down.cases(office, manager, period, pair[0], "reclassified", pair[1], 1, now=LATER)


def test_what_comes_back_finds_its_name_and_notes_again(office, officer, manager, monitoring_officer, told):
    new = passed(office, monitoring_officer, told)
    officers.note(office, officer, new, "This is about the manager.", token="q" * 40, now=LATER)
    propose(office, manager, new, danger=DANGER)
    move(office, manager, new)
    again = case_of(office, told.receipt).reference
    page = case_page.open_case(office, monitoring_officer, again, now=LATER)
    assert [one.text for one in page.notes] == ["This is about the manager."]
    said = identity.open_identity(office, monitoring_officer, again, "To protect him.", PASSWORD, now=LATER)
    assert said[0].answer == "Kofi Marsh"
    found = remembering.before(office, monitoring_officer, again, now=LATER)
    assert "I know him: nights at Elm House." in [text for one in found for _, _, text in one.notes]
    assert returning.open_case(office, told.receipt, now=LATER).reference == again


def test_a_yes_that_somebody_put_into_the_database_is_refused(office, monitoring_officer, told):
    """To seal an answer takes public keys alone; whose it is tells its mark."""
    propose(office, monitoring_officer, told.reference, to="corporate")
    case = case_of(office, told.receipt)
    with writing(office.session):
        key = holding.own_key(
            office, holding.find(office, told.receipt), "answer-0", LATER.date()
        ).for_purpose("conversation")
        forged = {"yes": True, "text": "", "mark": bytes(32).hex()}
        row = sealing.record_row(key, case.id, "answer", forged, on=LATER.date(), by="holder")
        sealing.put(office.session, row | {"journalled": True})
    with pytest.raises(Damaged, match="not theirs"):
        move(office, monitoring_officer, told.reference)


def test_an_answer_of_before_answers_nothing_that_is_asked_since(office, manager, monitoring_officer, told):
    """Seen before: the second proposal took the place of the first, and found a yes there."""
    new = passed(office, monitoring_officer, told)
    propose(office, manager, new)
    assert looking.at(office, manager, new, now=LATER).plan.answer is None
    assert returning.open_case(office, told.receipt, now=LATER).question
    with pytest.raises(Refused, match="has not agreed"):
        move(office, manager, new)
    answering.answer(office, told.receipt, yes=True, text="", token="q" * 40, now=LATER)
    move(office, manager, new)

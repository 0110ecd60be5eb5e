"""A concern is assessed, looked into, concluded and signed off by a second person, and only then closed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from intake.database import reading
from intake.demonstration import inquiring
from intake.models import JournalLine, Notice, Record
from intake.procedures.assessment import Assessed, Notified
from intake.procedures.moves import Acknowledge
from intake.services.casework import case_page
from intake.services.ground import journal
from intake.services.ground.refusals import ActedMeanwhile, NotFound, Refused
from intake.services.holders import returning
from intake.services.inquiries import signing_off
from tests.actors import MONDAY, complaint, send

from .story import INQUIRE, TODAY, Inquiring


@pytest.fixture
def story(office) -> Inquiring:
    return Inquiring(office)


def test_a_concern_from_assessing_to_its_closing(office, story, monitoring_officer, deputy):
    alleged = story.to_review(monitoring_officer)
    page = story.page(deputy)
    assert page.follows == "Substantiated: of 1 allegation, 1 substantiated."
    assert page.next.part == "feedback"
    story.feedback(monitoring_officer)
    assert story.page(deputy).next.part == "sign-off"
    with pytest.raises(Refused, match="nobody has signed off what stands there now"):
        story.close(monitoring_officer)
    story.sign_off(deputy)
    assert story.page(deputy).inquiry.signed_by == deputy.id
    story.close(monitoring_officer)
    assert story.case.closed_on == TODAY
    assert story.page(deputy).inquiry.allegations[0].id == alleged
    told = [one.text for one in case_page.open_case(office, deputy, story.reference, now=MONDAY).timeline]
    assert {"Assessed", "Decided how to look into it", "Inquiry reviewed and signed off", "Closed"} <= set(
        told
    )
    assert journal.verify(office).fault == ""


def test_assessing_with_a_decision_meets_the_date_that_is_owed_for_it(office, story, monitoring_officer):
    story.assess(monitoring_officer, Assessed(categories=("other",)))
    assert not story.page(monitoring_officer).progress.decided
    story.wait(3)
    story.assess(monitoring_officer)
    page = story.page(monitoring_officer)
    assert page.progress.decided
    (met,) = (met for label, _, met in page.dates if label == "Decision how to look into it")
    assert met == story.now.date()
    story.wait(1)
    story.assess(monitoring_officer)  # again, with what was found since: the first day stands
    (met,) = (met for label, _, met in story.page(monitoring_officer).dates if label.startswith("Decision"))
    assert met == story.now.date().replace(day=4)
    assert len(story.page(monitoring_officer).inquiry.every("assessed")) == 3


def test_what_was_found_comes_back_as_it_was_kept(story, monitoring_officer):
    others = {
        "police": Notified("told", "101, reference 7", TODAY, "Ruth Adeyemi"),
        "audit": Notified("to-be-told"),
    }
    found = Assessed(
        categories=("criminal-offence", "concealment"),
        worker="worker",
        knows=("first-hand", "documents"),
        public_interest="Public money, and the safety of residents at night.",
        safety="danger",
        safety_done="An agency nurse was sent at once.",
        others=others,
        elsewhere="hr",
        says="does-not",
        says_why="They fear their manager.",
        about_a_receiver="no",
        decision="inquire",
        why="So.",
    )
    story.assess(monitoring_officer, found)
    page = story.page(monitoring_officer)
    assert page.inquiry.assessed == found
    assert page.to_tell == ("Internal audit, where it may be fraud",)


def test_nothing_of_it_lies_in_clear_not_even_what_sort_of_thing_was_written(
    office, story, monitoring_officer, deputy
):
    story.to_review(monitoring_officer)
    story.interview(monitoring_officer)
    story.sign_off(deputy)
    with reading(office.session):
        records = office.session.scalars(select(Record).where(Record.kind == "inquiry")).all()
        lines = office.session.scalars(select(JournalLine).where(JournalLine.act == "inquired")).all()
    assert [record.place for record in records] == list(range(len(records)))
    assert (
        len({len(record.sealed) for record in records}) == 1
    )  # one bucket: terms, interview, finding, sign-off
    assert {line.detail for line in lines} == {"{}"}
    assert all(b"payroll" not in record.sealed for record in records)


def test_the_receipt_and_the_complaints_team_open_nothing_of_it(
    office, monitoring_officer, manager, senior_officer
):
    sent = send(office, "whistleblowing", "Timesheets are signed for shifts nobody worked.")
    story = Inquiring(office, sent.reference)
    story.to_review(monitoring_officer)
    held = returning.open_case(office, sent.receipt, now=MONDAY)
    assert "payroll" not in repr(held)
    assert "Nobody was there" not in repr(held)
    for nobody in (manager, senior_officer):
        with pytest.raises(NotFound):
            story.page(nobody)
        with pytest.raises(NotFound):
            story.terms(nobody)


def test_a_concern_about_the_monitoring_officer_is_inquired_by_the_alternate_alone(
    office, monitoring_officer, deputy, alternate
):
    story = Inquiring(office, named=("monitoring-officer",))
    story.assess(alternate)
    story.step(alternate)
    for named in (monitoring_officer, deputy):
        with pytest.raises(NotFound):
            story.page(named)
        with pytest.raises(NotFound):
            story.sign_off(named, digest="0" * 64)
    assert story.page(alternate).second == (alternate.name,)


def test_a_complaint_has_no_inquiry(office, officer, monitoring_officer):
    story = Inquiring(office, send(office, complaint()).reference)
    for who in (officer, monitoring_officer):
        with pytest.raises(NotFound):
            story.page(who)
        with pytest.raises(NotFound):
            story.assess(who)


def test_whoever_investigated_or_wrote_a_finding_does_not_sign_off(office, story, monitoring_officer, deputy):
    story.to_review(monitoring_officer)
    with pytest.raises(Refused, match="You were named to investigate this"):
        story.sign_off(monitoring_officer)
    story.investigator(monitoring_officer, outside="Bevan & Co, solicitors")
    with pytest.raises(Refused, match="You were named to investigate this"):  # once named, always
        story.sign_off(monitoring_officer)
    story.find(deputy, story.allege(deputy, "Sheets were destroyed."), "not-substantiated")
    with pytest.raises(Refused, match="You wrote findings"):
        story.sign_off(deputy)
    page = story.page(deputy)
    assert (page.second, page.nobody) == ((), signing_off.NOBODY)
    assert "the next office" in page.nobody


def test_what_is_changed_after_the_sign_off_undoes_it(story, monitoring_officer, deputy):
    story.to_review(monitoring_officer)
    story.sign_off(deputy)
    before = story.page(deputy).inquiry.signed[0]
    story.terms(monitoring_officer, "Were shifts paid that nobody worked, since last May?")
    (after,) = story.page(deputy).inquiry.signed
    assert (before.stands, after.stands) == (True, False)
    story.feedback(monitoring_officer)
    with pytest.raises(Refused, match="signed off what stands there now"):
        story.close(monitoring_officer)
    story.sign_off(deputy, "Again, with the other year.")
    assert [one.stands for one in story.page(deputy).inquiry.signed] == [True, False]
    story.close(monitoring_officer)


def test_one_person_signs_off_once_and_two_at_once_are_told(story, monitoring_officer, deputy):
    story.to_review(monitoring_officer)
    seen, digest = story.case.revision, story.page(deputy).inquiry.digest
    story.sign_off(deputy)
    with pytest.raises(ActedMeanwhile):
        story.sign_off(deputy, revision=seen, digest=digest)
    with pytest.raises(Refused, match="You have signed off what stands here already"):
        story.sign_off(deputy)


def test_a_second_signature_of_somebody_else_is_not_needed(office, monitoring_officer, deputy):
    story = Inquiring(office)
    alleged = story.to_review(deputy)
    story.investigator(deputy, outside="Bevan & Co, solicitors")
    story.sign_off(monitoring_officer)
    assert story.page(deputy).inquiry.signed_by == monitoring_officer.id
    with pytest.raises(Refused, match="You were named to investigate"):
        story.sign_off(deputy)
    assert alleged


def test_another_text_than_the_page_showed_is_not_signed_off(story, monitoring_officer, deputy):
    story.to_review(monitoring_officer)
    old = story.page(deputy).inquiry.digest
    story.interview(monitoring_officer)
    with pytest.raises(ActedMeanwhile):
        story.sign_off(deputy, digest=old)
    assert story.page(deputy).inquiry.signed == ()


def test_it_is_not_signed_off_half_done(story, monitoring_officer, deputy):
    with pytest.raises(Refused, match="No inquiry was begun"):
        story.sign_off(deputy)
    story.assess(monitoring_officer)
    story.step(monitoring_officer)
    with pytest.raises(Refused) as refused:
        story.sign_off(deputy)
    for lacks in ("no terms of reference", "Nobody was named", "No allegation", "1 step of the plan is open"):
        assert lacks in str(refused.value)


def test_without_an_inquiry_a_concern_is_closed_as_before(story, monitoring_officer):
    story.act(monitoring_officer, Acknowledge(TODAY), "We have it.")
    story.assess(monitoring_officer, replace(INQUIRE, decision="answer"))
    story.feedback(monitoring_officer, "advice-only")
    story.close(monitoring_officer)
    assert story.case.closed_on == TODAY


def test_once_something_was_written_nobody_says_that_there_was_no_inquiry(story, monitoring_officer):
    story.assess(monitoring_officer)
    story.assess(monitoring_officer, replace(INQUIRE, decision="answer"))
    assert not story.page(monitoring_officer).progress.begun
    story.assess(monitoring_officer)
    story.step(monitoring_officer)
    with pytest.raises(Refused, match="one was begun"):
        story.assess(monitoring_officer, replace(INQUIRE, decision="answer"))


def test_feedback_does_not_contradict_the_findings(story, monitoring_officer):
    alleged = story.to_review(monitoring_officer)
    with pytest.raises(Refused, match="contradicts the findings"):
        story.feedback(monitoring_officer, "not-substantiated")
    story.allege(monitoring_officer, "Sheets were destroyed.")
    with pytest.raises(Refused, match="has no finding yet"):
        story.feedback(monitoring_officer)
    story.feedback(monitoring_officer, "ongoing")
    assert not story.page(monitoring_officer).progress.told
    story.find(monitoring_officer, alleged + 2, "insufficient-information")
    story.feedback(monitoring_officer, "partly-substantiated")
    assert story.page(monitoring_officer).progress.told


def test_no_notice_was_sent_to_anybody_for_any_of_it(office, story, monitoring_officer, deputy):
    with reading(office.session):
        before = len(office.session.scalars(select(Notice)).all())
    story.to_review(monitoring_officer)
    story.sign_off(deputy)
    with reading(office.session):
        assert len(office.session.scalars(select(Notice)).all()) == before


def test_the_demonstration_shows_one_in_the_middle_and_one_signed_off(office, monitoring_officer, deputy):
    first, second = (Inquiring(office) for _ in range(2))
    inquiring.show(office, monitoring_officer, deputy, now=MONDAY)
    pages = sorted((first.page(deputy), second.page(deputy)), key=lambda page: page.closed_on is not None)
    middle, concluded = pages
    assert middle.progress.begun
    assert middle.next.part == "plan"
    assert middle.to_tell == ("The police",)
    assert concluded.closed_on == TODAY
    assert concluded.inquiry.signed[0].stands
    assert concluded.follows.startswith("Partly substantiated: of 2 allegations")
    assert concluded.next.part == "actions"

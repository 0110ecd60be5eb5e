"""Days of steps and actions: told to the handler, then to somebody else who may know, gone once they are settled."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select

from intake.database import reading, writing
from intake.models import Case, Grant, InquiryDate, JournalLine, Notice
from intake.procedures.moves import Acknowledge, Allocate
from intake.services.casework import case_page
from intake.services.ground import journal
from intake.services.ground.refusals import NotFound
from intake.services.holders import answering
from intake.services.inquiries import dates
from intake.services.inquiries.reading import in_words
from intake.services.rerouting import moving, proposing, remembering
from intake.services.tick import inquiry_dates, sending
from tests.actors import concern, send

from .story import SOON, TODAY, Inquiring


@pytest.fixture
def story(office, monitoring_officer) -> Inquiring:
    """With a plan, in the hands of the monitoring officer."""
    story = Inquiring(office)
    story.act(monitoring_officer, Acknowledge(TODAY), "We have it.")
    story.act(monitoring_officer, Allocate(TODAY, monitoring_officer.id))
    story.assess(monitoring_officer)
    return story


def told(story, days: int) -> list[str]:
    """A tick so many days later: who is told newly, by their accounts."""
    office, now = story.office, story.now + timedelta(days=days)
    with writing(office.session):
        for notice in office.session.scalars(select(Notice)):
            office.session.delete(notice)
    assert not inquiry_dates.run(office, now=now)
    with reading(office.session):
        kinds = ("due", "late")
        asked = select(Notice.staff_id).where(Notice.kind.in_(kinds)).order_by(Notice.staff_id)
        return list(office.session.scalars(asked))


def test_the_handler_is_told_on_the_day_and_somebody_else_a_working_day_later(
    story, monitoring_officer, deputy
):
    story.step(monitoring_officer)  # Wednesday 10 June
    assert told(story, 8) == []
    assert told(story, 9) == [monitoring_officer.id]
    assert told(story, 9) == []  # once, however often it ticks
    assert told(story, 10) == [deputy.id]
    assert told(story, 11) == []
    assert story.rows() == [(SOON, 2)]
    lines = case_page.open_case(story.office, deputy, story.reference, now=story.now).timeline
    assert any("Escalated to level 2" in one.text and "A date of the inquiry" in one.text for one in lines)
    assert journal.verify(story.office).fault == ""


def test_a_tick_that_slept_tells_both_at_once(story, monitoring_officer, deputy):
    story.action(monitoring_officer)
    assert told(story, 40) == sorted((monitoring_officer.id, deputy.id))


def test_over_a_weekend_the_second_waits_for_monday(story, monitoring_officer, deputy):
    story.step(monitoring_officer, due=TODAY + timedelta(days=4))  # Friday 5 June
    assert told(story, 4) == [monitoring_officer.id]
    assert told(story, 6) == []
    assert told(story, 7) == [deputy.id]


def test_what_is_settled_or_moved_is_told_no_more(story, monitoring_officer):
    step, other = story.step(monitoring_officer), story.step(monitoring_officer, "Ask the agency.")
    assert told(story, 9) == [monitoring_officer.id]
    story.settle(monitoring_officer, step)
    story.move(monitoring_officer, other, SOON + timedelta(days=5))
    assert story.rows() == [(SOON + timedelta(days=5), 0)]
    assert told(story, 10) == []
    assert told(story, 14) == [monitoring_officer.id]


def test_nobody_about_whom_it_is_hears_of_a_date_and_the_alternate_is_told_twice_over(office, alternate):
    story = Inquiring(office, named=("monitoring-officer",))
    story.assess(alternate)
    story.step(alternate)
    assert told(story, 9) == [alternate.id]
    assert told(story, 10) == [alternate.id]


def test_where_nobody_can_open_it_somebody_outside_hears_that_the_vault_needs_one(
    office, story, monitoring_officer
):
    story.step(monitoring_officer)
    with writing(office.session):
        office.session.execute(delete(Grant).where(Grant.vault_id == "whistleblowing"))
    assert told(story, 9) == []
    with reading(office.session):
        (notice,) = office.session.scalars(select(Notice).where(Notice.kind == "unattended")).all()[:1]
    assert notice.case_id is None


def test_an_action_outlives_its_concern_and_is_still_told(story, monitoring_officer, deputy):
    story.terms(monitoring_officer)
    story.investigator(monitoring_officer, outside="Bevan & Co, solicitors")
    story.find(monitoring_officer, story.allege(monitoring_officer))
    action = story.action(monitoring_officer)
    story.feedback(monitoring_officer)
    story.sign_off(deputy)
    story.close(monitoring_officer)
    assert told(story, 9) == [monitoring_officer.id]
    assert told(story, 10) == [deputy.id]
    assert dates.waiting(story.office, deputy) == ((story.reference, SOON),)
    story.wait(12)
    page = story.page(deputy)
    assert page.next.words == "An action was due on Wednesday 10 June 2026 and is not done"
    story.settle(monitoring_officer, action, story.now.date())
    assert told(story, 13) == []


def test_a_notice_says_that_a_date_is_due_and_not_of_what(story, monitoring_officer):
    story.step(monitoring_officer)
    assert told(story, 9) == [monitoring_officer.id]
    sent = []
    sending.send_waiting(story.office, sent.append, now=story.now + timedelta(days=9))
    (letter,) = sent
    words = f"{letter['Subject']} {letter.get_content()}"
    assert f"A date for case {story.reference} is due on Wednesday 10 June 2026." in words
    assert "payroll" not in words
    assert "inquiry" not in words.lower()


def test_lists_of_dates_show_nobody_the_cases_of_others(
    office, story, monitoring_officer, deputy, alternate, manager
):
    story.step(monitoring_officer)
    theirs = Inquiring(office, named=("monitoring-officer",))
    theirs.step(alternate)
    assert dates.waiting(office, deputy) == ((story.reference, SOON),)
    assert dates.waiting(office, alternate) == ((theirs.reference, SOON),)
    with pytest.raises(NotFound):
        dates.waiting(office, manager)


def test_a_concern_that_becomes_a_complaint_leaves_its_inquiry_behind(office, monitoring_officer, officer):
    sent = send(office, concern())
    story = Inquiring(office, sent.reference)
    story.assess(monitoring_officer)
    story.step(monitoring_officer)
    story.interview(monitoring_officer)

    def stamp() -> int:
        with reading(office.session):
            return proposing.stamp_of(office, story.case)

    proposing.propose(
        office, monitoring_officer, story.reference, "corporate", "It is.", revision=stamp(), now=story.now
    )
    answering.answer(office, sent.receipt, yes=True, text="", token="y" * 40, now=story.now)
    case_id = story.case.id
    moving.move(office, monitoring_officer, story.reference, revision=stamp(), now=story.now)
    with reading(office.session):
        assert office.session.scalar(select(func.count()).select_from(InquiryDate)) == 0
        now_called = office.session.get_one(Case, case_id).reference
    page = case_page.open_case(office, officer, now_called, now=story.now)
    assert page.inquiry.entries == ()
    with reading(office.session):
        lines = office.session.scalars(select(JournalLine.detail).where(JournalLine.act == "inquired")).all()
    assert set(lines) == {"{}"}


def test_what_was_left_behind_reads_in_words():
    assert in_words({"what": "interview", "who": "A porter", "text": "Nobody was there."}) == (
        "Inquiry, interview:\nwho: A porter\ntext: Nobody was there."
    )
    assessed = {
        "what": "assessed",
        "categories": ["other"],
        "others": {"police": {"state": "told", "by": ""}},
    }
    assert in_words(assessed) == "Inquiry, assessed:\ncategories: other\nothers: police state told"
    assert remembering._in_words("inquiry", assessed) == in_words(assessed)

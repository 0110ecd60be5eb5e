"""What cannot be is refused in words, and leaves nothing half done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from intake.database import reading
from intake.models import Record
from intake.procedures.moves import Acknowledge
from intake.services.ground.refusals import ActedMeanwhile, NotFound, Refused
from intake.services.inquiries import addressing, concluding, dates

from .story import SOON, TODAY, Inquiring

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.fixture
def story(office, monitoring_officer) -> Inquiring:
    story = Inquiring(office)
    story.assess(monitoring_officer)
    return story


def written(story) -> int:
    with reading(story.office.session):
        return story.office.session.scalar(
            select(func.count()).select_from(Record).where(Record.kind == "inquiry")
        )


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda story, who: story.terms(who, "  "), "terms of reference is missing"),
        (lambda story, who: story.terms(who, "x" * 20_001), "20,000 characters or fewer"),
        (lambda story, who: story.investigator(who), "Choose somebody who can open"),
        (lambda story, who: story.investigator(who, staff=who.id, outside="Bevan"), "one of both"),
        (lambda story, who: story.investigator(who, staff="nobody"), "That person cannot open this concern"),
        (lambda story, who: story.step(who, due=None), "Say by which day"),
        (lambda story, who: story.step(who, due=YESTERDAY), "is in the past"),
        (lambda story, who: story.step(who, due=TODAY.replace(year=2199)), "more than ten years away"),
        (lambda story, who: story.action(who, due=YESTERDAY), "is in the past"),
        (lambda story, who: story.action(who, words=""), "What is to be done is missing"),
        (lambda story, who: story.interview(who, on=TOMORROW), "is in the future"),
        (lambda story, who: story.interview(who, on=YESTERDAY), "before the concern was received"),
        (lambda story, who: story.interview(who, text="x" * 20_001), "20,000 characters or fewer"),
        (lambda story, who: story.interview(who, who="x" * 201), "200 characters or fewer"),
        (lambda story, who: story.allege(who, "x" * 4_001), "4,000 characters or fewer"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(story, monitoring_officer, act, words):
    before = (written(story), story.case.revision, story.rows())
    with pytest.raises(Refused, match=words):
        act(story, monitoring_officer)
    assert (written(story), story.case.revision, story.rows()) == before


def test_a_finding_on_an_allegation_that_was_set_aside_is_refused(story, monitoring_officer):
    alleged = story.allege(monitoring_officer)
    story.set_aside(monitoring_officer, alleged)
    for act in (story.find, story.set_aside):
        with pytest.raises(Refused, match="set aside on Monday 1 June 2026"):
            act(monitoring_officer, alleged)
    with pytest.raises(NotFound):
        story.find(monitoring_officer, 999)
    with pytest.raises(Refused, match="Choose what was found"):
        story.find(monitoring_officer, story.allege(monitoring_officer), "upheld")


def test_other_words_take_the_finding_on_the_old_ones_away(story, monitoring_officer):
    alleged = story.allege(monitoring_officer)
    story.find(monitoring_officer, alleged)
    story._do(concluding.reword, monitoring_officer, alleged, "Shifts at night were paid that nobody worked.")
    (one,) = story.page(monitoring_officer).inquiry.allegations
    assert (one.outcome, one.words) == ("", "Shifts at night were paid that nobody worked.")
    with pytest.raises(Refused, match="It reads as it did"):
        story._do(concluding.reword, monitoring_officer, alleged, one.words)


def test_forty_allegations_are_kept_and_a_sixty_first_is_not(story, monitoring_officer):
    for number in range(concluding.MOST):
        story.allege(monitoring_officer, f"Thing {number}.")
        if number == 39:
            assert len(story.page(monitoring_officer).inquiry.allegations) == 40
    with pytest.raises(Refused, match="60 allegations at most"):
        story.allege(monitoring_officer, "One more.")


def test_the_second_of_two_at_once_is_told(story, monitoring_officer, deputy):
    seen = story.case.revision
    story.terms(monitoring_officer)
    for act in (story.terms, story.step, story.allege, story.interview, story.assess):
        with pytest.raises(ActedMeanwhile):
            act(deputy, revision=seen)


def test_what_comes_after_the_closing_is_refused_but_for_actions(story, monitoring_officer, deputy):
    story.act(monitoring_officer, Acknowledge(TODAY), "We have it.")
    story.terms(monitoring_officer)
    story.investigator(monitoring_officer, outside="Bevan & Co, solicitors")
    story.find(monitoring_officer, story.allege(monitoring_officer))
    action = story.action(monitoring_officer)
    story.feedback(monitoring_officer)
    story.sign_off(deputy)
    story.close(monitoring_officer)
    for act in (story.terms, story.step, story.allege, story.interview, story.assess, story.sign_off):
        with pytest.raises(Refused, match=r"closed|closed on"):
            act(deputy)
    assert story.rows() == [(SOON, 0)]
    story.move(monitoring_officer, action, SOON + timedelta(days=30))
    assert story.rows() == [(SOON + timedelta(days=30), 0)]
    story.settle(monitoring_officer, action, how="Sheets are compared each month.")
    assert story.rows() == []
    page = story.page(deputy)
    assert page.inquiry.actions[0].settled_on == TODAY
    assert page.inquiry.signed[0].stands  # what becomes of actions undoes no sign-off


def test_a_step_is_settled_once_and_not_before_it_was_done(story, monitoring_officer):
    step = story.step(monitoring_officer)
    with pytest.raises(Refused, match="is in the future"):
        story.settle(monitoring_officer, step, TOMORROW)
    with pytest.raises(Refused, match="10 June 2026 already"):
        story.move(monitoring_officer, step, SOON)
    with pytest.raises(Refused, match="Why it is dropped is missing"):
        story.settle(monitoring_officer, step, how="", dropped=True)
    story.settle(monitoring_officer, step, how="")
    with pytest.raises(Refused, match="That was settled on"):
        story.settle(monitoring_officer, step)
    with pytest.raises(NotFound):
        story.settle(monitoring_officer, 999)


def test_whether_a_note_is_agreed_is_kept_with_what_the_person_says(story, monitoring_officer):
    note = story.interview(monitoring_officer)
    agree = addressing.agree_interview
    with pytest.raises(Refused, match="With what they do not agree"):
        story._do(agree, monitoring_officer, note, "no", TODAY, "")
    with pytest.raises(Refused, match="Say whether"):
        story._do(agree, monitoring_officer, note, "perhaps", TODAY, "")
    with pytest.raises(NotFound):
        story._do(agree, monitoring_officer, 0, "yes", TODAY, "")
    story._do(agree, monitoring_officer, note, "no", TODAY, "It was the evening, not the night.")
    story._do(agree, monitoring_officer, note, "yes", TODAY, "")
    (one,) = story.page(monitoring_officer).inquiry.interviews
    assert (one.agreed, one.agreed_on) == ("yes", TODAY)


def test_no_more_steps_than_somebody_can_follow(story, monitoring_officer, monkeypatch):
    monkeypatch.setattr(dates, "MOST", 2)
    story.step(monitoring_officer)
    story.step(monitoring_officer)
    with pytest.raises(Refused, match="2 steps at most"):
        story.step(monitoring_officer)

"""What was answered is taken up again for a new answer: what its clock counts from, and what stays as it was."""

from __future__ import annotations

import pytest

from intake.procedures.definitions import Kind
from intake.procedures.moves import (
    Acknowledge,
    Close,
    OpenNextStage,
    RefuseNextStage,
    Reopen,
    Respond,
    TakeUpAgain,
    Withdraw,
)
from intake.procedures.outlook import next_stage_to_ask_for, state_in_words
from intake.procedures.permitted import effect, offered
from intake.procedures.position import position
from intake.procedures.stages_reached import receipts

from .conftest import after, day, due, refusal

D = day


@pytest.fixture
def answered(receive):
    """Received on Monday 2 February 2026, answered on the 16th; its next stage may be asked for until 16 March."""
    complaint = receive("corporate", "2026-02-02T09:00")
    return after(complaint, Acknowledge(D("2026-02-04")), Respond(D("2026-02-16"), "not-upheld"))


def test_the_new_answers_clock_counts_from_the_day_on_which_it_was_taken_up_again(answered):
    again = TakeUpAgain(D("2026-03-02"), "The service sent records that it had not found before.")
    assert [change.words for change in effect(answered, again)] == [
        "“Stage 1: answer by the service: new answer” begins: due Monday 16 March 2026."
    ]
    open_again = after(answered, again)
    [new] = [deadline for deadline in open_again.deadlines if deadline.id == "stage-1-new-answer"]
    assert (new.counted_on, new.due, new.force) == (D("2026-03-02"), D("2026-03-16"), "local")
    assert not open_again.settled
    assert position(open_again).place.next_deadline == "stage-1-new-answer"
    assert (
        state_in_words(open_again)
        == "We have answered, and are looking at it again. You will have a new answer."
    )


def test_until_it_is_answered_anew_the_first_answer_stands_and_it_stays_the_one_that_is_counted(answered):
    [first] = receipts(answered)
    open_again = after(answered, TakeUpAgain(D("2026-03-02"), "New records."))
    assert receipts(open_again) == (first,)
    anew = after(open_again, Respond(D("2026-03-20"), "upheld"))
    [counted] = receipts(anew)
    assert (counted.responded_on, counted.met_on) == (first.responded_on, first.met_on)
    assert counted.outcome == "upheld"
    assert position(anew).place.answered_on == D("2026-03-20")
    assert {d.id: d.met_on for d in anew.deadlines}["stage-1-new-answer"] == D("2026-03-20")


def test_the_time_to_ask_for_the_next_stage_counts_from_the_new_answer(receive):
    childs = after(receive("children-statutory", "2026-04-01T09:00"), Respond(D("2026-04-16"), "not-upheld"))
    assert due(childs)["stage-2-request"] == "2026-05-15"
    again = after(childs, TakeUpAgain(D("2026-05-05"), "The advocate sent a diary."))
    assert due(again)["stage-2-request"] == "2026-05-15"
    anew = after(again, Respond(D("2026-05-18"), "partly-upheld"))
    assert due(anew)["stage-2-request"] == "2026-06-16"
    stage, by = next_stage_to_ask_for(anew, D("2026-05-19"))
    assert (stage.id, by) == ("stage-2", D("2026-06-16"))
    assert "stage-2" in after(anew, OpenNextStage(D("2026-06-10"))).stage.id


def test_a_closed_case_is_opened_by_it_and_what_is_answered_anew_can_be_taken_up_once_more(answered):
    closed = after(answered, Close(D("2026-02-20"), "done"))
    anew = after(closed, TakeUpAgain(D("2026-03-02"), "-"), Respond(D("2026-03-09"), "upheld"))
    assert anew.closed_on is None
    once_more = after(anew, TakeUpAgain(D("2026-03-11"), "-"))
    assert once_more.awaits_new_answer
    assert due(once_more)["stage-1-new-answer"] == "2026-03-25"
    assert "only later than" in refusal(anew, TakeUpAgain(D("2026-03-05"), "-"))


@pytest.mark.parametrize(
    ("move", "words"),
    [
        (TakeUpAgain(D("2026-03-03"), "-"), "was taken up again on Monday 2 March 2026 already"),
        (Withdraw(D("2026-03-03"), "-"), "its answer cannot be withdrawn"),
        (OpenNextStage(D("2026-03-03")), "has not been answered yet"),
        (Close(D("2026-03-03"), "-"), "has not been answered to the end"),
    ],
)
def test_what_waits_for_a_new_answer_is_not_passed_over(answered, move, words):
    assert words in refusal(after(answered, TakeUpAgain(D("2026-03-02"), "New records.")), move)


def test_only_what_was_answered_is_answered_anew(receive, answered):
    assert "has not been answered yet" in refusal(
        receive("corporate", "2026-02-02T09:00"), TakeUpAgain(D("2026-02-03"), "-")
    )
    childs = after(receive("children-statutory", "2026-04-01T09:00"), Withdraw(D("2026-04-08"), "-"))
    assert "It was withdrawn. Reopen it" in refusal(childs, TakeUpAgain(D("2026-04-09"), "-"))
    thanks = after(receive("compliment", "2026-04-01T09:00"), Respond(D("2026-04-02"), "passed-on"))
    assert "not given anew" in refusal(thanks, TakeUpAgain(D("2026-04-09"), "-"))
    assert "Give the reason" in refusal(answered, TakeUpAgain(D("2026-03-02"), " "))


def test_a_refused_next_stage_stays_refused(answered):
    refused = after(answered, RefuseNextStage(D("2026-02-20"), "nothing new"))
    anew = after(refused, TakeUpAgain(D("2026-03-02"), "-"), Respond(D("2026-03-09"), "upheld"))
    assert anew.outcomes == {"stage-1": "upheld", "stage-2": "refused"}


def test_both_ways_of_opening_a_closed_case_are_offered(answered):
    closed = after(answered, Close(D("2026-02-20"), "done"))
    acts = [offer.act for offer in offered(closed, D("2026-03-02"))]
    assert {"take-up-again", "reopen"} <= set(acts)
    assert not after(closed, Reopen(D("2026-03-02"), "-")).awaits_new_answer


def test_every_stage_that_can_be_answered_anew_has_its_events_in_order(catalogue):
    for procedure in catalogue:
        for version in procedure.versions:
            for stage in version.stages:
                again, anew = (
                    version.event_of(kind, stage.id) for kind in (Kind.TAKE_UP_AGAIN, Kind.ANSWER_ANEW)
                )
                assert (again is None) == (anew is None) == (stage.new_answer is None)
                if again and anew:
                    assert again.follows == version.own_event(Kind.RESPOND, stage.id).id
                    assert anew.follows == again.id

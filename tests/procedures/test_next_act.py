"""What is wanted next of a case: in words with its date, and by which acts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from intake.procedures import moves
from intake.procedures.next_act import Holder, wanted
from intake.procedures.people import NONE, Named
from intake.procedures.permitted import offered

from .conftest import after, day

RECEIVED = "2026-06-01T09:00"  # a Monday
TODAY = day("2026-06-02")
NOBODY = Holder()


def told(standing, today=TODAY, holder=NOBODY):
    """What is wanted, and by which acts: of an extension or an event which one."""
    return [
        (one.words, [f"{offer.act}/{offer.subject}".rstrip("/") for offer in one.acts])
        for one in wanted(standing, offered(standing, today), today, holder)
    ]


def answered(standing, on=TODAY):
    return after(standing, moves.Acknowledge(on), moves.Allocate(on, "ann"), moves.Respond(on, "upheld"))


def at_stage_3(standing):
    at_2 = after(answered(standing), moves.OpenNextStage(TODAY), moves.Respond(TODAY, "not-upheld"))
    return after(at_2, moves.OpenNextStage(TODAY), moves.Allocate(TODAY, "ben"))


NEW = [
    ("corporate", "Acknowledge by Monday 8 June 2026", ["acknowledge", "allocate"]),
    (
        "children-statutory",
        "Give it to somebody: answer stage 1 by Monday 15 June 2026",
        ["allocate", "respond"],
    ),
    ("whistleblowing", "Acknowledge by Monday 8 June 2026", ["acknowledge", "allocate"]),
    ("compliment", "Give it to somebody: no date runs for it", ["allocate", "respond"]),
    ("ombudsman-enquiry", "Enter the due date from the letter", ["set-date"]),
]


@pytest.mark.parametrize(("procedure", "words", "acts"), NEW)
def test_of_what_has_just_come(receive, procedure, words, acts):
    assert told(receive(procedure, RECEIVED)) == [(words, acts)]


GIVEN = [
    ("corporate", (moves.Acknowledge(TODAY),), "Answer stage 1 by Tuesday 16 June 2026"),
    ("children-statutory", (), "Answer stage 1 by Monday 15 June 2026"),
    ("mp-enquiry", (), "Answer by Monday 15 June 2026"),
]


@pytest.mark.parametrize(("procedure", "done", "words"), GIVEN)
def test_of_what_somebody_works_on(receive, procedure, done, words):
    standing = after(receive(procedure, RECEIVED), moves.Allocate(TODAY, "ann"), *done)
    ((said, acts),) = told(standing)
    assert said == words
    assert acts[0] == "respond"
    assert all(act.startswith("extend/") for act in acts[1:])


def test_a_date_that_cannot_be_kept_yet_names_what_comes_before_it(receive):
    concern = after(
        receive("whistleblowing", RECEIVED), moves.Allocate(TODAY, "ann"), moves.Acknowledge(TODAY)
    )
    assert told(concern) == [
        ("Decision how to look into it by Monday 22 June 2026", ["record/triage-decided"])
    ]
    concern = after(concern, moves.Record(TODAY, "triage-decided"))
    assert told(concern) == [("Feedback by Wednesday 2 September 2026", ["respond"])]
    panel = at_stage_3(receive("children-statutory", RECEIVED))
    ((words, acts),) = told(panel)
    assert words.startswith("Set up the review panel, so that “Review panel meets” can be kept by ")
    assert acts == ["appoint/panel-arranged"]
    three = tuple(Named(name, NONE) for name in ("Ann Lowe", "Cy Dahl", "Ben Okri"))
    panel = after(panel, moves.Appoint(TODAY, "panel-arranged", three, day("2026-06-20")))
    ((words, acts),) = told(panel)
    assert words.startswith("Review panel meets by ")
    assert words.endswith(": arranged for Saturday 20 June 2026")
    assert acts == ["record/panel-met"]


def test_what_follows_an_answer(receive):
    first = answered(receive("children-statutory", RECEIVED))
    ((words, acts),) = told(first)
    assert words == (
        "To close: it has been answered. They may ask for “Stage 2: independent investigation”, by "
        "Tuesday 30 June 2026 if they can"
    )
    assert acts == ["close", "write"]
    asked = Holder(wrote=True, asks="Request for the next stage", stage_asked_on=TODAY)
    (words, acts), waits = told(first, holder=asked)
    assert waits == ("Somebody waits for an answer: Request for the next stage", ["write"])
    assert words == (
        "The holder asked for “Stage 2: independent investigation” on Tuesday 2 June 2026: open it or refuse it"
    )
    assert acts == ["open-next-stage", "refuse-next-stage"]
    one, _ = wanted(first, offered(first, TODAY), TODAY, asked)
    assert (one.deadline.label, one.deadline.due) == ("Stage 2 answer", date(2026, 7, 7))
    last = answered(receive("adult-social-care", RECEIVED))
    assert told(last) == [("To close: it has been answered", ["close", "write"])]


def test_whoever_waits_for_an_answer_comes_before_a_date_to_come_and_after_one_that_is_due(receive):
    standing = after(receive("children-statutory", RECEIVED), moves.Allocate(TODAY, "ann"))
    waits = Holder(wrote=True, asks="I corrected my details")
    words = [words for words, _ in told(standing, holder=waits)]
    assert words == [
        "Somebody waits for an answer: I corrected my details",
        "Answer stage 1 by Monday 15 June 2026",
    ]
    assert [words for words, _ in told(standing, day("2026-06-15"), waits)] == words[::-1]
    assert told(standing, holder=Holder(wrote=True))[0] == ("Somebody waits for an answer", ["write"])


def test_a_clock_that_stands_and_a_case_that_is_closed(receive):
    enquiry = after(receive("mp-enquiry", RECEIVED), moves.Allocate(TODAY, "ann"))
    paused = after(enquiry, moves.PauseClock(TODAY, "consent"))
    assert told(paused) == [
        (
            "The clock has stood still since Tuesday 2 June 2026: let it run once consent has come",
            ["resume-clock"],
        )
    ]
    closed = after(answered(receive("corporate", RECEIVED)), moves.Close(TODAY, "done"))
    assert told(closed) == []
    assert told(closed, holder=Holder(wrote=True)) == [("Somebody waits for an answer", ["write"])]


def test_every_act_that_is_named_is_one_on_offer(receive, catalogue):
    for procedure in catalogue:
        for handler in (None, "ann"):
            moment = "2026-07-01T09:00"
            standing = replace(receive(procedure.id, moment), handler=handler)
            offers = offered(standing, day("2026-07-02"))
            for one in wanted(standing, offers, day("2026-07-02"), Holder(wrote=True)):
                assert 0 < len(one.acts) <= 2
                assert set(one.acts) <= set(offers)


def test_what_triage_turned_away_is_to_be_told_before_it_is_acknowledged(receive):
    case = receive("corporate", RECEIVED)
    offers = offered(case, TODAY)
    (first,) = wanted(case, offers, TODAY, NOBODY, turned_away=True)
    assert first.words == "Triage decided not to take it on: say so, and where to go"
    assert [offer.act for offer in first.acts] == ["refuse"]
    enquiry = receive("general-enquiry", RECEIVED)
    (first,) = wanted(enquiry, offered(enquiry, TODAY), TODAY, NOBODY, turned_away=True)
    assert [offer.act for offer in first.acts] == ["respond"]
    told = after(case, moves.RefuseAtTheDoor(TODAY, "not-the-council", "It is the water company's."))
    assert "turned" not in str(wanted(told, offered(told, TODAY), TODAY, NOBODY, turned_away=True))

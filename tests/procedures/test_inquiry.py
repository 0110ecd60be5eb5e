"""An inquiry's order, who may sign it off, and what stands before closing."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.procedures import inquiry
from intake.procedures.allegations import Allegation
from intake.procedures.inquiry import Dated, Progress, may_review, missing, next_step

TODAY = date(2026, 6, 1)
STEP = Dated(1, "Ask payroll for the sheets.", TODAY + timedelta(days=9))
DONE = replace(STEP, settled_on=TODAY)
LATE = replace(STEP, due=TODAY - timedelta(days=1))
ALLEGED = Allegation(3, "Shifts were paid that nobody worked.")
FOUND = replace(ALLEGED, outcome="substantiated", reason="The gate's log.")
WHOLE = Progress(
    assessed=True,
    decided=True,
    begun=True,
    terms=True,
    investigator=True,
    steps=(DONE,),
    allegations=(FOUND,),
    told=True,
)
PEOPLE = ("ruth", "piotr", "helen")


def dated(days: int, *, settled: bool) -> Dated:
    return Dated(1, "It.", TODAY + timedelta(days=days), settled_on=TODAY if settled else None)


progresses = st.builds(
    Progress,
    assessed=st.booleans(),
    decided=st.booleans(),
    begun=st.booleans(),
    terms=st.booleans(),
    investigator=st.booleans(),
    steps=st.lists(st.builds(dated, st.integers(-9, 9), settled=st.booleans()), max_size=3).map(tuple),
    allegations=st.lists(st.sampled_from((ALLEGED, FOUND)), max_size=3).map(tuple),
    actions=st.lists(st.builds(dated, st.integers(-9, 9), settled=st.booleans()), max_size=3).map(tuple),
    told=st.booleans(),
    signed=st.booleans(),
    closed=st.booleans(),
)


@pytest.mark.parametrize(
    ("lacks", "part"),
    [
        ({"assessed": False}, inquiry.ASSESS),
        ({"decided": False}, inquiry.ASSESS),
        ({"terms": False}, inquiry.TERMS),
        ({"investigator": False}, inquiry.INVESTIGATOR),
        ({"steps": ()}, inquiry.PLAN),
        ({"allegations": ()}, inquiry.ALLEGATIONS),
        ({"steps": (STEP,)}, inquiry.PLAN),
        ({"allegations": (FOUND, ALLEGED)}, inquiry.FINDINGS),
        ({"told": False}, inquiry.FEEDBACK),
        ({}, inquiry.SIGN_OFF),
        ({"signed": True}, inquiry.CLOSE),
        ({"begun": False, "terms": False}, inquiry.CLOSE),
        ({"terms": False, "steps": (LATE,)}, inquiry.PLAN),
        ({"actions": (LATE,)}, inquiry.ACTIONS),
    ],
)
def test_what_comes_next(lacks, part):
    assert next_step(replace(WHOLE, **lacks), TODAY).part == part


def test_of_a_closed_concern_only_its_actions_are_left():
    closed = replace(WHOLE, signed=True, closed=True)
    assert next_step(closed, TODAY) is None
    assert (
        next_step(replace(closed, actions=(STEP,)), TODAY).words
        == "An action is due on Wednesday 10 June 2026"
    )
    assert "was due on Sunday 31 May 2026" in next_step(replace(closed, actions=(STEP, LATE)), TODAY).words


@given(progresses)
def test_there_is_a_next_step_until_it_is_closed(progress):
    following = next_step(progress, TODAY)
    assert following or progress.closed
    if any(one.late(TODAY) for one in (*progress.steps, *progress.actions)):
        assert "was due on" in following.words


@given(progresses)
def test_an_inquiry_that_was_begun_is_closed_once_it_is_signed_off_and_not_before(progress):
    assert bool(inquiry.why_not_closed(progress)) == (progress.begun and not progress.signed)


@given(
    progresses,
    st.sampled_from(PEOPLE),
    st.sets(st.sampled_from(PEOPLE)),
    st.sets(st.sampled_from(PEOPLE)),
    st.sampled_from(("", *PEOPLE)),
)
def test_nobody_signs_off_their_own_work_nor_twice_nor_half_a_thing(
    progress, person, investigators, writers, by
):
    refused = inquiry.why_not_signed_off(
        progress, person, investigators=investigators, writers=writers, signed_by=by
    )
    apart = person not in investigators | writers
    assert bool(refused) == (progress.closed or not apart or bool(by) or bool(missing(progress)))
    assert bool(may_review(person, investigators, writers)) != apart


@given(progresses)
def test_what_is_missing_is_said_and_nothing_else(progress):
    told = " ".join(missing(progress))
    if not progress.begun:
        assert "nothing to sign off" in told
        return
    assert ("terms of reference" in told) == (not progress.terms)
    assert ("Nobody was named" in told) == (not progress.investigator)
    assert ("of the plan" in told) == any(one.settled_on is None for one in progress.steps)
    assert ("without a finding" in told) == any(not one.outcome for one in progress.allegations)


def test_one_and_many_are_said_rightly():
    assert missing(replace(WHOLE, allegations=(ALLEGED,))) == ("1 allegation is without a finding.",)
    two = replace(WHOLE, steps=(STEP, STEP))
    assert missing(two) == ("2 steps of the plan are open.",)

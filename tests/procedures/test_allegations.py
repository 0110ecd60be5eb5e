"""The outcome of a concern follows from what was found on each allegation, and says no more than was found."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.procedures.allegations import (
    ALL,
    FINDINGS,
    NONE,
    PART,
    RULE,
    UNKNOWN,
    Allegation,
    follows,
    how,
    may_be_found,
    undecided,
    wrong,
)
from intake.procedures.loading import load_catalogue

CATALOGUE = load_catalogue()
VERSION = CATALOGUE["whistleblowing"].versions[-1]
some = st.lists(st.sampled_from(FINDINGS), min_size=1, max_size=40)


def found(*outcomes: str) -> tuple[Allegation, ...]:
    return tuple(Allegation(n, f"Thing {n}.", one, "So it is.") for n, one in enumerate(outcomes))


@pytest.mark.parametrize(
    ("findings", "outcome"),
    [
        ((ALL,), ALL),
        ((ALL, ALL), ALL),
        ((NONE, NONE), NONE),
        ((UNKNOWN,), UNKNOWN),
        ((NONE, UNKNOWN), UNKNOWN),
        ((ALL, NONE), PART),
        ((ALL, UNKNOWN), PART),
        ((PART, NONE, UNKNOWN), PART),
    ],
)
def test_the_outcome_that_follows(findings, outcome):
    assert follows(findings) == outcome
    assert wrong(VERSION, outcome, found(*findings)) == ""


@given(some, st.randoms())
def test_it_never_depends_on_the_order_nor_on_how_often_something_was_found(findings, random):
    shuffled = [*findings, *findings]
    random.shuffle(shuffled)
    assert follows(shuffled) == follows(findings)


@given(some)
def test_it_says_no_more_than_was_found_in_either_direction(findings):
    outcome = follows(findings)
    assert (outcome == ALL) == (set(findings) == {ALL})
    assert (outcome == NONE) == (set(findings) == {NONE})
    assert (outcome in {ALL, PART}) == bool({ALL, PART} & set(findings))


@given(some, st.sampled_from(FINDINGS))
def test_any_other_outcome_is_refused_with_the_rule(findings, outcome):
    told = wrong(VERSION, outcome, found(*findings))
    assert bool(told) == (outcome != follows(findings))
    if told:
        assert RULE in told
        assert f"of {len(findings)} allegation" in told


@given(some, st.integers(0, 39))
def test_an_allegation_without_a_finding_stops_every_final_outcome(findings, place):
    allegations = list(found(*findings))
    place %= len(allegations)
    allegations[place] = replace(allegations[place], outcome="")
    assert how(VERSION, allegations) == ""
    for outcome in VERSION.outcomes:
        assert bool(wrong(VERSION, outcome.id, allegations)) == outcome.final
    allegations[place] = replace(allegations[place], set_aside=date(2026, 6, 1))
    assert undecided(allegations) == ()


def test_what_was_set_aside_decides_nothing_and_alone_leaves_it_open():
    gone = replace(found(ALL)[0], set_aside=date(2026, 6, 1))
    assert wrong(VERSION, NONE, (gone, *found(NONE))) == ""
    assert all(wrong(VERSION, one.id, (gone,)) == "" for one in VERSION.outcomes)
    assert how(VERSION, (gone,)) == ""


def test_nothing_follows_from_nothing():
    for findings in ((), ("redirected",), (ALL, "")):
        with pytest.raises(ValueError, match="No allegation was decided"):
            follows(findings)


def test_every_three_findings_are_told_in_one_sentence():
    for findings in product(FINDINGS, repeat=3):
        told = how(VERSION, found(*findings))
        assert told.startswith(f"{VERSION.outcome(follows(findings)).label}: of 3 allegations, ")


def test_a_procedure_without_the_four_is_answered_as_a_whole():
    assert [one.id for one in may_be_found(VERSION)] == list(FINDINGS)
    corporate = CATALOGUE["corporate"].versions[-1]
    assert may_be_found(corporate) == ()
    assert wrong(corporate, "upheld", found(NONE)) == ""

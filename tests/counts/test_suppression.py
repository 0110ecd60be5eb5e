"""Small numbers stay hidden from somebody who reads everything that was ever published, and owns a solver."""

import pytest

from intake.counts.facts import ENDED, IN_TIME, LATE, NO, NONE, WAITING, YES, Facts, Span
from intake.counts.published import REFERRALS, Figure
from intake.counts.suppression import release, release_year

from .attacker import Attacker, worked_out
from .made_up import (
    MEASURE,
    Q1,
    Q2,
    Q3,
    Q4,
    YEAR,
    cases,
    facts_of,
    figures_of,
    parts_of,
    primary_only,
    publish,
)

# The published table and the plain cases


def test_receipts_are_told_exactly_however_few():
    facts = Facts({"statutory-stage-3": 1, REFERRALS: 3}, parts_of(REFERRALS, outcome={"upheld": 3}))
    told = release(Q1, figures_of(facts) | {"compliments": Figure(None)}, facts)
    assert told.receipts["statutory-stage-3"] == Figure(1)
    assert told.receipts["compliments"] == Figure(None)
    assert REFERRALS not in told.receipts, "of no quarter"
    assert told.withheld == frozenset()
    assert told.parts == {}
    assert release(Q1.whole_year, figures_of(facts), facts).receipts[REFERRALS] == Figure(3)


def test_of_referrals_nothing_is_told_but_how_many_there_were_in_a_year():
    """Whoever handled some of them would take theirs away, and know how the others ended."""
    everything = {kind: {"x": 30, "y": 40} for kind in ("outcome", "service", "theme", "channel", "extended")}
    facts = facts_of(REFERRALS, **everything)
    told = release(Q1.whole_year, figures_of(facts), facts)
    assert (told.parts, told.withheld) == ({}, frozenset())
    assert told.receipts[REFERRALS] == Figure(70)


def test_how_many_went_on_is_not_told_since_the_next_stage_gives_it_away():
    facts = facts_of(**{"next-stage": {"opened": 30, NONE: 70}, "service": {"transport": 100}})
    told = release(Q1, figures_of(facts), facts)
    assert told.parts == {("service", MEASURE, "transport"): 100}


def test_why_complaints_were_refused_is_for_officers_alone_and_changes_nothing_that_the_public_is_told():
    """Reasons are parts of an outcome that is told, or kept back: small numbers, and one more sum to take them from."""
    plain = {"outcome": {"upheld": 40, "refused": 2, NONE: 58}, "service": {"transport": 100}}
    without = facts_of(**plain)
    told = facts_of(**plain, refusal={"court": 1, "no-interest": 1, NONE: 98})
    assert release(Q1, figures_of(told), told) == release(Q1, figures_of(without), without)


def test_three_of_three_are_withheld_whole():
    facts = facts_of(service={"transport": 3})
    (issued,) = publish((Q1, facts))
    assert issued.told.parts == {}
    assert issued.told.withheld == {("service", MEASURE)}
    assert worked_out([issued], MEASURE) == []


def test_two_small_numbers_that_make_up_two_get_company():
    facts = facts_of(service={"transport": 1, "fostering": 1, "assessment": 30, "early-help": 9})
    (issued,) = publish((Q1, facts))
    told = issued.told.values("service", MEASURE)
    assert told == {"transport": None, "fostering": None, "early-help": None, "assessment": 30}
    assert worked_out([issued], MEASURE) == []
    attacker = Attacker([(Q1, issued.told)], MEASURE)
    assert attacker.most(0, "service", "transport") >= 5


def test_five_single_cases_are_not_betrayed_by_their_sum():
    """Five marks that stand for five receipts would be five times 1, for whoever knows that none is 0."""
    facts = facts_of(theme={"a": 1, "b": 1, "c": 1, "d": 1, "e": 1, "big": 20, "bigger": 30})
    (issued,) = publish((Q1, facts))
    told = issued.told.values("theme", MEASURE)
    assert told == {**dict.fromkeys(("a", "b", "c", "d", "e", "big")), "bigger": 30}
    (issued,) = publish((Q1, facts_of(theme={"a": 4, "b": 4, "big": 20, "bigger": 30})))
    assert issued.told.values("theme", MEASURE) == {"a": None, "b": None, "big": None, "bigger": 30}


def test_nothing_is_hidden_where_nothing_is_small():
    facts = facts_of(
        outcome={"upheld": 20, "not-upheld": 30, NONE: 5},
        timeliness={IN_TIME: 45, LATE: 5, WAITING: 5},
        service={"transport": 55},
        extended={YES: 5, NO: 50},
        answers=Span(50, 410, 31),
    )
    (issued,) = publish((Q1, facts))
    assert issued.told.parts == facts.parts
    assert issued.told.withheld == frozenset()
    assert issued.told.per_cent_in_time(MEASURE) == 90
    assert (issued.told.answers[MEASURE].average, issued.told.answers[MEASURE].longest) == (8.2, 31)


def test_a_limit_of_one_turns_it_off():
    facts = cases(20, 3, 1)
    told = release(Q1, figures_of(facts), facts, below=1)
    assert told.parts == facts.parts
    assert told.withheld == frozenset()


def test_a_breakdown_that_does_not_add_up_is_not_told():
    facts = Facts({MEASURE: 30}, parts_of(service={"transport": 29}, theme={"delay": 30}))
    told = release(Q1, figures_of(facts), facts)
    assert set(told.parts) == {("theme", MEASURE, "delay")}


# What can be worked out from elsewhere


def test_the_outcomes_do_not_give_away_the_late_ones():
    facts = facts_of(
        outcome={"upheld": 12, "not-upheld": 10, NONE: 6},
        timeliness={IN_TIME: 20, LATE: 2, WAITING: 6},
        answers=Span(22, 200, 40),
    )
    (issued,) = publish((Q1, facts))
    assert issued.told.values("timeliness", MEASURE) == {}
    assert issued.told.values("outcome", MEASURE) == {"upheld": 12, "not-upheld": 10, NONE: 6}
    assert worked_out([issued], MEASURE) == []
    assert issued.told.per_cent_in_time(MEASURE) is None
    assert issued.told.answers == {}


def test_a_withdrawn_few_are_hidden_in_both_tables():
    facts = facts_of(
        outcome={"upheld": 12, "not-upheld": 10, "withdrawn": 2},
        timeliness={IN_TIME: 15, LATE: 7, ENDED: 2},
    )
    (issued,) = publish((Q1, facts))
    assert worked_out([issued], MEASURE) == []
    assert [k for k, number in issued.told.parts.items() if number is not None]


def test_the_year_does_not_give_away_a_quarter():
    usual = facts_of(service={"transport": 20, "fostering": 30, "early-help": 40})
    odd = facts_of(service={"transport": 2, "fostering": 30, "early-help": 40})
    issued = publish((Q1, usual), (Q2, usual), (Q3, usual), (Q4, odd), year=True)
    assert issued[-1].period == YEAR
    told = issued[-1].told.values("service", MEASURE)
    assert told == {"transport": None, "fostering": None, "early-help": 160}
    assert worked_out(issued, MEASURE) == []


def test_few_in_the_quarters_may_be_enough_in_the_year():
    """Where each quarter hides the same two, the year can tell both."""
    quarter = facts_of(service={"transport": 3, "fostering": 30, "early-help": 40})
    issued = publish(*((quarter_of, quarter) for quarter_of in (Q1, Q2, Q3, Q4)), year=True)
    assert issued[0].told.values("service", MEASURE)["transport"] is None
    assert issued[-1].told.values("service", MEASURE) == {
        "transport": 12,
        "fostering": 120,
        "early-help": 160,
    }
    assert worked_out(issued, MEASURE) == []


def test_a_year_waits_for_all_its_quarters():
    facts = facts_of(service={"transport": 20})
    with pytest.raises(ValueError, match="2024-25"):
        release_year(YEAR, figures_of(facts), publish((Q1, facts), (Q2, facts), (Q4, facts)))


def test_a_revision_that_moves_one_case_tells_nothing_new():
    first = facts_of(service={"transport": 3, "fostering": 30, "early-help": 9})
    second = facts_of(service={"transport": 5, "fostering": 28, "early-help": 9})
    issued = publish((Q1, first), (Q1, second))
    hidden = [
        {value for value, number in one.told.values("service", MEASURE).items() if number is None}
        for one in issued
    ]
    assert hidden == [{"transport", "early-help"}] * 2  # what was hidden once stays hidden
    changes = {1: {("service", MEASURE, "transport"): 2, ("service", MEASURE, "fostering"): -2}}
    assert worked_out(issued, MEASURE) == []
    assert worked_out(issued, MEASURE, changes=changes) == []


def test_a_number_that_was_told_and_became_small_is_hidden_from_then_on():
    first = facts_of(service={"transport": 5, "fostering": 30, "early-help": 9})
    second = facts_of(service={"transport": 4, "fostering": 31, "early-help": 9})
    issued = publish((Q1, first), (Q1, second))
    assert issued[0].told.values("service", MEASURE)["transport"] == 5
    assert issued[1].told.values("service", MEASURE)["transport"] is None
    assert worked_out(issued, MEASURE) == []


def test_averages_of_few_answers_cannot_be_subtracted_out():
    many = facts_of(timeliness={IN_TIME: 20, LATE: 5}, answers=Span(25, 200, 30))
    more = facts_of(timeliness={IN_TIME: 22, LATE: 5}, answers=Span(27, 300, 60))
    first, second = publish((Q1, many), (Q1, more))
    assert MEASURE in first.told.answers
    assert MEASURE not in second.told.answers
    few = facts_of(timeliness={IN_TIME: 2}, answers=Span(2, 100, 60))
    *_, year = publish((Q1, many), (Q2, many), (Q3, many), (Q4, few), year=True)
    assert MEASURE not in year.told.answers


# The attacker can tell


def test_the_attacker_works_out_what_a_rule_without_partners_hides():
    facts = facts_of(service={"transport": 3, "fostering": 30, "early-help": 40})
    assert worked_out(publish((Q1, facts), rule=primary_only), MEASURE) == [
        ("2024-25 Q1", 0, "service", MEASURE, "transport", 3)
    ]


def test_the_attacker_works_out_a_quarter_from_the_year():
    usual = facts_of(service={"transport": 20, "fostering": 30, "early-help": 40})
    odd = facts_of(service={"transport": 2, "fostering": 3, "early-help": 40})
    quarters = ((Q1, usual), (Q2, usual), (Q3, usual), (Q4, odd))
    assert worked_out(publish(*quarters[3:], rule=primary_only), MEASURE) == []
    assert len(worked_out(publish(*quarters, year=True, rule=primary_only), MEASURE)) == 2


def test_the_attacker_works_out_late_answers_from_the_outcomes():
    facts = facts_of(
        outcome={"upheld": 12, "not-upheld": 10, NONE: 3, "withdrawn": 2},
        timeliness={IN_TIME: 20, LATE: 2, WAITING: 3, ENDED: 2},
    )
    found = worked_out(publish((Q1, facts), rule=primary_only), MEASURE)
    assert ("2024-25 Q1", 0, "timeliness", MEASURE, LATE, 2) in found

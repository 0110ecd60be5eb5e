"""Small numbers stay hidden from somebody who reads everything that was ever published, and owns a solver."""

import itertools
import json
import random
from collections import Counter, defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.counts.facts import ENDED, IN_TIME, LATE, NO, NONE, WAITING, YES, Facts, Span
from intake.counts.open_figures import Issued, Open
from intake.counts.published import MEASURES, REFERRALS, Figure
from intake.counts.quarters import Period
from intake.counts.suppression import release, release_year

from .attacker import ANSWERED, CATALOGUE, Attacker, worked_out

YEAR = Period(2024)
Q1, Q2, Q3, Q4 = (Period(2024, number) for number in (1, 2, 3, 4))
MEASURE = "statutory-stage-1"


def parts_of(measure=MEASURE, **breakdowns):
    return {
        (kind, measure, value): number
        for kind, values in breakdowns.items()
        for value, number in values.items()
    }


def facts_of(measure=MEASURE, answers=None, **breakdowns):
    """Facts of one measure; every breakdown adds up to the same number."""
    (total,) = {sum(values.values()) for values in breakdowns.values()}
    return Facts({measure: total}, parts_of(measure, **breakdowns), {measure: answers} if answers else {})


def figures_of(facts):
    return {measure: Figure(facts.receipts.get(measure, 0)) for measure in MEASURES}


def publish(*quarters, below=5, year=False, rule=release):
    """Publish quarter after quarter; with `year`, the year each time that all four are out."""
    issued = []
    for period, facts in quarters:
        told = rule(period, figures_of(facts), facts, issued, below=below)
        issued.append(Issued(period, facts, told))
        latest = {one.period: one.facts for one in issued if one.period.quarter}
        if year and len(latest) == 4:
            total = sum(latest.values(), Facts())
            if rule is release:
                issued.append(release_year(YEAR, figures_of(total), issued, below=below))
            else:
                issued.append(Issued(YEAR, total, rule(YEAR, figures_of(total), total, issued, below=below)))
    return issued


def primary_only(period, figures, facts, earlier=(), *, below=5):
    """A rule that does not work: the small numbers are hidden, and nothing else."""
    parts = {key: number if number >= below else None for key, number in facts.parts.items() if number}
    return Open(dict(figures), parts, below=below)


def cases(size, seed, skew):
    """The facts of so many made-up cases, consistent in themselves."""
    chance = random.Random(seed)
    counted, spans = Counter(), []
    for _ in range(size):
        kept = {kind: pick(chance, values, skew) for kind, values in CATALOGUE.items()}
        outcomes = ANSWERED["outcome"]
        kept["timeliness"] = (
            (LATE if chance.random() < 0.15 else IN_TIME)
            if kept["outcome"] in outcomes
            else WAITING
            if kept["outcome"] == NONE
            else ENDED
        )
        counted.update((kind, MEASURE, value) for kind, value in kept.items())
        if kept["outcome"] in outcomes:
            spans.append(chance.randint(1, 40))
    answers = {MEASURE: Span(len(spans), sum(spans), max(spans))} if spans else {}
    return Facts({MEASURE: size}, dict(counted), answers)


def pick(chance, values, skew):
    """One of the values; the greater the skew, the oftener one of the first few."""
    return values[min(int(len(values) * chance.random() ** skew), len(values) - 1)]


def revised(facts, seed):
    """The same cases, one of which turns out to be of another service and theme, or another case is added."""
    chance = random.Random(seed)
    parts = Counter(facts.parts)
    added = chance.random() < 0.4
    for kind in ("service", "theme", "extended"):
        old = [key for key, number in sorted(parts.items()) if key[0] == kind and number]
        if old and not added:
            parts[chance.choice(old)] -= 1
        if old or added:
            parts[kind, MEASURE, chance.choice(CATALOGUE[kind])] += 1
    if added:
        for kind, value in (("outcome", "upheld"), ("timeliness", LATE), ("channel", "phone")):
            parts[kind, MEASURE, value] += 1
    return Facts(
        {MEASURE: facts.receipts[MEASURE] + added}, {key: n for key, n in parts.items() if n}, facts.answers
    )


SIZES = st.sampled_from([0, 1, 2, 4, 5, 6, 7, 9, 12, 20, 35, 80])
QUARTER = st.builds(cases, SIZES, st.integers(0, 10**6), st.sampled_from([0.4, 1, 2, 4]))


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


# Whoever knows the rule, too


def tables(total, parts):
    for cuts in itertools.combinations(range(total + parts - 1), parts - 1):
        bounds = (-1, *cuts, total + parts - 1)
        yield tuple(bounds[i + 1] - bounds[i] - 1 for i in range(parts))


@pytest.mark.long
@pytest.mark.parametrize(("parts", "totals"), [(2, range(1, 26)), (3, range(1, 18)), (4, (5, 8, 9, 11))])
def test_running_the_rule_backwards_pins_no_small_number(parts, totals):
    """Every table there can be is published: those that come out alike must differ in each small number.

    The draw among equals rests on figures that are not told, here the days to the first allocation.
    """
    values = [value for value in CATALOGUE["service"] if value][:parts]
    for total in totals:
        alike = defaultdict(set)
        for table in tables(total, parts):
            parted = parts_of(service=dict(zip(values, table, strict=True)))
            draws = range(16) if len({n for n in table if n >= 5}) < sum(n >= 5 for n in table) else range(1)
            for days in draws:
                facts = Facts({MEASURE: total}, parted, {}, {MEASURE: Span(1, days, days)})
                told = release(Q1, {MEASURE: Figure(total)}, facts)
                alike[json.dumps(told.plain())].add(table)
        for group in alike.values():
            for numbers in zip(*group, strict=True):
                assert len(set(numbers)) > 1 or not 0 < numbers[0] < 5, sorted(group)


# Any quarters whatever


@pytest.mark.long
@settings(max_examples=40)
@given(QUARTER)
def test_no_small_number_of_a_quarter_can_be_worked_out(facts):
    issued = publish((Q1, facts))
    assert worked_out(issued, MEASURE) == []
    if facts.receipts[MEASURE] >= 5:  # nor can anybody tell that it is small
        attacker = Attacker([(Q1, issued[0].told)], MEASURE)
        small = [key for key, number in facts.parts.items() if 0 < number < 5]
        assert all(attacker.most(0, kind, value) >= 5 for kind, _, value in small)


@pytest.mark.long
@settings(max_examples=15)
@given(st.tuples(QUARTER, QUARTER, QUARTER, QUARTER))
def test_no_small_number_can_be_worked_out_once_the_year_is_out(quarters):
    issued = publish(*zip((Q1, Q2, Q3, Q4), quarters, strict=True), year=True)
    assert worked_out(issued, MEASURE) == []


@pytest.mark.long
@settings(max_examples=10)
@given(st.tuples(QUARTER, QUARTER, QUARTER, QUARTER), st.integers(0, 10**6))
def test_no_small_number_can_be_worked_out_from_revisions(quarters, seed):
    again = revised(quarters[1], seed)
    issued = publish(
        *zip((Q1, Q2, Q3), quarters[:3], strict=True),
        (Q2, again),
        (Q4, quarters[3]),
        (Q3, revised(quarters[2], seed)),
        year=True,
    )
    assert worked_out(issued, MEASURE) == []


@pytest.mark.long
@settings(max_examples=25)
@given(QUARTER, st.integers(0, 10**6))
def test_who_knows_what_a_revision_changed_learns_no_more_than_from_the_receipts(facts, seed):
    again = revised(facts, seed)
    issued = publish((Q1, facts), (Q1, again))
    changes = {
        1: {key: again.parts.get(key, 0) - facts.parts.get(key, 0) for key in {**again.parts, **facts.parts}}
    }
    silent = Open(issued[1].told.receipts, {}, issued[1].told.withheld)
    unavoidable = worked_out([issued[0], Issued(Q1, again, silent)], MEASURE, changes=changes)
    assert worked_out(issued, MEASURE, changes=changes) == unavoidable


@given(QUARTER)
def test_what_is_told_is_true_and_the_same_each_time(facts):
    told, again = (release(Q1, figures_of(facts), facts) for _ in range(2))
    assert Open.from_plain(json.loads(json.dumps(told.plain()))) == told == again
    for key, number in told.parts.items():
        assert number is None or number == facts.parts[key] >= 5
    for kind, measure, _ in told.parts:
        assert (kind, measure) not in told.withheld


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

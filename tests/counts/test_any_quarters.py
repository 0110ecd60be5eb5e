"""Whatever the cases of a quarter are: no small number of them is worked out, by knowing the rule or with a solver."""

import itertools
import json
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.counts.facts import Facts, Span
from intake.counts.open_figures import Issued, Open
from intake.counts.published import Figure
from intake.counts.suppression import release

from .attacker import CATALOGUE, Attacker, worked_out
from .made_up import MEASURE, Q1, Q2, Q3, Q4, QUARTER, figures_of, parts_of, publish, revised

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

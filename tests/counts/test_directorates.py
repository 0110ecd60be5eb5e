"""Services below directorates: what somebody can work out who knows how many each directorate received."""

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.counts.facts import Facts
from intake.counts.open_figures import Issued, Open
from intake.counts.places import WITHHELD, directorate_of
from intake.counts.published import Figure
from intake.counts.suppression import regrouped, release

from .attacker import worked_out
from .made_up import MEASURE, Q1, Q2, Q3, Q4, figures_of, publish

SERVICES = {
    "c": ["c/assessment", "c/transport", "c/fostering", "c/"],
    "r": ["r/customers", "r/finance"],
    "": ["/highways", ""],
}
EVERY = [value for values in SERVICES.values() for value in values]


def received(size, seed, skew):
    """So many receipts, each of one service."""
    chance = random.Random(seed)
    order = chance.sample(EVERY, len(EVERY))
    counted = Counter(
        order[min(int(len(order) * chance.random() ** skew), len(order) - 1)] for _ in range(size)
    )
    return Facts({MEASURE: size}, {("service", MEASURE, value): number for value, number in counted.items()})


SIZES = st.sampled_from([0, 1, 3, 5, 8, 13, 21, 40, 90])
QUARTER = st.builds(received, SIZES, st.integers(0, 10**6), st.sampled_from([0.5, 1, 2, 3]))


def below(issued: Issued, above: str) -> Issued:
    """What is known of one directorate: its number exactly, which its own figures tell, and its services as told."""
    parts = {key: number for key, number in issued.facts.parts.items() if directorate_of(key[2]) == above}
    told = {
        key: number
        for key, number in issued.told.parts.items()
        if directorate_of(key[2]) == above and not key[2].endswith(f"/{WITHHELD}")
    }
    total = sum(parts.values())
    return Issued(issued.period, Facts({MEASURE: total}, parts), Open({MEASURE: Figure(total)}, told))


def told_away(issued: list[Issued]) -> list:
    return [
        found
        for above, values in SERVICES.items()
        for found in worked_out([below(one, above) for one in issued], MEASURE, catalogue={"service": values})
        if found
    ]


@pytest.mark.long
@settings(max_examples=40)
@given(QUARTER)
def test_no_small_service_can_be_worked_out_from_the_number_of_its_directorate(facts):
    assert told_away(publish((Q1, facts))) == []


@pytest.mark.long
@settings(max_examples=15)
@given(st.tuples(QUARTER, QUARTER, QUARTER, QUARTER), QUARTER)
def test_nor_from_the_year_nor_from_a_revision(quarters, again):
    issued = publish(*zip((Q1, Q2, Q3), quarters[:3], strict=True), (Q2, again), (Q4, quarters[3]), year=True)
    assert told_away(issued) == []


@given(QUARTER)
def test_what_is_told_by_service_adds_up_to_the_whole_or_nothing_is(facts):
    told = release(Q1, figures_of(facts), facts).values("service", MEASURE)
    known = sum(number for number in told.values() if number is not None)
    hidden = sum(facts.parts["service", MEASURE, value] for value, number in told.items() if number is None)
    assert not told or known + hidden == facts.receipts[MEASURE]


def test_the_old_rule_for_the_whole_would_have_told_a_small_service():
    """Four services, two of them small and hidden, each in a directorate of its own with one that is told."""
    parts = {"c/transport": 3, "c/assessment": 20, "r/finance": 4, "r/customers": 30}
    facts = Facts({MEASURE: 57}, {("service", MEASURE, value): number for value, number in parts.items()})
    before = {key: number if number >= 5 else None for key, number in facts.parts.items()}
    of_the_whole = Issued(Q1, facts, Open(figures_of(facts), before))
    assert len(told_away([of_the_whole])) == 2
    assert told_away(publish((Q1, facts))) == []


@pytest.mark.parametrize(
    ("then", "now", "moved"),
    [
        ({"c/transport": 8}, {"c/transport": 9}, False),
        ({"c/transport": 8}, {"r/transport": 8}, True),
        ({"/transport": 8}, {"c/transport": 8}, True),
        ({"c/transport": 8}, {"c/fostering": 8}, False),
        # Given to a directorate alone, as a concern may be: nothing moved.
        ({"c/": 8}, {"c/": 9, "r/": 7}, False),
    ],
)
def test_a_service_that_was_published_elsewhere_is_seen(then, now, moved):
    first, second = (
        Facts(
            {MEASURE: sum(parts.values())},
            {("service", MEASURE, value): number for value, number in parts.items()},
        )
        for parts in (then, now)
    )
    (issued,) = publish((Q1, first))
    assert regrouped(Q1, second, [issued]) is moved
    assert not regrouped(Q2, second, [issued])
    told = release(Q1, figures_of(second), second, [issued])
    assert bool(told.values("service", MEASURE)) is not moved

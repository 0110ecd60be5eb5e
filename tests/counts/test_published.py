"""Quarters and the published table, without a database."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.counts.facts import Facts, Span
from intake.counts.figures import majority
from intake.counts.published import (
    MEASURES,
    NOT_RECORDED,
    Figure,
    Published,
    Quarter,
    Recorded,
    figures,
    quarters_up_to,
    tabulate,
)
from intake.counts.quarters import BadPeriod, Period

DAYS = st.dates(date(1995, 1, 1), date(2090, 12, 31))


@given(DAYS)
def test_every_day_falls_in_exactly_one_quarter(day):
    period = Period.of(day)
    assert period.first_day <= day <= period.last_day
    others = [
        Period(year, q) for year in (period.year - 1, period.year, period.year + 1) for q in (1, 2, 3, 4)
    ]
    assert [other for other in others if other.first_day <= day <= other.last_day] == [period]


@pytest.mark.parametrize(
    ("day", "label"),
    [
        (date(2025, 3, 31), "2024-25 Q4"),
        (date(2025, 4, 1), "2025-26 Q1"),
        (date(2024, 2, 29), "2023-24 Q4"),
        (date(2025, 6, 30), "2025-26 Q1"),
        (date(2025, 7, 1), "2025-26 Q2"),
        (date(2025, 12, 31), "2025-26 Q3"),
    ],
)
def test_the_turn_of_the_year_and_of_the_quarters(day, label):
    assert Period.of(day).label == label


@pytest.mark.parametrize(
    ("year", "quarter"),
    [
        ("2024", None),
        ("2024-26", None),
        ("2024-25", 5),
        ("2024-25", "one"),
        ("24-25", None),
        ("0001-02", None),
    ],
)
def test_a_period_that_cannot_be_is_told_how_to_write_it(year, quarter):
    with pytest.raises(BadPeriod):
        Period.parse(year, quarter)


def year(number: int, receipts=None, recorded=(), today=date(2030, 1, 1)) -> list[Quarter]:
    """The four quarters of a year, each with the same receipts."""
    return [
        Quarter(
            quarter, figures(quarter, receipts or {}, recorded, today=today), ended=quarter.last_day < today
        )
        for quarter in quarters_up_to(Period(number))
    ]


def test_not_recorded_is_not_nought():
    recorded = [Recorded("compliments", date(2024, 4, 1)), Recorded("mp-enquiries", date(2024, 9, 1))]
    told = figures(
        Period(2024, 2), {"compliments": 3, "corporate-stage-1": 9}, recorded, today=date(2026, 1, 1)
    )
    assert list(told) == list(MEASURES)
    assert told["compliments"] == Figure(3)
    assert told["mp-enquiries"] == Figure(0, partly=True)
    assert told["corporate-stage-1"] == NOT_RECORDED
    assert figures(Period(2024, 1), {}, recorded, today=date(2026, 1, 1))["mp-enquiries"] == NOT_RECORDED


def test_a_measure_that_is_switched_off_is_recorded_up_to_that_day():
    recorded = [Recorded("compliments", date(2024, 4, 1), date(2024, 8, 31))]
    told = [figures(Period(2024, q), {}, recorded, today=date(2026, 1, 1))["compliments"] for q in (1, 2, 3)]
    assert told == [Figure(0), Figure(0, partly=True), NOT_RECORDED]


def test_two_spans_that_touch_are_one_and_a_gap_of_a_day_is_told():
    first, second = (date(2024, 4, 1), date(2024, 5, 9)), (date(2024, 5, 10), None)
    whole = [Recorded("compliments", *span) for span in (second, first)]
    assert figures(Period(2024, 1), {}, whole, today=date(2025, 1, 1))["compliments"] == Figure(0)
    gap = [Recorded("compliments", *first), Recorded("compliments", date(2024, 5, 11))]
    assert figures(Period(2024, 1), {}, gap, today=date(2025, 1, 1))["compliments"] == Figure(0, partly=True)


def test_a_quarter_that_has_not_begun_has_no_figure():
    recorded = [Recorded("compliments", date(2024, 4, 1))]
    assert figures(Period(2025, 2), {}, recorded, today=date(2025, 6, 30))["compliments"] == NOT_RECORDED


def test_the_year_is_the_sum_of_its_quarters_beside_last_years():
    recorded = [Recorded(measure, date(2024, 4, 1)) for measure in MEASURES]
    table = tabulate(
        Period(2024),
        year(2024, {"corporate-stage-1": 180}, recorded),
        year(2023, {"corporate-stage-1": 92}, []),
    )
    row = table.row("corporate-stage-1")
    assert [cell.figure.number for cell in row.cells] == [180] * 4
    assert (row.total.figure, row.total.prior, row.change) == (Figure(720), NOT_RECORDED, None)
    before = year(2023, {"corporate-stage-1": 92}, [Recorded("corporate-stage-1", date(2023, 4, 1))])
    row = tabulate(Period(2024), year(2024, {"corporate-stage-1": 180}, recorded), before).row(
        "corporate-stage-1"
    )
    assert (row.total.prior, row.change) == (Figure(368), 352)
    assert not table.provisional


def test_a_year_of_which_a_quarter_was_not_recorded_is_partly_recorded_and_has_no_change():
    recorded = [Recorded("compliments", date(2024, 7, 1))]
    table = tabulate(
        Period(2024), year(2024, {"compliments": 5}, recorded), year(2023, {"compliments": 5}, recorded)
    )
    total = table.row("compliments").total
    assert total.figure == Figure(15, partly=True)
    assert table.row("compliments").change is None


def test_a_period_that_has_not_ended_is_provisional():
    for today, provisional in ((date(2025, 6, 30), True), (date(2025, 7, 1), False)):
        quarter = Quarter(Period(2025, 1), {}, ended=Period(2025, 1).last_day < today)
        assert tabulate(Period(2025, 1), [quarter], [Quarter(Period(2024, 1), {})]).provisional is provisional


def test_a_revision_tells_what_was_published_first_and_what_the_cases_say_now():
    quarter = Quarter(
        Period(2025, 1),
        {"compliments": Figure(12), "mp-enquiries": Figure(4)},
        edition=Published(2, date(2025, 9, 1), "One came to a councillor first."),
        first={"compliments": Figure(11), "mp-enquiries": Figure(4)},
        now={"compliments": Figure(13), "mp-enquiries": Figure(4)},
    )
    table = tabulate(Period(2025, 1), [quarter], [Quarter(Period(2024, 1), {})])
    cell = table.row("compliments").cells[0]
    assert (cell.figure, cell.revised_from, cell.now) == (Figure(12), Figure(11), Figure(13))
    same = table.row("mp-enquiries").cells[0]
    assert (same.revised_from, same.now) == (None, None)


def test_a_majority_is_more_than_half_of_all_and_never_of_those_without_a_theme():
    assert majority({"delay": 51, "conduct": 49}) == "delay"
    assert majority({"delay": 50, "conduct": 50}) is None
    assert majority({"delay": 51, "": 50}) == "delay"
    assert majority({"delay": 50, "": 51}) is None
    assert majority({}) is None


SPANS = st.builds(Span, st.integers(0, 50), st.integers(0, 500), st.integers(0, 90))
WORDS = st.sampled_from(("corporate-stage-1", "mp-enquiries", "compliments"))
NUMBERS = st.integers(0, 99)
FACTS = st.builds(
    Facts,
    st.dictionaries(WORDS, NUMBERS),
    st.dictionaries(st.tuples(st.sampled_from(("theme", "outcome")), WORDS, st.sampled_from("ab")), NUMBERS),
    st.dictionaries(WORDS, SPANS),
    st.dictionaries(WORDS, SPANS),
    st.dictionaries(WORDS, NUMBERS),
    st.dictionaries(WORDS, NUMBERS),
    st.dictionaries(st.tuples(WORDS, WORDS), NUMBERS),
)


@given(FACTS, FACTS)
def test_facts_add_up_in_any_order_and_come_back_from_json(one, other):
    assert one + other == other + one
    assert one + Facts() == one
    assert Facts.from_plain(json.loads(json.dumps((one + other).plain()))) == one + other


@given(FACTS)
def test_folding_a_theme_into_another_loses_no_receipt(facts):
    folded = facts.folded("theme", {"a": "b"})
    assert sum(folded.parts.values()) == sum(facts.parts.values())
    assert not [key for key in folded.parts if key[0] == "theme" and key[2] == "a"]


@pytest.mark.parametrize(
    ("number", "days", "average"),
    [(0, 0, None), (3, 10, 3.3), (4, 1, 0.3), (2, 5, 2.5), (20, 1, 0.1), (40, 1, 0.0)],
)
def test_an_average_is_rounded_to_one_place_a_half_away_from_nought(number, days, average):
    assert Span(number, days, days).average == average

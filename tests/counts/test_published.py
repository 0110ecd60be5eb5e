"""Quarters and the published table, without a database."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.counts.published import MEASURES, Recorded, tabulate
from intake.counts.quarters import BadPeriod, Period
from intake.documents import count_tables

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


def test_not_recorded_is_not_nought():
    year = Period.parse("2024-25")
    recorded = [Recorded("compliments", date(2024, 4, 1)), Recorded("mp-enquiries", date(2024, 9, 1))]
    table = tabulate(year, {"compliments": 3, "corporate-stage-1": 9}, {}, recorded, today=date(2026, 1, 1))
    rows = {row.measure: row for row in table.rows}
    assert list(rows) == list(MEASURES)
    assert (rows["compliments"].count, rows["compliments"].prior) == (3, None)
    assert (rows["mp-enquiries"].count, rows["mp-enquiries"].partly) == (0, True)
    assert rows["corporate-stage-1"].count is None
    assert not table.provisional


def test_a_period_that_has_not_ended_is_provisional():
    assert tabulate(Period(2025, 1), {}, {}, [], today=date(2025, 6, 30)).provisional
    assert not tabulate(Period(2025, 1), {}, {}, [], today=date(2025, 7, 1)).provisional


def test_the_table_in_every_form():
    recorded = [Recorded(measure, date(2023, 4, 1)) for measure in MEASURES if measure != "compliments"]
    counts = {"statutory-stage-1": 62, "corporate-stage-1": 1720}
    table = tabulate(Period(2024), counts, {"statutory-stage-1": 86}, recorded, today=date(2025, 5, 1))
    text = count_tables.as_text(table)
    assert "62  (86)" in text
    assert "1,720  (0)" in text
    assert "not recorded  (not recorded)" in text
    assert '"measure": "compliments",\n      "count": null,\n      "prior": null' in count_tables.as_json(
        table
    )
    assert 'statutory-stage-1,"Statutory complaints, stage 1",62,86' in count_tables.as_csv(table)

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.procedures.working_days import (
    PUBLISHED_THROUGH,
    Calendar,
    CalendarError,
    Pause,
    calendar_of,
    local_date,
    months_after,
)

days = st.dates(date(2000, 1, 1), date(2100, 12, 31))
counts = st.integers(0, 70)
CALENDAR = Calendar()
BANK_HOLIDAYS = Path(__file__).parent / "bank-holidays.csv"  # gov.uk/bank-holidays, England and Wales


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 4, 2), None),
        (date(2026, 4, 3), "Good Friday"),
        (date(2026, 4, 4), "Saturday"),
        (date(2026, 4, 6), "Easter Monday"),
        (date(2026, 12, 25), "Christmas Day"),
        (date(2026, 12, 28), "Boxing Day (observed)"),
        (date(2026, 3, 17), None),  # a bank holiday in Northern Ireland alone
        (date(2026, 11, 30), None),  # in Scotland alone
        (date(2022, 9, 19), "State Funeral of Queen Elizabeth II"),
    ],
)
def test_each_day_counts_or_says_why_it_does_not(day, why):
    assert CALENDAR.why_not(day) == why


def test_a_newly_proclaimed_bank_holiday_carries_the_authoritys_own_name():
    calendar = Calendar({date(2027, 6, 7): "Day of thanks"})
    assert calendar.why_not(date(2027, 6, 7)) == "Day of thanks"
    assert calendar.nth_after(date(2027, 6, 4), 1) == date(2027, 6, 8)


def test_days_around_christmas_are_told_one_by_one():
    told = [(str(each.day), each.number or each.why_not) for each in CALENDAR.count(date(2026, 12, 24), 1)]
    assert told == [
        ("2026-12-24", None),
        ("2026-12-25", "Christmas Day"),
        ("2026-12-26", "Saturday"),
        ("2026-12-27", "Sunday"),
        ("2026-12-28", "Boxing Day (observed)"),
        ("2026-12-29", 1),
    ]


@given(days, counts)
def test_the_nth_day_after_is_a_working_day_with_n_between(day, n):
    end = CALENDAR.nth_after(day, n)
    assert CALENDAR.between(day, end) == n
    assert n == 0 or CALENDAR.is_working(end)


@given(days, counts, st.integers(0, 30))
def test_a_later_day_or_a_longer_limit_never_ends_earlier(day, n, more):
    end = CALENDAR.nth_after(day, n)
    assert CALENDAR.nth_after(day + timedelta(days=more), n) >= end
    assert CALENDAR.nth_after(day, n + more) >= end


@given(days, st.integers(1, 60))
def test_counting_back_undoes_counting_forward(day, n):
    assert CALENDAR.between(CALENDAR.nth_before(day, n) - timedelta(days=1), day - timedelta(days=1)) == n


@given(days, counts, st.integers(0, 40), st.integers(0, 40))
def test_a_pause_never_shortens_a_limit(day, n, starts, lasts):
    pause = Pause(day + timedelta(days=starts), day + timedelta(days=starts + lasts))
    assert CALENDAR.nth_after(day, n, [pause]) >= CALENDAR.nth_after(day, n)


@given(days, st.integers(0, 120))
def test_months_keep_the_day_or_end_with_the_month(day, months):
    end = months_after(day, months)
    assert (end.year - day.year) * 12 + end.month - day.month == months
    assert end.day == day.day or (end.day < day.day and (end + timedelta(days=1)).day == 1)


@pytest.mark.parametrize(
    ("day", "months", "end"),
    [
        (date(2025, 12, 30), 3, date(2026, 3, 30)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 6, 15), 6, date(2026, 12, 15)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
    ],
)
def test_months_end_on_the_corresponding_date_or_the_months_end(day, months, end):
    assert months_after(day, months) == end


def test_londons_calendar_decides_the_day():
    assert local_date(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == date(2026, 7, 1)
    assert local_date(datetime(2026, 12, 31, 23, 59, tzinfo=UTC)) == date(2026, 12, 31)
    assert local_date(datetime(2026, 3, 31, 23, 59, 59)) == date(2026, 3, 31)
    assert local_date(datetime(2026, 10, 25, 0, 30, tzinfo=UTC)) == date(2026, 10, 25)


def test_unconfirmed_bank_holidays_warn_twelve_months_ahead():
    assert CALENDAR.warning(date(2028, 12, 31)) is None
    assert "2028" in CALENDAR.warning(date(2029, 1, 4))
    assert CALENDAR.warning_ahead(date(2027, 12, 31)) is None
    assert "gov.uk/bank-holidays" in CALENDAR.warning_ahead(date(2028, 1, 1))


def test_the_calendar_is_the_published_list_day_by_day_and_its_last_year_is_the_one_confirmed():
    with BANK_HOLIDAYS.open(newline="") as file:
        published = {date.fromisoformat(row["date"]): row["name"] for row in csv.DictReader(file)}
    day, last = date(2012, 1, 1), max(published).year
    while day.year <= last:
        if day.weekday() < 5:
            assert CALENDAR.is_working(day) == (day not in published), day
        day += timedelta(days=1)
    assert last == PUBLISHED_THROUGH == CALENDAR.confirmed_through


def test_an_old_setting_does_not_take_back_what_was_published_and_a_later_year_is_believed():
    assert calendar_of(None, 2027).confirmed_through == PUBLISHED_THROUGH
    assert calendar_of(None, 2031).confirmed_through == 2031


def test_what_cannot_be_counted_is_an_error_in_words():
    with pytest.raises(CalendarError, match="year 1066"):
        CALENDAR.is_working(date(1066, 10, 14))
    with pytest.raises(CalendarError, match="year 9999"):
        local_date(datetime.max.replace(tzinfo=UTC))
    with pytest.raises(ValueError, match="counted forward"):
        CALENDAR.nth_after(date(2026, 1, 1), -1)

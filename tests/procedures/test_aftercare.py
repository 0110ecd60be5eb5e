"""When the holder of a closed concern is asked whether speaking up did them harm, and what counts as the answer."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from intake.procedures.aftercare import checks, coming, waiting

CLOSED, MONTHS = date(2026, 11, 30), (3, 6, 12)


def test_each_asking_has_its_day_clamped_to_the_end_of_a_short_month():
    assert [one.on for one in checks(CLOSED, MONTHS, ())] == [
        date(2027, 2, 28),
        date(2027, 5, 30),
        date(2027, 11, 30),
    ]
    assert checks(None, MONTHS, ()) == ()
    assert checks(CLOSED, (), ()) == ()


def test_what_came_before_the_day_answers_nothing_and_what_came_since_answers_the_latest():
    wrote = [date(2027, 2, 27), date(2027, 5, 30), date(2027, 6, 1)]
    assert [one.answered_on for one in checks(CLOSED, MONTHS, wrote)] == [None, date(2027, 5, 30), None]


def test_one_question_waits_at_a_time_and_silence_is_not_asked_for_twice():
    assert waiting(checks(CLOSED, MONTHS, ()), date(2027, 2, 27)) is None
    assert waiting(checks(CLOSED, MONTHS, ()), date(2027, 2, 28)).months == 3
    assert waiting(checks(CLOSED, MONTHS, ()), date(2027, 5, 30)).months == 6
    assert waiting(checks(CLOSED, MONTHS, [date(2027, 6, 2)]), date(2027, 7, 1)) is None
    assert waiting(checks(CLOSED, MONTHS, [date(2027, 6, 2)]), date(2027, 11, 30)).months == 12
    assert waiting((), CLOSED) is None


def test_the_next_asking_is_told_ahead_until_there_is_none():
    asked = checks(CLOSED, MONTHS, ())
    assert coming(asked, CLOSED) == date(2027, 2, 28)
    assert coming(asked, date(2027, 2, 28)) == date(2027, 5, 30)
    assert coming(asked, date(2027, 11, 30)) is None
    assert coming((), CLOSED) is None


DAYS = st.dates(date(2026, 1, 1), date(2030, 1, 1))


@given(DAYS, st.sets(st.integers(1, 60), max_size=6), st.lists(DAYS, max_size=5), st.integers(0, 2500))
def test_an_answer_today_always_ends_the_asking_of_today(closed, months, wrote, later):
    today = closed + timedelta(days=later)
    if waiting(checks(closed, months, wrote), today):
        assert waiting(checks(closed, months, [*wrote, today]), today) is None

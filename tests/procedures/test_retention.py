"""How long a closed case is kept: each procedure says so with its source, and every day is worked out in words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.procedures.loading import BUILT_IN, CatalogueError, load_catalogue
from intake.procedures.retention import UNITS, Facts, Schedule, closed_by, day_after, kept

SIX = Schedule(6, "years", "local", "Our policy")
DAYS = st.dates(date(1995, 1, 1), date(2100, 12, 31))
SCHEDULES = st.builds(Schedule, st.integers(1, 100), st.sampled_from(UNITS), st.just("local"), st.just("x"))


def test_every_procedure_says_how_long_its_cases_are_kept_and_where_that_comes_from(catalogue):
    for procedure in catalogue:
        assert procedure.retention.source, procedure.id
        assert procedure.retention.months >= 12, procedure.id


def test_what_nobody_has_read_a_source_for_says_whom_to_ask(catalogue):
    unread = [one for one in catalogue if one.retention.force == "unread"]
    assert {"whistleblowing", "children-statutory"} <= {one.id for one in unread}
    assert all("records officer" in one.retention.source for one in unread)


def test_a_childs_complaint_is_kept_until_any_child_alive_on_its_last_day_is_25(catalogue):
    assert day_after(catalogue["children-statutory"].retention, date(2026, 11, 30)) == date(2051, 11, 30)


@pytest.mark.parametrize(
    ("schedule", "closed_on", "day"),
    [
        (SIX, date(2026, 6, 1), date(2032, 6, 1)),
        (SIX, date(2024, 2, 29), date(2030, 2, 28)),
        (Schedule(1, "months", "local", "x"), date(2026, 1, 31), date(2026, 2, 28)),
        (Schedule(18, "months", "local", "x"), date(2026, 8, 31), date(2028, 2, 29)),
    ],
)
def test_the_day_is_the_corresponding_date(schedule, closed_on, day):
    assert kept(schedule, Facts(closed_on)).day == day


def test_the_working_is_told_in_words():
    found = kept(SIX, Facts(date(2024, 2, 29)))
    assert found.lines == (
        "Closed on Thursday 29 February 2024.",
        "6 years later: Thursday 28 February 2030.",
        "That month is shorter, so its last day stands for the date.",
        "By: Our policy.",
    )
    assert found.may_go(date(2030, 2, 28))
    assert not found.may_go(date(2030, 2, 27))


def test_what_is_open_or_has_no_schedule_is_kept():
    assert not kept(SIX, Facts(None)).may_go(date(2140, 1, 1))
    assert "open" in kept(SIX, Facts(None)).lines[0]
    without = kept(None, Facts(date(2020, 1, 1)))
    assert not without.may_go(date(2140, 1, 1))
    assert "records officer" in without.lines[0]


@pytest.mark.parametrize(
    "more",
    [
        {"held_since": date(2027, 1, 4)},
        {"message_waits": True},
        {"stage_asked_on": date(2027, 1, 4)},
        {"proposed": True},
        {"action_waits": True},
        {"held_by_name": True},
        {"linked": ("7KM-4P2X, which is open",)},
    ],
)
def test_whatever_is_still_going_on_keeps_it_whatever_the_day(more):
    found = kept(SIX, Facts(date(2020, 1, 1), **more))
    assert found.day == date(2026, 1, 1)
    assert len(found.keeps) == 1
    assert not found.may_go(date(2100, 1, 1))


@given(SCHEDULES, DAYS)
def test_what_was_closed_by_the_day_may_go_and_what_was_closed_later_may_not(schedule, today):
    last = closed_by(schedule, today)
    assert day_after(schedule, last) <= today < day_after(schedule, last + timedelta(days=1))


@given(SCHEDULES, DAYS, DAYS)
def test_what_was_closed_later_is_never_let_go_earlier(schedule, one, other):
    earlier, later = sorted((one, other))
    assert day_after(schedule, earlier) <= day_after(schedule, later)
    assert day_after(schedule, earlier) > earlier


GOOD = (BUILT_IN / "mp-enquiry.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('count = 2\nunit = "years"', 'count = 0\nunit = "years"', "retention.count: must lie between 1"),
        ('unit = "years"', 'unit = "days"', "retention.unit: is 'days' but must be one of: months, years"),
        ('count = 2\nunit = "years"', 'count = 101\nunit = "years"', "retention.count: nothing is kept"),
        ("[retention]", '[retention]\nwhim = "x"', "retention.whim: is not a key"),
    ],
)
def test_a_schedule_with_a_fault_is_refused_by_its_key(tmp_path, old, new, told):
    (tmp_path / "mp-enquiry.toml").write_text(GOOD.replace(old, new, 1))
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(tmp_path)
    assert str(caught.value).startswith(f"mp-enquiry.toml: {told}")


def test_an_authority_sets_its_own_and_a_file_without_one_keeps_for_good(tmp_path):
    (tmp_path / "mp-enquiry.toml").write_text(GOOD.replace("count = 2\nunit", "count = 7\nunit", 1))
    assert load_catalogue(tmp_path)["mp-enquiry"].retention.words == "7 years"
    before, _, after = GOOD.partition("[retention]")
    (tmp_path / "mp-enquiry.toml").write_text(before + after[after.index("[[versions]]") :])
    assert load_catalogue(tmp_path)["mp-enquiry"].retention is None

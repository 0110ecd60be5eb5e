"""A measure is switched off, and the figures say so from that day on."""

from datetime import UTC, date, datetime

import pytest

from intake.counts.published import NOT_RECORDED, Figure
from intake.counts.quarters import Period
from intake.database import writing
from intake.services.figures import coverage, drawing_up
from intake.services.ground.refusals import Refused
from tests.register.files import as_csv, row
from tests.services.register.test_importing import NOW, import_

DECEMBER = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)
AFTER = date(2026, 9, 30)


def figure(office, quarter: int, measure="compliments") -> Figure:
    told = drawing_up.draw_up(office, Period(2026, quarter), now=DECEMBER)
    return told.table.row(measure).cells[-1].figure


def test_a_measure_that_is_stopped_is_stopped_however_many_spans_hold_it(office):
    coverage.start_recording(office, date(2026, 6, 1), now=DECEMBER)
    with writing(office.session):
        coverage.add(office.session, coverage.read(office, ["2026-27=all"], now=DECEMBER))
    coverage.stop(office, "compliments", AFTER, now=DECEMBER)
    assert (figure(office, 2), figure(office, 3)) == (Figure(0), NOT_RECORDED)
    assert figure(office, 3, "mp-enquiries") == Figure(0)
    with pytest.raises(Refused, match="is not being recorded"):
        coverage.stop(office, "compliments", AFTER, now=DECEMBER)


def test_a_day_to_come_and_a_day_before_the_first_are_refused(office):
    coverage.start_recording(office, date(2026, 6, 1), now=DECEMBER)
    for day, why in ((date(2030, 1, 1), "still to come"), (date(2020, 1, 1), "is recorded from")):
        with pytest.raises(Refused, match=why):
            coverage.stop(office, "compliments", day, now=DECEMBER)


def test_recording_that_begins_earlier_takes_the_later_day_in(office):
    for day in (date(2026, 6, 1), date(2024, 4, 1)):
        coverage.start_recording(office, day, now=DECEMBER)
    assert [(span.first_day, span.last_day) for span in coverage.coverage(office)["compliments"]] == [
        (date(2024, 4, 1), None)
    ]


def test_coverage_is_entered_once_and_an_open_measure_can_be_stopped(office):
    for _ in range(2):
        import_(office, as_csv(row()), "2024-25=compliments")
    spans = coverage.coverage(office)["compliments"]
    assert [(span.first_day, span.last_day) for span in spans] == [
        (date(2024, 4, 1), date(2025, 3, 31)),
        (date(2026, 4, 1), None),
    ]
    coverage.stop(office, "compliments", date(2026, 4, 30), now=NOW)
    assert coverage.coverage(office)["compliments"][1].last_day == date(2026, 4, 30)
    with pytest.raises(Refused, match="nothing to stop"):
        coverage.stop(office, "compliments", date(2026, 4, 30), now=NOW)
    with pytest.raises(Refused, match="from 1 April 2026 on"):
        coverage.stop(office, "mp-enquiries", date(2026, 3, 1), now=NOW)


@pytest.mark.parametrize("written", ["2027-28=all", "2024=all", "2024-25=nothing"])
def test_what_cannot_be_covered_is_refused_in_words(office, written):
    with pytest.raises(Refused, match=r"has not begun|Write a financial year|There is no group"):
        coverage.read(office, [written], now=NOW)

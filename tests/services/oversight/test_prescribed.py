"""Where the council is a prescribed person: what its report of the year tells, and what is missing in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from intake.counts.quarters import Period
from intake.services.ground.refusals import ActedMeanwhile, NotFound, Refused
from intake.services.oversight import prescribed
from intake.services.oversight.prescribed import Entry
from tests.actors import MONDAY, concern, send

YEAR = Period(2026)
ACTED = Entry("yes", "yes", "We inspected.", "We learned of a gap.")


@pytest.fixture
def prescribed_office(office):
    return replace(office, settings=replace(office.settings, prescribed_for="food standards"))


def enter(office, who, ref, entry=ACTED, seen=0):
    prescribed.enter(office, who, ref, entry, seen=seen, now=MONDAY)


def test_what_is_entered_of_each_concern_makes_the_report_of_the_year(prescribed_office, monitoring_officer):
    first, second, third = (send(prescribed_office, concern()).reference for _ in range(3))
    enter(prescribed_office, monitoring_officer, first)
    enter(prescribed_office, monitoring_officer, second, Entry("no"))
    year = prescribed.year_of(prescribed_office, monitoring_officer, YEAR)
    assert [(one.acted, one.action) for one in year.entries] == [("yes", "We inspected.")]
    assert year.missing == (third,)
    assert year.due == date(2027, 9, 30)
    enter(prescribed_office, monitoring_officer, first, Entry("yes", "no"), seen=1)
    year = prescribed.year_of(prescribed_office, monitoring_officer, YEAR)
    assert [one.acted for one in year.entries] == ["no"]


def test_a_second_press_on_an_old_page_is_told(prescribed_office, monitoring_officer):
    ref = send(prescribed_office, concern()).reference
    enter(prescribed_office, monitoring_officer, ref)
    with pytest.raises(ActedMeanwhile):
        enter(prescribed_office, monitoring_officer, ref)


@pytest.mark.parametrize(
    "entry", [Entry(), Entry("yes"), Entry("yes", "yes"), Entry("yes", "yes", "x" * 1_001), Entry("perhaps")]
)
def test_half_an_entry_is_refused(prescribed_office, monitoring_officer, entry):
    ref = send(prescribed_office, concern()).reference
    with pytest.raises(Refused):
        enter(prescribed_office, monitoring_officer, ref, entry)


def test_a_council_that_is_no_prescribed_person_has_no_such_page(office, monitoring_officer):
    ref = send(office, concern()).reference
    with pytest.raises(Refused, match="not set up as a prescribed person"):
        enter(office, monitoring_officer, ref)
    with pytest.raises(Refused):
        prescribed.year_of(office, monitoring_officer, YEAR)


def test_a_concern_about_the_monitoring_officer_is_in_no_number_of_theirs(
    prescribed_office, monitoring_officer, alternate
):
    ref = send(prescribed_office, concern(named=("monitoring-officer",))).reference
    year = prescribed.year_of(prescribed_office, monitoring_officer, YEAR)
    assert (year.entries, year.missing) == ((), ())
    with pytest.raises(NotFound):
        enter(prescribed_office, monitoring_officer, ref)
    enter(prescribed_office, alternate, ref)
    assert len(prescribed.year_of(prescribed_office, alternate, YEAR).entries) == 1

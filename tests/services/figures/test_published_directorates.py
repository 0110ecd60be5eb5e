"""What was published of each directorate, this year beside last year, while services move and names change."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from intake.counts.places import DIRECTORATE, SERVICE
from intake.counts.published import HELD, Figure
from intake.counts.quarters import Period
from intake.documents import open_report
from intake.services.cases import places
from intake.services.figures import files, open_figures, publishing
from tests.actors import arrives

MEASURE = "corporate-stage-1"
Q1, NEXT_Q1 = Period(2026, 1), Period(2027, 1)
RECEIVED = {"Transport": 3, "Assessment": 9, "Fostering": 8, "Roads": 10, "Lights": 12}


def at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 10, tzinfo=UTC)


@pytest.fixture
def council(office, manager):
    """Two directorates; the ids of everything by name."""
    now, ids = at(2026, 4, 2), {}
    for name in ("Children", "Highways"):
        ids[name] = places.add(office, manager, DIRECTORATE, name, None, now=now)
    for name in RECEIVED:
        above = ids["Highways" if name in ("Roads", "Lights") else "Children"]
        ids[name] = places.add(office, manager, SERVICE, name, above, now=now)
    return ids


def received(office, year: int) -> None:
    for name, number in RECEIVED.items():
        for _ in range(number):
            arrives(office, "corporate", service=name, now=at(year, 5, 4))


def published(office, senior_officer, period: Period, *, last: int = 0) -> None:
    reason = "Counted anew." if last else ""
    publishing.publish(office, senior_officer, period, reason, last=last, now=at(period.year, 7, 2))


def told(office, period: Period, place: str | None = None) -> tuple[Figure, Figure]:
    cell = open_figures.shown(office, period, None, place).table.row(MEASURE).cells[-1]
    return cell.figure, cell.prior


def test_a_service_that_moved_since_cannot_be_taken_from_the_bracket_of_its_directorate(
    office, manager, senior_officer, council
):
    received(office, 2026)
    published(office, senior_officer, Q1)
    parts = open_figures.shown(office, Q1).told.values("service", MEASURE)
    assert parts[f"{council['Children']}/{council['Transport']}"] is None  # three of them: kept back
    places.move(office, manager, council["Transport"], council["Highways"], None, now=at(2026, 8, 1))
    received(office, 2027)
    published(office, senior_officer, NEXT_Q1)
    assert told(office, Q1, council["Children"])[0] == Figure(20)
    assert told(office, NEXT_Q1, council["Children"]) == (Figure(17), Figure(20))
    assert told(office, NEXT_Q1, council["Highways"]) == (Figure(25), Figure(22))
    assert told(office, NEXT_Q1) == (Figure(42), Figure(42))


def test_what_was_not_published_of_a_directorate_a_year_before_is_not_told_in_brackets(
    office, senior_officer, council
):
    received(office, 2026)
    received(office, 2027)
    published(office, senior_officer, NEXT_Q1)
    shown = open_figures.shown(office, NEXT_Q1, None, council["Children"])
    assert shown.table.row(MEASURE).cells[-1].prior == HELD
    assert "2026-27 Q1,received,corporate-stage-1,,,c\r\n" in open_report.as_csv(shown)
    words = str(open_report.set_out(shown, files.whose(office, shown.part)))
    assert "not told" in words
    assert "“Not told”: of this part" in words
    assert told(office, NEXT_Q1)[1] == Figure(42)
    assert "not told" not in str(open_report.set_out(open_figures.shown(office, NEXT_Q1), "The council"))


def test_a_directorate_that_has_the_name_of_a_closed_one_has_a_file_of_its_own(
    office, manager, senior_officer, council
):
    received(office, 2026)
    for name in ("Transport", "Assessment", "Fostering", "Children"):
        places.close(office, manager, council[name], now=at(2026, 6, 1))
    again = places.add(office, manager, DIRECTORATE, "Children", None, now=at(2026, 6, 1))
    published(office, senior_officer, Q1)
    assert told(office, Q1, council["Children"])[0] == Figure(20)
    assert told(office, Q1, again)[0] == Figure(0)
    one, other = (
        files.open_pdf(office, open_figures.shown(office, Q1, None, place))
        for place in (council["Children"], again)
    )
    assert one != other

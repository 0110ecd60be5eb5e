"""The published table is that of one directorate; the instance is a whole council's."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from intake.counts.published import REFERRALS
from intake.counts.quarters import Period
from intake.models import Case
from intake.services.cases import places
from intake.services.casework import case_page, classifying
from intake.services.figures import coverage, drawing_up, files
from intake.services.instance.founding import COUNTY
from intake.services.register import importing
from tests.actors import place_called
from tests.cli.test_published_table import PUBLISHED, read
from tests.register.files import EXAMPLE, as_csv, row

NOW = datetime(2026, 5, 5, 10, 0, tzinfo=UTC)
YEAR = Period(2024)
CHILDREN = "Children, Education and Families"
OF_OTHERS = [
    {"service": "Roads and pavements"},
    {"service": "Roads and pavements", "kind": "MP enquiry", "stage1_responded": "", "stage1_outcome": ""},
    {"service": "Adult social care", "kind": "Compliment", "stage1_responded": "", "stage1_outcome": ""},
    {"service": "A service that nobody has heard of"},
    {"service": ""},
]


@pytest.fixture
def council(office, monitoring_officer):
    """A county that took over the register of its children's directorate, and a few cases of others."""
    places.take_in(office, COUNTY.read_bytes(), now=NOW)
    covers = coverage.read(office, ("2023-24=statutory,corporate,ombudsman", "2024-25=all"), now=NOW)
    others = as_csv(*(row(reference=f"X-{number}") | more for number, more in enumerate(OF_OTHERS)))
    for data in (EXAMPLE.read_bytes(), others):
        (*_, told) = importing.run(office, data, covers=covers, now=NOW)
        assert told.checked.fault_count == 0
    return office


def table(office, name: str | None) -> dict:
    figures = drawing_up.draw_up(office, YEAR, now=NOW, place=name and place_called(office, name))
    return read("table", files.as_text(figures).encode(), YEAR.label)


def test_the_table_of_the_directorate_is_the_one_that_was_printed(council, monitoring_officer):
    nobody_said = PUBLISHED | {REFERRALS: (0, None)}
    assert table(council, CHILDREN) == nobody_said
    children = place_called(council, CHILDREN)
    concerns = council.session.scalars(select(Case.reference).where(Case.procedure == "whistleblowing")).all()
    for reference in concerns:
        revision = case_page.open_case(council, monitoring_officer, reference, now=NOW).revision
        classifying.count_for(council, monitoring_officer, reference, children, revision=revision, now=NOW)
    assert table(council, CHILDREN) == PUBLISHED
    whole = table(council, None)
    assert whole["corporate-stage-1"] == (723, 368)
    assert whole["compliments"][0] == 154
    assert whole["mp-enquiries"][0] == 150


def test_what_the_parts_received_adds_up_to_the_whole(council):
    tree = places.tree(council)
    whole = drawing_up.draw_up(council, YEAR, now=NOW).facts
    parts = [
        drawing_up.draw_up(council, YEAR, now=NOW, place=place.id).facts
        for place in tree.of_kind("directorate")
    ]
    unplaced = {
        measure: sum(
            number for value, number in whole.values("service", measure).items() if value[:1] in ("", "/")
        )
        for measure in whole.receipts
    }
    for measure, number in whole.receipts.items():
        assert sum(part.receipts.get(measure, 0) for part in parts) + unplaced[measure] == number
    assert unplaced["corporate-stage-1"] == 2


def test_each_service_of_it_adds_up_to_the_directorate(council):
    tree, children = places.tree(council), place_called(council, CHILDREN)
    whole = drawing_up.draw_up(council, YEAR, now=NOW, place=children).facts
    below = [one for one in tree.below(children, council.today(NOW)) if one != children]
    parts = [drawing_up.draw_up(council, YEAR, now=NOW, place=one).facts for one in below]
    for measure, number in whole.receipts.items():
        assert sum(part.receipts.get(measure, 0) for part in parts) == number

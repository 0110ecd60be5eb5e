"""How SQLite goes about the page of a case: each question finds its rows by the case, and walks none of others."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event

from intake.services.casework import case_page, linking
from intake.services.ground import press
from tests.actors import MONDAY, arrives

pytestmark = pytest.mark.sqlite

GROWS = {
    "cases",
    "envelopes",
    "records",
    "journal",
    "events",
    "deadlines",
    "extensions",
    "pauses",
    "proposals",
}
GROWS |= {"stage_receipts", "steps", "register_entries"}
BY_THE_CASE = re.compile(r"\b(case_id|id|rowid|reference)=\?")
FOUND = re.compile(r"(?:SEARCH|SCAN) (\w+)(?: .*)?")


def plans_of(office, page) -> list[str]:
    """The lines of SQLite's plans for every question of a page, as it was asked."""
    asked = []

    def note(_connection, _cursor, statement, parameters, *_more):
        asked.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        page()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    connection = office.session.connection()
    questions = [
        (statement, values) for statement, values in asked if statement.lstrip().startswith("SELECT")
    ]
    told = [
        row[3]
        for statement, values in questions
        for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
    ]
    office.session.rollback()
    return told


@pytest.mark.parametrize("linked", [False, True])
def test_every_question_of_a_case_is_answered_from_its_own_rows(office, officer, linked):
    mine, other = (arrives(office, "corporate", "The bins were missed.") for _ in range(2))
    if linked:
        linking.link(
            office, officer, mine, other, "linked", "One round.", token=press.new_token(), now=MONDAY
        )
    later = MONDAY + timedelta(days=1)
    plans = plans_of(office, lambda: case_page.open_case(office, officer, mine, now=later))
    of_what_grows = [line for line in plans if (found := FOUND.match(line)) and found[1] in GROWS]
    assert {FOUND.match(line)[1] for line in of_what_grows} >= {"cases", "envelopes", "records", "journal"}
    assert [line for line in of_what_grows if not BY_THE_CASE.search(line)] == []

"""How SQLite goes about a page of the journal: by an index in the order of the page, and never through all lines."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import event

from intake.services.ground.journal import Act
from intake.services.journal import lines
from intake.services.journal.lines import Asked, Place
from tests.actors import MONDAY

pytestmark = pytest.mark.sqlite
ASKED = {
    "all": Asked(),
    "an act": Asked(act=str(Act.OPENED_IDENTITY)),
    "somebody": Asked(actor="tick"),
    "both": Asked(act=str(Act.NOTE), actor="tick", first=date(2025, 7, 1), last=date(2026, 5, 1)),
}


def plans(office, page) -> list[str]:
    """How the database goes about the questions about lines that a page asks."""
    asked = []

    def note(_connection, _cursor, statement, parameters, *_more):
        if "FROM journal" in statement:
            asked.append((statement, parameters))

    engine = office.session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        page()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    with engine.connect() as connection:
        return [
            row[-1]
            for statement, parameters in asked
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
@pytest.mark.parametrize("place", [None, Place(MONDAY, 3)], ids=["first", "older"])
@pytest.mark.parametrize("role", ["auditor", "complaints-officer", "monitoring-officer"])
def test_no_page_walks_all_lines_or_sorts_them(office, unlocked, role, asked, place):
    found = plans(office, lambda: lines.leaf(office, unlocked[role], asked, place, now=MONDAY))
    assert any("journal" in step for step in found)
    # An office's lines are those of several circles, and so are sorted: concerns are few, and a page looks at a year.
    sorts = "TEMP B-TREE" if role != "monitoring-officer" else "TEMP B-TREE FOR GROUP"
    assert not [step for step in found if step.startswith("SCAN journal") or sorts in step], found

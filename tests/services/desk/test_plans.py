"""How PostgreSQL goes about the lists: each page by the index of its view, reading about as much as it shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import event, text

from intake.models import Case, Envelope
from intake.services.desk import leafing
from intake.services.desk import lists as desk
from intake.services.desk.leafing import Place, Turn
from intake.services.desk.narrowing import Narrowing
from intake.services.people import absences
from tests.actors import MONDAY, send

pytestmark = pytest.mark.postgresql

MANY = 20_000
# Of twenty cases one is open, and of each view there are more than a page shows. What is not named is as in a case
# that somebody sent.
OTHERWISE = {
    "id": "md5(n::text)",
    "reference": "upper(substr(md5('r' || n), 1, 3)) || '-' || upper(lpad(to_hex(n), 5, '0'))",
    "closed_on": "CASE WHEN n % 20 > 1 THEN DATE '2025-01-01' + n % 500 END",
    "answered_on": "CASE WHEN n % 20 = 1 THEN DATE '2025-01-01' + n % 500 END",
    "list_day": "CASE WHEN n % 20 <> 0 THEN DATE '2025-01-01' + n % 500 ELSE DATE '2026-05-20' + n % 61 END",
    "handler_id": "CASE WHEN n % 40 = 0 THEN :officer END",
    "set_aside": "n % 200 = 20",
    "holder_wrote_on": "CASE WHEN n % 200 = 0 THEN DATE '2026-05-30' END",
}
INDEX_OF = {
    "open": "open",
    "new": "new",
    "mine": "mine",
    "step": "mine",
    "to-close": "to_close",
    "due": "open",
    "overdue": "open",
    "waiting": "waiting",
    "aside": "aside",
    "closed": "closed",
}
TURNS = (leafing.FIRST, leafing.LAST, Turn(Place(date(2026, 6, 3), "MMM-00000")))
LARGE = {"cases", "envelopes"}
OF_WHAT_IS_OPEN = {"ix_cases_open", "ix_cases_received"}
READ_AT_MOST = 4 * (leafing.PAGE + 1)  # entries and rows, of cases and their envelopes together
OWN = (
    MANY // 40
)  # that the officer handles: of these each may be looked at once more, for some are sealed to persons


@pytest.fixture
def full(office, officer):
    """An office of many cases."""
    send(office)
    for table, otherwise in ((Case, OTHERWISE), (Envelope, {"case_id": OTHERWISE["id"]})):
        names = table.__table__.columns.keys()
        values = ", ".join(otherwise.get(name, name) for name in names)
        statement = f"INSERT INTO {table.__tablename__} ({', '.join(names)}) SELECT {values} "
        statement += f"FROM {table.__tablename__}, generate_series(1, {MANY}) AS n"
        office.session.execute(text(statement), {"officer": officer.id} if table is Case else {})
    office.session.commit()
    with office.session.get_bind().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE cases, envelopes")
    return office


@contextmanager
def asked(office) -> Iterator[list[tuple]]:
    """What is asked of cases in the block."""
    statements: list[tuple] = []

    def note(_connection, _cursor, statement, parameters, *_) -> None:
        if "FROM cases" in statement:
            statements.append((statement, parameters))

    engine = office.session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def steps_of(office, statement: str, parameters) -> list[dict]:
    """The plan of a statement as it was carried out, step by step."""
    with office.session.get_bind().connect() as connection:
        ((plan,),) = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters)

    def walk(step: dict) -> Iterator[dict]:
        yield step
        for below in step.get("Plans", ()):
            yield from walk(below)

    return list(walk(plan[0]["Plan"]))


def read(step: dict) -> int:
    """How many rows or entries of a table a step looked at."""
    if "Relation Name" not in step or not step["Actual Loops"]:
        return 0
    return step["Actual Loops"] * (step["Actual Rows"] + step.get("Rows Removed by Filter", 0))


def test_each_page_reads_the_index_of_its_view_and_little_more_than_it_shows(full, officer):
    for view in desk.VIEWS:
        for turn in TURNS:
            with asked(full) as statements:
                shown = desk.desk(full, officer, view, turn, now=MONDAY)
            *pages, totals = statements  # beyond the end of a list, the last page is asked for after it
            for page in pages:
                steps = steps_of(full, *page)
                assert f"ix_cases_{INDEX_OF[view]}" in {step.get("Index Name") for step in steps}, (
                    view,
                    turn,
                )
                assert not any(
                    step["Node Type"] == "Seq Scan" and step["Relation Name"] in LARGE for step in steps
                )
                most = READ_AT_MOST + (view in {"mine", "step"}) * OWN
                assert sum(map(read, steps)) <= most, (view, turn)
            assert len(shown.lines) > 10
            looked_at = sum(map(read, steps_of(full, *totals)))
            assert looked_at <= (desk.MOST + 1) * len(desk.VIEWS)


def test_a_search_reads_the_indexes_of_references(full, officer):
    for search, index in (("AB", "ix_cases_reference"), ("00F", "ix_cases_end")):
        with asked(full) as statements:
            assert desk.find(full, officer, search, now=MONDAY).lines
        steps = steps_of(full, *statements[0])
        assert index in {step.get("Index Name") for step in steps}
        assert not any(step["Node Type"] == "Seq Scan" and step["Relation Name"] in LARGE for step in steps)


def test_whoever_stands_in_for_somebody_reads_the_index_of_handlers_too(full, officer, manager):
    absences.enter(full, officer, officer.id, MONDAY.date(), MONDAY.date(), manager.id, now=MONDAY)
    with asked(full) as statements:
        shown = desk.desk(full, manager, "mine", now=MONDAY)
    assert shown.lines[0].covered
    steps = steps_of(full, *statements[0])
    assert "ix_cases_mine" in {step.get("Index Name") for step in steps}
    assert not any(step["Node Type"] == "Seq Scan" and step["Relation Name"] in LARGE for step in steps)


@pytest.mark.parametrize("order", ["due", "received", "reference"])
def test_whoever_looks_for_few_among_many_reads_the_index_of_the_list_and_no_other_case(full, officer, order):
    """Nobody has such a case: the walk goes to the end of the list, and is one of the index alone."""
    nobody = Narrowing(channel="letter", received_to=date(2026, 6, 30), order=order)
    with asked(full) as statements:
        shown = desk.desk(full, officer, "open", narrowed=nobody, now=MONDAY)
    assert (shown.lines, shown.found) == ((), 0)
    page, _, counted = statements
    for statement in (page, counted):
        steps = steps_of(full, *statement)
        walked = {step["Node Type"] for step in steps if step.get("Index Name") in OF_WHAT_IS_OPEN}
        assert walked == {"Index Only Scan"}
        assert not any(step["Node Type"] == "Seq Scan" and step["Relation Name"] in LARGE for step in steps)

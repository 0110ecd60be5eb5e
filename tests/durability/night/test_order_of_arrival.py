"""Who came first: on the day an attacker finds out from the bytes of the file, after the night they guess blindly.

They try each thing that could tell it, alone and together, in every table and index.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from intake import database
from intake.database import arrivals
from intake.models import StageReceipt
from intake.services.ground import journal, press
from intake.services.holders import returning
from tests import officers
from tests.conftest import opened

from .actors import at_rest, busy_day, ids, send, write
from .attacker import Attacker, guesses, success
from .conftest import DAY, MONDAY
from .pages import File

pytestmark = pytest.mark.sqlite


@pytest.mark.parametrize(
    ("days", "sends", "sure", "blind"), [(1, 300, 8.0, 6.0), (3, 40, 8.0, 6.0), (12, 3, 4.5, 4.3)]
)
def test_on_the_day_the_pages_tell_who_came_first_and_after_the_night_they_do_not(
    office, old, days, sends, sure, blind
):
    """Whoever guesses blindly is as good as `blind` once in some ten thousand runs."""
    chance, now = random.Random(2), MONDAY
    in_the_evening, in_the_morning = Attacker(), Attacker()
    for _ in range(days):
        now += DAY
        receipts = busy_day(office, chance, sends, now)
        order = ids(office, receipts)
        in_the_evening.looks(at_rest(office), order)
        write(office, chance.choice(old), now)
        assert journal.close_the_day(office, now=now + DAY) == sends + 1
        in_the_morning.looks(at_rest(office), order)
    assert in_the_evening.best()[0] > sure
    assert in_the_morning.best()[0] < blind, in_the_morning.best()


def test_who_wrote_first_does_not_show_either(office, old):
    chance, now = random.Random(3), MONDAY + DAY
    wrote = chance.sample(old, 60)
    for receipt in wrote:
        write(office, receipt, now, 1000)
    order, evening, morning = ids(office, wrote), Attacker(), Attacker()
    evening.looks(at_rest(office), order)
    journal.close_the_day(office, now=now + DAY)
    morning.looks(at_rest(office), order)
    assert evening.best()[0] > 6.5
    assert morning.best()[0] < 5.5, morning.best()


def test_pages_of_what_is_dated_to_the_minute_do_not_date_what_lies_between_them(
    office, old, officer, monkeypatch
):
    """The journal has the minute of an officer's note. Its pages change places with all others of the day, also when
    the spare ones were put in order, by whoever wrote the file anew by hand."""
    for beside in ("BESIDE", "BESIDE_ALL"):
        monkeypatch.setattr(arrivals, beside, 0)  # none of the noted cases is taken out
    now = MONDAY + DAY
    database.rewrite(office.session.get_bind())
    receipts = [send(office, now) for _ in range(5)]
    noted = [returning.reference_of(office, receipt) for receipt in old[:50]]
    for minute, reference in enumerate(noted):
        at = now + timedelta(minutes=minute)
        officers.note(office, officer, reference, "A long note. " * 900, token=press.new_token(), now=at)
    order = ids(office, old[:50])

    def in_order() -> float:
        return abs(success(guesses(at_rest(office), set(order))["records: pages of the rest"], order))

    assert in_order() > 6
    assert journal.close_the_day(office, now=now + DAY) == len(receipts)
    assert in_order() < 5


def test_where_all_cases_are_taken_out_together_the_file_is_the_same_whatever_the_order_was(
    office, old, instance, tmp_path, monkeypatch
):
    """Not by this attacker's measure alone: two days of the same cases leave the same pages, but for their numbers."""
    monkeypatch.setattr(arrivals, "BESIDE_ALL", len(old))
    now, before, acts_of_the_day = MONDAY + DAY, tmp_path / "before", []
    at_rest(office)
    shutil.copytree(instance, before)
    with in_writing(office) as told:
        for length in (1, 1, 5, 100, 1000) * 6:
            send(office, now, length)
            acts_of_the_day.append(list(told))
            told.clear()
    evening = layout(at_rest(office))
    journal.close_the_day(office, now=now + DAY)
    morning = layout(at_rest(office))
    with opened(before) as other:
        for act in reversed(acts_of_the_day):
            with database.writing(other.session):
                for statement, values in act:
                    other.session.connection().exec_driver_sql(statement, values)
        assert layout(at_rest(other)) != evening
        journal.close_the_day(other, now=now + DAY)
        assert layout(at_rest(other)) == morning


@contextmanager
def in_writing(office):
    """What is written to the database meanwhile."""
    told = []

    def tell(_connection, _cursor, statement, values, _context, _many) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            told.append((statement, values))

    engine = office.session.get_bind()
    event.listen(engine, "before_cursor_execute", tell)
    yield told
    event.remove(engine, "before_cursor_execute", tell)


def layout(path: Path) -> dict[str, list]:
    """How the rows lie in their pages, in every table and index, whatever the numbers of the pages."""
    return {
        tree: [
            ([(cell.place, cell.payload, len(cell.overflow)) for cell in node.cells], node.gaps, node.unused)
            for node in nodes
        ]
        for tree, nodes in File(path).trees()
        if tree != "spare"
    }


def test_what_was_taken_out_is_not_left_where_it_lay_before(office, old):
    """Seen before: new spare pages kept the last bytes of pages that had lain at the end of the file. In the unused
    part of a page that SQLite divides it may leave a cell of it: of a hundred rows one at most."""
    now = MONDAY + DAY
    order = ids(office, busy_day(office, random.Random(4), 60, now))
    journal.close_the_day(office, now=now + DAY)
    path = at_rest(office)
    nodes = [node for _, found in File(path).trees() for node in found]
    rows = b" ".join(cell.payload for node in nodes for cell in node.cells)
    unused, file = b" ".join(node.unused for node in nodes), path.read_bytes()
    in_use = [rows.count(case.encode()) for case in order]
    left = [unused.count(case.encode()) for case in order]
    assert [file.count(case.encode()) for case in order] == [a + b for a, b in zip(in_use, left, strict=True)]
    assert sum(left) <= sum(in_use) // 100


def test_everything_that_is_looked_up_by_chance_is_known_to_the_night(office, old, instance):
    """A new index that begins with neither the case nor what its day decides needs a place in `RANDOM`."""
    of_cases = {"procedure", "version", "reader", "handler_id", "closed_on", "list_day", "received_on"}
    alike = {"cases": of_cases, "envelopes": {"keyholder"}, "records": {"written_on"}}
    alike |= {"steps": {"taken_at", "falls_on"}, "deadlines": {"met_on", "due"}}
    alike |= {"stage_receipts": {column.name for column in StageReceipt.__table__.columns} - {"case_id"}}
    alike |= {"reclassifications": {"received_on"}}
    others = {"notices", "register_entries", "inquiry_dates", "destined"}  # of no arrival
    with closing(sqlite3.connect(instance / "intake.db")) as connection:
        for table, case in arrivals._tables(connection.cursor()).items():
            indexes = connection.execute("SELECT name FROM pragma_index_list(?)", (table,)).fetchall()
            known = alike.get(table, set())
            parts = [
                [name for (name,) in connection.execute("SELECT name FROM pragma_index_info(?)", index)]
                for index in indexes
            ]
            random_ones = {
                next((name or "an expression" for name in names if name not in known), "") for names in parts
            }
            wanted = {
                value if "(" not in value else "an expression" for of, value in arrivals.RANDOM if of == table
            }
            assert table in others or random_ones - {"", case} == wanted, table

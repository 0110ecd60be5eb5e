"""The night's rewrite and the log of drafts: who reads for long delays them, and never costs what they are for."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from intake import database
from intake.database import NotStored
from intake.services.ground import journal
from intake.services.holders import visits
from tests.actors import MONDAY, arrives

NIGHT = MONDAY + timedelta(days=1)


@contextmanager
def reading_for_long(path, table: str) -> Iterator[None]:
    """A backup, an export or somebody with sqlite3, in the middle of reading."""
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute(f"SELECT count(*) FROM {table}").fetchone()
    try:
        yield
    finally:
        reader.execute("ROLLBACK")
        reader.close()


@pytest.fixture
def served(instance) -> Iterator[None]:
    """The server's own connections stay open, so that the logs are not taken away with the last one."""
    idle = [sqlite3.connect(instance / name) for name in ("intake.db", "drafts.sqlite")]
    for connection in idle:
        connection.execute("SELECT 1 FROM sqlite_schema").fetchall()
    yield
    for connection in idle:
        connection.close()


def test_while_somebody_reads_the_day_is_not_closed_and_no_reporter_waits_for_it(office, instance, served):
    """Seen before: the day was entered, and its order of arrival stayed in the log for good."""
    refs = [arrives(office) for _ in range(4)]
    log = instance / "intake.db-wal"
    with reading_for_long(instance / "intake.db", "journal"):
        with pytest.raises(NotStored, match="Somebody reads the database for long"):
            journal.close_the_day(office, now=NIGHT)
        arrives(office, now=NIGHT)
        assert any(ref.encode() in log.read_bytes() for ref in refs)
    database.rewrite(office.session.get_bind())
    assert log.stat().st_size == 0
    assert journal.close_the_day(office, now=NIGHT) == 4


def test_who_begins_to_read_while_the_file_is_written_anew_delays_the_day_too(
    office, instance, served, monkeypatch
):
    arrives(office)
    empty, reader = database._empty_log, reading_for_long(instance / "intake.db", "journal")

    def then_somebody_reads(cursor):
        empty(cursor)
        monkeypatch.undo()
        reader.__enter__()

    monkeypatch.setattr(database, "_empty_log", then_somebody_reads)
    with pytest.raises(NotStored, match="Somebody reads the database for long"):
        journal.close_the_day(office, now=NIGHT)
    reader.__exit__(None, None, None)
    assert journal.close_the_day(office, now=NIGHT) == 1


def test_who_reads_costs_no_copy_of_the_file(office, instance, served, monkeypatch):
    """The log is asked first, and for a second: else the file would be written anew in vain, every minute, and
    reporters were refused meanwhile (seen before: whoever writes waited for 31 seconds)."""
    arrives(office)
    asked = []
    empty = database._empty_log

    def ask(cursor):
        asked.extend(cursor.execute("PRAGMA busy_timeout").fetchone())
        empty(cursor)

    monkeypatch.setattr(database, "_empty_log", ask)
    with reading_for_long(instance / "intake.db", "journal"), pytest.raises(NotStored):
        database.rewrite(office.session.get_bind())
    assert asked == [1000] * database.TRIES  # milliseconds
    database.rewrite(office.session.get_bind())
    assert len(asked) == database.TRIES + 2


def test_without_room_for_a_copy_nothing_is_begun_and_no_writer_waits(office, monkeypatch):
    arrives(office)
    usage = shutil.disk_usage(office.settings.instance)
    monkeypatch.setattr(database.shutil, "disk_usage", lambda _folder: usage._replace(free=1000))
    engine = office.session.get_bind()
    somebody_writes = database.alone(engine, "lock")  # so that whoever asked for the lock would be told of it
    no_room = pytest.raises(NotStored, match=r"no room to write the database anew: it needs \d+\.\d MB in ")
    with somebody_writes, no_room:
        database.rewrite(engine)
    monkeypatch.undo()
    assert journal.close_the_day(office, now=NIGHT) == 1


def test_after_exit_the_next_tick_leaves_nothing_of_the_visit_in_the_log(office, instance, served):
    """Seen before: nothing emptied the log after an exit, and the draft opened from it with the cookie for hours."""
    visit, place = visits.begin_visit(), visits.new_place(visits.REPORT)
    visits.keep(office, visit, place, {"story": "Something very private."}, now=MONDAY)
    with sqlite3.connect(instance / "drafts.sqlite") as connection:
        ((sealed,),) = connection.execute("SELECT sealed FROM kept_drafts").fetchall()
    connection.close()
    visits.leave(office, visit)
    assert any(sealed[200:300] in path.read_bytes() for path in instance.glob("drafts.sqlite*"))
    assert visits.sweep(office, now=MONDAY + timedelta(minutes=1)) == 0
    assert not any(sealed[200:300] in path.read_bytes() for path in instance.glob("drafts.sqlite*"))


def test_a_log_of_drafts_that_stays_in_use_is_told_and_emptied_by_a_later_tick(office, instance, served):
    visit, place = visits.begin_visit(), visits.new_place(visits.REPORT)
    visits.keep(office, visit, place, {"story": "Something very private."}, now=MONDAY)
    with reading_for_long(instance / "drafts.sqlite", "kept_drafts"):
        visits.leave(office, visit)
        with pytest.raises(NotStored, match=r"drafts\.sqlite-wal open"):
            visits.sweep(office, now=MONDAY)
    assert visits.sweep(office, now=MONDAY) == 0
    assert (instance / "drafts.sqlite-wal").stat().st_size == 0


def test_an_empty_log_is_left_alone(office, monkeypatch):
    visits.sweep(office, now=MONDAY)
    monkeypatch.setattr(database, "_empty_log", None)
    visits.sweep(office, now=MONDAY)

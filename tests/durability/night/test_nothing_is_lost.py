"""The night of a large file: killed at any step, beside readers and senders, and on a full disk it loses nothing."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import event, select

from intake import database
from intake.database import NotStored, arrivals
from intake.models import OF_CASES, Case
from intake.services.ground import journal
from intake.services.holders import returning
from intake.services.instance import upgrading
from tests.conftest import PATIENCE_SECONDS, opened
from tests.durability.test_turns import meanwhile, waits  # noqa: F401 - a fixture
from tests.services.tick.test_rewriting import reading_for_long

from .actors import at_rest, busy_day, ids, is_sound, rows_of, send, traced, write
from .attacker import Attacker
from .conftest import DAY, MONDAY, PAGES
from .pages import File

pytestmark = pytest.mark.sqlite


def test_the_night_changes_no_row_and_keeps_no_page_free(office, old, instance):
    now = MONDAY + DAY
    busy_day(office, random.Random(5), 30, now)
    write(office, old[0], now)
    before = rows_of(at_rest(office))
    with database.reading(office.session):
        cases = set(office.session.scalars(select(Case.id).where(Case.journalled.is_(False))))
    arrivals.hide_order(office.session.get_bind(), OF_CASES, cases)
    assert rows_of(at_rest(office)) == before
    assert is_sound(instance / "intake.db")
    assert File(instance / "intake.db").free() == []


def test_an_upgrade_prepares_a_large_file_so_that_no_night_writes_it_anew(office, instance, monkeypatch):
    with closing(sqlite3.connect(instance / "intake.db")) as connection:
        connection.execute("DROP TABLE spare")  # as in an instance of an earlier version
    upgrading.bring_up_to_date(office, now=MONDAY + DAY)
    send(office, MONDAY + DAY)
    monkeypatch.setattr(arrivals, "rewrite", None)
    assert journal.close_the_day(office, now=MONDAY + DAY * 2) == 1


@dataclass(frozen=True)
class Evening:
    """An instance on the evening of a day, and how many statements its night takes."""

    place: Path
    receipts: list[str]
    statements: int


@pytest.fixture(scope="module")
def evening(grown, tmp_path_factory) -> Evening:
    place = shutil.copytree(grown.place, tmp_path_factory.mktemp("evening") / "instance")
    with opened(place) as office:
        receipts = busy_day(office, random.Random(7), 50, MONDAY + DAY)
        at_rest(office)
    statements: list[str] = []
    with opened(shutil.copytree(place, place.with_name("trial"))) as office:
        traced(office, statements.append)
        journal.close_the_day(office, now=MONDAY + DAY + DAY)
    return Evening(place, receipts, len(statements))


@pytest.mark.parametrize("step", [5, 22, 40, 58, 75, 93])
def test_killed_at_any_step_nothing_is_lost_and_the_next_tick_hides_it(evening, tmp_path, step):
    place = tmp_path / "instance"
    shutil.copytree(evening.place, place)
    before = rows_of(place / "intake.db")
    now = MONDAY + DAY + DAY
    child = os.fork()
    if not child:
        try:
            with opened(place) as office:
                killed_at(office, evening.statements * step // 100)
                journal.close_the_day(office, now=now)
        finally:
            os._exit(1)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    with opened(place) as office:
        assert rows_of(place / "intake.db") == before
        for receipt in evening.receipts:
            returning.open_case(office, receipt, now=now)
        assert journal.close_the_day(office, now=now) == len(evening.receipts)
        assert journal.verify(office).fault == ""
        attacker = Attacker()
        attacker.looks(at_rest(office), ids(office, evening.receipts))
        assert attacker.best()[0] < 6
    assert is_sound(place / "intake.db")


def killed_at(office, number: int) -> None:
    """Kill this process when the night has run so many statements."""
    run = [0]

    def count(_statement: str) -> None:
        run[0] += 1
        if run[0] > number:
            os.kill(os.getpid(), signal.SIGKILL)

    traced(office, count)


def test_while_somebody_reads_for_long_the_day_is_not_entered_and_nothing_is_touched(office, old):
    now = MONDAY + DAY
    send(office, now)
    with reading_for_long(at_rest(office), "journal"):
        send(office, now)
        with pytest.raises(NotStored, match="Somebody reads the database for long"):
            journal.close_the_day(office, now=now + DAY)
        send(office, now + DAY)
    assert journal.close_the_day(office, now=now + DAY) == 2


def test_who_begins_to_read_in_the_middle_sees_every_case_and_delays_the_end(office, old, monkeypatch):
    now, seen = MONDAY + DAY, []
    busy_day(office, random.Random(8), 10, now)
    move, path = arrivals._move_last_pages, at_rest(office)
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:

        def while_it_is_moved(cursor) -> None:
            move(cursor)
            reader.execute("BEGIN")
            seen.extend(reader.execute("SELECT count(*) FROM cases").fetchone())

        monkeypatch.setattr(arrivals, "_move_last_pages", while_it_is_moved)
        with pytest.raises(NotStored, match="Somebody reads the database for long"):
            journal.close_the_day(office, now=now + DAY)
    monkeypatch.undo()
    assert seen == [160]
    assert journal.close_the_day(office, now=now + DAY) == 10


def test_on_a_full_disk_the_night_is_tried_again_and_nothing_is_lost(office, old, monkeypatch):
    now = MONDAY + DAY
    busy_day(office, random.Random(9), 10, now)
    path = at_rest(office)
    before, pages = rows_of(path), File(path).pages
    engine = office.session.get_bind()

    @event.listens_for(engine, "checkout")
    def full(connection, *_) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")

    monkeypatch.setattr(arrivals, "SPARE", PAGES * 2)
    with pytest.raises(NotStored):
        journal.close_the_day(office, now=now + DAY)
    assert rows_of(at_rest(office)) == before
    event.remove(engine, "checkout", full)
    engine.dispose()
    assert journal.close_the_day(office, now=now + DAY) == 10


def test_a_sender_has_a_turn_between_two_turns_of_the_night(office, old, instance, waits, monkeypatch):  # noqa: F811
    """Seen before: the file was written anew under the lock, for 13 to 22 s, and all senders were refused."""
    now, put, turns, senders = MONDAY + DAY, arrivals._put_in_order, [], []
    busy_day(office, random.Random(10), 10, now)

    def sends() -> None:
        with opened(instance) as desk:
            send(desk, now + DAY)
            turns.append("sent")

    def puts(*told) -> None:
        turns.append("night")
        if not senders:
            senders.append(meanwhile(sends))
            senders[0].__enter__()
            assert waits.wait(PATIENCE_SECONDS)
        put(*told)

    monkeypatch.setattr(arrivals, "_put_in_order", puts)
    journal.close_the_day(office, now=now + DAY)
    senders[0].__exit__(None, None, None)
    assert turns.index("sent") < len(turns) - 1

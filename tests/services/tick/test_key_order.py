"""Somebody holds the data folder of a PostgreSQL server, or may ask it anything: who came first on a past day?"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from scipy.stats import spearmanr
from sqlalchemy import create_engine, select, text

from intake import config
from intake.database import Busy
from intake.models import Case
from intake.services.cases.words import Answer
from intake.services.ground import journal, press
from intake.services.holders import returning, submitting
from intake.services.holders.submitting import Submission
from intake.services.instance import moving, rewording
from tests import postgresql
from tests.conftest import TESTS, opened

pytestmark = pytest.mark.postgresql
MONDAY = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
NIGHT = MONDAY + timedelta(days=1)
SENDER = "tests.durability.sender"
TABLES = {
    "cases": "id",
    "records": "case_id",
    "envelopes": "case_id",
    "receipts": "case_id",
    "steps": "case_id",
}
MANY = 120  # of which no order that means nothing is so much like another (one time in 10^7)
ALIKE = 0.5


def send(office, words="Something.", now=MONDAY) -> str:
    submission = Submission(
        "corporate", "named", (Answer("What happened?", words),), (Answer("Name", "Vera"),)
    )
    return submitting.receive(office, submission, token=press.new_token(), now=now).receipt


def cases_of(office, receipts: list[str]) -> list[str]:
    """The cases of some receipts, in the order of arrival."""
    references = [returning.reference_of(office, receipt) for receipt in receipts]
    ids = dict(office.session.execute(select(Case.reference, Case.id)).all())
    office.session.rollback()
    return [ids[reference] for reference in references]


def likeness(arrived: list[str], found: dict) -> float:
    """How much the order of what is found for each case is like that of arrival: 1 is the same, 0 has nothing of it."""
    told = [found[case] for case in arrived]
    return abs(spearmanr(range(len(told)), told).statistic) if len(set(told)) > 1 else 0.0


def told_by_rows(connection, arrived) -> dict[str, float]:
    """By place, by the transaction that wrote it and by the one that locked it, in each table."""
    place = "(ctid::text::point)[0] * 1000 + (ctid::text::point)[1]"
    what = f"min({place}), min(xmin::text::bigint), min(xmax::text::bigint)"
    told = {}
    for table, key in TABLES.items():
        rows = connection.execute(text(f"SELECT {key}, {what} FROM {table} GROUP BY 1")).all()
        for number, name in enumerate(("ctid", "xmin", "xmax"), 1):
            told[f"{table} {name}"] = likeness(arrived, {row[0]: row[number] for row in rows})
    return told


def told_by_long_values(connection, arrived) -> float:
    """By the numbers under which long values lie: an UPDATE of the row would leave them."""
    toast = connection.scalar(
        text("SELECT reltoastrelid::regclass::text FROM pg_class WHERE relname = 'records'")
    )
    chunks = connection.execute(
        text(f"SELECT chunk_id::text::bigint, chunk_data FROM {toast} WHERE chunk_seq = 0")
    )
    number = {bytes(data[:64]): number for number, data in chunks}
    of_case = connection.execute(
        text("SELECT case_id, sealed FROM records WHERE kind = 'submission' AND length(sealed) > 2048")
    )
    return likeness(arrived, {case: number[bytes(sealed[:64])] for case, sealed in of_case})


def told_by_bytes(connection, arrived) -> dict[str, float]:
    """By the pages in which a case's key stands, removed rows' too: the first page, and the last."""
    connection.execute(text("CHECKPOINT"))
    told = {}
    for table in ("cases", "records", "receipts"):
        data = connection.scalar(text(f"SELECT pg_read_binary_file(pg_relation_filepath('{table}'))"))
        first = {case: data.find(case.encode()) // 8192 for case in arrived}
        last = {case: data.rfind(case.encode()) // 8192 for case in arrived}
        told |= {f"{table} first": likeness(arrived, first), f"{table} last": likeness(arrived, last)}
    return told


def everything(office, arrived) -> dict[str, float]:
    with office.session.get_bind().connect() as connection:
        return (
            told_by_rows(connection, arrived)
            | told_by_bytes(connection, arrived)
            | {"long values": told_by_long_values(connection, arrived)}
        )


def test_the_order_of_a_day_is_gone_with_the_night_while_others_send(office, instance):
    receipts = [send(office, "Words. " * 400) for _ in range(MANY)]
    arrived = cases_of(office, receipts)
    told = everything(office, arrived)
    for what in ("cases ctid", "cases xmin", "envelopes ctid", "receipts first", "long values"):
        assert told[what] > 0.9, what
    senders = [
        subprocess.Popen(
            [sys.executable, "-m", SENDER, name],
            cwd=TESTS.parent,
            env=os.environ | {"INTAKE_INSTANCE": str(instance)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("first", "second")
    ]
    try:
        sent = [sender.stdout.readline().split()[0] for _ in range(3) for sender in senders]
        assert journal.close_the_day(office, now=NIGHT) == MANY
        sent += [sender.stdout.readline().split()[0] for _ in range(3) for sender in senders]
    finally:
        for sender in senders:
            sender.send_signal(signal.SIGKILL)
            sender.communicate()
    assert {what: how for what, how in everything(office, arrived).items() if how > ALIKE} == {}
    for receipt in (*receipts[::10], *sent):
        assert returning.open_case(office, receipt, now=NIGHT).words
    assert journal.verify(office).fault == ""


def test_a_dump_of_the_next_day_tells_as_little(office):
    """Rows that are removed leave room in between, which the next day's fill."""
    for day in (MONDAY, NIGHT):
        arrived = cases_of(office, [send(office, "Words. " * 400, now=day) for _ in range(MANY)])
        journal.close_the_day(office, now=day + timedelta(days=1))
        assert {what: how for what, how in everything(office, arrived).items() if how > ALIKE} == {}


def test_when_holders_wrote_to_older_cases_is_not_told_either(office):
    receipts = [send(office, "Words. " * 400) for _ in range(MANY)]
    journal.close_the_day(office, now=NIGHT)
    wrote = receipts[::-1]
    for receipt in wrote:
        returning.write(office, receipt, "More.", token=press.new_token(), now=NIGHT)
    arrived = cases_of(office, wrote)
    with office.session.get_bind().connect() as connection:
        assert told_by_rows(connection, arrived)["cases xmin"] > 0.9
    assert journal.close_the_day(office, now=NIGHT + timedelta(days=1)) == len(wrote)
    assert {what: how for what, how in everything(office, arrived).items() if how > ALIKE} == {}


@pytest.fixture
def tidy_server() -> Iterator[postgresql.Server]:
    """A server with the settings that SPEC.md names, so that it removes old segments of its log."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        settings = ("wal_recycle=off", "min_wal_size=32MB", "max_wal_size=64MB")
        server = postgresql.Server(Path(folder) / "server", settings)
        server.make()
        server.start()
        yield server
        server.stop("immediate")


def test_the_log_of_a_server_with_the_right_settings_keeps_no_order_either(instance, tidy_server):
    """It has each commit's moment, too; what is left of it is of the night, in the order of the keys."""
    url = tidy_server.url("postgres")
    moving.move(config.load(instance), url, tell=lambda *_: None, now=MONDAY)
    file = instance / "settings.toml"
    file.write_text(rewording.with_database(file.read_text(), url))

    def log() -> bytes:
        segments = (tidy_server.data / "pg_wal").glob("0*")
        return b"".join(segment.read_bytes() for segment in sorted(segments))

    with opened(instance) as office:
        arrived = cases_of(office, [send(office) for _ in range(MANY)])
        told = log()
        assert likeness(arrived, {case: told.find(case.encode()) for case in arrived}) > 0.99
        journal.close_the_day(office, now=NIGHT)
        told = log()
        assert likeness(arrived, {case: told.find(case.encode()) for case in arrived}) < ALIKE


def test_a_holder_who_writes_while_rows_are_laid_loses_nothing(office, instance):
    """A row that goes and comes back is another one to who waits for it: their words would be refused, or gone."""
    receipt, over, wrote = send(office), threading.Event(), []
    arrived = cases_of(office, [receipt])

    def write_on() -> None:
        with opened(instance) as theirs:
            while not over.is_set():
                words = f"Message {len(wrote)}"
                returning.write(theirs, receipt, words, token=press.new_token(), now=NIGHT)
                wrote.append(words)

    with ThreadPoolExecutor() as holders:
        holder = holders.submit(write_on)
        try:
            for _ in range(8):
                journal.hide_order(office.session.get_bind(), journal.OF_CASES, arrived)
        finally:
            over.set()
        holder.result()  # raises what was refused
    assert wrote
    assert [one.text for one in returning.open_case(office, receipt, now=NIGHT).messages] == wrote


@pytest.mark.parametrize(
    "doing",
    [
        "SELECT count(*) FROM journal",
        "UPDATE cases SET escalation = escalation",
        "LOCK TABLE cases IN ROW EXCLUSIVE MODE",
    ],
)
def test_who_is_at_it_for_long_delays_the_day_and_nobody_else(office, doing):
    send(office)
    other = create_engine(office.settings.url, isolation_level="REPEATABLE READ")
    with other.connect() as somebody:
        somebody.execute(text(doing))
        with pytest.raises(Busy, match="Somebody reads or writes for long"):
            journal.close_the_day(office, now=NIGHT)
        office.session.rollback()
        assert office.session.scalars(select(Case.journalled)).all() == [False]
        office.session.rollback()
        send(office, now=NIGHT)
    other.dispose()
    assert journal.close_the_day(office, now=NIGHT) == 1

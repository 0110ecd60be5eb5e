"""What was acknowledged is on disk: after kill -9, on a full disk, and when two press at once."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intake import config, database
from intake.models import Case, Envelope, Event, Record
from intake.services.cases.words import Answer
from intake.services.ground.office import assemble
from intake.services.ground.press import new_token
from intake.services.ground.refusals import NotStored
from intake.services.holders import returning, submitting
from intake.services.holders.submitting import Submission
from tests.conftest import PATIENCE_SECONDS

NOW = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
SENDER = Path(__file__).with_name("sender.py")


@pytest.fixture(autouse=True)
def patience(monkeypatch) -> None:
    """Whoever waits for their turn is not sent away because this machine is busy."""
    monkeypatch.setattr(database, "LONGEST_WAIT_SECONDS", PATIENCE_SECONDS)


def submission(text="Something.") -> Submission:
    return Submission("corporate", "named", (Answer("What happened?", text),), (Answer("Name", "Vera"),))


def test_after_kill_9_every_acknowledged_submission_is_whole_and_none_is_half_there(instance, office):
    office.session.rollback()
    environment = os.environ | {"INTAKE_INSTANCE": str(instance)}
    senders = {
        subprocess.Popen(
            [sys.executable, SENDER, name], env=environment, stdout=subprocess.PIPE, text=True
        ): name
        for name in ("first", "second")
    }
    told = {name: [sender.stdout.readline() for _ in range(20)] for sender, name in senders.items()}
    for sender in senders:
        sender.send_signal(signal.SIGKILL)
    for sender, name in senders.items():
        told[name] += sender.communicate()[0].splitlines(keepends=True)
    acknowledged = [
        (line.split()[0], f"{name} {line.split()[1]}")
        for name, lines in told.items()
        for line in lines
        if line.endswith("\n")
    ]
    assert len(acknowledged) >= 40
    for receipt, text in acknowledged:
        assert returning.open_case(office, receipt, now=datetime.now(UTC)).words[0].answer == text
    cases = office.session.scalar(select(func.count()).select_from(Case))
    assert len(acknowledged) <= cases <= len(acknowledged) + len(senders)
    for table, column in ((Envelope, Envelope.case_id), (Record, Record.case_id), (Event, Event.case_id)):
        assert office.session.scalar(select(func.count(column.distinct())).select_from(table)) == cases


@pytest.mark.sqlite
def test_a_full_disk_is_told_nothing_is_half_kept_and_the_same_press_succeeds_later(office):
    connection = office.session.connection()
    used = connection.exec_driver_sql("PRAGMA page_count").scalar()
    office.session.rollback()
    _limit_pages(office, used + 1)
    token = new_token()
    with pytest.raises(NotStored):
        submitting.receive(office, submission("x" * 20_000), token=token, now=NOW)
    assert office.session.scalar(select(func.count()).select_from(Case)) == 0
    _limit_pages(office, 1_000_000)
    sent = submitting.receive(office, submission("x" * 20_000), token=token, now=NOW)
    assert not sent.sent_before
    assert returning.open_case(office, sent.receipt, now=NOW).words[0].answer == "x" * 20_000


def _limit_pages(office, pages: int) -> None:
    office.session.rollback()
    office.session.connection().exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    office.session.rollback()


def test_the_same_press_sent_ten_times_at_once_is_one_case(instance):
    token, receipts, faults = new_token(), [], []
    settings = config.load(instance)
    engine = database.connect(settings.url, threads=10)

    def press() -> None:
        with Session(engine) as session:
            try:
                sent = submitting.receive(assemble(settings, session), submission(), token=token, now=NOW)
                receipts.append(sent.receipt)
            except Exception as error:
                faults.append(error)
                raise

    presses = [threading.Thread(target=press) for _ in range(10)]
    for thread in presses:
        thread.start()
    for thread in presses:
        thread.join()
    assert faults == []
    assert len(receipts) == 10
    assert len(set(receipts)) == 1
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 1
    engine.dispose()


def test_forty_people_at_once_each_get_a_receipt_of_their_own(instance):
    settings, receipts = config.load(instance), []
    engine = database.connect(settings.url, threads=10)

    def send(number: int) -> None:
        with Session(engine) as session:
            office = assemble(settings, session)
            for turn in range(4):
                text = f"{number}.{turn}"
                sent = submitting.receive(office, submission(text), token=new_token(), now=NOW)
                receipts.append((sent.receipt, text))

    people = [threading.Thread(target=send, args=(number,)) for number in range(10)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert len({receipt for receipt, _ in receipts}) == 40
    with Session(engine) as session:
        office = assemble(settings, session)
        for receipt, text in receipts:
            assert returning.open_case(office, receipt, now=NOW).words[0].answer == text
    engine.dispose()


@pytest.mark.sqlite
def test_a_lock_that_is_never_given_back_is_told_and_not_waited_for(office, instance, monkeypatch):
    with monkeypatch.context() as hurry, (instance / "intake.lock").open("a") as held:
        hurry.setattr(database, "LONGEST_WAIT_SECONDS", 0.2)
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(NotStored):
            submitting.receive(office, submission(), token=new_token(), now=NOW)
    submitting.receive(office, submission(), token=new_token(), now=NOW)

"""A backup of PostgreSQL is the same sealed file as one of the embedded database, and restores as one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from intake import config
from intake.demonstration.living import PASSWORD
from intake.models import Case
from intake.services.cases.words import Answer
from intake.services.casework import case_page
from intake.services.ground import custody, journal, press
from intake.services.ground.refusals import Refused
from intake.services.holders import returning, submitting, visits
from intake.services.holders.submitting import Submission
from intake.services.instance import backups, copying, founding, leftovers, moving, restoring, rewording
from intake.services.people import signing_in
from tests.conftest import TESTS, opened

pytestmark = pytest.mark.postgresql
NOW = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
SENDER = "tests.durability.sender"


def send(office, words="Something.") -> str:
    submission = Submission(
        "corporate", "named", (Answer("What happened?", words),), (Answer("Name", "Vera"),)
    )
    return submitting.receive(office, submission, token=press.new_token(), now=NOW).receipt


@pytest.fixture
def paper(office) -> str:
    """The printed recovery key of backups."""
    return backups.new_key(office, now=NOW).text


@pytest.fixture
def memory(tmp_path, monkeypatch) -> Path:
    """The folder in memory, this story's own."""
    place = tmp_path / "memory"
    place.mkdir()
    monkeypatch.setattr(leftovers, "MEMORY", place)
    return place


def test_what_was_acknowledged_before_it_began_opens_in_an_embedded_instance_whatever_went_on_meanwhile(
    office, instance, paper, tmp_path
):
    with subprocess.Popen(
        [sys.executable, "-m", SENDER, "somebody"],
        cwd=TESTS.parent,
        env=os.environ | {"INTAKE_INSTANCE": str(instance)},
        stdout=subprocess.PIPE,
        text=True,
    ) as sender:
        try:
            before = [sender.stdout.readline().split()[0] for _ in range(5)]
            made = backups.make(office, tmp_path / "b", now=NOW)
            sender.stdout.readline()
        finally:
            sender.send_signal(signal.SIGKILL)
    assert restoring.rehearse(tmp_path / "b", paper, tmp_path, now=NOW).manifest == made
    place = tmp_path / "new machine"
    assert restoring.restore(tmp_path / "b", paper, place, now=NOW).manifest == made
    assert (place / "intake.db").exists()
    with opened(place) as restored:
        assert restored.session.get_bind().dialect.name == "sqlite"
        founding.check(restored)
        custody.check(restored)
        for receipt in before:
            assert returning.open_case(restored, receipt, now=NOW).words[0].answer.startswith("somebody")
        cookie = signing_in.sign_in(restored, "officer@demonstration.example", PASSWORD, "", now=NOW)
        maya = signing_in.resume(restored, cookie, now=NOW)
        reference = restored.session.scalar(select(Case.reference))
        assert case_page.open_case(restored, maya, reference, now=NOW).words
        assert journal.verify(restored).fault == ""


def test_it_can_be_moved_to_postgresql_again(office, paper, tmp_path, new_postgres):
    receipt = send(office, "Vera's words.")
    backups.make(office, tmp_path / "b", now=NOW)
    place = tmp_path / "new"
    restoring.restore(tmp_path / "b", paper, place, now=NOW)
    moving.move(config.load(place), new_postgres, tell=lambda *_: None, now=NOW)
    file = place / "settings.toml"
    rewording.write(file, rewording.with_database(file.read_text(), new_postgres))
    with opened(place) as again:
        founding.check(again)
        assert again.session.get_bind().dialect.name == "postgresql"
        assert returning.open_case(again, receipt, now=NOW).words[0].answer == "Vera's words."


def test_the_copy_lies_in_memory_alone_and_is_gone_afterwards(
    office, instance, paper, memory, tmp_path, monkeypatch
):
    """Of a database on another machine nothing comes to lie in clear on this one's disk."""
    visit, place = visits.begin_visit(), visits.new_place(visits.REPORT)
    visits.keep(office, visit, place, {"story": "Not sent yet."}, now=NOW)
    send(office)
    seen, really = [], backups._put_file

    def look(archive, name, path):
        if name == backups.DATABASE:
            seen.append(path)
            rows, _, _ = backups.counted(path)
            assert rows["cases"] == 1
            assert "kept_drafts" not in rows
            assert path.stat().st_mode & 0o077 == 0 or path.parent.stat().st_mode & 0o077 == 0
        really(archive, name, path)

    monkeypatch.setattr(backups, "_put_file", look)
    backups.make(office, tmp_path / "b", now=NOW)
    assert seen[0].is_relative_to(memory)
    assert not list(memory.iterdir())
    assert not list(instance.glob(".backup-*"))


def test_killed_half_way_the_next_one_tidies(office, instance, paper, memory, tmp_path):
    send(office)
    office.session.rollback()
    child = os.fork()
    if child == 0:
        with opened(instance) as killed:
            copying.prints_of = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
            backups.make(killed, tmp_path / "b", now=NOW)
        os._exit(0)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    assert not (tmp_path / "b").exists()
    assert list(memory.iterdir())
    backups.make(office, tmp_path / "b", now=NOW)
    assert not list(memory.iterdir())


def test_a_copy_that_is_not_the_same_is_no_backup(office, paper, tmp_path, monkeypatch):
    send(office)
    whole = copying._write_to_sqlite

    def lossy(target, table, parts):
        whole(target, table, (part[:-1] if table.name == "records" else part for part in parts))

    monkeypatch.setattr(copying, "_write_to_sqlite", lossy)
    with pytest.raises(Refused, match="not the same as the database"):
        backups.make(office, tmp_path / "b", now=NOW)
    assert not (tmp_path / "b").exists()


def test_a_database_of_a_newer_version_and_one_that_is_gone_are_told_in_words(office, paper, tmp_path):
    with office.session.get_bind().begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Refused, match="newer version of Intake"):
        backups.make(office, tmp_path / "b", now=NOW)
    assert not (tmp_path / "b").exists()
    assert office.session.scalar(select(func.count()).select_from(Case)) == 0

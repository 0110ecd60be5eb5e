"""A backup taken while people send restores on an empty machine; nothing acknowledged before it is missing."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from intake import config, database
from intake.database import rewrite, writing
from intake.demonstration import words
from intake.demonstration.living import PASSWORD
from intake.models import Case, StaffSession, StepRow, Vault
from intake.services.casework import case_page
from intake.services.ground import custody, journal
from intake.services.ground.office import assemble, make_server_key
from intake.services.ground.refusals import Refused
from intake.services.holders import returning
from intake.services.instance import backups, founding, restoring
from intake.services.people import signing_in
from intake.services.tick import escalation, sending
from tests.actors import send
from tests.conftest import TESTS, opened
from tests.migrations.test_data import of_the_first_shape

pytestmark = pytest.mark.sqlite

NOW = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
SENDER = "tests.durability.sender"


@pytest.fixture
def paper(office) -> str:
    """The printed recovery key of backups."""
    return backups.new_key(office, now=NOW).text


def test_a_backup_opens_on_an_empty_machine_and_everything_works(office, paper, tmp_path):
    receipt = send(office, words="Vera's words.", name="Vera").receipt
    made = backups.make(office, tmp_path / "b", now=NOW)
    place = tmp_path / "new machine"
    assert restoring.restore(tmp_path / "b", paper, place, now=NOW).manifest == made
    with opened(place) as restored:
        founding.check(restored)
        custody.check(restored)
        assert returning.open_case(restored, receipt, now=NOW).words[0].answer == "Vera's words."
        cookie = signing_in.sign_in(restored, "officer@demonstration.example", PASSWORD, "", now=NOW)
        maya = signing_in.resume(restored, cookie, now=NOW)
        reference = restored.session.scalar(select(Case.reference))
        assert case_page.open_case(restored, maya, reference, now=NOW).words[0].answer == "Vera's words."
        assert journal.verify(restored).fault == ""
    assert not list(place.glob(".*"))
    for name in ("intake.db", "keys/server.key", "settings.toml"):
        assert (place / name).stat().st_mode & 0o077 == 0


def test_nothing_in_the_file_can_be_read_without_the_paper(office, paper, tmp_path):
    receipt = send(office, name="Vera").receipt
    backups.make(office, tmp_path / "b", now=NOW)
    sealed = (tmp_path / "b").read_bytes()
    key = (office.settings.instance / "keys" / "server.key").read_bytes()
    with sqlite3.connect(office.settings.instance / "intake.db") as connection:
        (reference,) = connection.execute("SELECT reference FROM cases").fetchone()
    for clear in (
        b"officer@demonstration.example",
        b"SQLite format 3",
        key,
        reference.encode(),
        receipt.encode(),
    ):
        assert clear not in sealed
    with pytest.raises(Refused, match="does not open"):
        restoring.rehearse(tmp_path / "b", backups.new_key(office, now=NOW).text, tmp_path, now=NOW)


def test_every_case_acknowledged_before_it_began_is_in_it_whatever_went_on_meanwhile(
    office, instance, paper, tmp_path
):
    """Two people send, the night's rewrite runs, and five backups are taken: `cp` lost 25 of 60 here."""
    office.session.rollback()
    environment = os.environ | {"INTAKE_INSTANCE": str(instance)}
    senders = {
        name: subprocess.Popen(
            [sys.executable, "-m", SENDER, name],
            cwd=TESTS.parent,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("first", "second")
    }
    told: list[tuple[str, str]] = []
    try:
        for number in range(5):
            for name, sender in senders.items():
                for line in (sender.stdout.readline() for _ in range(6)):
                    told.append((line.split()[0], f"{name} {line.split()[1]}"))
            before = list(told)
            rewrite(office.session.get_bind())
            backups.make(office, tmp_path / f"b{number}", now=NOW)
            place = tmp_path / f"machine {number}"
            restoring.restore(tmp_path / f"b{number}", paper, place, now=NOW)
            with opened(place) as restored:
                for receipt, words in before:
                    assert returning.open_case(restored, receipt, now=NOW).words[0].answer == words
    finally:
        for sender in senders.values():
            sender.send_signal(signal.SIGKILL)
            sender.communicate()
    assert len(told) == 60


def test_no_notice_is_sent_twice_and_each_officer_hears_once(office, paper, tmp_path):
    sending.send_waiting(office, lambda _: None, now=NOW)
    send(office, name="Vera")
    later = NOW + timedelta(days=9)
    backups.make(office, tmp_path / "b", now=NOW)
    escalation.run(office, now=later)
    first = []
    for hours in (0, 24):
        sending.send_waiting(office, first.append, now=later + timedelta(hours=hours))
    restoring.restore(tmp_path / "b", paper, tmp_path / "new", now=later)
    with opened(tmp_path / "new") as restored:
        again = []
        escalation.run(restored, now=later)
        for hours in (0, 24):
            sending.send_waiting(restored, again.append, now=later + timedelta(hours=hours))
        subjects = {(letter["To"], letter["Subject"]) for letter in again}
        assert first
        assert not subjects & {(letter["To"], letter["Subject"]) for letter in first}
        assert {subject for _, subject in subjects} == {"Intake was restored from a backup"}
        assert len(again) == len(subjects) == len(words.OFFICERS)
        assert restored.session.scalar(select(func.count()).select_from(StaffSession)) == 0
        today = later.date()
        waiting = (StepRow.taken_at.is_(None), StepRow.falls_on <= today)
        assert restored.session.scalar(select(func.count()).select_from(StepRow).where(*waiting)) == 0


def test_a_machine_that_holds_an_instance_is_left_alone(office, instance, paper, tmp_path):
    backups.make(office, tmp_path / "b", now=NOW)
    with pytest.raises(Refused, match="holds an instance"):
        restoring.restore(tmp_path / "b", paper, instance, now=NOW)
    with pytest.raises(Refused, match="never replaces"):
        backups.make(office, tmp_path / "b", now=NOW)


def test_rehearsing_leaves_nothing_behind(office, paper, tmp_path):
    send(office, name="Vera")
    made = backups.make(office, tmp_path / "b", now=NOW)
    assert restoring.rehearse(tmp_path / "b", paper, tmp_path, now=NOW).manifest == made
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b", "instance"]
    assert not list(office.settings.instance.glob(".*"))


def test_a_file_that_was_cut_or_altered_is_refused_and_nothing_is_restored(office, paper, tmp_path):
    backups.make(office, tmp_path / "b", now=NOW)
    sealed = (tmp_path / "b").read_bytes()
    for number, spoilt in enumerate((sealed[:-1], sealed[:2000], b"", sealed[:-40] + b"x" + sealed[-39:])):
        bad = tmp_path / f"bad{number}"
        bad.write_bytes(spoilt)
        with pytest.raises(Refused, match="does not open"):
            restoring.restore(bad, paper, tmp_path / "new", now=NOW)
    assert not (tmp_path / "new" / "intake.db").exists()
    restoring.restore(tmp_path / "b", paper, tmp_path / "new", now=NOW)  # run again, over what was left


def test_without_a_key_it_says_what_to_do(office, tmp_path):
    with writing(office.session):
        office.session.execute(delete(Vault).where(Vault.id == "backup"))
    with pytest.raises(Refused, match="--new-key"):
        backups.make(office, tmp_path / "b", now=NOW)


def test_a_disk_without_room_leaves_no_backup_and_no_copy(office, instance, paper, tmp_path):
    send(office, name="Vera")
    office.session.rollback()
    child = os.fork()
    if child == 0:
        import resource

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        try:
            with opened(instance) as poor:
                backups.make(poor, tmp_path / "b", now=NOW)
        except Refused as refusal:
            os._exit(0 if "nothing of it was kept" in str(refusal) else 2)
        except BaseException:
            os._exit(3)
        os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
    assert [path.name for path in tmp_path.iterdir()] == ["instance"]
    assert not list(instance.glob(".backup-*"))


def test_killed_half_way_nothing_bears_the_name_of_a_backup_and_the_next_one_tidies(
    office, instance, paper, tmp_path
):
    send(office, name="Vera")
    office.session.rollback()
    for _ in range(4):
        child = os.fork()
        if child == 0:
            with opened(instance) as killed:
                backups._put_file = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
                backups.make(killed, tmp_path / "b", now=NOW)
            os._exit(0)
        assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
        assert not (tmp_path / "b").exists()
        assert list(instance.glob(".backup-*"))
    backups.make(office, tmp_path / "b", now=NOW)
    assert not list(instance.glob(".backup-*"))
    assert not list(tmp_path.glob("*.part"))


def test_a_backup_of_the_first_version_restores_under_this_one(tmp_path, monkeypatch):
    old = tmp_path / "old"
    old.mkdir()
    (old / "settings.toml").write_text("demonstration = true\n")
    settings = config.load(old)
    make_server_key(settings)
    engine = database.connect(settings.url)
    of_the_first_shape(engine)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO instance VALUES (1, 1, '2026-04-01')"))
    with Session(engine) as session:
        office = assemble(settings, session)
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP TRIGGER journal_no_delete")
            connection.exec_driver_sql("DELETE FROM journal")
        with monkeypatch.context() as then:  # a line of this version does not fit the first one's journal
            then.setattr(backups.journal, "append", lambda *_, **__: None)
            paper = backups.new_key(office, now=NOW)
        backups.make(office, tmp_path / "b", now=NOW)
    engine.dispose()
    restoring.restore(tmp_path / "b", paper.text, tmp_path / "new", now=NOW)
    with opened(tmp_path / "new") as restored:
        founding.check(restored)
        assert restored.session.scalar(select(func.count()).select_from(Case)) == 1


def test_a_backup_of_a_newer_version_is_refused_in_words(office, paper, tmp_path):
    with sqlite3.connect(office.settings.instance / "intake.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    backups.make(office, tmp_path / "b", now=NOW)
    with pytest.raises(Refused, match="newer version"):
        restoring.restore(tmp_path / "b", paper, tmp_path / "new", now=NOW)


def test_the_authoritys_procedures_and_logo_come_along(office, instance, paper, tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    source = Path(backups.__file__).parents[2] / "procedures" / "catalogue" / "compliment.toml"
    shutil.copy(source, folder / "compliment.toml")
    settings = instance / "settings.toml"
    settings.write_text(settings.read_text() + f'catalogue_folder = "{folder}"\n')
    with opened(instance) as configured:
        backups.make(configured, tmp_path / "b", now=NOW)
    shutil.rmtree(folder)
    restoring.restore(tmp_path / "b", paper, tmp_path / "new", now=NOW)
    assert config.load(tmp_path / "new").catalogue_folder == str(tmp_path / "new" / "catalogue")
    assert (tmp_path / "new" / "catalogue" / "compliment.toml").read_bytes() == source.read_bytes()


def test_a_database_that_lay_elsewhere_lies_in_the_instance_folder_and_the_other_is_left_alone(
    office, instance, paper, tmp_path
):
    elsewhere = tmp_path / "live.db"
    office.session.rollback()
    office.session.get_bind().dispose()
    shutil.copy(instance / "intake.db", elsewhere)
    settings = instance / "settings.toml"
    settings.write_text(f'database_url = "sqlite:///{elsewhere}"\n' + settings.read_text())
    with opened(instance) as configured:
        backups.make(configured, tmp_path / "b", now=NOW)
        before = configured.session.scalar(text("SELECT count(*) FROM journal"))
        configured.session.rollback()
        restoring.restore(tmp_path / "b", paper, tmp_path / "new", now=NOW)
        assert configured.session.scalar(text("SELECT count(*) FROM journal")) == before
    assert config.load(tmp_path / "new").url == f"sqlite:///{tmp_path / 'new' / 'intake.db'}"
    with opened(tmp_path / "new") as restored:
        assert restored.session.scalar(text("SELECT count(*) FROM journal")) == before + 1

"""An instance is moved to PostgreSQL and back, while nobody writes; nothing is lost, and the old one is untouched."""

from __future__ import annotations

import os
import signal
import sqlite3
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, func, inspect, select, text

from intake import config, database
from intake.config import BadSetting
from intake.database import NotStored
from intake.demonstration.living import PASSWORD
from intake.models import Case, Theme
from intake.services.cases.words import Answer
from intake.services.casework import case_page
from intake.services.ground import journal, press
from intake.services.ground.refusals import Refused
from intake.services.holders import returning, submitting
from intake.services.holders.submitting import Submission
from intake.services.instance import copying, founding, moving, rewording, which_database
from intake.services.instance.moving import Proof
from intake.services.people import signing_in
from tests.conftest import opened

pytestmark = pytest.mark.sqlite  # where each story begins; PostgreSQL is where it leads
NOW = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
MAYA = "officer@demonstration.example"


def send(office, words="Something.") -> str:
    submission = Submission(
        "corporate", "named", (Answer("What happened?", words),), (Answer("Name", "Vera"),)
    )
    return submitting.receive(office, submission, token=press.new_token(), now=NOW).receipt


def move(place, url, **also):
    return moving.move(config.load(place), url, tell=lambda *_: None, now=NOW, **also)


def name_in_settings(place, url) -> None:
    file = place / "settings.toml"
    rewording.write(file, rewording.with_database(file.read_text(), url))


def rows_of(url) -> dict:
    engine = create_engine(url)
    try:
        with copying.one_moment(engine) as connection:
            return copying.prints_of(connection)
    finally:
        engine.dispose()


@pytest.fixture
def receipts(instance) -> list[str]:
    """Cases of every length, half a chain of themes, and a name that is no plain text."""
    with opened(instance) as office:
        sent = [send(office, "Vera's words. " * 60 * number) for number in range(6)]
        with database.writing(office.session):
            office.session.add(Theme(id="1", name="Roads & “Straßen”"))
            office.session.flush()
            office.session.add(Theme(id="0", name="Older\tand\\elder", merged_into="1"))  # into a later row
        journal.close_the_day(office, now=NOW + timedelta(days=1))
        sent += [send(office, "Of today.")]
    return sent


def test_everything_is_there_afterwards_and_the_old_file_is_the_same_byte_for_byte(
    instance, receipts, new_postgres
):
    """A server that was killed left its log behind: that is neither lost nor written back."""
    child = os.fork()
    if child == 0:
        with opened(instance) as killed:
            send(killed, "Of the last moment.")
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    files = [instance / "intake.db", instance / "intake.db-wal", instance / "settings.toml"]
    before = [file.read_bytes() for file in files]
    assert before[1]
    moved = move(instance, new_postgres, proof=Proof(MAYA, PASSWORD, 5))
    assert [file.read_bytes() for file in files] == before
    assert moved.tables["cases"].rows == len(receipts) + 1
    assert moved.opened == 5
    assert rows_of(new_postgres) == rows_of(f"sqlite:///{instance}/intake.db") == moved.tables

    name_in_settings(instance, new_postgres)
    with opened(instance) as office:
        founding.check(office)
        assert office.session.get_bind().dialect.name == "postgresql"
        assert journal.verify(office).head == moved.journal_head
        assert returning.open_case(office, receipts[3], now=NOW).words[0].answer == "Vera's words. " * 180
        cookie = signing_in.sign_in(office, MAYA, PASSWORD, "", now=NOW)
        maya = signing_in.resume(office, cookie, now=NOW)
        reference = office.session.scalar(select(Case.reference))
        assert case_page.open_case(office, maya, reference, now=NOW).words[0].question == "What happened?"
        assert returning.open_case(office, send(office, "New."), now=NOW).words[0].answer == "New."


def test_and_back_again_to_a_new_file(instance, receipts, new_postgres, tmp_path):
    move(instance, new_postgres)
    name_in_settings(instance, new_postgres)
    with opened(instance) as office:
        receipt = send(office, "Sent to PostgreSQL.")
    back = f"sqlite:///{tmp_path}/back.db"
    moved = move(instance, back)
    name_in_settings(instance, back)
    with opened(instance) as office:
        founding.check(office)
        assert moved.tables["cases"].rows == len(receipts) + 1
        assert returning.open_case(office, receipt, now=NOW).words[0].answer == "Sent to PostgreSQL."
    assert not list(tmp_path.glob(".moving-*"))


def test_rows_lie_in_the_order_of_their_keys(instance, receipts, new_postgres):
    move(instance, new_postgres)
    engine = create_engine(new_postgres)
    with engine.connect() as connection:
        placed = connection.execute(text("SELECT case_id FROM receipts ORDER BY ctid")).scalars().all()
        by_key = connection.execute(text("SELECT case_id FROM receipts ORDER BY lookup")).scalars().all()
        written = connection.execute(text("SELECT count(DISTINCT xmin::text) FROM cases")).scalar()
    engine.dispose()
    assert placed == by_key
    assert written == 1


@contextmanager
def lossy(monkeypatch):
    """A wire that loses the last row of each batch."""
    whole = copying._write_to_postgresql
    monkeypatch.setattr(
        copying,
        "_write_to_postgresql",
        lambda target, table, parts: whole(
            target, table, (part[:-1] if table.name == "receipts" else part for part in parts)
        ),
    )
    yield
    monkeypatch.undo()


def test_a_copy_that_lost_a_row_or_a_byte_is_not_kept(instance, receipts, new_postgres, monkeypatch):
    with lossy(monkeypatch), pytest.raises(Refused, match=r"Not all was copied as it is: receipts differ"):
        move(instance, new_postgres)
    assert not any(one.rows for one in rows_of(new_postgres).values())
    engine = create_engine(new_postgres)
    with engine.begin() as connection:  # as a database does that keeps less than it was given
        connection.execute(
            text(
                "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN NEW.sealed := substr(NEW.sealed, 2); RETURN NEW; END $$"
            )
        )
        connection.execute(
            text("CREATE TRIGGER spoil BEFORE INSERT ON records FOR EACH ROW EXECUTE FUNCTION spoil()")
        )
    with pytest.raises(Refused, match=r"Not all was copied as it is: records differ"):
        move(instance, new_postgres)
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER spoil ON records"))
    engine.dispose()
    assert move(instance, new_postgres).tables["records"].rows
    assert not (instance / "moved.json").exists() or which_database.check(config.load(instance)) is None


@pytest.mark.parametrize("step", ["upgrade", "copy", "prints_of"])
def test_killed_at_any_step_it_begins_again(instance, receipts, new_postgres, step):
    child = os.fork()
    if child == 0:
        where = moving.migrating if step == "upgrade" else copying
        really = getattr(where, step)

        def then_die(*given):
            really(*given)
            os.kill(os.getpid(), signal.SIGKILL)

        setattr(where, step, then_die)
        move(instance, new_postgres)
        os._exit(0)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    assert not any(one.rows for one in rows_of(new_postgres).values())
    assert not (instance / "moved.json").exists()
    assert move(instance, new_postgres).tables["cases"].rows == len(receipts)


def test_a_database_that_holds_anything_else_is_refused_and_left_alone(instance, receipts, new_postgres):
    engine = create_engine(new_postgres)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE parking (permit text)"))
    with pytest.raises(Refused, match="is not empty: it holds the tables parking"):
        move(instance, new_postgres)
    assert inspect(engine).get_table_names() == ["parking"]
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE parking"))
    engine.dispose()
    move(instance, new_postgres)
    before = rows_of(new_postgres)
    with pytest.raises(Refused, match="is not empty: it holds rows in cases, coverage, "):
        move(instance, new_postgres)
    assert rows_of(new_postgres) == before
    with pytest.raises(Refused, match="is there already"):
        move(instance, f"sqlite:///{instance}/intake.db")


def test_a_server_at_work_is_refused_and_none_begins_meanwhile(instance, receipts, new_postgres, monkeypatch):
    served = which_database.at_work(instance)
    with pytest.raises(BadSetting, match="stop it first"):
        move(instance, new_postgres)
    served.close()
    tried = []

    def meanwhile(*_):
        with pytest.raises(BadSetting, match="being moved"):
            which_database.at_work(instance)
        with opened(instance) as office, pytest.raises(NotStored):
            send(office)
        tried.append(True)

    monkeypatch.setattr(database, "LONGEST_WAIT_SECONDS", 0.1)
    moving.move(config.load(instance), new_postgres, tell=lambda *told: tried or meanwhile(), now=NOW)
    assert tried


def test_whoever_writes_to_postgresql_from_another_machine_is_refused_too(
    instance, receipts, new_postgres, tmp_path
):
    move(instance, new_postgres)
    name_in_settings(instance, new_postgres)
    with opened(instance) as elsewhere:
        send(elsewhere)
        with pytest.raises(Refused, match="1 other connections to the old database"):
            move(instance, f"sqlite:///{tmp_path}/back.db")
    assert not (tmp_path / "back.db").exists()


def test_whoever_has_just_left_postgresql_is_waited_for(instance, receipts, new_postgres, tmp_path):
    move(instance, new_postgres)
    name_in_settings(instance, new_postgres)
    leaving = create_engine(config.load(instance).url).connect()
    threading.Timer(1, leaving.invalidate).start()
    move(instance, f"sqlite:///{tmp_path}/back.db")
    assert (tmp_path / "back.db").exists()


def test_the_old_one_is_not_served_by_mistake(instance, receipts, new_postgres):
    move(instance, new_postgres)
    with opened(instance) as office:  # until settings name the new one, nothing changes
        founding.check(office)
    old = (instance / "settings.toml").read_text()
    name_in_settings(instance, new_postgres)
    with opened(instance) as office:
        founding.check(office)
    (instance / "settings.toml").write_text(old)
    with (
        opened(instance) as office,
        pytest.raises(BadSetting, match=r"was moved to postgresql://.*lacks what"),
    ):
        founding.check(office)


def test_nor_the_new_one_where_the_old_one_went_on(instance, receipts, new_postgres):
    """Moved on Monday, served from the old file until Tuesday, and then named: Monday's cases were gone."""
    move(instance, new_postgres)
    with opened(instance) as office:
        send(office, "Sent to the old one.")
    name_in_settings(instance, new_postgres)
    with opened(instance) as office, pytest.raises(BadSetting, match=r"was used again \(cases, "):
        founding.check(office)


def test_a_journal_that_does_not_hold_is_not_moved(instance, receipts, new_postgres):
    with sqlite3.connect(instance / "intake.db") as connection:
        connection.execute("DROP TRIGGER journal_no_update")
        connection.execute("UPDATE journal SET act = 'nothing' WHERE number = 3")
    with pytest.raises(Refused, match="Line 3 was changed"):
        move(instance, new_postgres)
    assert not any(one.rows for one in rows_of(new_postgres).values())


def test_samples_that_cannot_be_opened_keep_it_from_being_moved(instance, receipts, new_postgres):
    for proof, words in (
        (Proof(MAYA, "wrong", 3), "password is not right"),
        (Proof("monitoring@demonstration.example", PASSWORD, 3), "can open no case"),
    ):
        with pytest.raises(Refused, match=words):
            move(instance, new_postgres, proof=proof)
    assert not any(one.rows for one in rows_of(new_postgres).values())


def test_what_cannot_be_reached_is_said_in_words(instance, receipts):
    with pytest.raises(Refused, match=r"Nothing was moved, and the old database is as it was. .*refused"):
        move(instance, "postgresql://nobody@127.0.0.1:1/nowhere")
    for nonsense in ("mysql://x/y", "nonsense", "sqlite://", "postgresql://host"):
        with pytest.raises(Refused, match="postgresql://user@host/name"):
            move(instance, nonsense)


def test_what_postgresql_cannot_keep_is_said_and_nothing_is_moved(instance, receipts, new_postgres):
    with opened(instance) as office, database.writing(office.session):
        office.session.add(Theme(id="2", name="A zero\0inside"))
    with pytest.raises(Refused, match="Nothing was moved"):
        move(instance, new_postgres)
    with opened(instance) as office:
        assert office.session.scalar(select(func.count()).select_from(Case)) == len(receipts)

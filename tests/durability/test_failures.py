"""What a database cannot do now is told in words; a statement of ours that is wrong is none of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.pool import NullPool

from intake.database import NotStored, drafts_of, in_words, reading, writing

WRONG = ("SELECT no_such_column FROM {}", "SELECT FROM WHERE", "SELECT no_such_function(1)")


def test_a_statement_that_is_wrong_is_no_trouble_of_the_databases(office):
    """Seen before: it was told as one to try again in a few minutes, and no log had it."""
    for way in (reading, writing):
        for wrong in WRONG:
            with pytest.raises(DBAPIError), way(office.session):
                office.session.execute(text(wrong.format("cases")))
    for wrong in WRONG:
        with pytest.raises(office.drafts.dialect.loaded_dbapi.Error), drafts_of(office.drafts) as drafts:
            drafts.say(wrong.format("kept_drafts"))


def test_a_broken_constraint_is_none_either(office):
    twice = text("INSERT INTO journal SELECT * FROM journal")
    with pytest.raises(IntegrityError), writing(office.session):
        office.session.execute(twice)


def test_what_is_told_as_the_databases_trouble_leaves_a_trace_without_words_of_anybody(
    office, caplog, monkeypatch
):
    """Seen before: a table was gone, everybody was asked to try again in a few minutes, and no log said why."""
    monkeypatch.setattr("intake.database.failures._noted", {})  # as in a process of its own
    for _ in range(3):
        with pytest.raises(NotStored), reading(office.session):
            office.session.execute(text("SELECT 'Kamila Zieba' FROM no_such_table"))
        with pytest.raises(NotStored), writing(office.session):
            office.session.execute(text("DELETE FROM no_such_table WHERE name = 'Kamila Zieba'"))
    told = [message for message in caplog.messages if "could not do what was asked" in message]
    assert 1 <= len(told) <= 2  # once an hour and not with each try: a line has the minute of somebody's
    assert "no such table" in told[0] or "42P01" in told[0]
    assert "Kamila" not in caplog.text


@pytest.fixture
def file(tmp_path):
    with closing(sqlite3.connect(tmp_path / "file.db", isolation_level=None)) as connection:
        connection.execute("CREATE TABLE words (word)")
        yield tmp_path / "file.db", connection


def spoilt(file, _connection) -> str:
    file.write_bytes(b"This is no database." * 1_000)
    return f"sqlite:///{file}"


def gone(file, _connection) -> str:
    return f"sqlite:///{file.with_name('no-such-folder')}/file.db"


def read_only(file, _connection) -> str:
    return f"sqlite:///file:{file}?mode=ro&uri=true"


def held(file, connection) -> str:
    connection.execute("BEGIN EXCLUSIVE")
    return f"sqlite:///{file}?timeout=0"


def full(file, _connection) -> str:
    return f"sqlite:///{file}"


def another(file, _connection) -> str:
    return f"sqlite:///{file.with_name('another.db')}"


def write(engine: Engine) -> None:
    """More than three pages hold."""
    with in_words(engine), engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 3")
        connection.execute(text("INSERT INTO words VALUES (:word)"), {"word": "x" * 100_000})


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (spoilt, "no database of SQLite's"),
        (gone, "cannot be opened"),
        (read_only, "takes no changes"),
        (held, "try again in a few minutes"),
        (full, "disk is full"),
        (another, "try again in a few minutes"),
    ],
)
def test_a_file_that_cannot_be_had_is_told(file, trouble, words):
    with pytest.raises(NotStored, match=words):
        write(create_engine(trouble(*file), poolclass=NullPool))


@pytest.mark.sqlite
def test_letters_that_a_disk_spoilt_are_told(file):
    place, connection = file
    connection.execute("INSERT INTO words VALUES (CAST(x'ff' AS TEXT))")
    engine = create_engine(f"sqlite:///{place}", poolclass=NullPool)
    with pytest.raises(NotStored), in_words(engine), engine.connect() as reader:
        reader.execute(text("SELECT word FROM words")).all()

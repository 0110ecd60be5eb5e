"""What happens on a day, and what is in the database after it."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import event, select

from intake import database
from intake.database import rewriting
from intake.models import Case
from intake.services.cases.words import Answer
from intake.services.ground import press
from intake.services.holders import returning, submitting
from intake.services.holders.submitting import Submission


def send(office, now, length=1) -> str:
    submission = Submission(
        "corporate", "named", (Answer("What happened?", "Something. " * length),), (Answer("Name", "Vera"),)
    )
    return submitting.receive(office, submission, token=press.new_token(), now=now).receipt


def write(office, receipt, now, length=1) -> None:
    returning.write(office, receipt, "More words. " * length, token=press.new_token(), now=now)


def busy_day(office, chance: random.Random, number: int, now) -> list[str]:
    """Sends of many lengths. The receipts, in their order."""
    return [send(office, now, chance.choice([1, 1, 5, 100, 1000])) for _ in range(number)]


def at_rest(office) -> Path:
    """The file, with nothing in the log."""
    office.session.rollback()
    engine = office.session.get_bind()
    rewriting.empty_log(engine)
    return Path(engine.url.database)


def ids(office, receipts: list[str]) -> list[str]:
    with database.reading(office.session):
        by_reference = dict(office.session.execute(select(Case.reference, Case.id)).all())
    return [by_reference[returning.reference_of(office, receipt)] for receipt in receipts]


def rows_of(path: Path) -> dict[str, list]:
    """Everything that the database holds."""
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'spare' ORDER BY name"
        ).fetchall()
        return {
            table: sorted(connection.execute(f'SELECT * FROM "{table}"').fetchall(), key=repr)
            for (table,) in tables
        }


def is_sound(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def traced(office, tell) -> None:
    """Tell of each statement that SQLite begins."""
    event.listen(
        office.session.get_bind(), "checkout", lambda connection, *_: connection.set_trace_callback(tell)
    )

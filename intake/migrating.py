"""Bringing a database to the newest shape, with Alembic. Killed at any step, it can be run again.

An upgrade has two halves: the shape, and what has to be worked out anew from the data. Between them the shape is
right and the figures are not. So a mark is set before the first change and taken away after the last
(`under_way`); nothing is served, counted or verified while it stands. And a program that runs on while its database
is upgraded finds another shape at its next write, and refuses it (`expect`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import cast

from sqlalchemy import Engine, Table, delete, insert, inspect, select, text

from intake import database
from intake.config import ROOT
from intake.models.instance import UpgradeUnderWay

MIGRATIONS = ROOT / "migrations"
OF_A_NEWER_PROGRAM = (
    "The database was upgraded by a newer version of Intake. Nothing was changed. Run that version, or a later one; "
    "this one works on a backup that was made before."
)
_REVISIONS = re.compile(r'^(revision|down_revision) = "(\w+)"$', re.MULTILINE)


def upgrade(engine: Engine, to: str = "head") -> None:
    """Run every migration that is missing, up to the one named, each in a transaction of its own.

    Whoever writes waits until it is done. Raises `NotStored`, also for a database of a newer program's.
    """
    # Slow to load, and an instance is upgraded seldom: whatever starts asks for the shape alone.
    from alembic import command
    from alembic.config import Config

    configuration = Config()
    configuration.set_main_option("script_location", str(MIGRATIONS))
    with database.alone(engine, "lock"), database.in_words(engine), engine.connect() as connection:
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, to)


@contextmanager
def under_way(engine: Engine) -> Iterator[bool]:
    """An upgrade from its first change to its last; whether there is anything to do, or to finish.

    The mark stays when the block is left by an error or a kill. A second upgrade waits for the first. Raises
    `NotStored`; nothing is touched then.
    """
    with database.alone(engine, "upgrade"):
        if is_current(engine) and not is_unfinished(engine):
            yield False
            return
        with database.alone(engine, "lock"), database.in_words(engine), engine.begin() as connection:
            cast(Table, UpgradeUnderWay.__table__).create(connection, checkfirst=True)
            connection.execute(delete(UpgradeUnderWay))
            connection.execute(insert(UpgradeUnderWay).values(id=1))
        yield True
        with database.alone(engine, "lock"), database.in_words(engine), engine.begin() as connection:
            connection.execute(delete(UpgradeUnderWay))


def is_current(engine: Engine) -> bool:
    """Whether the database has the shape that this program expects. Raises `NotStored`, and `OlderThanDatabase` for a
    shape that this program does not know."""
    with database.in_words(engine), engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        shape: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if shape and not is_known(shape):
        raise database.OlderThanDatabase(OF_A_NEWER_PROGRAM)
    return shape == newest()


def is_known(revision: str) -> bool:
    """Whether this program knows a shape: its own, or an earlier one that it can bring up to date."""
    return revision in _revisions()["revision"]


def is_unfinished(engine: Engine) -> bool:
    """Whether an upgrade was begun and not finished."""
    with database.in_words(engine), engine.connect() as connection:
        return inspect(connection).has_table(UpgradeUnderWay.__tablename__) and bool(
            connection.scalar(select(UpgradeUnderWay.id))
        )


def expect(engine: Engine) -> None:
    """From now on, refuse each write of this engine to a database of another shape."""
    database.expect_revision(engine, newest())


def newest() -> str:
    """The shape that this program expects: the one on which no other migration rests."""
    (last,) = _revisions()["revision"] - _revisions()["down_revision"]
    return last


@cache
def _revisions() -> dict[str, set[str]]:
    """What the files of the migrations say of themselves, read without the library that runs them."""
    found: dict[str, set[str]] = {"revision": set(), "down_revision": set()}
    for file in (MIGRATIONS / "versions").glob("*.py"):
        for name, value in _REVISIONS.findall(file.read_text("utf-8")):
            found[name].add(value)
    return found

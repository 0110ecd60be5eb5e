"""The migrated database, the models and the written promise say the same."""

from __future__ import annotations

import re
import sqlite3
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect
from sqlalchemy.orm import Session

from intake import migrating
from intake.database import connect
from intake.models import Base, DraftsBase, Sealed
from tests import postgresql

OF_MIGRATIONS = (  # Alembic's own
    "CREATE UNIQUE INDEX alembic_version_pkc ON public.alembic_version USING btree (version_num)"
)
SPEC = Path(__file__).parents[2] / "intake" / "vault" / "SPEC.md"


@pytest.fixture
def empty(database, tmp_path):
    """Makes an engine on an empty database."""
    with ExitStack() as ends:

        def empty() -> Engine:
            url = postgresql.new() if database == "postgresql" else f"sqlite:///{tmp_path / uuid4().hex}.db"
            engine = connect(url)
            ends.callback(engine.dispose)
            return engine

        yield empty


@pytest.fixture
def engine(empty):
    return empty()


@pytest.mark.both
@pytest.mark.filterwarnings("ignore:.*expression-based index")  # of them the next test knows more
def test_the_migrated_head_equals_the_models(engine):
    assert not migrating.is_current(engine)
    migrating.upgrade(engine)
    assert migrating.is_current(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


@pytest.mark.both
def test_every_index_holds_the_same_rows_in_the_same_order_as_the_models_say(empty, database):
    asked = {
        "sqlite": "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql > ''",
        "postgresql": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    }[database]

    def indexes(of) -> set[str]:
        with of.connect() as connection:
            return set(connection.exec_driver_sql(asked).scalars()) - {OF_MIGRATIONS}

    migrated, anew = empty(), empty()
    migrating.upgrade(migrated)
    for index in (index for table in Base.metadata.tables.values() for index in table.indexes):
        some = index.dialect_options["sqlite"]["where"]  # the models say it of SQLite alone
        index.dialect_options["postgresql"]["where"] = some
    Base.metadata.create_all(anew)
    assert indexes(migrated) == indexes(anew)


@pytest.mark.both
def test_an_upgrade_run_again_changes_nothing(engine):
    migrating.upgrade(engine)
    migrating.upgrade(engine)
    assert migrating.is_current(engine)


@pytest.mark.both
def test_a_migration_that_dies_leaves_nothing_behind_and_can_be_run_again(engine, monkeypatch):
    from alembic import op

    execute, calls = op.execute, []

    def dies(statement, *args, **kwargs):
        calls.append(statement)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return execute(statement, *args, **kwargs)

    monkeypatch.setattr(op, "execute", dies)
    with pytest.raises(KeyboardInterrupt):
        migrating.upgrade(engine)
    monkeypatch.undo()
    assert not inspect(engine).has_table("cases")
    migrating.upgrade(engine)
    assert migrating.is_current(engine)


def clear_columns_of_the_models() -> set[tuple[str, str]]:
    return {
        (table.name, column.name)
        for table in (*Base.metadata.sorted_tables, *DraftsBase.metadata.sorted_tables)
        for column in table.columns
        if not isinstance(column.type, Sealed)
    }


def clear_columns_of_the_promise() -> set[tuple[str, str]]:
    rows = re.findall(
        r"^\| (\w+) \| ([\w, ]+) \| (.+) \|$", SPEC.read_text("utf-8").split("## Clear columns")[1], re.M
    )
    return {
        (table, column.strip())
        for table, columns, why in rows[1:]
        for column in columns.split(",")
        if why.strip()
    } - {("table", "column")}


def test_every_clear_column_is_promised_with_a_reason_and_no_other():
    assert clear_columns_of_the_models() == clear_columns_of_the_promise()


def test_rows_of_cases_lie_in_the_order_of_random_keys(instance):
    with sqlite3.connect(instance / "intake.db") as connection:
        for table in ("cases", "records", "envelopes", "receipts", "events", "notices"):
            (sql,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()
            assert "WITHOUT ROWID" in sql


@pytest.mark.both
def test_the_journal_refuses_an_edit_and_a_deletion(office):
    with Session(office.session.get_bind()) as session:
        for statement in ("UPDATE journal SET act = 'nothing'", "DELETE FROM journal"):
            with pytest.raises(Exception, match="append-only"):
                session.connection().exec_driver_sql(statement)
            session.rollback()

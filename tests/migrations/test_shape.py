"""The migrated database, the models and the written promise say the same."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.orm import Session

from intake import database, migrating
from intake.models import Base, DraftsBase, Sealed

SPEC = Path(__file__).parents[2] / "intake" / "vault" / "SPEC.md"


@pytest.fixture
def engine(tmp_path):
    engine = database.connect(f"sqlite:///{tmp_path / 'new.db'}")
    yield engine
    engine.dispose()


@pytest.mark.filterwarnings("ignore:.*expression-based index")  # of them the next test knows more
def test_the_migrated_head_equals_the_models(engine):
    assert not migrating.is_current(engine)
    migrating.upgrade(engine)
    assert migrating.is_current(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_every_index_holds_the_same_rows_in_the_same_order_as_the_models_say(engine, tmp_path):
    def indexes(of):
        with of.connect() as connection:
            return set(
                connection.exec_driver_sql(
                    "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql > ''"
                ).scalars()
            )

    migrating.upgrade(engine)
    anew = database.connect(f"sqlite:///{tmp_path / 'models.db'}")
    Base.metadata.create_all(anew)
    assert indexes(engine) == indexes(anew)
    anew.dispose()


def test_an_upgrade_run_again_changes_nothing(engine):
    migrating.upgrade(engine)
    migrating.upgrade(engine)
    assert migrating.is_current(engine)


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
    with engine.connect() as connection:
        tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE name = 'cases'").all()
    assert tables == []
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


def test_the_journal_refuses_an_edit_and_a_deletion(office):
    with Session(office.session.get_bind()) as session:
        for statement in ("UPDATE journal SET act = 'nothing'", "DELETE FROM journal"):
            with pytest.raises(Exception, match="append-only"):
                session.connection().exec_driver_sql(statement)
            session.rollback()

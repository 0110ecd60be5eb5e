"""Each migration on data: what an earlier version kept is there afterwards, and means the same."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from intake import config, database, migrating
from intake.models import Case, PlaceRow, StageReceipt
from intake.services.ground.office import assemble, make_server_key
from intake.services.ground.roles import VAULTS
from intake.services.instance import backfill
from intake.vault.keys import KeyPair

CASE = "c" * 32


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "settings.toml").write_text("demonstration = true\n")
    settings = config.load(tmp_path)
    make_server_key(settings)
    return settings


@pytest.fixture
def engine(settings):
    engine = database.connect(settings.url)
    yield engine
    engine.dispose()


def of_the_first_shape(engine) -> None:
    """A complaint received on 1 June 2026, taken the day after, extended, answered on the 22nd, at stage 2 now."""
    migrating.upgrade(engine, "0001")
    with engine.begin() as connection:
        for statement in (
            *(
                f"INSERT INTO vaults VALUES ('{vault}', 'the team', x'{KeyPair.generate().public.hex()}', x'00')"
                for vault in VAULTS
            ),
            f"INSERT INTO cases (id, reference, procedure, version, level, channel, service, received_on, stage, "
            f"escalation, revision, journalled) VALUES ('{CASE}', 'BCD-2345', 'corporate', 'two-stage', 'named', "
            "'phone', 'Housing', '2026-06-01', 'stage-2', 0, 6, 1)",
            f"INSERT INTO envelopes VALUES ('vault:complaints', '{CASE}', 'case', x'00')",
            *(
                f"INSERT INTO events (case_id, name, \"on\") VALUES ('{CASE}', '{name}', '{day}')"
                for name, day in (
                    ("received", "2026-06-01"),
                    ("stage-1-acknowledged", "2026-06-02"),
                    ("stage-1-responded", "2026-06-22"),
                    ("stage-2-requested", "2026-07-06"),
                )
            ),
            f"INSERT INTO extensions VALUES ('{CASE}', 'stage-1-response', 0, '2026-06-24', '2026-06-12')",
            f"INSERT INTO stage_receipts VALUES ('{CASE}', 'stage-1', 1, 'corporate-stage-1', '2026-06-01', "
            "'2026-06-22', 'upheld')",
            f"INSERT INTO stage_receipts VALUES ('{CASE}', 'stage-2', 2, 'corporate-stage-2', '2026-07-06', "
            "NULL, NULL)",
            "INSERT INTO journal (number, at, actor, act, case_id, detail, previous, hash) VALUES "
            f"(1, '2026-06-02 09:00:00', 'x', 'allocated', '{CASE}', '{{}}', x'00', x'00')",
        ):
            connection.execute(text(statement))


def stated(engine, settings) -> tuple[Case, dict[str, StageReceipt]]:
    with Session(engine) as session:
        backfill.restate(assemble(settings, session))
        rows = {row.stage: row for row in session.query(StageReceipt)}
        case = session.get(Case, CASE)
        session.expunge_all()
        return case, rows


def test_receipts_of_the_first_shape_carry_everything_that_is_counted_after_the_upgrade(engine, settings):
    of_the_first_shape(engine)
    migrating.upgrade(engine)
    case, rows = stated(engine, settings)
    first, second = rows["stage-1"], rows["stage-2"]
    with Session(engine) as session:
        service = session.get_one(PlaceRow, first.place_id).name
    assert first.place_id == case.place_id
    assert case.allocated_on == date(2026, 6, 2)
    assert (first.measure, first.outcome, first.reader, first.channel) == (
        "corporate-stage-1",
        "upheld",
        "complaints",
        "phone",
    )
    assert (first.due_on, first.met_on, first.working_days) == (date(2026, 6, 24), date(2026, 6, 22), 15)
    assert (first.extensions, first.next_stage, first.allocated_in, service) == (
        1,
        "opened",
        1,
        "Housing",
    )
    assert (first.beyond, second.beyond) == (0, 0)
    assert (second.received_on, second.met_on, second.allocated_in) == (date(2026, 7, 6), None, None)


def test_stating_anew_is_done_once_and_can_be_interrupted(engine, settings, monkeypatch):
    of_the_first_shape(engine)
    migrating.upgrade(engine)
    with Session(engine) as session:
        office = assemble(settings, session)
        monkeypatch.setattr(
            backfill.timekeeping, "restate", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt)
        )
        with pytest.raises(KeyboardInterrupt):
            backfill.restate(office)
        monkeypatch.undo()
        assert backfill.restate(office) == 1
        assert backfill.restate(office) == 0


def test_the_second_migration_killed_half_way_leaves_the_first_shape_whole(engine, settings, monkeypatch):
    from alembic import op

    of_the_first_shape(engine)
    monkeypatch.setattr(op, "drop_table", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        migrating.upgrade(engine)
    monkeypatch.undo()
    with engine.connect() as connection:
        tables = set(
            connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars()
        )
        assert not {"themes", "stage_receipts_before"} & tables
        assert connection.execute(text("SELECT count(*) FROM stage_receipts")).scalar() == 2
    migrating.upgrade(engine)
    assert stated(engine, settings)[1]["stage-1"].channel == "phone"


def test_cases_of_earlier_versions_wait_in_the_ordinary_queue(engine):
    of_the_first_shape(engine)
    migrating.upgrade(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT set_aside FROM cases")).scalars().all() == [0]


def test_cases_of_earlier_versions_stand_in_the_lists_of_those_who_can_open_them(engine):
    of_the_first_shape(engine)
    migrating.upgrade(engine, "0005")
    told = {  # what it has in common with the first one, and what it is by now: reader, list_day, set_aside
        "a": (
            "closed_on = '2026-06-30', next_due = '2026-07-01', set_aside = 1",
            "complaints",
            "2026-06-30",
            0,
        ),
        "b": ("next_due = '2026-07-02', set_aside = 1", "complaints", "2026-07-02", 1),
        "d": ("next_due = '2026-07-02', set_aside = 1, handler_id = 'x'", "complaints", "2026-07-02", 0),
        "e": ("next_due = NULL", "", "9999-12-31", 0),
    }
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        columns = connection.exec_driver_sql(
            "SELECT group_concat(name) FROM pragma_table_info('cases')"
        ).scalar()
        for name, (changed, reader, *_) in told.items():
            copied = columns.replace("id,", f"'{name}',", 1).replace("reference", f"'{name}'")
            connection.exec_driver_sql(
                f"INSERT INTO cases ({columns}) SELECT {copied} FROM cases WHERE id = '{CASE}'"
            )
            connection.exec_driver_sql(f"UPDATE cases SET {changed} WHERE id = '{name}'")
            holder = f"vault:{reader}" if reader else "staff:somebody"
            connection.exec_driver_sql(f"INSERT INTO envelopes VALUES ('{holder}', '{name}', 'case', x'00')")
            connection.exec_driver_sql(
                f"INSERT INTO envelopes VALUES ('vault:other', '{name}', 'message-0', x'00')"
            )
        connection.exec_driver_sql(
            "INSERT INTO staff (id, email, name, role, active, added_at, last_code) "
            "VALUES ('x', 'x', 'x', 'complaints-officer', 1, '2026-06-01', 0)"
        )
    migrating.upgrade(engine)
    with engine.connect() as connection:
        found = connection.exec_driver_sql(
            f"SELECT id, reader, list_day, set_aside FROM cases WHERE id <> '{CASE}' ORDER BY id"
        ).all()
    assert [tuple(row) for row in found] == [(name, *of) for name, (_, *of) in told.items()]


def test_what_was_answered_and_not_closed_waits_to_be_closed_after_the_upgrade(engine, settings):
    of_the_first_shape(engine)
    with engine.begin() as connection:
        for statement in (
            "DELETE FROM events WHERE name = 'stage-2-requested'",
            "DELETE FROM stage_receipts WHERE stage = 'stage-2'",
            "UPDATE cases SET stage = 'stage-1'",
        ):
            connection.execute(text(statement))
    migrating.upgrade(engine)
    with Session(engine) as session:
        office = assemble(settings, session)
        assert backfill.place_answered(office) == 1
        assert backfill.place_answered(office) == 0
        case = session.get(Case, CASE)
        assert (case.answered_on, case.list_day) == (date(2026, 6, 22), date(2026, 6, 22))


def test_what_is_still_to_be_answered_stays_where_it_is(engine, settings):
    of_the_first_shape(engine)
    migrating.upgrade(engine)
    with Session(engine) as session:
        assert backfill.place_answered(assemble(settings, session)) == 0
        assert session.get(Case, CASE).answered_on is None


def test_a_line_from_before_is_the_vaults_that_has_its_case_or_of_whoever_did_it(engine, settings):
    of_the_first_shape(engine)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO staff (id, email, name, role, active, added_at, last_code) VALUES "
                "('alternate', 'a@b.example', 'A', 'alternate-recipient', 1, '2026-06-01 09:00:00', 0)"
            )
        )
        for number, actor, case in (
            (2, "alternate", "NULL"),
            (3, "tick", "NULL"),
            (4, "tick", f"'{'d' * 32}'"),
        ):
            connection.execute(
                text(
                    "INSERT INTO journal (number, at, actor, act, case_id, detail, previous, hash) VALUES "
                    f"({number}, '2026-06-02 09:00:00', '{actor}', 'signed-in', {case}, '{{}}', x'00', x'00')"
                )
            )
    migrating.upgrade(engine)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT vault FROM journal ORDER BY number")).scalars().all()
        assert found == ["complaints", "whistleblowing-alternate", None, None]
        with pytest.raises(Exception, match="append-only"):
            connection.execute(text("UPDATE journal SET vault = NULL"))

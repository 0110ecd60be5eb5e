"""An upgrade that is killed at any step is refused until it has been finished, and then its figures are right."""

from __future__ import annotations

import os
import shutil
import signal
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from sqlalchemy import event
from sqlalchemy.orm import Session

from intake import config, database, migrating
from intake.cli import main
from intake.config import BadSetting
from intake.database import OlderThanDatabase, writing
from intake.models import Coverage
from intake.services.ground.office import assemble, make_server_key
from intake.services.instance import backfill, founding, upgrading
from tests.by_hand import by_hand

from .test_data import of_the_first_shape

MOMENT = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)


@pytest.fixture
def first_shape(tmp_path):
    """The folder of an instance that an earlier version made, with a complaint in it."""
    place = tmp_path / "first"
    place.mkdir()
    (place / "settings.toml").write_text("demonstration = true\n")
    settings = config.load(place)
    make_server_key(settings)
    engine = database.connect(settings.url)
    of_the_first_shape(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO instance VALUES (1, 1, '2026-04-01')")
    engine.dispose()
    return place


def office_of(place):
    settings = config.load(place)
    engine = database.connect(settings.url)
    return engine, assemble(settings, Session(engine))


def upgrade_in_a_child(place, dies_before: int) -> int:
    """Upgrade in a process that is killed before its n-th statement. Returns how it ended: 0 when it finished."""
    child = os.fork()
    if child == 0:
        seen = 0
        engine, office = office_of(place)

        @event.listens_for(engine, "before_cursor_execute")
        def _count(*_) -> None:
            nonlocal seen
            seen += 1
            if seen == dies_before:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            upgrading.bring_up_to_date(office, now=MOMENT)
        finally:
            os._exit(0)
    return os.waitpid(child, 0)[1]


def refused(office) -> str | None:
    """In which words it refuses to start, or None."""
    try:
        founding.check(office)
    except BadSetting as refusal:
        return str(refusal)
    return None


def receipts(place) -> list[tuple]:
    with by_hand(place) as connection:
        return connection.execute(
            "SELECT stage, channel, reader, due_on, working_days FROM stage_receipts ORDER BY stage"
        ).fetchall()


def test_killed_before_any_statement_it_is_refused_or_as_before_and_finishes_when_run_again(
    first_shape, tmp_path
):
    done = tmp_path / "done"
    shutil.copytree(first_shape, done)
    assert upgrade_in_a_child(done, dies_before=0) == 0
    whole = receipts(done)
    assert [row[1] for row in whole] == ["phone", "phone"]

    kills, statement = 0, 1
    while True:
        place = tmp_path / f"killed-{statement}"
        shutil.copytree(first_shape, place)
        if upgrade_in_a_child(place, dies_before=statement) == 0:
            break
        kills += 1
        engine, office = office_of(place)
        if (refusal := refused(office)) is None:  # it may serve only when nothing is left to do
            assert receipts(place) == whole
        else:
            assert "intake upgrade" in refusal
        upgrading.bring_up_to_date(office, now=MOMENT)
        founding.check(office)
        engine.dispose()
        assert receipts(place) == whole
        shutil.rmtree(place)
        statement += 3
    assert kills > 10


def test_between_the_two_halves_every_command_says_what_to_do(first_shape, monkeypatch):
    """Seen before: shape right, receipts unstated, and `counts` printed 288 of 580."""
    engine, office = office_of(first_shape)
    monkeypatch.setattr(backfill, "restate", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        upgrading.bring_up_to_date(office, now=MOMENT)
    monkeypatch.undo()
    assert migrating.is_current(engine)
    engine.dispose()
    monkeypatch.setenv("INTAKE_INSTANCE", str(first_shape))
    for command in (
        ("serve",),
        ("counts", "--year", "2026-27"),
        ("audit", "verify"),
        ("tick",),
        ("staff", "list"),
    ):
        refused = CliRunner().invoke(main, command)
        assert refused.exit_code == 1, command
        assert "run `intake upgrade` again" in refused.output
    assert CliRunner().invoke(main, ["upgrade"]).exit_code == 0
    assert CliRunner().invoke(main, ["staff", "list"]).exit_code == 0


@pytest.mark.both
def test_a_program_that_ran_on_through_an_upgrade_writes_nothing_more(instance, office):
    """Seen before: a tick of the old version was still at work 43 minutes later."""
    founding.check(office)
    with writing(office.session):
        pass
    office.session.rollback()
    with by_hand(instance) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(OlderThanDatabase, match="Restart"), writing(office.session):
        office.session.add(Coverage(measure="x", first_day=office.today(MOMENT), last_day=None))
    assert office.session.get(Coverage, ("x", office.today(MOMENT))) is None
    office.session.rollback()
    with pytest.raises(OlderThanDatabase, match="newer version of Intake"):
        upgrading.bring_up_to_date(office, now=MOMENT)
    assert not migrating.is_unfinished(office.session.get_bind())

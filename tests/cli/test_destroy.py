"""What was destroyed goes from backups too, as an administrator types it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from click.testing import CliRunner

from intake.cli import main
from intake.services.instance import backups
from intake.services.retention import listing, marks
from tests.actors import complaint, send
from tests.cli.test_backup import paper_of
from tests.services.retention.story import OVER, SENT, answered_and_closed, propose_all, worked_on_until


@pytest.fixture(autouse=True)
def that_day():
    """The day on which the time of a case was over."""
    with time_machine.travel(OVER, tick=False):
        yield


@pytest.fixture
def run(monkeypatch, instance, tmp_path):
    """Run a command on the instance, or on another folder."""

    def run(*arguments: str, given: str = "", on=instance):
        monkeypatch.setenv("INTAKE_INSTANCE", str(on))
        return CliRunner().invoke(main, arguments, input=given, catch_exceptions=False)

    return run


@pytest.fixture
def paper(office) -> str:
    return backups.new_key(office, now=SENT).text


@pytest.fixture
def agreed(office, officer, manager, paper):
    """Two people agreed to destroy a case, and the machine went down before it was done."""
    from intake.demonstration.living import PASSWORD

    sent = send(office, complaint(), now=SENT)
    answered_and_closed(office, officer, sent.reference)
    worked_on_until(office, OVER)
    proposed = propose_all(office, officer)
    view = listing.look(office, manager, proposed.id, now=OVER)
    listing.confirm(office, manager, proposed.id, view.digest, PASSWORD, now=OVER)
    return sent


def test_from_a_backup_before_to_the_burnt_paper(run, tmp_path, agreed, paper):
    old, fresh = tmp_path / "old", tmp_path / "fresh"
    assert run("backup", str(old)).exit_code == 0
    assert "Nothing was destroyed" in run("destroy", "status").output
    assert run("destroy", "burnt").exit_code == 1
    ticked = run("tick")
    assert ticked.exit_code == 0, ticked.output
    told = run("destroy", "status").output
    assert "1 case destroyed up to 9 June 2032 can still come back" in told
    assert "can still come back" in run("check").output
    refused = run("destroy", "burnt")
    assert "still the one of before" in refused.output
    finished = run("destroy", "finish", str(fresh), "--print-keys-anyway")
    assert finished.exit_code == 0, finished.output
    new, mark = paper_of(finished.output)
    assert mark not in told
    assert "Burn the paper with the fingerprint" in finished.output
    assert run("destroy", "finish", str(fresh), "--print-keys-anyway").exit_code == 1
    assert run("destroy", "burnt").exit_code == 0
    assert "Nothing was destroyed" in run("destroy", "status").output
    assert "can still come back" not in run("check").output
    verified = run("audit", "verify")
    assert verified.exit_code == 0, verified.output
    assert run("backup", "--rehearse", str(old), given=f"{new}\n").exit_code == 1


def test_an_old_backup_is_restored_with_the_list_or_told(run, tmp_path, agreed, paper, instance):
    old = tmp_path / "old"
    assert run("backup", str(old)).exit_code == 0
    run("tick")
    kept = tmp_path / "kept.list"
    kept.write_bytes((instance / marks.LIST).read_bytes())
    without = run("restore", str(old), given=f"{paper}\n", on=tmp_path / "without").output
    assert "What was destroyed after 9 June 2032 stands in it again" in without
    told = run("restore", str(old), "--destroyed", str(kept), given=f"{paper}\n", on=tmp_path / "new").output
    assert "nothing is left in it" in told
    assert run("audit", "verify", on=tmp_path / "new").exit_code == 0
    assert agreed.reference.encode() not in (tmp_path / "new" / "intake.db").read_bytes()
    assert agreed.reference.encode() in (tmp_path / "without" / "intake.db").read_bytes()


def test_a_clock_ahead_is_told_by_the_tick_and_destroys_nothing(run, agreed, office):
    with time_machine.travel(datetime(2042, 6, 9, 10, 0, tzinfo=UTC), tick=False):
        ticked = run("tick")
    assert ticked.exit_code == 1
    assert "What was agreed to be destroyed" in ticked.output

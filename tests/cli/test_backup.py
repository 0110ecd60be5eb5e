"""A backup and a restore as an administrator types them, with the key on paper."""

from __future__ import annotations

import re
import sqlite3

import pytest
from click.testing import CliRunner

from intake.cli import main
from intake.vault.backup import new_shelf
from intake.vault.recovery import RecoveryKey

PEOPLE = [
    line
    for who in ("lead", "mo", "alternate")
    for line in (f"{who}@council.example", who, "four quiet words here", "four quiet words here")
]


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Run a command on an instance of its own, or on another folder."""

    def run(*arguments: str, given: str = "", on: str = "instance"):
        monkeypatch.setenv("INTAKE_INSTANCE", str(tmp_path / on))
        return CliRunner().invoke(main, arguments, input=given, catch_exceptions=False)

    return run


def paper_of(printed: str) -> tuple[str, str]:
    """The recovery key of backups and its fingerprint."""
    found = re.search(r"(\S+)\n +fingerprint of the key of backups: (\S+)", printed)
    return found[1], found[2]


def test_the_journal_and_every_key_hold_from_set_up_to_restore(run, tmp_path):
    """A fresh instance failed its own check: an alarm that always rings is one that nobody hears."""
    answers = "\n".join(["Testford", "testford.example", *PEOPLE]) + "\n"
    first, _ = paper_of(run("init", "--print-keys-anyway", given=answers).output)
    assert run("audit", "verify").exit_code == 0
    made = run("backup", "--new-key", "--print-keys-anyway")
    paper, mark = paper_of(made.output)
    assert run("audit", "verify").exit_code == 0
    assert mark in run("vault", "check", "backup", given=f"{paper}\n").output
    assert run("vault", "check", "backup", given=f"{first}\n").exit_code == 1
    assert run("upgrade").exit_code == 0
    head = run("audit", "head").output.strip()
    file = str(tmp_path / "b")
    assert run("backup", file).exit_code == 0
    prints = re.findall(r"^\S+  \S+", run("vault", "list").output, re.M)
    assert len(prints) == 4
    rehearsed = run("backup", "--rehearse", file, "--against", head, given=f"{paper}\n").output
    restored = run("restore", file, "--against", head, given=f"{paper}\n", on="new").output
    for line in prints:
        assert line in rehearsed
        assert line in restored
    assert "lead@council.example  lead, Complaints manager; opens complaints" in restored
    assert run("audit", "verify", on="new").exit_code == 0
    assert run("check", on="new").exit_code == 0
    assert run("backup", str(tmp_path / "next"), on="new").exit_code == 0


def test_mallorys_row_gets_no_backup_at_the_command_line_either(run, tmp_path):
    run("init", "--demonstration")
    run("backup", "--new-key", "--print-keys-anyway")
    shelf = new_shelf(RecoveryKey.generate())
    with sqlite3.connect(tmp_path / "instance" / "intake.db") as connection:
        connection.execute(
            "UPDATE vaults SET public = ?, sealed_to_recovery = ? WHERE id = 'backup'",
            (shelf.public, shelf.sealed),
        )
    refused = run("backup", str(tmp_path / "b"))
    assert refused.exit_code == 1
    assert "intake backup --new-key" in refused.output
    for command in (["check"], ["audit", "verify"]):
        assert run(*command).exit_code == 1


@pytest.mark.parametrize(
    "command", [["init", "--demonstration"], ["upgrade"], ["check"], ["serve"], ["tick"], ["demo"]]
)
def test_no_command_begins_another_instance_where_one_is_restored_in_part(run, tmp_path, command):
    (tmp_path / "instance" / ".restoring").mkdir(parents=True)
    refused = run(*command)
    assert refused.exit_code == 1
    assert "restored in part" in refused.output
    assert [path.name for path in (tmp_path / "instance").iterdir()] == [".restoring"]

"""Passwords and printed keys: asked for when all else is right, unseen, and in words where nobody is there."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from intake.cli import main
from intake.demonstration.living import PASSWORD
from tests import postgresql

pytestmark = pytest.mark.sqlite
MAYA = "officer@demonstration.example"
BACKUP = ("backup", "--rehearse")


@pytest.fixture
def run(monkeypatch, instance):
    monkeypatch.setenv("INTAKE_INSTANCE", str(instance))
    return lambda *arguments, given="": CliRunner().invoke(
        main, arguments, input=given, catch_exceptions=False
    )


@pytest.fixture
def without_a_terminal(instance):
    """Run a command as a timer does, or a script."""

    def run(*arguments: str, given: str = "") -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "intake.cli", *arguments],
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=os.environ | {"INTAKE_INSTANCE": str(instance)},
            text=True,
            start_new_session=True,
        )
        return done.returncode, done.stdout

    return run


def missing(_tmp_path) -> str:
    return postgresql.shared().url("no-such")


def taken(_tmp_path) -> str:
    url = postgresql.new()
    postgresql.shared().do("CREATE TABLE theirs (x text)", url.rpartition("/")[2])
    return url


@pytest.mark.parametrize(
    ("place", "says"),
    [
        (missing, "There is no database no-such"),
        (taken, "is not empty: it holds the tables theirs"),
        (lambda there: f"sqlite:///{there}/no/such.db", "There is no folder"),
        (lambda there: f"sqlite:///{there}", "is there already"),
    ],
)
def test_the_database_is_looked_at_before_anybody_types(run, tmp_path, place, says):
    refused = run("migrate-to", place(tmp_path), "--as", MAYA, given=f"{PASSWORD}\n")
    assert refused.exit_code == 1
    assert says in refused.output
    assert "Errno" not in refused.output
    assert "Password" not in refused.output
    assert "nobody can write" not in refused.output


def test_a_password_on_the_command_line_is_told_to_be_seen_and_not_repeated(run):
    url = postgresql.new().replace("intake@", "intake:a-word@")
    moved = run("migrate-to", url)
    assert moved.exit_code == 0
    assert "everybody on this machine could see it" in moved.output
    assert "and its password, which is not printed" in moved.output
    assert "a-word" not in moved.output
    assert "everybody on this machine" not in run("migrate-to", postgresql.new()).output


@pytest.mark.parametrize("command", [BACKUP, ("restore",)])
def test_a_file_is_looked_for_before_anybody_types_a_key(run, tmp_path, command):
    refused = run(*command, str(tmp_path / "b"), given="A key\n")
    assert refused.exit_code == 1
    assert f"There is no file {tmp_path / 'b'}" in refused.output
    assert "Recovery key" not in refused.output


def test_so_are_the_heads_and_the_folder(run, tmp_path):
    (tmp_path / "b").write_text("no backup")
    heads = run(*BACKUP, str(tmp_path / "b"), "--against", str(tmp_path / "heads"), given="A key\n")
    folder = run("restore", str(tmp_path / "b"), given="A key\n")
    for refused, says in ((heads, "The heads cannot be read"), (folder, "holds an instance")):
        assert refused.exit_code == 1
        assert says in refused.output
        assert "Recovery key" not in refused.output


def test_who_has_an_account_is_asked_for_no_password(run):
    refused = run("staff", "add", MAYA, "--name", "Maya", "--role", "senior-officer", "--here")
    assert refused.exit_code == 1
    assert "already an account" in refused.output
    assert "Password" not in refused.output


def test_without_a_terminal_it_is_said_what_to_do(without_a_terminal, tmp_path):
    """A warning of the language's and "Aborted!" stood there."""
    (tmp_path / "b").write_text("no backup")
    for command in (
        ("migrate-to", postgresql.new(), "--as", MAYA),
        (*BACKUP, str(tmp_path / "b")),
        ("vault", "check", "complaints"),
        ("staff", "add", "new@council.example", "--name", "New", "--role", "senior-officer", "--here"),
    ):
        status, told = without_a_terminal(*command)
        assert status == 1
        assert "There is no terminal to ask in" in told
        for raw in ("Warning", "Aborted", "Traceback"):
            assert raw not in told


def test_without_a_terminal_it_is_read_from_standard_input(without_a_terminal):
    status, told = without_a_terminal("migrate-to", postgresql.new(), "--as", MAYA, given=f"{PASSWORD}\n")
    assert status == 1
    assert f"{MAYA} can open no case" in told  # the password was right
    assert "Warning" not in told
    assert PASSWORD not in told

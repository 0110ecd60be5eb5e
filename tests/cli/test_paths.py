"""Files and folders that cannot be had are told in words, whichever command they were named to."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from intake.cli import main

pytestmark = pytest.mark.sqlite
NOWHERE = "{there}/no/such/file"
YEAR = ("counts", "--year", "2026-27")


@pytest.fixture
def run(monkeypatch, instance):
    monkeypatch.setenv("INTAKE_INSTANCE", str(instance))
    return lambda *arguments, on=None: CliRunner().invoke(
        main, arguments, catch_exceptions=False, env={"INTAKE_INSTANCE": str(on)} if on else None
    )


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("backup", NOWHERE), "There is no folder {there}/no/such: make it, or name a file elsewhere."),
        (("backup", "{there}"), "is a directory"),
        (("backup", "{there}/file/b"), "There is no folder {there}/file: make it"),
        (("backup", "--rehearse", NOWHERE), "There is no file " + NOWHERE),
        (("backup", "--rehearse", "{there}"), "is a directory"),
        (("restore", NOWHERE), "There is no file " + NOWHERE),
        (
            (*YEAR, "--out", NOWHERE),
            "could not be written. " + NOWHERE + ": there is no such file or folder.",
        ),
        ((*YEAR, "--out", "{there}/file/x"), "{there}/file/x: a part of its path is no folder."),
        (("audit", "verify", "--against", NOWHERE), NOWHERE + ": there is no such file or folder."),
        (("audit", "verify", "--against", "{there}"), "{there}: it is a folder."),
        (("audit", "verify", "--against", "{there}/file"), "it is no text"),
        (("register", "import", NOWHERE), "does not exist"),
        (("register", "import", "{there}"), "is a directory"),
        (("migrate-to", "sqlite:///" + NOWHERE), "There is no folder {there}/no/such: make it"),
    ],
)
def test_a_path_that_leads_nowhere_is_told_in_words(run, tmp_path, command, says):
    """Some printed `[Errno 2]` and the name of a file that nobody had named, others a trace."""
    (tmp_path / "file").write_bytes(b"\xff")
    run("backup", "--new-key", "--print-keys-anyway")
    refused = run(*(part.format(there=tmp_path) for part in command))
    assert refused.exit_code in (1, 2)
    assert says.format(there=tmp_path) in refused.output
    assert "Errno" not in refused.output
    assert ".part" not in refused.output


@pytest.mark.parametrize("command", [["check"], ["init", "--demonstration"], ["tick"], ["serve"]])
def test_a_file_in_the_place_of_the_instances_folder_is_told(run, tmp_path, command):
    (tmp_path / "file").write_text("Not a folder.")
    refused = run(*command, on=tmp_path / "file")
    assert refused.exit_code == 1
    assert "a part of its path is no folder" in refused.output


def test_a_file_in_the_place_of_the_keys_is_told(run, instance):
    (instance / "keys").rename(instance / "kept")
    (instance / "keys").write_text("Not a folder.")
    refused = run("check")
    assert refused.exit_code == 1
    assert "keys/server.key: a part of its path is no folder." in refused.output
    assert "Errno" not in refused.output


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no such device")
def test_a_full_disk_is_told(run):
    refused = run(*YEAR, "--out", "/dev/full")
    assert refused.exit_code == 1
    assert "could not be written. The disk is full." in refused.output


def test_to_move_what_was_never_set_up_is_refused(run, tmp_path):
    refused = run("migrate-to", f"sqlite:///{tmp_path}/x.db", on=tmp_path / "nowhere")
    assert refused.exit_code == 1
    assert "run `intake init`" in refused.output

"""Somebody has left: the administrator changes their team's key, with a member who sits beside them."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
from contextlib import contextmanager

import pytest
from click.testing import CliRunner

from intake.cli import main
from intake.demonstration.living import PASSWORD
from intake.services.ground import pinning
from intake.services.people import rewrapping
from tests import postgresql
from tests.actors import complaint, send
from tests.by_hand import by_hand
from tests.cli.papers import shares_of
from tests.conftest import serving
from tests.services.people.rotation import MAYA, TOM, begin, go_on, read_all, some_cases

pytestmark = pytest.mark.sqlite
ROTATE = ("vault", "rotate", "complaints", "--print-keys-anyway")


@pytest.fixture
def run(monkeypatch, instance):
    monkeypatch.setenv("INTAKE_INSTANCE", str(instance))
    return lambda *arguments, given="": CliRunner().invoke(
        main, arguments, input=given, catch_exceptions=False
    )


class Console:
    """A command that somebody talks with."""

    def __init__(self, process: subprocess.Popen) -> None:
        self.process, self.told = process, ""

    def until(self, words: str) -> str:
        """Read on until it says so."""
        while words not in self.told:
            more = self.process.stdout.read1(4096).decode()
            assert more, f"It ended without {words!r}: {self.told}"
            self.told += more
        before, _, self.told = self.told.partition(words)
        return before

    def type(self, line: str) -> None:
        self.process.stdin.write(f"{line}\n".encode())
        self.process.stdin.flush()

    def ends(self) -> tuple[int, str]:
        rest, _ = self.process.communicate()
        return self.process.returncode, self.told + rest.decode()


@pytest.fixture
def talk(instance):
    @contextmanager
    def talk(*arguments: str):
        process = subprocess.Popen(
            [sys.executable, "-m", "intake.cli", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=os.environ | {"INTAKE_INSTANCE": str(instance)},
            start_new_session=True,
        )
        try:
            yield Console(process)
        finally:
            process.kill()
            process.wait()

    return talk


def test_a_leaver_is_switched_off_and_the_key_changed_with_a_member_at_the_console(
    run, talk, office, manager, instance
):
    some_cases(office)
    told = run("staff", "disable", MAYA).output
    assert "may have kept the key of the vault 'complaints'" in told
    assert "`intake vault rotate complaints`" in told
    checked = run("check")
    assert checked.exit_code == 0
    assert f"{MAYA} could open the vault 'complaints' and may have kept its key" in checked.output
    before = pinning.publics(office)["complaints"]
    with talk(*ROTATE, "--as", TOM) as console:
        console.until("Password")
        console.type(PASSWORD)
        shown = console.until("Are these all")
        assert TOM in shown
        assert MAYA not in shown
        console.type("y")
        printed = console.until("One of the three")
        papers = shares_of(printed, "complaints")
        assert pinning.publics(office)["complaints"] == before  # the papers come first
        console.type(papers[2].lower())
        code, rest = console.ends()
    assert code == 0, rest
    assert "6 of 6 sealed anew." in rest
    assert "Nothing lies under the old key" in rest
    assert read_all(office, manager) == 3
    assert pinning.publics(office)["complaints"] != before
    assert "rotate" not in run("check").output
    assert run("audit", "verify").exit_code == 0
    shown = run("vault", "check", "complaints", given="\n".join(papers[1:]) + "\n")
    assert shown.exit_code == 0, shown.output


@pytest.mark.parametrize("slip", ["paper", "people", "password", "terminal"])
def test_whatever_goes_wrong_before_it_changes_nothing(run, talk, office, slip):
    some_cases(office, 1)
    before = pinning.publics(office)
    if slip == "terminal":
        refused = run(*ROTATE[:-1], "--as", TOM, given=f"{PASSWORD}\n")
        assert refused.exit_code == 1
        assert "Nothing was done" in refused.output
        return
    with talk(*ROTATE, "--as", TOM) as console:
        console.until("Password")
        console.type("not-the-password" if slip == "password" else PASSWORD)
        if slip != "password":
            console.until("Are these all")
            console.type("n" if slip == "people" else "y")
        if slip == "paper":
            console.until("One of the three")
            console.type("00000")
        code, rest = console.ends()
    assert code == 1
    assert "Traceback" not in rest
    assert pinning.publics(office) == before
    assert pinning.faults(office) == []


def test_with_the_paper_it_is_gone_on_with_and_everybody_sees_how_far_it_is(run, office, manager):
    some_cases(office)
    _, new = begin(office, manager)
    told = run("check")
    assert told.exit_code == 0
    assert "6 of what lies there is still under the one before" in told.output
    assert run("audit", "verify").exit_code == 0
    refused = run(*ROTATE, "--with-shares", given="wrong\n")
    assert refused.exit_code == 1
    done = run(*ROTATE, "--with-shares", given="\n".join(new.printed[:2]) + "\n")
    assert done.exit_code == 0, done.output
    assert "was changed before" in done.output
    assert "6 of 6 sealed anew." in done.output
    assert "still under" not in run("check").output
    assert read_all(office, manager) == 3


def test_what_does_not_open_is_named_and_the_change_is_not_whole(run, office, manager, instance):
    hurt = some_cases(office)[0]
    _, new = begin(office, manager)
    with by_hand(instance) as connection:
        connection.execute(
            "UPDATE envelopes SET sealed = zeroblob(1169) WHERE scope = 'case' AND case_id = "
            "(SELECT id FROM cases WHERE reference = ?)",
            (hurt,),
        )
    told = run(*ROTATE, "--with-shares", given="\n".join(new.printed[:2]) + "\n")
    assert told.exit_code == 1
    assert f"Something of the case {hurt} does not open" in told.output
    assert "the old key is kept" in told.output


def test_with_several_machines_the_end_waits_for_a_word(run, office, manager, instance, monkeypatch):
    some_cases(office, 1)
    monkeypatch.setenv("INTAKE_MACHINES", "2")
    _, new = begin(office, manager)
    told = run(*ROTATE, "--with-shares", given="\n".join(new.printed[:2]) + "\n")
    assert told.exit_code == 0
    assert "copy keys/vaults.json" in told.output
    assert [(one.vault, one.left) for one in rewrapping.under_way(office)] == [("complaints", 0)]
    told = run(*ROTATE, "--with-shares", "--every-machine", given="\n".join(new.printed[:2]) + "\n")
    assert told.exit_code == 0
    assert rewrapping.under_way(office) == []


def test_serve_starts_in_the_midst_of_it_and_what_comes_is_read(run, office, manager, instance):
    some_cases(office)
    begin(office, manager)
    with serving(instance) as server:
        with urllib.request.urlopen(f"{server.url}/") as answer:  # noqa: S310
            assert answer.status == 200
        assert send(office, complaint()).reference
        assert go_on(office, manager)
    assert read_all(office, manager) == 4


def test_moved_to_another_database_in_the_midst_of_it_it_is_gone_on_with_there(
    run, office, manager, instance
):
    some_cases(office)
    _, new = begin(office, manager)
    office.session.rollback()
    office.session.get_bind().engine.dispose()
    assert run("migrate-to", postgresql.new(), "--as", MAYA, "--set", given=f"{PASSWORD}\n").exit_code == 0
    done = run(*ROTATE, "--with-shares", given="\n".join(new.printed[:2]) + "\n")
    assert done.exit_code == 0, done.output
    assert "6 of 6 sealed anew." in done.output
    assert run("check").exit_code == 0

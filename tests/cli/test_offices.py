"""Offices at the command line: each is set up on purpose, and its key is printed once."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from intake.cli import main
from intake.models import Staff

DEPUTY = "deputy@demonstration.example"
ANYWAY = "--print-keys-anyway"


@pytest.fixture
def run(instance, monkeypatch):
    monkeypatch.setenv("INTAKE_INSTANCE", str(instance))
    return lambda *arguments, typed="": CliRunner().invoke(
        main, arguments, input=typed, catch_exceptions=False
    )


def test_a_new_office_prints_its_key_and_makes_its_first_account(run, office):
    refused = run(
        "staff", "add", "grace@testford.example", "--name", "Grace Obi", "--role", "chief-internal-auditor"
    )
    assert refused.exit_code == 1
    assert "intake office add chief-internal-auditor" in refused.output
    assert run("office", "add", "chief-internal-auditor").exit_code == 1, (
        "to a pipe no key is printed unasked"
    )
    password = "a long enough password\n" * 2
    typed = f"grace@testford.example\nGrace Obi\n{password}"
    made = run("office", "add", "chief-internal-auditor", ANYWAY, typed=typed)
    assert made.exit_code == 0, made.output
    assert re.search(r"whistleblowing-audit .*\n +(\w{5}-){8}\w{5}", made.output)
    listed = run("office", "list").output
    assert re.search(r"chief-internal-auditor .* place 1  in use", listed)
    assert re.search(r"chief-executive .* not set up: `intake office add chief-executive`", listed)
    assert "the last resort" in listed
    again = run("office", "add", "chief-internal-auditor", ANYWAY)
    assert again.exit_code == 1
    assert "is set up" in again.output
    assert run("check").exit_code == 0


def test_a_deputy_who_is_there_is_told_how_they_come_into_their_own(run, office):
    before = office.session.query(Staff).count()
    office.session.rollback()  # what comes after is looked at anew
    made = run("office", "add", "deputy-monitoring-officer", ANYWAY)
    assert made.exit_code == 0, made.output
    assert f"intake vault grant whistleblowing-deputy {DEPUTY}" in made.output
    assert "intake vault remove whistleblowing ADDRESS" in made.output
    shown = next(line for line in run("staff", "list").output.splitlines() if DEPUTY in line)
    assert "vault granted" in shown
    added = run(
        "staff", "add", "kim@testford.example", "--name", "Kim", "--role", "deputy-monitoring-officer"
    )
    assert "'whistleblowing-deputy'" in added.output
    assert office.session.query(Staff).count() == before + 1

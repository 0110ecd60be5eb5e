"""Accounts at the command line: whoever leaves hands over what they hold."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from sqlalchemy import update

from intake.cli import main
from intake.database import writing
from intake.models import Staff
from tests import officers
from tests.actors import MONDAY, arrives

MAYA, TOM = "officer@demonstration.example", "manager@demonstration.example"


@pytest.fixture
def run(instance, monkeypatch):
    monkeypatch.setenv("INTAKE_INSTANCE", str(instance))
    return lambda *arguments: CliRunner().invoke(main, arguments, catch_exceptions=False)


@pytest.fixture
def held(office, officer, manager) -> list[str]:
    references = [arrives(office) for _ in range(2)]
    for reference in references:
        officers.allocate(office, manager, reference, officer.id, revision=1, now=MONDAY)
    return references


def test_whoever_holds_cases_is_switched_off_only_when_somebody_has_them(run, held):
    refused = run("staff", "disable", MAYA)
    assert refused.exit_code == 1
    assert "holds 2 open cases" in refused.output
    assert f"intake staff disable {MAYA} --hand-over-to ADDRESS" in refused.output
    assert run("staff", "disable", MAYA, "--hand-over-to", "monitoring@demonstration.example").exit_code == 1
    done = run("staff", "disable", MAYA, "--hand-over-to", TOM)
    assert done.exit_code == 0, done.output
    assert f"2 open cases handed over to {TOM}." in done.output
    assert "is switched off" in done.output
    assert "last who can open" in run("staff", "disable", TOM, "--hand-over-to", MAYA).output


def test_check_tells_of_cases_that_nobody_at_work_has_and_the_command_that_it_names_mends_it(
    run, held, office
):
    with writing(office.session):
        office.session.execute(update(Staff).where(Staff.email == MAYA).values(active=False))
    told = run("check")
    assert told.exit_code == 1
    assert "still has 2 open cases: nobody at work has them" in told.output
    assert run("staff", "disable", MAYA, "--hand-over-to", TOM).exit_code == 0
    assert "nobody at work" not in run("check").output

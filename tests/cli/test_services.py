"""Whoever runs the machine sets the tree of services from a spreadsheet, and prints one directorate."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from intake.cli import main

LIST = "directorate,service,team\nPlace,Highways,\nPlace,Highways,Potholes\nPeople,Libraries,\n"


@pytest.fixture
def run(monkeypatch, tmp_path):
    monkeypatch.setenv("INTAKE_INSTANCE", str(tmp_path / "instance"))

    def run(*arguments: str):
        return CliRunner().invoke(main, arguments, catch_exceptions=False)

    assert run("init", "--demonstration").exit_code == 0
    return run


def test_an_instance_begins_with_a_countys_services(run):
    told = run("services", "list").output.splitlines()
    assert "Children, Education and Families" in told
    assert "  SEND assessment" in told


def test_a_list_is_taken_in_and_told_and_one_directorate_printed(run, tmp_path):
    file = tmp_path / "services.csv"
    file.write_text(LIST)
    assert run("services", "import", str(file)).output == (
        "5 added, 0 put below what the file names, 0 known already.\n"
    )
    told = run("services", "list").output
    assert "Place\n  Highways\n    Potholes\n" in told
    printed = run("counts", "--year", "2025-26", "--for", "place", "--format", "json")
    assert json.loads(printed.output)["part"] == "Place"
    assert run("counts", "--year", "2025-26", "--for", "Potholes").output.startswith(
        "Place: Highways: Potholes: received, 2025-26"
    )


def test_a_list_with_a_fault_and_a_name_that_is_none_are_told(run, tmp_path):
    file = tmp_path / "services.csv"
    file.write_text("directorate,service\nPlace,Place\n")
    wrong = run("services", "import", str(file))
    assert (wrong.exit_code, "Nothing can stand below itself" in wrong.output) == (1, True)
    wrong = run("counts", "--year", "2025-26", "--for", "Nowhere")
    assert (wrong.exit_code, "no directorate, service or team called 'Nowhere'" in wrong.output) == (1, True)

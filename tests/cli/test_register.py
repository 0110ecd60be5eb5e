"""`intake register` as an administrator uses it."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from intake.cli import main
from tests.register.files import EXAMPLE, as_csv, row


@pytest.fixture
def run(monkeypatch, instance):
    monkeypatch.setenv("INTAKE_INSTANCE", str(instance))
    return lambda *arguments: CliRunner().invoke(main, arguments, catch_exceptions=False)


@pytest.fixture
def file(tmp_path):
    """A file of a register."""

    def write(data: bytes, name: str = "register.csv") -> str:
        path = tmp_path / name
        path.write_bytes(data)
        return str(path)

    return write


def test_a_register_is_imported_and_the_counts_hold_it(run):
    covers = ("--covers", "2023-24=statutory,corporate,ombudsman", "--covers", "2024-25=all")
    dry = run("register", "import", str(EXAMPLE), *covers, "--dry-run")
    assert "1,698 rows would be imported; nothing was kept: 1,698 new" in dry.stdout
    done = run("register", "import", str(EXAMPLE), *covers)
    assert done.exit_code == 0
    assert "1,698 rows imported: 1,698 new, 0 replaced, 0 unchanged." in done.stdout
    assert "% sealing: 1,000 rows" in done.stderr
    assert "0 new, 0 replaced, 1,698 unchanged" in run("register", "import", str(EXAMPLE)).stdout
    told = run("counts", "--year", "2024-25", "--format", "csv").stdout
    assert "720" in told
    assert "2024-04-01 to 2025-03-31" in run("register", "coverage").stdout


def test_each_fault_is_told_and_nothing_is_kept(run, file):
    told = run("register", "import", file(as_csv(row(kind="grumble", received_on="2023-02-29"))))
    assert told.exit_code == 1
    assert told.stdout.splitlines() == [
        "row 2: kind: There is no kind “grumble”. Write one of: corporate, statutory, adult social care, "
        "public health, data protection, suggestion, representation, service request, compliment, general enquiry, "
        "councillor enquiry, mp enquiry, ombudsman enquiry, whistleblowing.",
        "row 2: received_on: “2023-02-29”: there is no 29 February in 2023. Check the date.",
    ]
    assert "2 faults. Nothing was imported." in told.stderr


def test_a_file_that_is_none_is_told_as_a_whole(run, file):
    told = run("register", "import", file(b"", "empty.csv"))
    assert (told.exit_code, told.stdout.split(".")[0]) == (1, "file: The file is empty")


def test_a_heading_is_mapped_once_and_remembered(run, file):
    data = as_csv(row()).replace(b"reference", b"Our No.", 1)
    assert "Our No.: This heading is not known" in run("register", "import", file(data)).stdout
    assert "1 new" in run("register", "import", file(data), "--map", "Our No.=reference").stdout
    assert "1 unchanged" in run("register", "import", file(data)).stdout
    assert run("register", "import", file(data), "--map", "Our No.").exit_code == 2


def test_a_register_without_headings_is_not_repeated(run, file, instance):
    _, case = as_csv(row(complainant="CANARYJANE Smith 07700900123", summary="CANARYSUM")).split(b"\r\n", 1)
    for more in ((), ("--dry-run",), ("--map", "Delay=ignore")):
        told = run("register", "import", file(case + case), *more)
        assert (told.exit_code, told.stdout) == (
            1,
            "row 1: The first row looks like a case and not like headings: put the headings into the first row.\n",
        )
        assert "CANARY" not in told.output + told.stderr
    assert not any(b"CANARY" in path.read_bytes() for path in instance.rglob("*") if path.is_file())


def test_a_column_is_left_out_this_time_alone(run, file, instance):
    data = file(as_csv(row() | {"CANARYJANE": ""}, headings=(*row(), "CANARYJANE")))
    assert "1 new" in run("register", "import", data, "--map", "CANARYJANE=ignore").stdout
    assert not any(
        b"canaryjane" in path.read_bytes().lower() for path in instance.rglob("*") if path.is_file()
    )
    assert "CANARYJANE: This heading is not known" in run("register", "import", data).stdout


def test_a_year_that_is_written_otherwise_is_refused_in_words(run, file):
    told = run("register", "import", file(as_csv(row())), "--covers", "2024=all")
    assert told.exit_code == 1
    assert "Write a financial year as 2024-25" in told.output


def test_a_measure_is_switched_off(run):
    assert run("register", "stop", "compliments", "--after", "30/04/2026").exit_code == 2
    told = run("register", "stop", "compliments", "--after", "2026-04-30")
    assert told.stdout == "Compliments is recorded up to 30 April 2026 and no longer.\n"
    first = run("register", "coverage").stdout.splitlines()[0]
    assert first.split() == ["compliments", "2026-04-01", "to", "2026-04-30"]
    assert "nothing to stop" in run("register", "stop", "compliments", "--after", "2026-04-30").output

"""Whoever tries the program: the demonstration they fill raises no alarm that a real one would."""

from __future__ import annotations

from datetime import date

from click.testing import CliRunner

from intake.cli import main
from intake.counts.quarters import Period
from intake.demonstration import living, words
from tests.conftest import cheap_passwords


def test_the_journal_of_a_demonstration_is_in_the_order_of_its_days(monkeypatch, tmp_path):
    """Set-up was dated at the moment of the command and all else before it: the check said that the clock had been
    put back."""
    monkeypatch.setenv("INTAKE_INSTANCE", str(tmp_path / "instance"))
    last_year = Period(Period.of(date.today()).year - 1)
    monkeypatch.setattr(living, "FIRST_DAY", last_year.first_day)
    monkeypatch.setattr(words, "NUMBERS", {"corporate": 5, "whistleblowing": 2, "ombudsman-enquiry": 1})
    with cheap_passwords():
        filled = CliRunner().invoke(main, ["demo"], catch_exceptions=False)
    assert "invented cases" in filled.output
    verified = CliRunner().invoke(main, ["audit", "verify"], catch_exceptions=False)
    assert verified.exit_code == 0
    assert "lines hold" in verified.output
    assert "clock" not in verified.output

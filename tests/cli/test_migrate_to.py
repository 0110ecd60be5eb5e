"""An administrator moves the instance to PostgreSQL, as it is typed."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from intake.cli import main
from intake.demonstration.living import PASSWORD
from tests import postgresql
from tests.conftest import serving

pytestmark = pytest.mark.sqlite
MAYA = "officer@demonstration.example"


@pytest.fixture
def run(monkeypatch, instance):
    monkeypatch.setenv("INTAKE_INSTANCE", str(instance))
    return lambda *arguments, given="": CliRunner().invoke(
        main, arguments, input=given, catch_exceptions=False
    )


def test_moved_served_and_the_old_one_is_refused(run, instance):
    """Maya has no case to open yet, which is said; without a sample it is moved."""
    url, settings = postgresql.new(), instance / "settings.toml"
    settings.write_text("# ours\n" + settings.read_text() + "[extra_holidays]\n")
    settings.chmod(0o600)
    before = settings.read_text()
    refused = run("migrate-to", url, "--as", MAYA, "--set", given=f"{PASSWORD}\n")
    assert refused.exit_code == 1
    assert "no sample was opened" in refused.output
    moved = run("migrate-to", url)
    assert moved.exit_code == 0
    assert "nobody can write to the instance" in moved.output
    assert "  journal: " in moved.output
    assert "Moved and proved: " in moved.output
    assert "Nothing is changed yet" in moved.output
    assert settings.read_text() == before

    again = postgresql.new()
    assert run("migrate-to", again, "--set").exit_code == 0
    plain = again.replace("+psycopg", "")
    assert settings.read_text() == f'database_url = "{plain}"\n{before}'
    assert settings.stat().st_mode & 0o777 == 0o600
    checked = run("check").output
    assert plain in checked
    assert run("audit", "verify").exit_code == 0
    settings.write_text(before)
    refused = run("check")
    assert refused.exit_code == 1
    assert "lacks what came in since" in refused.output


def test_while_it_is_served_it_is_not_moved(run, instance):
    with serving(instance):
        refused = run("migrate-to", postgresql.new())
        assert refused.exit_code == 1
        assert "stop it first" in refused.output
    assert run("migrate-to", postgresql.new()).exit_code == 0


def test_an_address_of_the_environment_is_not_overruled_unseen(run, monkeypatch, instance):
    monkeypatch.setenv("INTAKE_DATABASE_URL", f"sqlite:///{instance / 'intake.db'}")
    refused = run("migrate-to", postgresql.new(), "--set")
    assert refused.exit_code == 1
    assert "INTAKE_DATABASE_URL is set" in refused.output

"""A demonstration has one clock: the tick, the pages and the commands agree about today."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from intake.cli import main
from intake.models import JournalLine
from intake.services.ground.refusals import Refused
from tests.web.public.visitor import Visitor

from ..conftest import TODAY

THEN = "2026-07-20T09:00"


@pytest.fixture
def run(instance, monkeypatch):
    monkeypatch.setenv("INTAKE_INSTANCE", str(instance))
    return lambda *arguments: CliRunner().invoke(main, arguments, catch_exceptions=False)


def test_pages_go_by_the_clock_that_was_set(run, at_desk, arrives, office, clock):
    """Seen before: the tick took steps of July, and the list said "10 working days left"."""
    reference = arrives("corporate", "The lamp is out.")
    assert "steps taken" in run("tick", "--as-of", THEN).output
    desk = at_desk("manager")
    desk.visit("/staff/")
    assert "it is taken to be Monday 20 July 2026" in desk.page.text
    assert "Overdue" in desk.page.text
    desk.visit(f"/staff/cases/{reference}/acknowledge")
    desk.press(f"/staff/cases/{reference}/acknowledge", text="We have it.", step="check")
    clock.shift(timedelta(days=1))
    assert office.today(office.now()).isoformat() == "2026-07-21", "it goes on from there"


def test_reporters_and_commands_go_by_it_too(run, office, client):
    run("tick", "--as-of", THEN)
    visitor = Visitor(client).begin("thanks").press(service="Housing").press(story="Thank you all.").press()
    visitor.press("send")
    assert visitor.receipt
    assert "20 July 2026" in visitor.page.text
    run("tick")
    office.session.rollback()
    lines = office.session.scalars(select(JournalLine.at).order_by(JournalLine.number)).all()
    assert lines[-1] < datetime(2026, 7, 21, tzinfo=UTC)
    assert office.now() - TODAY > timedelta(days=70)


def test_it_is_set_back_to_the_machines(run, at_desk, office):
    run("tick", "--as-of", THEN)
    assert run("tick", "--as-of", "now").exit_code == 0
    assert office.now() == TODAY
    at_desk("manager").visit("/staff/")
    assert "taken to be" not in at_desk("manager").visit("/staff/").text


def test_a_real_instance_has_no_clock_of_its_own(run, office):
    run("tick", "--as-of", THEN)
    real = replace(office, settings=replace(office.settings, demonstration=False))
    assert real.now() == TODAY, "though the file lies there"
    with pytest.raises(Refused, match="elsewhere the moment is now"):
        real.set_clock(TODAY)


@pytest.mark.parametrize("junk", ["", "soon", "nan", "inf", "9" * 400])
def test_a_file_that_holds_nothing_of_use_is_no_clock(office, instance, junk):
    (instance / "demonstration.clock").write_text(junk)
    assert office.now() == TODAY

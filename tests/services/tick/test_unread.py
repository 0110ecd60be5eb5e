"""A message of a concern's holder that nobody reads is told again, and then to somebody outside, who learns nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from intake.cli import main
from intake.models import JournalLine, Notice
from intake.services.casework import acting
from intake.services.ground import journal
from intake.services.holders import returning
from intake.services.tick import sending, unread
from tests.actors import MONDAY, complaint, concern, send

WROTE = MONDAY + timedelta(days=1)  # a Tuesday
FRIDAY = datetime(2026, 6, 5, 9, 0, tzinfo=UTC)  # the third working day after it
WEDNESDAY = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)  # the sixth


@pytest.fixture
def wrote(office):
    """Somebody who sent a concern and wrote the day after."""
    sent = send(office, concern())
    returning.write(office, sent.receipt, "Are you there?", token="a" * 43, now=WROTE)
    return sent


def told(office, kind: str) -> set[str]:
    return set(office.session.scalars(select(Notice.staff_id).where(Notice.kind == kind)))


def test_those_who_read_it_are_told_on_the_third_working_day_and_once(
    office, wrote, monitoring_officer, deputy
):
    assert unread.tell(office, now=FRIDAY - timedelta(days=1)) == 0
    assert unread.tell(office, now=FRIDAY) == 2
    assert told(office, "unread") == {monitoring_officer.id, deputy.id}
    assert told(office, "unread-outside") == set()
    for later in (FRIDAY, FRIDAY + timedelta(hours=3), FRIDAY + timedelta(days=4)):
        assert unread.tell(office, now=later) == 0
    line = office.session.scalars(select(JournalLine).where(JournalLine.act == "message-waited")).one()
    assert journal.detail_of(line) == {"level": 1, "told": sorted([monitoring_officer.id, deputy.id])}


def test_the_tick_does_it(instance, office, wrote, monkeypatch):
    monkeypatch.setenv("INTAKE_INSTANCE", str(instance))
    office.session.rollback()
    ticked = CliRunner().invoke(main, ("tick", "--as-of", FRIDAY.isoformat()), catch_exceptions=False)
    assert ticked.exit_code == 0, ticked.output
    office.session.rollback()
    assert len(told(office, "unread")) == 2


def test_then_the_next_who_may_know_and_nobody_of_the_complaints_side(
    office, wrote, senior_officer, alternate, officer, manager
):
    unread.tell(office, now=FRIDAY)
    assert unread.tell(office, now=WEDNESDAY) == 2
    assert told(office, "unread-outside") == {senior_officer.id, alternate.id}
    assert unread.tell(office, now=WEDNESDAY + timedelta(days=30)) == 0
    assert not {officer.id, manager.id} & (told(office, "unread") | told(office, "unread-outside"))


def test_a_tick_that_slept_tells_both_at_once(office, wrote):
    assert unread.tell(office, now=WEDNESDAY + timedelta(days=14)) == 4


def test_what_was_read_or_answered_is_not_told(office, wrote, monitoring_officer):
    acting.mark_read(office, monitoring_officer, wrote.reference, now=FRIDAY - timedelta(days=1))
    assert unread.tell(office, now=WEDNESDAY) == 0


def test_a_second_message_is_told_anew(office, wrote, monitoring_officer):
    unread.tell(office, now=FRIDAY)
    acting.mark_read(office, monitoring_officer, wrote.reference, now=FRIDAY)
    returning.write(office, wrote.receipt, "And now?", token="b" * 43, now=WEDNESDAY)
    assert unread.tell(office, now=WEDNESDAY + timedelta(days=1)) == 0
    assert unread.tell(office, now=WEDNESDAY + timedelta(days=5)) == 2


def test_a_complaint_has_its_dates_and_is_not_told_here(office):
    sent = send(office, complaint())
    returning.write(office, sent.receipt, "Are you there?", token="a" * 43, now=WROTE)
    assert unread.tell(office, now=WEDNESDAY) == 0


def test_the_letters_hold_no_reference_no_name_and_no_word(office, wrote):
    unread.tell(office, now=WEDNESDAY)
    letters: list[EmailMessage] = []
    sending.send_waiting(office, letters.append, now=WEDNESDAY)
    texts = [str(one) for one in letters if "waited too long" in one["Subject"]]
    assert len(texts) == 4
    for text in texts:
        for word in (wrote.reference, "Kofi", "Are you there", "imesheet"):
            assert word not in text
    assert all("concern" not in one["Subject"] for one in letters)

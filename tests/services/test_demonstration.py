"""A demonstration is lived by the real services, asks the database little, and leaves nothing waiting."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from intake.demonstration import living, words
from intake.models import Case, JournalLine, Notice
from intake.services.ground import journal
from intake.services.ground.refusals import Refused
from tests.web.statements import asked_for

FIRST, NOW = date(2026, 4, 1), datetime(2026, 7, 10, 12, tzinfo=UTC)
LIVED = {"corporate": 5, "whistleblowing": 2, "ombudsman-enquiry": 1}
A_WORKING_DAY, A_CASE, TWO_OFFICES = 2, 110, 70
A_HOLD = 15  # on one case
TWO_INQUIRIES = 340  # some thirty acts, from two concerns to the sign-off of one


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(living, "FIRST_DAY", FIRST)
    monkeypatch.setattr(words, "NUMBERS", LIVED)


def test_some_months_are_lived_with_few_statements_and_leave_nothing_waiting(office, few):
    asked = asked_for(lambda: living.fill(office, now=NOW))
    days = office.calendar.between(FIRST, NOW.date())
    most = days * A_WORKING_DAY + sum(LIVED.values()) * A_CASE + TWO_OFFICES + A_HOLD + TWO_INQUIRIES
    assert len(asked) <= most
    arrived = set(office.session.scalars(select(Case.id).where(Case.received_on < NOW.date())))
    came = JournalLine.act.in_(("received", "entered"))
    entered = office.session.scalars(select(JournalLine.case_id).where(came)).all()
    assert sorted(entered) == sorted(arrived)
    inquired = office.session.scalars(
        select(JournalLine.case_id).where(JournalLine.act == journal.Act.ASSESSED)
    )
    assert len(set(inquired)) == 2  # one in the middle of its inquiry, and one that was signed off
    assert set(office.session.scalars(select(Notice.state))) == {"sent"}
    assert journal.verify(office).fault == ""
    with pytest.raises(Refused, match="holds cases already"):
        living.fill(office, now=NOW)

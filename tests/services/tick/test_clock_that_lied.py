"""The clock ran eight days ahead for a moment, and came back: nothing is lost, late or told twice for good."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

from sqlalchemy import select

from intake.models import Case, Notice
from intake.services.casework import case_page
from intake.services.ground import journal, notices
from intake.services.tick import escalation, sending
from tests import officers
from tests.actors import MONDAY, arrives

AHEAD = MONDAY + timedelta(days=8)


def test_steps_of_days_still_to_come_are_open_again_and_taken_on_their_day(office):
    arrives(office)
    taken = escalation.run(office, now=AHEAD).taken
    early = [step for step in taken if step.falls_on > MONDAY.date()]
    assert early
    assert escalation.run(office, now=MONDAY + timedelta(hours=1)).taken == []
    seen, moment = [], MONDAY
    while moment < MONDAY + timedelta(days=9):
        seen += [(step.falls_on, moment.date()) for step in escalation.run(office, now=moment).taken]
        moment += timedelta(hours=6)
    assert [falls_on for falls_on, _ in seen] == [step.falls_on for step in early]
    assert all(falls_on == day for falls_on, day in seen)
    assert journal.verify(office).fault == ""


def test_what_had_fallen_due_before_the_clock_lied_is_not_taken_twice(office):
    arrives(office)
    due = {step.falls_on for step in escalation.run(office, now=MONDAY + timedelta(days=4)).taken}
    later = MONDAY + timedelta(days=7)
    escalation.run(office, now=later + timedelta(days=8))
    again = escalation.run(office, now=later).taken
    assert due
    assert not due & {step.falls_on for step in again}


def test_an_answer_given_meanwhile_leaves_no_step_to_come_back(office, officer):
    ref = arrives(office)
    escalation.run(office, now=AHEAD)
    officers.acknowledge(office, officer, ref, "We have it.", revision=1, now=MONDAY)
    officers.respond(office, officer, ref, "upheld", "Yes.", "", revision=2, now=MONDAY)
    for days in range(40):
        assert escalation.run(office, now=MONDAY + timedelta(days=days)).taken == []


def test_notices_queued_by_a_clock_that_lied_do_not_wait_for_its_date(office):
    """Seen before: they waited eight days for the false date."""
    sent = []
    sending.send_waiting(office, sent.append, now=MONDAY)
    arrives(office)
    sending.send_waiting(office, sent.append, now=AHEAD)
    before = len(sent)
    arrives(office)
    sending.send_waiting(office, sent.append, now=MONDAY + timedelta(minutes=1))
    sending.send_waiting(office, sent.append, now=MONDAY + timedelta(hours=5))
    assert len(sent) > before
    assert notices.post(office).queued == 0


def test_what_failed_while_the_clock_lied_is_tried_again_at_once(office):
    arrives(office)

    def down(_message):
        raise OSError("gone")

    sending.send_waiting(office, down, now=MONDAY)
    escalation.run(office, now=AHEAD)
    sending.send_waiting(office, down, now=AHEAD)
    sent = []
    sending.send_waiting(office, sent.append, now=MONDAY + timedelta(minutes=20))
    assert sent


def test_catching_up_sends_one_notice_a_case_and_person_that_names_every_open_date(office):
    """Seen before: one e-mail a step, 83 in two weeks."""
    ref = arrives(office)
    slept = MONDAY + timedelta(days=60)
    assert len(escalation.run(office, now=slept).taken) == 9
    told = Counter(office.session.scalars(select(Notice.staff_id).where(Notice.case_id.is_not(None))))
    assert set(told.values()) == {1}
    letters = []
    sending.send_waiting(office, letters.append, now=slept)
    for letter in letters:
        assert letter["Subject"].startswith("Overdue since 8 June")
        assert ref in letter["Subject"]
        words = letter.get_content()
        assert "Acknowledgement" in words
        assert "8 June 2026" in words
        assert "22 June 2026" in words


def test_a_newer_date_is_not_silenced_by_an_older_notice(office, officer):
    """The notice of the old date waited unsent, and so the one of the extended date was never queued."""
    ref = arrives(office)
    officers.allocate(office, officer, ref, officer.id, revision=1, now=MONDAY)
    officers.acknowledge(office, officer, ref, "We have it.", revision=2, now=MONDAY)
    page = case_page.open_case(office, officer, ref, now=MONDAY)
    due = next(view.deadline.due for view in page.deadlines if view.deadline.id == "stage-1-response")
    escalation.run(office, now=datetime.combine(due, MONDAY.timetz()) - timedelta(days=1))
    until = office.calendar.nth_after(due, 5)
    officers.extend(office, officer, ref, "stage-1-response", until, "Waiting.", revision=3, now=MONDAY)
    eve = datetime.combine(until, MONDAY.timetz()) - timedelta(days=1)
    escalation.run(office, now=eve)
    letters = []
    sending.send_waiting(office, letters.append, now=eve)
    words = " ".join(letter.get_content() for letter in letters if letter["To"].startswith("officer@"))
    assert f"{until:%-d %B %Y}" in words
    assert f"{due:%-d %B %Y}" not in words


def test_the_journal_holds_and_names_the_lines_of_the_clock_that_came_back(office):
    arrives(office)
    assert journal.verify(office).went_back == ()
    escalation.run(office, now=AHEAD)
    journal.append(office.session, at=MONDAY, actor="administrator", act=journal.Act.CREATED)
    office.session.commit()
    verdict = journal.verify(office)
    assert verdict.fault == ""
    assert verdict.went_back == (verdict.lines,)


def test_a_day_that_was_closed_too_early_loses_nobody(office):
    arrives(office)
    journal.close_the_day(office, now=AHEAD)
    arrives(office)
    journal.close_the_day(office, now=MONDAY + timedelta(days=1))
    assert journal.verify(office).fault == ""
    assert all(office.session.scalars(select(Case.journalled)))
    assert {day for day in office.session.scalars(select(Case.received_on))} == {date(2026, 6, 1)}

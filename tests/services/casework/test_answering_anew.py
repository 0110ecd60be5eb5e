"""An answer is looked at again: the case comes back to whoever has it, is its clock is its own, and both read why."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from intake.database import reading
from intake.models import Case, Event, StageReceipt, StepRow
from intake.services.casework import case_page
from intake.services.holders import returning
from intake.services.tick import escalation
from tests import officers
from tests.actors import MONDAY, send


def answered(office, officer, manager):
    sent = send(office, name="Joyce Pell")
    name = sent.reference
    officers.allocate(office, manager, name, officer.id, revision=1, now=MONDAY)
    officers.acknowledge(office, officer, name, "We have it.", revision=2, now=MONDAY)
    officers.respond(office, officer, name, "not-upheld", "No.", "", revision=3, now=MONDAY)
    return sent


def test_new_records_come_in_after_the_answer(office, officer, manager):
    sent = answered(office, officer, manager)
    name, later = sent.reference, MONDAY + timedelta(days=14)
    with reading(office.session):
        case_id = office.session.scalar(select(Case.id).where(Case.reference == name))
        first = office.session.scalar(select(StageReceipt).where(StageReceipt.case_id == case_id))
        counted = (first.responded_on, first.met_on, first.outcome)
    officers.close(office, officer, name, "Done.", revision=4, now=MONDAY)
    officers.take_up_again(
        office,
        officer,
        name,
        "We are looking at it again.",
        "The service found the log.",
        revision=5,
        now=later,
    )
    with reading(office.session):
        case = office.session.scalar(select(Case).where(Case.reference == name))
        assert (case.closed_on, case.answered_on, case.next_deadline) == (None, None, "stage-1-new-answer")
        assert case.handler_id == officer.id
        receipt = office.session.scalar(select(StageReceipt).where(StageReceipt.case_id == case.id))
        assert (receipt.responded_on, receipt.met_on, receipt.outcome) == counted
        waiting = office.session.scalars(select(StepRow.deadline).where(StepRow.case_id == case.id)).all()
        assert "stage-1-new-answer" in waiting
    told = returning.open_case(office, sent.receipt, now=later)
    assert told.messages[-1].heading == "We are looking at this again"
    page = case_page.open_case(office, officer, name, now=later)
    assert page.notes[-1].text == "The service found the log."
    assert [line.text for line in page.timeline][-1] == "Taken up again for a new answer"

    long_after = later + timedelta(days=40)
    escalation.run(office, now=long_after)
    with reading(office.session):
        assert office.session.scalar(select(Case.escalation).where(Case.reference == name)) > 1
    officers.respond(office, officer, name, "upheld", "You were right.", "", revision=6, now=long_after)
    with reading(office.session):
        case = office.session.scalar(select(Case).where(Case.reference == name))
        assert case.answered_on == office.today(long_after)
        receipt = office.session.scalar(select(StageReceipt).where(StageReceipt.case_id == case.id))
        assert (receipt.responded_on, receipt.met_on, receipt.outcome) == (*counted[:2], "upheld")


def test_it_may_be_taken_up_more_than_once_and_each_time_stays_told(office, officer, manager):
    sent = answered(office, officer, manager)
    name, day = sent.reference, MONDAY
    for turn, (outcome, revision) in enumerate([("partly-upheld", 4), ("upheld", 6)]):
        day += timedelta(days=7)
        officers.take_up_again(office, officer, name, "Again.", f"Reason {turn}.", revision=revision, now=day)
        day += timedelta(days=1)
        officers.respond(office, officer, name, outcome, "So.", "", revision=revision + 1, now=day)
    page = case_page.open_case(office, officer, name, now=day)
    assert [line.text for line in page.timeline][-5:] == [
        "Stage 1 answered",
        "Taken up again for a new answer",
        "Answered again",
        "Taken up again for a new answer",
        "Stage 1: answer by the service: answered anew: upheld",
    ]
    with reading(office.session):
        case = office.session.scalar(select(Case.id).where(Case.reference == name))
        anew = select(func.count()).select_from(Event).where(Event.case_id == case, Event.name.like("%anew"))
        assert office.session.scalar(anew) == 1

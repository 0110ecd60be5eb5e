"""A case is taken to another procedure after work on it has begun: its old dates go, and what was done stays told."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import func, select

from intake.database import reading
from intake.models import Case, DeadlineRow, Event, Extension, Pause, StageReceipt, StepRow
from intake.procedures import moves
from intake.procedures.people import Named
from intake.services.casework import acting, case_page
from intake.services.holders import returning
from tests import officers
from tests.actors import MONDAY, send


def test_an_mps_letter_that_waited_for_consent_is_a_childs_complaint(office, officer, manager):
    sent = send(office, "mp-enquiry", name="Ann Carr MP")
    name, day = sent.reference, MONDAY
    officers.allocate(office, manager, name, officer.id, revision=1, now=day)
    acting.do(office, officer, name, moves.PauseClock(office.today(day), "Consent."), revision=2, now=day)
    day += timedelta(days=2)
    acting.do(office, officer, name, moves.ResumeClock(office.today(day)), revision=3, now=day)
    officers.reclassify(office, officer, name, "corporate", "It is a complaint.", revision=4, now=day)
    acting.do(
        office, officer, name, moves.Acknowledge(office.today(day)), text="We have it.", revision=5, now=day
    )
    until = date(2026, 6, 26)
    officers.extend(office, officer, name, "stage-1-response", until, "Two services.", revision=6, now=day)
    officers.reclassify(office, officer, name, "children-statutory", "A placement.", revision=7, now=day)
    with reading(office.session):
        case = office.session.scalar(select(Case).where(Case.reference == name))
        for table in (Extension, Pause):
            mine = select(func.count()).select_from(table).where(table.case_id == case.id)
            assert office.session.scalar(mine) == 0
        events = office.session.scalars(select(Event.name).where(Event.case_id == case.id)).all()
        assert sorted(events) == ["received", "stage-1-acknowledged"]
        (receipt,) = office.session.scalars(select(StageReceipt).where(StageReceipt.case_id == case.id))
        assert (receipt.measure, receipt.extensions) == ("statutory-stage-1", 0)
        (dated,) = office.session.scalars(select(DeadlineRow).where(DeadlineRow.case_id == case.id))
        assert (dated.deadline, dated.due) == (
            "stage-1-response",
            office.calendar.nth_after(case.received_on, 10),
        )
        steps = office.session.scalars(select(StepRow.due).where(StepRow.case_id == case.id)).all()
        assert set(steps) == {dated.due}
        assert case.handler_id == officer.id
    told = [line.text for line in case_page.open_case(office, officer, name, now=day).timeline]
    assert told == [
        "Received",
        "Allocated to Maya Okafor",
        "Clock paused",
        "Clock running again",
        "Moved to another procedure",
        "Acknowledged",
        "Stage 1 answer extended to 26 June 2026",
        "Moved to another procedure",
    ]
    held = returning.open_case(office, sent.receipt, now=day)
    assert [one.on for one in held.dates] == [dated.due]


def test_who_was_named_under_the_old_rules_stays_told(office, officer):
    sent = send(office, "adult-social-care", name="Joyce Pell")
    named = moves.Appoint(office.today(MONDAY), "lead-body-agreed", (Named("Fenland NHS Trust"),))
    acting.do(office, officer, sent.reference, named, revision=1, now=MONDAY)
    page = case_page.open_case(office, officer, sent.reference, now=MONDAY)
    assert [(one.post, one.people[0][0]) for one in page.people] == [
        ("Body that leads a joint complaint", "Fenland NHS Trust")
    ]
    officers.reclassify(office, officer, sent.reference, "corporate", "A bin.", revision=2, now=MONDAY)
    page = case_page.open_case(office, officer, sent.reference, now=MONDAY)
    (before,) = page.people
    assert (before.post, before.people[0][0], before.now) == ("Under other rules", "Fenland NHS Trust", False)

"""What happened is told in the order in which it happened, with its outcome and by whom."""

from datetime import date, timedelta

import pytest

from intake.counts.quarters import Period
from intake.demonstration.living import PASSWORD
from intake.services.cases.words import Answer
from intake.services.casework import case_page, identity
from intake.services.figures import drawing_up
from intake.services.ground import press
from intake.services.ground.refusals import ReceiptMistyped
from intake.services.holders import asking, returning, submitting
from intake.services.holders.submitting import Submission
from intake.services.tick import escalation
from tests import officers
from tests.actors import MONDAY, arrives, send


@pytest.fixture
def after_one_busy_day(office, officer, manager):
    """A complaint that went through both stages, was closed and reopened, all on one Monday."""
    sent = send(office, name="Joyce Pell")
    ref = sent.reference
    officers.allocate(office, manager, ref, officer.id, revision=1, now=MONDAY)
    officers.acknowledge(office, officer, ref, "We have it.", revision=2, now=MONDAY)
    officers.extend(
        office, officer, ref, "stage-1-response", date(2026, 6, 22), "Waiting.", revision=3, now=MONDAY
    )
    officers.respond(office, officer, ref, "not-upheld", "No.", "", revision=4, now=MONDAY)
    asking.ask_for_next_stage(office, sent.receipt, "Again.", token="t" * 40, now=MONDAY)
    revision = case_page.open_case(office, officer, ref, now=MONDAY).revision
    officers.open_next_stage(office, manager, ref, None, "", revision=revision, now=MONDAY)
    revision += 1
    officers.acknowledge(office, manager, ref, "We have it.", revision=revision, now=MONDAY)
    officers.respond(office, manager, ref, "partly-upheld", "In part.", "", revision=revision + 1, now=MONDAY)
    officers.close(office, manager, ref, "Done.", revision=revision + 2, now=MONDAY)
    officers.reopen(office, manager, ref, "One thing more.", revision=revision + 3, now=MONDAY)
    return sent


def test_an_officer_reads_the_day_in_its_order_with_outcomes_and_names(office, officer, after_one_busy_day):
    page = case_page.open_case(office, officer, after_one_busy_day.reference, now=MONDAY)
    assert [(line.text, line.by) for line in page.timeline] == [
        ("Received", ""),
        ("Allocated to Maya Okafor", "Tom Hendry"),
        ("Acknowledged", "Maya Okafor"),
        ("Stage 1 answer extended to 22 June 2026", "Maya Okafor"),
        ("Stage 1 answered: not upheld", "Maya Okafor"),
        ("Stage 2 asked for, and opened", "Tom Hendry"),
        ("Stage 2 request acknowledged", "Tom Hendry"),
        ("Stage 2 answered: partly upheld", "Tom Hendry"),
        ("Closed", "Tom Hendry"),
        ("Reopened", "Tom Hendry"),
    ]


def test_the_holder_reads_the_same_order_without_names(office, after_one_busy_day):
    seen = returning.open_case(office, after_one_busy_day.receipt, now=MONDAY)
    assert [line.text for line in seen.history] == [
        "Received",
        "Acknowledged",
        "Stage 1 answer extended to 22 June 2026",
        "Stage 1 answered: not upheld",
        "Stage 2 asked for, and opened",
        "Stage 2 request acknowledged",
        "Stage 2 answered: partly upheld",
        "Closed",
        "Reopened",
    ]


def test_an_answer_always_tells_its_outcome_and_what_the_holder_can_do_next(office, after_one_busy_day):
    letters = [
        m.text for m in returning.open_case(office, after_one_busy_day.receipt, now=MONDAY).messages if m.ours
    ]
    extension, first, second = letters[1], letters[2], letters[-1]
    assert "22 June 2026" in extension
    assert "with our answer" not in extension
    assert "Outcome: not upheld." in first
    assert "Stage 2" in first
    assert "lgo.org.uk" not in first
    assert "Outcome: partly upheld." in second
    assert "lgo.org.uk" in second


def test_the_next_stage_does_not_stay_with_whoever_answered_the_last_one(office, officer):
    sent = send(office, name="Joyce Pell")
    officers.allocate(office, officer, sent.reference, officer.id, revision=1, now=MONDAY)
    officers.acknowledge(office, officer, sent.reference, "We have it.", revision=2, now=MONDAY)
    officers.respond(office, officer, sent.reference, "not-upheld", "No.", "", revision=3, now=MONDAY)
    asking.ask_for_next_stage(office, sent.receipt, "Again.", token="t" * 40, now=MONDAY)
    revision = case_page.open_case(office, officer, sent.reference, now=MONDAY).revision
    officers.open_next_stage(office, officer, sent.reference, None, "", revision=revision, now=MONDAY)
    assert case_page.open_case(office, officer, sent.reference, now=MONDAY).handler_name is None


def test_a_case_comes_down_again_once_what_was_late_is_done(office, officer):
    ref = arrives(office, name="Joyce Pell")
    late = MONDAY + timedelta(days=10)
    escalation.run(office, now=late)
    page = case_page.open_case(office, officer, ref, now=late)
    assert page.escalation == 4
    steps = [line.text.partition(":")[0] for line in page.timeline if line.text.startswith("Escalated")]
    assert "Escalated to level 1, 1 working day before" in steps
    assert "Escalated to level 2, on the day" in steps
    assert len(steps) == len({line.text for line in page.timeline if line.text.startswith("Escalated")})
    officers.acknowledge(office, officer, ref, "We have it.", revision=1, now=late)
    assert case_page.open_case(office, officer, ref, now=late).escalation == 0


def test_a_name_given_in_confidence_is_opened_with_a_record_for_a_complaint_too(office, officer):
    ref = arrives(office, name="Joyce Pell", level="confidential")
    page = case_page.open_case(office, officer, ref, now=MONDAY)
    assert (page.identity, page.identity_sealed) == (None, True)
    told = identity.open_identity(office, officer, ref, "To ring them.", PASSWORD, now=MONDAY)
    assert told[0].answer == "Joyce Pell"
    page = case_page.open_case(office, officer, ref, now=MONDAY)
    assert page.timeline[-1].text == "Identity opened"


def test_the_date_in_the_ombudsmans_letter_is_not_told_as_something_that_happened(office, officer):
    submission = Submission("ombudsman-enquiry", "named", (Answer("What?", "Questions."),), channel="letter")
    due = date(2026, 6, 26)
    sent = submitting.enter(
        office,
        officer,
        submission,
        received=MONDAY,
        token=press.new_token(),
        now=MONDAY,
        response_date=due,
    )
    page = case_page.open_case(office, officer, sent.reference, now=MONDAY)
    assert max(line.on for line in page.timeline) == MONDAY.date()
    assert any("26 June 2026" in line.text for line in page.timeline)


def test_the_reference_typed_for_the_receipt_is_told_as_such(office):
    with pytest.raises(ReceiptMistyped, match="That is your reference"):
        returning.open_case(office, arrives(office, name="Joyce Pell").lower(), now=MONDAY)


def test_a_year_that_has_not_begun_is_not_recorded(office):
    table = drawing_up.draw_up(office, Period.parse("2099-00"), now=MONDAY).table
    assert {row.total.figure.number for row in table.rows} == {None}

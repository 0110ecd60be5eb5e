"""What a case is counted as: its receipts at each stage, from its events alone."""

from dataclasses import replace
from datetime import date

from intake.procedures.stages_reached import OPENED, REFUSED, receipts


def with_events(standing, outcomes=None, **days):
    events = dict(standing.events) | {name.replace("_", "-"): day for name, day in days.items()}
    return replace(standing, events=events, outcomes=outcomes or {})


def test_a_complaint_that_has_just_come_is_one_receipt_with_its_date(receive):
    (receipt,) = receipts(receive("children-statutory", "2026-04-01T09:00"))
    assert (receipt.measure, receipt.number) == ("statutory-stage-1", 1)
    assert (receipt.received_on, receipt.due_on, receipt.met_on) == (
        date(2026, 4, 1),
        date(2026, 4, 17),
        None,
    )
    assert (receipt.working_days, receipt.next_stage, receipt.outcome) == (None, None, None)


def test_each_stage_is_measured_from_its_own_receipt(receive):
    standing = with_events(
        receive("corporate", "2026-06-01T09:00"),
        {"stage-1": "not-upheld"},
        stage_1_acknowledged=date(2026, 6, 3),
        stage_1_responded=date(2026, 6, 22),
        stage_2_requested=date(2026, 7, 6),
    )
    first, second = receipts(standing)
    assert (first.due_on, first.met_on, first.working_days) == (date(2026, 6, 17), date(2026, 6, 22), 15)
    assert (first.next_stage, first.outcome) == (OPENED, "not-upheld")
    assert (second.measure, second.received_on, second.met_on) == (
        "corporate-stage-2",
        date(2026, 7, 6),
        None,
    )


def test_an_extension_moves_the_day_that_is_kept(receive):
    standing = with_events(
        receive("corporate", "2026-06-01T09:00"),
        stage_1_acknowledged=date(2026, 6, 3),
        stage_1_responded=date(2026, 6, 22),
    )
    (receipt,) = receipts(replace(standing, extensions={"stage-1-response": date(2026, 6, 24)}))
    assert receipt.due_on == date(2026, 6, 24)


def test_a_refused_stage_is_told_on_the_stage_before_and_is_no_receipt(receive):
    standing = with_events(
        receive("corporate", "2026-06-01T09:00"),
        stage_1_acknowledged=date(2026, 6, 3),
        stage_1_responded=date(2026, 6, 10),
        stage_2_refused=date(2026, 6, 15),
    )
    (receipt,) = receipts(standing)
    assert receipt.next_stage == REFUSED


def test_of_two_readings_the_one_worked_to_counts(receive):
    standing = with_events(
        receive("children-statutory", "2026-01-05T09:00"),
        stage_1_responded=date(2026, 1, 19),
        stage_2_requested=date(2026, 2, 2),
        stage_2_statement_agreed=date(2026, 2, 16),
        stage_2_responded=date(2026, 3, 16),
    )
    _, second = receipts(standing)
    assert second.due_on == date(2026, 3, 9)  # 25 working days from the request, not from the statement


def test_the_ombudsman_is_answered_by_the_date_in_the_letter(receive):
    enquiry = receive("ombudsman-enquiry", "2026-06-01T09:00")
    (undated,) = receipts(with_events(enquiry, responded=date(2026, 6, 8)))
    assert (undated.due_on, undated.met_on, undated.working_days) == (None, date(2026, 6, 8), 5)
    dated = with_events(
        enquiry,
        response_date_set=date(2026, 6, 29),
        answer_sent=date(2026, 6, 26),
        responded=date(2026, 9, 1),
    )
    (receipt,) = receipts(dated)
    assert (receipt.due_on, receipt.met_on, receipt.responded_on) == (
        date(2026, 6, 29),
        date(2026, 6, 26),
        date(2026, 9, 1),
    )


def test_a_compliment_is_passed_on_without_a_date(receive):
    (receipt,) = receipts(with_events(receive("compliment", "2026-06-01T09:00"), responded=date(2026, 6, 2)))
    assert (receipt.measure, receipt.due_on, receipt.met_on) == ("compliments", None, date(2026, 6, 2))


def test_an_enquiry_is_measured_by_its_answer_and_not_by_its_acknowledgement(receive):
    """A councillor's enquiry is acknowledged within a day; an answer acknowledges it too."""
    (receipt,) = receipts(
        with_events(receive("councillor-enquiry", "2026-06-01T09:00"), responded=date(2026, 6, 10))
    )
    assert (receipt.due_on, receipt.met_on) == (date(2026, 6, 15), date(2026, 6, 10))

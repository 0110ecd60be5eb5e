"""What would embarrass a council most, each shown not to happen."""

import pytest

from intake.procedures.clock import standing_on
from intake.procedures.loading import BUILT_IN
from intake.procedures.moves import Acknowledge, Extend, OpenNextStage, PauseClock, Record, Respond
from intake.procedures.permitted import offered

from .conftest import after, day, due, refusal


def test_a_complaint_of_february_2026_is_sent_to_the_ombudsman_and_not_to_a_stage_3(receive):
    answered_twice = after(
        receive("corporate", "2026-02-02T09:00"),
        Acknowledge(day("2026-02-04")),
        Respond(day("2026-02-16"), "not-upheld"),
        OpenNextStage(day("2026-02-20")),
        Acknowledge(day("2026-02-23")),
        Respond(day("2026-03-16"), "not-upheld"),
    )
    words = refusal(answered_twice, OpenNextStage(day("2026-03-20"), "asked for"))
    assert "There is no stage 3 in this procedure" in words
    assert "Local Government and Social Care Ombudsman" in words
    assert "open-next-stage" not in {offer.act for offer in offered(answered_twice, day("2026-03-20"))}


def test_a_complaint_of_the_afternoon_before_the_cut_over_keeps_its_stage_3(receive):
    old = after(
        receive("corporate", "2026-01-16T16:59:59"),
        Respond(day("2026-01-30"), "not-upheld"),
        OpenNextStage(day("2026-02-10")),
        Respond(day("2026-03-09"), "not-upheld"),
        OpenNextStage(day("2026-03-20")),
    )
    assert old.stage.id == "stage-3"
    assert due(old)["stage-3-response"] == "2026-04-21"


def test_christmas_is_not_monday_to_friday(receive):
    assert due(receive("corporate", "2025-12-19T10:00"))["stage-1-response"] == "2026-01-07"
    assert due(receive("children-statutory", "2025-12-18T10:00"))["stage-1-response"] == "2026-01-06"


@pytest.mark.parametrize(
    ("procedure", "received"),
    [
        ("children-statutory", "2026-04-01T09:00"),
        ("corporate", "2026-02-02T09:00"),
        ("adult-social-care", "2026-02-02T09:00"),
        ("data-protection", "2026-07-01T09:00"),
        ("whistleblowing", "2026-02-02T09:00"),
    ],
)
def test_no_statutory_or_code_clock_can_be_paused(receive, procedure, received):
    case = receive(procedure, received)
    assert "never pauses" in refusal(case, PauseClock(day("2026-07-02"), "waiting for papers"))
    assert "pause-clock" not in {offer.act for offer in offered(case, day("2026-07-02"))}


def test_stage_2_of_a_childs_complaint_shows_both_start_dates(receive):
    case = after(
        receive("children-statutory", "2026-04-01T09:00"),
        Respond(day("2026-04-16"), "not-upheld"),
        OpenNextStage(day("2026-05-01")),
        Record(day("2026-05-20"), "stage-2-statement-agreed"),
    )
    by_id = {deadline.id: deadline for deadline in case.deadlines}
    first, second = by_id["stage-2-response"], by_id["stage-2-response-from-statement"]
    assert first.due < second.due
    assert (first.other_reading, second.other_reading) == (second.id, first.id)


def test_the_code_counts_stage_1_from_the_acknowledgement_and_not_from_receipt(receive):
    case = after(receive("corporate", "2026-02-02T09:00"), Acknowledge(day("2026-02-06")))
    assert due(case)["stage-1-response"] == "2026-02-20"
    assert case.deadlines[1].counted_from == "stage-1-acknowledged"


def test_no_machine_rejects_anything_for_lateness(receive):
    """Nothing in a procedure asks how old the matter is, and every act stays open however late it is done."""
    case = receive("corporate", "2026-02-02T09:00")
    years_later = after(
        case,
        Acknowledge(day("2029-02-05")),
        Extend(day("2029-02-05"), "stage-1-response", day("2029-02-26"), "complex"),
        Respond(day("2029-08-01"), "upheld"),
        OpenNextStage(day("2031-01-06")),
    )
    assert years_later.stage.id == "stage-2"


def test_no_file_calls_a_concern_protected_or_asks_for_good_faith():
    words = (BUILT_IN / "whistleblowing.toml").read_text(encoding="utf-8").lower()
    for phrase in ("protected", "good faith", "malicious", "disclosure"):
        assert phrase not in words


def test_complaints_staff_are_nowhere_in_the_whistleblowing_procedure(catalogue):
    concern = catalogue["whistleblowing"]
    assert concern.reader == "whistleblowing"
    for limit in concern.versions[0].limits:
        assert {step.to for step in limit.steps} <= {
            "handler",
            "monitoring-officer",
            "deputy-monitoring-officer",
        }


def test_a_childs_complaint_is_not_an_adults(receive, catalogue):
    child, adult = catalogue["children-statutory"].versions[0], catalogue["corporate"].versions[-1]
    assert len(child.stages) == 3
    assert any("advocate" in words for words in child.told)
    assert child.event("independent-person-appointed").stage == "stage-2"
    assert due(receive("children-statutory", "2026-04-01T09:00")) != due(
        receive("corporate", "2026-04-01T09:00")
    )
    assert {stage.measure for stage in child.stages}.isdisjoint({stage.measure for stage in adult.stages})


def test_a_deadline_met_a_day_late_is_never_called_overdue(receive, calendar):
    case = after(
        receive("corporate", "2026-02-02T09:00"),
        Acknowledge(day("2026-02-10")),
        Respond(day("2026-02-25"), "upheld"),
    )
    states = [standing_on(deadline, day("2026-12-01"), calendar).state for deadline in case.deadlines]
    assert states == ["met-late", "met-late"]

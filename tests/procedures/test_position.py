"""What is kept of a standing, worked out from the standing alone."""

from dataclasses import replace
from datetime import date

from intake.procedures import moves
from intake.procedures.position import Place, StepOf, owed, position
from intake.procedures.stages_reached import receipts
from intake.procedures.workflow import decide


def test_a_case_that_has_just_come_waits_for_its_first_date(receive):
    standing = receive("corporate", "2026-06-01T09:00")
    reached = position(standing)
    first = min(standing.deadlines, key=lambda deadline: deadline.due)
    assert reached.place == Place(
        "corporate", standing.version.id, "stage-1", None, None, first.due, first.id
    )
    assert reached.deadlines == standing.deadlines
    assert reached.receipts == receipts(standing)
    assert {step.deadline for step in reached.steps} <= {deadline.id for deadline in standing.deadlines}
    assert all(isinstance(step, StepOf) and rung.level > 0 for step, rung in reached.steps.items())


def test_a_clock_that_stands_is_owed_but_neither_next_nor_chased(receive):
    standing = receive("mp-enquiry", "2026-03-02T09:00")
    paused = decide(standing, moves.PauseClock(date(2026, 3, 3), "consent"))
    stands = {deadline.id for deadline in paused.deadlines if deadline.paused_since}
    reached = position(paused)
    assert stands
    assert stands <= {deadline.id for deadline in owed(paused.deadlines)}
    assert reached.place.next_deadline not in stands
    assert not stands & {step.deadline for step in reached.steps}


def test_nothing_is_due_of_a_case_that_was_closed(receive):
    standing = replace(receive("corporate", "2026-06-01T09:00"), closed_on=date(2026, 6, 2), handler="ann")
    place = position(standing).place
    assert (place.closed_on, place.handler_id) == (date(2026, 6, 2), "ann")
    assert (place.next_due, place.next_deadline, position(standing).steps) == (None, None, {})

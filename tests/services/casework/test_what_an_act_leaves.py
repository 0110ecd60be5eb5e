"""Whoever goes on with a case after an act knows how it stands, and need not ask again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from intake.database import reading
from intake.models import Case
from intake.procedures import moves
from intake.services.cases import timekeeping
from intake.services.casework import acting
from intake.services.ground import press
from tests.actors import arrives

NOW = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)


def as_it_stands(office, reference: str) -> acting.Left:
    with reading(office.session):
        case = office.session.scalars(select(Case).where(Case.reference == reference)).one()
        return acting.Left(case.revision, timekeeping.standing(office, case))


def test_an_act_leaves_its_case_as_whoever_looks_then_finds_it(office, officer):
    """Through both stages, with a date extended, a clock paused and a note made between."""
    reference, left = arrives(office, "children-statutory"), None

    def does(days: int, move, text: str = "") -> None:
        nonlocal left
        now = NOW + timedelta(days=days)
        done = move(office.today(now))
        revision = left.revision if left else 1
        token = press.new_token()
        left = acting.do(office, officer, reference, done, text=text, revision=revision, token=token, now=now)
        assert left == as_it_stands(office, reference)

    does(0, lambda on: moves.Allocate(on, officer.id))
    does(1, lambda on: moves.Acknowledge(on), "We have it.")
    does(1, lambda on: moves.Note(on), "Ring the school.")
    deadline = next(one for one in left.standing.deadlines if one.id == "stage-1-response")
    until = office.calendar.nth_after(deadline.due, 5)
    does(2, lambda on: moves.Extend(on, deadline.id, until, "The school is closed."))
    outcome = next(
        one.id
        for one in left.standing.version.outcomes
        if one.given_by == "response" and one.final and not one.needs_reason
    )
    does(7, lambda on: moves.Respond(on, outcome), "Our answer.")
    does(9, lambda on: moves.OpenNextStage(on, "It happened again."))


def test_a_note_pressed_twice_tells_the_same_twice(office, officer):
    reference, token = arrives(office), press.new_token()
    on = office.today(NOW)
    first, second = (
        acting.do(office, officer, reference, moves.Note(on), text="Ring them.", token=token, now=NOW)
        for _ in range(2)
    )
    assert first == second == as_it_stands(office, reference)

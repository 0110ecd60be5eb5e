"""A whole desk is handed over on one page."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from intake.database import writing
from intake.models import Staff
from tests import officers
from tests.web.statements import asked_for

NOBODY = "Choose who gets them"


@pytest.fixture
def held(arrives, office, officer, manager) -> list[str]:
    """What Maya, a complaints officer, holds."""
    references = [arrives("corporate", f"Lamp {number} is out.") for number in range(3)]
    for reference in references:
        officers.allocate(office, manager, reference, officer.id, revision=1, now=datetime.now(UTC))
    return references


def test_all_to_one_with_a_note_and_one_stays(at_desk, held, manager):
    maya = at_desk("officer")
    maya.visit("/staff/colleagues")
    maya.follow("Hand over what you hold")
    assert all(reference in maya.words for reference in held)
    first, second, third = held
    maya.press(
        "/staff/hand-over",
        to=manager.id,
        note="I am away.",
        **{f"{second}-note": "The crew comes on Tuesday.", f"{third}-to": "keep"},
    )
    assert "2 of 2 given" in maya.words
    assert "Given to Tom Hendry." in maya.words
    tom = at_desk("manager")
    tom.visit(f"/staff/cases/{second}")
    assert "The crew comes on Tuesday. I am away." in tom.words
    assert third in maya.visit("/staff/hand-over").text
    assert first not in maya.page.text


def test_what_was_chosen_and_typed_is_there_again_where_nobody_was_chosen(at_desk, held):
    maya = at_desk("officer")
    maya.visit("/staff/hand-over")
    answer = maya.press(
        "/staff/hand-over", note="A note that took long.", **{f"{held[0]}-note": "Ring first."}
    )
    assert answer.status_code == 422
    assert NOBODY in maya.words
    assert "A note that took long." in maya.page.text
    assert 'value="Ring first."' in maya.page.text


def test_a_case_that_moved_meanwhile_is_told_beside_the_others(at_desk, held, office, manager, officer):
    maya = at_desk("officer")
    maya.visit("/staff/hand-over")
    officers.allocate(office, manager, held[0], manager.id, revision=2, now=datetime.now(UTC))
    maya.press("/staff/hand-over", to=manager.id)
    assert "2 of 3 given" in maya.words
    assert "It moved meanwhile: Tom Hendry has it now." in maya.words


def test_a_session_that_ran_out_loses_nothing_typed(at_desk, held, clock):
    maya = at_desk("officer")
    maya.visit("/staff/hand-over")
    clock.shift(3_600)
    answer = maya.press("/staff/hand-over", note="A note that took long.")
    assert answer.status_code == 401
    maya.press("/staff/sign-in", email="officer@demonstration.example", password=_password())
    maya.press("/staff/hand-over")
    assert "A note that took long." in maya.page.text


def test_the_manager_finds_what_nobody_at_work_has(at_desk, held, office, officer, manager):
    with writing(office.session):
        office.session.execute(update(Staff).where(Staff.id == officer.id).values(active=False))
    tom = at_desk("manager")
    tom.visit("/staff/colleagues")
    assert "Nobody at work has these" in tom.words
    tom.visit(f"/staff/hand-over/{officer.id}")
    assert "This account is switched off" in tom.words
    tom.press(f"/staff/hand-over/{officer.id}", to=manager.id)
    assert "3 of 3 given" in tom.words
    tom.visit("/staff/colleagues")
    assert "Nobody at work has these" not in tom.words


def test_an_officer_finds_nothing_of_colleagues_and_no_load(at_desk, held, manager):
    maya = at_desk("officer")
    assert maya.visit(f"/staff/hand-over/{manager.id}").status_code == 404
    maya.visit("/staff/colleagues")
    assert "Holds" not in maya.words
    assert at_desk("manager").visit("/staff/hand-over/nobody").status_code == 404


def test_many_cases_ask_no_more_than_few(at_desk, held, arrives, office, officer, manager):
    maya = at_desk("officer")
    few = asked_for(lambda: maya.visit("/staff/hand-over"))
    for number in range(5):
        reference = arrives("corporate", f"Bin {number} is full.")
        officers.allocate(office, manager, reference, officer.id, revision=1, now=datetime.now(UTC))
    assert len(asked_for(lambda: maya.visit("/staff/hand-over"))) == len(few)


def _password() -> str:
    from intake.demonstration.living import PASSWORD

    return PASSWORD

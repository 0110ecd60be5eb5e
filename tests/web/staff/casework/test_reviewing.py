"""A review is for somebody who did not answer before, unless there is a reason that is kept."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from intake.services.casework import case_page
from intake.services.ground.refusals import Refused
from tests import officers

from .test_working_a_case import LETTER, act


def test_whoever_answered_is_warned_and_asked_and_a_colleague_is_not(at_desk, arrives):
    reference, maya, tom = arrives("children-statutory"), at_desk("officer"), at_desk("manager")
    case = f"/staff/cases/{reference}"
    maya.visit(f"{case}/respond")
    assert "earlier stage" not in maya.words
    act(maya, reference, "respond", outcome="not-upheld", text=LETTER)
    act(maya, reference, "open-next-stage")
    maya.visit(case)
    assert "You answered an earlier stage of this case. Its review is for somebody else" in maya.words
    tom.visit(f"{case}/respond")
    assert "earlier stage" not in tom.words
    maya.visit(f"{case}/respond")
    assert "You answered an earlier stage of this case." in maya.words
    page = maya.press(f"{case}/respond", step="check", outcome="upheld", text=LETTER)
    assert page.status_code == 422
    assert "Give the reason" in maya.words
    assert "We are sorry." in page.text
    maya.press(f"{case}/respond", step="check", own="Tom is on leave until July.")
    assert maya.press(f"{case}/respond", step="do").status_code == 303
    maya.visit(case)
    assert "Why whoever answered before reviews it: Tom is on leave until July." in maya.words


def test_a_colleague_reviews_without_a_word(at_desk, arrives):
    reference, maya, tom = arrives("children-statutory"), at_desk("officer"), at_desk("manager")
    act(maya, reference, "respond", outcome="not-upheld", text=LETTER)
    act(maya, reference, "open-next-stage")
    assert act(tom, reference, "respond", outcome="upheld", text=LETTER).status_code == 303


def test_the_service_asks_too(at_desk, arrives, office, officer):
    """A page that was drawn before the first answer went out does not ask."""
    reference, maya = arrives("children-statutory"), at_desk("officer")
    act(maya, reference, "respond", outcome="not-upheld", text=LETTER)
    act(maya, reference, "open-next-stage")
    now = datetime.now(UTC)
    revision = case_page.open_case(office, officer, reference, now=now).revision
    with pytest.raises(Refused, match="You answered an earlier stage of this case"):
        officers.respond(office, officer, reference, "upheld", LETTER, "", revision=revision, now=now)
    officers.respond(
        office, officer, reference, "upheld", LETTER, "", revision=revision, now=now, own="Alone."
    )

"""A page that was left open from before a case went to another team tells nothing of where it is now."""

from __future__ import annotations

import pytest

from intake.services.ground.refusals import NotFound
from intake.services.holders import submitting
from intake.services.holders.submitting import EnteredBefore
from tests.actors import complaint

from .story import LATER, NOW, case_of, rerouted

TOKEN = "t" * 40


def entered(office, officer, words: str = "The bins were missed six times.", now=NOW):
    what = complaint(words=words, channel="telephone")
    return submitting.enter(office, officer, what, received=NOW, token=TOKEN, now=now)


def test_whoever_entered_it_presses_again_and_learns_nothing(office, officer, manager):
    """Seen before: the same press gave them its new reference, that it is a concern now, its dates, and its code."""
    sent = entered(office, officer)
    assert entered(office, officer, now=LATER).reference == sent.reference
    rerouted(office, manager, sent)
    with pytest.raises(NotFound):
        entered(office, officer, now=LATER)


def test_nor_by_changing_something_on_the_page(office, officer, manager):
    sent = entered(office, officer)
    rerouted(office, manager, sent)
    with pytest.raises(EnteredBefore) as told:
        entered(office, officer, "The bins were missed seven times.", now=LATER)
    new = case_of(office, sent.receipt).reference
    assert new not in str(told.value)
    assert sent.reference not in str(told.value)

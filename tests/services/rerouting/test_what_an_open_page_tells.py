"""A page that was left open from before a case went to another team tells nothing of where it is now."""

from __future__ import annotations

import pytest

from intake.services.casework import case_page
from intake.services.desk import lists as desk
from intake.services.ground.refusals import ActedMeanwhile, NotFound
from intake.services.holders import answering, submitting
from intake.services.holders.submitting import EnteredBefore
from intake.services.rerouting import looking, moving, remembering
from tests import officers
from tests.actors import complaint

from .story import LATER, NOW, case_of, propose, rerouted, take_back

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


def test_a_colleague_sees_by_nothing_that_it_is_proposed(office, officer, manager, told):
    """Seen before: a proposal, its answer and its taking back each raised the number that every page of the case
    carries, and an act from a page opened before was refused, though nothing on the case had changed.
    """
    page = case_page.open_case(office, officer, told.reference, now=LATER)
    lines = desk.desk(office, officer, "open", now=LATER).lines
    propose(office, manager, told.reference)
    assert case_page.open_case(office, officer, told.reference, now=LATER) == page
    assert desk.desk(office, officer, "open", now=LATER).lines == lines
    asked = looking.at(office, manager, told.reference, now=LATER)
    answering.answer(office, told.receipt, yes=True, text="", token="a" * 40, now=LATER)
    with pytest.raises(ActedMeanwhile):  # whoever decides, though, decides on what their page showed
        moving.move(office, manager, told.reference, revision=asked.revision, now=LATER)
    assert case_page.open_case(office, officer, told.reference, now=LATER) == page
    take_back(office, manager, told.reference)
    assert case_page.open_case(office, officer, told.reference, now=LATER) == page
    propose(office, manager, told.reference)
    with pytest.raises(ActedMeanwhile):
        moving.move(office, manager, told.reference, revision=asked.revision, now=LATER)
    officers.respond(office, officer, told.reference, "upheld", "Yes.", "", revision=page.revision, now=LATER)


def test_whoever_entered_it_saw_its_code_and_both_teams_are_told(
    office, officer, manager, monitoring_officer
):
    sent = entered(office, officer)
    assert looking.at(office, manager, sent.reference, now=LATER).entered_by == officer.name
    new = rerouted(office, manager, sent)
    (known,) = remembering.before(office, monitoring_officer, new, now=LATER)
    told = "Entered by, who has seen its receipt code and can read your letters with it"
    assert (told, officer.name) in known.facts


def test_of_what_its_holder_sent_nobody_did(office, manager, told):
    assert looking.at(office, manager, told.reference, now=LATER).entered_by == ""

"""The register of concerns: each referral with what became of it, and nobody's but those who can open it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake.counts.quarters import Period
from intake.services.ground.refusals import ActedMeanwhile, NotFound, Refused
from intake.services.oversight import committee_words, governance
from intake.services.oversight.register_of_concerns import LET_GO, NOT_WRITTEN, WAITING, register
from tests import officers
from tests.actors import MONDAY, concern, send
from tests.services.inquiries.story import Inquiring

YEAR = Period(2026)
LATER = MONDAY + timedelta(days=30)
KEPT_FROM_HER = {"named": ("monitoring-officer",)}


def lines(office, who, now=MONDAY, year=YEAR):
    return register(office, who, year, now=now).lines


def test_each_concern_stands_in_it_with_what_became_of_it(office, monitoring_officer):
    ref = send(office, concern(category="criminal-offence")).reference
    officers.allocate(office, monitoring_officer, ref, monitoring_officer.id, revision=1, now=MONDAY)
    (line,) = lines(office, monitoring_officer, LATER)
    assert (line.reference, line.categories, line.level) == (ref, ("criminal-offence",), "confidential")
    assert (line.route, line.handler) == ("Online form", monitoring_officer.name)
    assert (line.age, line.outcome, line.words_are) == (22, "", NOT_WRITTEN)
    assert line.due_label == "Acknowledgement"
    assert line.late
    told = {"revision": 2, "now": MONDAY}
    officers.acknowledge(office, monitoring_officer, ref, "We have it.", **told)
    told["revision"] = 3
    officers.respond(office, monitoring_officer, ref, "substantiated", "Done.", "", **told)
    told["revision"] = 4
    officers.close(office, monitoring_officer, ref, "Done.", **told)
    (line,) = lines(office, monitoring_officer, LATER)
    assert (line.outcome, line.age, line.late) == ("Substantiated", 0, False)


def test_a_concern_that_is_kept_from_somebody_is_nowhere_in_their_register(
    office, monitoring_officer, alternate
):
    send(office, concern())
    before = register(office, monitoring_officer, YEAR, now=MONDAY)
    about_her = send(office, concern(**KEPT_FROM_HER)).reference
    assert register(office, monitoring_officer, YEAR, now=MONDAY) == before
    assert [line.reference for line in lines(office, alternate)] == [about_her]


def test_what_is_still_open_of_earlier_years_stays_in_sight(office, monitoring_officer):
    ref = send(office, concern()).reference
    now = MONDAY + timedelta(days=400)
    found = register(office, monitoring_officer, Period(2027), now=now)
    assert found.lines == ()
    assert [line.reference for line in found.still_open] == [ref]
    assert [line.reference for line in found.late] == [ref]


def test_it_tells_how_the_words_for_the_committee_stand(office, monitoring_officer, deputy):
    ref = send(office, concern()).reference
    committee_words.summarise(office, monitoring_officer, ref, "Checks changed.", token="s" * 40, now=MONDAY)
    (line,) = lines(office, monitoring_officer)
    assert (line.words_are, line.words) == (WAITING, "")
    committee_words.release(office, deputy, ref, place=0, seen=False, now=MONDAY)
    (line,) = lines(office, monitoring_officer)
    assert (line.words_are, line.words) == (LET_GO, "Checks changed.")


def test_it_tells_of_the_inquiry_who_signed_it_off_and_which_actions_wait(office, monitoring_officer):
    story = Inquiring(office)
    story.assess(monitoring_officer)
    (line,) = lines(office, monitoring_officer)
    assert (line.inquiry, line.signed_by, line.waiting) == (True, "", 0)
    first, _ = story.action(monitoring_officer), story.action(monitoring_officer)
    (line,) = lines(office, monitoring_officer)
    assert (line.waiting, line.overdue) == (2, 0)
    story.settle(monitoring_officer, first)
    (line,) = lines(office, monitoring_officer, LATER)
    assert (line.waiting, line.overdue) == (1, 1)
    assert register(office, monitoring_officer, YEAR, now=LATER).late


def test_nobody_else_has_a_register_of_concerns(office, manager, officer):
    for who in (manager, officer):
        with pytest.raises(NotFound):
            register(office, who, YEAR, now=MONDAY)


def test_a_governance_issue_is_marked_listed_and_taken_back(office, monitoring_officer, manager):
    ref, bins = send(office, concern()).reference, send(office).reference
    told = {"seen": 0, "now": MONDAY}
    governance.mark(office, monitoring_officer, ref, ["accounts", "reputation"], "Payroll.", **told)
    governance.mark(office, manager, bins, ["objective"], "No bins for a month.", **told)
    (mine,) = governance.marked(office, monitoring_officer)
    assert (mine.reference, mine.words, len(mine.criteria)) == (ref, "Payroll.", 2)
    assert [one.reference for one in governance.marked(office, manager)] == [bins]
    assert lines(office, monitoring_officer)[0].governance
    with pytest.raises(ActedMeanwhile):
        governance.take_back(office, monitoring_officer, ref, "It was small.", **told)
    governance.take_back(office, monitoring_officer, ref, "It was small.", seen=1, now=MONDAY)
    assert governance.marked(office, monitoring_officer) == ()
    assert not lines(office, monitoring_officer)[0].governance
    seen = governance.standing(office, monitoring_officer, ref)
    assert [words for _, _, words in seen.said] == ["Payroll.", "Taken back: It was small."]


@pytest.mark.parametrize(
    ("criteria", "words", "told"),
    [
        ((), "x", "Choose what makes it"),
        (("nonsense",), "x", "Choose what"),
        (("accounts",), " ", "Write 1 to"),
    ],
)
def test_a_mark_without_a_criterion_or_words_is_refused(office, manager, criteria, words, told):
    with pytest.raises(Refused, match=told):
        governance.mark(office, manager, send(office).reference, criteria, words, seen=0, now=MONDAY)


def test_nobody_marks_a_case_that_is_not_theirs(office, manager, officer, monitoring_officer):
    ref, bins = send(office, concern()).reference, send(office).reference
    for who, what in ((manager, ref), (officer, bins), (monitoring_officer, bins)):
        with pytest.raises(NotFound):
            governance.mark(office, who, what, ["accounts"], "x", seen=0, now=MONDAY)

"""The next office, where nobody is left: never one that was named, nor one below it, nor one that went."""

from __future__ import annotations

import pytest

from intake.procedures.offices import BY_ROLE, UNSURE
from intake.services.access import looking, parting
from intake.services.ground.refusals import Refused
from intake.services.instance import founding
from intake.services.people import grants
from tests.actors import complaint, concern, send
from tests.offices import NEW, SET_UP_AT, open_office, signed_in
from tests.services.rerouting.story import DANGER, case_of, move, propose
from tests.what_opens import copy_of, what_is_there, what_opens

from .story import LATER, NOW, case_id, is_shut_to
from .test_parting import declare, stand_aside

MO, DEPUTY, AUDITOR, CHIEF, CHAIR, LAST = BY_ROLE
VAULT = {role: f"vault:{one.vault}" for role, one in BY_ROLE.items()}


@pytest.fixture
def seated(office, monitoring_officer, alternate):
    """Everybody who receives concerns, each in an office of their own."""
    people = {MO: monitoring_officer, LAST: alternate} | {role: open_office(office, role) for role in NEW}
    grants.remove_grant(office, BY_ROLE[MO].vault, "deputy@demonstration.example", now=NOW)
    return people


def who_opens(office, seated, reference: str) -> set[str]:
    case, copy = case_id(office, reference), copy_of(office)
    there = what_is_there(copy, case)
    return {role for role, who in seated.items() if what_opens(copy, who).get(case) == there}


def about(office, *named: str):
    return send(office, concern(words="It is them.", named=named), now=NOW).reference


@pytest.mark.parametrize("named", [(MO,), (UNSURE,)])
def test_a_concern_about_the_monitoring_officer_never_goes_to_them(office, seated, named):
    reference = about(office, *named)
    assert who_opens(office, seated, reference) == {AUDITOR}
    seen = parting.foresee(office, seated[AUDITOR], reference, f"staff:{seated[AUDITOR].id}", now=LATER)
    assert seen.office == "the chief executive"
    stand_aside(office, seated[AUDITOR], reference)
    assert who_opens(office, seated, reference) == {CHIEF}
    for role in (MO, DEPUTY, AUDITOR):
        is_shut_to(office, seated[role], reference)


def test_where_there_are_only_the_two_the_last_resort_keeps_it(office, monitoring_officer, deputy, alternate):
    reference = about(office, MO)
    with pytest.raises(Refused, match="what was sent must be read"):
        stand_aside(office, alternate, reference)
    for somebody in (monitoring_officer, deputy):
        is_shut_to(office, somebody, reference)


def test_an_office_that_was_named_is_passed_over(office, seated):
    reference = about(office, AUDITOR, LAST)
    assert who_opens(office, seated, reference) == {MO, DEPUTY}
    declare(office, seated[MO], reference, VAULT[MO])
    assert who_opens(office, seated, reference) == {CHIEF}
    stand_aside(office, seated[CHIEF], reference)
    assert who_opens(office, seated, reference) == {CHAIR}
    with pytest.raises(Refused, match="what was sent must be read"):
        stand_aside(office, seated[CHAIR], reference)


def test_who_answers_to_an_office_that_went_does_not_come_back(office, seated):
    reference = about(office)
    declare(office, seated[DEPUTY], reference, VAULT[MO])
    assert who_opens(office, seated, reference) == {AUDITOR}
    stand_aside(office, seated[AUDITOR], reference)
    assert who_opens(office, seated, reference) == {CHIEF}
    for role in (MO, DEPUTY, AUDITOR):
        is_shut_to(office, seated[role], reference)


def test_an_office_goes_with_whatever_key_its_people_have(office, monitoring_officer, alternate):
    """The deputy has an office apart and keeps the older vault too: a conflict of their office ends both."""
    vault = BY_ROLE[DEPUTY].vault
    pair = founding.set_up_office(office, DEPUTY, now=SET_UP_AT).pairs[vault]
    deputy = signed_in(office, "deputy@demonstration.example")
    grants.give(office, vault, pair, deputy.id, now=SET_UP_AT)
    seated = {MO: monitoring_officer, DEPUTY: deputy, LAST: alternate}
    reference = about(office)
    assert who_opens(office, seated, reference) == {MO, DEPUTY}
    declare(office, monitoring_officer, reference, VAULT[DEPUTY])
    assert who_opens(office, seated, reference) == {MO}
    is_shut_to(office, deputy, reference)


def test_a_complaint_that_becomes_a_concern_remembers_about_whom(office, seated, officer, manager):
    sent = send(office, complaint(), now=NOW)
    propose(office, officer, sent.reference, named=(AUDITOR,), danger=DANGER)
    move(office, manager, sent.reference)
    reference = case_of(office, sent.receipt).reference
    assert who_opens(office, seated, reference) == {MO, DEPUTY}
    declare(office, seated[MO], reference, VAULT[MO])
    assert who_opens(office, seated, reference) == {CHIEF}


def test_an_office_is_called_by_whoever_is_in_it(office, seated):
    """Seen before: the page said "The monitoring officer and the deputy" of an office that the deputy had left."""
    reference = send(office, concern(), now=NOW).reference
    page = looking.at(office, seated[MO], reference, now=LATER)
    assert {one.name for one in page.held} == {"The monitoring officer", "The deputy monitoring officer"}
    offices = [name for who, name in page.could_go if who.startswith("vault:")]
    assert sorted(offices) == [
        "The whole office: the deputy monitoring officer",
        "The whole office: the monitoring officer",
    ]
    foreseen = parting.foresee(office, seated[DEPUTY], reference, f"staff:{seated[DEPUTY].id}", now=LATER)
    assert foreseen.holders == ("the monitoring officer",)


def test_where_the_deputy_has_no_office_apart_the_two_are_named_together(office, monitoring_officer):
    reference = send(office, concern(), now=NOW).reference
    (held,) = looking.at(office, monitoring_officer, reference, now=LATER).held
    assert held.name == "The monitoring officer and the deputy"

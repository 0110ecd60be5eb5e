"""The key of an office apart is changed: what several offices hold opens for each of them before, between and after."""

from __future__ import annotations

import pytest

from intake.procedures.offices import BY_ROLE
from intake.services.access import parting
from intake.services.people import grants, rewrapping, rotating
from tests.actors import MONDAY, concern, send
from tests.offices import NEW, open_office
from tests.services.access.story import case_id, key_of, revision
from tests.what_opens import copy_of, what_is_there, what_opens

from .rotation import LATER, ring_of

MO, DEPUTY, AUDITOR = tuple(BY_ROLE)[:3]


@pytest.fixture
def seated(office, monitoring_officer, alternate):
    people = {role: open_office(office, role) for role in NEW} | {MO: monitoring_officer}
    grants.remove_grant(office, BY_ROLE[MO].vault, "deputy@demonstration.example", now=MONDAY)
    return people


def opens_all(office, who, reference: str) -> bool:
    copy, case = copy_of(office), case_id(office, reference)
    return what_opens(copy, who).get(case) == what_is_there(copy, case)


@pytest.mark.parametrize("role", NEW)
def test_an_office_gets_another_key_and_goes_on_with_it_itself(office, seated, role):
    named = {DEPUTY: ()}.get(role, tuple(one for one in BY_ROLE if one != role))
    both, given = send(office, concern(named=named)), send(office, concern(words="Mine.", named=named))
    who = seated[role]
    ring = rotating.Ring(BY_ROLE[role].vault, who.id, ring_of(office, who).pairs)
    new = rotating.draw(office, ring.vault)
    shown = rotating.who_stays(office, ring, now=LATER)
    assert [one.id for one in shown] == [who.id]
    rotating.begin(office, ring, new, shown, {}, now=LATER)
    later = send(office, concern(words="Since.", named=named))
    for sent in (both, given, later):
        assert key_of(office, who, sent.reference)
    assert rewrapping.of_their_own(office, who).left
    assert not rewrapping.go_on(office, who, now=LATER).broken
    assert rewrapping.of_their_own(office, who) is None
    for sent in (both, given, later):
        assert opens_all(office, who, sent.reference)
        assert role != DEPUTY or opens_all(office, seated[MO], sent.reference)


def test_a_deputy_in_an_office_apart_stands_aside(office, seated):
    sent = send(office, concern())
    told = {"revision": revision(office, sent.reference), "now": LATER}
    parting.stand_aside(office, seated[DEPUTY], sent.reference, "She is my sister.", **told)
    assert opens_all(office, seated[MO], sent.reference)
    assert case_id(office, sent.reference) not in what_opens(copy_of(office), seated[DEPUTY])

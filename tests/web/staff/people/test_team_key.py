"""A team sees how far the change of its key is, works on meanwhile, and can go on with it where it was interrupted."""

from __future__ import annotations

from intake.database import alone
from intake.services.people import grants, rewrapping
from tests.actors import complaint, send
from tests.by_hand import by_hand
from tests.services.people.rotation import LATER, MAYA, begin, read_all, some_cases
from tests.services.rerouting.story import case_of

HERE = "/staff/colleagues/key"


def test_a_member_sees_how_far_it_is_and_goes_on_with_it(at_desk, office, manager, monkeypatch):
    monkeypatch.setattr(rewrapping, "AT_A_PRESS", 4)
    monkeypatch.setattr(rewrapping, "AT_A_TIME", 4)
    first, *_ = some_cases(office)
    desk = at_desk("manager")
    desk.visit(HERE)
    assert "Everything of your team is sealed to one key" in desk.words
    assert "intake vault rotate complaints" in desk.words
    assert 'method="post" action="/staff/colleagues/key"' not in desk.page.text
    begin(office, manager)
    desk.visit("/staff/colleagues")
    assert "It is being changed: how far that is" in desk.words
    desk.visit(HERE)
    assert "0 of 6 are sealed to the new key, 6 are still under the old one" in desk.words
    assert desk.press(HERE).status_code == 303
    desk.visit(HERE)
    assert "4 of 6 are sealed to the new key, 2" in desk.words
    assert desk.visit(f"/staff/cases/{first}").status_code == 200
    came = send(office, complaint(), now=LATER).reference
    assert desk.visit(f"/staff/cases/{came}").status_code == 200
    desk.visit(HERE)
    desk.press(HERE)
    desk.visit(HERE)
    assert "Everything of your team is sealed to one key" in desk.words
    assert rewrapping.under_way(office) == []
    assert read_all(office, manager) == 4


def test_beside_the_command_a_press_does_nothing_and_says_so(at_desk, office, manager):
    some_cases(office, 1)
    desk = at_desk("manager")
    begin(office, manager)
    desk.visit(HERE)
    with alone(office.session.get_bind().engine, "rotate-complaints", wait_seconds=0):
        assert desk.press(HERE).status_code == 409
    assert "Somebody is at it just now" in desk.words
    assert [one.left for one in rewrapping.under_way(office)] == [2]


def test_what_does_not_open_is_told_without_an_end(at_desk, office, instance, manager):
    hurt = case_of(office, send(office, complaint()).receipt).id
    desk = at_desk("manager")
    begin(office, manager)
    office.session.rollback()
    with by_hand(instance) as connection:
        connection.execute("UPDATE envelopes SET sealed = ? WHERE case_id = ?", (bytes(1169), hurt))
    desk.visit(HERE)
    desk.press(HERE)
    desk.visit(desk.page.headers["Location"])
    assert "Something does not open" in desk.words
    assert [one.left for one in rewrapping.under_way(office)] == [2]


def test_whoever_is_in_no_vault_finds_no_such_page(at_desk, office, manager):
    maya, senior = at_desk("officer"), at_desk("senior")
    assert maya.visit(HERE).status_code == 200
    assert senior.visit(HERE).status_code == 404
    grants.remove_grant(office, "complaints", MAYA, now=LATER)
    assert maya.visit(HERE).status_code == 404
    assert maya.visit("/staff/colleagues").status_code == 200

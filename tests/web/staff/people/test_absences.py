"""Somebody enters when they are away; the cover finds their cases."""

from __future__ import annotations

from datetime import UTC, datetime

from tests import officers


def days(first: str, last: str) -> dict[str, str]:
    return {
        f"{name}-{part}": number
        for name, day in (("first", first), ("last", last))
        for part, number in zip(("day", "month", "year"), day.split(), strict=True)
    }


def test_an_officer_is_away_and_the_manager_stands_in(at_desk, arrives, office, officer, manager, clock):
    reference = arrives("corporate", "The lamp is out.")
    officers.allocate(office, manager, reference, officer.id, revision=1, now=datetime.now(UTC))
    maya, tom = at_desk("officer"), at_desk("manager")
    maya.visit("/staff/away")
    assert maya.press("/staff/away", **days("6 5 2026", "8 5 2026"), cover=manager.id).status_code == 303
    maya.visit(maya.page.location)
    assert "It is entered." in maya.words
    assert "Wednesday 6 May 2026" in maya.words
    tom.visit("/staff/?view=mine")
    assert reference not in tom.page.text
    tom.visit("/staff/colleagues")
    assert "Away soon 6 May 2026 to 8 May 2026, Tom Hendry stands in" in tom.words
    clock.move_to(datetime(2026, 5, 6, 9, 0, tzinfo=UTC))
    tom = at_desk("manager")
    tom.visit("/staff/?view=mine")
    assert reference in tom.page.text
    assert "Maya Okafor You stand in" in tom.words
    tom.visit("/staff/away")
    assert "You stand in today for Maya Okafor" in tom.words
    maya = at_desk("officer")
    maya.visit("/staff/away")
    maya.press("/staff/away")
    maya.visit(maya.page.location)
    assert "It is ended." in maya.words
    tom.visit("/staff/?view=mine")
    assert reference not in tom.page.text


def test_what_cannot_be_is_told_beside_what_was_typed(at_desk, manager):
    maya = at_desk("officer")
    maya.visit("/staff/away")
    assert maya.press("/staff/away", **days("31 2 2026", "8 5 2026")).status_code == 422
    assert "There is no such day." in maya.words
    maya.visit("/staff/away")
    assert maya.press("/staff/away", **days("9 5 2026", "8 5 2026")).status_code == 409
    assert "The last day comes before the first." in maya.words
    assert 'value="9"' in maya.page.text
    assert maya.client.post("/staff/away", data={**maya.form("/staff/away"), "end": "x"}).status_code == 409


def test_a_manager_enters_it_for_a_colleague_who_rang_ill(at_desk, officer, manager):
    tom = at_desk("manager")
    tom.visit("/staff/colleagues")
    assert f"/staff/away/{officer.id}" in tom.page.text
    tom.visit(f"/staff/away/{officer.id}")
    assert "When Maya Okafor is away" in tom.words
    assert tom.press(f"/staff/away/{officer.id}", **days("5 5 2026", "5 5 2026")).status_code == 303
    tom.visit("/staff/colleagues")
    assert "Away 5 May 2026 to 5 May 2026, nobody stands in" in tom.words
    assert at_desk("officer").visit(f"/staff/away/{manager.id}").status_code == 404


def test_a_senior_officer_has_the_page_too(at_desk):
    senior = at_desk("senior")
    senior.visit("/staff/away")
    assert "Whoever stands in is told of what is late." in senior.words


def test_whoever_alone_can_open_a_vault_is_told_that_nobody_can_stand_in(at_desk):
    alternate = at_desk("alternate")
    alternate.visit("/staff/away")
    assert "Nobody else is let in here, so nobody can stand in" in alternate.words
    assert "Nobody else is let in" not in at_desk("officer").visit("/staff/away").text

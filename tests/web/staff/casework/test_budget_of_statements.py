"""How often an officer's page may ask the database. A page that asks once for each line is seen here, not by an officer
on a slow machine.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from intake.services.cases import themes
from intake.services.casework import classifying
from intake.services.ground import press
from intake.services.holders import returning
from tests import officers
from tests.actors import send
from tests.web.statements import asked_for

LIST_OF_FIFTY = 17  # three of them for what can be chosen and for the officer's own lists
CASE = 20
TRIAGE = CASE + 2  # what can be chosen: the services are in hand, or asked for, and so are the themes


@pytest.fixture
def a_while_later(clock):
    """Long enough after the last press for the session to be marked as seen again, which asks once more."""
    return lambda: clock.shift(timedelta(minutes=1))


def test_a_list_of_fifty_asks_no_more_than_a_list_of_five(
    at_desk, arrives, office, manager, officer, a_while_later
):
    desk = at_desk("manager")
    for number in range(5):
        arrives("corporate", f"Lamp {number} is out.")
    few = asked_for(lambda: desk.visit("/staff/"))
    listed = [arrives("corporate", f"Lamp {number} is out.") for number in range(5, 52)]
    for reference, whose in zip(listed[::2], [officer, manager] * 12, strict=True):
        officers.allocate(office, manager, reference, whose.id, revision=1, now=datetime.now(UTC))
    many = asked_for(lambda: desk.visit("/staff/?view=open"))
    assert desk.page.text.count(" is out.") == 50
    assert {"Maya Okafor", "Tom Hendry", "Nobody yet"} <= {who for who in NAMES if who in desk.page.text}
    assert len(many) == len(few)
    a_while_later()
    again = asked_for(lambda: desk.follow("Next page"))
    assert desk.page.text.count(" is out.") == 2
    assert len(again) <= LIST_OF_FIFTY, "\n".join(again)


NAMES = ("Maya Okafor", "Tom Hendry", "Nobody yet")


def test_a_complaint_with_letters_notes_and_a_theme_is_one_page(
    at_desk, office, manager, officer, a_while_later
):
    sent, now = received(office, "corporate"), datetime.now(UTC)
    themes.add_theme(office, manager, "Missed bins", now=now)
    (theme,) = (line.id for line in themes.themes(office))
    officers.allocate(office, manager, sent.reference, officer.id, revision=1, now=now)
    officers.acknowledge(office, officer, sent.reference, "We have it.", revision=2, now=now)
    classifying.classify(office, officer, sent.reference, None, theme, revision=3, now=now)
    for text in ("Rang them.", "Rang again."):
        officers.note(office, officer, sent.reference, text, token=press.new_token(), now=now)
        returning.write(office, sent.receipt, f"They rang: {text}", token=press.new_token(), now=now)
    for who in ("officer", "manager"):
        desk = at_desk(who)
        a_while_later()
        asked = asked_for(lambda desk=desk: desk.visit(f"/staff/cases/{sent.reference}"))
        assert len(asked) <= CASE, "\n".join(asked)
        for told in ("We have it.", "Rang again.", "They rang: Rang them.", "Missed bins", "Sam Ash"):
            assert told in desk.page.text


def test_a_complaint_that_may_still_move_asks_each_procedure_and_the_database_once(
    at_desk, office, a_while_later
):
    desk, sent = at_desk("officer"), received(office, "corporate")
    a_while_later()
    asked = asked_for(lambda: desk.visit(f"/staff/cases/{sent.reference}"))
    assert "Move it to another procedure" in desk.page.text
    assert len(asked) <= CASE, "\n".join(asked)
    form = asked_for(lambda: desk.visit(f"/staff/cases/{sent.reference}/reclassify"))
    assert len(form) <= len(asked)


def test_each_message_about_a_concern_has_its_own_key_and_they_are_fetched_at_once(
    at_desk, office, a_while_later
):
    desk, sent = at_desk("monitoring"), received(office, "whistleblowing")

    def writes(text: str) -> None:
        returning.write(office, sent.receipt, text, token=press.new_token(), now=datetime.now(UTC))

    writes("First.")
    desk.visit(f"/staff/cases/{sent.reference}")  # the first look of a day is a line of the journal
    one = asked_for(lambda: desk.visit(f"/staff/cases/{sent.reference}"))
    for text in ("Second.", "Third.", "Fourth."):
        writes(text)
    four = asked_for(lambda: desk.visit(f"/staff/cases/{sent.reference}"))
    assert all(text in desk.page.text for text in ("First.", "Second.", "Third.", "Fourth."))
    assert len(four) == len(one)
    a_while_later()
    asked = asked_for(lambda: desk.visit(f"/staff/cases/{sent.reference}"))
    assert len(asked) <= CASE, "\n".join(asked)


def received(office, procedure: str):
    """Something that somebody has sent who keeps the receipt."""
    return send(office, procedure, name="Sam Ash", now=datetime.now(UTC))


def test_loads_and_dates_ask_no_more_for_many_cases(
    at_desk, arrives, office, manager, officer, a_while_later
):
    desk = at_desk("manager")
    arrives("corporate")
    pages = ("/staff/load", "/staff/dates?whose=team", "/staff/dates.ics", "/staff/?procedure=corporate")
    few = [len(asked_for(lambda page=page: desk.visit(page))) for page in pages]
    for _ in range(12):
        reference = arrives("corporate")
        officers.allocate(office, manager, reference, manager.id, revision=1, now=datetime.now(UTC))
    many = [len(asked_for(lambda page=page: desk.visit(page))) for page in pages]
    assert many == few
    assert max(many) <= LIST_OF_FIFTY + 1


def test_triage_asks_what_the_case_asks_and_what_can_be_chosen(at_desk, office, a_while_later):
    desk, sent = at_desk("officer"), received(office, "corporate")
    a_while_later()
    asked = asked_for(lambda: desk.visit(f"/staff/cases/{sent.reference}/triage"))
    assert "Triage it and write the acknowledgement" in desk.page.text
    assert len(asked) <= TRIAGE, "\n".join(asked)

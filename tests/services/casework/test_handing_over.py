"""What somebody holds is handed over in one act, and every open case has somebody at work."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from intake.database import writing
from intake.models import Case, JournalLine, Notice, Staff
from intake.services.casework import case_page, handing_over
from intake.services.casework.handing_over import Given
from intake.services.ground import journal
from intake.services.ground.refusals import NotFound, Refused
from intake.services.people import accounts
from intake.services.tick import sending
from tests import officers
from tests.actors import MONDAY, arrives, concern

LATER = MONDAY + timedelta(hours=2)


@pytest.fixture
def held(office, officer, manager) -> list[str]:
    """Three complaints that the officer holds."""
    references = [arrives(office, words=f"Lamp {number} is out.") for number in range(3)]
    for reference in references:
        officers.allocate(office, manager, reference, officer.id, revision=1, now=MONDAY)
    with writing(office.session):
        office.session.execute(update(Notice).values(state="sent"))
    return references


def given(office, by, holder, to: str, note: str = "") -> list[Given]:
    """Everything that the page shows, to one person."""
    shown = handing_over.holding(office, by, holder.id, now=LATER).cases
    return [Given(case.reference, to, note, case.revision) for case in shown]


def has(office, reference: str) -> str:
    office.session.rollback()
    return office.session.scalars(select(Case.handler_id).where(Case.reference == reference)).one()


def told(office, *kinds: str) -> list[tuple[str, str | None]]:
    office.session.rollback()
    waiting = select(Notice).where(Notice.state == "queued", Notice.kind.in_(kinds))
    return [(notice.staff_id, notice.case_id) for notice in office.session.scalars(waiting)]


def test_an_officer_hands_over_all_they_hold_with_a_note_for_each(office, officer, manager, held):
    asked = given(office, officer, officer, manager.id, "The crew comes on Tuesday.")
    rows = handing_over.hand_over(office, officer, officer.id, asked, now=LATER)
    assert [row.done for row in rows] == [True] * 3
    assert rows[0].words == "Given to Tom Hendry."
    for reference in held:
        page = case_page.open_case(office, manager, reference, now=LATER)
        assert page.handler_id == manager.id
        assert [note.text for note in page.notes] == ["The crew comes on Tuesday."]
        assert "Handed over to Tom Hendry" in [entry.text for entry in page.timeline]
    assert told(office, "handed-over") == [(manager.id, None)], "one notice, which names no case"
    assert handing_over.holding(office, officer, officer.id, now=LATER).cases == ()


def test_the_notice_has_no_content(office, officer, manager, held):
    rows = given(office, officer, officer, manager.id, "A secret note.")
    handing_over.hand_over(office, officer, officer.id, rows, now=LATER)
    letters = []
    sending.send_waiting(office, letters.append, now=LATER)
    (letter,) = [letter for letter in letters if "handed over" in letter["Subject"]]
    assert not any(word in letter.as_string() for word in (*held, "secret", "Maya"))


def test_a_case_that_moved_meanwhile_is_told_and_left_and_the_others_go(office, officer, manager, held):
    asked = given(office, officer, officer, manager.id)
    officers.note(office, manager, held[0], "Rang them.", token="t" * 40, now=LATER)  # changes no revision
    officers.allocate(office, manager, held[1], manager.id, revision=2, now=LATER)
    officers.acknowledge(office, officer, held[2], "We have it.", revision=2, now=LATER)
    rows = {
        row.reference: row for row in handing_over.hand_over(office, officer, officer.id, asked, now=LATER)
    }
    assert rows[held[0]].done
    assert "Tom Hendry has it now" in rows[held[1]].words
    assert "Somebody acted on it meanwhile" in rows[held[2]].words
    assert has(office, held[2]) == officer.id
    again = handing_over.hand_over(office, officer, officer.id, asked, now=LATER)
    assert not any(row.done for row in again), "the same press again does nothing twice"


def test_a_manager_hands_over_for_somebody_else_and_an_officer_does_not(office, officer, manager, held):
    with pytest.raises(NotFound):
        handing_over.holding(office, officer, manager.id, now=LATER)
    with pytest.raises(NotFound):
        handing_over.hand_over(office, officer, manager.id, [], now=LATER)
    rows = handing_over.hand_over(
        office, manager, officer.id, given(office, manager, officer, manager.id), now=LATER
    )
    assert all(row.done for row in rows)
    assert told(office, "handed-over") == [], "whoever takes them is not told of their own act"


def test_nobody_of_another_vault_sees_or_gets_any_of_it(office, officer, manager, monitoring_officer, held):
    with pytest.raises(NotFound):
        handing_over.holding(office, monitoring_officer, officer.id, now=LATER)
    others = dict(handing_over.holding(office, manager, officer.id, now=LATER).others)
    assert set(others) == {manager.id}
    rows = handing_over.hand_over(
        office, manager, officer.id, given(office, manager, officer, monitoring_officer.id), now=LATER
    )
    assert not any(row.done for row in rows)
    assert "cannot read it" in rows[0].words
    secret = arrives(office, concern())
    officers.allocate(office, monitoring_officer, secret, monitoring_officer.id, revision=1, now=MONDAY)
    (row,) = handing_over.hand_over(
        office, manager, monitoring_officer.id, [Given(secret, manager.id, "", 2)], now=LATER
    )
    assert not row.done
    assert has(office, secret) == monitoring_officer.id
    assert {load.staff_id for load in handing_over.loads(office, manager)} == {officer.id}


def test_a_disabled_officer_keeps_none(office, officer, manager, held):
    """Seen before: 21 cases still named her."""
    email = "officer@demonstration.example"
    with pytest.raises(Refused, match="holds 3 open cases"):
        accounts.disable(office, email, now=LATER)
    assert office.session.get(Staff, officer.id).active
    assert handing_over.switch_off(office, email, "manager@demonstration.example", now=LATER) == 3
    assert {has(office, reference) for reference in held} == {manager.id}
    assert not office.session.get(Staff, officer.id).active
    assert told(office, "handed-over") == [(manager.id, None)]
    lines = office.session.scalars(select(JournalLine).where(JournalLine.act == "handed-over")).all()
    assert {(line.actor, journal.detail_of(line)["staff"]) for line in lines} == {
        ("administrator", manager.id)
    }
    assert handing_over.faults(office) == []


@pytest.mark.parametrize(
    "to", ["monitoring@demonstration.example", "officer@demonstration.example", "nobody@x.example"]
)
def test_to_nobody_who_cannot_read_them_and_then_nothing_is_done(office, officer, held, to):
    with pytest.raises(Refused):
        handing_over.switch_off(office, "officer@demonstration.example", to, now=LATER)
    assert office.session.get(Staff, officer.id).active
    assert {has(office, reference) for reference in held} == {officer.id}


def test_the_last_who_can_open_a_vault_is_not_switched_off_by_handing_over(office, alternate):
    with pytest.raises(Refused, match="last who can open"):
        handing_over.switch_off(
            office, "alternate@demonstration.example", "manager@demonstration.example", now=LATER
        )


def test_what_an_earlier_version_left_with_somebody_who_has_gone_is_told_and_can_be_handed_over(
    office, officer, manager, held
):
    with writing(office.session):
        office.session.execute(update(Staff).where(Staff.id == officer.id).values(active=False))
    (fault,) = handing_over.faults(office)
    assert "still has 3 open cases" in fault
    (load,) = handing_over.loads(office, manager)
    assert (load.name, load.number, load.at_work) == ("Maya Okafor", 3, False)
    rows = handing_over.hand_over(
        office, manager, officer.id, given(office, manager, officer, manager.id), now=LATER
    )
    assert all(row.done for row in rows)
    assert handing_over.faults(office) == []


def test_whoever_was_taken_out_of_the_vault_is_not_at_work_either(office, officer, manager, held):
    accounts.invite(
        office, "officer@demonstration.example", "Maya Okafor", "complaints-officer", again=True, now=LATER
    )
    assert "Maya Okafor" in handing_over.faults(office)[0]
    asked = given(office, manager, officer, manager.id)
    assert len(asked) == 3
    closed = asked[0].reference
    officers.withdraw(office, manager, closed, "She rang.", revision=2, now=LATER)
    rows = handing_over.hand_over(office, manager, officer.id, asked, now=datetime(2026, 6, 2, 9, tzinfo=UTC))
    assert [row.done for row in rows] == [False, True, True]
    assert "closed meanwhile" in rows[0].words

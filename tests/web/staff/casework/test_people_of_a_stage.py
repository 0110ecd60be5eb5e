"""A child's complaint from its investigation to its panel: who is appointed, declared, refused, shown and kept."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from intake.database import reading
from intake.models import JournalLine, Record

from .test_working_a_case import LETTER, act, day

NOBODYS = {f"connection{number}": "none" for number in (1, 2, 3)}
THREE = {"name1": "Ann Lowe", "name2": "Ben Okri", "name3": "Cy Dahl"} | NOBODYS


@pytest.fixture
def at_stage_2(at_desk, arrives):
    """An officer, and the address of a child's complaint that has reached stage 2 on Tuesday 5 May 2026."""
    desk, case = at_desk("officer"), f"/staff/cases/{(reference := arrives('children-statutory'))}"
    act(desk, reference, "respond", outcome="not-upheld", text=LETTER)
    act(desk, reference, "open-next-stage")
    desk.visit(case)
    return desk, case


def appoints(desk, address: str, **typed: str) -> None:
    desk.visit(address)
    assert desk.press(address, step="check", **typed).status_code == 200, desk.words
    assert "Nothing has been done yet." in desk.words
    assert desk.press(address, step="do").status_code == 303, desk.words


def test_who_investigates_and_who_is_independent_stand_on_the_case(at_stage_2, office):
    desk, case = at_stage_2
    assert "Appoint the investigating officer" in desk.words
    appoints(desk, f"{case}/appoint/investigating-officer-appointed", name1="Iris Brand")
    appoints(desk, f"{case}/appoint/independent-person-appointed", name1="Omar Reyes", connection1="none")
    desk.visit(case)
    assert (
        "Investigating officer Iris Brand Appointed on Tuesday 5 May 2026. Written down by Maya Okafor"
        in desk.words
    )
    assert "Omar Reyes Declared: Neither a member nor an officer of this authority" in desk.words
    assert "Independent person appointed" in desk.words
    with reading(office.session):
        assert len(office.session.scalars(select(Record).where(Record.kind == "appointed")).all()) == 2
        lines = office.session.scalars(select(JournalLine).where(JournalLine.act == "appoint")).all()
        assert [line.detail for line in lines] == [
            '{"event":"investigating-officer-appointed"}',
            '{"event":"independent-person-appointed"}',
        ]


@pytest.mark.parametrize(
    ("connection", "words"),
    [
        (
            "member",
            "Omar Reyes cannot be appointed: a member of this authority (a councillor) is not independent",
        ),
        ("officer", "Omar Reyes cannot be appointed: an officer of this authority is not independent"),
        (
            "partner",
            "Omar Reyes cannot be appointed: the spouse or civil partner of a member or an officer is not",
        ),
    ],
)
def test_an_independent_person_who_is_a_member_is_refused_and_nothing_is_kept(
    at_stage_2, office, connection, words
):
    desk, case = at_stage_2
    address = f"{case}/appoint/independent-person-appointed"
    desk.visit(address)
    assert "SI 2006/1738 regulations 2 and 17" in desk.words
    page = desk.press(address, step="check", name1="Omar Reyes", connection1=connection)
    assert page.status_code == 409
    assert words in desk.words
    assert 'value="Omar Reyes"' in page.text
    page = desk.press(address, step="do")
    assert page.status_code == 409
    with reading(office.session):
        assert office.session.scalars(select(Record).where(Record.kind == "appointed")).all() == []


def test_whoever_investigates_is_not_the_independent_person_and_another_needs_a_reason(at_stage_2):
    desk, case = at_stage_2
    appoints(desk, f"{case}/appoint/investigating-officer-appointed", name1="Iris Brand")
    address = f"{case}/appoint/independent-person-appointed"
    desk.visit(address)
    page = desk.press(address, step="check", name1="iris  brand", connection1="none")
    assert page.status_code == 409
    assert "is the investigating officer of this complaint" in desk.words
    address = f"{case}/appoint/investigating-officer-appointed"
    desk.visit(address)
    assert desk.press(address, step="check", name1="Lev Ash").status_code == 422
    assert "Give the reason" in desk.words
    desk.press(address, step="check", reason="Iris is ill.")
    assert "It changes no date. Nothing has been done yet." in desk.words
    assert desk.press(address, step="do", name1="Lev Ashe").status_code == 200
    assert "You changed something after you had checked it" in desk.words
    assert desk.press(address, step="do").status_code == 303
    desk.visit(case)
    assert "Investigating officer Lev Ashe" in desk.words
    assert "Investigating officer, before Iris Brand" in desk.words
    assert "Reason for the change: Iris is ill." in desk.words
    assert "Investigating officer appointed: changed" in desk.words


def test_a_panel_of_three_is_set_up_for_a_day_to_come(at_stage_2):
    desk, case = at_stage_2
    appoints(desk, f"{case}/appoint/independent-person-appointed", name1="Omar Reyes", connection1="none")
    reference = case.rpartition("/")[2]
    act(desk, reference, "respond", outcome="not-upheld", text=LETTER, own="Alone.")
    act(desk, reference, "open-next-stage")
    address = f"{case}/appoint/panel-arranged"
    desk.visit(address)
    assert "may attend, and does not sit" in desk.words
    meets = day("happened", 16, 6)
    page = desk.press(address, step="check", **THREE | {"name2": "Omar Reyes"}, **meets)
    assert page.status_code == 409
    assert (
        "Omar Reyes is the independent person of this complaint, and cannot be a member of the panel too."
        in desk.words
    )
    page = desk.press(address, step="check", name2="Ben Okri", connection3="officer")
    assert page.status_code == 409
    assert "Cy Dahl cannot be appointed" in desk.words
    desk.press(address, step="check", connection3="none")
    assert (
        "“Review panel meets” stays due Wednesday 17 June 2026: Tuesday 16 June 2026 is in time for it."
        in desk.words
    )
    assert desk.press(address, step="do").status_code == 303
    desk.visit(case)
    for told in ("Ann Lowe", "Ben Okri", "Cy Dahl", "To meet on Tuesday 16 June 2026."):
        assert told in desk.words
    assert "Review panel to meet on 16 June 2026" in desk.words
    assert "Record: Review panel met" in desk.words
    assert "Arranged for Tuesday 16 June 2026." in desk.words
    address = f"{case}/appoint/panel-arranged"
    desk.visit(address)
    desk.press(address, step="check", **THREE, **day("happened", 19, 6), reason="A member is away.")
    assert "Friday 19 June 2026 is 2 working days after it." in desk.words
    assert desk.press(address, step="do").status_code == 303
    desk.visit(case)
    assert "Arranged for Friday 19 June 2026, which is after the date by which it is due." in desk.words
    assert "Review panel to meet on 19 June 2026: changed" in desk.words


def test_a_letter_with_no_name_and_no_declaration_is_asked_for_both(at_stage_2):
    desk, case = at_stage_2
    address = f"{case}/appoint/independent-person-appointed"
    desk.visit(address)
    assert desk.press(address, step="check", name1=" ").status_code == 422
    assert "Give the name" in desk.words
    assert "Choose: what they declare" in desk.words

"""A direct line: an officer says their own, a manager a colleague's of the same team, and nobody another's."""

from __future__ import annotations

from sqlalchemy import select

from intake.models import JournalLine, Staff
from tests.web.staff.at_a_desk import Desk


def line_of(office, email: str) -> str:
    office.session.rollback()
    return office.session.scalar(
        select(Staff.direct_line).where(Staff.email == f"{email}@demonstration.example")
    )


def test_an_officer_says_their_own_line(app, office):
    desk = Desk(app)
    desk.sign_in("officer")
    desk.visit("/staff/line")
    assert desk.press("/staff/line", line="ring me").status_code == 422
    assert "Enter a telephone number" in desk.words
    assert desk.form("/staff/line")["line"] == "ring me"
    desk.press("/staff/line", line="01632  960 123 extension 4")
    assert desk.page.status_code == 303
    assert line_of(office, "officer") == "01632 960 123 extension 4"
    lines = office.session.scalars(select(JournalLine).where(JournalLine.act == "direct-line-changed")).all()
    assert len(lines) == 1
    assert "960" not in lines[0].detail
    assert desk.visit(f"/staff/line/{lines[0].actor}").status_code == 404  # for managers


def test_a_manager_says_it_for_the_team_and_for_nobody_else(app, office, officer, monitoring_officer):
    desk = Desk(app)
    desk.sign_in("manager")
    desk.visit("/staff/colleagues")
    here = f"/staff/line/{officer.id}"
    assert here in desk.page.text
    desk.visit(here)
    desk.press(here, line="01632 960 456")
    assert line_of(office, "officer") == "01632 960 456"
    desk.visit(here)
    desk.press(here, line="")
    assert line_of(office, "officer") == ""
    assert desk.visit(f"/staff/line/{monitoring_officer.id}").status_code == 404
    assert desk.visit("/staff/line/nobody").status_code == 404

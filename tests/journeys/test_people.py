"""A team in Chromium: what somebody holds is handed over, and somebody is away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from intake.database import writing
from intake.models import Staff
from tests import officers
from tests.services.people import rotation


def test_a_desk_is_handed_over(officer, arrives, office, unlocked):
    maya, tom = unlocked["complaints-officer"], unlocked["complaints-manager"]
    references = [arrives("corporate", f"Lamp {number} is out.", days_ago=20 * number) for number in range(3)]
    for reference in references:
        officers.allocate(office, tom, reference, maya.id, revision=1, now=datetime.now(UTC))
    officer.sign_in("officer").open("/staff/colleagues", "colleagues-of-an-officer")
    officer.open("/staff/hand-over", "hand-over").press("Hand over", "hand-over-to-nobody")
    officer.page.select_option("#to", label="Tom Hendry")
    officer.page.fill("#note", "I am away from Monday.")
    officer.page.select_option(f"[name='{references[1]}-to']", label="Nobody: it stays")
    officer.page.fill(f"[name='{references[0]}-note']", "The crew comes on Tuesday.")
    officers.allocate(office, tom, references[2], tom.id, revision=2, now=datetime.now(UTC))
    officer.press("Hand over", "handed-over")
    assert "1 of 2 given" in officer.page.inner_text("main")
    with writing(office.session):
        office.session.execute(update(Staff).where(Staff.id == maya.id).values(active=False))
    officer.page.context.clear_cookies()
    officer.sign_in("manager").open("/staff/colleagues", "colleagues-nobody-at-work")
    officer.page.set_viewport_size({"width": 1440, "height": 900})
    officer.click("main a:has-text('Hand over 1 open case of')").look("hand-over-of-somebody-gone")


def test_somebody_goes_on_leave(officer, unlocked):
    today = datetime.now(UTC)
    officer.sign_in("officer").open("/staff/away", "away").press("Enter it", "away-without-days")
    officer.date("first", today).date("last", today + timedelta(days=7))
    officer.page.select_option("#cover", label="Tom Hendry")
    officer.press("Enter it", "away-entered")
    officer.page.context.clear_cookies()
    officer.sign_in("manager").open("/staff/colleagues", "colleagues-somebody-away")
    officer.open(f"/staff/away/{unlocked['complaints-officer'].id}", "away-of-a-colleague")


def test_a_senior_officer_reads_what_is_late(officer, arrives, office, unlocked):
    maya, tom = unlocked["complaints-officer"], unlocked["complaints-manager"]
    for days in (10, 30, 60):
        reference = arrives("corporate", f"Nothing for {days} days.", days_ago=days, service="Housing")
        if days > 10:
            officers.allocate(office, tom, reference, maya.id, revision=1, now=datetime.now(UTC))
    officer.sign_in("senior").look("late")
    assert "Maya Okafor" in officer.page.inner_text("main")


def test_a_leaver_and_the_teams_new_key(officer, arrives, office, unlocked):
    for number in range(3):
        arrives("corporate", f"Lamp {number} is out.")
    officer.sign_in("manager").open("/staff/colleagues/key", "team-key")
    rotation.begin(office, unlocked["complaints-manager"])
    officer.open("/staff/colleagues", "colleagues-key-being-changed")
    officer.click("main a:has-text('It is being changed')").look("team-key-being-changed")
    officer.press("Seal some more", "team-key-changed")
    assert "sealed to one key" in officer.page.inner_text("main")

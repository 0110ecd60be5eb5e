"""One concern given to an investigator, and one from which a deputy is walled off, in Chromium."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from intake.database import reading
from intake.demonstration.living import PASSWORD
from intake.services.access import persons
from intake.services.ground.roles import VAULTS
from tests import actors

from .in_chromium import Officer, served
from .looking import press


def test_a_case_is_given_named_taken_back_and_kept_from_the_deputy(app, browser_page, office):
    now = datetime.now(UTC)
    sent = actors.send(office, actors.concern(), now=now - timedelta(days=1))
    with reading(office.session):
        marks = {one.name: one.fingerprint for one in persons.takers(office.session, VAULTS)}
    page, case = browser_page, f"/staff/cases/{sent.reference}"
    day = (now + timedelta(days=14)).date()
    with served(app) as url:
        desk = Officer(page, url).sign_in("monitoring").open(case, "access-case")
        press(page, "text=Since when, and why")
        desk.look("access-holders")
        press(page, "text=Give it to somebody")
        desk.look("access-give")
        press(page, "text=Give them the case")
        desk.look("access-give-empty")
        page.check("input[name=to] >> nth=1")
        page.fill("#fingerprint", marks["Iris Kemp"].lower())
        page.fill("#reason", "She knows payroll.")
        press(page, "text=Give them the case")
        desk.look("access-given")
        press(page, "td a:has-text('Give who sent it')")
        desk.look("access-name")
        page.fill("#reason", "To ask her.")
        for part, value in zip(("", "-month", "-year"), (day.day, day.month, day.year), strict=True):
            page.fill(f"#until{part}", str(value))
        page.fill("#password", PASSWORD)
        press(page, "text=Give them who sent it")
        desk.look("access-named")
        page.context.clear_cookies()
        inside = Officer(page, url).sign_in("investigator").open("/staff/given", "access-investigator")
        inside.open(case, "access-investigator-case")
        page.context.clear_cookies()
        desk = Officer(page, url).sign_in("monitoring").open(f"{case}/holders", "access-before-taken-back")
        press(page, "td a:has-text('Take back')")
        desk.look("access-take-back")
        page.fill("#reason", "It is done.")
        press(page, "text=Take back the case")
        desk.look("access-taken-back")
        press(page, "text=Stand aside")
        desk.look("access-aside")
        page.check("input[name=who] >> nth=1")
        page.fill("#reason", "It is about him.")
        press(page, "text=Say what it comes to")
        desk.look("access-foreseen")
        press(page, "text=Do it now")
        desk.look("access-walled-off")
        desk.open("/staff/stood-aside", "access-stood-aside")
        page.context.clear_cookies()
        inside = Officer(page, url).sign_in("investigator").open("/staff/given", "access-nothing-given")

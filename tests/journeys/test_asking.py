"""What a holder asks for, in Chromium: every page at both widths, from the request to what officers see of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from intake.services.people import lines
from tests import actors, officers

from .in_chromium import Officer, served
from .looking import press
from .test_reporter_in_a_browser import Reporter


def opened(browser_page, url: str, receipt: str) -> Reporter:
    reporter = Reporter(browser_page, url).open("/return", "ask-return")
    browser_page.fill("#code", "7K2Q M8ZD")
    press(browser_page, "text=Open my case")
    reporter.look("ask-return-too-short")
    browser_page.fill("#code", receipt)
    press(browser_page, "text=Open my case")
    return reporter


def test_a_complaint_is_answered_and_its_holder_goes_on(app, browser_page, office, manager):
    now = datetime.now(UTC)
    sent = actors.send(
        office, "corporate", "The lift is broken.", name="Sam Ash", now=now - timedelta(days=1)
    )
    lines.say(office, manager, "", "01632 960 123", now=now)
    officers.allocate(office, manager, sent.reference, manager.id, revision=1, now=now)
    officers.acknowledge(office, manager, sent.reference, "Dear Sam Ash\n\nWe have it.", revision=2, now=now)
    until = office.today(now) + timedelta(days=22)
    reason = "We wait for the engineer's report.\n\nIt is promised for next week."
    officers.extend(office, manager, sent.reference, "stage-1-response", until, reason, revision=3, now=now)
    page = browser_page
    with served(app) as url:
        reporter = opened(page, url, sent.receipt).look("ask-case-extended")
        assert "engineer" in page.inner_text(".dates >> nth=0")
        officers.respond(
            office, manager, sent.reference, "not-upheld", "Dear Sam\n\nNo.", "", revision=4, now=now
        )
        press(page, "text=Look again for news")
        reporter.look("ask-case-answered")
        press(page, "text=Ask for the next stage")
        reporter.look("ask-stage")
        press(page, "form#stage .govuk-button")
        reporter.look("ask-stage-empty")
        page.fill("#reason", "You did not look.")
        press(page, "form#stage .govuk-button")
        reporter.look("ask-case-asked")
        press(page, "text=Take back your request")
        reporter.look("ask-take-back")
        press(page, "text=Back to your case")
        press(page, "text=Correct your name")
        reporter.look("ask-details")
        page.fill("#phone", "01632 960 777")
        press(page, "form#details .govuk-button")
        reporter.look("ask-case-details")
        desk = Officer(page, url).sign_in("manager").open(f"/staff/cases/{sent.reference}", "asked-case")
        assert "Request for the next stage; I corrected my details" in page.inner_text("main")
        desk.open(f"/staff/cases/{sent.reference}/open-next-stage", "asked-open-next-stage")
        assert page.input_value("#happened") == str(office.today(now).day)
        desk.open("/staff/line", "line").open("/staff/colleagues", "colleagues-lines")


def test_a_childs_complaint_is_withdrawn(app, browser_page, office):
    sent = actors.send(office, "children-statutory", "Nobody listened.", name="Sam Ash")
    with served(app) as url:
        reporter = opened(browser_page, url, sent.receipt)
        press(browser_page, "text=Withdraw it")
        reporter.look("ask-withdraw")
        press(browser_page, "form#withdraw .govuk-button")
        reporter.look("ask-case-withdrawn")
        assert "confirms it in writing" in browser_page.inner_text(".message--ours")


def test_a_concern_without_a_name(app, browser_page, office):
    sent = actors.send(office, "whistleblowing", "Timesheets are false.")
    with served(app) as url:
        reporter = opened(browser_page, url, sent.receipt).look("ask-concern")
        press(browser_page, "text=Give or correct your name")
        reporter.look("ask-name")
        press(browser_page, "text=Back to your case")
        press(browser_page, "text=do not want it taken further")
        reporter.look("ask-concern-withdraw")
        press(browser_page, "form#withdraw .govuk-button")
        reporter.look("ask-concern-told")
        assert browser_page.locator(".message--yours").count() == 1

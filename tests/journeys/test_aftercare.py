"""Half a year after a concern was closed, in Chromium: its sender says how they were treated, and officers see it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests import actors, officers

from .in_chromium import Officer, served
from .looking import press
from .test_reporter_in_a_browser import Reporter


def test_somebody_who_spoke_up_was_harmed_and_says_so(app, browser_page, office, monitoring_officer):
    then = datetime.now(UTC) - timedelta(days=200)
    sent = actors.send(office, actors.concern(), now=then)
    officers.acknowledge(office, monitoring_officer, sent.reference, "Thank you.", revision=1, now=then)
    officers.respond(
        office, monitoring_officer, sent.reference, "advice-only", "We looked.", "So.", revision=2, now=then
    )
    officers.close(office, monitoring_officer, sent.reference, "Done.", revision=3, now=then)
    page = browser_page
    with served(app) as url:
        reporter = Reporter(page, url).open("/return", "after-return")
        page.fill("#code", sent.receipt)
        press(page, "text=Open my case")
        reporter.look("after-case")
        press(page, "text=Answer this")
        reporter.look("after-asked")
        page.check("#suffered")
        press(page, "form#after .govuk-button")
        reporter.look("after-empty")
        page.fill("#text", "My shifts were cut the week after.")
        press(page, "form#after .govuk-button")
        reporter.look("after-told")
        told = page.inner_text(".card--accent")
        assert "It has a receipt code of its own" in told
        desk = Officer(page, url).sign_in("monitoring").open(f"/staff/cases/{sent.reference}", "after-closed")
        assert "Whether speaking up did harm" in page.inner_text("#facts + dl")
        assert "no answer" in page.inner_text("#facts + dl")
        assert "I have been harmed for speaking up" in page.inner_text("main")
        new = told.split("concern of its own now, ")[1][:8]
        desk.open(f"/staff/cases/{new}", "after-new")
        assert sent.reference in page.inner_text("main")

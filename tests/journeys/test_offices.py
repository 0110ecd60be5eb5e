"""A concern about somebody who would receive it, in a browser: whom it names, and who reads it."""

from __future__ import annotations

from .looking import press
from .test_reporter_in_a_browser import Reporter


def test_whoever_names_the_monitoring_officer_reads_who_gets_it(browser_page, live_server):
    reporter = Reporter(browser_page, live_server.url)
    page = reporter.page
    page.goto(live_server.url)
    press(page, "text=I have seen wrongdoing at work")
    reporter.go_on()
    page.check("#category")
    reporter.go_on("about-whom")
    page.check("#about_officer")
    reporter.go_on("about-nobody")
    assert page.title().startswith("Error: ")
    assert "Say Yes of everybody" in page.inner_text("#about_officer-error")
    page.check("#named_monitoring_officer-2")
    reporter.go_on()
    page.fill("#story", "She took her cousin's company off the register.")
    reporter.go_on().go_on()
    page.check("#level-3")
    reporter.go_on()
    page.check("#read_again")
    reporter.go_on("check-about")
    told = page.inner_text("main")
    assert "It goes to the alternate recipient of concerns, and to nobody else." in told
    assert "Nobody whom you named can open it" in told
    press(page, "text=Change: Monitoring officer")
    page.check("#named_alternate_recipient-2")
    reporter.go_on("check-about-everybody")
    assert "Everybody who could receive this is named in it" in page.inner_text("main")
    reporter.go_on("sent-about-everybody")
    assert "Everybody who could receive this is named in it" in page.inner_text("main")

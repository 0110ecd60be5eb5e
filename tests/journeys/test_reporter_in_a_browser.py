"""A reporter in real Chromium: every page at both widths, looked over by axe, by legend and for sideways scroll."""

from __future__ import annotations

import pytest

from tests.conftest import PATIENCE_SECONDS

from .looking import fit_for_everybody, picture, press

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


class Reporter:
    """Somebody with a browser; every page that is looked at must be fit for everybody."""

    def __init__(self, page, url: str) -> None:
        self.page, self.url, self.seen = page, url, 0

    def open(self, path: str, name: str) -> Reporter:
        self.page.goto(self.url + path)
        return self.look(name)

    def look(self, name: str) -> Reporter:
        self.seen += 1
        fit_for_everybody(self.page, f"reporter-{self.seen:02d}-{name}", LEVELS)
        assert self.page.locator("form:not([autocomplete=off])").count() == 0
        return self

    def go_on(self, name: str = "") -> Reporter:
        press(self.page, "form#step .form-actions button")
        return self.look(name) if name else self

    @property
    def receipt(self) -> str:
        return " ".join(self.page.locator(".receipt span").all_inner_texts())


@pytest.fixture
def reporter(browser_page, live_server) -> Reporter:
    return Reporter(browser_page, live_server.url)


@pytest.mark.parametrize(
    "path",
    ["/", "/how-we-protect-you", "/privacy", "/cookies", "/accessibility", "/help", "/return", "/nowhere"],
)
def test_pages_to_read(reporter, path):
    reporter.open(path, path.strip("/") or "start")


def test_a_concern_without_a_name(reporter):
    page = reporter.open("/", "start").page
    press(page, "text=I have seen wrongdoing at work")
    reporter.look("safety").go_on("category").go_on("category-missing")
    assert page.title().startswith("Error: ")
    page.click(".govuk-error-summary a")
    assert page.evaluate("document.activeElement.id") == "category"
    page.check("#category")
    reporter.go_on("officer")
    page.check("#about_officer-2")
    reporter.go_on("story")
    page.fill("#story", "\nA blank line first.\n" + "unbreakable" * 40)
    reporter.go_on("evidence").go_on("level")
    page.check("#level-3")
    reporter.go_on("identify")
    page.check("#read_again")
    reporter.go_on("check")
    assert "\nA blank line first." in page.locator(".typed").nth(2).text_content()
    reporter.go_on("sent")
    page.fill("#code", reporter.receipt)
    press(page, "text=Open my case")
    reporter.look("case-of-a-concern")
    assert "A blank line first." not in page.content()


def test_a_childs_complaint_with_a_name_and_a_message(reporter):
    page = reporter.open("/", "start").page
    press(page, "text=I want to complain about a service")
    reporter.look("subject")
    page.check("#subject")
    reporter.go_on("child")
    page.check("#relation")
    reporter.go_on("advocate")
    page.check("#advocate")
    reporter.go_on("story")
    page.fill("#story", "My social worker changed four times.")
    reporter.go_on("remedy").go_on("adjustments").go_on()
    page.check("#level")
    reporter.go_on("contact").go_on("contact-missing")
    page.fill("#name", "Sam Ash")
    reporter.go_on("check").go_on("sent")
    page.fill("#code", reporter.receipt.lower())
    press(page, "text=Open my case")
    reporter.look("case")
    press(page, "text=Add something, or write to us")
    reporter.look("add")
    page.fill("#text", "Is there news?")
    press(page, "text=Send message")
    reporter.look("case-after-a-message")
    assert "Is there news?" in page.content()


def test_other_roads(reporter):
    page = reporter.open("/", "start").page
    press(page, "text=I write for a constituent")
    reporter.look("writer")
    page.check("#writer")
    reporter.go_on("member")
    page.fill("#name", "A Member")
    reporter.go_on("constituent")
    page.goto(reporter.url + "/")
    press(page, "text=I want to thank somebody")
    reporter.look("service")
    page.check("#service")
    reporter.go_on("thanks")
    page.fill("#story", "Thank you.")
    reporter.go_on("name-or-not")


def test_enter_goes_on_and_not_back(reporter):
    page = reporter.page
    page.goto(reporter.url + "/")
    press(page, "text=I write for a constituent")
    page.check("#writer")
    reporter.go_on()
    page.fill("#name", "A Member")
    with page.expect_navigation():
        page.press("#name", "Enter")
    assert "Your constituent" in page.inner_text("h1")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colours_keep_the_way_out_visible(browser, live_server, scheme):
    context = browser.new_context(forced_colors="active", color_scheme=scheme)
    context.set_default_timeout(PATIENCE_SECONDS * 1000)
    page = context.new_page()
    page.goto(live_server.url + "/")
    assert page.locator(".exit").is_visible()
    picture(page, f"reporter-forced-{scheme}")
    context.close()


def test_without_scripts_it_is_the_same(scriptless_page, live_server):
    page = scriptless_page
    page.goto(live_server.url + "/")
    press(page, "text=I have a question")
    page.check("#service")
    press(page, "form#step .form-actions button")
    assert page.inner_text("h1") == "What would you like to know?"
    assert page.locator("script").count() == 0


def test_the_confirmation_prints_its_receipt_and_no_forms(reporter):
    page = reporter.page
    page.goto(reporter.url + "/")
    press(page, "text=I want to thank somebody")
    page.check("#service")
    reporter.go_on()
    page.fill("#story", "Thank you.")
    reporter.go_on().go_on().go_on()
    page.emulate_media(media="print")
    assert page.locator(".receipt").is_visible()
    for hidden in (".exit", ".site-footer", "#code", "form"):
        assert not page.locator(hidden).first.is_visible()
    picture(page, "reporter-print", full_page=True)

"""What a browser asks for while somebody types and reads, as a watcher of the network counts it."""

from __future__ import annotations

import pytest

from .looking import press

LETTERS = {
    "Welsh": "Y dŵr yn Nhŷ Mawr, a'r ŵyn",
    "Polish": "Zażółć gęślą jaźń, śmieci w Łodzi",
    "Turkish": "İğne, ışık, şehir ve çöp",
    "Romanian": "Gunoiul din Brăila, străzi și țevi",
}
GO_ON = "form#step .form-actions button"
ELSEWHERE = "http://elsewhere.example/"


class Watcher:
    """Somebody who sees each request of a browser, and not what it holds."""

    def __init__(self, page) -> None:
        self.page, self.seen = page, []
        page.on("request", lambda request: self.seen.append(request.url))

    def what_is_fetched_by(self, act) -> list[str]:
        """What goes out because of an act, beside the page itself."""
        self.page.wait_for_load_state("networkidle")
        self.seen.clear()
        act()
        self.page.wait_for_load_state("networkidle")
        self.page.evaluate("document.fonts.ready.then(() => true)")
        return [url for url in self.seen if "/static/" in url]


@pytest.mark.parametrize("language", LETTERS)
def test_letters_of_another_language_fetch_nothing_as_they_are_typed_or_read(
    browser_page, live_server, language
):
    page, words = browser_page, LETTERS[language]
    watcher = Watcher(page)
    page.goto(live_server.url + "/")
    press(page, "text=I want to thank somebody")
    page.check("#service")
    press(page, GO_ON)
    assert watcher.what_is_fetched_by(lambda: page.type("#story", words)) == []
    assert page.input_value("#story") == words
    fetched = watcher.what_is_fetched_by(lambda: press(page, GO_ON))
    press(page, "text=Back")
    fetched += watcher.what_is_fetched_by(page.reload)
    assert words == page.input_value("#story")
    assert [url for url in fetched if url.endswith(".woff2") and not url.endswith("-next-wght.woff2")] == []


def test_who_follows_a_link_from_elsewhere_can_still_send_what_another_tab_holds(browser_page, live_server):
    """A new cookie for forms would make the letter in the other tab one whose form had expired."""
    writing, context = browser_page, browser_page.context
    writing.goto(live_server.url + "/")
    press(writing, "text=I want to thank somebody")
    writing.check("#service")
    mail = context.new_page()
    link = f'<a href="{live_server.url}/return">Read it here</a>'
    mail.route(ELSEWHERE, lambda route: route.fulfill(body=link, content_type="text/html"))
    mail.goto(ELSEWHERE)
    press(mail, "a")
    assert mail.locator("form").count() > 0  # such a page sets the cookie where it is missing
    press(writing, GO_ON)
    assert "had expired" not in writing.content()
    assert writing.locator("#story").count() == 1

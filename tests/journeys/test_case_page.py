"""The page of a case in real Chromium: by keyboard alone, on a small screen, and on paper."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from intake.demonstration.living import PASSWORD
from intake.services.ground import press
from intake.services.holders import returning
from tests import actors, officers

FOCUSED = """() => {
    const one = document.activeElement;
    return [one.tagName, one.textContent.trim().replace(/\\s+/g, ' '), one.getAttribute('href') || ''];
}"""


@pytest.fixture
def lively(office, unlocked):
    """A complaint with more messages, notes and lines than stand open."""
    then = datetime.now(UTC) - timedelta(days=3)
    sent = actors.send(office, "corporate", "The lift is broken.", name="Nadia Whitlam", now=then)
    for number in range(9):
        text = f"Message {number}. " * (1 if number < 8 else 200)
        returning.write(office, sent.receipt, text, token=press.new_token(), now=then)
        officers.note(
            office,
            unlocked["complaints-officer"],
            sent.reference,
            f"Note {number}.",
            token=press.new_token(),
            now=then,
        )
    return sent.reference


def tab_to(page, words: str) -> tuple[str, str]:
    """Tab until something with these words is reached; its address, and the words of all that was passed."""
    for _ in range(80):
        page.keyboard.press("Tab")
        kind, text, href = page.evaluate(FOCUSED)
        if words in text and kind in {"A", "BUTTON", "SUMMARY"}:
            return kind, href
    raise AssertionError(f"{words!r} is not reached by keyboard")


def test_everything_is_reached_and_opened_by_keyboard_alone(officer, lively):
    officer.sign_in("officer").open(f"/staff/cases/{lively}", "case-lively")
    page = officer.page
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)[1] == "Skip to main content"
    page.keyboard.press("Enter")
    for words, kind in (
        ("Write to the holder", "A"),
        ("Acknowledge", "A"),
        ("What you can do now", "SUMMARY"),
    ):
        page.evaluate("document.querySelector('#main-content').focus()")
        assert tab_to(page, words)[0] == kind
    page.keyboard.press("Enter")
    assert page.locator(".next__groups").is_visible()
    for words in ("Allocate", "Make an internal note", "Record that it was withdrawn", "Move it to another"):
        assert tab_to(page, words)[1].startswith(f"/staff/cases/{lively}/")
    for key, fold, inside in (
        ("Space", "How this date was counted", "not counted"),
        ("Enter", "The rest of this message", "Message 8."),
        ("Space", "3 earlier messages", "Message 0."),
        ("Enter", "3 earlier notes", "Note 0."),
    ):
        assert tab_to(page, fold)[0] == "SUMMARY"
        page.keyboard.press(key)
        opened = page.evaluate("() => document.activeElement.parentElement.open")
        assert opened, fold
        assert inside in page.evaluate("() => document.activeElement.parentElement.innerText")
    officer.look_inside("case-lively-open").open(f"/staff/cases/{lively}?open=all", "case-lively-whole")
    assert page.locator("details:not([open])").count() == 0


def test_on_a_small_screen_the_acts_stand_above_all_that_is_told(officer, lively):
    officer.sign_in("officer").open(f"/staff/cases/{lively}", "case-small")
    page = officer.page
    page.set_viewport_size({"width": 320, "height": 640})
    top = {name: page.locator(f"#{name}").bounding_box()["y"] for name in ("acts", "clock", "timeline")}
    assert top["acts"] < top["clock"] < top["timeline"]
    heads = "[...document.querySelectorAll('main h1, main h2, main h3, main h4')].map(one => +one.tagName[1])"
    levels = page.evaluate(heads)
    assert levels[0] == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


def test_on_paper_everything_is_there_but_the_acts(officer, lively):
    officer.sign_in("officer").open(f"/staff/cases/{lively}", "case-to-print")
    officer.page.emulate_media(media="print")
    assert not officer.page.locator(".next").is_visible()
    for words in ("Message 0.", "Note 0."):
        one = officer.page.get_by_text(words, exact=True)
        assert one.is_visible()
        assert one.bounding_box()["height"] > 0


def test_linking_a_duplicate_and_opening_an_identity(officer, arrives, lively):
    twin = arrives("corporate", "The lift, again.")
    officer.sign_in("manager").open(f"/staff/cases/{twin}/links", "links").press("Link them", "links-empty")
    page = officer.page
    page.fill("#other", lively)
    page.check("input[value=duplicate]")
    page.fill("#reason", "The same lift, by the same resident.")
    officer.press("Link them", "case-linked")
    assert f"Duplicate of {lively}" in " ".join(page.inner_text("main").split())
    officer.open(f"/staff/cases/{twin}/links", "links-with-one")
    officer.click("text=Remove this link").look("unlink")
    page.fill("#reason", "Another lift.")
    officer.press("Remove the link", "case-unlinked").open(f"/staff/cases/{twin}/links", "links-removed")
    officer.look_inside("links-removed-open")
    concern = arrives("whistleblowing", "Timesheets are signed for shifts that nobody worked.")
    page.context.clear_cookies()
    officer.sign_in("monitoring").open(f"/staff/cases/{concern}", "concern-next")
    officer.click("text=Open who sent it").look("identity")
    page.fill("#reason", "To meet her.")
    page.fill("#password", PASSWORD)
    officer.press("Open the identity", "identity-opened")
    assert "Nadia Whitlam" in page.content()

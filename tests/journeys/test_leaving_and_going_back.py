"""The reporter's device, in real Chromium: Exit leaves nothing behind, and going back within the form harms nothing.

With scripts and without; at once, and after every lifetime in the browser has run out.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Error, expect

from intake import config, create_app
from intake.services.holders import visits
from tests.conftest import PATIENCE_SECONDS

from .in_chromium import served
from .looking import press

PRIVATE = "Something very private."
ON = "form#step .form-actions button"
ERRORS = ("ERR_CACHE_MISS", "Confirm Form Resubmission", "ERR_")


@pytest.fixture
def neutral_site():
    """Where *Exit this page* leads in this test."""

    class Weather(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<title>Weather</title>")

        def log_message(self, *_args):
            pass

    with running(ThreadingHTTPServer(("127.0.0.1", 0), Weather)) as server:
        yield f"http://127.0.0.1:{server.server_port}/"


@contextmanager
def running(server):
    """A server in a thread."""
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()


@pytest.fixture
def site(instance, neutral_site):
    app = create_app(replace(config.load(instance), exit_address=neutral_site))
    with served(app) as url:
        yield app, url.replace("127.0.0.1", "localhost")


@pytest.fixture(params=["with scripts", "without scripts"])
def page(request):
    return request.getfixturevalue("browser_page" if request.param == "with scripts" else "scriptless_page")


def thank(page, url: str) -> None:
    """As far as the page where it is typed."""
    page.goto(url)
    press(page, "text=I want to thank somebody")
    page.check("#service")
    press(page, ON)


def a_page_typed(page, url):
    thank(page, url)
    page.fill("#story", PRIVATE)


def a_page_sent_on(page, url):
    a_page_typed(page, url)
    press(page, ON)


def a_page_refused(page, url):
    a_page_sent_on(page, url)
    page.fill("#email", "not an address")
    press(page, ON)


def the_answers_checked(page, url):
    a_page_sent_on(page, url)
    press(page, ON)


def the_receipt(page, url):
    the_answers_checked(page, url)
    press(page, ON)


def the_case_opened(page, url):
    the_receipt(page, url)
    page.fill("#code", "".join(page.locator(".receipt span").all_inner_texts()))
    press(page, "text=Open my case")


def a_wrong_code(page, url):
    the_receipt(page, url)
    code = "".join(page.locator(".receipt span").all_inner_texts())
    page.goto(f"{url}/return")
    page.fill("#code", code[:-1] + ("0" if code[-1] != "0" else "1"))
    press(page, "form .form-actions button")


STAGES = [
    a_page_typed,
    a_page_sent_on,
    a_page_refused,
    the_answers_checked,
    the_receipt,
    the_case_opened,
    a_wrong_code,
]


def step(move) -> None:
    """One move in the browser's history; where there is none to make, it stays."""
    try:
        move()
    except Error as error:  # Chromium asks before it sends a form again, and shows a page of its own
        assert "ERR_CACHE_MISS" in str(error) or "interrupted" in str(error)  # noqa: PT017


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.__name__.replace("_", " "))
def test_after_leaving_nothing_typed_and_no_code_is_shown_again(page, site, stage):
    """At once, and when every cookie has run out."""
    _, url = site
    stage(page, url)
    groups = [group for group in page.locator(".receipt span").all_inner_texts() if len(group) == 4]
    page.click("text=Exit this page")
    expect(page).to_have_title("Weather", timeout=PATIENCE_SECONDS * 1000)
    for move in [page.go_back, page.reload] * 3 + [page.go_back] * 4 + [page.go_forward, page.reload] * 2:
        step(move)
        shows_nothing(page, groups)
    assert "intake_visit" not in {one["name"] for one in page.context.cookies()}
    page.context.clear_cookies()
    for move in [page.reload, *[page.go_forward] * 4, *[page.go_back] * 6, page.reload]:
        step(move)
        shows_nothing(page, groups)


def shows_nothing(page, groups: list[str]) -> None:
    """Nothing that was typed, and no code."""
    page.wait_for_load_state()
    content = page.content()
    for told in ("private", "Robin", *groups):
        assert told not in content
    assert page.locator("#story").count() == 0
    assert page.locator("#code").count() == 0 or page.input_value("#code") == ""


def test_what_is_over_is_shown_to_nobody_who_did_not_leave(page, site):
    app, url = site
    a_page_sent_on(page, url)
    press(page, ".back")
    assert page.input_value("#story") == PRIVATE
    office = app.extensions["intake"]
    assert visits.sweep(office, now=datetime.now(UTC) + timedelta(hours=office.settings.draft_hours + 1)) == 1
    for move in (page.reload, page.go_back, page.go_back, page.go_forward):
        move()
        assert "private" not in page.content()
    assert "Nothing is kept here" in page.inner_text("h1")


def test_what_is_typed_on_a_page_whose_draft_has_gone_begins_the_report_anew(page, site):
    """Nobody who never left loses it: what was answered before is asked for once more, at the end."""
    app, url = site
    a_page_typed(page, url)
    office = app.extensions["intake"]
    visits.sweep(office, now=datetime.now(UTC) + timedelta(hours=office.settings.draft_hours + 1))
    press(page, ON)
    press(page, ON)
    assert page.locator("#service").count() == 1
    page.check("#service")
    press(page, ON)
    assert page.input_value("#story") == PRIVATE


def test_swiping_back_and_forward_in_the_form_keeps_every_answer(page, site):
    _, url = site
    a_page_sent_on(page, url)
    page.fill("#name", "Robin Field")
    press(page, ON)
    assert "Check your answers" in page.inner_text("h1")
    page.go_back()
    assert page.input_value("#name") == "Robin Field"
    page.go_back()
    assert page.input_value("#story") == PRIVATE
    page.go_back()
    assert page.is_checked("#service")
    page.go_back()
    assert "Tell us what happened" in page.inner_text("h1")
    for _ in range(4):
        page.go_forward()
        assert not any(error in page.content() for error in ERRORS)
    assert PRIVATE in page.inner_text("main")
    assert "Robin Field" in page.inner_text("main")
    press(page, ON)
    assert page.locator(".receipt").count() == 1
    page.go_back()
    assert "You have sent this" in page.inner_text("h1")
    assert "private" not in page.content()
    page.go_forward()
    assert page.locator(".receipt").count() == 1


def test_after_a_refused_page_going_back_and_forward_meets_no_error_of_the_browser(page, site):
    _, url = site
    a_page_refused(page, url)
    assert page.title().startswith("Error: ")
    page.go_back()
    page.go_forward()
    assert page.input_value("#email") == "not an address"
    assert page.title().startswith("Error: ")


def test_after_a_form_that_had_expired_going_back_meets_no_error_of_the_browser(browser_page, site):
    """The answer to the press was a page of its own, which Back showed as ERR_CACHE_MISS."""
    page, (_, url) = browser_page, site
    a_page_typed(page, url)
    page.evaluate("document.querySelector('form#step [name=csrf_token]').value = 'old'")
    press(page, ON)
    assert "This form had expired" in page.inner_text("main")
    assert page.input_value("#story") == PRIVATE
    press(page, ON)
    page.go_back()
    assert page.input_value("#story") == PRIVATE


def test_the_receipt_is_not_shown_again_once_it_was_typed(page, site):
    _, url = site
    the_case_opened(page, url)
    assert "Your case" in page.inner_text("h1")
    page.go_back()
    assert page.locator(".receipt").count() == 0
    page.go_forward()
    assert "Your case" in page.inner_text("h1")
    press(page, "text=Lock my case again")
    page.go_back()
    assert PRIVATE not in page.content()


def test_our_own_back_keeps_what_was_typed_and_the_browsers_is_warned_of(page, site):
    _, url = site
    a_page_typed(page, url)
    assert "Your browser's own arrow loses what you typed" in page.inner_text("main")
    press(page, ".back")
    press(page, ON)
    assert page.input_value("#story") == PRIVATE
    page.fill("#story", PRIVATE + " And more.")
    page.go_back()
    page.go_forward()
    # Chromium gives nothing back to a page that must not be kept: this is what the warning is for.
    assert page.input_value("#story") == PRIVATE


def test_no_title_tells_a_road_a_question_or_a_reference(page, site):
    _, url = site
    titles = set()
    page.on("load", lambda seen: titles.add(seen.title()))
    the_case_opened(page, url)
    reference = page.locator("h1 .nowrap").inner_text()
    page.goto(url)
    press(page, "text=I have seen wrongdoing at work")
    press(page, ON)
    press(page, ON)
    titles.add(page.title())
    assert titles == {"Write to us – Testford Council", "Error: Write to us – Testford Council"}
    assert not any(reference in title for title in titles)

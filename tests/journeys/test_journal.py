"""The journal in Chromium: an auditor reads and checks it; a named concern is opened, and its sender reads of it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from intake.demonstration.living import PASSWORD
from intake.services.ground import press
from tests import actors, officers
from tests.by_hand import by_hand


def test_an_auditor_reads_narrows_and_checks_against_a_mark_until_somebody_tampers(
    officer, office, unlocked, instance
):
    now = datetime.now(UTC) - timedelta(hours=1)
    sent = actors.send(office, "corporate", "The lift is broken.", name="Nadia Whitlam", now=now)
    who = unlocked["complaints-officer"]
    officers.acknowledge(office, who, sent.reference, "We have it.", revision=1, now=now)
    for _ in range(55):
        officers.note(office, who, sent.reference, "Rang.", token=press.new_token(), now=now)
    officer.sign_in("auditor").look("journal")
    page = officer.page
    assert sent.reference not in page.content()
    officer.click("text=Older lines").look("journal-older")
    page.select_option("#act", "acknowledge")
    officer.click("form.filters button").look("journal-narrowed")
    assert page.locator("tbody tr").count() == 1
    page.fill("#from", "2020-01-01")
    officer.click("form.filters button").look("journal-a-year-at-most")
    with page.expect_download() as taken:
        page.click("main button:has-text('Take them as a file')")
    assert "Acknowledged,case 1" in taken.value.path().read_text("utf-8")
    officer.open("/staff/journal/check", "journal-check")
    officer.press("Show a mark of today", "journal-mark")
    mark = re.search(r"intake-mark .*? editions=\d+", page.inner_text("main"))[0]
    officer.page.fill("#marks", mark)
    officer.press("Check it", "journal-holds")
    assert "It leads through the mark" in page.inner_text("main")
    with by_hand(instance) as connection:
        connection.execute("DELETE FROM journal WHERE act = 'mark-taken'")
    officer.page.fill("#marks", mark)
    officer.press("Check it", "journal-does-not-hold")
    assert "It does not hold" in page.inner_text("main")
    assert "cut off" in page.inner_text("main")


@pytest.fixture
def telling(app):
    """An authority that wants whoever sent a concern to know that their name was opened."""
    ours = app.extensions["intake"]
    app.extensions["intake"] = replace(ours, settings=replace(ours.settings, tell_identity_opened=True))


def test_a_named_concern_is_opened_with_a_reason_and_whoever_sent_it_reads_of_it(officer, office, telling):
    sent = actors.send(office, actors.concern(), now=datetime.now(UTC))
    address = f"/staff/cases/{sent.reference}"
    officer.sign_in("monitoring").open(address, "concern-opened")
    officer.click("text=Open who sent it").look("identity-tells")
    page = officer.page
    assert "reads among our letters" in page.inner_text("main")
    page.fill("#reason", "To meet them, away from the office.")
    page.fill("#password", PASSWORD)
    officer.press("Open the identity", "identity-shown")
    assert "Kofi Marsh" in page.inner_text("main")
    officer.open(f"{address}/opened", "who-has-opened-it")
    told = page.inner_text("main")
    assert "To meet them, away from the office." in told
    assert "Ruth Adeyemi" in told
    officer.open("/staff/journal?act=opened-identity", "journal-of-an-officer")
    assert sent.reference in page.inner_text("main")
    page.context.clear_cookies()
    page.goto(f"{officer.url}/return")
    page.fill("input[name=code]", sent.receipt)
    officer.click("main button")
    inbox = page.inner_text("main")
    assert "Your name was opened" in inbox
    assert "To meet them" not in inbox
    assert "Ruth" not in inbox

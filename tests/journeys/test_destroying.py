"""A case whose time is over, in Chromium: a hold, a list, a second person, and what its holder reads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from intake.demonstration.living import PASSWORD
from tests import actors
from tests.services.retention.story import answered_and_closed, worked_on_until

from .in_chromium import Officer, served
from .looking import press
from .test_asking import opened


def test_two_people_destroy_a_case(app, browser_page, office, manager):
    now = datetime.now(UTC)
    long_ago = now - timedelta(days=7 * 366)
    receipts = []
    for number in range(3):
        sent = actors.send(office, "corporate", f"Bin {number} was missed.", name="Sam Ash", now=long_ago)
        answered_and_closed(office, manager, sent.reference, now=long_ago + timedelta(days=9))
        receipts.append(sent)
    worked_on_until(office, now)
    page, case = browser_page, f"/staff/cases/{receipts[0].reference}"
    with served(app) as url:
        desk = Officer(page, url).sign_in("officer").open(f"{case}/keeping", "keeping")
        press(page, "text=Place the hold")
        desk.look("keeping-empty")
        page.fill("#reason", "A claim is brought.")
        press(page, "button:has-text('Place the hold')")
        desk.look("keeping-held")
        desk.open("/staff/destroy", "to-destroy")
        press(page, "text=Propose those that I ticked")
        desk.look("to-destroy-nothing-ticked")
        for box in page.locator("input[name=case]").all():
            box.check()
        press(page, "text=Propose those that I ticked")
        desk.look("to-destroy-proposed")
        address = page.url.partition("?")[0]
        page.context.clear_cookies()
        other = Officer(page, url).sign_in("manager").open("/staff/destroy", "to-destroy-waits")
        press(page, "text=Look at it")
        other.look("to-destroy-second-person")
        press(page, "text=Destroy these 2 cases")
        other.look("to-destroy-without-password")
        page.fill("#password", PASSWORD)
        press(page, "text=Destroy these 2 cases")
        other.look("to-destroy-done")
        assert page.url.startswith(address)
        other.open("/staff/destroy", "to-destroy-what-can-come-back")
        page.context.clear_cookies()
        holder = opened(page, url, receipts[1].receipt).look("destroyed-holder")
        assert "We no longer hold your case" in page.content()
        page.goto(f"{url}/privacy")
        holder.look("privacy")

"""The team's day in real Chromium: queues, filters, many cases at one press, loads and dates."""

from __future__ import annotations

from datetime import UTC, datetime

from tests import officers


def test_the_day_begins_with_the_queues(officer, arrives, office, unlocked):
    manager, moment = unlocked["complaints-manager"], datetime.now(UTC)
    story = "The bins have not been emptied for six weeks, and nobody answers when we ring. " * 3
    for days in (40, 12, 3, 2, 1, 0):
        arrives("corporate", story, days_ago=days)
    arrives("children-statutory", "Nobody listened to my son.", days_ago=9)
    answered = arrives("general-enquiry", "When is it open?", days_ago=2)
    officers.allocate(office, manager, answered, manager.id, revision=1, now=moment)
    officers.respond(office, manager, answered, "answered", "Daily.", "", revision=2, now=moment)
    officer.sign_in("manager").look("queues").look_inside("queues-inside")
    page = officer.page
    page.set_viewport_size({"width": 320, "height": 900})
    heights = page.eval_on_selector_all(".queue tbody tr", "rows => rows.map(row => row.offsetHeight)")
    assert max(heights) <= 200, "fifty cases are a list that a thumb can get through"
    page.set_viewport_size({"width": 1440, "height": 900})
    page.click("text=Filters") if not page.is_visible("#procedure") else None
    page.select_option("#procedure", "corporate")
    page.select_option("#handler", "nobody")
    officer.press("Show what fits all of these", "queues-narrowed")
    page.fill("#name", "Nobody has these")
    officer.press("Keep it", "queues-kept")
    assert page.is_visible(".onward >> text=Nobody has these")
    page.check("input[name=case] >> nth=0")
    page.check("input[name=case] >> nth=1")
    page.select_option("#bulk-to", label="Tom Hendry")
    officer.press("Give", "bulk-done")
    assert page.locator("td:has-text('Allocated.')").count() == 2
    officer.click("text=Back to the list")
    officer.press("Set the service", "bulk-nothing")
    officer.open("/staff/?view=to-close", "queues-to-close").open("/staff/load", "load")
    officer.open("/staff/dates", "dates-mine").open("/staff/dates?whose=team", "dates-month")
    officer.open("/staff/dates?whose=team&span=week", "dates-week")
    with page.expect_download() as file:
        page.click("text=Take my dates as a file")
    assert file.value.suggested_filename == "dates.ics"

"""The next stage that a holder asked for, as officers see and open it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from intake.services.holders import asking
from tests import officers
from tests.actors import send
from tests.web.staff.at_a_desk import Desk


def test_the_form_that_opens_the_next_stage_begins_with_the_day_of_the_request(app, office, officer):
    now = datetime.now(UTC)
    asked = now - timedelta(days=2)
    sent = send(office, name="Joyce Pell", now=asked)
    officers.acknowledge(office, officer, sent.reference, "We have it.", revision=1, now=asked)
    officers.respond(office, officer, sent.reference, "not-upheld", "No.", "", revision=2, now=asked)
    asking.ask_for_next_stage(office, sent.receipt, "Missed again.", token="t" * 40, now=asked)
    desk = Desk(app)
    desk.sign_in("officer")
    desk.visit(f"/staff/cases/{sent.reference}")
    assert "Request for the next stage" in desk.words
    assert "working days left. This is what the Local Government" in desk.words  # the twelve weeks go on
    listed = desk.page.text.split('<div class="next__groups">')[1].split("</details>")[0].count("<li>")
    assert f"What you can do now ({listed})" in desk.words
    desk.visit("/staff/?view=waiting")
    assert "Next stage asked for" in desk.words
    address = f"/staff/cases/{sent.reference}/open-next-stage"
    desk.visit(address)
    day = office.today(asked)
    form = desk.form(address)
    assert (form["happened-day"], form["happened-month"]) == (str(day.day), str(day.month))
    empty = {f"happened-{part}": "" for part in ("day", "month", "year")}
    desk.press(address, step="check", **empty)  # counts from the same day, also where nobody says it
    due = office.calendar.nth_after(day, 5)
    assert f"due {due:%A} {due.day} {due:%B %Y}" in desk.words
    desk.press(address, step="do", **empty)
    assert desk.page.status_code == 303, desk.words
    desk.visit(desk.page.location)
    assert "Nobody has it now: give it to somebody who did not answer the stage before." in desk.words

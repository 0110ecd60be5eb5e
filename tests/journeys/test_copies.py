"""A copy for somebody else in Chromium: looked at, made, and read beside the original."""

from __future__ import annotations

from datetime import UTC, datetime

from tests import actors

TOLD = "Timesheets are signed by Dana Holt. I work nights with Dana Holt. Ring 07700 900 123."


def test_a_copy_is_looked_at_and_made(officer, office):
    sent = actors.send(office, actors.concern(words=TOLD), now=datetime.now(UTC))
    address = f"/staff/cases/{sent.reference}"
    officer.sign_in("monitoring").open(f"{address}/share", "copy-choose")
    page = officer.page
    page.check("input[value=sent-0]")
    page.fill("#words", "dana holt")
    officer.press("Look at it", "copy-look").look_inside("copy-look-open")
    assert page.locator("del").count() == 2
    page.check("input[name=suggested][value='07700 900 123']")
    page.check("input[name=sentence][value='sent-0.1']")
    officer.press("Look again", "copy-look-again")
    page.fill("#for_whom", "Internal audit")
    page.fill("#why", "To look at the timesheets.")
    officer.press("Make the copy", "copy-made")
    assert "signed by [removed]. [removed] Ring [removed]." in " ".join(page.inner_text("main").split())
    officer.open(f"{address}/copies/0/copy.html", "copy-alone")
    assert "Dana" not in page.content()

"""The acts of a child's complaint up to its panel, and a date beyond the Code's, in real Chromium."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

LETTER = "We looked into it.\n\nThis is what we found."


def answers(officer, case: str, name: str) -> None:
    officer.page.goto(f"{officer.url}{case}/respond")
    officer.page.check("#outcome-2")
    officer.page.fill("#text", LETTER)
    if officer.page.locator("#own").count():
        officer.look(f"{name}-own")
        officer.page.fill("#own", "Nobody else of the team may read it this week.")
    officer.press("Check what this does", f"{name}-checked").press("Send the answer", name)


def test_a_childs_complaint_goes_to_its_panel(officer, arrives):
    case = f"/staff/cases/{arrives('children-statutory', 'Nobody came to the meeting.')}"
    officer.sign_in("manager")
    page = officer.page
    answers(officer, case, "stage-1-answered")
    page.goto(f"{officer.url}{case}/open-next-stage")
    officer.press("Check what this does", "stage-2-checked").press("Open the next stage", "stage-2")

    officer.open(f"{case}/appoint/investigating-officer-appointed", "appoint-investigator")
    page.fill("#name1", "Iris Brand")
    officer.press("Check what this does", "appoint-investigator-checked").press("Record it", "investigator")
    officer.open(f"{case}/appoint/independent-person-appointed", "appoint-independent")
    page.fill("#name1", "Omar Reyes")
    page.check("input[value=member]")
    officer.press("Check what this does", "appoint-independent-refused")
    assert "Omar Reyes cannot be appointed" in page.inner_text("main")
    page.check("input[value=none]")
    officer.press("Check what this does", "appoint-independent-checked").press("Record it", "independent")

    answers(officer, case, "stage-2-answered")
    officer.open(f"{case}/record/early-referral-agreed", "early-referral")
    page.goto(f"{officer.url}{case}/open-next-stage")
    officer.press("Check what this does", "stage-3-checked").press("Open the next stage", "stage-3")
    officer.open(f"{case}/appoint/panel-arranged", "appoint-panel")
    for number, name in enumerate(("Ann Lowe", "Omar Reyes", "Cy Dahl"), start=1):
        page.fill(f"#name{number}", name)
        page.check(f"input[name=connection{number}][value=none]")
    officer.date("happened", datetime.now(UTC) + timedelta(days=80))
    officer.press("Check what this does", "appoint-panel-refused")
    assert "cannot be a member of the panel too" in page.inner_text("main")
    page.fill("#name2", "Ben Okri")
    officer.press("Check what this does", "appoint-panel-checked").press("Record it", "panel")
    assert "Ben Okri" in page.inner_text("main")


def test_a_date_beyond_the_codes(officer, arrives):
    case = f"/staff/cases/{arrives('corporate', 'The lift is broken.')}"
    officer.sign_in("manager")
    officer.page.goto(f"{officer.url}{case}/acknowledge")
    officer.press("Send the acknowledgement", "acknowledged-under-the-code")
    officer.open(f"{case}/extend/stage-1-response", "extend-beyond")
    officer.page.fill("#reason", "The part comes from abroad.")
    officer.date("until", datetime.now(UTC) + timedelta(days=60))
    officer.press("Check what this does", "extend-beyond-without-good-reason")
    officer.page.fill("#good_reason", "It is made to order.")
    officer.press("Check what this does", "extend-beyond-checked").press("Move the date", "extended-beyond")
    assert "Extended with good reason" in officer.page.inner_text("main")

"""Cases from their first day to their last, in real Chromium: days go by, and everybody meets their pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests import actors

from .looking import press
from .test_asking import opened

LETTER = "We looked into it.\n\nThis is what we found."


class Days:
    """The machine's clock, taken from day to day; whoever was signed in has to sign in again."""

    def __init__(self, moves: time_machine.Traveller) -> None:
        self.moves = moves

    def later(self, days: int) -> datetime:
        self.moves.shift(timedelta(days=days))
        return datetime.now(UTC)


@pytest.fixture
def days() -> Iterator[Days]:
    """It is 09:00 on Monday 1 June 2026, and time goes on."""
    with time_machine.travel(datetime(2026, 6, 1, 8, 0, tzinfo=UTC)) as moves:
        yield Days(moves)


def does(officer, case: str, act: str, press: str, name: str, **typed: str) -> None:
    """Fill an act's form, look at what it will do, do it."""
    officer.page.goto(f"{officer.url}{case}/{act}")
    for field, value in typed.items():
        officer.page.fill(f"#{field}", value)
    check = officer.page.locator("main button:has-text('Check what this does')")
    if check.count():
        officer.press("Check what this does", f"{name}-checked")
    officer.press(press, name)


def answers(officer, case: str, name: str, **typed: str) -> None:
    officer.page.goto(f"{officer.url}{case}/respond")
    officer.page.check("#outcome-2")
    officer.page.fill("#text", LETTER)
    if officer.page.locator("#own").count():
        officer.page.fill("#own", "Nobody else of the team may read it this week.")
    officer.press("Check what this does", f"{name}-checked").press("Send the answer", name)


def appoints(
    officer, case: str, event: str, people: list[str], name: str, meets: datetime | None = None
) -> None:
    page = officer.page
    page.goto(f"{officer.url}{case}/appoint/{event}")
    for number, person in enumerate(people, start=1):
        page.fill(f"#name{number}", person)
        if page.locator(f"input[name=connection{number}]").count():
            page.check(f"input[name=connection{number}][value=none]")
    if meets:
        officer.date("happened", meets)
    officer.press("Check what this does", f"{name}-checked").press("Record it", name)


def test_a_childs_complaint_through_all_three_stages(days, officer, arrives):
    case = f"/staff/cases/{arrives('children-statutory', 'Nobody came to the meeting.')}"
    page = officer.sign_in("manager").page
    does(officer, case, "acknowledge", "Send the acknowledgement", "life-acknowledged")
    answers(officer, case, "life-stage-1")
    days.later(10)
    officer.sign_in("manager")
    does(officer, case, "open-next-stage", "Open the next stage", "life-stage-2-open")
    assert "Stage 2: independent investigation" in page.inner_text("main")
    appoints(officer, case, "investigating-officer-appointed", ["Iris Brand"], "life-investigator")
    appoints(officer, case, "independent-person-appointed", ["Omar Reyes"], "life-independent")
    days.later(30)
    officer.sign_in("manager")
    answers(officer, case, "life-adjudicated")
    does(
        officer,
        case,
        "record/early-referral-agreed",
        "Record it",
        "life-early-referral",
        reason="Her father and the director agreed on 10 July.",
    )
    days.later(5)
    officer.sign_in("manager")
    does(officer, case, "open-next-stage", "Open the next stage", "life-stage-3-open")
    meets = datetime.now(UTC) + timedelta(days=30)
    appoints(officer, case, "panel-arranged", ["Ann Lowe", "Ben Okri", "Cy Dahl"], "life-panel", meets)
    days.later(30)
    officer.sign_in("manager")
    does(officer, case, "record/panel-met", "Record it", "life-panel-met")
    days.later(4)
    officer.sign_in("manager")
    does(officer, case, "record/panel-reported", "Record it", "life-panel-reported")
    days.later(10)
    officer.sign_in("manager")
    answers(officer, case, "life-stage-3")
    told = officer.open(case, "life-at-its-end").page.inner_text("main")
    for words in (
        "Review panel",
        "Early referral to the Ombudsman",
        "Iris Brand",
        "Ben Okri",
        "www.lgo.org.uk",
    ):
        assert words.casefold() in told.casefold()
    assert officer.page.locator("text=Open “").count() == 0


def enters(officer, picture: str, **typed) -> str:
    """Enter what came in, a choice by its value and a text as it is; the reference of the case."""
    page = officer.page
    page.goto(f"{officer.url}/staff/enter")
    for field, value in typed.items():
        if page.locator(f"input[type=radio][name={field}]").count():
            page.check(f"input[name={field}][value='{value}']")
        elif field == "received":
            officer.date(field, value)
        else:
            page.fill(f"#{field}", value)
    officer.press("Enter it", picture)
    return page.locator("a:has-text('Open the case')").get_attribute("href")


CALL = {
    "day": "earlier",
    "procedure": "corporate",
    "channel": "phone",
    "for_whom": "self",
    "level": "named",
    "name": "Nadia Whitlam",
    "phone": "01632 960 777",
    "received": datetime(2026, 1, 16, tzinfo=UTC),
}


def test_a_complaint_on_each_side_of_the_cut_over(days, officer):
    officer.sign_in("officer")
    before = enters(officer, "life-before-the-code", **CALL, story="The bins.", time="16:59")
    told = officer.open(before, "life-three-stages").page.inner_text("main")
    assert "Three stages, for complaints received before 17:00" in told
    assert "Stage 1 answer" in told
    assert "Friday 30 January 2026" in told  # 10 working days from receipt
    after = enters(officer, "life-under-the-code", **CALL, story="The bins.", time="17:00")
    told = officer.open(after, "life-two-stages").page.inner_text("main")
    assert "Two stages under the Ombudsman's Complaint Handling Code" in told
    assert "Friday 23 January 2026" in told  # acknowledged within 5
    assert "Friday 6 February 2026" in told  # answered within 10 of that, provisionally


def test_an_mps_letter_is_a_complaint_and_then_a_concern(days, officer, office):
    page = officer.sign_in("manager").page
    case = enters(
        officer,
        "life-mp",
        procedure="mp-enquiry",
        channel="letter",
        name="Ann Carr MP",
        person="Nadia Whitlam, who lives in Testford",
        agreed="agreed",
        story="My constituent says that her mother's visits are signed for and do not happen.",
        day="2026-06-01",
    )
    officer.open(f"{case}/triage", "life-mp-triage")
    page.select_option("#what", "corporate")
    officer.press("Triage it", "life-mp-is-a-complaint")
    assert "Nothing has been done yet." in page.inner_text("main")
    officer.press("Triage it", "life-mp-triaged")
    assert "Complaint about a council service" in page.inner_text("main")
    officer.open(f"{case}/reroute", "life-mp-reroute")
    page.fill("#reason", "Signing for visits that do not happen is fraud.")
    page.check("input[name=about][value=no]")
    officer.press("Propose it", "life-mp-proposed")
    page.fill("#agreed", "Her office agreed by telephone on 1 June, with the constituent.")
    officer.press("Send it on now", "life-mp-sent-on")
    page.goto(officer.url + case)
    assert page.inner_text("h1") == "There is nothing here for you"
    page.context.clear_cookies()
    officer.sign_in("monitoring")
    page.click("tbody th a >> nth=0")
    told = officer.look("life-mp-concern").page.inner_text("main")
    assert "Whistleblowing concern" in told
    assert "signed for and do not happen" in told
    officer.click("text=What it was before").look("life-mp-before")
    assert "Complaint about a council service" in page.inner_text("main")


def test_a_resident_who_chose_whistleblowing_for_a_complaint(days, officer, office):
    sent = actors.send(
        office, "whistleblowing", "The crew leaves our bins behind and shouts.", now=datetime.now(UTC)
    )
    page = officer.sign_in("monitoring").page
    case = f"/staff/cases/{sent.reference}"
    officer.open(f"{case}/reroute", "life-bins-reroute")
    page.check("input[name=to][value=corporate]")
    page.fill("#reason", "It is about a service and tells of no wrongdoing.")
    officer.press("Propose it", "life-bins-proposed")
    page.context.clear_cookies()
    holder = opened(page, officer.url, sent.receipt)
    press(page, "text=Read what it means, and answer")
    page.check("form#answer input[type=radio] >> nth=0")
    press(page, "form#answer .govuk-button")
    holder.look("life-bins-answered")
    page.context.clear_cookies()
    officer.sign_in("monitoring").open(f"{case}/reroute", "life-bins-agreed")
    officer.press("Send it on now", "life-bins-sent-on")
    page.context.clear_cookies()
    officer.sign_in("officer")
    page.click("tbody th a >> nth=0")
    told = officer.look("life-bins-complaint").page.inner_text("main")
    assert "leaves our bins behind" in told
    assert "They gave no name" in told
    assert "tells of no wrongdoing" not in told
    page.context.clear_cookies()
    opened(page, officer.url, sent.receipt)
    told = holder.look("life-bins-holder-after").page.inner_text("main")
    assert "The complaints team has this now" in told
    assert "leaves our bins behind" not in told

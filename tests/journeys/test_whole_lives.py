"""Cases from their first day to their last, in real Chromium: days go by, and everybody meets their pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

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

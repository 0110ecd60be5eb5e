"""The first page: what is new, mine, due, overdue and waiting, and what the authority has to see to."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest

from intake.services.desk import leafing
from intake.services.ground import press
from intake.services.holders import returning
from intake.web.staff.desk import lists as first_page
from tests import officers
from tests.actors import now, send


def test_lateness_is_told_in_words(at_desk, arrives, clock):
    reference = arrives("children-statutory", "Nobody listened.")
    clock.move_to(datetime(2026, 5, 20, 10, 0, tzinfo=UTC))
    desk = at_desk("officer")
    desk.visit("/staff/?view=overdue")
    assert f"{reference} New Complaint about children's social care" in desk.words
    assert "Tue 19 May 2026 Overdue 1 working day late" in desk.words
    desk.visit(f"/staff/cases/{reference}")
    assert "Overdue by 1 working day" in desk.words
    assert "Overdue since Tuesday 19 May 2026: 1 working day late." in desk.words


def test_a_date_that_passed_before_a_weekend_is_late_on_it(at_desk, arrives, clock):
    clock.move_to(datetime(2026, 4, 30, 10, 0, tzinfo=UTC))
    reference = arrives("children-statutory")  # due on Friday 15 May
    clock.move_to(datetime(2026, 5, 16, 10, 0, tzinfo=UTC))
    desk = at_desk("officer")
    desk.visit(f"/staff/?search={reference}")
    assert "Fri 15 May 2026 Overdue Since the last working day" in desk.words
    desk.visit(f"/staff/cases/{reference}")
    assert "Overdue since Friday 15 May 2026: no working day has passed since." in desk.words


@pytest.fixture
def two_a_page(monkeypatch):
    monkeypatch.setattr(leafing, "PAGE", 2)


def listed(desk) -> list[str]:
    """The references on the page, in their order."""
    return re.findall(r'href="/staff/cases/([\w-]+)"', desk.page.text)


def test_a_list_is_leafed_through_in_both_directions(at_desk, arrives, two_a_page):
    references = sorted(arrives("general-enquiry", f"Question {number}") for number in range(5))
    desk = at_desk("officer")
    desk.visit("/staff/?view=new")
    assert "New: 5" in desk.words
    seen = [listed(desk)]
    for way in ("Next page", "Next page", "Previous page", "Previous page", "Last page", "First page"):
        desk.follow(way)
        seen.append(listed(desk))
    one, two, three = references[:2], references[2:4], references[4:]
    assert seen == [one, two, three, two, one, references[3:], one]
    assert "Previous page" not in desk.words
    desk.follow("Last page")
    assert "Next page" not in desk.words


def test_an_address_of_a_page_means_the_same_whatever_was_done_meanwhile(
    at_desk, arrives, two_a_page, office, manager, officer
):
    references = sorted(arrives("general-enquiry", f"Question {number}") for number in range(5))
    desk, now_ = at_desk("officer"), now()
    desk.visit("/staff/?view=new")
    for gone in references[
        :2
    ]:  # whole page before it is worked on by others, also the line that the address names
        officers.allocate(office, manager, gone, officer.id, revision=1, now=now_)
    desk.follow("Next page")
    assert listed(desk) == references[2:4]
    for gone in references[2:4]:
        officers.allocate(office, manager, gone, officer.id, revision=1, now=now_)
    desk.follow("Previous page")  # nothing is left before it: the first page
    assert listed(desk) == references[4:]
    assert desk.visit(f"/staff/?view=new&after=2026-05-20.{references[4]}").status_code == 200
    desk.visit("/staff/?view=new&after=9999-12-31.ZZZ-ZZZZ")  # nothing behind it: the last page
    assert listed(desk) == references[4:]
    for odd in ("after=x", "before=2026-13-01.BCD", "after=2026-05-05", "before=%00", "page=7"):
        assert desk.visit(f"/staff/?view=new&{odd}").status_code == 200
        assert listed(desk) == references[4:]


def test_a_case_is_found_by_its_reference_however_it_is_written(at_desk, arrives):
    reference = arrives("general-enquiry")
    others = {arrives("general-enquiry") for _ in range(3)}
    desk, (begins, ends) = at_desk("officer"), reference.split("-")
    for typed in (
        *(reference, reference.lower(), f" {reference} ", begins + ends, (begins + ends).lower()),
        *(
            f"{begins} {ends}",
            f"{begins}-{ends[:2]}",
            begins,
            begins + ends[:3].lower(),
            ends,
            ends.lower(),
            f"-{ends}",
        ),
    ):
        desk.visit("/staff/?" + urlencode({"search": typed}))
        assert reference in listed(desk), typed
        assert len(typed.strip()) < 7 or not others & set(listed(desk))
    desk.visit(f"/staff/?search={begins.lower()}{ends.lower()}")
    assert f"1 with “{begins.lower()}{ends.lower()}” in the reference" in desk.words
    for absent in ("ZZZ-ZZZZ", "%", "_______", "\x00", "-", "ÄÖ", ends[1:]):
        desk.visit("/staff/?" + urlencode({"search": absent}))
        assert reference not in listed(desk), absent


def test_of_very_many_that_begin_alike_the_first_are_shown_and_the_rest_is_told(
    at_desk, arrives, two_a_page, monkeypatch
):
    names = iter(["BCD-2345", "BCD-2346", "BCD-3456", "BCF-2345"])
    monkeypatch.setattr("intake.services.holders.submitting.drawn", lambda: next(names))
    for _ in range(4):
        arrives("general-enquiry")
    desk = at_desk("officer")
    desk.visit("/staff/?search=bcd")
    assert listed(desk) == ["BCD-2345", "BCD-2346"]
    assert "The first 2 with “bcd” in the reference: give more of it to see the others" in desk.words
    desk.visit("/staff/?search=2345")
    assert listed(desk) == ["BCD-2345", "BCF-2345"]
    assert "2 with “2345” in the reference" in desk.words


def test_more_than_a_thousand_are_not_counted_on(at_desk, arrives, monkeypatch):
    monkeypatch.setattr(first_page.services, "MOST", 2)
    desk = at_desk("officer")
    for told in ("1", "2", "2+", "2+"):
        arrives("general-enquiry")
        desk.visit("/staff/")
        assert f"All open: {told} " in desk.words
        assert f"New ({told})" in desk.words


def test_while_one_list_is_drawn_another_waits_and_a_reporter_does_not(at_desk, client, monkeypatch):
    happened, drawing, waiting, go_on = [], threading.Event(), threading.Event(), threading.Event()
    lock, desk = threading.Lock(), first_page.services.desk

    class Turns:
        def __enter__(self):
            if drawing.is_set():
                waiting.set()
            lock.acquire()

        def __exit__(self, *_):
            lock.release()

    def slowly(*asked, **more):
        happened.append("begins")
        drawing.set()
        assert go_on.wait(60)
        happened.append("ends")
        return desk(*asked, **more)

    desks = [at_desk("officer"), at_desk("manager")]
    monkeypatch.setattr(first_page, "ONE_LIST_AT_A_TIME", Turns())
    monkeypatch.setattr(first_page.services, "desk", slowly)
    people = [threading.Thread(target=one.visit, args=("/staff/",)) for one in desks]
    people[0].start()
    assert drawing.wait(60)
    people[1].start()
    assert waiting.wait(60)
    assert client.get("/").status_code == 200
    go_on.set()
    for one in people:
        one.join()
    assert happened == ["begins", "ends", "begins", "ends"]
    assert [one.page.status_code for one in desks] == [200, 200]


def test_a_message_waits_until_it_is_read(at_desk, office):
    sent = send(office, "general-enquiry", "When?", now=now())
    returning.write(office, sent.receipt, "Is there news?", token=press.new_token(), now=now())
    desk = at_desk("officer")
    desk.visit("/staff/?view=waiting")
    assert sent.reference in desk.words
    desk.visit(f"/staff/cases/{sent.reference}")
    assert "Is there news?" in desk.words
    assert desk.press(f"/staff/cases/{sent.reference}/read").status_code == 303
    desk.visit("/staff/?view=waiting")
    assert "Nobody waits for an answer to a message." in desk.words


@pytest.mark.parametrize(("who", "told"), [("manager", True), ("monitoring", True), ("officer", False)])
def test_what_the_authority_has_to_see_to(app, at_desk, office, clock, who, told):
    app.extensions["intake"] = replace(
        app.extensions["intake"], settings=replace(office.settings, demonstration=False)
    )
    clock.shift(timedelta(days=800))
    desk = at_desk(who)
    desk.visit("/staff/")
    assert ("No mail server is set" in desk.page.text) == told
    assert ("Bank holidays are confirmed only to the end of 2028" in desk.page.text) == told

"""What a holder may do on a page of its own: reached by a button, done by another, and nothing typed is lost."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
import time_machine

from tests import officers

from .test_lengths import Watcher
from .test_returning import MORNING
from .visitor import Visitor, write_complaint, write_concern

PAGES = ("add", "withdraw", "details")


def back(visitor: Visitor) -> Visitor:
    """Send what was written, and open it with its code."""
    visitor.press("send")
    return visitor.send(visitor.to("/return"), code=visitor.receipt)


@pytest.fixture
def holder(client) -> Visitor:
    """Somebody who has sent a complaint under their name and opened it again."""
    return back(write_complaint(Visitor(client), "The lift is broken."))


def test_a_complaint_is_withdrawn_on_a_page_of_its_own_and_confirmed_in_the_inbox(holder):
    form = holder.to("/return/withdraw")
    assert "Withdraw it" in holder.page.text
    assert "closed" not in holder.page.title
    for _ in range(2):
        holder.send(form, reason="It is settled.")
    assert "You have withdrawn it, and it is closed." in holder.page.text
    assert holder.body.count("This letter confirms it in writing.") == 1
    assert holder.body.count("It is settled.") == 1
    assert "What you asked for" in holder.page.text
    holder.send(holder.to("/return/message"), text="I did not mean to.")
    assert "Your message was sent." in holder.page.text


def test_back_does_nothing_and_each_page_is_left_as_it_was(holder):
    for page in PAGES:
        holder.to(f"/return/{'message' if page == 'add' else page}")
        holder.send(holder.form("back"), go="page:case")
        assert "Messages, the newest first" in holder.page.text
    assert "No messages yet." in holder.page.text


def test_details_are_corrected_and_not_shown(holder):
    holder.send(holder.to("/return/details"), name="", email="")
    assert holder.page.title.startswith("Error: ")
    holder.send(holder.to("/return/details"), name="Sam Oak", email="nonsense")
    assert holder.page.title.startswith("Error: ")
    assert holder.to("/return/details").values["name"] == "Sam Oak"
    holder.send(holder.to("/return/details"), name="Sam Oak", email="sam@mail.example")
    assert "Your details were sent." in holder.page.text
    assert "Sam Oak" not in holder.body
    assert "I corrected my details" in holder.page.text


def test_an_anonymous_holder_is_told_what_a_name_means_before_giving_it(client):
    visitor = back(write_complaint(Visitor(client), "The lift is broken.", level="anonymous"))
    assert "Give your name after all" in visitor.page.text
    form = visitor.to("/return/details")
    assert "It cannot be taken back" in visitor.page.text
    assert 'autocomplete="name"' not in visitor.body
    visitor.send(form, name="Robin Field")
    assert "Your details were sent." in visitor.page.text
    assert "Robin" not in visitor.body
    assert "Correct your name, or how we reach you" in visitor.page.text


def test_whoever_finds_the_code_of_a_concern_does_not_learn_whether_it_has_a_name(app):
    told = set()
    for level in ("anonymous", "confidential", "named"):
        visitor = back(write_concern(Visitor(app.test_client()), "First words.", level=level))
        case = re.sub(r"\b\w{3}-\w{4}\b", "", visitor.page.text)
        visitor.to("/return/details")
        told.add((case, re.sub(r"\b\w{3}-\w{4}\b", "", visitor.page.text)))
        visitor.send(visitor.form("details"), name="Robin Field")
        assert "Robin" not in visitor.body
    assert len(told) == 1


def test_the_holder_of_a_concern_says_that_it_should_not_be_taken_further(client):
    visitor = back(write_concern(Visitor(client), "First words."))
    visitor.send(visitor.to("/return/withdraw"), reason="I am afraid.")
    assert "Somebody decides, and writes to you here." in visitor.page.text
    assert "afraid" not in visitor.body
    assert "your own words are not shown again" in visitor.page.text
    assert "closed" not in visitor.page.text.replace("closed to", "")


def test_the_next_stage_is_asked_for_and_the_page_says_when_it_is_answered(client, office, officer):
    with time_machine.travel(MORNING) as clock:
        visitor = write_complaint(Visitor(client), "x").press("send")
        code, now = visitor.receipt, MORNING
        ref = visitor.send(visitor.to("/return"), code=code).page.text.partition("Your case ")[2][:8]
        officers.acknowledge(office, officer, ref, "We have it.", revision=1, now=now)
        officers.respond(office, officer, ref, "not-upheld", "No.\n\nIt was so.", "", revision=2, now=now)
        clock.shift(timedelta(minutes=1))
        visitor.send(visitor.form("again"))
        assert '<p class="typed">It was so.</p>' in visitor.body
        assert visitor.body.index("Our answer") < visitor.body.index("We have received this")
        form = visitor.to("/return/next-stage")
        for _ in range(2):
            visitor.send(form, reason="You did not look.")
    assert "You have asked for the next stage." in visitor.page.text
    assert "You hear from us by 8 June 2026." in visitor.page.text
    assert visitor.body.count("You did not look.") == 1
    assert "Ask for the next stage" not in visitor.page.text


@pytest.mark.parametrize("page", PAGES)
def test_what_was_typed_outlives_the_half_hour_and_an_expired_form(client, page):
    box = {"add": "text", "withdraw": "reason", "details": "name"}[page]
    with time_machine.travel(MORNING) as clock:
        visitor = write_complaint(Visitor(client), "x").press("send")
        code = visitor.receipt
        visitor.send(visitor.to("/return"), code=code)
        form = visitor.to(f"/return/{'message' if page == 'add' else page}")
        visitor.send(form, csrf_token="", **{box: "Typed once."})
        assert visitor.form(page).values[box] == "Typed once."
        clock.shift(timedelta(minutes=31))
        visitor.send(visitor.form(page))
        assert "Type your code again" in visitor.page.text
        assert visitor.form("code-again").values[box] == "Typed once."
        visitor.send(visitor.form("code-again"), go=page, code=code)
    assert 'role="status"' in visitor.body


def test_what_could_be_done_when_the_page_was_drawn_and_not_now_is_told_with_what_was_typed(
    holder, office, officer
):
    ref = holder.page.text.partition("Your case ")[2][:8]
    form = holder.to("/return/withdraw")
    now = datetime.now(UTC)
    officers.acknowledge(office, officer, ref, "We have it.", revision=1, now=now)
    officers.respond(office, officer, ref, "not-upheld", "No.", "", revision=2, now=now)
    holder.send(form, reason="It is settled.")
    assert "Nothing was sent." in holder.page.text
    assert holder.form("withdraw").values["reason"] == "It is settled."
    holder.send(holder.form("back"), go="page:case")
    assert "We have answered." in holder.page.text


def test_a_wrong_code_says_how_many_signs_were_typed(client):
    visitor = Visitor(client).open("/return")
    visitor.send(visitor.to("/return"), code="7K2Q-M8ZD 7K2Q")
    assert "That has 12 letters and numbers. A receipt code has 28" in visitor.page.text
    visitor.send(visitor.to("/return"), code="7" * 90)
    assert "more than 56 letters and numbers" in visitor.page.text


@pytest.mark.parametrize("go", ["page:nothing", "page:stage", "stage", "withdraw"])
def test_a_button_that_was_not_drawn_does_nothing(client, go):
    visitor = back(write_concern(Visitor(client), "First words."))
    form = visitor.form("acts")
    visitor.send(form, go=go)
    assert visitor.status == 200
    if go != "withdraw":
        assert 'role="status"' not in visitor.body


def seen_by(app, write, page: str) -> tuple[list[tuple[int, int]], list[tuple[int, ...]]]:
    """What a watcher sees of opening a page of a case, pressing its button with boxes left empty, and going back."""
    watcher = Watcher(app.test_client())
    back(write(watcher, "Some words of no great length."))
    before = len(watcher.seen)
    watcher.send(watcher.form("again"))
    watcher.send(watcher.form("acts"), go=f"page:{page}")
    form = watcher.form(page)
    watcher.send(form)
    watcher.send(
        watcher.form("back" if form.id in {one.id for one in watcher.page.forms} else "again"), go="page:case"
    )
    of_them = watcher.seen[before:]
    return [(line, body) for line, body, _ in of_them], [hops for _, _, hops in of_them]


def test_every_page_of_every_case_is_of_one_length_both_ways(app):
    seen = [seen_by(app, write, page) for write in (write_complaint, write_concern) for page in PAGES]
    requests, answers = zip(*seen, strict=True)
    assert len(set(map(tuple, requests))) == 1, requests
    assert len({hops for told in answers for hops in told}) == 1, answers
    (again, opened, sent, gone) = requests[0]
    assert again == opened == gone
    assert sent[1] - again[1] == len(urlencode({"press": "x" * 43})) + 1

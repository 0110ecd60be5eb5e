"""Coming back with the receipt: messages, the next stage, codes that open nothing."""

import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from intake.database import writing
from intake.models import Record
from intake.web.public import returning

from .visitor import Visitor, write_complaint, write_concern

MORNING = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def holder(client) -> Visitor:
    """Somebody who has sent a complaint and opened it again."""
    visitor = write_complaint(Visitor(client), "The lift is broken.").press("send")
    return visitor.send(visitor.to("/return"), code=visitor.receipt)


def test_the_holder_writes_and_sees_the_message(holder):
    holder.send(holder.to("/return/message"), text="\nAny news?\n<b>bold</b>")
    assert "Your message was sent." in holder.page.text
    assert "&lt;b&gt;bold&lt;/b&gt;" in holder.body


def test_a_message_pressed_twice_is_there_once(holder):
    form = holder.to("/return/message")
    holder.send(form, text="Only once, please.")
    holder.send(form, text="Only once, please.")
    assert holder.body.count("Only once, please.") == 1


def test_an_empty_or_endless_message_comes_back(holder):
    holder.send(holder.to("/return/message"), text="  ")
    assert holder.page.title.startswith("Error: ")
    text = "w" * 20_001
    holder.send(holder.to("/return/message"), text=text)
    assert holder.page.title.startswith("Error: ")
    assert holder.to("/return/message").values["text"] == text


def test_a_whistleblowers_own_words_are_not_shown_again(client):
    visitor = write_concern(Visitor(client), "First words.").press("send")
    visitor.send(visitor.to("/return"), code=visitor.receipt)
    visitor.send(visitor.to("/return/message"), text="More that would convict.")
    assert "Your message was sent." in visitor.page.text
    assert "convict" not in visitor.body
    assert "First words." not in visitor.body


def test_the_next_stage_cannot_be_had_before_an_answer(holder):
    form = holder.to("/return/message")
    holder.send(form, go="stage", text="I want it now.")
    assert "Nothing was sent" in holder.page.text


@pytest.mark.parametrize(
    "code", ["", "nonsense", "7K2Q-M8ZD-7K2Q-M8ZD-7K2Q-M8ZD-7K2Q", "\x00", "a" * 101, "\ufffd"]
)
def test_a_code_that_opens_nothing_is_told_so(client, code):
    visitor = Visitor(client).open("/return")
    visitor.send(visitor.to("/return"), code=code)
    assert visitor.to("/return").values["code"] == ""
    assert visitor.page.title.startswith("Error: ")


def test_a_case_open_for_too_long_asks_for_the_code_and_keeps_the_message(client):
    with time_machine.travel(MORNING) as clock:
        visitor = write_complaint(Visitor(client), "x").press("send")
        code = visitor.receipt
        visitor.send(visitor.to("/return"), code=code)
        form = visitor.to("/return/message")
        clock.shift(timedelta(minutes=31))
        visitor.send(form, text="Typed for an hour.")
        assert "Type your code again" in visitor.page.text
        assert "Typed for an hour." in visitor.body
        assert code.split()[0] not in visitor.body
        visitor.send(visitor.form("code-again"), go="add", code=code)
    assert "Your message was sent." in visitor.page.text
    assert "Typed for an hour." in visitor.page.text


def test_a_case_that_does_not_open_is_told_so_and_takes_nothing_that_was_typed(client, office):
    with time_machine.travel(MORNING) as clock:
        visitor = write_complaint(Visitor(client), "x").press("send")
        code = visitor.receipt
        visitor.send(visitor.to("/return"), code=code)
        form = visitor.to("/return/message")
        clock.shift(timedelta(minutes=31))
        visitor.send(form, text="Typed for an hour.")
        with writing(office.session):
            sent = office.session.scalars(select(Record).where(Record.kind == "submission")).one()
            sent.sealed = sent.sealed[:-1] + bytes([sent.sealed[-1] ^ 1])
        visitor.send(visitor.form("code-again"), go="add", code=code)
        assert returning.DAMAGED in visitor.page.text
        assert "Typed for an hour." in visitor.body
        assert office.session.scalar(select(Record.kind).where(Record.kind == "message")) is None
        office.session.rollback()
        again = Visitor(client).open("/return")
        again.send(again.to("/return"), code=code)
    assert returning.DAMAGED in again.page.text
    assert again.page.title.startswith("Error: ")


def test_a_case_that_was_closed_opens_with_the_code_alone(holder):
    address = holder.address
    holder.send(holder.form("close"))
    assert "nothing of it is kept here" in holder.page.text
    holder.open(address)
    assert "The lift is broken." not in holder.body
    assert "code" in holder.page.forms[0].values


@pytest.mark.evenly_timed
def test_no_answer_to_a_code_comes_before_the_time_that_all_take(client):
    """What was found, and how fast, is over before the answer goes; a slow machine only makes it later."""
    visitor = write_complaint(Visitor(client), "x").press("send")
    code = visitor.receipt
    form = visitor.open("/return").to("/return")
    for tried in (code, "nonsense", "0000-0000-0000-0000-0000-0000-0000", code):
        began = time.monotonic()
        visitor.client.post("/return", data=form.sent(go="open", code=tried))
        assert time.monotonic() - began >= 0.3


def test_the_box_on_the_receipt_page_posts_to_where_codes_are_tried_and_nowhere_else(client):
    visitor = write_complaint(Visitor(client), "x").press("send")
    form, address, code = visitor.form("open"), visitor.address, visitor.receipt
    assert form.action == address.replace("/report/", "/return/")
    visitor.client.post(address, data=form.sent(go="open", code=code))
    assert code in visitor.open(address).page.text  # it opened nothing: the receipt is still shown
    visitor.send(form, csrf_token="old", code=code)
    assert "You have sent this" in visitor.page.text
    visitor.send(form, code=code)
    assert visitor.address.startswith("/return/")
    assert code not in visitor.open(address).page.text

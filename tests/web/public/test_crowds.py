"""Strangers who press without end, and an honest reporter among them: at the reporter's door."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.by_hand import in_the_drafts

from .visitor import Visitor, write_complaint

MORNING = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
NO_SUCH = "0000-0000-0000-0000-0000-0000-0000"


@pytest.fixture
def visitor(client) -> Visitor:
    return Visitor(client)


def kept(instance) -> int:
    with in_the_drafts(instance) as connection:
        return connection.execute("SELECT count(*) FROM kept_drafts").fetchone()[0]


def a_lot_fell_on_all(instance) -> None:
    """As in a flood: whatever does not last is thrown away."""
    with in_the_drafts(instance) as connection:
        connection.execute("DELETE FROM kept_drafts WHERE NOT lasting")


def test_a_beginning_keeps_nothing_until_a_page_is_answered(visitor, instance):
    """Seen before: 32 KiB for eight hours, 193 times a second."""
    visitor.open("/return")
    visitor.send(visitor.to("/return"), code=NO_SUCH)  # opens the file
    for road in ("thanks", "concern", "complaint"):
        visitor.begin(road)
        assert visitor.status == 200
        assert kept(instance) == 0
    visitor.press(subject="other")
    assert kept(instance) == 1


def test_a_wrong_code_keeps_nothing_and_is_told_all_the_same(visitor, instance):
    visitor.begin("thanks").press(service="Housing")
    for code in (NO_SUCH, "", "nonsense", "a" * 300, "ABC-DEFG"):
        visitor.open("/return")
        visitor.send(visitor.to("/return"), code=code)
        assert visitor.hops[0].status_code == 303
        assert visitor.page.title.startswith("Error: ")
        address = visitor.address
        assert visitor.open(address).page.title.startswith("Error: ")
    assert kept(instance) == 1


def test_a_receipt_survives_any_number_of_wrong_codes(visitor):
    """Seen before: lost after 10 to 30 of them, in 6 runs of 8."""
    write_complaint(visitor, "Keep my receipt.").press("send")
    receipt, address = visitor.receipt, visitor.address
    for _ in range(40):
        visitor.send(visitor.form("open"), code=NO_SUCH)
        assert visitor.address == address, "the receipt is there to compare with, and nobody thinks it lost"
        assert "We know no such code" in visitor.page.text
        assert visitor.receipt == receipt
    visitor.send(visitor.form("open"), code=receipt)
    assert "Keep my receipt." in visitor.body


def test_the_lot_costs_a_reporter_one_answer_and_no_word_of_the_story(visitor, instance):
    visitor.begin("thanks").press(service="Housing")
    a_lot_fell_on_all(instance)
    visitor.press(story="Typed for half an hour.")
    assert "Would you like to give your name?" in visitor.page.text
    visitor.press()  # and now what is missing is asked for again
    a_lot_fell_on_all(instance)  # it lasts by now
    visitor.press(service="Housing")
    assert visitor.form("step").values["story"] == "Typed for half an hour."
    assert visitor.press().press().status == 200
    assert visitor.press("send").receipt


def test_a_road_of_a_beginning_is_told_to_its_visit_alone_and_for_some_hours(visitor, app):
    with time_machine.travel(MORNING) as clock:
        visitor.begin("concern")
        address = visitor.address
        assert Visitor(app.test_client()).begin("thanks").open(address).status == 404
        clock.shift(timedelta(hours=2))
        assert visitor.open(address).status == 200
        clock.shift(timedelta(hours=20))
        assert visitor.open(address).status == 404


def test_after_leaving_the_address_of_a_beginning_opens_nothing(visitor):
    visitor.begin("concern")
    address = visitor.address
    visitor.open("/leave")
    assert visitor.open(address).status == 404

"""Lists that an officer keeps: under one name one list, sealed, and no more than one can overlook."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import text

from intake.services.desk import saved
from intake.services.ground.refusals import Refused
from intake.vault.keys import KeyPair
from tests.conftest import opened


def test_a_list_of_the_same_name_takes_its_place(office, officer):
    saved.save(office, officer, "Bins", {"view": "open"})
    saved.save(office, officer, " bins ", {"view": "overdue"})
    assert [(one.name, one.asked) for one in saved.of(office, officer)] == [("bins", {"view": "overdue"})]


def test_neither_the_name_nor_the_address_lies_open(office, officer, manager):
    saved.save(office, officer, "About Councillor Grey", {"view": "open", "theme": "f" * 32})
    (row,) = office.session.execute(text("SELECT * FROM saved_lists")).all()
    assert all(word not in bytes(str(row), "utf-8") + row.sealed for word in (b"Grey", b"ffff", b"theme"))
    office.session.rollback()
    assert saved.of(office, manager) == ()


def test_what_an_earlier_key_sealed_is_passed_over(office, officer):
    saved.save(office, officer, "Bins", {"view": "open"})
    assert saved.of(office, replace(officer, pair=KeyPair.generate())) == ()


def test_there_are_no_more_than_one_can_overlook(office, officer):
    for number in range(saved.MOST_SAVED):
        saved.save(office, officer, f"List {number}", {})
    with pytest.raises(Refused, match="Remove one first"):
        saved.save(office, officer, "One more", {})
    saved.save(office, officer, "List 1", {"view": "new"})
    first = saved.of(office, officer)[0]
    saved.remove(office, officer, first.id)
    saved.save(office, officer, "One more", {})


def test_pressed_in_several_tabs_at_once_it_is_one_list(instance, office, officer):
    together = threading.Barrier(4)

    def press(number: int) -> None:
        with opened(instance) as tab:
            together.wait()
            saved.save(tab, officer, "Bins", {"view": "open"})

    with ThreadPoolExecutor(4) as tabs:
        list(tabs.map(press, range(4)))
    assert len(saved.of(office, officer)) == 1

"""PostgreSQL crashes while people press Send, and comes back: the program goes on by itself, whoever saw a receipt
finds their case whole, and nothing is half there. What nobody has sent yet a crash empties (decision 0025).
"""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from intake import config
from intake.models import Case, Envelope, Event, ReceiptLock, Record
from intake.services.ground import journal
from intake.services.holders import returning
from tests import postgresql as server
from tests.conftest import database_line, opened

from .house import ROUNDS, House
from .test_faults import PRESSES, Presses, chance, press_while

__all__ = ["chance"]
pytestmark = pytest.mark.postgresql


def whole(place: Path, told: dict[str, str], *, most: int) -> None:
    """Everything that was acknowledged is there, and each case has all of its parts; nobody holds a lock."""
    with opened(place) as office:
        for receipt, words in told.items():
            page = returning.open_case(office, receipt, now=datetime.now(UTC))
            assert words in [said.answer for said in page.words]
        count = lambda what: office.session.scalar(select(func.count(what.distinct())))  # noqa: E731
        number = count(Case.id)
        assert len(told) <= number <= most
        for column in (Envelope.case_id, Record.case_id, Event.case_id, ReceiptLock.case_id):
            assert count(column) == number, column
        office.session.rollback()
        assert journal.verify(office).fault == ""


def test_the_database_crashes_while_people_press_and_the_service_is_back_with_it(
    instance, chance: random.Random
):
    told, presses = {}, 0
    with server.of_its_own() as own:
        own.do("CREATE DATABASE moved")
        server.copy(config.load(instance).url, own.url("moved"))
        settings = instance / "settings.toml"
        lines = settings.read_text()
        settings.write_text(
            lines.replace(database_line(config.load(instance).url), database_line(own.url("moved")))
        )
        with House(instance) as house:
            for number in range(ROUNDS):
                these = Presses(house, PRESSES, f"crash {number}")
                wait = chance.uniform(0.1, 1.5)
                press_while(these, lambda wait=wait: (time.sleep(wait), own.stop("immediate")))
                own.start()
                after = Presses(house, PRESSES, f"after crash {number}")
                after.press()
                assert len(after.heard) == PRESSES, "back by itself"
                print(f"round {number}: {len(these.heard)} of {PRESSES} heard before the crash")
                told |= these.told | after.told
                presses += 2 * PRESSES
            assert house.process.poll() is None
        whole(instance, told, most=presses)

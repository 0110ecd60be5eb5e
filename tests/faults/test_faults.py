"""Faults: processes killed, power cut, a disk that is full or refuses, many at once, and people who leave.

What was acknowledged is never lost, half there, doubled or invented, and the service is back by itself. In
`make test` each happens a few times; `make faults` goes on for as long as it is asked to.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from intake.models import JournalLine, Notice, StepRow
from intake.services.ground import journal
from intake.services.ground.refusals import Damaged, ReceiptUnknown
from tests.actors import send
from tests.conftest import opened

from . import disk, power
from .door import Broken, Person
from .house import INSIDE, ROUNDS, House, copy, sound

PRESSES = 6  # in each round
NOT_STORED = "could not store"
SEED = int(os.environ.get("FAULT_SEED", "0")) or random.SystemRandom().randrange(1, 10**6)


@pytest.fixture
def chance() -> random.Random:
    """Told with a failure: FAULT_SEED draws the same again."""
    print(f"FAULT_SEED={SEED}")
    return random.Random(SEED)


@dataclass
class Standing:
    """A server that goes through several faults, and what was acknowledged in all of them."""

    house: House
    told: dict[str, str] = field(default_factory=dict)
    presses: int = 0

    def end(self, these: Presses) -> None:
        """A round is over, and everybody has a receipt."""
        assert len(these.heard) == len(these.people), "back by itself, and the same press succeeds"
        self.told |= these.told
        self.presses += len(these.people)

    def sound(self) -> None:
        assert len(self.told) == self.presses
        sound(self.house.place, self.told, cases=(self.presses, self.presses))


@pytest.fixture(scope="module")
def standing(freshly_set_up, tmp_path_factory) -> Iterator[Standing]:
    with House(copy(freshly_set_up, tmp_path_factory.mktemp("standing") / "instance")) as house:
        yield Standing(house)


class Presses:
    """People who have filled in the form and press Send, at once; who heard nothing presses again."""

    def __init__(self, house: House, number: int, name: str) -> None:
        self.people = [Person(house.port) for _ in range(number)]
        self.words = [f"{name} {place}" for place in range(number)]
        self.forms = [person.write(words) for person, words in zip(self.people, self.words, strict=True)]
        self.heard: dict[int, str] = {}

    def press(self, places=None) -> None:
        """Whoever has no receipt yet presses; returns when each has heard something, or that nothing comes."""
        waiting = [place for place in places or range(len(self.people)) if place not in self.heard]
        threads = [threading.Thread(target=self._one, args=(place,)) for place in waiting]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _one(self, place: int) -> None:
        try:
            if receipt := self.people[place].send(*self.forms[place]):
                self.heard[place] = receipt
        except Broken:
            pass  # they press again when the server is back

    @property
    def told(self) -> dict[str, str]:
        return {receipt: self.words[place] for place, receipt in self.heard.items()}


def press_while(presses: Presses, what) -> None:
    """Everybody presses, and meanwhile something happens."""
    pressing = threading.Thread(target=presses.press)
    pressing.start()
    what()
    pressing.join()


def test_the_server_is_killed_while_people_press(instance, chance):
    told, presses = {}, 0
    with House(instance) as house:
        for number in range(ROUNDS):
            these = Presses(house, PRESSES, f"round {number}")
            wait = chance.uniform(0, 0.25)
            press_while(these, lambda wait=wait: (time.sleep(wait), house.kill()))
            before = dict(these.heard)
            house.begin()
            these.press()
            assert len(these.heard) == PRESSES, "whoever presses again gets a receipt"
            assert before.items() <= these.heard.items()
            told |= these.told
            presses += PRESSES
            print(f"round {number}: {len(before)} of {PRESSES} heard before the kill")
        house.kill()
        house.process = None
    assert len(told) == presses
    sound(instance, told, cases=(presses, presses))


def test_a_worker_is_killed_and_the_server_is_back_by_itself(standing, chance):
    for number in range(ROUNDS):
        these = Presses(standing.house, PRESSES, f"worker {number}")

        def kill() -> None:
            time.sleep(chance.uniform(0, 0.2))
            os.kill(chance.choice(standing.house.workers()), signal.SIGKILL)

        press_while(these, kill)
        standing.house.wait()
        these.press()
        standing.end(these)
    standing.sound()


def test_the_power_is_cut_while_two_send(instance, tmp_path, chance):
    cuts = 0
    for number in range(ROUNDS):
        before = copy(instance, tmp_path / f"before-{number}")
        place, record = copy(instance, tmp_path / f"running-{number}"), tmp_path / f"record-{number}"
        environment = os.environ | {
            "INTAKE_INSTANCE": str(place),
            "INTAKE_DISK_RECORD": str(record),
            "PYTHONPATH": os.pathsep.join([str(INSIDE), str(Path(__file__).parents[2])]),
        }
        senders = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.faults.sender", name], env=environment, stdout=subprocess.PIPE
            )
            for name in ("first", "second")
        ]
        for sender in senders:
            for _ in range(14):
                assert sender.stdout.readline()
        for sender in senders:
            sender.kill()
            sender.communicate()
        entries = list(disk.entries(record))
        assert {"write", "sync", "told"} <= {entry[0] for entry in entries}
        for cut in [*(chance.randrange(len(entries)) for _ in range(7)), len(entries)]:
            told = {entry[1]: entry[2] for entry in entries[:cut] if entry[0] == "told"}
            after = tmp_path / f"after-{number}-{cuts}"
            power.image(before, after, [entry for entry in entries[:cut] if entry[0] != "told"], chance)
            sound(after, told, cases=(len(told), len(told) + len(senders)))
            with opened(after) as office:  # and it goes on
                send(office, "compliment", "After it.", now=datetime.now(UTC))
            cuts += 1
        print(
            f"{sum(entry[0] == 'told' for entry in entries)} sends, {len(entries)} calls, {cuts} cuts so far"
        )


def test_what_is_not_synced_can_be_lost_in_these_power_cuts(instance, tmp_path, chance):
    """The cuts themselves are tried: with syncs that were never made, receipts are lost."""
    before, place, record = (
        copy(instance, tmp_path / "before"),
        copy(instance, tmp_path / "running"),
        tmp_path / "record",
    )
    environment = os.environ | {
        "INTAKE_INSTANCE": str(place),
        "INTAKE_DISK_RECORD": str(record),
        "PYTHONPATH": os.pathsep.join([str(INSIDE), str(Path(__file__).parents[2])]),
    }
    sender = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.sender", "only"], env=environment, stdout=subprocess.PIPE
    )
    for _ in range(5):
        assert sender.stdout.readline()
    sender.kill()
    sender.communicate()
    entries = list(disk.entries(record))
    told = {entry[1]: entry[2] for entry in entries if entry[0] == "told"}
    power.image(before, tmp_path / "after", [e for e in entries if e[0] not in {"told", "sync"}], chance)
    with pytest.raises((AssertionError, DBAPIError, ReceiptUnknown, Damaged)):
        sound(tmp_path / "after", told, cases=(len(told), len(told) + 1))


def test_the_disk_is_full_and_has_room_again(standing, chance):
    """First somewhere in the middle of what is written, then for every byte."""
    house = standing.house
    for number in range(ROUNDS):
        these = Presses(house, PRESSES, f"full {number}")
        house.limit_files(house.log_bytes() + chance.randrange(200_000))
        these.press(range(PRESSES // 2))
        house.limit_files(1)
        before = dict(these.heard)
        these.press()
        assert these.heard == before
        refused = [person for place, person in enumerate(these.people) if place not in these.heard]
        assert len(refused) >= PRESSES - PRESSES // 2
        assert all(NOT_STORED in person.page for person in refused), refused[0].page
        house.limit_files(None)
        these.press()
        standing.end(these)
        print(f"round {number}: {len(before)} of {PRESSES} went in before the disk was full")
    standing.sound()


def test_the_disk_refuses_to_sync(instance, tmp_path):
    told, presses, sign = {}, 0, tmp_path / "refuses"
    with House(instance, PYTHONPATH=str(INSIDE), INTAKE_DISK_REFUSES=str(sign)) as house:
        for number in range(ROUNDS):
            these = Presses(house, PRESSES, f"sync {number}")
            sign.touch()
            these.press()
            assert these.heard == {}, "nothing is acknowledged that no disk has promised to keep"
            assert all(NOT_STORED in person.page for person in these.people), these.people[0].page
            sign.unlink()
            these.press()
            assert len(these.heard) == PRESSES
            told |= these.told
            presses += PRESSES
    sound(instance, told, cases=(presses, presses))


def test_one_form_is_pressed_twenty_times_at_once(standing):
    for number in range(ROUNDS):
        form, heard = Presses(standing.house, 1, f"twenty {number}"), []

        def press(form=form, heard=heard) -> None:
            person = Person(standing.house.port)
            person.cookies = dict(form.people[0].cookies)
            heard.append(person.send(*form.forms[0]))

        threads = [threading.Thread(target=press) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(heard) == 20
        assert len(set(heard)) == 1
        form.heard[0] = heard[0]
        standing.end(form)
    standing.sound()


def test_the_line_is_cut_after_the_last_byte(standing):
    for number in range(ROUNDS):
        these = Presses(standing.house, PRESSES, f"cut {number}")
        for person, form in zip(these.people, these.forms, strict=True):
            person.send_and_leave(*form)
        these.press()
        standing.end(these)
    standing.sound()


def test_five_ticks_are_killed_again_and_again(instance, chance):
    """Each step is taken once, by whoever is not killed over it, and nobody is told of it twice."""
    now = datetime.now(UTC)
    with opened(instance) as office:
        for number in range(24):
            send(office, words=f"It went wrong, {number}.", now=now)
    later = f"{now + timedelta(days=40):%Y-%m-%dT%H:%M}"
    environment = os.environ | {"INTAKE_INSTANCE": str(instance)}

    def begin() -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "-m", "intake.cli", "tick", "--as-of", later],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    with opened(instance) as office:
        kills = 0
        for _ in range(ROUNDS):
            ticks = [begin() for _ in range(5)]
            time.sleep(chance.uniform(0.5, 1.5))  # some are at work by then, and some are not
            for tick in ticks:
                time.sleep(chance.uniform(0, 0.2))
                tick.kill()
            kills += sum(tick.wait() == -signal.SIGKILL for tick in ticks)
        last = begin()
        assert last.wait() == 0
        print(f"{kills} ticks killed")
        steps = office.session.scalars(select(StepRow).where(StepRow.falls_on <= now.date())).all()
        assert all(step.taken_at for step in steps)
        taken = office.session.scalars(select(JournalLine).where(JournalLine.act == "step-taken")).all()
        lines = Counter((line.case_id, *_step(line)) for line in taken)
        assert lines
        assert set(lines.values()) == {1}
        rows = office.session.scalars(select(StepRow).where(StepRow.taken_at.is_not(None))).all()
        assert len(rows) == len(lines)
        notices = office.session.scalars(select(Notice).where(Notice.step.is_not(None))).all()
        told = Counter((one.staff_id, one.case_id, one.deadline, one.step, one.due) for one in notices)
        assert set(told.values()) == {1}
        office.session.rollback()
        assert journal.verify(office).fault == ""


def _step(line: JournalLine) -> tuple:
    said = journal.detail_of(line)
    return said["deadline"], said["step"], said["due"]

"""Whoever waits to write has their turn, as they came: whoever writes much does not keep the others out."""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from intake import database
from intake.database import NotStored, turns
from intake.services.cases import filing
from intake.services.ground.office import assemble
from intake.services.tick import escalation
from tests.actors import send
from tests.conftest import PATIENCE_SECONDS, opened

pytestmark = pytest.mark.sqlite

NOW = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=60)
IN_LINE = """
import sys
from intake import database
from intake.database import turns
engine = database.connect(sys.argv[1])
_free, told = turns._free, []
def free(file):
    ours = _free(file)
    if not ours and not told:
        told.append(print("waits", flush=True))
    return ours
turns._free = free
with database.alone(engine, "lock"):
    print("has it", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def waits(monkeypatch) -> threading.Event:
    """Set as soon as another thread than the story's own asked for a lock and did not get it."""
    found, flock, own = threading.Event(), turns.fcntl.flock, threading.current_thread()

    def seen(file, how) -> None:
        try:
            flock(file, how)
        except BlockingIOError:
            if threading.current_thread() is not own:
                found.set()
            raise

    monkeypatch.setattr(turns.fcntl, "flock", seen)
    return found


@contextmanager
def meanwhile(act):
    """Somebody else at the same time, who is done in the end."""
    thread = threading.Thread(target=act)
    thread.start()
    yield
    thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive()


def test_whoever_gives_the_lock_back_and_wants_it_again_comes_after_whoever_waited(office, waits):
    """Seen before: who writes much had it again at once, and who waited looked every 2 ms and found it taken."""
    engine, turns = office.session.get_bind(), []

    def writes_once() -> None:
        with database.alone(engine, "lock"):
            turns.append("once")

    for _ in range(10):
        waits.clear()
        with database.alone(engine, "lock"):
            waiting = meanwhile(writes_once)
            waiting.__enter__()
            assert waits.wait(PATIENCE_SECONDS)
        with database.alone(engine, "lock"):
            turns.append("much")
        waiting.__exit__(None, None, None)
    assert turns == ["once", "much"] * 10


def test_a_sender_has_a_turn_between_two_turns_of_the_tick(office, instance, waits, monkeypatch):
    """Seen before: the tick took 50 steps at a time, and took the lock back before anybody who waited."""
    for _ in range(3):
        send(office)
    monkeypatch.setattr(escalation, "WRITES_FOR_SECONDS", 0)
    turns, put, take, senders = [], filing.put, escalation._take, []

    def sends() -> None:
        with opened(instance) as desk:
            send(desk)

    def puts(*told) -> None:
        turns.append("sent")
        put(*told)

    def takes(*told):
        turns.append("step")
        if len(turns) == 1:
            senders.append(meanwhile(sends))
            senders[0].__enter__()
            assert waits.wait(PATIENCE_SECONDS)
        return take(*told)

    monkeypatch.setattr(filing, "put", puts)
    monkeypatch.setattr(escalation, "_take", takes)
    assert len(escalation.run(office, now=LATER).taken) >= 27
    senders[0].__exit__(None, None, None)
    assert turns[:3] == ["step", "sent", "step"]


def test_a_tick_with_much_to_catch_up_on_rests_after_each_turn(office, monkeypatch):
    """Seen before: taking one step after another it left every fourth send of those who sent meanwhile."""
    for _ in range(2):
        send(office)
    rests: list[float] = []
    monkeypatch.setattr(escalation, "WRITES_FOR_SECONDS", 0)
    monkeypatch.setattr(escalation.time, "sleep", rests.append)
    taken = len(escalation.run(office, now=LATER).taken)
    assert len(rests) == taken - 1  # one step a turn, and nobody waits after the last
    assert min(rests) > 0
    rests.clear()
    send(office)
    assert escalation.run(office, now=LATER, alone=True).taken
    assert rests == []


def test_who_is_killed_in_the_line_or_with_the_lock_keeps_nobody(office):
    engine = office.session.get_bind()

    def comes():
        return subprocess.Popen(
            [sys.executable, "-c", IN_LINE, str(engine.url)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    with comes() as first, comes_after(first, comes) as second, comes_after(second, comes, "waits") as third:
        second.kill()
        first.kill()
        assert third.stdout.readline() == "has it\n"
        third.kill()
        send(office)


def comes_after(before, comes, said="has it"):
    assert before.stdout.readline() == f"{said}\n"
    return comes()


def test_whoever_gave_up_waiting_hands_the_turn_on(office, monkeypatch):
    engine = office.session.get_bind()
    with monkeypatch.context() as hurry:
        hurry.setattr(database, "LONGEST_WAIT_SECONDS", 0.1)
        with database.alone(engine, "lock"):
            crowd = [threading.Thread(target=gives_up, args=(engine,)) for _ in range(5)]
            for person in crowd:
                person.start()
            for person in crowd:
                person.join(PATIENCE_SECONDS)
                assert not person.is_alive()
    with Session(engine) as session:
        send(assemble(office.settings, session))


def gives_up(engine) -> None:
    with pytest.raises(NotStored, match="could not store this just now"), database.alone(engine, "lock"):
        pass


def test_many_threads_and_one_lock_are_never_two_at_a_time(office):
    engine, inside, most = office.session.get_bind(), [], []

    def comes_often() -> None:
        for _ in range(30):
            with database.alone(engine, "lock"):
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    crowd = [threading.Thread(target=comes_often) for _ in range(8)]
    for person in crowd:
        person.start()
    for person in crowd:
        person.join(PATIENCE_SECONDS)
    assert most == [1] * 240

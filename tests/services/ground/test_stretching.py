"""Who waits for a password to be stretched: one at a time, drawn by lot, and never inside the writers' lock."""

from __future__ import annotations

import fcntl
import threading
from datetime import UTC, datetime
from random import Random

import pytest

from intake.demonstration import living
from intake.services.ground.refusals import SignInThrottled
from intake.services.ground.stretching import Stretching
from intake.services.people import accounts, signing_in

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


class Busy:
    """A stretching that somebody occupies until they are told to go."""

    def __init__(self, stretching: Stretching) -> None:
        self.go, begun = threading.Event(), threading.Event()
        self.thread = threading.Thread(
            target=stretching.run, args=(lambda: (begun.set(), self.go.wait()),), daemon=True
        )
        self.thread.start()
        begun.wait()


def in_threads(*acts) -> list[threading.Thread]:
    threads = [threading.Thread(target=act, daemon=True) for act in acts]
    for thread in threads:
        thread.start()
    return threads


def waiting(stretching: Stretching, number: int) -> None:
    """Until so many wait."""
    while len(stretching._waiting) < number:
        threading.Event().wait(0.001)


def test_two_processes_of_a_machine_stretch_one_at_a_time(tmp_path):
    at_once, most, guard = 0, 0, threading.Lock()

    def work():
        nonlocal at_once, most
        with guard:
            at_once += 1
            most = max(most, at_once)
        threading.Event().wait(0.005)
        with guard:
            at_once -= 1

    two = [Stretching(tmp_path / "stretching.lock") for _ in range(2)]
    for thread in in_threads(*(lambda one=one: one.run(work) for one in two for _ in range(5))):
        thread.join()
    assert most == 1


def test_a_browser_known_to_its_owner_goes_before_all_who_came_first():
    stretching, order = Stretching(), []
    busy = Busy(stretching)
    strangers = in_threads(*(lambda: stretching.run(lambda: order.append("stranger")) for _ in range(5)))
    waiting(stretching, 5)
    owner = in_threads(lambda: stretching.run(lambda: order.append("owner"), first="owner"))
    waiting(stretching, 6)
    busy.go.set()
    for thread in strangers + owner:
        thread.join()
    assert order[0] == "owner"


def test_one_account_goes_first_once_however_often_it_asks():
    """Seen before: all of them went before everybody in a new browser."""
    stretching, order = Stretching(draw=Random(5)), []
    busy = Busy(stretching)
    accused = in_threads(
        *(lambda: stretching.run(lambda: order.append("accused"), first="accused") for _ in range(8))
    )
    waiting(stretching, 8)
    owner = in_threads(lambda: stretching.run(lambda: order.append("owner")))
    waiting(stretching, 9)
    assert sum(bool(ask.first) for ask in stretching._waiting) == 1
    busy.go.set()
    for thread in accused + owner:
        thread.join()
    assert order[0] == "accused"


def test_a_full_room_answers_somebody_at_once_in_words_and_never_the_owner():
    stretching, refused = Stretching(most=3), []

    def stranger():
        try:
            stretching.run(lambda: None)
        except SignInThrottled as error:
            refused.append(str(error))

    busy, served = Busy(stretching), []
    owner = in_threads(lambda: stretching.run(lambda: served.append("owner"), first="owner"))
    waiting(stretching, 1)
    strangers = in_threads(*[stranger] * 8)
    while len(refused) < 6:
        threading.Event().wait(0.001)
    assert "Many people are signing in" in refused[0]
    busy.go.set()
    for thread in owner + strangers:
        thread.join()
    assert (len(refused), served) == (6, ["owner"])


def test_what_goes_wrong_is_raised_where_it_was_asked_for_and_the_next_one_is_served():
    stretching = Stretching()
    with pytest.raises(ZeroDivisionError):
        stretching.run(lambda: 1 / 0)
    assert stretching.run(lambda: 7) == 7


def test_no_password_is_stretched_while_writers_wait(office, instance, monkeypatch):
    """Every stretching looks whether the lock of the writers is free, then does its work."""
    looked = []

    def looking(act):
        def look(*args, **kwargs):
            with (instance / "intake.lock").open("a") as handle:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # BlockingIOError: somebody holds it
            looked.append(1)
            return act(*args, **kwargs)

        return look

    for module in (accounts, signing_in):
        for name in ("new", "open"):
            monkeypatch.setattr(module.PasswordLock, name, looking(getattr(module.PasswordLock, name)))
    email = "officer@demonstration.example"
    cookie = signing_in.sign_in(office, email, living.PASSWORD, "", now=NOW)
    maya = signing_in.resume(office, cookie, now=NOW)
    accounts.change_password(office, maya, living.PASSWORD, "four quiet words here", now=NOW)
    code = accounts.invite(office, "new@council.example", "New", "senior-officer", now=NOW)
    accounts.join(office, "new@council.example", code, "four other words here", b"x" * 20, "", now=NOW)
    accounts.create(office, "a@b.example", "A", "senior-officer", "four more words here", b"x" * 20, now=NOW)
    assert len(looked) >= 5

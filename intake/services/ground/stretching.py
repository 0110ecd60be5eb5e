"""Passwords are stretched one at a time on a machine, by a thread that gives way to all others.

Stretching one takes 64 MiB and a core for a while. Whoever asks waits with few others; who is next is drawn by lot,
so that coming first or often with many connections decides nothing, and browsers known to their owners go before
all. Never to be called inside a transaction that writes.
"""

from __future__ import annotations

import fcntl
import os
import random
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Generic, TypeVar

from .refusals import SignInThrottled

MOST_WAITING = 16  # in one process; each of them holds a thread
LOT = random.SystemRandom()
LOWER_BY = 10  # nice: whoever sends or reads a report goes first
MANY = "Many people are signing in just now, so your turn did not come. Wait a moment, then try again."
T = TypeVar("T")


class _Ask(Generic[T]):
    """Somebody's password, waiting to be stretched."""

    def __init__(self, work: Callable[[], T], first: str) -> None:
        self.work, self.first = work, first
        self.answer: Future[T] = Future()


class Stretching:
    """The one place of a process where passwords are stretched; a lock file makes it one of a machine."""

    def __init__(self, lock: Path | None = None, most: int = MOST_WAITING, draw: random.Random = LOT) -> None:
        self._lock, self._most, self._draw = lock, most, draw
        self._waiting: list[_Ask[Any]] = []
        self._now = ""  # whose is being stretched, of those who go first
        self._changed = threading.Condition()
        self._process = 0

    def run(self, work: Callable[[], T], *, first: str = "") -> T:
        """What `work` returns or raises, from the one thread. `first`: whose browser it is, where that is known. Of
        each account one goes before all others; what more it asks waits as a stranger's.

        Raises `SignInThrottled` when many wait and the lot falls on this one.
        """
        ask = _Ask(work, first)
        with self._changed:
            if first and first in (self._now, *(one.first for one in self._waiting)):
                ask.first = ""
            self._begin()
            self._waiting.append(ask)
            if len(self._waiting) > self._most:
                strangers = [one for one in self._waiting if not one.first] or self._waiting
                self._leave(self._draw.choice(strangers))
            self._changed.notify()
        return ask.answer.result()

    def _leave(self, ask: _Ask[Any]) -> None:
        self._waiting.remove(ask)
        ask.answer.set_exception(SignInThrottled(MANY))

    def _begin(self) -> None:
        """A thread of this process: one that was begun before a fork is not in the child."""
        if self._process != os.getpid():
            self._process = os.getpid()
            threading.Thread(target=self._go_on, name="stretching", daemon=True).start()

    def _go_on(self) -> None:
        if hasattr(os, "setpriority"):  # of this thread alone, on Linux
            own = threading.get_native_id()
            os.setpriority(os.PRIO_PROCESS, own, min(19, os.getpriority(os.PRIO_PROCESS, own) + LOWER_BY))
        while True:
            self._one(self._next())
            self._now = ""

    def _next(self) -> _Ask[Any]:
        with self._changed:
            while not self._waiting:
                self._changed.wait()
            known = [one for one in self._waiting if one.first]
            ask = self._draw.choice(known or self._waiting)
            self._waiting.remove(ask)
            self._now = ask.first
            return ask

    def _one(self, ask: _Ask[Any]) -> None:
        """Whatever goes wrong is raised where it was asked for; this thread lives on."""
        try:
            if self._lock is None:
                ask.answer.set_result(ask.work())
                return
            with self._lock.open("a") as handle:
                fcntl.flock(handle, fcntl.LOCK_EX)  # closing the file gives it back
                result = ask.work()
            ask.answer.set_result(result)
        except BaseException as error:
            ask.answer.set_exception(error)

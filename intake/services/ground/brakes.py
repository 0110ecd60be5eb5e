"""Brakes, kept in memory: on what arrives in an hour, and on guessing.

The hour's budgets are the whole site's. What arrives beyond one is taken in and set aside; far beyond, nothing is.
Drafts have a budget of their own, so that whoever presses without end never fills the file with what must stay.

Counted in memory, an hour at a time, and gone when the hour is over: nothing of it is stored, so no minute of an
arrival is kept. Each process of the server, on each machine, has its share. Nothing looks at who sends: many share one
address, and one has many.
"""

from __future__ import annotations

import random
import shutil
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from intake.config import Settings

from .refusals import NoRoom

MEGABYTE = 1024 * 1024
FREE_TRIES = 5
FORGOTTEN_AFTER_SECONDS = 15 * 60
PACE_SECONDS = 1
CODE_PACE_SECONDS = 60
MOST_NAMES = 10_000  # the oldest is forgotten: memory is bounded
BAND = 0.2  # of a budget, to either side: where an hour's threshold is drawn
LOT = random.SystemRandom()
FILLED = 0.9  # of the file of drafts: the rest is for what the file needs itself, and for drafts that grow


class Budget:
    """What came in this hour: submissions, and the bytes of all that was typed.

    Where it is used up is drawn anew for each hour, in each process, and never told: whoever fills an exact one, and
    counts how much of their own it took, knows what all others sent.
    """

    def __init__(self, draw: random.Random = LOT) -> None:
        self._guard, self._draw = threading.Lock(), draw
        self._hour = self._number = self._bytes = 0
        self._bands = (1.0, 1.0), (1.0, 1.0)

    def take(self, settings: Settings, size: int, *, now: datetime, number: int = 1) -> bool:
        """Count what arrives, `size` in bytes. True when it is beyond the budget and so to be set aside.

        Raises `NoRoom` beyond the ceiling, or when the disk is nearly full; nothing is counted then.
        """
        if shutil.disk_usage(settings.instance).free < settings.free_disk_megabytes * MEGABYTE:
            raise NoRoom
        with self._guard:
            if (hour := _hour(now)) != self._hour:  # also when a clock was set back
                self._hour, self._number, self._bytes = hour, 0, 0
                self._bands = self._band(), self._band()
            ordinary, most = self._bands
            budget = _share(settings, settings.hour_submissions, settings.hour_megabytes, ordinary)
            ceiling = _share(settings, settings.ceiling_submissions, settings.ceiling_megabytes, most)
            if _beyond(self._number + number, self._bytes + size, ceiling):
                raise NoRoom
            self._number, self._bytes = self._number + number, self._bytes + size
            return _beyond(self._number, self._bytes, budget)

    def _band(self) -> tuple[float, float]:
        """Each apart: one drawn for two would be found by dividing."""
        return self._draw.uniform(1 - BAND, 1 + BAND), self._draw.uniform(1 - BAND, 1 + BAND)


class Lasting:
    """The bytes of drafts that were made lasting this hour: no lot falls on them (`services/visits`)."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._hour = self._bytes = 0

    def take(self, settings: Settings, size: int, *, now: datetime) -> bool:
        """Count `size` bytes of them. False, and not counted, beyond this process's share of the hour.

        A draft lies for `draft_hours` and what is left of its first hour, so each hour may take its share of
        half the file; the other half always belongs to what the lot may fall on.
        """
        room = FILLED * settings.draft_megabytes * MEGABYTE / 2
        share = room / (settings.draft_hours + 1) / _processes(settings)
        with self._guard:
            if (hour := _hour(now)) != self._hour:
                self._hour, self._bytes = hour, 0
            if self._bytes + size > share:
                return False
            self._bytes += max(0, size)
            return True


def _share(settings: Settings, number: int, megabytes: int, band: tuple[float, float]) -> tuple[float, float]:
    """This process's part, where the hour's lot has put it."""
    processes = _processes(settings)
    return max(1, number / processes * band[0]), megabytes * MEGABYTE / processes * band[1]


def _processes(settings: Settings) -> int:
    """How many share what is the whole site's: of a front that gives each machine its part of the requests."""
    return settings.machines * settings.workers


def _hour(now: datetime) -> int:
    return int(now.timestamp()) // 3600


def _beyond(number: int, size: int, most: tuple[float, float]) -> bool:
    return number > most[0] or size > most[1]


@dataclass
class _Tries:
    number: int
    last: float


class Brake:
    """How often something was tried in vain of late, and whether one more is due. Times are in seconds, of a clock
    that nobody sets, so that no brake can last for days.

    A name that was tried in vain a few times takes one more try a second in each process of a machine, and where there
    are more machines, one in so many seconds: together they look at no more tries than one. Which try that is, the lot
    decides that is drawn before (`web/serving`). It is a brake and no lock: whoever owns the name is one
    of those who try. A browser that is known for the name has a brake of its own. A right password with a wrong code is
    another matter: somebody knows the password. From then on a code is looked at once a minute.
    """

    def __init__(self, pace: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.pace, self.clock = pace, clock
        self._tries: OrderedDict[bytes, _Tries] = OrderedDict()
        self._guard = threading.Lock()

    def take(self, name: bytes) -> bool:
        """Count a try before it is looked at, so that many at once do not slip through. False: not now."""
        with self._guard:
            now = self.clock()
            tries = self._tries.get(name)
            if tries is None or not 0 <= now - tries.last <= FORGOTTEN_AFTER_SECONDS:
                tries = self._tries[name] = _Tries(0, now)
            elif tries.number >= FREE_TRIES and now - tries.last < self.pace:
                return False
            tries.number, tries.last = tries.number + 1, now
            self._tries.move_to_end(name)
            if len(self._tries) > MOST_NAMES:
                self._tries.popitem(last=False)
            return True

    def forget(self, name: bytes) -> None:
        """It was not in vain."""
        with self._guard:
            self._tries.pop(name, None)

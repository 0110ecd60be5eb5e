"""The hour's budgets of the whole site. What arrives beyond one is taken in and set aside; far beyond, nothing is.
Drafts have a budget of their own, so that whoever fills an hour with beginnings closes the door for that hour only.

Counted in memory, an hour at a time, and gone when the hour is over: nothing of it is stored, so no minute of an
arrival is kept. Each process of the server has its share. Nothing looks at who sends: many share one address, and
one has many.
"""

from __future__ import annotations

import shutil
import threading
from datetime import datetime

from intake.config import Settings

from .refusals import NoRoom, NotStored

MEGABYTE = 1024 * 1024
FILLED = 0.9  # of the file of drafts: the rest is for what the file needs itself, and for drafts that grow


class Budget:
    """What came in this hour: submissions, and the bytes of all that was typed."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._hour = self._number = self._bytes = 0

    def take(self, settings: Settings, size: int, *, now: datetime, number: int = 1) -> bool:
        """Count what arrives, `size` in bytes. True when it is beyond the budget and so to be set aside.

        Raises `NoRoom` beyond the ceiling, or when the disk is nearly full; nothing is counted then.
        """
        if shutil.disk_usage(settings.instance).free < settings.free_disk_megabytes * MEGABYTE:
            raise NoRoom
        budget = self._share(settings, settings.hour_submissions, settings.hour_megabytes)
        ceiling = self._share(settings, settings.ceiling_submissions, settings.ceiling_megabytes)
        with self._guard:
            if (hour := _hour(now)) != self._hour:  # also when a clock was set back
                self._hour, self._number, self._bytes = hour, 0, 0
            if _beyond(self._number + number, self._bytes + size, ceiling):
                raise NoRoom
            self._number, self._bytes = self._number + number, self._bytes + size
            return _beyond(self._number, self._bytes, budget)

    @staticmethod
    def _share(settings: Settings, number: int, megabytes: int) -> tuple[float, float]:
        return max(1, number / settings.workers), megabytes * MEGABYTE / settings.workers


class Beginnings:
    """The bytes by which the file of drafts grew this hour, a draft's first ones and later ones."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._hour = self._bytes = 0

    def grow(self, settings: Settings, size: int, *, begins: bool, now: datetime) -> None:
        """Count what a draft grows by, in bytes. What was begun may always grow: it is on its way to be sent.

        A draft lies for `draft_hours` and what is left of its first hour, so each hour may take its share of
        the file. Raises `NotStored` for a beginning beyond it; nothing is counted then.
        """
        room = FILLED * settings.draft_megabytes * MEGABYTE
        share = room / (settings.draft_hours + 1) / settings.workers
        with self._guard:
            if (hour := _hour(now)) != self._hour:
                self._hour, self._bytes = hour, 0
            if begins and self._bytes + size > share:
                raise NotStored
            self._bytes += max(0, size)


def _hour(now: datetime) -> int:
    return int(now.timestamp()) // 3600


def _beyond(number: int, size: int, most: tuple[float, float]) -> bool:
    return number > most[0] or size > most[1]

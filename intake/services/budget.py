"""The hour's budget of the whole site: what arrives beyond it is taken in and set aside; far beyond, nothing is.

Counted in memory, an hour at a time, and gone when the hour is over: nothing of it is stored, so no minute of an
arrival is kept. Each process of the server has its share. Nothing looks at who sends: many share one address, and
one has many.
"""

from __future__ import annotations

import shutil
import threading
from datetime import datetime

from intake.config import Settings

from .refusals import NoRoom

MEGABYTE = 1024 * 1024


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
            hour = int(now.timestamp()) // 3600
            if hour != self._hour:  # also when a clock was set back
                self._hour, self._number, self._bytes = hour, 0, 0
            if _beyond(self._number + number, self._bytes + size, ceiling):
                raise NoRoom
            self._number, self._bytes = self._number + number, self._bytes + size
            return _beyond(self._number, self._bytes, budget)

    @staticmethod
    def _share(settings: Settings, number: int, megabytes: int) -> tuple[float, float]:
        return max(1, number / settings.workers), megabytes * MEGABYTE / settings.workers


def _beyond(number: int, size: int, most: tuple[float, float]) -> bool:
    return number > most[0] or size > most[1]

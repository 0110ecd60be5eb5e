"""The brakes on guessing: kept in memory, by a clock that nobody sets, so that none can last for days.

A name that was tried in vain a few times takes one more try a second in each process of the server; which try that
is, the lot decides that is drawn before (`web/serving`). It is a brake and no lock: whoever owns the name is one of
those who try. A browser that is known for the name has a brake of its own.

A right password with a wrong code is another matter: somebody knows the password. From then on a code is looked at once
a minute.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

FREE_TRIES = 5
FORGOTTEN_AFTER_SECONDS = 15 * 60
PACE_SECONDS = 1
CODE_PACE_SECONDS = 60
MOST_NAMES = 10_000  # the oldest is forgotten: memory is bounded


@dataclass
class _Tries:
    number: int
    last: float


class Brake:
    """How often something was tried in vain of late, and whether one more is due. Times are in seconds."""

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

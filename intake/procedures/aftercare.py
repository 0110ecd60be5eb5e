"""What is asked after a concern was closed: whether speaking up did its sender harm.

Worked out from the day of closing and from the days on which the holder wrote since: a closed concern takes no other
words of theirs, so what came on or after the day of a check answers it. Nothing is kept of who was asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .working_days import months_after


@dataclass(frozen=True)
class Check:
    """One asking: so many months after closing, from which day on, and when it was answered."""

    months: int
    on: date
    answered_on: date | None


def checks(closed_on: date | None, months: Iterable[int], wrote_on: Iterable[date]) -> tuple[Check, ...]:
    """Every asking of a concern, the earliest first; none while it is open. `wrote_on`: the days of what came since."""
    if closed_on is None or not (months := set(months)):
        return ()
    days = [(count, months_after(closed_on, count)) for count in sorted(months)]
    came = sorted(wrote_on)
    ends = [day for _, day in days[1:]] + [date.max]
    return tuple(
        Check(count, day, next((wrote for wrote in came if day <= wrote < end), None))
        for (count, day), end in zip(days, ends, strict=True)
    )


def coming(asked: Iterable[Check], today: date) -> date | None:
    """The next day on which something is asked."""
    return min((check.on for check in asked if check.on > today), default=None)


def waiting(asked: Iterable[Check], today: date) -> Check | None:
    """The asking that waits for its answer: the latest whose day has come, unless it was answered."""
    due = [check for check in asked if check.on <= today]
    return due[-1] if due and due[-1].answered_on is None else None

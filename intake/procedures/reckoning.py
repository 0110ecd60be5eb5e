"""From a day and a limit to a date, with every day of the way explained.

A limit in months ends on the corresponding date, clamped to the month's end. "Beginning with" or
"commencing on" the day of the event makes that day count: the limit ends one day earlier (SI 2012/3094 reg
29 shows the form of words). Limits in days and months stay on a weekend, unless their file says that they
roll forward to the next working day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from .definitions import Limit, Unit
from .working_days import Calendar, Pause, months_after, say


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A date, and the lines that lead to it."""

    day: date
    lines: tuple[str, ...]


def reckon(limit: Limit, start: date, calendar: Calendar, pauses: Sequence[Pause] = ()) -> Reckoned:
    """The last day of a limit counted from `start`. Raises CalendarError for a date out of range."""
    return _count(limit, limit.count, start, calendar, pauses)


def furthest(
    limit: Limit, start: date, due: date, calendar: Calendar, pauses: Sequence[Pause] = ()
) -> date | None:
    """The last day to which the limit may be extended; None where it may not be, or has no fixed maximum."""
    extension = limit.extension
    if extension is None:
        return None
    if extension.add is not None:
        return calendar.nth_after(due, extension.add, pauses)
    if extension.to is None:
        return None
    return _count(limit, extension.to, start, calendar, pauses).day


def _count(limit: Limit, count: int, start: date, calendar: Calendar, pauses: Sequence[Pause]) -> Reckoned:
    if limit.unit is Unit.BY_HAND:
        return Reckoned(start, (f"entered by hand: {say(start)}",))
    lines = [f"day 0 {say(start)}"]
    if limit.unit is Unit.WORKING_DAYS:
        days = calendar.count(start, count, pauses)
        for counted in days[1:]:
            if counted.number is None:
                weekend = counted.why_not in {"Saturday", "Sunday"}
                lines.append(f"{say(counted.day)} not counted: {'weekend' if weekend else counted.why_not}")
            else:
                lines.append(f"day {counted.number} {say(counted.day)}")
        return Reckoned(days[-1].day, tuple(lines))
    end = months_after(start, count) if limit.unit is Unit.MONTHS else start + timedelta(days=count)
    unit = limit.unit if count != 1 else limit.unit.value.removesuffix("s")
    lines.append(f"{count} {unit} on: {say(end)}")
    if limit.beginning:
        end -= timedelta(days=1)
        lines.append(f"the first day counts itself, so one day earlier: {say(end)}")
    if not calendar.is_working(end) and limit.rolls_forward:
        end = calendar.nth_after(end, 1)
        lines.append(f"not a working day, so the next one: {say(end)}")
    elif not calendar.is_working(end):
        lines.append("not a working day, and yet the date stays: this limit does not roll forward")
    calendar.why_not(end)
    return Reckoned(end, tuple(lines))

"""How long a closed case is kept, and from which day it may be destroyed, with the working in words.

A schedule counts months or years from the day of closing, and ends on the corresponding date, clamped to the month's
end, as every limit in months does. Nothing here destroys: two people do (decision 0049).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from .working_days import months_after, say

UNITS = ("months", "years")
MOST_YEARS = 100
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Schedule:
    """`count` months or years after closing. `force` and `source`: by what, as of a limit; `note`: what to look at
    before a case of this kind is destroyed.
    """

    count: int
    unit: str
    force: str
    source: str
    note: str = ""

    @property
    def months(self) -> int:
        """The same in months."""
        return self.count * (12 if self.unit == "years" else 1)

    @property
    def words(self) -> str:
        """Such as "6 years"."""
        return f"{self.count} {self.unit if self.count != 1 else self.unit.removesuffix('s')}"


@dataclass(frozen=True, slots=True)
class Facts:
    """What keeps a case or lets it go. `held_since`: the day of a hold that stands. `linked`: in words, cases linked
    to it that are open or kept longer.
    """

    closed_on: date | None
    held_since: date | None = None
    message_waits: bool = False
    stage_asked_on: date | None = None
    proposed: bool = False
    action_waits: bool = False
    held_by_name: bool = False
    linked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """`day`: from when its time is over; None while no day is known. `keeps`: what else keeps it, a sentence each.
    `lines`: the working.
    """

    day: date | None
    keeps: tuple[str, ...]
    lines: tuple[str, ...]

    def may_go(self, today: date) -> bool:
        """Whether it may be destroyed on a day."""
        return self.day is not None and self.day <= today and not self.keeps


def day_after(schedule: Schedule, closed_on: date) -> date:
    """The day from which a case that was closed on a day may be destroyed."""
    return months_after(closed_on, schedule.months)


def closed_by(schedule: Schedule, today: date) -> date:
    """The last day of closing whose time is over today: what was closed later is kept."""
    day = months_after(today, -schedule.months)
    while day_after(schedule, day + _DAY) <= today:  # the days that a short month's end stands for
        day += _DAY
    return day


def kept(schedule: Schedule | None, facts: Facts) -> Kept:
    """How long a case is kept. Without a schedule of its procedure it is kept until there is one."""
    keeps, lines = tuple(_keeps(facts)), []
    if schedule is None:
        told = "This procedure has no schedule, so nothing of it is ever destroyed: ask your records officer."
        return Kept(None, keeps, (told,))
    if facts.closed_on is None:
        lines.append("It is open: the time begins on the day on which it is closed.")
        return Kept(None, keeps, (*lines, _by_what(schedule)))
    day = day_after(schedule, facts.closed_on)
    lines += [f"Closed on {say(facts.closed_on)}.", f"{schedule.words} later: {say(day)}."]
    if day.day != facts.closed_on.day:
        lines.append("That month is shorter, so its last day stands for the date.")
    return Kept(day, keeps, (*lines, _by_what(schedule)))


def _by_what(schedule: Schedule) -> str:
    return " ".join(part for part in (f"By: {schedule.source}.", schedule.note) if part)


def _keeps(facts: Facts) -> Iterable[str]:
    if facts.held_since:
        yield f"A hold has stood on it since {say(facts.held_since)}."
    if facts.message_waits:
        yield "A message of its holder waits to be read."
    if facts.stage_asked_on:
        yield f"Its holder asked for the next stage on {say(facts.stage_asked_on)}."
    if facts.proposed:
        yield "It is proposed for another team."
    if facts.action_waits:
        yield "An action that was decided in its inquiry is not done yet."
    if facts.held_by_name:
        yield "Persons hold it by name, and no team: nobody's list of what is to be destroyed shows it."
    yield from (f"It is linked to {one}." for one in facts.linked)

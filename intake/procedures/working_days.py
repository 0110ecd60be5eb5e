"""The calendar: which days count, and how to count them.

A working day is not a Saturday, a Sunday, Christmas Day, Boxing Day, Good Friday or a bank holiday of
England and Wales (SI 2006/1738 reg 2). School holidays and office closures are working days. The day of the
event is day 0, whatever the hour.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
FIRST_YEAR, LAST_YEAR = 1990, 2150
# The last year of the list at gov.uk/bank-holidays, which every release of this program brings up to date together with
# the `holidays` package; 2028 has stood there since 24 November 2025. A test holds the package against that list.
PUBLISHED_THROUGH = 2028
_DAY = timedelta(days=1)
_WEEKEND = {5: "Saturday", 6: "Sunday"}


class CalendarError(ValueError):
    """A date this calendar cannot reckon with: outside the years it covers."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which a clock stands: from the day it was stopped until the day it was restarted (None:
    open).

    Both days are days 0: the day after `since` is the first that does not count, and the day after `until`
    is the first that counts again.
    """

    since: date
    until: date | None = None

    def covers(self, day: date) -> bool:
        """Whether `day` is left out of the count; an open pause leaves nothing out until its end is known."""
        return self.until is not None and self.since < day <= self.until


@dataclass(frozen=True, slots=True)
class CountedDay:
    """One day of a count: its number, or the reason why it has none."""

    day: date
    number: int | None
    why_not: str | None = None


@lru_cache(maxsize=4096)  # the working of a deadline says every day of its way
def say(day: date) -> str:
    """A date in full words: "Thursday 2 April 2026"."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def local_date(moment: datetime) -> date:
    """The date in London of a moment; a moment without a time zone is taken as London's own."""
    return in_london(moment).date()


def in_london(moment: datetime) -> datetime:
    """The moment on London's clock. Raises CalendarError when it lies outside the years covered."""
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise CalendarError(f"The year {moment.year} is outside {FIRST_YEAR} to {LAST_YEAR}.")
    return moment.replace(tzinfo=LONDON) if moment.tzinfo is None else moment.astimezone(LONDON)


@cache
def _bank_holidays(year: int) -> Mapping[date, str]:
    import holidays  # slow to load, for who only wants to know what a working day is

    return dict(holidays.country_holidays("GB", subdiv="ENG", years=year))


@dataclass(frozen=True)
class Calendar:
    """Working days of England and Wales.

    `extra_holidays` are bank holidays proclaimed after the `holidays` package was released, with the name
    the authority gives them. `confirmed_through` is the last year whose bank holidays the government has
    published.
    """

    extra_holidays: Mapping[date, str] = field(default_factory=dict)
    confirmed_through: int = PUBLISHED_THROUGH

    def __hash__(self) -> int:
        return hash(self.confirmed_through)  # a mapping has none

    def why_not(self, day: date) -> str | None:
        """The reason why a day does not count ("Saturday", "Good Friday"), or None when it is a working
        day.
        """
        year = day.year
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise CalendarError(f"The year {year} is outside {FIRST_YEAR} to {LAST_YEAR}.")
        if day in self.extra_holidays:
            return self.extra_holidays[day]
        weekday = day.weekday()
        return _WEEKEND[weekday] if weekday in _WEEKEND else _bank_holidays(year).get(day)

    def is_working(self, day: date) -> bool:
        """Whether a day counts as a working day."""
        return self.why_not(day) is None

    def count(self, day: date, n: int, pauses: Sequence[Pause] = ()) -> tuple[CountedDay, ...]:
        """Every day from day 0 (`day`) to the n-th working day after it, those not counted with their
        reason.
        """
        if n < 0:
            raise ValueError("Working days are counted forward: n must be 0 or more.")
        self.why_not(day)
        counted, number, current = [CountedDay(day, 0)], 0, day
        while number < n:
            current += _DAY
            reason = self.why_not(current)
            if reason is None and any(pause.covers(current) for pause in pauses):
                reason = "the clock was paused"
            if reason is None:
                number += 1
            counted.append(CountedDay(current, None if reason else number, reason))
        return tuple(counted)

    def nth_after(self, day: date, n: int, pauses: Sequence[Pause] = ()) -> date:
        """The n-th working day after `day`; `day` itself when n is 0."""
        if pauses or n < 0:
            return self.count(day, n, pauses)[-1].day
        self.why_not(day)
        while n:
            day += _DAY
            n -= self.is_working(day)
        return day

    def nth_before(self, day: date, n: int) -> date:
        """The n-th working day before `day`; for n of 0 the last working day not after it."""
        left = n if n else int(not self.is_working(day))
        while left > 0:
            day -= _DAY
            left -= self.is_working(day)
        return day

    def between(self, start: date, end: date) -> int:
        """How many working days lie after `start`, up to and with `end`; 0 when `end` is not later."""
        return sum(self.is_working(start + _DAY * i) for i in range(1, (end - start).days + 1))

    def warning(self, day: date) -> str | None:
        """Words of caution when a date lies in a year whose bank holidays are not confirmed yet."""
        if day.year <= self.confirmed_through:
            return None
        return (
            f"Bank holidays are confirmed only to the end of {self.confirmed_through}: {say(day)} "
            "rests on those "
            "expected, and may change."
        )

    def warning_ahead(self, today: date) -> str | None:
        """Words for the administrator when the next 12 months reach beyond the confirmed bank holidays."""
        if months_after(today, 12).year <= self.confirmed_through:
            return None
        return (
            f"Bank holidays are confirmed only to the end of {self.confirmed_through}. Check the list at "
            "gov.uk/bank-holidays, and install a newer release, which brings the year with it; or add any "
            "that are missing to the settings, and raise the year to which they are confirmed."
        )


def calendar_of(extra_holidays: Mapping[date, str] | None, confirmed_through: int = 0) -> Calendar:
    """An authority's calendar: the years that this release knows to be published, or more where the authority says so.
    What was published stays so, whatever an old setting says.
    """
    return Calendar(extra_holidays or {}, max(PUBLISHED_THROUGH, confirmed_through))


def months_after(day: date, months: int) -> date:
    """The corresponding date `months` later, clamped to the month's end (30 December + 2 months = 28
    February).
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - _DAY).day))

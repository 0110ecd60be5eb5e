"""What falls due: a month or a week as a table, and one's own dates as a file for a calendar."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from flask import Response, render_template, request

from intake.documents.calendar_file import Entry, calendar_file
from intake.services.desk import dates as services
from intake.services.desk.dates import Due
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer

SHOWN_OF_A_DAY = 5  # in the month; a week shows them all
WHOSE = {"mine": "Mine", "team": "The team's"}


@dataclass(frozen=True)
class Day:
    """A day of the table. `more`: how many of its dates are not shown."""

    on: date
    due: tuple[Due, ...]
    more: int
    outside: bool  # of the month
    today: bool
    working: bool


@bp.get("/dates")
def dates():
    """The month, or a week, that the address names."""
    moment = now()
    today, whose = office().today(moment), "team" if request.args.get("whose") == "team" else "mine"
    by_week = request.args.get("span") == "week"
    here = _named(request.args.get("day", "")) or today
    first, last = _week(here) if by_week else _month(here)
    monday, sunday = first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())
    found = services.dates(office(), officer(), monday, sunday, mine=whose == "mine", now=moment)
    by_day: dict[date, list[Due]] = defaultdict(list)
    for due in found.due:
        by_day[due.on].append(due)
    shown = len(found.due) if by_week else SHOWN_OF_A_DAY
    days = [
        _day(day, by_day.get(day, []), shown, first <= day <= last, today) for day in _between(monday, sunday)
    ]
    return render_template(
        "staff/desk/dates.html",
        weeks=[days[start : start + 7] for start in range(0, len(days), 7)],
        whose=whose,
        by_week=by_week,
        first=first,
        last=last,
        more=found.more,
        number=sum(first <= due.on <= last for due in found.due),
        ways=_ways(whose, by_week, first, last, today),
    )


@bp.get("/dates.ics")
def dates_file():
    """The officer's own dates, for a calendar: references and what is due, and nothing else."""
    moment = now()
    found = services.dates(office(), officer(), mine=True, now=moment)
    entries = [Entry(f"{due.reference}.{due.deadline}@intake", due.on, _in_words(due)) for due in found.due]
    answer = Response(calendar_file(entries, made_at=moment), mimetype="text/calendar")
    answer.headers["Content-Disposition"] = 'attachment; filename="dates.ics"'
    return answer


def _in_words(due: Due) -> str:
    return f"{due.reference}: {due.label}"


def _day(on: date, due: list[Due], shown: int, inside: bool, today: date) -> Day:
    working = office().calendar.is_working(on)
    return Day(on, tuple(due[:shown]), max(len(due) - shown, 0), not inside, on == today, working)


def _ways(whose: str, by_week: bool, first: date, last: date, today: date) -> dict[str, str]:
    def to(day: date, *, who: str = whose, week: bool = by_week) -> str:
        asked = {"whose": who, "span": "week" if week else "month", "day": day.isoformat()}
        return "/staff/dates?" + urlencode(asked)

    here = today if first <= today <= last else first
    return {
        "before": to(first - timedelta(days=1)),
        "after": to(last + timedelta(days=1)),
        "today": to(today),
        "mine": to(here, who="mine"),
        "team": to(here, who="team"),
        "month": to(here, week=False),
        "week": to(here, week=True),
    }


def _named(text: str) -> date | None:
    """A day that an address names, of years of which a month before and after is in the calendar of working days."""
    if not re.fullmatch(r"(199[1-9]|20\d\d)-\d\d-\d\d", text, re.ASCII):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _month(day: date) -> tuple[date, date]:
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _week(day: date) -> tuple[date, date]:
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def _between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]

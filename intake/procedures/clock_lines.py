"""One line of JSON in, its deadlines out: the clock by itself, for checking dates without a case.

    {"procedure": "corporate", "events": {"received": "2026-01-16T17:05", "stage-1-acknowledged":
    "2026-01-20"}}

Times may carry an offset, and are London's otherwise; a date alone is the start of its day.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from .clock import Deadline, deadlines
from .definitions import Catalogue, Kind, NoVersion, Procedure, Version
from .working_days import Calendar, CalendarError, Pause, in_london, say

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?)?", re.ASCII)
_EARLIEST, _LATEST = 2000, 2100


class _Wrong(ValueError):
    """What is wrong with a line, in words."""


@dataclass(frozen=True)
class _Moment:
    """A moment of an event, between the first and the last that its text can mean (the hour that comes
    twice).
    """

    text: str
    moment: datetime
    timed: bool

    @property
    def day(self) -> date:
        return self.moment.date()

    def precedes(self, other: "_Moment") -> bool:
        if not (self.timed and other.timed):
            return self.day < other.day
        naive = not re.search(r"(Z|[+-]\d\d:\d\d)$", self.text[10:])
        last = self.moment.replace(fold=1) if naive else self.moment
        return last.astimezone(UTC) < other.moment.astimezone(UTC)


def answer(catalogue: Catalogue, calendar: Calendar, line: str) -> dict[str, Any]:
    """`{"deadlines": [...]}` in the catalogue's order, or `{"error": "..."}`; never an exception for any
    line.

    Each deadline has `deadline` (id), `due` and `latest` (ISO dates; `latest` null where nothing may be
    extended or no maximum is fixed), `from` (the event it rests on) and `provisional`.
    """
    try:
        _, _, dated = _work(catalogue, calendar, line)
    except _Wrong as wrong:
        return {"error": str(wrong)}
    return {
        "deadlines": [
            {
                "deadline": deadline.id,
                "due": deadline.due.isoformat(),
                "latest": deadline.latest.isoformat() if deadline.latest else None,
                "from": deadline.counted_from,
                "provisional": deadline.provisional,
            }
            for deadline in dated
        ]
    }


def explain(catalogue: Catalogue, calendar: Calendar, line: str) -> str:
    """The same for people: each deadline with its days, its source and its warnings; or what is wrong."""
    try:
        procedure, version, dated = _work(catalogue, calendar, line)
    except _Wrong as wrong:
        return f"{wrong}\n"
    lines = [f"{procedure.name}: {version.label}"]
    for deadline in dated:
        lines += ["", f"{deadline.label}: {say(deadline.due)}"]
        lines += [f"  {text}" for text in deadline.working]
        if deadline.latest:
            lines.append(f"  may be extended to {say(deadline.latest)} at the furthest")
        if deadline.other_reading:
            lines.append(f"  read in another way: see “{version.limit(deadline.other_reading).label}”")
        lines += [f"  {text}" for text in (deadline.note, *deadline.warnings) if text]
    return "\n".join(lines) + "\n"


def _work(
    catalogue: Catalogue, calendar: Calendar, line: str
) -> tuple[Procedure, Version, tuple[Deadline, ...]]:
    asked = _parsed(line)
    name = asked["procedure"]
    if type(name) is not str or name not in catalogue:
        raise _Wrong(f"There is no procedure called {_quote(name)}.")
    given = asked["events"]
    if type(given) is not dict:
        raise _Wrong("“events” must be an object of event names and times.")
    if "received" not in given:
        raise _Wrong("The event “received” is missing.")
    moments = {event: _moment(event, text) for event, text in given.items()}
    try:
        version = catalogue[name].version_at(moments["received"].moment)
        _check_events(version, moments)
        days = {event: moment.day for event, moment in moments.items()}
        return catalogue[name], version, deadlines(version, days, calendar, pauses=_pauses(version, days))
    except (NoVersion, CalendarError) as wrong:
        raise _Wrong(str(wrong)) from None


def _parsed(line: str) -> dict[str, Any]:
    try:
        asked = json.loads(line, object_pairs_hook=_once)
    except _Wrong:
        raise
    except (ValueError, TypeError, RecursionError):
        raise _Wrong("This line is not JSON.") from None
    if type(asked) is not dict:
        raise _Wrong("The line must be a JSON object with “procedure” and “events”.")
    for key in ("procedure", "events"):
        if key not in asked:
            raise _Wrong(f"“{key}” is missing.")
    for key in asked:
        if key not in ("procedure", "events"):
            raise _Wrong(f"{_quote(key)} is not known here: give “procedure” and “events” only.")
    return asked


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        raise _Wrong(f"{_quote(next(name for name in names if names.count(name) > 1))} is given twice.")
    return made


def _moment(event: str, text: object) -> _Moment:
    if type(text) is not str or not _MOMENT.fullmatch(text):
        raise _Wrong(f"{_quote(event)}: {_quote(text)} is not a time such as 2026-01-16T17:05 or a date.")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise _Wrong(f"{_quote(event)}: there is no such time as {_quote(text)}.") from None
    if not _EARLIEST <= moment.year <= _LATEST:
        raise _Wrong(f"{_quote(event)}: the year {moment.year} is outside {_EARLIEST} to {_LATEST}.")
    return _Moment(text, in_london(moment), "T" in text)


def _check_events(version: Version, moments: Mapping[str, _Moment]) -> None:
    """Every event is one of the version's, and none comes before the nearest known one that it follows."""
    known = {event.id: event for event in version.events}
    for name in moments:
        if name not in known:
            raise _Wrong(f"{_quote(name)} is not an event of this procedure. Its events: {', '.join(known)}.")
    for event in version.events:
        if event.id not in moments or event.follows is None:
            continue
        if event.kind is Kind.RESUME and event.follows not in moments:
            raise _Wrong(f"“{event.id}” needs “{event.follows}”.")
        before = event.follows
        while before not in moments:
            before = known[before].follows or "received"
        if moments[event.id].precedes(moments[before]):
            raise _Wrong(f"“{event.id}” is before “{before}”, which it follows.")


def _pauses(version: Version, days: Mapping[str, date]) -> tuple[Pause, ...]:
    stopped = {event.kind: days[event.id] for event in version.events if event.id in days}
    if Kind.PAUSE not in stopped:
        return ()
    return (Pause(stopped[Kind.PAUSE], stopped.get(Kind.RESUME)),)


def _quote(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."

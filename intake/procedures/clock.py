"""The clock: the events so far in, every deadline out, each with its working.

Deadlines are recomputed from the events each time and remember nothing. All dates are London dates.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from .definitions import FORCES, Limit, Step, Version
from .reckoning import furthest, reckon
from .working_days import Calendar, Pause, local_date, say

__all__ = ["Deadline", "OnDay", "Pause", "deadlines", "local_date", "standing_on", "steps"]

_NOTHING: Mapping[str, date] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Deadline:
    """One date to be kept.

    `due` includes an extension, `unextended` does not; `latest` is the furthest an extension may reach
    (None where nothing may be extended, or no maximum is fixed); it lies before `due` where good reason
    took it further. `counted_from` is the event it rests on,
    the last one known for a provisional deadline, and `counted_on` that event's date. `paused_since`: the
    clock stands, and `due` is where it stood. `stopped_on`: the case was closed before it was met.
    `late_after`: the last day on which it is in time, where another reading of the limit ends later and decides that.
    `refusable`: what the complainant asks for after it may be refused for being late.
    """

    id: str
    label: str
    stage: str
    due: date
    unextended: date
    latest: date | None
    counted_from: str
    counted_on: date
    provisional: bool
    met_on: date | None
    owed_by: str
    source: str
    force: str
    other_reading: str | None
    note: str
    warnings: tuple[str, ...]
    working: tuple[str, ...]
    paused_since: date | None = None
    stopped_on: date | None = None
    late_after: date | None = None
    refusable: bool = False

    @property
    def in_time_until(self) -> date:
        """The day after which it is late, and from which people are chased."""
        return self.late_after or self.due

    @property
    def extended(self) -> bool:
        """Whether an extension moved it."""
        return self.due != self.unextended

    @property
    def beyond(self) -> bool:
        """Whether it was extended further than the rules allow without good reason."""
        return self.latest is not None and self.due > self.latest


@dataclass(frozen=True, slots=True)
class OnDay:
    """Where a deadline stands on a day.

    `state`: met, met-late, due, due-today, provisional, paused, overdue, passed (the complainant's own time
    is over) or stopped. `days`: working days left, or late; 0 where neither is meant. `words`: the same for
    people.
    """

    state: str
    days: int
    words: str


def deadlines(
    version: Version,
    events: Mapping[str, date],
    calendar: Calendar,
    *,
    extensions: Mapping[str, date] = _NOTHING,
    pauses: Sequence[Pause] = (),
    stopped_on: date | None = None,
) -> tuple[Deadline, ...]:
    """Every deadline whose starting event is known, in the catalogue's order.

    `events` maps event ids to London dates, `extensions` deadline ids to the date each was extended to. An
    extension beyond the furthest date is cut to it, with a warning, unless
    good reason may take it there. `stopped_on`: the day on which the case
    was closed. Raises CalendarError for a date out of range.
    """
    made: dict[str, Deadline] = {}
    for limit in version.limits:
        if limit.counts_from in events:
            origin = version.last_answer(limit.counts_from, events)
            start, lead = events[origin], None
        elif limit.before_known in made:
            basis = made[limit.before_known]
            origin, start = basis.counted_from, basis.due
            lead = (
                f"provisional: “{version.event(limit.counts_from).label}” has not happened yet, so "
                "counted from "
                f"the day by which it is due, {say(start)}"
            )
        else:
            continue
        deadline = _deadline(
            version, limit, (origin, start, lead), events, calendar, extensions, pauses, stopped_on
        )
        made[limit.id] = deadline
        if limit.decides_lateness and limit.second_reading_of in made:
            first = made[limit.second_reading_of]
            made[first.id] = replace(first, late_after=max(first.due, deadline.due))
    return tuple(made.values())


def _deadline(
    version: Version,
    limit: Limit,
    base: tuple[str, date, str | None],
    events: Mapping[str, date],
    calendar: Calendar,
    extensions: Mapping[str, date],
    pauses: Sequence[Pause],
    stopped_on: date | None,
) -> Deadline:
    origin, start, lead = base
    mine = tuple(pauses) if limit.pausable else ()
    reckoned = reckon(limit, start, calendar, mine)
    latest = furthest(limit, start, reckoned.day, calendar, mine)
    due, lines, warnings = _extended(version, limit, reckoned.day, latest, extensions)
    met = min((events[event] for event in limit.met_by if event in events), default=None)
    open_pause = next((pause.since for pause in mine if pause.until is None), None) if met is None else None
    if open_pause:
        lines.append(
            f"the clock stands since {say(open_pause)}: the date moves on by each working day until it runs"
        )
    other = version.second_reading(limit.id)
    closed = stopped_on if met is None else None
    return Deadline(
        id=limit.id,
        label=limit.label,
        stage=limit.stage,
        due=due,
        unextended=reckoned.day,
        latest=latest,
        counted_from=origin,
        counted_on=events[origin],
        provisional=lead is not None,
        met_on=met,
        owed_by=limit.owed_by,
        source=limit.source,
        force=limit.force,
        other_reading=limit.second_reading_of or (other.id if other else None),
        note=limit.note,
        warnings=(*warnings, *filter(None, (calendar.warning(max(due, latest or due)),))),
        working=(
            *((lead,) if lead else ()),
            *reckoned.lines,
            *lines,
            f"{limit.source}: {FORCES[limit.force][0].lower()}{FORCES[limit.force][1:]}",
        ),
        paused_since=open_pause,
        stopped_on=closed,
        refusable=limit.late_request == "may-be-refused",
    )


def _extended(
    version: Version, limit: Limit, due: date, latest: date | None, extensions: Mapping[str, date]
) -> tuple[date, list[str], list[str]]:
    """The due date with its extension, the lines that say so, and the warnings. A second reading follows
    the first, and what moves with another limit follows that.
    """
    moved_by = (limit.id, limit.second_reading_of, limit.moves_with)
    given = [extensions[key] for key in moved_by if key and key in extensions]
    by = version.limit(limit.moves_with) if limit.moves_with else limit
    if by.extension is None or not given or max(given) <= due:
        return due, [], []
    until = max(given)
    if latest is not None and until > latest and by.extension.beyond:
        further = f"beyond {say(latest)}, the furthest without good reason"
        return (
            until,
            [f"extended to {say(until)}, {further}"],
            [f"Extended {further}: the reason is in the letter."],
        )
    if latest is not None and until > latest:
        warning = (
            f"An extension to {say(until)} was recorded, but {say(latest)} is the furthest it may reach."
        )
        return latest, [f"extended to {say(latest)}"], [warning]
    return until, [f"extended to {say(until)}"], []


def standing_on(deadline: Deadline, today: date, calendar: Calendar) -> OnDay:
    """Where a deadline stands on a day: how many working days are left, or by how many it is late."""
    due = deadline.due
    if deadline.met_on is not None:
        late = calendar.between(deadline.in_time_until, deadline.met_on)
        if deadline.met_on <= deadline.in_time_until:
            return OnDay("met", 0, f"met on {say(deadline.met_on)}")
        after = f"{_days_after(late)} {say(deadline.in_time_until)}"
        return OnDay("met-late", late, f"met late, on {say(deadline.met_on)}: {after}")
    if deadline.stopped_on is not None:
        return OnDay("stopped", 0, f"no longer running: closed on {say(deadline.stopped_on)}")
    if deadline.paused_since is not None:
        return OnDay("paused", 0, f"paused since {say(deadline.paused_since)}")
    if today > due:
        return _past(deadline, today, calendar)
    if today == due:
        return OnDay("due-today", 0, "due today")
    left = calendar.between(today, due)
    if deadline.provisional:
        return OnDay("provisional", left, f"due {say(due)} at the latest, provisionally: {_days(left)} left")
    return OnDay("due", left, f"due {say(due)}: {_days(left)} left")


def _past(deadline: Deadline, today: date, calendar: Calendar) -> OnDay:
    due, last = deadline.due, deadline.in_time_until
    late = calendar.between(last, today)
    if deadline.owed_by == "complainant":
        still = "may be refused for that, or accepted" if deadline.refusable else "is still considered"
        return OnDay("passed", late, f"passed on {say(due)}; a later request {still}, with a reason")
    if today <= last:
        left = calendar.between(today, last)
        words = f"due {say(due)} by the earlier reading; not late before {say(last)} has passed"
        return OnDay("due", left, words) if left else OnDay("due-today", 0, f"due today; {words}")
    lateness = f"{_days(late)} late" if late else "no working day has passed since"
    return OnDay("overdue", late, f"overdue since {say(last)}: {lateness}")


def steps(deadline: Deadline, limit: Limit, calendar: Calendar) -> tuple[tuple[Step, date], ...]:
    """The escalation steps and their dates, in order; none once the deadline is met, stopped or paused.

    A step before the date is never earlier than the working day after the event that the deadline counts
    from. A step on the date comes on the last working day not after it. Where a later reading decides what is
    late, its date is the one that counts.
    """
    if deadline.met_on or deadline.stopped_on or deadline.paused_since:
        return ()
    first, due = calendar.nth_after(deadline.counted_on, 1), deadline.in_time_until
    dated = []
    for step in limit.steps:
        if step.days > 0:
            dated.append((step, calendar.nth_after(due, step.days)))
        else:
            day = calendar.nth_before(due, -step.days)
            dated.append((step, day if limit.count == 0 else max(day, min(first, due))))
    return tuple(sorted(dated, key=lambda pair: (pair[1], pair[0].level)))


def _days_after(number: int) -> str:
    return f"{_days(number)} after" if number else "on a day off after"


def _days(number: int) -> str:
    return "1 working day" if number == 1 else f"{number} working days"

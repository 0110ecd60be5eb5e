"""The dates of past cases by the thousand: what `procedures.receipts` says, with what they share worked out once.

A test holds the two together, for every procedure.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import accumulate

from intake.procedures.definitions import Kind, Limit, Unit, Version
from intake.procedures.stages_reached import answer_limit
from intake.procedures.working_days import FIRST_YEAR, Calendar, months_after
from intake.register.checking import Row

ANSWERED = "answered"  # an enquiry's answer needs no finding


class Way:
    """What a version makes of dates, worked out once: which events open, answer and date each stage."""

    def __init__(self, version: Version) -> None:
        self.version, self.stages = version, version.stages
        self.opens: list[str] = []
        self.answers: list[str | None] = []
        self.limits: list[Limit | None] = []
        for place, stage in enumerate(version.stages):
            answers = version.event_of(Kind.RESPOND, stage.id)
            self.opens.append(version.own_event(Kind.OPEN_STAGE if place else Kind.RECEIVE, stage.id).id)
            self.answers.append(answers.id if answers else None)
            self.limits.append(answer_limit(version, answers.id) if answers else None)
        self.answered = ANSWERED if ANSWERED in {outcome.id for outcome in version.outcomes} else None

    def events(self, row: Row) -> dict[str, date]:
        """What happened, by the version's own names."""
        events = {}
        for opens, answers, reached in zip(self.opens, self.answers, row.stages, strict=False):
            events[opens] = reached.received
            if reached.responded and answers:
                events[answers] = reached.responded
        return events

    def outcomes(self, row: Row) -> dict[str, str]:
        """The outcome of each stage that has one; an enquiry that was answered was answered."""
        said = (reached.outcome or (self.answered if reached.responded else None) for reached in row.stages)
        return {stage.id: outcome for stage, outcome in zip(self.stages, said, strict=False) if outcome}


class Dates:
    """Working days counted up once, so that a span is a difference and a limit is looked up."""

    def __init__(self, calendar: Calendar, today: date) -> None:
        self.calendar, self.first, self.last = calendar, date(FIRST_YEAR, 1, 1), date(today.year + 1, 12, 31)
        days = (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))
        self.counted = list(accumulate(map(calendar.is_working, days)))

    def between(self, start: date, end: date) -> int:
        """As `Calendar.between`."""
        return max(0, self._up_to(end) - self._up_to(start))

    def answer(self, way: Way, place: int, events: Mapping[str, date]) -> tuple[date, date | None] | None:
        """The day on which a stage's answer is due, and the one on which it came; None where none is due."""
        limit = way.limits[place]
        due = self._due(way, limit, events) if limit else None
        if limit is None or due is None:
            return None
        return due, min((events[name] for name in limit.met_by if name in events), default=None)

    def _due(self, way: Way, limit: Limit, events: Mapping[str, date]) -> date | None:
        start = events.get(limit.counts_from)
        if start is None and limit.before_known:
            start = self._due(way, way.version.limit(limit.before_known), events)
        return start and self._end(limit, start)

    def _end(self, limit: Limit, start: date) -> date:
        if limit.unit is Unit.BY_HAND or not limit.count:
            return start
        if limit.unit is Unit.WORKING_DAYS:
            place = bisect_left(self.counted, self._up_to(start) + limit.count)
            if place < len(self.counted):
                return self.first + timedelta(days=place)
            return self.calendar.nth_after(start, limit.count)
        end = (
            months_after(start, limit.count)
            if limit.unit is Unit.MONTHS
            else start + timedelta(days=limit.count)
        )
        return end - timedelta(days=limit.beginning)

    def _up_to(self, day: date) -> int:
        return self.counted[(day - self.first).days]

"""Where a case stands: what has happened to it, and the dates that follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from .clock import Deadline, deadlines
from .definitions import Kind, Stage, Version
from .working_days import Calendar, Pause, local_date


@dataclass(frozen=True)
class Standing:
    """Where a case stands. `outcomes` are by stage id; `events`, `extensions` and `pauses` are London
    dates.
    """

    version: Version
    received: datetime
    calendar: Calendar
    events: Mapping[str, date]
    extensions: Mapping[str, date] = field(default_factory=dict)
    pauses: tuple[Pause, ...] = ()
    handler: str | None = None
    outcomes: Mapping[str, str] = field(default_factory=dict)
    closed_on: date | None = None
    refused_for: str = ""  # the ground on which it was refused at the door

    @property
    def stage(self) -> Stage:
        """The stage the case has reached."""
        reached = self.version.stages[0]
        for stage in self.version.stages[1:]:
            if self.version.own_event(Kind.OPEN_STAGE, stage.id).id in self.events:
                reached = stage
        return reached

    @property
    def next_stage(self) -> Stage | None:
        """The stage after it, where the procedure has one."""
        place = self.version.stages.index(self.stage) + 1
        return self.version.stages[place] if place < len(self.version.stages) else None

    @property
    def settled(self) -> bool:
        """Whether the stage it has reached has its final outcome."""
        outcome = self.outcomes.get(self.stage.id)
        return outcome is not None and self.version.outcome(outcome).final and not self.awaits_new_answer

    @property
    def awaits_new_answer(self) -> bool:
        """Whether the stage was taken up again and not answered since: until then its first answer stands."""
        again, anew = (
            self.version.event_of(kind, self.stage.id) for kind in (Kind.TAKE_UP_AGAIN, Kind.ANSWER_ANEW)
        )
        return bool(again and anew and again.id in self.events and anew.id not in self.events)

    @property
    def open_pause(self) -> Pause | None:
        """The pause that has not ended yet."""
        return next((pause for pause in self.pauses if pause.until is None), None)

    @property
    def in_all_until(self) -> date | None:
        """The last day that the Ombudsman would call reasonable for everything; None where it names none."""
        within = self.version.in_all
        return self.events["received"] + timedelta(weeks=within.weeks) if within else None

    def arranged_for(self, deadline_id: str) -> date | None:
        """The day on which it is arranged that a deadline is met; None where nothing is."""
        met_by = self.version.limit(deadline_id).met_by
        return next(
            (self.events[e.id] for e in self.version.events if e.arranges in met_by and e.id in self.events),
            None,
        )

    @cached_property  # a standing never changes, and a page asks for its dates many times
    def deadlines(self) -> tuple[Deadline, ...]:
        """Every deadline of the case as it stands."""
        return deadlines(
            self.version,
            self.events,
            self.calendar,
            extensions=self.extensions,
            pauses=self.pauses,
            stopped_on=self.closed_on,
        )


def opened(version: Version, received: datetime, calendar: Calendar) -> Standing:
    """A case that has just been received."""
    return Standing(version, received, calendar, {"received": local_date(received)})

"""A case as the rules see it, and what people may try to do to it. Plain values; `workflow` decides.

`on` is the London date on which an act is done. Where somebody outside did it earlier and we only write it
down, `happened` is the date on which it took place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from .clock import Deadline, deadlines
from .definitions import Kind, Procedure, Stage, Version
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

    @property
    def stage(self) -> Stage:
        """The stage the case has reached."""
        reached = self.version.stages[0]
        for stage in self.version.stages[1:]:
            if self.version.event_of(Kind.OPEN_STAGE, stage.id).id in self.events:
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
        return outcome is not None and self.version.outcome(outcome).final

    @property
    def open_pause(self) -> Pause | None:
        """The pause that has not ended yet."""
        return next((pause for pause in self.pauses if pause.until is None), None)

    @property
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


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a move is not possible, and what can be done instead, in plain words."""

    reason: str


@dataclass(frozen=True, slots=True)
class Move:
    """Something to be done to a case on a London date."""

    on: date


@dataclass(frozen=True, slots=True)
class Acknowledge(Move):
    """Tell the holder that it has arrived."""


@dataclass(frozen=True, slots=True)
class Allocate(Move):
    """Give it to a handler."""

    to: str


@dataclass(frozen=True, slots=True)
class Extend(Move):
    """Move a deadline, within its limit, with the reason that the holder is told."""

    deadline: str
    until: date
    reason: str


@dataclass(frozen=True, slots=True)
class Record(Move):
    """Write down something that took place, by its event id."""

    event: str
    happened: date | None = None


@dataclass(frozen=True, slots=True)
class Respond(Move):
    """Answer the stage. Some outcomes need a reason."""

    outcome: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OpenNextStage(Move):
    """Take up the complainant's request for the next stage; `happened`: when it came."""

    reason: str = ""
    happened: date | None = None


@dataclass(frozen=True, slots=True)
class RefuseNextStage(Move):
    """Refuse the next stage."""

    reason: str


@dataclass(frozen=True, slots=True)
class PauseClock(Move):
    """Stop a clock that may be stopped, from the day after."""

    reason: str


@dataclass(frozen=True, slots=True)
class ResumeClock(Move):
    """Let it run again; `happened`: when what was awaited came. The day after counts again."""

    happened: date | None = None


@dataclass(frozen=True, slots=True)
class SetDate(Move):
    """Enter the due date from a letter, or enter it again (then with the reason)."""

    due: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reclassify(Move):
    """Take it to another procedure, as it stood at the moment of receipt, before any work has been done."""

    to: Procedure
    reason: str


@dataclass(frozen=True, slots=True)
class Withdraw(Move):
    """The complainant withdraws it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Close(Move):
    """File it once it has been answered."""

    reason: str


@dataclass(frozen=True, slots=True)
class Reopen(Move):
    """Take it up again after closing."""

    reason: str


@dataclass(frozen=True, slots=True)
class Write(Move):
    """Write to the holder. Changes no date."""


@dataclass(frozen=True, slots=True)
class Note(Move):
    """Make an internal note. Changes no date."""

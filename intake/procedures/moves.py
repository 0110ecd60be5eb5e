"""A case as the rules see it, and what people may try to do to it. Plain values; `workflow` decides.

`on` is the London date on which an act is done. Where somebody outside did it earlier and we only write it
down, `happened` is the date on which it took place.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from .definitions import Procedure
from .people import Named
from .points import Answered


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a move is not possible, and what can be done instead, in plain words."""

    reason: str


@dataclass(frozen=True, slots=True)
class Move:
    """Something to be done to a case on a London date. `word`: what it is called in addresses."""

    word: ClassVar[str]
    on: date


@dataclass(frozen=True, slots=True)
class Acknowledge(Move):
    """Tell the holder that it has arrived."""

    word: ClassVar[str] = "acknowledge"


@dataclass(frozen=True, slots=True)
class Allocate(Move):
    """Give it to a handler."""

    word: ClassVar[str] = "allocate"
    to: str


@dataclass(frozen=True, slots=True)
class Extend(Move):
    """Move a deadline, within its limit, with the reason that the holder is told.

    `good_reason`: why further than that, where the rule lets good reason take it there.
    """

    word: ClassVar[str] = "extend"
    deadline: str
    until: date
    reason: str
    good_reason: str = ""


@dataclass(frozen=True, slots=True)
class Record(Move):
    """Write down something that took place, by its event id; `reason`: what was agreed, where the rules ask."""

    word: ClassVar[str] = "record"
    event: str
    happened: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Appoint(Move):
    """Appoint the people of a stage, by the event id; `happened`: when, or the day on which they are to meet.

    `reason`: for appointing others, or another day, after that.
    """

    word: ClassVar[str] = "appoint"
    event: str
    people: tuple[Named, ...]
    happened: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Respond(Move):
    """Answer the stage. Some outcomes need a reason; `own`: why whoever answered before reviews it too.

    `points`: what became of each point of complaint, where they are set out; the outcome follows from them.
    """

    word: ClassVar[str] = "respond"
    outcome: str
    reason: str = ""
    own: str = ""
    points: tuple[Answered, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenNextStage(Move):
    """Take up the complainant's request for the next stage; `happened`: when it came."""

    word: ClassVar[str] = "open-next-stage"
    reason: str = ""
    happened: date | None = None


@dataclass(frozen=True, slots=True)
class RefuseNextStage(Move):
    """Refuse the next stage."""

    word: ClassVar[str] = "refuse-next-stage"
    reason: str


@dataclass(frozen=True, slots=True)
class RefuseAtTheDoor(Move):
    """Not take a complaint on, before anything of it was looked into; `ground`: why, of the authority's list."""

    word: ClassVar[str] = "refuse"
    ground: str
    reason: str


@dataclass(frozen=True, slots=True)
class PauseClock(Move):
    """Stop a clock that may be stopped, from the day after."""

    word: ClassVar[str] = "pause-clock"
    reason: str


@dataclass(frozen=True, slots=True)
class ResumeClock(Move):
    """Let it run again; `happened`: when what was awaited came. The day after counts again."""

    word: ClassVar[str] = "resume-clock"
    happened: date | None = None


@dataclass(frozen=True, slots=True)
class SetDate(Move):
    """Enter the due date from a letter, or enter it again (then with the reason)."""

    word: ClassVar[str] = "set-date"
    due: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reclassify(Move):
    """Take it to another procedure, as that stood at the moment of receipt, before it has been answered."""

    word: ClassVar[str] = "reclassify"
    to: Procedure
    reason: str


@dataclass(frozen=True, slots=True)
class Withdraw(Move):
    """The complainant withdraws it."""

    word: ClassVar[str] = "withdraw"
    reason: str


@dataclass(frozen=True, slots=True)
class Close(Move):
    """File it once it has been answered."""

    word: ClassVar[str] = "close"
    reason: str


@dataclass(frozen=True, slots=True)
class TakeUpAgain(Move):
    """Look again at what was answered, for a new answer; a clock of its own counts from that day."""

    word: ClassVar[str] = "take-up-again"
    reason: str


@dataclass(frozen=True, slots=True)
class Reopen(Move):
    """Take it up again after closing."""

    word: ClassVar[str] = "reopen"
    reason: str


@dataclass(frozen=True, slots=True)
class Write(Move):
    """Write to the holder. Changes no date."""

    word: ClassVar[str] = "write"


@dataclass(frozen=True, slots=True)
class Note(Move):
    """Make an internal note. Changes no date."""

    word: ClassVar[str] = "note"


ALL: tuple[type[Move], ...] = tuple(
    kind
    for kind in tuple(globals().values())
    if isinstance(kind, type) and issubclass(kind, Move) and kind is not Move
)

"""What a procedure is made of, once its catalogue file has been read (see `loading`).

Nothing here computes a date. Limits are in working days, days or months, as each says; moments are London's.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from .retention import Schedule
from .working_days import in_london, say


class NoVersion(LookupError):
    """A procedure that was not in force at the moment asked about, or a version id it does not have."""


class Kind(StrEnum):
    """What brings an event about."""

    RECEIVE = "receive"
    ACKNOWLEDGE = "acknowledge"
    RESPOND = "respond"
    OPEN_STAGE = "open-stage"
    REFUSE_STAGE = "refuse-stage"
    RECORD = "record"
    PAUSE = "pause"
    RESUME = "resume"
    SET_DATE = "set-date"
    ARRANGE = "arrange"
    TAKE_UP_AGAIN = "take-up-again"  # made from a stage's `new_answer`, as is the next; no file writes them
    ANSWER_ANEW = "answer-anew"


WRITTEN = frozenset(Kind) - {Kind.TAKE_UP_AGAIN, Kind.ANSWER_ANEW}  # the kinds that a file may give an event


class Unit(StrEnum):
    """What a limit is counted in. A date that is entered by hand is counted in nothing."""

    WORKING_DAYS = "working-days"
    DAYS = "days"
    MONTHS = "months"
    BY_HAND = "by-hand"


FORCES: Mapping[str, str] = {
    "law": "Set by law",
    "code": "Set by the Ombudsman's Complaint Handling Code",
    "guidance": "Guidance, not a bar",
    "local": "Set by this authority",
    "unread": "Check with your legal team",
    "letter": "Set in the Ombudsman's letter",
}
ROLES: Mapping[str, frozenset[str]] = {
    "complaints": frozenset({"handler", "complaints-officer", "complaints-manager", "senior-officer"}),
    "whistleblowing": frozenset({"handler", "monitoring-officer", "deputy-monitoring-officer"}),
}
MEASURES = frozenset(
    {f"{family}-stage-{n}" for family in ("statutory", "corporate") for n in (1, 2, 3)}
    | {"adult-social-care", "public-health", "data-protection"}
    | {"mp-enquiries", "councillor-enquiries", "general-enquiries", "ombudsman-enquiries"}
    | {"compliments", "suggestions", "service-requests", "whistleblowing-referrals"}
)


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of a ladder: `days` working days from the due date (before it if negative), to whom, how
    high.
    """

    days: int
    to: str
    level: int

    @property
    def id(self) -> str:
        """How the step is known among those of its limit: how far from the due date, and to whom."""
        return f"{self.days:+d}:{self.to}"


@dataclass(frozen=True, slots=True)
class Extension:
    """How far a limit may be extended: `to` so many in all, or `add` more working days, or (neither) no
    maximum.

    `before_due`: only before the date has passed. `signposts`: the letter carries the Ombudsman's details.
    `beyond`: with good reason it may go further still (the Code's 6.4); what is in force by law never may.
    """

    condition: str
    source: str
    to: int | None = None
    add: int | None = None
    before_due: bool = False
    signposts: bool = False
    beyond: bool = False


@dataclass(frozen=True, slots=True)
class InAll:
    """How many weeks from the receipt to the last answer the Ombudsman calls reasonable: a date owed to nobody.

    `source`: where the Ombudsman says so.
    """

    weeks: int
    source: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit: `count` of `unit` after the event `counts_from`, met by the first of `met_by`.

    `beginning`: the day of the event itself counts ("beginning with", "commencing on"), so it ends a day
    earlier. `before_known`: while `counts_from` is unknown, count from the due date of this other limit,
    provisionally. `second_reading_of`: the limit of which this is the second, disputed reading, shown
    beside it; it `decides_lateness` where nobody is late, or chased, before its date either. `rolls_forward`: from
    a day off to the next working day. `moves_with`: the limit whose extension moves this one too.
    `late_request`: what becomes of what the complainant asks for after it, "considered" or "may-be-refused".
    """

    id: str
    label: str
    stage: str
    counts_from: str
    count: int
    unit: Unit
    met_by: tuple[str, ...]
    force: str
    source: str
    beginning: bool = False
    before_known: str | None = None
    rolls_forward: bool = False
    second_reading_of: str | None = None
    decides_lateness: bool = False
    moves_with: str | None = None
    late_request: str = "considered"
    owed_by: str = "authority"
    pausable: bool = False
    note: str = ""
    extension: Extension | None = None
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens in a case once; `follows` must have happened before it.

    `names`: the post to which it appoints people by name (`people.POSTS`). `arranges`: the event for which it sets a
    day that may be still to come. `signposts`: what was agreed is written down, and the holder is told with the
    Ombudsman's details. `statement`: the statement of complaint is kept as it was agreed.
    """

    id: str
    label: str
    stage: str
    kind: Kind
    follows: str | None = None
    names: str | None = None
    arranges: str | None = None
    signposts: bool = False
    statement: bool = False


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """How many working days a new answer has from the day on which the stage is taken up again, and who is told."""

    count: int
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """One round of a procedure. `measure`: what it is counted as. `final`: its answer signposts. `new_answer`: where
    an answer may be given anew.
    """

    id: str
    label: str
    measure: str | None = None
    final: bool = False
    new_answer: NewAnswer | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way a stage may end. `given_by` is "response", "withdrawal" or "refusal" (of the complaint, or of
    a stage).

    Not `final`: the work goes on, and another outcome follows. `within`: working days from the receipt after which it
    may no longer be given.
    """

    id: str
    label: str
    given_by: str = "response"
    final: bool = True
    needs_reason: bool = False
    within: int | None = None


@dataclass(frozen=True, slots=True)
class Signpost:
    """Whom the holder may go to afterwards, and the words that say so."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Version:
    """One edition of a procedure, kept by a case for good. `received_from` None: from the beginning."""

    id: str
    procedure: str
    name: str
    label: str
    received_from: datetime | None
    stages: tuple[Stage, ...]
    events: tuple[Event, ...]
    limits: tuple[Limit, ...]
    outcomes: tuple[Outcome, ...]
    told: tuple[str, ...]
    signpost: Signpost | None = None
    in_all: InAll | None = None

    def __hash__(self) -> int:
        return hash(
            (self.procedure, self.id)
        )  # and not all of it, for whoever looks up what it makes of a day

    def stage(self, stage_id: str) -> Stage:
        """The stage of that id. Raises KeyError."""
        return _named(self.stages, stage_id)

    def event(self, event_id: str) -> Event:
        """The event of that id. Raises KeyError."""
        return _named(self.events, event_id)

    def limit(self, limit_id: str) -> Limit:
        """The limit of that id. Raises KeyError."""
        return _named(self.limits, limit_id)

    def outcome(self, outcome_id: str) -> Outcome:
        """The outcome of that id. Raises KeyError."""
        return _named(self.outcomes, outcome_id)

    def event_of(self, kind: Kind, stage_id: str) -> Event | None:
        """The stage's event of that kind, where it has one."""
        return next((e for e in self.events if e.kind is kind and e.stage == stage_id), None)

    def own_event(self, kind: Kind, stage_id: str) -> Event:
        """The same where the stage must have one: `consistency` lets no file in without it. Raises KeyError."""
        event = self.event_of(kind, stage_id)
        if event is None:
            raise KeyError(f"{stage_id}: {kind}")
        return event

    def last_answer(self, event_id: str, events: Mapping[str, date]) -> str:
        """The same event; in place of an answer the new one, where the stage was answered anew."""
        event = self.event(event_id)
        anew = self.event_of(Kind.ANSWER_ANEW, event.stage) if event.kind is Kind.RESPOND else None
        return anew.id if anew and anew.id in events else event_id

    def second_reading(self, limit_id: str) -> Limit | None:
        """The limit that reads the same rule from another day, where sources disagree."""
        return next((limit for limit in self.limits if limit.second_reading_of == limit_id), None)


@dataclass(frozen=True, slots=True)
class Procedure:
    """A procedure, the vault whose members may read it, and its versions in order."""

    id: str
    name: str
    reader: str
    versions: tuple[Version, ...]
    retention: Schedule | None = None  # how long a closed case is kept; without one, for good

    def version_at(self, received: datetime) -> Version:
        """The version in force at the moment of receipt, exact to the second (a naive moment is London's).

        Raises NoVersion when the procedure did not exist yet, CalendarError for a year out of range.
        """
        moment = in_london(received)
        for version in reversed(self.versions):
            if version.received_from is None or version.received_from <= moment:
                return version
        first = in_london(self.versions[0].received_from or moment)
        raise NoVersion(
            f"“{self.name}” applies to what is received from {first:%H:%M} on {say(first.date())}."
        )

    def version(self, version_id: str) -> Version:
        """The version of that id. Raises NoVersion."""
        try:
            return _named(self.versions, version_id)
        except KeyError:
            raise NoVersion(f"“{self.name}” has no version called {version_id!r}.") from None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All procedures, by id."""

    procedures: Mapping[str, Procedure]

    def __getitem__(self, procedure_id: str) -> Procedure:
        """The procedure of that id. Raises KeyError."""
        return self.procedures[procedure_id]

    def __iter__(self) -> Iterator[Procedure]:
        return iter(self.procedures.values())

    def __contains__(self, procedure_id: object) -> bool:
        return procedure_id in self.procedures


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


_Thing = TypeVar("_Thing", bound=_HasId)


def _named(things: Iterable[_Thing], name: str) -> _Thing:
    for thing in things:
        if thing.id == name:
            return thing
    raise KeyError(name)

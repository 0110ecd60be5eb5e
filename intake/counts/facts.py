"""Facts of a period: how many receipts, and how many by each thing that they are counted by.

Everything that is printed, charted, frozen or suppressed is set out from these numbers alone. They add up:
a year is the sum of its quarters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

# Each divides the receipts of a measure into parts that add up to their number.
BREAKDOWNS = {
    "outcome": "Outcome",
    "timeliness": "Answered in time",
    "service": "Service",
    "theme": "Theme",
    "channel": "How it came",
    "extended": "Extended",
    "next-stage": "Went on to the next stage",
    "refusal": "Why it was refused at the door",
}
NONE = ""  # the part that holds what has no value: no outcome yet, no theme given
IN_TIME, LATE, NO_DATE, ENDED = "in-time", "late", "no-date", "ended"
WAITING, OVERDUE = "waiting", "overdue"  # not answered; overdue: and the date has passed
ANSWERED = "answered"  # in time, late or without a date: what working days are reckoned of
YES, NO = "yes", "no"

Key = tuple[str, str, str]  # breakdown, measure, value


@dataclass(frozen=True)
class Span:
    """How many working days something took: how often, in all, and at most. Spans add up."""

    number: int = 0
    days: int = 0
    longest: int = 0

    def __add__(self, other: Span) -> Span:
        return Span(self.number + other.number, self.days + other.days, max(self.longest, other.longest))

    @property
    def average(self) -> float | None:
        """Working days on average, to one place, a half away from zero; None where nothing was counted."""
        if not self.number:
            return None
        return (self.days * 20 + self.number) // (self.number * 2) / 10


@dataclass(frozen=True)
class Facts:
    """The numbers of one period. `parts` by breakdown, measure and value; a part that is 0 may be absent.

    `answers`: receipt to answer, by measure. `allocations`: receipt to first allocation, by measure.
    `extensions`: how many were given, by measure; `beyond`: of them, with good reason alone. `reclassified`: receipts
    by procedure before and now.
    """

    receipts: Mapping[str, int] = field(default_factory=dict)
    parts: Mapping[Key, int] = field(default_factory=dict)
    answers: Mapping[str, Span] = field(default_factory=dict)
    allocations: Mapping[str, Span] = field(default_factory=dict)
    extensions: Mapping[str, int] = field(default_factory=dict)
    beyond: Mapping[str, int] = field(default_factory=dict)
    reclassified: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def __add__(self, other: Facts) -> Facts:
        return Facts(
            _summed(self.receipts, other.receipts, 0),
            _summed(self.parts, other.parts, 0),
            _summed(self.answers, other.answers, Span()),
            _summed(self.allocations, other.allocations, Span()),
            _summed(self.extensions, other.extensions, 0),
            _summed(self.beyond, other.beyond, 0),
            _summed(self.reclassified, other.reclassified, 0),
        )

    def values(self, breakdown: str, measure: str) -> dict[str, int]:
        """The parts of one measure, by value."""
        return {
            value: number
            for (kind, counted, value), number in self.parts.items()
            if kind == breakdown and counted == measure
        }

    def folded(self, breakdown: str, into: Mapping[str, str]) -> Facts:
        """The same facts with some values of a breakdown counted as others."""
        parts: dict[Key, int] = {}
        for (kind, measure, value), number in self.parts.items():
            key = (kind, measure, into.get(value, value) if kind == breakdown else value)
            parts[key] = parts.get(key, 0) + number
        return replace(self, parts=parts)

    def without(self, measures: Iterable[str]) -> Facts:
        """The same facts with some measures left out."""
        gone = set(measures)
        return Facts(
            {measure: number for measure, number in self.receipts.items() if measure not in gone},
            {key: number for key, number in self.parts.items() if key[1] not in gone},
            {measure: span for measure, span in self.answers.items() if measure not in gone},
            {measure: span for measure, span in self.allocations.items() if measure not in gone},
            {measure: number for measure, number in self.extensions.items() if measure not in gone},
            {measure: number for measure, number in self.beyond.items() if measure not in gone},
            self.reclassified,
        )

    def only(self, measures: Iterable[str]) -> Facts:
        """The same facts of some measures alone."""
        every = {*self.receipts, *(key[1] for key in self.parts), *self.extensions}
        return self.without(every - set(measures))

    def plain(self) -> dict[str, Any]:
        """The facts as JSON can hold them."""
        return {
            "receipts": dict(sorted(self.receipts.items())),
            "parts": [[*key, number] for key, number in sorted(self.parts.items())],
            "answers": [
                [measure, span.number, span.days, span.longest]
                for measure, span in sorted(self.answers.items())
            ],
            "allocations": [
                [measure, span.number, span.days, span.longest]
                for measure, span in sorted(self.allocations.items())
            ],
            "extensions": dict(sorted(self.extensions.items())),
            "beyond": dict(sorted(self.beyond.items())),
            "reclassified": [[*key, number] for key, number in sorted(self.reclassified.items())],
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Facts:
        """The facts back from JSON. Raises KeyError or ValueError for something else."""
        return cls(
            dict(plain["receipts"]),
            {(kind, measure, value): number for kind, measure, value, number in plain["parts"]},
            {measure: Span(*span) for measure, *span in plain["answers"]},
            {measure: Span(*span) for measure, *span in plain["allocations"]},
            dict(plain["extensions"]),
            dict(plain.get("beyond", {})),  # editions of before 0.3 did not count them
            {(before, now): number for before, now, number in plain["reclassified"]},
        )


def _summed(one: Mapping[Any, Any], other: Mapping[Any, Any], nothing: object) -> dict[Any, Any]:
    return {key: one.get(key, nothing) + other.get(key, nothing) for key in {**one, **other}}

"""Open figures: what anybody may read of a published quarter or year, small numbers left out.

Receipts are exact, always; referrals are told as a number, with the year alone (`BY_THE_YEAR`). Of a breakdown
that is told, a part without a number is hidden, and a part that is absent is 0. A breakdown that is withheld tells
no part at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .facts import IN_TIME, LATE, NO_DATE, OVERDUE, Facts, Key
from .published import REFERRALS, Figure
from .quarters import Period

# How many went on to the next stage is not among them: the next stage's exact receipts would give it away.
OPEN = ("outcome", "timeliness", "service", "theme", "channel", "extended")
NO_CLOCK = {"compliments": {"timeliness", "extended"}}
# Whoever may open some of them, and not those about themselves, can take theirs from what is published: so it is
# said once a year, and what the others were about or how they ended is not said at all.
BY_THE_YEAR = frozenset({REFERRALS})


@dataclass(frozen=True)
class Answered:
    """Working days from receipt to answer: on average to one place, and at most."""

    average: float
    longest: int


@dataclass(frozen=True)
class Open:
    """One period as the public may read it.

    `parts` by breakdown, measure and value; None: hidden. `withheld`: breakdowns of a measure of which
    nothing is told. `answers` by measure, where told. `below`: numbers from 1 up to it, itself not
    included, were kept back.
    """

    receipts: Mapping[str, Figure] = field(default_factory=dict)
    parts: Mapping[Key, int | None] = field(default_factory=dict)
    withheld: frozenset[tuple[str, str]] = frozenset()
    answers: Mapping[str, Answered] = field(default_factory=dict)
    below: int = 5

    def values(self, breakdown: str, measure: str) -> dict[str, int | None]:
        """The parts of one measure, by value; nothing where it was withheld or is not told."""
        return {
            value: number
            for (kind, counted, value), number in self.parts.items()
            if kind == breakdown and counted == measure
        }

    def number(self, breakdown: str, measure: str, value: str) -> int | None:
        """One part; None where it is hidden, withheld or not told."""
        return self.parts.get((breakdown, measure, value), 0 if self.values(breakdown, measure) else None)

    def per_cent_in_time(self, measure: str) -> int | None:
        """Answers in time in every hundred whose date has passed or was kept; None where a count is not told."""
        counts = [self.number("timeliness", measure, value) for value in (IN_TIME, LATE, OVERDUE)]
        told = [number for number in counts if number is not None]
        if len(told) < len(counts) or not sum(told):
            return None
        return (told[0] * 200 + sum(told)) // (sum(told) * 2)

    def answered(self, measure: str) -> int | None:
        """How many were answered; None where a count that it rests on is not told."""
        counts = [self.number("timeliness", measure, value) for value in (IN_TIME, LATE, NO_DATE)]
        told = [number for number in counts if number is not None]
        return sum(told) if len(told) == len(counts) else None

    def plain(self) -> dict[str, Any]:
        """The figures as JSON can hold them."""
        return {
            "receipts": {
                measure: [figure.number, figure.partly] for measure, figure in sorted(self.receipts.items())
            },
            "parts": [[*key, number] for key, number in sorted(self.parts.items())],
            "withheld": sorted(map(list, self.withheld)),
            "answers": {
                measure: [told.average, told.longest] for measure, told in sorted(self.answers.items())
            },
            "below": self.below,
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Open:
        """The figures back from JSON. Raises KeyError, TypeError or ValueError for something else."""
        return cls(
            {measure: Figure(*figure) for measure, figure in plain["receipts"].items()},
            {(kind, measure, value): number for kind, measure, value, number in plain["parts"]},
            frozenset((kind, measure) for kind, measure in plain["withheld"]),
            {measure: Answered(*told) for measure, told in plain["answers"].items()},
            plain["below"],
        )


@dataclass(frozen=True)
class Issued:
    """What was published of a quarter or a year, once: the facts, and what the public was told of them."""

    period: Period
    facts: Facts
    told: Open


def told_of(measure: str) -> tuple[str, ...]:
    """The breakdowns of a measure that the public may be told."""
    if measure in BY_THE_YEAR:
        return ()
    return tuple(kind for kind in OPEN if kind not in NO_CLOCK.get(measure, ()))

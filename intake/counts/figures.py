"""Everything that is told of a period: the table, what the receipts are counted by, and what to call it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from .facts import ANSWERED, ENDED, IN_TIME, LATE, NO, NO_DATE, NONE, OVERDUE, WAITING, YES, Facts
from .published import Published, Table
from .quarters import Period

# What a part without a value is called, by breakdown.
UNNAMED = {
    "outcome": "No outcome yet",
    "service": "Service not given",
    "theme": "Theme not given",
    "next-stage": "Did not go on",
    "refusal": "Not refused at the door",
}
TIMELINESS = {
    ANSWERED: "Answered",
    IN_TIME: "Answered in time",
    LATE: "Answered late",
    NO_DATE: "Answered, no date was set",
    ENDED: "Ended without an answer",
    WAITING: "Not answered yet",
    OVERDUE: "Not answered, overdue",
}
EXTENDED = {YES: "Extended", NO: "Not extended"}
NEXT_STAGE = {"opened": "Went on", "refused": "Refused the next stage"}
# Complaints come in families of stages, or in one stage; the rest stand alone. The statutory ones are children's.
FAMILIES = {
    "Statutory complaints": ("statutory-stage-1", "statutory-stage-2", "statutory-stage-3"),
    "Corporate complaints": ("corporate-stage-1", "corporate-stage-2", "corporate-stage-3"),
}
OF_ONE_STAGE = ("adult-social-care", "public-health", "data-protection")


@dataclass(frozen=True)
class Names:
    """What to call the values of each breakdown, in the order in which they are told."""

    by_breakdown: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    procedures: Mapping[str, str] = field(default_factory=dict)

    def name(self, breakdown: str, value: str) -> str:
        """A value in words; one that nobody named is called as it is written."""
        if value == NONE:
            return UNNAMED.get(breakdown, "Not given")
        return self.by_breakdown.get(breakdown, {}).get(value, value)


@dataclass(frozen=True)
class Figures:
    """A period as it is told. `facts` and `before` are of the period itself: one quarter, or the year.

    `edition`: which edition they are of; None, as the cases stand on `drawn_on`. `editions`: the editions
    of the period's quarters that were published so far, each with its reason, the earliest first. `own`: they
    count the cases of somebody's own vaults alone. `hidden`: the measures that were left out (see `wall`). `part`: the
    directorate, service or team that they are of, in words; empty: the whole authority.
    """

    period: Period
    table: Table
    facts: Facts
    before: Facts
    names: Names
    drawn_on: date
    edition: Published | None = None
    editions: tuple[tuple[Period, Published], ...] = ()
    own: bool = False
    hidden: frozenset[str] = frozenset()
    part: str = ""

    @property
    def published_throughout(self) -> bool:
        """Whether every quarter of it was published, and is told so."""
        shown = self.table.quarters if self.period.quarter is None else self.table.quarters[-1:]
        return all(quarter.edition is not None for quarter in shown)

    @property
    def counted_on(self) -> date:
        """The day of which the facts are: that of the edition they were published in, or the day itself."""
        return self.edition.on if self.edition else self.drawn_on

    @property
    def provisional(self) -> bool:
        """Whether the period itself has not ended."""
        shown = self.table.quarters if self.period.quarter is None else self.table.quarters[-1:]
        return not all(quarter.ended for quarter in shown)


def majority(values: Mapping[str, int]) -> str | None:
    """The value that more than half of all receipts share, those without a value counted among them."""
    total = sum(values.values())
    for value, number in values.items():
        if value != NONE and number * 2 > total:
            return value
    return None

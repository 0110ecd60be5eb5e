"""The published table: its rows in their order, and "not recorded" apart from 0."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from .quarters import Period

MEASURES = {
    "compliments": "Compliments",
    "general-enquiries": "General enquiries",
    "councillor-enquiries": "Councillor enquiries",
    "mp-enquiries": "MP enquiries",
    "statutory-stage-1": "Statutory complaints, stage 1",
    "statutory-stage-2": "Statutory complaints, stage 2",
    "statutory-stage-3": "Statutory complaints, stage 3",
    "corporate-stage-1": "Corporate complaints, stage 1",
    "corporate-stage-2": "Corporate complaints, stage 2",
    "corporate-stage-3": "Corporate complaints, stage 3",
    "ombudsman-enquiries": "Ombudsman enquiries",
    "whistleblowing-referrals": "Whistleblowing referrals",
}


@dataclass(frozen=True)
class Recorded:
    """A measure was recorded from a day on, up to a last day or still."""

    measure: str
    first_day: date
    last_day: date | None = None

    def touches(self, period: Period) -> bool:
        return self.first_day <= period.last_day and (
            self.last_day is None or self.last_day >= period.first_day
        )

    def holds(self, period: Period, today: date) -> bool:
        """Whether the whole period, as far as it has passed, was recorded."""
        end = min(period.last_day, today)
        return self.first_day <= period.first_day and (self.last_day is None or self.last_day >= end)


@dataclass(frozen=True)
class Row:
    """One line of the table. `None` is "not recorded", which is not 0; `partly`: recorded for a part of it."""

    measure: str
    label: str
    count: int | None
    prior: int | None
    partly: bool = False
    prior_partly: bool = False


@dataclass(frozen=True)
class Table:
    """The counts of one period beside those of the same period a year earlier."""

    period: Period
    rows: tuple[Row, ...]
    provisional: bool  # the period has not ended


def tabulate(
    period: Period,
    counts: Mapping[str, int],
    prior: Mapping[str, int],
    recorded: Iterable[Recorded],
    *,
    today: date,
) -> Table:
    """Set the counts out in the published order.

    A measure that nobody recorded has no figure, whatever `counts` says.
    """
    recorded = tuple(recorded)
    rows = tuple(
        Row(
            measure,
            label,
            _figure(measure, counts, period, recorded) if period.first_day <= today else None,
            _figure(measure, prior, period.before, recorded),
            _partly(measure, period, recorded, today),
            _partly(measure, period.before, recorded, today),
        )
        for measure, label in MEASURES.items()
    )
    return Table(period, rows, provisional=today <= period.last_day)


def _figure(
    measure: str, counts: Mapping[str, int], period: Period, recorded: tuple[Recorded, ...]
) -> int | None:
    if any(entry.measure == measure and entry.touches(period) for entry in recorded):
        return counts.get(measure, 0)
    return None


def _partly(measure: str, period: Period, recorded: tuple[Recorded, ...], today: date) -> bool:
    spans = [entry for entry in recorded if entry.measure == measure and entry.touches(period)]
    return bool(spans) and not any(span.holds(period, today) for span in spans)

"""Editions: quarters as they were published, read back from what was frozen then."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from intake.counts.facts import Facts
from intake.counts.figures import Figures
from intake.counts.open_figures import BY_THE_YEAR
from intake.counts.published import Figure, Published
from intake.counts.quarters import Period
from intake.models import Edition, Staff
from intake.services.ground.office import Office


@dataclass(frozen=True)
class Frozen:
    """One edition of one quarter, as it was told then.

    `columns`: the figures of the year's quarters up to this one, each beside those of the year before.
    `themes`, `services`: what they were called.
    """

    period: Period
    edition: Published
    columns: tuple[tuple[Mapping[str, Figure], Mapping[str, Figure]], ...]
    facts: Facts
    before: Facts
    themes: Mapping[str, str]
    services: Mapping[str, str]
    open_figures: Mapping[str, Any]
    sequence: int  # in which order editions of all quarters came out
    by: str

    def by_the_year(self, quarter: int) -> dict[str, Figure]:
        """Of an edition of a fourth quarter: what it holds of one quarter of the year for what is told by the year."""
        return {measure: self.columns[quarter - 1][0][measure] for measure in BY_THE_YEAR}

    @property
    def figures(self) -> Mapping[str, Figure]:
        """The figure of every measure in the quarter itself."""
        return self.columns[-1][0]


def of(office: Office, period: Period, place: str | None = None) -> tuple[Frozen, ...]:
    """The editions of a quarter, of the whole authority or of one directorate, the first one first, inside the caller's
    transaction.
    """
    rows = office.session.execute(
        select(Edition, Staff.name)
        .join(Staff, Staff.id == Edition.published_by)
        .where(Edition.year == period.year, Edition.quarter == period.quarter, Edition.place == (place or ""))
        .order_by(Edition.number)
    ).all()
    return tuple(_thawed(row, by) for row, by in rows)


def published_quarters(office: Office, place: str | None = None) -> tuple[Period, ...]:
    """Every quarter of which an edition is out, the newest first, inside the caller's transaction."""
    out = select(Edition.year, Edition.quarter).where(Edition.place == (place or "")).distinct()
    rows = office.session.execute(out).all()
    return tuple(sorted((Period(year, quarter) for year, quarter in rows), reverse=True))


def frozen(told: Figures) -> str:
    """What an edition keeps of the exact figures, as JSON."""
    return json.dumps(
        {
            "columns": [
                [
                    {row.measure: _plain(row.cells[place].figure) for row in told.table.rows},
                    {row.measure: _plain(row.cells[place].prior) for row in told.table.rows},
                ]
                for place in range(len(told.table.quarters))
            ],
            "facts": told.facts.plain(),
            "before": told.before.plain(),
            "themes": dict(told.names.by_breakdown["theme"]),
            "services": dict(told.names.by_breakdown["service"]),
        },
        sort_keys=True,
    )


def add(
    office: Office,
    period: Period,
    number: int,
    *,
    place: str | None = None,
    facts: str,
    open_figures: Mapping[str, Any],
    reason: str,
    by: str,
    on: date,
) -> None:
    """Write an edition, inside the caller's transaction."""
    last = office.session.scalar(select(func.max(Edition.sequence))) or 0
    office.session.add(
        Edition(
            sequence=last + 1,
            year=period.year,
            quarter=period.quarter,
            number=number,
            place=place or "",
            published_on=on,
            published_by=by,
            reason=reason,
            facts=facts,
            open_figures=json.dumps(open_figures, sort_keys=True),
        )
    )
    office.session.flush()


def _thawed(row: Edition, by: str) -> Frozen:
    kept = json.loads(row.facts)
    return Frozen(
        period=Period(row.year, row.quarter),
        edition=Published(row.number, row.published_on, row.reason),
        columns=tuple((_figures(one), _figures(other)) for one, other in kept["columns"]),
        facts=Facts.from_plain(kept["facts"]),
        before=Facts.from_plain(kept["before"]),
        themes=kept["themes"],
        services=kept.get("services", {}),
        open_figures=json.loads(row.open_figures),
        sequence=row.sequence,
        by=by,
    )


def _plain(figure: Figure) -> list[int | bool | None]:
    return [figure.number, figure.partly]


def _figures(plain: Mapping[str, list[Any]]) -> dict[str, Figure]:
    return {measure: Figure(*told) for measure, told in plain.items()}

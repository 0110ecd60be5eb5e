"""Tallies: a period's receipts counted by the database, from one index and from clear facts alone.

The cost grows with the receipts of the period and not with those of other years. No key is held here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    SQLColumnExpression,
    and_,
    case,
    func,
    literal,
    select,
)

from intake.counts.facts import ENDED, IN_TIME, LATE, NO, NO_DATE, NONE, OVERDUE, WAITING, YES, Facts, Span
from intake.counts.quarters import Period
from intake.models import Reclassification, StageReceipt
from intake.services.ground.office import AnySession

R = StageReceipt
WITHOUT_A_CLOCK = {"compliments"}
WITH_A_NEXT_STAGE = {"statutory-stage-1", "statutory-stage-2", "corporate-stage-1", "corporate-stage-2"}


def values(today: date) -> dict[str, SQLColumnExpression[str]]:
    """What a receipt counts as in each breakdown; whether an answer is overdue depends on the day."""
    return {
        "outcome": func.coalesce(R.outcome, NONE),
        "timeliness": case(
            (and_(R.met_on.is_not(None), R.due_on.is_(None)), NO_DATE),
            (R.met_on <= R.due_on, IN_TIME),
            (R.met_on.is_not(None), LATE),
            (R.outcome.is_not(None), ENDED),
            (R.due_on < today, OVERDUE),
            else_=WAITING,
        ),
        "service": func.coalesce(R.service, NONE),
        "theme": func.coalesce(R.theme_id, NONE),
        "channel": R.channel,
        "extended": case((R.extensions > 0, YES), else_=NO),
        "next-stage": func.coalesce(R.next_stage, NONE),
    }


def receipts(session: AnySession, period: Period, readers: Collection[str] | None = None) -> dict[str, int]:
    """How many receipts each measure has in a period. `readers`: only cases that these vaults may open."""
    counted = select(R.measure, func.count()).where(*of(period, readers)).group_by(R.measure)
    return {measure: number for measure, number in session.execute(counted) if measure is not None}


def tally(session: AnySession, period: Period, today: date, readers: Collection[str] | None = None) -> Facts:
    """Every fact of a period as it is on a day. `readers`: only cases that these vaults may open."""
    where = of(period, readers)
    parts = {}
    for breakdown, value in values(today).items():
        for measure, part, number in session.execute(_parts(value, where)):
            if measure is not None and _applies(breakdown, measure):
                parts[breakdown, measure, part] = number
    totals = session.execute(
        select(
            R.measure,
            func.count(),
            _spans(R.met_on),
            func.sum(case((R.met_on.is_not(None), R.working_days), else_=0)),
            func.max(case((R.met_on.is_not(None), R.working_days), else_=0)),
            _spans(R.allocated_in),
            func.coalesce(func.sum(R.allocated_in), 0),
            func.coalesce(func.max(R.allocated_in), 0),
            func.sum(R.extensions),
        )
        .where(*where)
        .group_by(R.measure)
    )
    of_measure = {measure: sums for measure, *sums in totals if measure is not None}
    return Facts(
        receipts={measure: sums[0] for measure, sums in of_measure.items()},
        parts=parts,
        answers={
            measure: Span(*map(int, sums[1:4]))
            for measure, sums in of_measure.items()
            if sums[1] and measure not in WITHOUT_A_CLOCK
        },
        allocations={measure: Span(*map(int, sums[4:7])) for measure, sums in of_measure.items() if sums[4]},
        extensions={measure: int(sums[7]) for measure, sums in of_measure.items() if sums[7]},
        reclassified=_reclassified(session, period),
    )


def of(period: Period, readers: Collection[str] | None) -> list[ColumnElement[bool]]:
    """The condition under which a receipt belongs to a period and may be counted for these readers."""
    where: list[ColumnElement[bool]] = [
        R.received_on.between(period.first_day, period.last_day),
        R.measure.is_not(None),
    ]
    return where if readers is None else [*where, R.reader.in_(sorted(readers))]


def _parts(
    value: SQLColumnExpression[str], where: Iterable[ColumnElement[bool]]
) -> Select[str | None, str, int]:
    """Grouped by its label: PostgreSQL takes the same expression with other parameters for another one."""
    return select(R.measure, value.label("part"), func.count()).where(*where).group_by(R.measure, "part")


def _applies(breakdown: str, measure: str) -> bool:
    if breakdown == "next-stage":
        return measure in WITH_A_NEXT_STAGE
    return breakdown not in {"timeliness", "extended"} or measure not in WITHOUT_A_CLOCK


def _spans(column: SQLColumnExpression[Any]) -> ColumnElement[int]:
    return func.sum(case((column.is_not(None), literal(1, Integer)), else_=literal(0, Integer)))


def _reclassified(session: AnySession, period: Period) -> dict[tuple[str, str], int]:
    now = Reclassification
    return {
        (before, after): number
        for before, after, number in session.execute(
            select(now.from_procedure, now.to_procedure, func.count())
            .where(now.received_on.between(period.first_day, period.last_day))
            .group_by(now.from_procedure, now.to_procedure)
        )
    }

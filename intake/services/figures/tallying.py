"""Tallies: a period's receipts counted by the database, from one index and from clear facts alone.

The cost grows with the receipts of the period and not with those of other years. No key is held here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    SQLColumnExpression,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
)

from intake.counts.facts import (
    ENDED,
    IN_TIME,
    LATE,
    NO,
    NO_DATE,
    NONE,
    OVERDUE,
    WAITING,
    YES,
    Facts,
    Key,
    Span,
)
from intake.counts.places import Tree
from intake.counts.quarters import Period
from intake.models import Envelope, Reclassification, StageReceipt
from intake.procedures.offices import circles
from intake.services.ground.office import AnySession

R = StageReceipt
WITHOUT_A_CLOCK = {"compliments"}
REFUSED_AT_THE_DOOR = {  # the first stages of complaints: nothing else is refused there
    "statutory-stage-1",
    "adult-social-care",
    "public-health",
    "corporate-stage-1",
    "data-protection",
}
WITH_A_NEXT_STAGE = {"statutory-stage-1", "statutory-stage-2", "corporate-stage-1", "corporate-stage-2"}


def values(today: date) -> dict[str, SQLColumnExpression[str]]:
    """What a receipt counts as in each breakdown but that by service, which depends on the tree; whether an answer is
    overdue depends on the day.
    """
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
        "theme": func.coalesce(R.theme_id, NONE),
        "channel": R.channel,
        "extended": case((R.extensions > 0, YES), else_=NO),
        "next-stage": func.coalesce(R.next_stage, NONE),
        "refusal": func.coalesce(R.refusal, NONE),
    }


@dataclass(frozen=True)
class Scope:
    """Of which receipts figures are made: of those that some vaults may open (None: all), and of one part of the
    authority, with all that stood below it on the day of each receipt (None: the whole). `holder`: who also counts
    what they hold by name, and nobody else does.
    """

    tree: Tree
    readers: Collection[str] | None = None
    place: str | None = None
    holder: str | None = None

    def holds(self, place: str | None, day: date) -> bool:
        return self.place is None or self.tree.within(self.place, place, day)


def receipts(session: AnySession, period: Period, scope: Scope) -> dict[str, int]:
    """How many receipts each measure has in a period."""
    counted = select(R.measure, func.count()).where(*of(period, scope)).group_by(R.measure)
    return {measure: number for measure, number in session.execute(counted) if measure is not None}


def tally(session: AnySession, period: Period, today: date, scope: Scope) -> Facts:
    """Every fact of a period as it is on a day."""
    where = of(period, scope)
    parts = _by_service(session, period, scope)
    told = values(today)
    parts |= _ends(session, where, told.pop("outcome"), told.pop("refusal"))
    for breakdown, value in told.items():
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
            func.sum(R.beyond),
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
        beyond={measure: int(sums[8]) for measure, sums in of_measure.items() if sums[8]},
        reclassified=_reclassified(session, period, scope),
    )


def of(period: Period, scope: Scope) -> list[ColumnElement[bool]]:
    """The condition under which a receipt belongs to a period and is counted."""
    where: list[ColumnElement[bool]] = [
        R.received_on.between(period.first_day, period.last_day),
        R.measure.is_not(None),
    ]
    if scope.readers is not None:
        where.append(_theirs(scope.readers, scope.holder))
    return where if scope.place is None else [*where, placed(scope.tree, period, scope.holds)]


def _theirs(readers: Collection[str], holder: str | None) -> ColumnElement[bool]:
    """What lies with some vaults; and what somebody holds by name, of which those whom it left out count nothing."""
    theirs = circles(readers)
    in_vaults = R.reader.in_(theirs)
    if holder is None:
        return in_vaults
    by_name = exists().where(
        Envelope.case_id == R.case_id, Envelope.scope == "case", Envelope.keyholder == f"staff:{holder}"
    )
    return or_(in_vaults, and_(R.reader.not_in(theirs), by_name))


def counted_as(period: Period, scope: Scope, value: str) -> ColumnElement[bool]:
    """The condition under which a receipt of a period counts as a value of the breakdown by service."""
    tree = scope.tree
    return placed(tree, period, lambda place, day: tree.counted_as(place, day, below=scope.place) == value)


def placed(tree: Tree, period: Period, holds: Callable[[str | None, date], bool]) -> ColumnElement[bool]:
    """The condition that something holds of the place of a receipt on its day."""
    found: list[ColumnElement[bool]] = []
    for span, places, unplaced in tree.placed(period, holds):
        there: ColumnElement[bool] = R.place_id.in_(sorted(places))
        if unplaced:
            there = or_(R.place_id.is_(None), there)
        found.append(and_(R.received_on.between(span.first_day, span.last_day), there))
    return or_(*found)


def _by_service(session: AnySession, period: Period, scope: Scope) -> dict[Key, int]:
    """Counted by place on days on which nothing moved, and each place as what it stood below then."""
    parts: dict[Key, int] = {}
    for span in scope.tree.spans(period):
        counted = (
            select(R.measure, R.place_id, func.count())
            .where(*of(period, scope), R.received_on.between(span.first_day, span.last_day))
            .group_by(R.measure, R.place_id)
        )
        for measure, place, number in session.execute(counted):
            if measure is not None:
                value = scope.tree.counted_as(place, span.first_day, below=scope.place)
                key = ("service", measure, value)
                parts[key] = parts.get(key, 0) + number
    return parts


def _parts(
    value: SQLColumnExpression[str], where: Iterable[ColumnElement[bool]]
) -> Select[str | None, str, int]:
    """Grouped by its label: PostgreSQL takes the same expression with other parameters for another one."""
    return select(R.measure, value.label("part"), func.count()).where(*where).group_by(R.measure, "part")


def _ends(
    session: AnySession,
    where: Iterable[ColumnElement[bool]],
    outcome: SQLColumnExpression[str],
    refusal: SQLColumnExpression[str],
) -> Counter[Key]:
    """How receipts ended and on which ground they were refused, asked at once."""
    parts: Counter[Key] = Counter()
    counted: Select[*tuple[Any, ...]] = (
        select(R.measure, outcome.label("ended"), refusal.label("ground"), func.count())
        .where(*where)
        .group_by(R.measure, "ended", "ground")
    )
    for measure, ended, ground, number in session.execute(counted):
        parts["outcome", measure, ended] += number
        if _applies("refusal", measure):
            parts["refusal", measure, ground] += number
    return parts


def _applies(breakdown: str, measure: str) -> bool:
    if breakdown == "next-stage":
        return measure in WITH_A_NEXT_STAGE
    if breakdown == "refusal":
        return measure in REFUSED_AT_THE_DOOR
    return breakdown not in {"timeliness", "extended"} or measure not in WITHOUT_A_CLOCK


def _spans(column: SQLColumnExpression[Any]) -> ColumnElement[int]:
    return func.sum(case((column.is_not(None), literal(1, Integer)), else_=literal(0, Integer)))


def _reclassified(session: AnySession, period: Period, scope: Scope) -> dict[tuple[str, str], int]:
    now = Reclassification
    where: list[ColumnElement[bool]] = [now.received_on.between(period.first_day, period.last_day)]
    if scope.place is not None:
        there = select(R.case_id).where(R.number == 1, *of(period, scope))
        where.append(now.case_id.in_(there))
    return {
        (before, after): number
        for before, after, number in session.execute(
            select(now.from_procedure, now.to_procedure, func.count())
            .where(*where)
            .group_by(now.from_procedure, now.to_procedure)
        )
    }

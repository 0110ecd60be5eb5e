"""Publishing a quarter: its figures are frozen, and the open ones with small cells suppressed go to everybody.

What was published stays. A correction is another edition beside it, with its reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from intake.counts.figures import Figures
from intake.counts.open_figures import BY_THE_YEAR
from intake.counts.places import DIRECTORATE
from intake.counts.published import Figure, sum_of
from intake.counts.quarters import Period
from intake.database import reading, writing
from intake.services.cases import places
from intake.services.ground import journal
from intake.services.ground.office import Office
from intake.services.ground.refusals import Refused
from intake.services.ground.roles import Officer, Right

from . import drawing_up, editions, open_figures
from .tallying import Scope

LONGEST_REASON = 500


@dataclass(frozen=True)
class Difference:
    """A measure of which the cases say something else today than was published last."""

    measure: str
    label: str
    published: Figure
    now: Figure


@dataclass(frozen=True)
class Standing:
    """How far a quarter has come: what may be published, or why nothing may be."""

    period: Period
    edition: int  # the last one; 0: none
    differences: tuple[Difference, ...]
    parts_differ: bool  # what the receipts are counted by has changed
    obstacle: str  # empty where it can be published now


def standing(office: Office, officer: Officer, period: Period, *, now: datetime) -> Standing:
    """How a quarter stands, for whoever publishes: the council's figures whole. Raises `Refused`."""
    _check_publisher(officer)
    with reading(office.session):
        return _standing(office, period, office.today(now))[0]


def publish(
    office: Office, officer: Officer, period: Period, reason: str, *, last: int, now: datetime
) -> int:
    """Freeze a quarter as the cases stand, of the whole authority and of each directorate; returns the number of the
    edition, which is the same for all of them.

    `last`: the edition that the page showed (0: none), so that a second press publishes nothing twice.
    Raises `Refused`: not that officer's to do, not ended, nothing changed, or no reason for a revision.
    """
    _check_publisher(officer)
    reason, today = " ".join(reason.split()), office.today(now)
    with writing(office.session):
        stands, live = _standing(office, period, today)
        if stands.edition != last:
            raise Refused("This quarter was published while you were looking at it. Look at it again.")
        if stands.obstacle:
            raise Refused(stands.obstacle)
        if last and not reason:
            raise Refused("Say why the figures are revised: it is printed beside them.")
        if len(reason) > LONGEST_REASON:
            raise Refused(f"Give the reason in {LONGEST_REASON} characters or fewer.")
        number, tree = last + 1, places.tree_of(office.session)
        told: list[tuple[str | None, Figures, dict[str, Any]]] = [
            (None, live, open_figures.released(office, live))
        ]
        for directorate in tree.of_kind(DIRECTORATE):
            own = _live(office, period, today, Scope(tree, place=directorate.id))
            told.append((directorate.id, own, open_figures.released_of(office, directorate.id, own, live)))
        for place, figures, to_all in told:
            editions.add(
                office,
                period,
                number,
                place=place,
                facts=editions.frozen(figures),
                open_figures=to_all,
                reason=reason if last else "",
                by=officer.id,
                on=today,
            )
        journal.append(
            office.session,
            at=now,
            actor=officer.id,
            act=journal.Act.FIGURES_PUBLISHED,
            period=period.label,
            edition=number,
        )
    return number


def _standing(office: Office, period: Period, today: date) -> tuple[Standing, Figures]:
    """How it stands, and the figures as the cases stand, inside the caller's transaction."""
    if period.quarter is None:
        raise Refused("A quarter is published, and with the fourth one the year.")
    scope = Scope(places.tree_of(office.session))
    told = drawing_up.drawn(office, period, today, scope)
    live = _live(office, period, today, scope)
    last = told.edition.number if told.edition else 0
    differences = tuple(
        Difference(row.measure, row.label, row.cells[-1].figure, row.cells[-1].now)
        for row in told.table.rows
        if row.cells[-1].now is not None and row.measure not in BY_THE_YEAR
    )
    if period.quarter == 4:
        differences += _of_the_year(told)
    parts_differ = bool(last) and told.facts.without(BY_THE_YEAR) != live.facts.without(BY_THE_YEAR)
    obstacle = ""
    if live.provisional:
        obstacle = (
            f"This quarter ends on {period.last_day:%-d %B %Y}. It can be published from the day after."
        )
    elif all(row.cells[-1].figure.number is None for row in live.table.rows):
        obstacle = "Nothing was recorded in this quarter, so there is nothing to publish."
    elif missing := _unpublished_before(told):
        obstacle = f"Publish {missing.label} first: its numbers go out with this quarter's."
    elif last and not differences and not parts_differ:
        obstacle = "The cases say what was published. There is nothing to revise."
    return Standing(period, last, differences, parts_differ, obstacle), live


def _live(office: Office, period: Period, today: date, scope: Scope) -> Figures:
    """As the cases stand. A theme that was merged since stays apart in a revision: its number could be told by
    subtraction.
    """
    out = editions.of(office, period, scope.place)
    apart = {value for kind, _, value in out[-1].facts.parts if kind == "theme"} if out else set()
    return drawing_up.drawn(office, period, today, scope, live=True, apart=apart)


def _of_the_year(told: Figures) -> tuple[Difference, ...]:
    """What is told by the year is revised with the year's last quarter: with another one, everybody would see that
    something changed of which nothing is told."""
    whole = []
    for measure in BY_THE_YEAR:
        row = told.table.row(measure)
        now = sum_of(cell.now or cell.figure for cell in row.cells)
        if now != row.total.figure:
            whole.append(Difference(measure, f"{row.label}, the whole year", row.total.figure, now))
    return tuple(whole)


def _unpublished_before(told: Figures) -> Period | None:
    """An earlier quarter of the year of which something was recorded and nothing is out."""
    for place, quarter in enumerate(told.table.quarters[:-1]):
        recorded = any(row.cells[place].figure.number is not None for row in told.table.rows)
        if recorded and quarter.edition is None:
            return quarter.period
    return None


def _check_publisher(officer: Officer) -> None:
    if not officer.role.may(Right.PUBLISH):
        raise Refused("A senior officer publishes the figures.")

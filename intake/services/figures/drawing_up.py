"""The quarter and the year: figures as published, or as the cases stand. No key is held here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, Literal

from intake.counts import wall
from intake.counts.facts import Facts
from intake.counts.figures import Figures
from intake.counts.open_figures import BY_THE_YEAR
from intake.counts.published import (
    Published,
    Quarter,
    Recorded,
    figures,
    quarters_up_to,
    tabulate,
)
from intake.counts.quarters import Period
from intake.database import reading
from intake.services.cases import concerns, places, themes
from intake.services.ground.office import Office
from intake.services.ground.refusals import NotFound
from intake.services.ground.roles import Role

from . import editions, labels, tallying
from .coverage import what_is_recorded
from .editions import Frozen
from .tallying import Scope

LIVE: Final = "live"  # asks for the figures as the cases stand, whatever was published
OWN: Final = "own"  # asks for the cases of the role's own vaults, where it does not count all of a measure
Asked = int | Literal["live", "own"] | None  # an edition by its number; None: what was published last


@dataclass(frozen=True)
class Drawn:
    """A quarter drawn up: its line in the table, and its facts."""

    quarter: Quarter
    facts: Facts


def draw_up(
    office: Office,
    period: Period,
    *,
    now: datetime,
    role: Role | None = None,
    holder: str | None = None,
    edition: Asked = None,
    place: str | None = None,
) -> Figures:
    """Everything that a role is told of a quarter or a year, beside the same period a year earlier.

    A published quarter is told as it was published last, with the numbers received that have changed since.
    Of a year the numbers received are those published, and everything else is as the cases stand. `edition`
    asks for "live", all as the cases stand; for one edition of a quarter by its number, told exactly as it was
    then; or for "own", the cases of the role's own vaults, and those that the account `holder` holds by name.
    Without a role it is the council's own report, and nothing is left out. `place`: one directorate, service or team
    alone; what was published of a directorate is told so too. Raises `NotFound` for a place or an edition that is not
    there, or that is not the role's to have.
    """
    today, sight = office.today(now), concerns.sight(office.catalogue, role)
    with reading(office.session):
        scope = Scope(places.tree_of(office.session), place=place)
        if place is not None and place not in scope.tree.places:
            raise NotFound
        if edition == OWN:
            if not sight.part or role is None:
                raise NotFound
            figures = drawn(
                office, period, today, replace(scope, readers=role.counted_readers, holder=holder), live=True
            )
        elif edition is None or edition == LIVE:
            figures = drawn(office, period, today, scope, live=edition == LIVE)
        else:
            figures = _as_it_was_told(office, period, edition, today, scope)
    return wall.told(sight, figures)


def drawn(
    office: Office,
    period: Period,
    today: date,
    scope: Scope,
    *,
    live: bool = False,
    apart: Collection[str] = (),
) -> Figures:
    """The figures before the wall, inside the caller's transaction; of the cases of some vaults alone, with nothing
    published. `apart`: themes that are told by themselves, merged or not."""
    live = live or scope.readers is not None
    recorded = what_is_recorded(office)
    asked = quarters_up_to(period)
    out = {
        quarter: () if live else editions.of(office, quarter, scope.place)
        for year in asked
        for quarter in (year, year.before, year.fourth, year.before.fourth)
    }
    frozen = out[period][-1] if period.quarter and out[period] else None

    def draw(quarter: Period) -> Drawn:
        whole = period.quarter is None or (frozen is None and quarter.quarter == period.quarter)
        return _draw(office, quarter, recorded, today, scope, out[quarter], out[quarter.fourth], facts=whole)

    shown, before = [draw(quarter) for quarter in asked], [draw(quarter.before) for quarter in asked]
    table = tabulate(period, [one.quarter for one in shown], [one.quarter for one in before])
    if frozen is not None:
        facts, prior = frozen.facts, frozen.before
        if not out[period.fourth]:  # what is told by the year stands as the cases do until the year is out
            stands = tallying.tally(office.session, period, today, scope)
            facts = facts.without(BY_THE_YEAR) + replace(stands.only(BY_THE_YEAR), reclassified={})
    else:
        merged = {theme: last for theme, last in themes.merged_themes(office).items() if theme not in apart}
        facts, prior = (_sum(drawn).folded("theme", merged) for drawn in (shown, before))
    return Figures(
        period=period,
        table=table,
        facts=facts,
        before=prior,
        names=labels.names(office, scope.tree, frozen, scope.place),
        drawn_on=today,
        edition=frozen.edition if frozen else None,
        editions=_editions(office, asked, scope) if scope.readers is None else (),
        own=scope.readers is not None,
        part=scope.tree.words(scope.place, today),
    )


def _draw(
    office: Office,
    quarter: Period,
    recorded: Sequence[Recorded],
    today: date,
    scope: Scope,
    out: Sequence[Frozen],
    fourth: Sequence[Frozen],
    *,
    facts: bool,
) -> Drawn:
    """One quarter: its line as it was published last (`out`), its facts as the cases stand.

    What is told by the year is as the editions of its fourth quarter have it, and until then as the cases stand.
    `facts` False when the line is all that is needed.
    """
    whole = tallying.tally(office.session, quarter, today, scope) if facts else None
    receipts = whole.receipts if whole else tallying.receipts(office.session, quarter, scope)
    standing = figures(quarter, receipts, recorded, today=today)
    ended, begun = quarter.last_day < today, quarter.first_day <= today
    if whole:
        whole = whole.without(measure for measure, figure in standing.items() if figure.number is None)
    line = Quarter(quarter, standing, ended=ended, begun=begun)
    if out:
        by_the_year = [one.by_the_year(quarter.quarter or 4) for one in fourth] or [
            {measure: standing[measure] for measure in BY_THE_YEAR}
        ]
        line = Quarter(
            quarter,
            {**out[-1].figures, **by_the_year[-1]},
            edition=out[-1].edition,
            first={**out[0].figures, **by_the_year[0]},
            now=standing,
            ended=ended,
        )
    return Drawn(line, whole or Facts())


def _as_it_was_told(office: Office, period: Period, number: int, today: date, scope: Scope) -> Figures:
    every = editions.of(office, period, scope.place)
    chosen = next((one for one in every if one.edition.number == number), None)
    if period.quarter is None or chosen is None:
        raise NotFound
    asked = quarters_up_to(period)
    columns = [
        (Quarter(quarter, one), Quarter(quarter.before, other))
        for quarter, (one, other) in zip(asked, chosen.columns, strict=True)
    ]
    return Figures(
        period=period,
        table=tabulate(period, [one for one, _ in columns], [other for _, other in columns]),
        facts=chosen.facts,
        before=chosen.before,
        names=labels.names(office, scope.tree, chosen, scope.place),
        drawn_on=today,
        edition=chosen.edition,
        editions=_editions(office, asked, scope),
        part=scope.tree.words(scope.place, today),
    )


def _editions(
    office: Office, quarters: Iterable[Period], scope: Scope
) -> tuple[tuple[Period, Published], ...]:
    return tuple(
        (one.period, one.edition) for quarter in quarters for one in editions.of(office, quarter, scope.place)
    )


def _sum(drawn: list[Drawn]) -> Facts:
    total = Facts()
    for one in drawn:
        total = total + one.facts
    return total

"""Open figures: what the public is told of a published quarter and year, kept with each edition."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from intake.counts.facts import Facts
from intake.counts.figures import Figures
from intake.counts.open_figures import BY_THE_YEAR, Issued, Open
from intake.counts.places import DIRECTORATE, Tree
from intake.counts.published import (
    HELD,
    NOT_RECORDED,
    Cell,
    Figure,
    Quarter,
    Row,
    quarters_up_to,
    sum_of,
    tabulate,
)
from intake.counts.quarters import Period
from intake.counts.suppression import regrouped, release, release_year
from intake.database import reading
from intake.documents.open_report import OpenPeriod
from intake.services.cases import places
from intake.services.ground.office import Office
from intake.services.ground.refusals import NotFound

from . import editions, labels
from .editions import Frozen


def released(office: Office, live: Figures) -> dict[str, Any]:
    """What an edition tells the public, as JSON can hold it, inside the caller's transaction.

    With the last quarter of a year, and with each revision after it, the year is told anew too. What is told by the
    year is counted when its last quarter is published, and counted anew when that is revised.
    """
    quarter = live.period
    below, secret = office.settings.suppress_below, office.key.for_purpose("open-figures")
    earlier = _issued(office, quarter.whole_year)
    figures = {row.measure: row.cells[-1].figure for row in live.table.rows}
    issued = Issued(
        quarter, live.facts, release(quarter, figures, live.facts, earlier, below=below, secret=secret)
    )
    told: dict[str, Any] = {"quarter": issued.told.plain(), "year": None}
    out = {one.period: editions.of(office, one.period)[-1].figures for one in earlier if one.period.quarter}
    out[quarter] = figures
    if len(out) == 4:
        whole = _together(figures, out.values())
        if quarter.quarter == 4:
            whole |= {measure: live.table.row(measure).total.figure for measure in BY_THE_YEAR}
        else:
            last = editions.of(office, quarter.fourth)[-1]
            every = [last.by_the_year(number) for number in (1, 2, 3, 4)]
            whole |= {measure: sum_of(one[measure] for one in every) for measure in BY_THE_YEAR}
        year = release_year(quarter.whole_year, whole, [*earlier, issued], below=below, secret=secret)
        told["year"] = {"facts": year.facts.plain(), "told": year.told.plain()}
    return told


def released_of(office: Office, directorate: str, live: Figures, whole: Figures) -> dict[str, Any]:
    """What an edition of a directorate tells the public: how many were received, and no more; of concerns nothing.

    Nothing at all where services stood elsewhere in what was published of the same year before: a hidden number could
    be worked out from the difference. `whole`: the figures of the authority, as the cases stand too.
    """
    quarter = live.period
    if regrouped(quarter, whole.facts, _issued(office, quarter.whole_year)):
        return {"quarter": None, "year": None}
    figures = {row.measure: row.cells[-1].figure for row in live.table.rows if row.measure not in BY_THE_YEAR}
    told: dict[str, Any] = {"quarter": Open(figures).plain(), "year": None}
    out = {quarter: figures}
    for other in quarters_up_to(quarter.whole_year):
        every = editions.of(office, other, directorate)
        if other != quarter and every and every[-1].open_figures["quarter"]:
            out[other] = dict(Open.from_plain(every[-1].open_figures["quarter"]).receipts)
    if len(out) == 4:
        year = _together(figures, out.values())
        told["year"] = {"facts": Facts().plain(), "told": Open(year).plain()}
    return told


def _together(measures: Iterable[str], quarters: Collection[Mapping[str, Figure]]) -> dict[str, Figure]:
    """The quarters of a year; what an earlier edition has no row for was not recorded in it."""
    return {measure: sum_of(one.get(measure, NOT_RECORDED) for one in quarters) for measure in measures}


def published(office: Office, place: str | None = None) -> tuple[Period, ...]:
    """Every period of which open figures are out: years that are whole, and quarters; the newest first."""
    with reading(office.session):
        quarters = [
            quarter
            for quarter in editions.published_quarters(office, place)
            if editions.of(office, quarter, place)[-1].open_figures["quarter"]
        ]
    years = {quarter.whole_year for quarter in quarters}
    whole = [year for year in years if sum(quarter.year == year.year for quarter in quarters) == 4]
    return tuple(sorted([*whole, *quarters], key=lambda one: (-one.year, -(one.quarter or 5))))


def directorates(office: Office) -> tuple[tuple[str, str], ...]:
    """The directorates of which open figures are out: id and name."""
    with reading(office.session):
        tree = places.tree_of(office.session)
        return tuple(
            (place.id, place.name)
            for place in tree.of_kind(DIRECTORATE)
            if any(
                editions.of(office, quarter, place.id)[-1].open_figures["quarter"]
                for quarter in editions.published_quarters(office, place.id)
            )
        )


def shown(office: Office, period: Period, number: int | None = None, place: str | None = None) -> OpenPeriod:
    """The open figures of a published quarter or year; of a quarter, also of one of its earlier editions.

    Raises `NotFound` for what is not out.
    """
    with reading(office.session):
        asked = quarters_up_to(period)
        tree = places.tree_of(office.session)
        out = {quarter: _told(editions.of(office, quarter, place)) for quarter in asked}
        if not out[asked[-1]] or (period.quarter is None and not all(out.values())):
            raise NotFound
        if period.quarter is None:
            return _year(office, tree, period, out, place)
        own = [one for one in out[period] if number in (None, one.edition.number)]
        if not own:
            raise NotFound
        return _quarter(office, tree, own[-1], out[period], place)


def _told(every: tuple[Frozen, ...]) -> tuple[Frozen, ...]:
    """The editions of which the public is told something."""
    return tuple(one for one in every if one.open_figures["quarter"])


def _quarter(
    office: Office, tree: Tree, frozen: Frozen, out: tuple[Frozen, ...], place: str | None
) -> OpenPeriod:
    """Only the quarter's own column: the others may not be out. Of it, what the public was told."""
    period, told = frozen.period, Open.from_plain(frozen.open_figures["quarter"])
    own = Quarter(period, frozen.figures, edition=frozen.edition, first=out[0].figures)
    table = tabulate(period, [own], [_a_year_before(office, frozen, place)])
    return OpenPeriod(
        period=period,
        table=replace(table, rows=tuple(row for row in table.rows if row.measure in told.receipts)),
        told=told,
        edition=frozen.edition,
        names=labels.names(office, tree, frozen),
        editions=tuple((period, one.edition) for one in out),
        part=tree.places[place].name if place else "",
    )


def _a_year_before(office: Office, frozen: Frozen, place: str | None) -> Quarter:
    """What stands in brackets. Of a directorate what had been told of that quarter by then, and else nothing: by the
    tree of today the number could be another one, and the difference a hidden one.
    """
    quarter, (_, before) = frozen.period.before, frozen.columns[-1]
    if place is None:
        return Quarter(quarter, before)
    told = [one for one in _told(editions.of(office, quarter, place)) if one.sequence < frozen.sequence]
    if told:
        return Quarter(quarter, Open.from_plain(told[-1].open_figures["quarter"]).receipts)
    return Quarter(quarter, dict.fromkeys(before, HELD))


def _year(
    office: Office, tree: Tree, year: Period, out: dict[Period, tuple[Frozen, ...]], place: str | None
) -> OpenPeriod:
    told = [one for every in out.values() for one in every if one.open_figures["year"]]
    if not told:
        raise NotFound
    newest = max(told, key=lambda one: one.sequence)
    last = {quarter: every[-1] for quarter, every in out.items()}
    quarters = [
        Quarter(quarter, last[quarter].figures, last[quarter].edition, first=out[quarter][0].figures)
        for quarter in out
    ]
    before = [_a_year_before(office, last[quarter], place) for quarter in out]
    table = tabulate(year, quarters, before)
    told_of_it = Open.from_plain(newest.open_figures["year"]["told"])
    rows = [
        _by_the_year(office, row, told_of_it, last[year.fourth]) if row.measure in BY_THE_YEAR else row
        for row in table.rows
        if row.measure in told_of_it.receipts
    ]
    return OpenPeriod(
        period=year,
        table=replace(table, rows=tuple(rows)),
        told=told_of_it,
        edition=newest.edition,
        names=labels.names(office, tree, _as_last_called(told)),
        editions=tuple((quarter, one.edition) for quarter, every in out.items() for one in every),
        part=tree.places[place].name if place else "",
    )


def _as_last_called(told: Sequence[Frozen]) -> Frozen:
    """The newest edition, with what themes and services of earlier ones were called when they were told last."""
    order = sorted(told, key=lambda one: one.sequence)
    return replace(
        order[-1],
        themes={theme: words for one in order for theme, words in one.themes.items()},
        services={service: words for one in order for service, words in one.services.items()},
    )


def _by_the_year(office: Office, row: Row, told: Open, fourth: Frozen) -> Row:
    """The number of the year, and of no quarter; last year's as it was told, or as it was known."""
    prior = sum_of(before[row.measure] for _, before in fourth.columns)
    for one in editions.of(office, fourth.period.before):
        if one.open_figures["year"]:
            prior = Open.from_plain(one.open_figures["year"]["told"]).receipts[row.measure]
    total = Cell(told.receipts[row.measure], prior)
    return replace(row, cells=tuple(Cell(HELD, HELD) for _ in row.cells), total=total)


def _issued(office: Office, year: Period) -> list[Issued]:
    """Everything that was published of a year so far, in that order."""
    every = [one for quarter in quarters_up_to(year) for one in editions.of(office, quarter)]
    issued = []
    for one in sorted(every, key=lambda one: one.sequence):
        issued.append(Issued(one.period, one.facts, Open.from_plain(one.open_figures["quarter"])))
        if whole := one.open_figures["year"]:
            issued.append(Issued(year, Facts.from_plain(whole["facts"]), Open.from_plain(whole["told"])))
    return issued

"""The wall between figures that count every case and figures that count only some.

Whoever may open some of the concerns, and not those about themselves, must never find the number of all beside
the number of theirs: the difference would be the number of concerns about them. So there are two kinds of
figures, and nothing holds both:

- *whole*: every case is counted. A role is told the measures of which it counts every case, and no other.
- *own*: the cases of a role's own vaults are counted, as they stand. A role is told the measures of which it
  counts some cases and not all, and no other; nothing published stands beside them, for that was whole.

Whatever an officer is shown, on a page, in a file or by a command, comes out of `told`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from .facts import Facts
from .figures import Figures
from .published import MEASURES, Table


class Mixed(ValueError):
    """Figures that count some cases came with something that counts all: a fault of the program."""


@dataclass(frozen=True)
class Sight:
    """What a role counts: every case of the `whole` measures, some of the `part`, none of any other.

    `procedures`: those whose cases it counts, every one; a move between two of them may be told.
    """

    whole: frozenset[str]
    part: frozenset[str] = frozenset()
    procedures: frozenset[str] | None = None  # None: all


EVERYTHING = Sight(frozenset(MEASURES))


def sight(
    vaults_of: Mapping[str, frozenset[str]],
    by_procedure: Mapping[str, frozenset[str]],
    counted: Collection[str],
) -> Sight:
    """What is counted by whoever counts the cases of some vaults.

    `vaults_of`: the vaults in which cases of a measure may lie; `by_procedure` the same of a procedure.
    """
    counted = frozenset(counted)
    return Sight(
        whole=frozenset(measure for measure in MEASURES if vaults_of[measure] <= counted),
        part=frozenset(
            measure
            for measure in MEASURES
            if vaults_of[measure] & counted and not vaults_of[measure] <= counted
        ),
        procedures=frozenset(name for name, vaults in by_procedure.items() if vaults <= counted),
    )


def told(sight: Sight, figures: Figures) -> Figures:
    """What a role may be told of these figures; the rest is left out, and `hidden` says of what.

    Raises `Mixed` for own figures beside which something published stands.
    """
    if not figures.own:
        return _only(sight, figures, sight.whole, hidden=frozenset(MEASURES) - sight.whole)
    if figures.edition or figures.editions or any(quarter.edition for quarter in figures.table.quarters):
        raise Mixed("Own figures stand beside published ones.")
    return _only(sight, figures, sight.part, hidden=frozenset())


def _only(sight: Sight, figures: Figures, measures: frozenset[str], hidden: frozenset[str]) -> Figures:
    table = figures.table
    quarters = tuple(
        replace(
            quarter,
            figures=_kept(quarter.figures, measures),
            first=_kept(quarter.first, measures),
            now=_kept(quarter.now, measures),
        )
        for quarter in table.quarters
    )
    rows = tuple(row for row in table.rows if row.measure in measures)
    return replace(
        figures,
        table=Table(table.period, quarters, rows),
        facts=_facts(sight, figures.facts, measures, figures.own),
        before=_facts(sight, figures.before, measures, figures.own),
        hidden=hidden,
    )


def _facts(sight: Sight, facts: Facts, measures: frozenset[str], own: bool) -> Facts:
    """Moves from procedure to procedure are counted of all cases, so own figures never tell them."""
    moved = {
        pair: number
        for pair, number in facts.reclassified.items()
        if not own and (sight.procedures is None or sight.procedures.issuperset(pair))
    }
    return replace(facts.without(set(MEASURES) - measures), reclassified=moved)


_Kept = TypeVar("_Kept")


def _kept(by_measure: Mapping[str, _Kept], measures: frozenset[str]) -> dict[str, _Kept]:
    return {measure: figure for measure, figure in by_measure.items() if measure in measures}

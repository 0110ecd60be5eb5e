"""Complaints refused at the door, by the reason of the authority's list (the Code, 8.1). For officers alone.

Last year stands beside it nowhere: what nobody recorded is not 0, and no figure says since when somebody did.
"""

from __future__ import annotations

from collections.abc import Iterable

from intake.counts.facts import NONE
from intake.counts.figures import FAMILIES, OF_ONE_STAGE
from intake.counts.published import MEASURES

from .figures_view import Telling
from .report import Cell, Section, Table
from .wording import number

FIRST_STAGES = (*(stages[0] for stages in FAMILIES.values()), *OF_ONE_STAGE)
TOLD = (
    "Complaints that were not taken on, by the reason of the list. They are among those received at their first "
    "stage, with the outcome “Refused”."
)


def refused(telling: Telling) -> Section | None:
    """The reasons with a column for each kind of complaint of which one was refused."""
    parts = {measure: telling.figures.facts.values("refusal", measure) for measure in FIRST_STAGES}
    held = [
        measure
        for measure in telling.recorded(FIRST_STAGES)
        if any(many for ground, many in parts[measure].items() if ground != NONE)
    ]
    if not held:
        return None
    rows = [
        (Cell(telling.name("refusal", ground)), *_row(telling, held, ground))
        for ground in telling.values("refusal", held)
        if ground != NONE and any(parts[measure].get(ground) for measure in held)
    ]
    every = [sum(many for ground, many in parts[measure].items() if ground != NONE) for measure in held]
    rows.append((Cell("All"), *_with_sum(Cell(number(many), many) for many in every)))
    head = ("Reason", *(MEASURES[measure] for measure in held), *(("All",) if len(held) > 1 else ()))
    caption = f"Complaints refused at the door, {telling.period.label}"
    table = Table(caption, "Refused at the door", head, tuple(rows))
    return Section("Refused at the door", (TOLD,), tables=(table,))


def _row(telling: Telling, held: list[str], ground: str) -> tuple[Cell, ...]:
    cells = []
    for measure in held:
        many = telling.figures.facts.parts.get(("refusal", measure, ground), 0)
        href = telling.link("refusal", measure, ground, telling.period) if many else ""
        cells.append(Cell(number(many), many, href=href))
    return _with_sum(cells)


def _with_sum(counted: Iterable[Cell]) -> tuple[Cell, ...]:
    cells = tuple(counted)
    many = sum(int(cell.number or 0) for cell in cells)
    return (*cells, Cell(number(many), many)) if len(cells) > 1 else cells

"""The published table as JSON; null is "not recorded", which is not 0."""

from __future__ import annotations

import json
from typing import Any

from intake.counts.published import Cell, Quarter, Table


def write(table: Table, part: str = "") -> str:
    """Each measure with its figure, last year's, the change, and its quarters; of a `part` of the authority, if one is
    named. Ends without a line break.
    """
    rows = [
        {
            "measure": row.measure,
            "label": row.label,
            **_cell(row.total),
            "change": row.change,
            "quarters": [
                {"period": quarter.period.label, **_cell(cell)}
                for quarter, cell in zip(table.quarters, row.cells, strict=True)
            ],
        }
        for row in table.rows
    ]
    told = {
        **({"part": part} if part else {}),
        "period": table.period.label,
        "before": table.period.before.label,
        "provisional": table.provisional,
        "quarters": [_quarter(quarter) for quarter in table.quarters],
        "rows": rows,
    }
    return json.dumps(told, indent=2, ensure_ascii=False)


def _cell(cell: Cell) -> dict[str, Any]:
    told: dict[str, Any] = {"count": cell.figure.number, "prior": cell.prior.number}
    if cell.figure.partly or cell.prior.partly:
        told |= {"partly": cell.figure.partly, "prior_partly": cell.prior.partly}
    if cell.revised_from is not None:
        told["first_published"] = cell.revised_from.number
    if cell.now is not None:
        told["now"] = cell.now.number
    return told


def _quarter(quarter: Quarter) -> dict[str, Any]:
    told: dict[str, Any] = {"period": quarter.period.label, "ended": quarter.ended}
    if quarter.edition is not None:
        told |= {
            "edition": quarter.edition.number,
            "published_on": quarter.edition.on.isoformat(),
            "reason": quarter.edition.reason,
        }
    return told

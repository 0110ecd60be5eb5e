"""The published table as text for a terminal, JSON and CSV."""

from __future__ import annotations

import csv
import io
import json

from intake.counts.published import Row, Table

NOT_RECORDED = "not recorded"


def figure(count: int | None) -> str:
    """A figure in words: "not recorded" is not 0."""
    return NOT_RECORDED if count is None else f"{count:,}"


def as_text(table: Table) -> str:
    """The table for a terminal, last year's figure in brackets beside each."""
    head = f"{table.period.label} ({table.period.before.label} in brackets)"
    if table.provisional:
        head += ", provisional: the period has not ended"
    width = max(len(row.label) for row in table.rows)
    lines = [head, ""]
    lines += [f"{row.label:<{width}}  {_marked(row):>14}  ({figure(row.prior)})" for row in table.rows]
    if any(row.partly or row.prior_partly for row in table.rows):
        lines += ["", "* recorded for a part of this or of last year's period only"]
    return "\n".join(lines)


def as_json(table: Table) -> str:
    """The table as JSON; null is "not recorded"."""
    rows = [{"measure": row.measure, "count": row.count, "prior": row.prior} for row in table.rows]
    told = {"period": table.period.label, "provisional": table.provisional, "rows": rows}
    return json.dumps(told, indent=2)


def as_csv(table: Table) -> str:
    """The table as CSV (RFC 4180): every value is ours, so no cell can be a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["measure", "label", table.period.label, table.period.before.label])
    for row in table.rows:
        writer.writerow([row.measure, row.label, _cell(row.count), _cell(row.prior)])
    return out.getvalue()


def _marked(row: Row) -> str:
    return figure(row.count) + ("*" if row.partly or row.prior_partly else "")


def _cell(count: int | None) -> str | int:
    return NOT_RECORDED if count is None else count

"""Lines of the journal as CSV (RFC 4180, UTF-8): day, time, who, act, case.

Times are London's; what is kept to the day has none.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from .csv_file import harmless

HEAD = ("day", "time", "who", "act", "case")
Row = tuple[str, str, str, str, str]


def write(rows: Iterable[Row]) -> str:
    """The lines as a file that no spreadsheet takes for formulas."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for row in rows:
        writer.writerow([harmless(part) for part in row])
    return out.getvalue()

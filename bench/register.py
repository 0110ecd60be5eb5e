"""How fast a register is imported, and how long everybody else who writes has to wait for it.

    python -m bench.register 20000 [FOLDER]

Prints rows a second, from the file's bytes to the commit, and the longest time the writers' lock was held.
"""

from __future__ import annotations

import csv
import io
import random
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bench.fresh import fresh
from intake.database import turns
from intake.register.columns import COLUMNS
from intake.services.figures import coverage
from intake.services.register import importing

NOW = datetime(2026, 5, 5, 10, 0, tzinfo=UTC)
KINDS = (
    ("corporate",) * 12
    + ("statutory",) * 2
    + ("mp enquiry", "general enquiry", "compliment", "ombudsman enquiry")
)
OUTCOMES = ("upheld", "partly upheld", "not upheld")


def invented(rows: int, seed: int = 1) -> bytes:
    """A register of invented cases over ten years, as CSV."""
    chance = random.Random(seed)
    out = io.StringIO()
    table = csv.DictWriter(out, COLUMNS, restval="")
    table.writeheader()
    for number in range(rows):
        kind, day = chance.choice(KINDS), date(2014, 4, 1) + timedelta(days=number * 3650 // rows)
        row = {
            "reference": f"REG-{number:06}",
            "kind": kind,
            "channel": chance.choice(("online", "email", "phone", "letter")),
            "service": f"Service {number % 12}",
            "theme": f"Theme {number % 20}",
            "complainant": f"Person {number}",
            "summary": f"An invented summary of case {number}, of about the usual length of such a line.",
            "received_on": day,
        }
        if kind != "compliment":
            row |= {"stage1_received": day, "stage1_responded": day + timedelta(days=chance.randrange(40))}
            row["stage1_outcome"] = chance.choice(OUTCOMES) if kind in {"corporate", "statutory"} else ""
        if kind == "corporate" and number % 6 == 0:
            later = row["stage1_responded"] + timedelta(days=10)
            answered = later + timedelta(days=chance.randrange(40))
            row |= {"stage2_received": later, "stage2_responded": answered, "stage2_outcome": "upheld"}
        table.writerow(row)
    return out.getvalue().encode()


def main() -> None:
    """Import into a new instance."""
    rows = int(sys.argv[1])
    folder = sys.argv[2] if len(sys.argv) > 2 else None
    with tempfile.TemporaryDirectory(dir=folder) as place:
        with fresh(Path(place), now=NOW, durable=True) as office:
            data, held = invented(rows), _held()
            covers = coverage.read(office, ["2024-25=all"], now=NOW)
            began, last, spent = time.perf_counter(), "", {}
            for step in importing.run(office, data, name="bench.csv", covers=covers, now=NOW):
                what = getattr(step, "what", "Written")
                if what != last:
                    spent[what], last = time.perf_counter() - began, what
            took = time.perf_counter() - began
        size = sum(path.stat().st_size for path in Path(place).glob("intake.db*"))
    print(f"{rows:,} rows in {took:.1f} s: {rows / took:,.0f} rows/s; database {size / 1e6:,.0f} MB")
    print("begun after: " + ", ".join(f"{what} {seconds:.1f} s" for what, seconds in spent.items()))
    print(f"longest time the writers' lock was held: {max(held):.2f} s")


def _held() -> list[float]:
    """How long each holder keeps the lock, from now on."""
    held, inner = [], turns.locked

    @contextmanager
    def measured(path, wait_seconds):
        with inner(path, wait_seconds):
            began = time.perf_counter()
            yield
        held.append(time.perf_counter() - began)

    turns.locked = measured
    return held


if __name__ == "__main__":
    main()

"""How long a quarter takes with 1,000, 100,000 and 1,000,000 cases, and how the database goes about it.

    python -m bench.quarter [CASES ...]

Ten years of invented cases, spread evenly; clear facts alone, since no figure needs more. Each size has its own
database in a temporary folder. The quarter asked for is the last one that has ended.
"""

from __future__ import annotations

import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from intake import config, database, migrating
from intake.counts.quarters import Period
from intake.database import writing
from intake.models import Case, StageReceipt, Theme
from intake.services import demonstration, reporting, tallying
from intake.services.office import assemble, make_server_key

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
FIRST, YEARS = date(2016, 10, 1), 10
QUARTER = Period(2026, 2)
SIZES = (1_000, 100_000, 1_000_000)
SERVICES = [f"Service {number}" for number in range(12)]
THEMES = [uuid.UUID(int=number + 1).hex for number in range(10)]
KINDS = (
    [("corporate", "corporate-stage-1")] * 6
    + [("children-statutory", "statutory-stage-1")]
    + [
        ("mp-enquiry", "mp-enquiries"),
        ("compliment", "compliments"),
        ("general-enquiry", "general-enquiries"),
    ]
)


def invented(cases: int, random: Random) -> Iterator[tuple[dict, list[dict]]]:
    """Cases and their receipts, as rows."""
    for identity in sorted(random.getrandbits(128) for _ in range(cases)):
        procedure, measure = random.choice(KINDS)
        day = FIRST + timedelta(days=random.randrange(365 * YEARS))
        case = {
            "id": f"{identity:032x}",
            "reference": f"{identity:032x}"[:12],
            "procedure": procedure,
            "version": "1",
            "level": "named",
            "channel": random.choice(("online", "email", "phone", "letter")),
            "service": random.choice(SERVICES),
            "theme_id": random.choice(THEMES),
            "received_on": day,
            "stage": "stage-1",
            "closed_on": day + timedelta(days=30),
            "escalation": 0,
            "revision": 1,
            "journalled": True,
        }
        yield case, list(_receipts(case, measure, random))


def _receipts(case: dict, measure: str, random: Random) -> Iterator[dict]:
    day, stages = case["received_on"], 1
    if "stage" in measure:
        stages += (random.random() < 0.2) + (random.random() < 0.05)
    for number in range(1, stages + 1):
        took = random.randrange(3, 40)
        yield {
            "case_id": case["id"],
            "stage": f"stage-{number}",
            "number": number,
            "measure": measure.replace("stage-1", f"stage-{number}"),
            "reader": "complaints",
            "received_on": day,
            "responded_on": day + timedelta(days=took),
            "outcome": random.choice(("upheld", "partly-upheld", "not-upheld")),
            "due_on": day + timedelta(days=14),
            "met_on": day + timedelta(days=took),
            "working_days": took * 5 // 7,
            "extensions": random.random() < 0.1,
            "next_stage": "opened" if number < stages else None,
            "service": case["service"],
            "theme_id": case["theme_id"],
            "channel": case["channel"],
            "allocated_in": 1 if number == 1 else None,
        }
        day += timedelta(days=took + 10)


def filled(place: Path, cases: int):
    """An instance with so many cases; returns its settings and engine."""
    place.mkdir(parents=True)
    (place / "settings.toml").write_text("demonstration = true\n")
    settings = config.load(place)
    make_server_key(settings)
    engine = database.connect(settings.url, durable=False)
    migrating.upgrade(engine)
    with Session(engine) as session:
        office = assemble(settings, session)
        demonstration.set_up(office, now=NOW)
        reporting.start_recording(office, FIRST, now=NOW)
        with writing(session):
            session.execute(insert(Theme), [{"id": theme, "name": f"Theme {theme[-2:]}"} for theme in THEMES])
            batch, rows = [], []
            for case, receipts in invented(cases, Random(7)):
                batch.append(case)
                rows += receipts
                if len(batch) == 10_000:
                    session.execute(insert(Case), batch)
                    session.execute(insert(StageReceipt), rows)
                    batch, rows = [], []
            if batch:
                session.execute(insert(Case), batch)
                session.execute(insert(StageReceipt), rows)
        database.rewrite(engine)
    return settings, engine


def measure(settings, engine, period: Period) -> float:
    """The median of seven drawings of a period, in seconds."""
    times = []
    with Session(engine) as session:
        office = assemble(settings, session)
        for _ in range(7):
            start = time.perf_counter()
            reporting.draw_up(office, period, now=NOW)
            times.append(time.perf_counter() - start)
    return sorted(times)[3]


def plan(engine, period: Period) -> list[str]:
    """How SQLite goes about the tallies of a period."""
    query = (
        select(StageReceipt.measure, tallying.VALUES["theme"], func.count())
        .where(*tallying.of(period, None))
        .group_by(StageReceipt.measure, tallying.VALUES["theme"])
    )
    text = str(query.compile(engine, compile_kwargs={"literal_binds": True}))
    with engine.connect() as connection:
        return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}")]


def main(sizes: list[int]) -> None:
    """Print the table."""
    base = None
    with tempfile.TemporaryDirectory() as folder:
        print(
            f"{'cases':>10} {'receipts in the quarter':>24} {'quarter s':>10} {'year s':>8} {'times the first':>16}"
        )
        for cases in sizes:
            settings, engine = filled(Path(folder) / str(cases), cases)
            with Session(engine) as session:
                inside = sum(tallying.receipts(session, QUARTER).values())
            quarter, year = measure(settings, engine, QUARTER), measure(settings, engine, Period(2025))
            base = base or quarter
            print(f"{cases:>10,} {inside:>24,} {quarter:>10.3f} {year:>8.3f} {quarter / base:>16.1f}")
            if cases == sizes[-1]:
                print(*plan(engine, QUARTER), sep="\n")
            engine.dispose()


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or list(SIZES))

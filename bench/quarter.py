"""How long a quarter takes with 1,000, 100,000 and 1,000,000 cases, and how the database goes about it.

    python -m bench.quarter [CASES ...]

Ten years of invented cases, spread evenly; clear facts alone, since no figure needs more, and envelopes that hold
nothing, since only their place counts. Each size has its own database in a temporary folder. The quarter asked for is
the last one that has ended: its figures alone, then the officers' page, the list behind its largest number, the year.
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from bench.fresh import fresh
from intake import config, create_app, database
from intake.counts.places import Tree
from intake.counts.quarters import Period
from intake.database import writing
from intake.demonstration import living
from intake.models import NO_DAY, Case, PlaceRow, StageReceipt, Theme
from intake.services.figures import coverage, drawing_up, tallying
from intake.services.ground.office import assemble

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
FIRST, YEARS = date(2016, 10, 1), 10
QUARTER = Period(2026, 2)
SIZES = (1_000, 100_000, 1_000_000)
PLACES = [uuid.UUID(int=number + 101).hex for number in range(12)]
THEMES = [uuid.UUID(int=number + 1).hex for number in range(10)]
ENVELOPES = (
    "INSERT INTO envelopes (keyholder, case_id, scope, sealed) "
    "SELECT 'vault:complaints', id, 'case', x'00' FROM cases ORDER BY id"
)
PAGES = {
    "page": "/staff/counts?year=2026-27&quarter=2",
    "list": "/staff/counts/cases?year=2026-27&quarter=2&measure=corporate-stage-1",
    "year's page": "/staff/counts?year=2025-26",
}
KINDS = (
    [("corporate", "two-stage", "corporate-stage-1")] * 6
    + [("children-statutory", "2006", "statutory-stage-1"), ("mp-enquiry", "1", "mp-enquiries")]
    + [("compliment", "1", "compliments"), ("general-enquiry", "1", "general-enquiries")]
)


def invented(cases: int, random: Random) -> Iterator[tuple[dict, list[dict]]]:
    """Cases and their receipts, as rows."""
    for identity in sorted(random.getrandbits(128) for _ in range(cases)):
        procedure, version, measure = random.choice(KINDS)
        day = FIRST + timedelta(days=random.randrange(365 * YEARS))
        case = {
            "id": f"{identity:032x}",
            "reference": f"{identity:032x}"[:12],
            "procedure": procedure,
            "version": version,
            "level": "named",
            "channel": random.choice(("online", "email", "phone", "letter")),
            "place_id": random.choice(PLACES),
            "theme_id": random.choice(THEMES),
            "received_on": day,
            "reader": "complaints",
            "list_day": NO_DAY,
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
            "place_id": case["place_id"],
            "theme_id": case["theme_id"],
            "channel": case["channel"],
            "allocated_in": 1 if number == 1 else None,
            "refusal": None,
        }
        day += timedelta(days=took + 10)


def filled(place: Path, cases: int) -> config.Settings:
    """An instance with so many cases; returns its settings."""
    with fresh(place, now=NOW) as office:
        session = office.session
        coverage.start_recording(office, FIRST, now=NOW)
        with writing(session):
            session.execute(insert(Theme), [{"id": theme, "name": f"Theme {theme[-2:]}"} for theme in THEMES])
            session.execute(
                insert(PlaceRow),
                [{"id": place, "kind": "service", "name": f"Service {place[-2:]}"} for place in PLACES],
            )
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
            session.execute(text(ENVELOPES))
        database.rewrite(session.get_bind())
    return office.settings


def timed(act) -> float:
    """The median of five goes, in seconds."""
    times = []
    for _ in range(5):
        start = time.perf_counter()
        act()
        times.append(time.perf_counter() - start)
    return sorted(times)[2]


def pages(settings) -> dict[str, float]:
    """Seconds for each page, from the request to the last byte, for the complaints manager."""
    browser = create_app(settings).test_client()
    form = browser.get("/staff/sign-in").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)[1]
    sign_in = {
        "csrf_token": token,
        "email": "manager@demonstration.example",
        "password": living.PASSWORD,
    }
    if browser.post("/staff/sign-in", data=sign_in).status_code != 303:
        raise SystemExit("the manager could not sign in")

    def visit(address: str) -> None:
        if browser.get(address).status_code != 200:
            raise SystemExit(f"{address} does not answer")

    return {name: timed(lambda address=address: visit(address)) for name, address in PAGES.items()}


def plan(engine, period: Period) -> list[str]:
    """How SQLite goes about the tallies of a period."""
    query = (
        select(StageReceipt.measure, tallying.values(NOW.date())["theme"], func.count())
        .where(*tallying.of(period, tallying.Scope(Tree({}))))
        .group_by(StageReceipt.measure, tallying.values(NOW.date())["theme"])
    )
    written = query.compile(engine, compile_kwargs={"literal_binds": True})
    with engine.connect() as connection:
        return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {written}")]


def main(sizes: list[int]) -> None:
    """Print the table, in multiples of the first size's figures."""
    base = None
    with tempfile.TemporaryDirectory() as folder:
        for cases in sizes:
            settings = filled(Path(folder) / str(cases), cases)
            engine = database.connect(settings.url)
            with Session(engine) as session:
                office = assemble(settings, session)
                inside = sum(tallying.receipts(session, QUARTER, tallying.Scope(Tree({}))).values())
                told = {"figures": timed(lambda office=office: drawing_up.draw_up(office, QUARTER, now=NOW))}
            told |= pages(settings)
            if base is None:
                base = told["figures"]
                print(f"1 = {base * 1000:.0f} ms")
                print(f"{'cases':>10} {'in the quarter':>15}", *(f"{name:>12}" for name in told))
            print(f"{cases:>10,} {inside:>15,}", *(f"{seconds / base:>12.1f}" for seconds in told.values()))
            if cases == sizes[-1]:
                print(f"the last line in seconds: {', '.join(f'{n} {s:.2f}' for n, s in told.items())}")
                print(*plan(engine, QUARTER), sep="\n")
            engine.dispose()


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or list(SIZES))

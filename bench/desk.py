"""What the team's day costs with 100, 10,000 and 100,000 cases, on both databases: lists, a case, fifty cases at once.

    python -m bench.desk [CASES ...]

Instances of ten years (`bench.years`) on SQLite and on a PostgreSQL server of its own, in a temporary folder. The
complaints manager's pages are asked for from all of them by turns, so that whatever else the machine does falls on all
alike; told is the median of each in multiples of the same page with the fewest cases, and those in milliseconds.
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

from bench import years
from intake import create_app
from intake.demonstration import living
from tests import postgresql

SIZES = (100, 10_000, 100_000)
ROUNDS = 9
PAGES = {
    "first page": "/staff/",
    "overdue": "/staff/?view=overdue",
    "to close": "/staff/?view=to-close",
    "closed": "/staff/?view=closed",
    "narrowed": "/staff/?view=open&procedure=corporate&stage=stage-1",
    "by receipt": "/staff/?view=open&order=received",
    "who has how much": "/staff/load",
}


class Manager:
    """The complaints manager's browser, signed in to one instance."""

    def __init__(self, settings) -> None:
        self.browser = create_app(settings).test_client()
        self.press("/staff/sign-in", email="manager@demonstration.example", password=living.PASSWORD)
        self.turns = 0

    def visit(self, address: str) -> str:
        page = self.browser.get(address)
        if page.status_code != 200:
            raise SystemExit(f"{address} answers {page.status_code}")
        return page.text

    def press(self, address: str, *, on: str = "", **typed) -> None:
        page = on or self.visit(address)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        answer = self.browser.post(address, data={"csrf_token": token, **typed})
        if answer.status_code not in (200, 303):
            raise SystemExit(f"{address} answers {answer.status_code} to a press")

    def timed(self) -> dict[str, float]:
        """Seconds for each page, then for a case and for fifty of them at one press."""
        took = {name: _seconds(lambda at=at: self.visit(at)) for name, at in PAGES.items()}
        page = self.visit("/staff/?view=open")
        cases = re.findall(r'name="case" value="([^"]+)"', page)
        took["a case"] = _seconds(lambda: self.visit(f"/staff/cases/{cases[0].partition('.')[0]}"))
        places = re.findall(r'<option value="([0-9a-f]{32})"', page.partition('name="place"')[2])
        self.turns += 1
        place = places[self.turns % 2]
        took[f"{len(cases)} at one press"] = _seconds(
            lambda: self.press("/staff/bulk", on=page, case=cases, act="place", place=place)
        )
        return took


def _seconds(act) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def main(sizes: list[int]) -> None:
    now, filled = datetime.now(UTC), {}
    with tempfile.TemporaryDirectory() as folder, postgresql.of_its_own() as server:
        for size in sizes:
            name = f"bench_{size}"
            server.do(f'CREATE DATABASE "{name}"')
            url = server.url(name).replace("+psycopg", "")
            for kind, more in (("SQLite", ""), ("PostgreSQL", f'database_url = "{url}"\n')):
                began = time.perf_counter()
                settings = years.made(Path(folder) / f"{size}-{kind}", size, now=now, more=more)
                filled[kind, size] = settings
                print(f"{kind}, {size:,}: filled in {time.perf_counter() - began:.0f} s", file=sys.stderr)
            server.do("ANALYZE", name)
        managers = {key: Manager(settings) for key, settings in filled.items()}
        took = defaultdict(lambda: defaultdict(list))
        for turn in range(ROUNDS + 1):
            for key, manager in managers.items():
                for page, seconds in manager.timed().items():
                    if turn:  # the first warms up
                        took[page][key].append(seconds)
        _tell(took, sizes)


def _tell(took, sizes: list[int]) -> None:
    head = [f"{size:>12,}" for size in sizes[1:]]
    print(f"{'':<20}{'':<12}{sizes[0]:>10,}", *head)
    for page, by_key in took.items():
        for kind in ("SQLite", "PostgreSQL"):
            median = [statistics.median(by_key[kind, size]) for size in sizes]
            ratios = [f"{one / median[0]:>11.2f}x" for one in median[1:]]
            print(f"{page:<20}{kind:<12}{median[0] * 1000:>7.0f} ms", *ratios)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or list(SIZES))

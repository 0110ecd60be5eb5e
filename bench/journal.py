"""What a page of the journal takes with 10,000 and 1,000,000 lines, and what a check of all of it takes.

    python -m bench.journal [LINES ...]

Ten years of invented lines on invented cases, one in a thousand of them of a concern; each size has its own database in
a temporary folder. No page may take longer for the years: compare one line of the table with the other.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import insert, select, text

from bench.fresh import fresh
from bench.quarter import ENVELOPES, invented
from intake.database import writing
from intake.demonstration import living, words
from intake.models import Case
from intake.services.ground import journal
from intake.services.ground.journal import Act
from intake.services.ground.office import Office
from intake.services.ground.roles import Officer
from intake.services.journal import checking, lines, taking_out
from intake.services.journal.lines import Asked, Place
from intake.services.people import signing_in

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
YEARS = 10
SIZES = (10_000, 1_000_000)
OFTEN = (
    Act.NOTE,
    Act.WRITE,
    Act.ACKNOWLEDGE,
    Act.RESPOND,
    Act.ALLOCATED,
    Act.CLASSIFIED,
    Act.READ,
    Act.CLOSE,
)
AT_ONCE = 10_000
DAY = date(2026, 10, 20)


def filled(office: Office, number: int, people: list[str], concerned: str) -> None:
    """So many lines in ten years, on a twentieth as many cases."""
    random = Random(7)
    cases = [case for case, _ in invented(max(number // 20, 100), random)]
    for case in cases[::1000]:
        case |= {"procedure": "whistleblowing", "reader": "whistleblowing"}
    for case in cases:
        case |= {"place_id": None, "theme_id": None}
    of_concerns = {case["id"] for case in cases[::1000]}
    ids = [case["id"] for case in cases]
    with writing(office.session):
        for start in range(0, len(cases), AT_ONCE):
            office.session.execute(insert(Case), cases[start : start + AT_ONCE])
        office.session.execute(text(ENVELOPES.replace("'vault:complaints'", "'vault:' || reader")))
    begin = NOW - timedelta(days=365 * YEARS)
    step = (NOW - begin) / number
    for start in range(0, number, AT_ONCE):
        told = []
        for place in range(start, min(start + AT_ONCE, number)):
            case_id = random.choice(ids)
            who = concerned if case_id in of_concerns else random.choice(people)
            act = Act.OPENED_IDENTITY if random.random() < 0.0005 else random.choice(OFTEN)
            told.append((begin + step * place, who, act, case_id, {}))
        with writing(office.session):
            journal._append(office.session, told)


def pages(office: Office, officer: Officer, auditor: Officer) -> Iterator[tuple[str, Callable[[], object]]]:
    """What is asked for, by its name."""
    with_case = office.session.scalar(select(Case.reference).limit(1)) or ""
    office.session.rollback()
    middle = datetime(DAY.year - 4, 6, 1, tzinfo=UTC)
    old = {"first": middle.date() - timedelta(days=300), "last": middle.date()}

    def leaf(who: Officer, place: Place | None = None, **asked: object) -> Callable[[], object]:
        return lambda: lines.leaf(office, who, Asked(**asked), place, now=NOW)  # type: ignore[arg-type]

    yield "officer's first page", leaf(officer)
    yield "auditor's first page", leaf(auditor)
    yield "auditor, older", leaf(auditor, Place(NOW - timedelta(days=20), 1))
    yield "auditor, a year, a rare act", leaf(auditor, act="opened-identity", first=DAY - timedelta(days=366))
    yield "auditor, years ago", leaf(auditor, **old)
    yield "auditor, one person, years ago", leaf(auditor, actor=officer.id, **old)
    yield "officer, one case, a year", leaf(officer, case=with_case, first=DAY - timedelta(days=366))
    yield (
        "auditor's file of a month",
        lambda: taking_out.file(office, auditor, Asked(first=DAY - timedelta(days=30), last=DAY), now=NOW),
    )


def timed(act: Callable[[], object], times: int = 5) -> float:
    """The median, in milliseconds of CPU: SQLite works in this process, and a busy machine is no fault of the page."""
    took = []
    for _ in range(times):
        begun = time.process_time()
        act()
        took.append((time.process_time() - begun) * 1000)
    return statistics.median(took)


def signed_in(office: Office) -> dict[str, Officer]:
    """The officers of a demonstration, by role."""
    found = {}
    for email, _, role in words.OFFICERS:
        cookie = signing_in.sign_in(office, email, living.PASSWORD, "", now=NOW)
        if officer := signing_in.resume(office, cookie, now=NOW):
            found[role] = officer
    return found


def measured(office: Office, size: int) -> dict[str, float]:
    """What each page takes with so many lines, in milliseconds."""
    people = signed_in(office)
    officer, auditor = people["complaints-officer"], people["auditor"]
    team = [one.id for role, one in people.items() if role.startswith("complaints")]
    filled(office, size, team, people["monitoring-officer"].id)
    took = {name: timed(act) for name, act in pages(office, officer, auditor)}
    mark = checking.take_mark(office, auditor, now=NOW)
    took["a check of all"] = timed(lambda: checking.hold(office, auditor, mark), times=1)
    return took


def main(sizes: list[int]) -> None:
    """A table, one column a size."""
    table: dict[str, list[float]] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder, fresh(Path(folder) / "instance", now=NOW) as office:
            for name, took_ms in measured(office, size).items():
                table.setdefault(name, []).append(took_ms)
    print(f"{'ms of CPU':34}" + "".join(f"{size:>12,}" for size in sizes) + f"{'ratio':>9}")
    for name, took in table.items():
        print(f"{name:34}" + "".join(f"{one:12.1f}" for one in took) + f"{took[-1] / took[0]:9.1f}")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or list(SIZES))

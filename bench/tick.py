"""How long somebody who sends has to wait while a tick takes a thousand steps that fell due at once.

    python -m bench.tick [FOLDER]

Two processes on an instance of its own: one sends all the time, first alone and then as long beside the tick. Told are
the longest waits, and how many sends there were beside the tick for each one without it. The tick is measured by its
steps alone: the night's rewrite has a measurement of its own.
"""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bench.served import HERE, intake
from intake import config, database
from intake.models import StepRow
from intake.services.cases.words import Answer
from intake.services.ground import press
from intake.services.ground.office import Office, assemble
from intake.services.holders import submitting
from intake.services.holders.submitting import Submission
from intake.services.tick import escalation

DUE = 1_000
ARRIVED, LATER = datetime(2026, 6, 1, 10, 0, tzinfo=UTC), timedelta(days=90)


def opened(place: Path, *, durable: bool = True) -> Office:
    """The office of an instance."""
    settings = config.load(place, overrides={"hour_submissions": 1_000_000, "ceiling_submissions": 1_000_000})
    return assemble(settings, Session(database.connect(settings.url, durable=durable)))


def send(office: Office, now: datetime) -> float:
    """One submission, in seconds."""
    what = Submission("corporate", "named", (Answer("What happened?", "Something. " * 20),))
    began = time.perf_counter()
    submitting.receive(office, what, token=press.new_token(), now=now)
    return time.perf_counter() - began


def fill(place: Path) -> int:
    """So many cases that a thousand steps are due by then; returns how many."""
    office, due = opened(place, durable=False), 0
    steps = select(func.count()).select_from(StepRow).where(StepRow.falls_on <= (ARRIVED + LATER).date())
    while due < DUE:
        for _ in range(10):
            send(office, ARRIVED)
        due = office.session.scalar(steps)
        office.session.rollback()
    return due


def sends_until(office: Office, over) -> list[float]:
    """The seconds of each send, one after another, until it is over."""
    waited = []
    while not over():
        waited.append(send(office, ARRIVED + LATER))
    return waited


def main(place: Path) -> None:
    """Print the waits and the ratio."""
    intake("init", "--demonstration", place=place)
    due = fill(place)
    office = opened(place)
    send(office, ARRIVED + LATER)
    began = time.perf_counter()
    tick = subprocess.Popen([sys.executable, "-m", "bench.tick", "--take", str(place)], cwd=HERE)  # noqa: S603
    beside = sends_until(office, lambda: tick.poll() is not None)
    took = time.perf_counter() - began
    if tick.returncode:
        raise SystemExit("the tick failed")
    until = time.perf_counter() + took
    alone = sends_until(office, lambda: time.perf_counter() > until)
    print(
        f"{due} steps due, taken in {took:.1f} s: the longest send {max(beside):.2f} s (alone {max(alone):.2f} s), "
        f"{len(beside) / len(alone):.2f} sends for each one without a tick",
        flush=True,
    )


def take(place: Path) -> None:
    """The tick, in a process of its own."""
    tick = escalation.run(opened(place), now=ARRIVED + LATER)
    if tick.faults or len(tick.taken) < DUE:
        raise SystemExit(f"{len(tick.taken)} taken, {tick.faults}")


if __name__ == "__main__":
    if "--take" in sys.argv:
        take(Path(sys.argv[-1]))
    else:
        with TemporaryDirectory(prefix="bench-", dir=next(iter(sys.argv[1:]), None)) as folder:
            main(Path(folder, "instance"))

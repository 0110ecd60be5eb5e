"""The night's work on a large instance while four people send all the time: how long they wait, and who is refused.

    python -m bench.night FOLDER

FOLDER is an instance that nobody uses; a day of 300 submissions is put in, twice. The first night writes the whole file
anew, as every night did once; the second hides the day alone.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intake import config, database
from intake.models import Case
from intake.services.cases.words import Answer
from intake.services.ground import journal, press
from intake.services.ground.office import Office, assemble
from intake.services.holders import submitting
from intake.services.holders.submitting import Submission

SENDERS, A_DAY, WARM = 4, 300, 15
NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def opened(folder: Path) -> Office:
    settings = config.load(folder)
    return assemble(settings, Session(database.connect(settings.url)))


def send(office: Office, now: datetime) -> None:
    submission = Submission("corporate", "named", (Answer("What happened?", "Something. " * 20),))
    submitting.receive(office, submission, token=press.new_token(), now=now)


def send_for_ever(folder: Path, now: datetime) -> None:
    """In a process of its own: a line for each send, with when it began, how long it took and whether it was kept."""
    office = opened(folder)
    while True:
        began, kept = time.monotonic(), 1
        try:
            send(office, now)
        except database.NotStored:
            kept = 0
        print(began, time.monotonic() - began, kept, flush=True)


def beside_senders(folder: Path, now: datetime, night: Callable[[], object]) -> None:
    command = [sys.executable, "-m", "bench.night", str(folder), now.isoformat()]
    senders = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603
        for _ in range(SENDERS)
    ]
    told: list[tuple[float, float, float]] = []

    def listen(sender) -> None:
        for line in sender.stdout:
            if line.endswith("\n"):  # the last one may be cut off
                began, took, kept = map(float, line.split())
                told.append((began, took, kept))

    listeners = [threading.Thread(target=listen, args=(sender,)) for sender in senders]
    for listener in listeners:
        listener.start()
    while len(told) < SENDERS * WARM:
        time.sleep(0.1)
    began = time.monotonic()
    night()
    ended = time.monotonic()
    time.sleep(2)
    for sender in senders:
        sender.kill()
    for listener in listeners:
        listener.join()
    before = [took for at, took, _ in told[SENDERS:] if at + took <= began]
    waits = [took for at, took, _ in told if at < ended and at + took > began]
    print(
        f"{ended - began:6.1f} s; {len(waits)} sends, longest {max(waits):.2f} s (before it {max(before):.2f} s), "
        f"median {statistics.median(waits):.3f} s, refused {sum(not kept for _, _, kept in told)}"
    )


def main() -> None:
    folder = Path(sys.argv[1])
    if len(sys.argv) > 2:
        return send_for_ever(folder, datetime.fromisoformat(sys.argv[2]))
    office = opened(folder)
    engine, now = office.session.get_bind(), NOON
    cases = office.session.scalar(select(func.count()).select_from(Case))
    print(f"{cases} cases, {Path(engine.url.database).stat().st_size / 1e6:.0f} MB")
    send(office, now - timedelta(days=1))
    journal.close_the_day(office, now=now)  # after which the file is prepared
    for name, night in (("the file written anew", whole), ("the day hidden", by_the_day)):
        for _ in range(A_DAY):
            send(office, now)
        now += timedelta(days=1)
        os.sync()  # what was written until now is not this night's
        print(f"{name:22}", end="", flush=True)
        beside_senders(folder, now, partial(night, office, now))


def whole(office: Office, _now: datetime) -> None:
    database.rewrite(office.session.get_bind())


def by_the_day(office: Office, now: datetime) -> None:
    journal.close_the_day(office, now=now)


if __name__ == "__main__":
    main()

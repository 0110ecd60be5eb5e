"""How long a vault of many cases takes to get another key while reporters send, and how long they wait for it.

    python -m bench.rotation [CASES] [DATABASE_URL]

Invented complaints (10,000) under a name, of which each has two envelopes, in an instance of its own on SQLite; with
DATABASE_URL, an empty database of PostgreSQL, moved there before. Eight reporters go from the start page to their
receipt again and again: as long without it first as then beside it. A member changes the key in a process of its own.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, select

from bench.browser import Browser, journey
from bench.moving import fill
from bench.served import HERE, intake, served
from bench.tick import opened
from intake.demonstration.living import PASSWORD
from intake.models import Envelope
from intake.services.people import rewrapping, rotating

REPORTERS, ALONE_SECONDS = 8, 20.0
VAULT, MEMBER = "complaints", "manager@demonstration.example"


def rotate(place: Path) -> None:
    """What the command does once the paper is there; prints the seconds of it all, and of sealing anew alone."""
    office, now = opened(place), datetime.now(UTC)
    ring = rotating.with_password(office, VAULT, MEMBER, PASSWORD, "", now=now)
    shown, new = rotating.who_stays(office, ring, now=now), rotating.draw(office, VAULT)
    began = time.perf_counter()
    ring = rotating.begin(office, ring, new, shown, {}, now=now)
    begun = time.perf_counter()
    done = rewrapping.seal_anew(office, ring)
    if done.broken or not rewrapping.finish(office, ring, now=now):
        raise SystemExit("it is not whole")
    ended = time.perf_counter()
    print(
        f"begun in {begun - began:.2f} s, {done.anew:,} envelopes sealed anew in {ended - begun:.1f} s",
        flush=True,
    )


def reports(port: int, over: threading.Event) -> list[float]:
    """What each final send of all reporters took, in seconds, until it is over. Any error ends it."""
    took: list[float] = []
    wrong: list[BaseException] = []

    def reporter() -> None:
        while not over.is_set():
            try:
                browser = Browser(port)
                where, fields = browser.fill_in()
                began = time.perf_counter()
                status, text = browser.open(where, fields)
                took.append(time.perf_counter() - began)
                if 'class="receipt"' not in text:
                    raise SystemExit(f"no receipt; the last answer was {status}")
            except BaseException as error:
                wrong.append(error)
                over.set()

    people = [threading.Thread(target=reporter) for _ in range(REPORTERS)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    if wrong:
        raise SystemExit(f"a reporter met an error: {wrong[0]!r}")
    return took


def until_it_ends(process: subprocess.Popen, over: threading.Event) -> threading.Thread:
    """Waits for a process beside the reporters."""

    def wait() -> None:
        process.wait()
        over.set()

    waiting = threading.Thread(target=wait)
    waiting.start()
    return waiting


def told(what: str, took: list[float], seconds: float) -> str:
    """A line about sends."""
    each = f"median {1000 * statistics.median(took):.0f} ms, longest {1000 * max(took):.0f} ms"
    return f"{what:<8} {len(took):5} sends in {seconds:6.1f} s ({len(took) / seconds:5.1f} a second), {each}"


def main(cases: int, url: str) -> None:
    """Print what it took, and the ratios."""
    with TemporaryDirectory(prefix="bench-") as folder:
        place = Path(folder) / "instance"
        fill(place, cases)
        if url:
            intake("migrate-to", url, "--set", place=place)
            intake("check", place=place)  # its first use, which two workers would make at once
        with served("house", place) as port:
            for _ in range(4):
                journey(port)  # warms templates up
            over = threading.Event()
            threading.Timer(ALONE_SECONDS, over.set).start()
            before, over = reports(port, over), threading.Event()
            command = [sys.executable, "-m", "bench.rotation", "--rotate", str(place)]
            began = time.perf_counter()
            process = subprocess.Popen(command, cwd=HERE)  # noqa: S603
            waiting = until_it_ends(process, over)
            beside = reports(port, over)
            waiting.join()
            seconds = time.perf_counter() - began
        if process.returncode:
            raise SystemExit("it was not changed")
        office = opened(place)
        under = office.session.scalar(select(func.count(func.distinct(Envelope.sealed_to))))
    print(told("alone", before, ALONE_SECONDS))
    print(told("beside", beside, seconds))
    ratio = (len(beside) / seconds) / (len(before) / ALONE_SECONDS)
    print(f"beside it {ratio:.2f} of the sends without it, no error; {under} key under which anything lies")


if __name__ == "__main__":
    if "--rotate" in sys.argv:
        rotate(Path(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000, sys.argv[2] if len(sys.argv) > 2 else "")

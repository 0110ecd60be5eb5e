"""How many reporters are served while officers work, beside how many when none does.

    python -m bench.beside FOLDER [--house FOLDER]... [--officers NUMBER] [--pause SECONDS] [--seconds NUMBER]

FOLDER is an instance that `bench.years` made; each house serves a copy of it. Reporters (4) go from the start page to
their receipt, again and again. Officers (10) open the list, leaf on, open a case, look for another, and rest for a
pause (1 second) after each page, as fast readers do. Told is how many pages reporters are answered in the time (20
seconds) beside officers, as a ratio to the same time without them, in turns.
"""

from __future__ import annotations

import argparse
import html
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.browser import Browser, Page, journey
from intake.demonstration.living import PASSWORD

REPORTERS = 4
ROUNDS = 3
HERE = Path(__file__).resolve().parent


def signed_in(port: int) -> Browser:
    """An officer at a desk."""
    browser = Browser(port)
    fields = Page(browser.open("/staff/sign-in")[1]).fields()
    said = {"email": "officer@demonstration.example", "password": PASSWORD}
    if "Sign out" not in browser.open("/staff/sign-in", fields | said)[1]:
        raise SystemExit("the officer could not sign in")
    return browser


def work(browser: Browser, pause: float, stop: threading.Event, took: list[float]) -> None:
    """The list, the page after it, a case, the case that is looked for: until told to stop."""
    addresses = ["/staff/"]
    while not stop.is_set():
        began = time.perf_counter()
        status, text = browser.open(addresses.pop(0))
        took.append(time.perf_counter() - began)
        if status != 200:
            raise SystemExit(f"an officer was answered {status}")
        if not addresses:
            cases = re.findall(r'href="(/staff/cases/[\w-]+)"', text)
            onward = [html.unescape(way) for way in re.findall(r'href="([^"]+)" rel="next"', text)]
            addresses = [
                *onward[:1],
                *cases[:1],
                *(f"/staff/?search={case[-8:]}" for case in cases[1:2]),
                "/staff/",
            ]
        stop.wait(pause)


def pages_of_reporters(port: int, seconds: float) -> int:
    """How many pages all reporters are answered in so many seconds."""
    until, answered = time.perf_counter() + seconds, []

    def reporter() -> None:
        while time.perf_counter() < until:
            browser = Browser(port)
            _, text = browser.open("/")
            while 'class="receipt"' not in text and time.perf_counter() < until:
                _, text = browser.open(*Page(text).press())
                answered.append(1)

    people = [threading.Thread(target=reporter) for _ in range(REPORTERS)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    return len(answered)


@contextmanager
def working(desks: list[Browser], pause: float, took: list[float]) -> Iterator[None]:
    """Officers at work, until the block is left."""
    stop = threading.Event()
    people = [threading.Thread(target=work, args=(desk, pause, stop, took)) for desk in desks]
    for person in people:
        person.start()
    yield
    stop.set()
    for person in people:
        person.join()


@contextmanager
def served(checkout: Path, place: Path) -> Iterator[int]:
    """`intake serve` of a checkout on an instance, on a free port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "INTAKE_INSTANCE": str(place),
        "PYTHONPATH": str(checkout),
        "INTAKE_HOUR_SUBMISSIONS": "100000",
        "INTAKE_CEILING_SUBMISSIONS": "100000",
    }
    intake = [sys.executable, "-m", "intake.cli"]
    subprocess.run([*intake, "upgrade"], env=environment, cwd=checkout, check=True, capture_output=True)  # noqa: S603
    command = [*intake, "serve", f"--listen=127.0.0.1:{port}"]
    serving = subprocess.Popen(command, env=environment, cwd=checkout, stdout=subprocess.PIPE)  # noqa: S603
    try:
        serving.stdout.readline()  # type: ignore[union-attr]  # that it answers
        yield port
    finally:
        serving.terminate()
        serving.wait(30)


def main() -> None:
    """Print the ratio of each checkout."""
    asked = argparse.ArgumentParser()
    asked.add_argument("folder", type=Path)
    asked.add_argument("--house", type=Path, action="append")
    asked.add_argument("--officers", type=int, default=10)
    asked.add_argument("--pause", type=float, default=1.0)
    asked.add_argument("--seconds", type=float, default=20.0)
    told = asked.parse_args()
    with ExitStack() as up:
        houses = {}
        for checkout in told.house or [HERE.parent]:
            place = Path(up.enter_context(tempfile.TemporaryDirectory()), "instance")
            shutil.copytree(told.folder, place)
            port = up.enter_context(served(checkout.resolve(), place))
            desks = [signed_in(port)] * told.officers  # one session: signing in is not what is measured
            journey(port)  # the first one warms templates up
            houses[checkout] = port, desks, [], []
        for _ in range(ROUNDS):
            for port, desks, ratios, pages in houses.values():
                alone = pages_of_reporters(port, told.seconds)
                with working(desks, told.pause, pages):
                    beside = pages_of_reporters(port, told.seconds)
                ratios.append(beside / max(1, alone))
                print(f"{port}: {alone} pages alone, {beside} beside officers", flush=True)
        for checkout, (_, _, ratios, pages) in houses.items():
            each = ", ".join(f"{ratio:.2f}" for ratio in ratios)
            print(
                f"{checkout}: {statistics.median(ratios):.2f} ({each}); {len(pages)} pages of officers, the median in "
                f"{1000 * statistics.median(pages):.0f} ms"
            )
    print("load average " + ", ".join(f"{load:.1f}" for load in os.getloadavg()))


if __name__ == "__main__":
    main()

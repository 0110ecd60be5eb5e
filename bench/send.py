"""Sends and whole journeys of reporters, beside bare durable POSTs.

    python -m bench.send [--house FOLDER]... [--sends NUMBER] [--journeys NUMBER]

So many reporters (1, 8, 32) press at once, each one press after another. Told are rates: final sends per bare POST,
and requests of journeys from the start page to the receipt per bare POST, of the same number of reporters; what a
page costs whoever reads it is left out. And how much of the server's processors a send takes for each bare POST, which
depends least on who else is at work. `--house` names another checkout, and may be given more than once: all are
measured by turns.
"""

from __future__ import annotations

import argparse
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bench.browser import Browser, journey
from bench.served import HERE, compared, cpu_seconds

REPORTERS = (1, 8, 32)
FORM_OF_BARE = {"words": "The bins were not collected and nobody answered. Please put it right. " * 2}


@dataclass
class Pressed:
    """What a crowd did: seconds of all, of the server's processors, and of each press, and how many requests."""

    whole: float = 0.0
    cpu: float = 0.0
    each: list[float] = field(default_factory=list)
    requests: int = 0

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.whole


def crowd(port: int, reporters: int, act: Callable[[int], list[tuple[float, int]]]) -> Pressed:
    """So many do the same at once, to the server at a port. `act` gets the number of a reporter, and tells the seconds
    and requests of each of their presses.
    """
    told, ready, faults = Pressed(), threading.Barrier(reporters + 1), []

    def reporter(number: int) -> None:
        ready.wait()
        try:
            for seconds, requests in act(number):
                told.each.append(seconds)
                told.requests += requests
        except BaseException as error:
            faults.append(error)

    people = [threading.Thread(target=reporter, args=(number,)) for number in range(reporters)]
    for person in people:
        person.start()
    used = cpu_seconds(port)
    ready.wait()
    began = time.perf_counter()
    for person in people:
        person.join()
    told.whole, told.cpu = time.perf_counter() - began, cpu_seconds(port) - used
    if faults:
        raise faults[0]
    return told


def timed(act: Callable[[], object], requests: int = 1) -> tuple[float, int]:
    """Seconds and requests of one press."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began, requests


def sent(browser: Browser, where: str, fields: dict) -> None:
    """One press that must be taken."""
    status, *_ = browser.ask(where, fields)
    if status != 303:
        raise SystemExit(f"not taken: {status}")


def bare_posts(port: int, reporters: int, posts: int) -> Pressed:
    """Posts to the bare form."""
    return crowd(
        port,
        reporters,
        lambda _: [
            timed(lambda: sent(Browser(port), "/", FORM_OF_BARE)) for _ in range(max(1, posts // reporters))
        ],
    )


def sends(port: int, reporters: int, number: int) -> Pressed:
    """Final sends: the forms are filled in before."""
    forms = [
        [(browser := Browser(port), *browser.fill_in()) for _ in range(max(1, number // reporters))]
        for _ in range(reporters)
    ]
    return crowd(port, reporters, lambda mine: [timed(lambda form=form: sent(*form)) for form in forms[mine]])


def journeys(port: int, reporters: int, number: int) -> Pressed:
    """Whole journeys."""

    def walk(_: int) -> list[tuple[float, int]]:
        walked = []
        for _ in range(max(1, number // reporters)):
            began = time.perf_counter()
            asked = journey(port).asked
            walked.append((time.perf_counter() - began, asked))
        return walked

    return crowd(port, reporters, walk)


def main() -> None:
    """Print the rates of each checkout at each number of reporters."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--house", type=Path, action="append")
    asked.add_argument("--sends", type=int, default=96)
    asked.add_argument("--journeys", type=int, default=16)
    told = asked.parse_args()
    houses = [house.resolve() for house in told.house or [HERE]]
    with compared(*houses) as (bare_port, ports):
        for port in ports.values():
            for _ in range(4):
                journey(port)  # the first ones warm templates up
        bare_posts(bare_port, 1, 20)
        for reporters in REPORTERS:
            bare = bare_posts(bare_port, reporters, 4 * told.sends)
            print(f"{reporters} reporters: a bare POST takes {1000 / bare.rate:.1f} ms of all", flush=True)
            for name, port in ports.items():
                final = sends(port, reporters, told.sends)
                walked = journeys(port, reporters, told.journeys)
                costs = final.cpu / final.requests / (bare.cpu / bare.requests)
                middle = statistics.median(final.each) / statistics.median(bare.each)
                print(
                    f"  {name}: {final.rate / bare.rate:.2f} sends, each {costs:.1f} times the CPU, the median "
                    f"{middle:.1f} times as long, the longest {max(final.each):.2f} s; "
                    f"{walked.rate / bare.rate:.2f} requests of journeys",
                    flush=True,
                )


if __name__ == "__main__":
    main()

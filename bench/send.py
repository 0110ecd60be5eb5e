"""How long a final send takes, beside one durable POST that does nothing else.

    python -m bench.send [--house FOLDER]... [--sends NUMBER]

Two servers with the same gunicorn, workers and threads: a fresh demonstration, and a Flask form that stores one row a
POST in an SQLite file of its own, synchronous FULL. So many reporters (1, 8, 32) have filled in their forms and press
their buttons, one press after another each; told is the time of all of them, as a ratio, and the longest single press.
The even time of answers is left out: it would hide the work. `--house` names another checkout, and may be given more
than once: all are measured in one run, by turns.
"""

from __future__ import annotations

import argparse
import itertools
import os
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.flood import Browser, Page

REPORTERS = (1, 8, 32)
WORKERS, THREADS = 2, 32
HERE = Path(__file__).resolve().parent
ROOM = {"INTAKE_HOUR_SUBMISSIONS": "100000", "INTAKE_CEILING_SUBMISSIONS": "100000"}


def house():
    """The application, which answers as soon as it can."""
    from intake import create_app
    from intake.web.public import evenly

    evenly.FLOOR_SECONDS = 0.0
    return create_app()


def bare():
    """A form whose POST is one row on the disk."""
    from flask import Flask, redirect, request

    app, mine = Flask("bare"), threading.local()

    def stored() -> sqlite3.Connection:
        if not hasattr(mine, "connection"):
            path = Path(os.environ["INTAKE_INSTANCE"], "bare.db")
            mine.connection = sqlite3.connect(path, timeout=30, isolation_level=None)
            mine.connection.execute("PRAGMA journal_mode=WAL")
            mine.connection.execute("PRAGMA synchronous=FULL")
            mine.connection.execute(
                "CREATE TABLE IF NOT EXISTS told (id BLOB PRIMARY KEY, words TEXT) WITHOUT ROWID"
            )
        return mine.connection

    @app.get("/")
    def ask():
        return '<form method=post action="/"><textarea name=words></textarea><button>Send</button></form>'

    @app.post("/")
    def keep():
        stored().execute("INSERT INTO told VALUES (?, ?)", (os.urandom(16), request.form["words"]))
        return redirect("/", 303)

    return app


def filled_in(port: int) -> tuple[Browser, str, dict]:
    """A reporter whose next press is the last one."""
    browser = Browser(port)
    _, text = browser.open("/")
    for _ in range(30):
        page = Page(text)
        where, fields = page.press()
        if any("Send" in button["text"] for button in page.buttons):
            return browser, where, fields
        _, text = browser.open(where, fields)
    raise SystemExit("no button to send with after 30 pages")


def pressed(port: int, reporters: int, sends: int) -> tuple[float, list[float]]:
    """Seconds for all presses together, and for each."""
    forms = [[filled_in(port) for _ in range(sends // reporters)] for _ in range(reporters)]
    ready, took = threading.Barrier(reporters + 1), []

    def reporter(mine) -> None:
        ready.wait()
        for browser, where, fields in mine:
            began = time.perf_counter()
            status, *_ = browser._ask(where, fields)
            took.append(time.perf_counter() - began)
            if status != 303:
                raise SystemExit(f"not sent: {status}")

    people = [threading.Thread(target=reporter, args=(mine,)) for mine in forms]
    for person in people:
        person.start()
    ready.wait()
    began = time.perf_counter()
    for person in people:
        person.join()
    whole = time.perf_counter() - began
    if len(took) != reporters * (sends // reporters):
        raise SystemExit("not every press was answered")
    return whole, took


@contextmanager
def served(what: str, checkout: Path, place: Path) -> Iterator[int]:
    """One of the two applications, on a free port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | ROOM | {"INTAKE_INSTANCE": str(place), "PYTHONPATH": f"{checkout}:{HERE}"}
    if what == "bare":
        place.mkdir()
    else:
        init = [sys.executable, "-m", "intake.cli", "init", "--demonstration"]
        subprocess.run(init, env=environment, cwd=checkout, check=True, capture_output=True)  # noqa: S603
    serving = subprocess.Popen(  # noqa: S603
        [
            *(sys.executable, "-m", "gunicorn", "--worker-class=intake.web.serving.Worker"),
            *(f"--workers={WORKERS}", f"--threads={THREADS}", f"--bind=127.0.0.1:{port}"),
            *("--keep-alive=0", "--no-control-socket", "--worker-tmp-dir=/dev/shm", "--log-level=error"),
            f"send:{what}()",
        ],
        env=environment,
        cwd=checkout,
    )
    try:
        for _ in itertools.repeat(None, 300):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        serving.terminate()
        serving.wait(30)


def main() -> None:
    """Print the ratio of each checkout at each number of reporters."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--house", type=Path, action="append")
    asked.add_argument("--sends", type=int, default=96)
    told = asked.parse_args()
    houses = told.house or [HERE.parent]
    with ExitStack() as up:
        ports = {}
        for what, checkout in [("bare", houses[0]), *(("house", house) for house in houses)]:
            place = Path(up.enter_context(tempfile.TemporaryDirectory()), "instance")
            name = what if what == "bare" else str(checkout)
            ports[name] = up.enter_context(served(what, checkout.resolve(), place))
            pressed(ports[name], 1, 4)  # the first ones warm templates up
        for reporters in REPORTERS:
            found = {name: pressed(port, reporters, told.sends) for name, port in ports.items()}
            whole, each = found.pop("bare")
            print(
                f"{reporters} reporters: 1 = {1000 * whole / len(each):.1f} ms for a bare POST, of all",
                flush=True,
            )
            for name, (ours, mine) in found.items():
                middle = statistics.median(mine) / statistics.median(each)
                print(
                    f"  {name}: {ours / whole:.1f}; the median press {middle:.1f} times as long, the longest "
                    f"{max(mine) / max(each):.1f} ({max(mine):.2f} s)",
                    flush=True,
                )
    print("load average " + ", ".join(f"{load:.1f}" for load in os.getloadavg()))


if __name__ == "__main__":
    main()

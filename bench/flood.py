"""How much longer an honest reporter takes while others flood the site.

    python -m bench.flood [CONNECTIONS]

One `intake serve` on a fresh demonstration, on a free port of this machine; one process plays the reporter, another the
flood. Each journey goes from the start page to the receipt, one form after another as a browser without scripts would
send them. Five journeys each: on a quiet server, while so many connections (70) sign in with wrong passwords, and while
as many declare 60 MB to /staff/register and send them as fast as they may. Told as ratios to the quiet server's median.
"""

from __future__ import annotations

import contextlib
import http.client
import multiprocessing
import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from bench.browser import PATIENCE_SECONDS, Browser, Page, journey
from intake.demonstration.living import PASSWORD

JOURNEYS = 5
DECLARED = 60 * 1024 * 1024


def owner(port: int, who: str) -> tuple[int, float]:
    """How many tries, and seconds, an officer needs to get in from a browser that is new."""
    began, tries = time.perf_counter(), 0
    while True:
        browser, tries = Browser(port), tries + 1
        with contextlib.suppress(OSError, http.client.HTTPException):
            fields = Page(browser.open("/staff/sign-in")[1]).fields()
            said = {"email": f"{who}@demonstration.example", "password": PASSWORD}
            if "Sign out" in browser.open("/staff/sign-in", fields | said)[1]:
                return tries, time.perf_counter() - began
        if time.perf_counter() - began > PATIENCE_SECONDS:
            return tries, float("inf")


def sign_in_wrongly(port: int) -> None:
    """Over and over, one name or another, a password that is not right."""
    browser = Browser(port)
    fields = {}
    while True:
        try:
            if not fields:
                fields = Page(browser.open("/staff/sign-in")[1]).fields()
            name = secrets.choice(("officer", "manager", "monitoring", secrets.token_hex(4)))
            said = {"email": f"{name}@demonstration.example", "password": secrets.token_hex(8)}
            browser.open("/staff/sign-in", fields | said)
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)


def upload(port: int) -> None:
    """Over and over, 60 MB to a page that is for those who are signed in."""
    head = (
        "POST /staff/register HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {DECLARED}\r\n\r\n"
    ).encode()
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
                line.sendall(head)
                for _ in range(DECLARED // 65536):
                    line.sendall(bytes(65536))
                line.recv(100)
        except OSError:
            time.sleep(0.05)


def flood(act, port: int, connections: int, stop) -> None:
    """So many connections at once, until told to stop."""
    for _ in range(connections):
        threading.Thread(target=act, args=(port,), daemon=True).start()
    stop.wait()
    os._exit(0)


def measured(port: int, act=None, connections: int = 0) -> list[float]:
    """The journeys, in seconds, while the flood runs; owners sign in meanwhile, told apart."""
    stop = multiprocessing.Event()
    process = multiprocessing.Process(target=flood, args=(act, port, connections, stop), daemon=True)
    if act:
        process.start()
        time.sleep(3)
    try:
        times = [_patiently(port) for _ in range(JOURNEYS)]
        if act is sign_in_wrongly:
            for who, what in (("manager", "whose name is tried"), ("deputy", "whose name is not")):
                told = ", ".join(
                    f"{tries} in {took:.0f} s" for tries, took in (owner(port, who) for _ in range(3))
                )
                print(f"an owner {what}, in a new browser; tries: {told}", flush=True)
        return times
    finally:
        stop.set()
        if act:
            process.join(10)


def _patiently(port: int) -> float:
    began = time.perf_counter()
    try:
        journey(port)
        return time.perf_counter() - began
    except (OSError, http.client.HTTPException):
        return float("inf")


def main(connections: int) -> None:
    """Print the three medians as ratios to the first."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "instance"
        environment = os.environ | {"INTAKE_INSTANCE": str(place)}
        command = [sys.executable, "-m", "intake.cli"]
        subprocess.run(  # noqa: S603
            [*command, "init", "--demonstration"], env=environment, check=True, capture_output=True
        )
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        serving = subprocess.Popen(  # noqa: S603
            [*command, "serve", "--listen", f"127.0.0.1:{port}"], env=environment, stdout=subprocess.DEVNULL
        )
        try:
            _until_it_answers(port)
            journey(port)  # the first one warms templates up
            quiet = statistics.median(measured(port))
            print(f"quiet: 1 = {quiet:.2f} s for a journey", flush=True)
            for name, act in (("wrong passwords", sign_in_wrongly), ("60 MB uploads", upload)):
                times = measured(port, act, connections)
                told = ", ".join(f"{seconds / quiet:.1f}" for seconds in sorted(times))
                print(f"{connections} x {name}: {statistics.median(times) / quiet:.1f} ({told})", flush=True)
                time.sleep(5)
        finally:
            serving.terminate()
            serving.wait(30)


def _until_it_answers(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the server did not answer within 30 seconds")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 70)

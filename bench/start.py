"""What it costs to be there: CPU to load and start the program, memory while nothing happens, and the demonstration.

    python -m bench.start

Starting is told as a multiple of a Flask application with Flask-SQLAlchemy and one table, five starts each, by turns,
after one that compiles. Memory is the share of each process (PSS) of `intake serve` after a minute without a visitor,
which the system tells to root alone: processes that hold keys let nobody else look.
"""

from __future__ import annotations

import os
import re
import resource
import socket
import statistics
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.served import HERE, until_it_answers

BARE = """
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
class Base(DeclarativeBase): pass
db = SQLAlchemy(model_class=Base)
class Row(db.Model): id: Mapped[int] = mapped_column(primary_key=True)
app = Flask("bare")
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
db.init_app(app)
with app.app_context(): db.create_all()
"""
IDLE_SECONDS = 60


def cpu_of(command: list[str], place: Path) -> float:
    """Seconds of CPU that a process and its children took, from their start to their end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=HERE, env=_named(place), check=True, capture_output=True)  # noqa: S603
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def idle_memory(place: Path) -> dict[str, float]:
    """Megabytes of each process of `intake serve`, by what it runs."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    listen = f"127.0.0.1:{port}"
    serving = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "intake.cli", "serve", "--listen", listen],
        cwd=HERE,
        env=_named(place),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        until_it_answers(port)
        if serving.poll() is not None or listen not in serving.stdout.readline():
            raise SystemExit(f"whoever answers at {listen} is not ours")
        time.sleep(IDLE_SECONDS)
        return {f"{_what(pid)} {pid}": _share(pid) for pid in _family(serving.pid)}
    finally:
        serving.terminate()
        serving.wait(30)


def _named(place: Path) -> dict[str, str]:
    """As it runs where it is installed: what was compiled once is kept."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"INTAKE_INSTANCE": str(place)}


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(one for child in children for one in _family(int(child)))]


def _share(pid: int) -> float:
    told = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"^Pss:\s+(\d+) kB", told, re.MULTILINE)[1]) / 1024


def _what(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    return next((name for name in ("gunicorn", "tick", "serve") if name.encode() in words), "?")


def main() -> None:
    """Print it all."""
    with TemporaryDirectory(prefix="bench-") as folder:
        place = Path(folder, "instance")
        began = time.perf_counter()
        cpu = cpu_of([sys.executable, "-m", "intake.cli", "demo"], place)
        print(f"intake demo: {cpu:.1f} s of CPU, {time.perf_counter() - began:.1f} s in all", flush=True)
        starts: dict[str, list[float]] = {BARE: [], "import wsgi": []}
        for program in starts:
            cpu_of([sys.executable, "-c", program], place)
        for _ in range(5):
            for program, taken in starts.items():
                taken.append(cpu_of([sys.executable, "-c", program], place))
        bare, ours = (statistics.median(taken) for taken in starts.values())
        print(f"import and start: {ours:.2f} s of CPU, {ours / bare:.2f} times the bare one", flush=True)
        with suppress(PermissionError):
            shares = idle_memory(place)
            told = ", ".join(f"{what.split()[0]} {share:.0f}" for what, share in shares.items())
            print(f"idle memory of intake serve: {sum(shares.values()):.0f} MB ({told})", flush=True)


if __name__ == "__main__":
    main()

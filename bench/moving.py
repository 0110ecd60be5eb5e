"""How long `intake migrate-to` and `intake backup` take, there and back, and how much memory.

    python -m bench.moving DATABASE_URL [CASES]

Invented cases (10,000), sent as the public sends them, in a temporary folder; DATABASE_URL is an empty database of
PostgreSQL. Each command is a process of its own; told are its seconds and the most memory it held. Beside them the same
copy that SQLite makes of itself, as a ratio.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from bench.fresh import fresh
from intake.services.cases.words import Answer
from intake.services.ground import press
from intake.services.holders import submitting
from intake.services.holders.submitting import Submission
from intake.services.instance import backups, rewording

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
CASES = 10_000
WORD = "Something went wrong with the bins. "


def fill(place: Path, cases: int) -> None:
    """A demonstration with so many cases of all lengths, and a key of backups."""
    random = Random(8)
    with fresh(place, now=NOW, more="ceiling_submissions = 9999999\n") as office:
        backups.new_key(office, now=NOW)
        for _ in range(cases):
            words = (Answer("What happened?", WORD * random.randint(1, 80)),)
            submission = Submission("corporate", "named", words, (Answer("Name", "Vera"),))
            submitting.receive(office, submission, token=press.new_token(), now=NOW)


def run(place: Path, *command: str) -> tuple[float, int]:
    """Seconds and megabytes at most of one command."""
    began, most = time.perf_counter(), 0
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "intake.cli", *command],
        env=os.environ | {"INTAKE_INSTANCE": str(place)},
        stdout=subprocess.DEVNULL,
    )
    while process.poll() is None:
        status = Path(f"/proc/{process.pid}/status").read_text()
        most = max([most, *(int(kb) for kb in re.findall(r"VmHWM:\s+(\d+)", status))])
        time.sleep(0.02)
    if process.returncode:
        raise SystemExit(f"{command[0]} ended with {process.returncode}")
    return time.perf_counter() - began, most // 1024


def main(url: str, cases: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "instance"
        fill(place, cases)
        size = (place / "intake.db").stat().st_size / 1024 / 1024
        print(f"{cases:,} cases, {size:.0f} MB")
        told = {
            "check": run(place, "check"),
            "backup of SQLite": run(place, "backup", f"{folder}/first"),
            "migrate-to PostgreSQL": run(place, "migrate-to", url),
        }
        file = place / "settings.toml"
        rewording.write(file, rewording.with_database(file.read_text(), url))
        told |= {
            "backup of PostgreSQL": run(place, "backup", f"{folder}/second"),
            "migrate-to SQLite": run(place, "migrate-to", f"sqlite:///{folder}/back.db"),
        }
        for name, (seconds, megabytes) in told.items():
            ratio = seconds / told["backup of SQLite"][0]
            print(f"{name:<24}{seconds:8.1f} s{megabytes:7} MB{ratio:8.1f} x")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else CASES)

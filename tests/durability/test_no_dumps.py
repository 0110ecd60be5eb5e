"""A process that dies with keys in it leaves nothing of them on the disk."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.sqlite

PR_GET_DUMPABLE = 3
LOOK = f"""import ctypes, resource
print(ctypes.CDLL(None).prctl({PR_GET_DUMPABLE}), *resource.getrlimit(resource.RLIMIT_CORE))"""
STARTS = {
    "before": "pass",
    "a command": "from intake.cli import main; main(['audit', 'verify'], standalone_mode=False)",
    "the web application": "import wsgi",
}


@pytest.mark.parametrize("start", STARTS)
def test_no_core_is_dumped_and_nobody_looks_in(instance, start):
    ended = subprocess.run(
        [sys.executable, "-c", f"{STARTS[start]}\n{LOOK}"],
        env=os.environ | {"INTAKE_INSTANCE": str(instance)},
        capture_output=True,
        text=True,
        check=True,
    )
    told = ended.stdout.splitlines()[-1]
    assert (told == "0 0 0") == (start != "before"), told


def family_of(pid: int) -> list[int]:
    """A process and everybody it has started."""
    family = [pid]
    for member in family:
        for task in Path(f"/proc/{member}/task").iterdir():
            family += map(int, (task / "children").read_text().split())
    return family


def test_every_process_of_a_running_site_may_dump_nothing(live_server):
    while (
        len(family := family_of(live_server.process.pid)) < 5
    ):  # serve, gunicorn and its two workers, the tick
        assert live_server.process.poll() is None
        time.sleep(0.1)
    for pid in family:
        limits = Path(f"/proc/{pid}/limits").read_text().splitlines()
        (core,) = [line for line in limits if line.startswith("Max core file size")]
        assert core.split()[4:6] == ["0", "0"]

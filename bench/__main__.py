"""Every measurement of what the program costs, one after another: `make bench`.

    python -m bench [NAME ...]

Each runs in a process of its own and prints its lines; what it is, its file says. Machines differ, and so do their
moods: compare ratios of one run. docs/performance.md keeps a table of them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime

ALL = ("start", "send", "tick", "register", "quarter")
GIVEN = {"register": ["20000"], "quarter": ["1000", "100000"]}  # what they take


def main(names: list[str]) -> None:
    """Run the measurements of these names. Exit status 1 when one failed: the others are made all the same."""
    print(f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", flush=True)
    failed = []
    for name in names:
        print(f"\n{name}", flush=True)
        told = [sys.executable, "-m", f"bench.{name}", *GIVEN.get(name, [])]
        if subprocess.run(told).returncode:  # noqa: S603
            failed.append(name)
    if failed:
        raise SystemExit(f"not measured: {', '.join(failed)}")


if __name__ == "__main__":
    main(sys.argv[1:] or list(ALL))

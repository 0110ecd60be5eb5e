"""The two servers that are compared: the house, and a bare form. The same gunicorn, workers and threads.

Each listens on a socket that was opened here and is handed to it, so that nobody else can be measured in its place.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.browser import Browser

WORKERS, THREADS = 2, 32
HERE = Path(__file__).resolve().parent.parent
ROOM = {"INTAKE_HOUR_SUBMISSIONS": "1000000", "INTAKE_CEILING_SUBMISSIONS": "1000000"}


def intake(*command: str, place: Path, checkout: Path = HERE) -> None:
    """One command of the house, about the instance in a folder."""
    environment = os.environ | ROOM | {"INTAKE_INSTANCE": str(place)}
    told = [sys.executable, "-m", "intake.cli", *command]
    subprocess.run(told, env=environment, cwd=checkout, check=True, capture_output=True)  # noqa: S603


@contextmanager
def served(what: str, place: Path, checkout: Path = HERE) -> Iterator[int]:
    """`bare` or `house`, on a port of this machine; the house with the instance in a folder."""
    environment = (
        os.environ | ROOM | {"INTAKE_INSTANCE": str(place), "PYTHONPATH": f"{checkout}:{HERE / 'bench'}"}
    )
    with socket.create_server(("127.0.0.1", 0), backlog=512) as mine:
        serving = subprocess.Popen(  # noqa: S603
            [
                *(sys.executable, "-m", "gunicorn", "--config=gunicorn.conf.py"),
                *("--worker-class=intake.web.serving.Worker", f"--workers={WORKERS}", f"--threads={THREADS}"),
                *(f"--bind=fd://{mine.fileno()}", "--keep-alive=0", "--no-control-socket"),
                *("--worker-tmp-dir=/dev/shm", "--log-level=error", f"apps:{what}()"),
            ],
            env=environment,
            cwd=checkout,
            pass_fds=[mine.fileno()],
        )
        try:
            port = mine.getsockname()[1]
            mine.close()  # only who serves it answers from now on
            until_it_answers(port)
            yield port
        finally:
            serving.terminate()
            serving.wait(30)


@contextmanager
def compared(*houses: Path) -> Iterator[tuple[int, dict[str, int]]]:
    """The port of the bare form, and of a fresh demonstration of each checkout, warm."""
    with ExitStack() as up:
        folder = Path(up.enter_context(TemporaryDirectory(prefix="bench-")))
        (folder / "bare").mkdir()
        bare_port, ports = up.enter_context(served("bare", folder / "bare")), {}
        for number, checkout in enumerate(houses):
            place = folder / str(number)
            intake("init", "--demonstration", place=place, checkout=checkout)
            ports[str(checkout)] = up.enter_context(served("house", place, checkout))
        yield bare_port, ports


def cpu_seconds(port: int) -> float:
    """What the processes that listen at a port of this machine have used of the processors so far."""
    mine = f":{port:04X} 00000000:0000 0A"
    lines = Path("/proc/net/tcp").read_text().splitlines()
    sockets = {f"socket:[{line.split()[9]}]" for line in lines if mine in line}
    return sum(_used(process) for process in Path("/proc").glob("[0-9]*") if _holds(process, sockets))


def _holds(process: Path, sockets: set[str]) -> bool:
    try:
        return any(os.readlink(held) in sockets for held in (process / "fd").iterdir())
    except OSError:  # it ended meanwhile, or is somebody else's
        return False


def _used(process: Path) -> float:
    fields = (process / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def until_it_answers(port: int) -> None:
    """Returns when somebody answers at a port of this machine."""
    until = time.monotonic() + 60
    while True:
        try:
            Browser(port).ask("/")
            return
        except OSError:
            if time.monotonic() > until:
                raise SystemExit("a server did not answer within a minute") from None
            time.sleep(0.1)

"""Whoever loses their parent ends: nothing of an old version lives on beside the new one."""

from __future__ import annotations

import os
import signal
import socket
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.conftest import serving

pytestmark = pytest.mark.sqlite

LOOKS = 2_400  # a twentieth of a second apart: it is over as soon as they are gone


def children(pid: int) -> set[int]:
    """All processes below one."""
    below = set()
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            below |= {child} | children(child)
    return below


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_until(happened) -> bool:
    for _ in range(LOOKS):
        if happened():
            return True
        time.sleep(0.05)
    return happened()


def is_free(port: int) -> bool:
    with socket.socket() as wanted:
        wanted.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            wanted.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def test_serve_is_killed_and_neither_the_tick_nor_a_worker_lives_on(instance):
    """Seen before: the tick was still at work 43 minutes later, through a restart and an upgrade."""
    server = serving(instance)
    with server as up:
        assert wait_until(lambda: len(children(up.process.pid)) >= 4)  # the tick, the web server, two workers
        everybody = children(up.process.pid)
        os.kill(up.process.pid, signal.SIGKILL)
        up.process.wait()
        assert wait_until(lambda: not any(map(lives, everybody))), [pid for pid in everybody if lives(pid)]
        assert wait_until(lambda: is_free(urlsplit(up.url).port))


def test_the_web_server_is_killed_and_the_rest_ends(instance):
    with serving(instance) as up:
        assert wait_until(lambda: len(children(up.process.pid)) >= 4)
        everybody = children(up.process.pid)
        master = next(pid for pid in everybody if len(children(pid)) == 2)
        os.kill(master, signal.SIGKILL)
        assert wait_until(lambda: not any(map(lives, everybody)))
        assert wait_until(lambda: up.process.poll() is not None)
        assert up.process.returncode == 1

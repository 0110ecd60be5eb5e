"""Taking turns by a lock file: among all processes of one machine, in the order in which they came."""

from __future__ import annotations

import fcntl
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import IO, Any

from .failures import Busy, NotStored

LOOK_AGAIN_SECONDS = 0.0005  # at the lock: by the one who is next, and by nobody else


@contextmanager
def locked(path: Path, wait_seconds: float) -> Iterator[None]:
    """The lock on a file. Before it stands a turnstile, in which one at a time waits for the lock and all others for
    the turnstile: so whoever gives the lock back and wants it again at once comes after them.

    Both are locks of the kernel's, which takes them back from whoever is killed.
    """
    until = time.monotonic() + wait_seconds
    with _opened(path) as lock:
        with _turnstile(path.with_name(f"{path.name}.turn"), until) if wait_seconds else nullcontext():
            _take_as_the_next(lock, until)
        yield  # closing the file gives the lock back


def _opened(path: Path) -> IO:
    try:
        return path.open("ab", buffering=0)  # nothing is written to it
    except OSError as error:
        raise NotStored from error


def _turnstile(path: Path, until: float) -> IO:
    """The turnstile, once it is ours, until it is closed.

    The kernel lets people through as they came, but it waits without end. So a thread waits in our place, and when
    we give up, it closes the turnstile behind itself.
    """
    turnstile = _opened(path)
    ours: Future[IO[Any]] = Future()

    def wait() -> None:
        fcntl.flock(turnstile, fcntl.LOCK_EX)
        if ours.set_running_or_notify_cancel():
            ours.set_result(turnstile)
        else:
            turnstile.close()

    if _free(turnstile):
        return turnstile
    threading.Thread(target=wait, daemon=True).start()
    try:
        return ours.result(until - time.monotonic())
    except TimeoutError as error:
        if ours.cancel():
            raise Busy from error
        return ours.result()  # it came at the last moment


def _take_as_the_next(lock: IO, until: float) -> None:
    """Take the lock; give up with `Busy` when whoever holds it does not move."""
    while not _free(lock):
        if time.monotonic() >= until:
            raise Busy
        time.sleep(LOOK_AGAIN_SECONDS)


def _free(file: IO) -> bool:
    """Whether nobody has the lock on a file; it is ours then."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

"""Whoever loses their parent ends: a tick or a web server that lived on would act by the rules of another day."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable

_SET_PARENT_DEATH_SIGNAL = 1  # Linux: prctl(2)


def ends_with_me() -> Callable[[], None]:
    """What a child runs before its program, so that the kernel ends it when this process is gone, however it went.

    Linux alone has this; elsewhere children notice by `rest_while_parent_lives`.
    """
    me = os.getpid()
    libc = (
        ctypes.CDLL(None) if sys.platform == "linux" else None
    )  # loaded here: between fork and exec is no place

    def before_the_program() -> None:
        if libc is not None:
            libc.prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
        if os.getppid() != me:  # gone before it was asked
            os._exit(1)

    return before_the_program


def rest_while_parent_lives(seconds: int, parent: int) -> bool:
    """Rest for so many seconds; False, within a second, when the parent is no longer the one it was."""
    for _ in range(seconds):
        if os.getppid() != parent:
            return False
        time.sleep(1)
    return os.getppid() == parent

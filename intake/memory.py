"""A process that holds keys leaves no copy of its memory on a disk."""

from __future__ import annotations

import ctypes
import resource
import sys

PR_SET_DUMPABLE = 4  # linux/prctl.h


def keep_to_itself() -> None:
    """No core dumps of this process from now on; nor may others of its owner look into it, where Linux sees to it.

    The limit is inherited by every child; the mark is lost when another program is started, which sets its own.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        # The limit alone does not stop a kernel that hands dumps to a program, such as systemd-coredump.
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)

"""Where a command works for a while, what it leaves behind when it is killed, and how the next one tells that from what
another one is still at.

Whoever works on such a file or folder holds a lock on it, which ends with the process: what nobody holds is swept.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder in memory, where a killed command leaves nothing on a disk
SPARE = 64 * 1024 * 1024


def room_for(size: int, otherwise: Path) -> Path:
    """A folder for so many bytes in clear: in memory, where there is room; else the one given, if it is there."""
    with suppress(OSError):
        room = os.statvfs(MEMORY)
        if room.f_bavail * room.f_frsize > size + SPARE and os.access(MEMORY, os.W_OK):
            return MEMORY
    return otherwise if otherwise.is_dir() else Path(tempfile.gettempdir())


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold a file or a folder while the block runs. Raises `BlockingIOError` where another process does."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def sweep(folder: Path, pattern: str) -> None:
    """Delete what bears such a name, is ours, and nobody holds."""
    for left in folder.glob(pattern):
        try:
            if left.lstat().st_uid != os.getuid():
                continue
            with held(left):
                if left.is_dir():
                    shutil.rmtree(left, ignore_errors=True)
                else:
                    left.unlink(missing_ok=True)
        except OSError:  # held, or gone meanwhile
            continue

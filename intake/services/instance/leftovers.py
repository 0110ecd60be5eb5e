"""What a killed command leaves behind, and how the next one tells it from what another one is still at.

Whoever works on such a file or folder holds a lock on it, which ends with the process: what nobody holds is swept.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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

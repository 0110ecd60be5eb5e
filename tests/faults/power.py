"""Power cuts: from the record of what was written, what a disk may hold at any moment at which the current fails.

What was synced is there. Of what was written to a file since its last sync, each sector of 512 bytes may be there or
not, in any order, and a file may have been cut, or not; the length follows what arrived.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from pathlib import Path

SECTOR = 512


def image(  # noqa: C901 - what a disk does, in its order
    before: Path, place: Path, entries: Sequence[tuple], chance: random.Random
) -> None:
    """Write into the folder `place` what the disk holds after the cut. `before`: as it was when the record began."""
    shutil.copytree(before, place)
    files: dict[str, bytearray] = {}
    waiting: dict[str, list[tuple]] = {}

    def file(name: str) -> bytearray:
        if name not in files:
            path = place / Path(name).name
            files[name] = bytearray(path.read_bytes() if path.exists() else b"")
        return files[name]

    for what, name, *more in entries:
        if what in {"write", "cut"}:
            waiting.setdefault(name, []).append((what, *more))
        elif what == "sync":
            for one in waiting.pop(name, ()):
                _do(file(name), one)
        elif what == "delete":
            waiting.pop(name, None)
            files[name] = bytearray()
    for name, last in waiting.items():
        for one in last:
            for piece in _sectors(one):
                if chance.random() < 0.5:
                    _do(file(name), piece)
    for name, data in files.items():
        (place / Path(name).name).write_bytes(data)
    for path in place.glob("*-shm"):
        path.unlink()  # memory, not disk


def _sectors(one: tuple) -> list[tuple]:
    if one[0] == "cut":
        return [one]
    _, offset, data = one
    return [("write", offset + at, data[at : at + SECTOR]) for at in range(0, len(data), SECTOR)]


def _do(file: bytearray, one: tuple) -> None:
    if one[0] == "cut":
        del file[one[1] :]
        return
    _, offset, data = one
    file.extend(bytes(max(0, offset + len(data) - len(file))))
    file[offset : offset + len(data)] = data

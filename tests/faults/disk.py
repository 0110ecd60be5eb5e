"""The disk under SQLite, from inside a process: everything that is written to it is recorded, and it can refuse.

SQLite reaches files through a table of functions. `lay_under` puts functions of ours in the place of those that
write, cut, sync and delete, so that this runs wherever Python does, without root and without a compiler. What it
cannot show is a fault of the file system itself, below what SQLite asks of it.

`INTAKE_DISK_RECORD` names a file to which each call is added, from all processes, one after the other. While the
file that `INTAKE_DISK_REFUSES` names exists, no sync succeeds (EIO).
"""

from __future__ import annotations

import ctypes
import os
import pickle
import struct
from collections.abc import Iterator
from pathlib import Path

OK, IO_ERROR_FSYNC = 0, 10 | 4 << 8
P, INT, I64 = ctypes.c_void_p, ctypes.c_int, ctypes.c_int64

WRITE = ctypes.CFUNCTYPE(INT, P, P, INT, I64)
TRUNCATE = ctypes.CFUNCTYPE(INT, P, I64)
SYNC = ctypes.CFUNCTYPE(INT, P, INT)
CLOSE = ctypes.CFUNCTYPE(INT, P)
OPEN = ctypes.CFUNCTYPE(
    INT, P, P, P, INT, P
)  # the name as an address: SQLite keeps it, so it must be its own
DELETE = ctypes.CFUNCTYPE(INT, P, P, INT)

# https://sqlite.org/c3ref/io_methods.html and vfs.html: where each function stands in its table, in words of memory.
METHODS, AT = 19, {"close": 1, "write": 3, "truncate": 4, "sync": 5}
VFS_OPEN, VFS_DELETE = 5, 6
_kept: list = []  # what C holds a pointer to must not be collected


def lay_under() -> None:
    """From now on, every file that SQLite opens in this process is watched."""
    import _sqlite3

    library = ctypes.CDLL(_sqlite3.__file__)
    library.sqlite3_vfs_find.restype = P
    table = library.sqlite3_vfs_find(None)
    # iVersion, szOsFile, mxPathname are ints (16 bytes with padding), then pNext, zName, pAppData, xOpen, xDelete.
    words = ctypes.cast(table, ctypes.POINTER(P))
    watch = _Watch(OPEN(words[VFS_OPEN]), DELETE(words[VFS_DELETE]))
    _kept.append(watch)
    words[VFS_OPEN], words[VFS_DELETE] = (ctypes.cast(one, P).value for one in (watch.c_open, watch.c_delete))


class _Watch:
    """Our functions, each of which calls the one that was there before."""

    def __init__(self, open_, delete) -> None:
        self.open, self.delete = open_, delete
        self.c_open, self.c_delete = OPEN(self.opened), DELETE(self.deleted)
        self.names: dict[int, str] = {}
        self.tables: dict[int, ctypes.Array] = {}
        self.record, self.refuses = (
            os.environ.get("INTAKE_DISK_RECORD"),
            os.environ.get("INTAKE_DISK_REFUSES"),
        )

    def opened(self, vfs, name, file, flags, out) -> int:
        result = self.open(vfs, name, file, flags, out)
        methods = ctypes.cast(file, ctypes.POINTER(P))
        if result == OK and name and methods[0]:
            self.names[file] = os.fsdecode(ctypes.string_at(name))
            methods[0] = ctypes.addressof(self._table(methods[0]))
        return result

    def _table(self, original: int):
        """A copy of a table of methods with ours in it; made once for each."""
        if original in (ctypes.addressof(table) for table in self.tables.values()):
            return next(table for table in self.tables.values() if ctypes.addressof(table) == original)
        if original not in self.tables:
            table = (P * METHODS)(*ctypes.cast(original, ctypes.POINTER(P))[:METHODS])
            real = {
                "close": CLOSE(table[AT["close"]]),
                "write": WRITE(table[AT["write"]]),
                "truncate": TRUNCATE(table[AT["truncate"]]),
                "sync": SYNC(table[AT["sync"]]),
            }
            ours = {
                "close": CLOSE(lambda file: self._closed(file, real["close"])),
                "write": WRITE(lambda file, *a: self._wrote(file, *a, real["write"])),
                "truncate": TRUNCATE(lambda file, size: self._cut(file, size, real["truncate"])),
                "sync": SYNC(lambda file, flags: self._synced(file, flags, real["sync"])),
            }
            for name, place in AT.items():
                table[place] = ctypes.cast(ours[name], P).value
            _kept.append((real, ours))
            self.tables[original] = table
        return self.tables[original]

    def _closed(self, file, real) -> int:
        self.names.pop(file, None)
        return real(file)

    def _wrote(self, file, data, length, offset, real) -> int:
        self._note("write", file, offset, ctypes.string_at(data, length))
        return real(file, data, length, offset)

    def _cut(self, file, size, real) -> int:
        self._note("cut", file, size)
        return real(file, size)

    def _synced(self, file, flags, real) -> int:
        if self.refuses and os.path.exists(self.refuses):
            return IO_ERROR_FSYNC
        result = real(file, flags)
        if result == OK:  # noted after it: what is not noted was not promised
            self._note("sync", file)
        return result

    def deleted(self, vfs, name, sync) -> int:
        if self.record:
            add(self.record, ("delete", os.fsdecode(ctypes.string_at(name))))
        return self.delete(vfs, name, sync)

    def _note(self, what: str, file, *more) -> None:
        if self.record:
            add(self.record, (what, self.names.get(file, ""), *more))


def add(record: str, entry: tuple) -> None:
    """Put an entry at the end of a record, whole, whoever else is writing."""
    data = pickle.dumps(entry)
    handle = os.open(record, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, struct.pack(">I", len(data)) + data)
    finally:
        os.close(handle)


def entries(record: Path) -> Iterator[tuple]:
    """What was recorded, in its order; an entry that was cut off when its process died is left out."""
    data, place = record.read_bytes(), 0
    while place + 4 <= len(data):
        (length,) = struct.unpack_from(">I", data, place)
        if place + 4 + length > len(data):
            return
        yield pickle.loads(data[place + 4 : place + 4 + length])  # noqa: S301
        place += 4 + length

"""Where a sealed file waits between two pages: in a folder; on PostgreSQL in a table, where any machine finds it.

Beside SQLite it is the folder: reporters' drafts share a small file, and 64 MB in it would throw some of them out.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine, bindparam, delete, insert, select

from intake.database import NotStored, drafts_of
from intake.models import KeptUpload
from intake.services.ground.office import Office

KEPT_MINUTES = 60
_PUT = insert(KeptUpload).values(
    {column.name: bindparam(column.name) for column in KeptUpload.__table__.columns}
)
_PIECES = select(KeptUpload.sealed).where(KeptUpload.name == bindparam("name")).order_by(KeptUpload.place)
_AWAY = delete(KeptUpload).where(KeptUpload.name == bindparam("name"))
_OVER = (
    delete(KeptUpload)
    .where((KeptUpload.minute < bindparam("oldest")) | (KeptUpload.minute > bindparam("newest")))
    .returning(KeptUpload.name)
)


class Place(Protocol):
    """Each raises `NotStored` where the place cannot be had."""

    def keep(self, name: str, pieces: Iterable[bytes], *, now: datetime) -> None:
        """All of it or nothing."""

    def read(self, name: str) -> bytes | None:
        """None where nothing lies under this name."""

    def forget(self, name: str) -> None:
        """It may be gone already."""

    def sweep(self, *, now: datetime) -> int:
        """Take away what is older than an hour, or of an hour still to come: the clock was wrong then. Returns how
        many files."""


def place(office: Office) -> Place:
    """Where files of this instance wait."""
    if office.drafts.dialect.name == "postgresql":
        return _Table(office.drafts)
    return _Folder(office.settings.instance / "uploads")


class _Folder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, name: str, pieces: Iterable[bytes], *, now: datetime) -> None:
        path = self._folder / name
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            with path.open("xb") as file:
                for piece in pieces:
                    file.write(piece)
            os.utime(path, (now.timestamp(), now.timestamp()))  # the hour runs by the same clock that ends it
        except OSError as error:
            self.forget(name)
            raise NotStored from error

    def read(self, name: str) -> bytes | None:
        with _told():
            return (self._folder / name).read_bytes()
        return None

    def forget(self, name: str) -> None:
        with _told():
            (self._folder / name).unlink()

    def sweep(self, *, now: datetime) -> int:
        gone = 0
        with _told():
            for path in filter(Path.is_file, self._folder.iterdir()):
                with _told():
                    if abs(now.timestamp() - path.stat().st_mtime) > KEPT_MINUTES * 60:
                        path.unlink()
                        gone += 1
        return gone


@contextmanager
def _told() -> Iterator[None]:
    """What is gone is gone: others sweep too. Raises `NotStored` where the disk refuses."""
    try:
        yield
    except FileNotFoundError:
        pass
    except OSError as error:
        raise NotStored from error


class _Table:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, name: str, pieces: Iterable[bytes], *, now: datetime) -> None:
        with drafts_of(self._engine) as connection:
            for number, piece in enumerate(pieces):
                row = {"name": name, "place": number, "minute": _minute(now), "sealed": piece}
                connection.execute(_PUT, row)

    def read(self, name: str) -> bytes | None:
        with drafts_of(self._engine, reads=True) as connection:
            return b"".join(connection.scalars(_PIECES, {"name": name})) or None

    def forget(self, name: str) -> None:
        with drafts_of(self._engine) as connection:
            connection.execute(_AWAY, {"name": name})

    def sweep(self, *, now: datetime) -> int:
        between = {"oldest": _minute(now) - KEPT_MINUTES, "newest": _minute(now) + KEPT_MINUTES}
        with drafts_of(self._engine) as connection:
            return len(set(connection.scalars(_OVER, between)))


def _minute(now: datetime) -> int:
    return int(now.timestamp()) // 60

"""Which database an instance works on, and whether it is at work at all.

While an instance is moved nobody serves it. Afterwards the old database still lies there, complete up to that day:
served by mistake, it would take in cases that the new one never sees. So the instance folder keeps what was moved
where. The old one is refused from when the new one was first used; the new one, where the old one went on meanwhile.
`intake serve` needs this, and loads nothing.
"""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TextIO, TypedDict
from urllib.parse import quote, urlsplit, urlunsplit

from intake.config import BadSetting, Settings

MOVED = "moved.json"
AT_WORK = "at-work.lock"

# What `MOVED` holds: addresses without passwords, the day in ISO 8601, rows of each table, and whether the new database
# has been used.
Moved = TypedDict("Moved", {"from": str, "to": str, "on": str, "rows": dict[str, int], "used": bool})


def at_work(instance: Path) -> TextIO:
    """Whoever serves an instance, or ticks for it without end, keeps this file open; the kernel closes it for the
    killed. Raises `BadSetting` while the instance is moved."""
    return _held(
        instance, fcntl.LOCK_SH, "its database is being moved to another: start it when that is done."
    )


def at_rest(instance: Path) -> TextIO:
    """As long as this file is open nobody begins to serve the instance. Raises `BadSetting` where somebody does."""
    return _held(instance, fcntl.LOCK_EX, "it is at work (`intake serve` or `intake tick`): stop it first.")


def _held(instance: Path, how: int, otherwise: str) -> TextIO:
    if not instance.is_dir():
        raise BadSetting("instance", f"{instance} has not been set up: run `intake init`.")
    file = (instance / AT_WORK).open("a")
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.close()
        raise BadSetting("instance", otherwise) from error
    return file


def shown(url: str) -> str:
    """The address of a database without its password and the name of its driver."""
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    netloc = f"{user.partition(':')[0]}{at}{host}"
    query = "&".join(one for one in parts.query.split("&") if not one.startswith("password="))
    return urlunsplit((parts.scheme.partition("+")[0], netloc, parts.path, query, "")) if netloc else url


def counted(file: Path) -> tuple[dict[str, int], str, str]:
    """Rows of each table, the journal's head and the shape of an SQLite database that nobody works on."""
    with closing(sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True)) as connection:
        names = [
            name
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
            )
        ]
        rows = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608
        head = connection.execute("SELECT hash FROM journal ORDER BY number DESC LIMIT 1").fetchone()
        (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return rows, head[0].hex() if head else "", revision


def keep(settings: Settings, to: str, *, rows: Mapping[str, int], on: date) -> None:
    """Keep that the database of these settings was moved: nothing changes until settings name the new one."""
    told: Moved = {
        "from": shown(settings.url),
        "to": shown(to),
        "on": on.isoformat(),
        "rows": dict(rows),
        "used": False,
    }
    _write(settings, told)


def check(settings: Settings) -> None:
    """Refuse a database that was moved, once the new one has been used; and the new one, where the old one was used
    after it was moved. Raises `BadSetting`."""
    file = settings.instance / MOVED
    if not file.exists():
        return
    moved: Moved = json.loads(file.read_text("utf-8"))
    here = shown(settings.url)
    if here == moved["to"] and not moved["used"]:
        _refuse_left_behind(moved)
        _write(settings, moved | {"used": True})
    elif here == moved["from"] and moved["used"]:
        day = date.fromisoformat(moved["on"])
        raise BadSetting(
            "database_url",
            f"this instance was moved to {moved['to']} on {day:%-d %B %Y}, and has been used there: {here} lacks what "
            "came in since. Name the other in settings.toml, or move it back with `intake migrate-to`, to a new place. "
            f"Only if what came in since is to be forgotten, delete {file} and go on here.",
        )


def _refuse_left_behind(moved: Moved) -> None:
    """Every act adds a row, or a line to the journal. Of PostgreSQL's the password is kept nowhere: it is not asked."""
    old = Path(moved["from"].removeprefix("sqlite:///"))
    if not moved["from"].startswith("sqlite:") or not old.exists():
        return
    rows, _, _ = counted(old)
    if more := [name for name, then in moved["rows"].items() if rows[name] != then]:
        raise BadSetting(
            "database_url",
            f"after the instance was moved to {moved['to']}, {old} was used again ({', '.join(more)} changed): the new "
            "one lacks that. Name the old one in settings.toml, empty the new one, and run `intake migrate-to` again.",
        )


def _write(settings: Settings, moved: Moved) -> None:
    file = settings.instance / MOVED
    part = file.with_suffix(".part")
    with part.open("w", encoding="utf-8") as out:
        json.dump(moved, out, indent=1)
        out.flush()
        os.fsync(out.fileno())
    part.rename(file)

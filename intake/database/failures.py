"""What a database could not do, in words that may be shown."""

from __future__ import annotations

import logging
import sqlite3
import time

from sqlalchemy.exc import TimeoutError as PoolTimeout

LOG = logging.getLogger(__name__)
LONGEST_WAIT_SECONDS = 20  # for others who are at it; then `Busy`

# What says that a database cannot be had, or cannot be written to, just now. All else that a driver raises says that a
# statement of ours is wrong, which no later try mends: that stays what it is, and is logged as a fault of ours.
NOT_NOW_OF_SQLITE = {  # https://sqlite.org/rescode.html, the first two words of each
    "SQLITE_AUTH",
    "SQLITE_BUSY",
    "SQLITE_CANTOPEN",
    "SQLITE_CORRUPT",
    "SQLITE_FULL",
    "SQLITE_INTERRUPT",
    "SQLITE_IOERR",
    "SQLITE_LOCKED",
    "SQLITE_NOLFS",
    "SQLITE_NOMEM",
    "SQLITE_NOTADB",
    "SQLITE_PERM",
    "SQLITE_PROTOCOL",
    "SQLITE_READONLY",
}
# https://www.postgresql.org/docs/15/errcodes-appendix.html: classes, and single states of classes that are ours.
NOT_NOW_OF_POSTGRESQL = (
    "08",  # the connection
    "0A000",  # drafts on a copy that follows another server; a statement that was planned before an upgrade
    "25006",  # read-only
    "25P03",  # said nothing for too long
    "28",  # not let in
    "3D",  # no such database
    "40",  # lost against another transaction
    "42501",  # no right
    "42P01",  # no such table: not upgraded, or another database
    "53",  # no disk, memory or connection left
    "55",  # a lock was not had
    "57",  # stopped, or took too long
    "58",  # its disk refuses
    "XX",  # damaged
)
STATELESS = {"OperationalError", "InterfaceError", "DataError"}
# What SQLite and its driver say without a name of its own: not upgraded or another file; a file that somebody damaged.
NOT_NOW_IN_WORDS_OF_SQLITE = ("no such table", "Could not decode to UTF-8")


class NotStored(Exception):
    """The database could not keep, or give, what was asked; nothing of it was kept."""

    def __init__(self, words: str = "", *, why: str = "") -> None:
        words = (
            words or "We could not store this just now. Nothing was kept. Please try again in a few minutes."
        )
        super().__init__(f"{words} {why}".rstrip())


class Busy(NotStored):
    """Somebody else is at it; nothing was kept."""


class PerhapsStored(NotStored):
    """The connection was lost in the very commit: all of it was kept, or nothing, and nobody can say which."""

    def __init__(self) -> None:
        super().__init__(
            "The connection to the database was lost just as this was stored, so we cannot tell whether it was. Look "
            "before you do it again."
        )


class OlderThanDatabase(NotStored):
    """The database was upgraded by a newer program; nothing was kept, and nothing will be by this one."""

    def __init__(self, words: str = "") -> None:
        super().__init__(
            words
            or "This program is not of its database's version: it was upgraded meanwhile. Nothing was kept. Restart "
            "Intake."
        )


def is_not_now(error: Exception) -> bool:
    """Whether what came of a driver, wrapped by SQLAlchemy or not, says that the database cannot be had now."""
    if isinstance(error, PoolTimeout) or getattr(error, "connection_invalidated", False):
        return True
    raised = getattr(error, "orig", error)
    if isinstance(raised, sqlite3.Error):
        name = getattr(raised, "sqlite_errorname", "")
        return "_".join(name.split("_")[:2]) in NOT_NOW_OF_SQLITE or str(raised).startswith(
            NOT_NOW_IN_WORDS_OF_SQLITE
        )
    if state := getattr(raised, "sqlstate", None):
        return state.startswith(NOT_NOW_OF_POSTGRESQL)
    # A connection that could not be made, or broke off, has no state; nor has text with a NUL, which is told in words.
    kinds = {kind.__name__ for kind in type(raised).__mro__}
    return type(raised).__module__.startswith("psycopg") and not kinds.isdisjoint(STATELESS)


def note(error: Exception, told: NotStored) -> None:
    """Leave a trace of what is told as trouble of the database, by its kind alone: what it says may hold what somebody
    typed. Once an hour in each process, for every line has the minute in which somebody tried. `Busy` leaves none.
    """
    kind = _kind_of(error)
    if isinstance(told, Busy) or "SQLITE_BUSY" in kind:
        return
    hour = int(time.monotonic()) // 3600
    if _noted.get(kind) != hour:
        _noted[kind] = hour
        LOG.error("The database could not do what was asked: %s.", kind)


_noted: dict[str, int] = {}


def _kind_of(error: Exception) -> str:
    """The name that a driver gives its error, and a few words of its that hold no value."""
    raised = getattr(error, "orig", error)
    name = getattr(raised, "sqlite_errorname", None) or getattr(raised, "sqlstate", None)
    said = next((words for words in NOT_NOW_IN_WORDS_OF_SQLITE if str(raised).startswith(words)), "")
    return " ".join(filter(None, (type(raised).__name__, name, said)))

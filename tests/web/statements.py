"""What the databases are asked while somebody waits for a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event


@contextmanager
def watched(asked: list[str]) -> Iterator[None]:
    """Every statement that any database of ours is asked."""

    def note(_connection, _cursor, statement, *_more):
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield
    event.remove(Engine, "before_cursor_execute", note)


def asked_for(page: Callable[[], object]) -> list[str]:
    """The statements of one page, from the cookie to the last line; the beginnings of transactions, and their locks,
    are none."""
    asked: list[str] = []
    with watched(asked):
        page()
    return [statement for statement in asked if not statement.startswith(("BEGIN", "SELECT pg_advisory"))]

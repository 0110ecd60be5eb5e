"""What is the same in every story, and is worked out once for all stories of a process.

A running house compiles its SQL and its addresses once and keeps them; a story has a house of its own, and would work
a third of its time to compile them again.
"""

from __future__ import annotations

from functools import cache

from sqlalchemy import Connection, Engine, event
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule


class Statements:
    """Compiled SQL by what it says and the kind of database, where SQLAlchemy has one such for each engine."""

    def __init__(self) -> None:
        self._kept = LRUCache(2_000)

    def get(self, key):
        return self._kept.get(_of_the_kind(key))

    def __setitem__(self, key, compiled) -> None:
        self._kept[_of_the_kind(key)] = compiled


def _of_the_kind(key: tuple) -> tuple:
    dialect, *said = key
    return (type(dialect), *said)


@cache
def begin() -> None:
    """From now on, in this process. Called more than once, it does nothing more."""
    statements = Statements()

    @event.listens_for(Engine, "engine_connect")
    def share(connection: Connection) -> None:
        connection.execution_options(compiled_cache=statements)

    compiled, inner = {}, Rule._compile_builder

    def compile_once(rule: Rule, append_unknown: bool = True):
        assert not rule.defaults  # which would be compiled in; no address of ours has any
        known = (rule.rule, *rule._trace, append_unknown)
        if known not in compiled:
            compiled[known] = inner(rule, append_unknown)
        return compiled[known]

    Rule._compile_builder = compile_once

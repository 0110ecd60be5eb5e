"""Reads catalogue files into definitions. Every fault names the file and the key."""

import tomllib
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from . import answering_anew
from .consistency import check
from .definitions import (
    FORCES,
    MEASURES,
    ROLES,
    WRITTEN,
    Catalogue,
    Event,
    Extension,
    InAll,
    Kind,
    Limit,
    NewAnswer,
    Outcome,
    Procedure,
    Signpost,
    Stage,
    Step,
    Unit,
    Version,
)
from .people import POSTS
from .retention import UNITS, Schedule
from .working_days import FIRST_YEAR, LAST_YEAR, LONDON

BUILT_IN = Path(__file__).parent / "catalogue"
_REQUIRED: Any = object()
LONGEST_ID, LONGEST_OF_A_DATE = 40, 60  # characters; of events and limits the latter


class CatalogueError(ValueError):
    """A catalogue file that cannot be used; the message names the file, the key and what is wrong."""


def load_catalogue(*folders: str | Path) -> Catalogue:
    """The built-in procedures, then each folder's in turn; a later file replaces an earlier one of the same
    name.

    Raises CatalogueError.
    """
    procedures: dict[str, Procedure] = {}
    for folder in (BUILT_IN, *map(Path, folders)):
        if not folder.is_dir():
            raise CatalogueError(f"{folder}: there is no such folder of catalogue files.")
        for path in sorted(folder.glob("*.toml")):
            procedure, before = load_procedure(path), procedures.get(path.stem)
            if before and procedure.reader != before.reader:
                raise CatalogueError(
                    f"{path.name}: reader: must stay {before.reader!r}: what is sent in here would else go to "
                    "people from whom the built-in procedure keeps it."
                )
            procedures[path.stem] = procedure
    return Catalogue(procedures)


def load_procedure(path: Path) -> Procedure:
    """One procedure from its file, whose name is its id. Raises CatalogueError."""
    try:
        return _read(path.name, path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise CatalogueError(
            f"{path.name}: cannot be read: {getattr(fault, 'strerror', None) or fault}"
        ) from fault


@lru_cache(maxsize=64)
def _read(file: str, text: str) -> Procedure:
    """The same text is the same procedure, and is read once."""
    return procedure_of(file, tomllib.loads(text))


def procedure_of(file: str, values: dict[str, Any]) -> Procedure:
    """One procedure from what its file says. Raises CatalogueError."""
    top = _Table(file, "", values)
    procedure_id = top.id()
    if f"{procedure_id}.toml" != file:
        top.fail("id", f"must be {file.removesuffix('.toml')!r}, the name of the file")
    name, reader = top.text("name"), top.choice("reader", ROLES)
    outcomes = tuple(top.each("outcomes", _outcome))
    ladders = {
        key: tuple(ladder)
        for key, ladder in _ladders(top.table("escalation", default={}), ROLES[reader]).items()
    }
    signpost = top.table("signpost", default=None)
    post = _finished(signpost, Signpost(signpost.text("name"), signpost.text("words"))) if signpost else None

    def version(table: _Table) -> Version:
        in_all = table.table("in_all", default=None)
        stages = tuple(table.each("stages", lambda stage: _stage(stage, ladders)))
        events, limits = answering_anew.added(
            stages,
            table.each("events", _event),
            table.each("limits", lambda limit: _limit(limit, ladders), default=()),
        )
        return Version(
            id=table.id(),
            procedure=procedure_id,
            name=name,
            label=table.text("label"),
            received_from=table.moment("received_from"),
            stages=stages,
            events=events,
            limits=limits,
            outcomes=tuple(table.each("outcomes", _outcome, default=())) or outcomes,
            told=table.texts("told"),
            signpost=post,
            in_all=_in_all(in_all) if in_all else None,
        )

    kept = top.table("retention", default=None)
    procedure = Procedure(
        procedure_id, name, reader, tuple(top.each("versions", version)), _retention(kept) if kept else None
    )
    _finished(top, procedure)
    if fault := check(procedure):
        raise CatalogueError(f"{file}: {fault}")
    return procedure


def _outcome(table: "_Table") -> Outcome:
    return Outcome(
        id=table.id(),
        label=table.text("label"),
        given_by=table.choice("given_by", ("response", "withdrawal", "refusal"), "response"),
        final=table.flag("final", True),
        needs_reason=table.flag("needs_reason"),
        within=table.whole("within_working_days", None, low=1),
    )


def _ladders(tables: "_Table", roles: frozenset[str]) -> dict[str, list[Step]]:
    def step(table: _Table) -> Step:
        return Step(table.whole("days", low=-60), table.choice("to", roles), table.whole("level", low=1))

    ladders = {key: tables.each(key, step) for key in tables}
    for key, ladder in ladders.items():
        known = [rung.id for rung in ladder]
        if len(set(known)) < len(known):
            tables.fail(key, "has two steps of the same days to the same people")
    return _finished(tables, ladders)


def _stage(table: "_Table", ladders: dict[str, tuple[Step, ...]]) -> Stage:
    anew = table.table("new_answer", default=None)
    return Stage(
        id=table.id(),
        label=table.text("label"),
        measure=table.choice("measure", MEASURES, None),
        final=table.flag("final"),
        new_answer=_new_answer(anew, ladders) if anew else None,
    )


def _new_answer(table: "_Table", ladders: dict[str, tuple[Step, ...]]) -> NewAnswer:
    count, ladder = table.whole("count", low=1), table.choice("escalation", ladders, None)
    return _finished(table, NewAnswer(count, ladders[ladder] if ladder else ()))


def _event(table: "_Table") -> Event:
    return Event(
        id=table.id(LONGEST_OF_A_DATE),
        label=table.text("label"),
        stage=table.text("stage"),
        kind=Kind(table.choice("kind", WRITTEN)),
        follows=table.text("follows", None),
        names=table.choice("names", POSTS, None),
        arranges=table.text("arranges", None),
        signposts=table.flag("signposts"),
        statement=table.flag("statement"),
    )


def _limit(table: "_Table", ladders: dict[str, tuple[Step, ...]]) -> Limit:
    unit = Unit(table.choice("unit", Unit))
    extension = table.table("extension", default=None)
    ladder = table.choice("escalation", ladders, None)
    return Limit(
        id=table.id(LONGEST_OF_A_DATE),
        label=table.text("label"),
        stage=table.text("stage"),
        counts_from=table.text("counts_from"),
        count=0 if unit is Unit.BY_HAND else table.whole("count", low=1),
        unit=unit,
        met_by=table.texts("met_by"),
        force=table.choice("force", FORCES),
        source=table.text("source"),
        beginning=table.flag("beginning_with_the_day"),
        rolls_forward=table.flag("rolls_forward"),
        before_known=table.text("before_known", None),
        second_reading_of=table.text("second_reading_of", None),
        decides_lateness=table.flag("decides_lateness"),
        moves_with=table.text("moves_with", None),
        late_request=table.choice("late_request", ("considered", "may-be-refused"), "considered"),
        owed_by=table.choice("owed_by", ("authority", "complainant"), "authority"),
        pausable=table.flag("pausable"),
        note=table.text("note", ""),
        extension=_extension(extension) if extension else None,
        steps=ladders[ladder] if ladder else (),
    )


def _extension(table: "_Table") -> Extension:
    return _finished(
        table,
        Extension(
            condition=table.text("condition"),
            source=table.text("source"),
            to=table.whole("to", None, low=1),
            add=table.whole("add", None, low=1),
            before_due=table.flag("before_due"),
            signposts=table.flag("signposts"),
            beyond=table.flag("beyond_with_good_reason"),
        ),
    )


def _in_all(table: "_Table") -> InAll:
    return _finished(table, InAll(table.whole("weeks", low=1), table.text("source")))


def _retention(table: "_Table") -> Schedule:
    return _finished(
        table,
        Schedule(
            count=table.whole("count", low=1),
            unit=table.choice("unit", UNITS),
            force=table.choice("force", FORCES),
            source=table.text("source"),
            note=table.text("note", ""),
        ),
    )


_Made = TypeVar("_Made")


def _finished(table: "_Table", value: _Made) -> _Made:
    table.finish()
    return value


class _Table:
    """A TOML table that knows where it stands, and which of its keys nobody has read."""

    def __init__(self, file: str, place: str, values: dict[str, Any]) -> None:
        self.file, self.place, self.values = file, place, values
        self.read: set[str] = set()

    def fail(self, key: str, what: str) -> NoReturn:
        raise CatalogueError(f"{self.file}: {self.place}{key}: {what}.")

    def __iter__(self) -> Iterator[str]:
        return iter(self.values)

    def finish(self) -> None:
        for key in self.values:
            if key not in self.read:
                self.fail(key, "is not a key that is known here")

    def _take(self, key: str, kind: type, words: str, default: Any) -> Any:
        self.read.add(key)
        if key not in self.values:
            if default is _REQUIRED:
                self.fail(key, "is missing")
            return default
        value = self.values[key]
        if type(value) is not kind:
            self.fail(key, f"must be {words}")
        return value

    def text(self, key: str, default: Any = _REQUIRED) -> Any:
        value = self._take(key, str, "a text in quotation marks", default)
        if default is _REQUIRED and not value.strip():
            self.fail(key, "must not be empty")
        return value

    def id(self, most: int = LONGEST_ID) -> str:
        """What the database keeps of it: a longer one would fit into SQLite alone."""
        value: str = self.text("id")
        if len(value) > most:
            self.fail("id", f"must have at most {most} characters, not {len(value)}")
        return value

    def choice(self, key: str, options: Any, default: Any = _REQUIRED) -> Any:
        value = self.text(key, default)
        names = sorted(str(option) for option in options)
        if key in self.values and value not in names:
            self.fail(key, f"is {value!r} but must be one of: {', '.join(names)}")
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        return bool(self._take(key, bool, "true or false", default))

    def whole(self, key: str, default: Any = _REQUIRED, *, low: int) -> Any:
        value = self._take(key, int, "a whole number", default)
        if key in self.values and not low <= value <= 400:
            self.fail(key, f"must lie between {low} and 400")
        return value

    def moment(self, key: str) -> datetime | None:
        value = self._take(
            key, datetime, "a date and time without an offset, such as 2026-01-16T17:00:00", None
        )
        if value is not None and value.tzinfo is not None:
            self.fail(key, "must not have an offset: it is read as the time in London")
        if value is not None and not FIRST_YEAR <= value.year <= LAST_YEAR:
            self.fail(key, f"must lie in the years from {FIRST_YEAR} to {LAST_YEAR}")
        return value.replace(tzinfo=LONDON) if value else None

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._take(key, list, "a list of texts", _REQUIRED)
        if not value or not all(type(item) is str and item.strip() for item in value):
            self.fail(key, "must be a list of texts, with at least one")
        return tuple(value)

    def table(self, key: str, default: Any) -> Any:
        value = self._take(key, dict, "a table", default)
        return None if value is None else _Table(self.file, f"{self.place}{key}.", value)

    def each(self, key: str, build: "Callable[[_Table], _Made]", default: Any = _REQUIRED) -> list[_Made]:
        value = self._take(key, list, "a list of tables", default)
        if default is _REQUIRED and not value:
            self.fail(key, "must have at least one entry")
        built: list[_Made] = []
        for number, item in enumerate(value, 1):
            if type(item) is not dict:
                self.fail(key, "must be a list of tables")
            name = item.get("id", number)
            table = _Table(self.file, f"{self.place}{key}[{name}].", item)
            thing = build(table)
            table.finish()
            if any(getattr(other, "id", None) == name for other in built):
                self.fail(key, f"has {name!r} twice")
            built.append(thing)
        return built

"""A list narrowed to what somebody looks for, and in which order it is read.

The walk stays one along the list's own index: what a list can be narrowed by stands in the index, so that looking for
few among many reads no case that is not shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, literal, select, union_all

from intake.models import Case, Staff, Theme
from intake.procedures.definitions import Procedure
from intake.services.cases import concerns, places, themes
from intake.services.cases.channels import CHANNELS
from intake.services.ground import custody
from intake.services.ground.office import AnySession, Office
from intake.services.ground.roles import Officer

NOBODY = "nobody"  # as a handler
ORDERS: dict[str, tuple[SQLColumnExpression[Any], ...]] = {
    "due": (Case.list_day, Case.reference),
    "received": (Case.received_on, Case.reference),
    "reference": (Case.reference,),
}
# Not the bare column: SQLite would leave the list's index for the one of procedures, and sort all that it finds there.
_PROCEDURE: SQLColumnExpression[str] = Case.procedure.concat("")
Choice = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Narrowing:
    """What a list is narrowed to; empty: to nothing. All of it holds at once.

    `place`: with all that stands below it today; `handler`: an account, or `NOBODY`; `until`: the last day by which a
    line stands in its list (of what is open the next date). `turned`: the order the other way round.
    """

    procedure: str = ""
    stage: str = ""
    place: str = ""
    theme: str = ""
    handler: str = ""
    channel: str = ""
    until: date | None = None
    received_from: date | None = None
    received_to: date | None = None
    order: str = "due"
    turned: bool = False

    @property
    def asks(self) -> bool:
        """Whether it leaves anything out."""
        kept = {"order", "turned"}
        return any(getattr(self, field.name) for field in fields(self) if field.name not in kept)


EVERYTHING = Narrowing()


@dataclass(frozen=True)
class Choices:
    """What a list can be narrowed to, each as id and label."""

    procedure: Choice
    stage: Choice
    place: Choice
    theme: Choice
    handler: Choice
    channel: Choice


def conditions(office: Office, narrowed: Narrowing, *, today: date) -> list[ColumnElement[bool]]:
    """What a case must be, inside the caller's transaction."""
    asked: list[ColumnElement[bool]] = [
        column == wanted
        for column, wanted in (
            (_PROCEDURE, narrowed.procedure),
            (Case.stage, narrowed.stage),
            (Case.channel, narrowed.channel),
        )
        if wanted
    ]
    if narrowed.place:
        below = places.tree_of(office.session).below(narrowed.place, today)
        asked.append(Case.place_id.in_(sorted(below)))
    if narrowed.theme:
        counted = themes.merged_themes(office)
        asked.append(
            Case.theme_id.in_(
                sorted({narrowed.theme, *(one for one, into in counted.items() if into == narrowed.theme)})
            )
        )
    if narrowed.handler:
        nobody = narrowed.handler == NOBODY
        asked.append(Case.handler_id.is_(None) if nobody else Case.handler_id == narrowed.handler)
    return asked + _days(narrowed)


def _days(narrowed: Narrowing) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    if narrowed.until:
        asked.append(Case.list_day <= narrowed.until)
    if narrowed.received_from:
        asked.append(Case.received_on >= narrowed.received_from)
    if narrowed.received_to:
        asked.append(Case.received_on <= narrowed.received_to)
    return asked


def choices(office: Office, officer: Officer, *, now: datetime) -> Choices:
    """What the officer's lists can be narrowed to, inside the caller's transaction."""
    today, known = office.today(now), places.tree_of(office.session)
    procedures = [one for one in office.catalogue.procedures.values() if concerns.enters(officer.role, one)]
    named = _named(office.session, officer)
    return Choices(
        procedure=tuple((one.id, one.name) for one in procedures),
        stage=_stages(procedures),
        place=tuple((place.id, known.words(place.id, today)) for place in known.in_order(today)),
        theme=named["theme"],
        handler=((NOBODY, "Nobody yet"), *named["handler"]),
        channel=tuple(CHANNELS.items()),
    )


def _stages(procedures: list[Procedure]) -> Choice:
    """Each stage once, with all that it is called; where one has a single stage, that says nothing."""
    called: dict[str, dict[str, None]] = {}
    for procedure in procedures:
        for version in procedure.versions:
            for stage in version.stages if len(version.stages) > 1 else ():
                called.setdefault(stage.id, {})[stage.label] = None
    return tuple((stage, " or ".join(labels)) for stage, labels in sorted(called.items()))


def _named(session: AnySession, officer: Officer) -> Mapping[str, Choice]:
    """The themes that are open, and the colleagues who can be given a case, each in the order of their names."""
    open_themes = select(literal("theme").label("kind"), Theme.id, Theme.name.label("name"))
    colleagues = select(literal("handler").label("kind"), Staff.id, Staff.name.label("name"))
    asked = union_all(
        open_themes.where(Theme.merged_into.is_(None)),
        colleagues.where(Staff.id.in_(custody.members(*officer.role.beside))),
    )
    found: dict[str, list[tuple[str, str]]] = {"theme": [], "handler": []}
    for kind, one, name in session.execute(asked):
        found[kind].append((one, name))
    return {kind: tuple(sorted(some, key=lambda one: one[1].casefold())) for kind, some in found.items()}

"""The services of an authority as a tree: directorates, their services, the teams of a service, and where each stood.

A service that moves is counted where it stood on the day of each receipt: figures of an old year do not move with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from .quarters import Period

DIRECTORATE, SERVICE, TEAM = "directorate", "service", "team"
KINDS = (
    DIRECTORATE,
    SERVICE,
    TEAM,
)  # each stands below the one before, so that nothing can stand below itself
ALWAYS = date.min  # the first day of where a place has always stood
WITHHELD = "*"  # in the place of a directorate's services of which none is told: their number together
SEPARATOR = "/"  # of a directorate's id and a service's: how receipts are counted by service


@dataclass(frozen=True)
class Spell:
    """A place stands below another, or below none, from a day on."""

    first_day: date
    parent: str | None


@dataclass(frozen=True)
class Place:
    """A directorate, a service or a team. `spells`: where it stood, the earliest first; a directorate has none.

    `closed_from`: from that day on nothing new is given to it.
    """

    id: str
    kind: str
    name: str
    spells: tuple[Spell, ...] = ()
    closed_from: date | None = None

    def parent(self, day: date) -> str | None:
        """What it stood below on a day."""
        return next((spell.parent for spell in reversed(self.spells) if spell.first_day <= day), None)

    def is_open(self, day: date) -> bool:
        return self.closed_from is None or day < self.closed_from


@dataclass(frozen=True)
class Span:
    """Days of a period on which nothing moved, both included."""

    first_day: date
    last_day: date


@dataclass(frozen=True)
class Tree:
    """All places, those that are closed too."""

    places: Mapping[str, Place]

    @classmethod
    def of(cls, places: Iterable[Place]) -> Tree:
        return cls({place.id: place for place in places})

    def line(self, place: str | None, day: date) -> tuple[Place, ...]:
        """From the directorate down to the place itself, as it stood on a day."""
        found: list[Place] = []
        while place is not None and place in self.places and len(found) < len(KINDS):
            found.insert(0, self.places[place])
            place = found[0].parent(day)
        return tuple(found)

    def words(self, place: str | None, day: date) -> str:
        """Where it stands, for people: "Children, Education and Families: SEND: Assessment"."""
        return ": ".join(one.name for one in self.line(place, day))

    def counted_as(self, place: str | None, day: date, below: str | None = None) -> str:
        """The directorate and the service as which a receipt of a day is counted; empty where it has no place. In the
        figures of a service (`below`), the service and the team.
        """
        by_kind = {one.kind: one.id for one in self.line(place, day)}
        if not by_kind:
            return ""
        first, second = (SERVICE, TEAM) if self._is_service(below) else (DIRECTORATE, SERVICE)
        return f"{by_kind.get(first, '')}{SEPARATOR}{by_kind.get(second, '')}"

    def _is_service(self, place: str | None) -> bool:
        return place is not None and place in self.places and self.places[place].kind != DIRECTORATE

    def within(self, whole: str, place: str | None, day: date) -> bool:
        """Whether a place was this one, or stood below it, on a day."""
        return any(one.id == whole for one in self.line(place, day))

    def below(self, place: str, day: date) -> frozenset[str]:
        """The place itself and all that stands below it on a day."""
        return frozenset(one for one in self.places if self.within(place, one, day))

    def spans(self, period: Period) -> tuple[Span, ...]:
        """The days of a period, apart where something moved."""
        moves = sorted(day for day in self._days_of_moves if period.first_day < day <= period.last_day)
        firsts = [period.first_day, *moves]
        lasts = [*(day - timedelta(days=1) for day in moves), period.last_day]
        return tuple(Span(first, last) for first, last in zip(firsts, lasts, strict=True))

    def placed(
        self, period: Period, holds: Callable[[str | None, date], bool]
    ) -> tuple[tuple[Span, frozenset[str], bool], ...]:
        """For each span of a period: the places of which something holds then, and whether it does of none at all."""
        return tuple(
            (
                span,
                frozenset(place for place in self.places if holds(place, span.first_day)),
                holds(None, span.first_day),
            )
            for span in self.spans(period)
        )

    @cached_property
    def _days_of_moves(self) -> frozenset[date]:
        return frozenset(spell.first_day for place in self.places.values() for spell in place.spells)

    def of_kind(self, *kinds: str, open_on: date | None = None) -> list[Place]:
        """The places of some kinds in the order of their names; those alone that are open on a day, if one is given."""
        return sorted(
            (
                place
                for place in self.places.values()
                if place.kind in kinds and (open_on is None or place.is_open(open_on))
            ),
            key=lambda place: (place.name.casefold(), place.id),
        )

    def in_order(self, day: date) -> list[Place]:
        """Every place as it stands on a day, each followed by those below it; what stands below none comes last."""
        below: dict[str | None, list[Place]] = {}
        for place in self.of_kind(SERVICE, TEAM):
            below.setdefault(place.parent(day), []).append(place)
        in_order: list[Place] = []
        left = [*reversed(below.get(None, [])), *reversed(self.of_kind(DIRECTORATE))]
        while left:
            in_order.append(place := left.pop())
            left += reversed(below.get(place.id, []))
        return in_order

    def names(self, below: str | None = None) -> dict[str, str]:
        """What to call everything as which receipts are counted, in the order in which it is told; in the figures of a
        directorate or a service (`below`) without its own name.
        """
        if self._is_service(below):
            teams = {f"{below}{SEPARATOR}{team.id}": team.name for team in self.of_kind(TEAM)}
            return teams | {f"{below}{SEPARATOR}": "Team not given"}
        directorates = self.of_kind(DIRECTORATE)
        several = below is None and len(directorates) > 1
        told: dict[str, str] = {}
        for above in (*directorates, None):
            for service in self.of_kind(SERVICE):
                if any(
                    spell.parent == (above and above.id) for spell in service.spells or (Spell(ALWAYS, None),)
                ):
                    name = f"{above.name}: {service.name}" if above and several else service.name
                    told[f"{above.id if above else ''}{SEPARATOR}{service.id}"] = name
            if above:
                told[f"{above.id}{SEPARATOR}{WITHHELD}"] = f"{above.name}: all services"
                told[f"{above.id}{SEPARATOR}"] = (
                    f"{above.name}: service not given" if several else "Service not given"
                )
        return told | {f"{SEPARATOR}{WITHHELD}": "Services without a directorate"}


def directorate_of(counted_as: str) -> str:
    """The directorate of what a receipt is counted as; empty where it has none."""
    return counted_as.partition(SEPARATOR)[0] if SEPARATOR in counted_as else ""

"""A case that was opened with its code: the code is posted once, then lies sealed for this visit, for a while."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import current_app

from intake.services.holders import visits
from intake.services.holders.visits import Place, Visit

from .asking import ASKS, CASE

MINUTES = 30
PAGES = (CASE, *ASKS)
NOT_KEPT = {"place", "kept", "page"}  # the address tells the page


@dataclass
class Pass:
    """What a visit may open. `code` is empty on a pass that only tells why a code opened nothing.

    `problem` and `notice` say what went wrong, `done` what was done; `kind` is what was asked and not done, `typed`
    what was typed for it, by box. `kept`: something of it lies on the server. `page`: of the case, where its holder is.
    """

    place: Place
    code: str = ""
    until: str = ""
    problem: str = ""
    notice: str = ""
    done: str = ""
    faulty: bool = False
    kind: str = ""
    typed: dict[str, list[str]] = field(default_factory=dict)
    kept: bool = False
    page: str = CASE

    def take(self, wish: str, typed: dict[str, list[str]]) -> None:
        """Begin a new press: what the last one said is over."""
        self.notice = self.done = ""
        self.faulty, self.kind, self.typed = False, wish if wish in ASKS else "", typed


def begin() -> Pass:
    """A new pass."""
    return Pass(visits.new_place(visits.RETURN))


def keep(visit: Visit, held: Pass) -> None:
    """Put the pass aside for this visit, for half an hour from now. Raises `NotStored`."""
    now = current_app.extensions["intake"].now()
    held.until = (now + timedelta(minutes=MINUTES)).isoformat()
    content = {name: value for name, value in vars(held).items() if name not in NOT_KEPT}
    visits.keep(current_app.extensions["intake"], visit, held.place, content, now=now)


def at(visit: Visit | None, address: str, told: Mapping[str, str]) -> tuple[Pass | None, bool]:
    """The pass of an address, and whether the address is of this visit at all. Raises `NotStored`.

    A pass that is too old has lost its code: it says so, and asks for it again. `told`: sentences that an address
    may stand for, and how each is told; nothing is kept for those.
    """
    found = visit.find(visits.RETURN, address, (*PAGES, *told)) if visit else None
    if visit is None or found is None:
        return None, False
    office = current_app.extensions["intake"]
    now = office.now()
    place, page = found
    if page in told:
        said: dict[str, Any] = {told[page]: page}
        return Pass(place, **said), True
    content = visits.read(office, visit, place, now=now)
    if content is None:
        return None, True
    held = Pass(place, **content, kept=True, page=page)
    if datetime.fromisoformat(held.until) < now:
        visits.forget(office, visit, place)
        return None, True
    return held, True


def forget(visit: Visit, held: Pass) -> None:
    """Close the case for this visit. Raises `NotStored`."""
    visits.forget(current_app.extensions["intake"], visit, held.place)

"""What an address asks of a list, and the address that asks for it: what cannot be read asks for nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from intake.services.desk.leafing import LAST, Place, Turn
from intake.services.desk.narrowing import ORDERS, Narrowing
from intake.services.desk.views import VIEWS

WORDS = ("procedure", "stage", "place", "theme", "handler", "channel")
DAYS = {"until": "until", "from": "received_from", "to": "received_to"}  # in the address, and its own name
ASKED = ("view", *WORDS, *DAYS, "order", "turned")
THE_END = "end"
LONGEST_WORD = 60


def narrowing(asked: Mapping[str, str]) -> Narrowing:
    """What an address narrows a list to."""
    words = {name: asked.get(name, "").strip() for name in WORDS}
    read: dict = {
        name: word for name, word in words.items() if len(word) <= LONGEST_WORD and word.isprintable()
    }
    read |= {own: _day(asked.get(name, "")) for name, own in DAYS.items()}
    return Narrowing(
        **read,
        order=asked["order"] if asked.get("order") in ORDERS else "due",
        turned=asked.get("turned") == "1",
    )


def asking(view: str, narrowed: Narrowing) -> dict[str, str]:
    """What stands in the address of a list, in one order and without what is as always."""
    days = {name: getattr(narrowed, own) for name, own in DAYS.items()}
    told = {"view": view, **{name: getattr(narrowed, name) for name in WORDS}}
    told |= {name: day.isoformat() for name, day in days.items() if day}
    told |= {"order": narrowed.order} if narrowed.order != "due" else {}
    told |= {"turned": "1"} if narrowed.turned else {}
    return {name: word for name, word in told.items() if word}


def kept(asked: Mapping[str, str]) -> dict[str, str]:
    """The same, of what came in a form or was saved."""
    view = asked.get("view", "")
    return asking(view if view in VIEWS else "open", narrowing(asked))


def address(asked: Mapping[str, str], **more: str) -> str:
    """The address of a list."""
    return "/staff/?" + urlencode({**asked, **more})


def turn(asked: Mapping[str, str]) -> Turn:
    """The page that an address asks for; the first one where it cannot be read."""
    if asked.get("before") == THE_END:
        return LAST
    if place := Place.parse(asked.get("before", "")):
        return Turn(place, back=True)
    return Turn(Place.parse(asked.get("after", "")))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None

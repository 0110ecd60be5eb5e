"""A half-finished report: everything answered so far, kept on the server for this visit alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from flask import current_app
from werkzeug.datastructures import MultiDict

from intake.procedures.outlook import NextDate
from intake.services.ground import press
from intake.services.holders import visits
from intake.services.holders.submitting import Acknowledgement
from intake.services.holders.visits import Place, Visit
from intake.web.asked.roads import ROADS, Page, Road

from . import wire

START, CHECK, SENT = "start", "check", "sent"
PAGES = (START, CHECK, SENT, *sorted({page.id for road in ROADS.values() for page in road.pages}))
SENT_MINUTES = 60  # how long the receipt is shown again to the visit that sent it


@dataclass
class Draft:
    """The road, the answers, the token of this one report, and where in it somebody is.

    `faulty`: the page whose answers were refused. `moved`: the road was just changed. `notices`: what went wrong
    with the last press, by page. `sent`: what the sender is told; the answers are gone by then. `lasting`: a lot no
    longer falls on it, so its addresses need not tell how to begin it anew.
    """

    token: str
    road: Road
    place: Place
    answers: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    checking: bool = False
    faulty: str = ""
    moved: bool = False
    notices: dict[str, str] = field(default_factory=dict)
    sent: dict[str, Any] = field(default_factory=dict)
    lasting: bool = False

    def take(self, page: Page, given: MultiDict) -> None:
        """Take in what was sent for a page, as it was sent, right or wrong."""
        settings = current_app.extensions["intake"].settings
        self.answers[page.id] = wire.read(page.bound(None, settings), given)

    def acknowledged(self, told: Acknowledgement, level: str) -> None:
        """It was sent: what was typed goes, what the sender is told stays for a while."""
        until = current_app.extensions["intake"].now() + timedelta(minutes=SENT_MINUTES)
        given = vars(told) | {
            "received_on": told.received_on.isoformat(),
            "next_dates": [vars(item) | {"on": item.on.isoformat()} for item in told.next_dates],
        }
        self.sent = {"told": given, "level": level, "until": until.isoformat()}
        self.answers, self.faulty, self.notices = {}, "", {}

    @property
    def told(self) -> Acknowledgement:
        """What the sender is told."""
        given = self.sent["told"]
        dates = [NextDate(**item | {"on": date.fromisoformat(item["on"])}) for item in given["next_dates"]]
        return Acknowledgement(
            **given
            | {
                "received_on": date.fromisoformat(given["received_on"]),
                "next_dates": tuple(dates),
                "told": tuple(given["told"]),
            }
        )


def begin(road: Road, place: Place | None = None) -> Draft:
    """A new report: nothing is kept of it before a page of it was answered."""
    return Draft(press.new_token(), road, place or visits.new_place(visits.REPORT))


def keep(visit: Visit, draft: Draft) -> None:
    """Put the draft aside for this visit. Raises `NotStored`."""
    content = {name: value for name, value in vars(draft).items() if name not in {"place", "lasting"}}
    draft.lasting = visits.keep(
        current_app.extensions["intake"],
        visit,
        draft.place,
        content | {"road": draft.road.id},
        now=current_app.extensions["intake"].now(),
        lasting=bool(draft.sent),
    )


def page_name(draft: Draft, page: str) -> str:
    """What the address of a page stands for. Until the draft lasts that is the road too, and for some hours it is
    enough to begin it anew: what was pressed once, or not yet, may not be there when the next press comes.
    """
    if draft.lasting or not (page == CHECK or draft.road.page(page)):
        return page
    return _young(draft.road, page, _spell(current_app.extensions["intake"].now()))


def _young(road: Road, page: str, spell: int) -> str:
    return f"{page} of {road.id} in {spell}"


def _spell(now: datetime) -> int:
    """As long as what is kept lasts: an address is good in its own and in the next one."""
    hours = current_app.extensions["intake"].settings.draft_hours + 1
    return int(now.timestamp()) // 3600 // hours


def at(visit: Visit | None, address: str) -> tuple[Draft | None, str]:
    """The draft and the page of an address; a draft that nothing is kept of is begun, where the address is enough.
    No draft: it is gone, or was never of this visit, and then the page is empty too. Raises `NotStored` where
    nothing can be read.
    """
    office = current_app.extensions["intake"]
    now = office.now()
    place, road, page = _read(visit, address, now) if visit else (None, None, "")
    if visit is None or place is None:
        return None, ""
    anew = begin(road, place) if road else None
    held = visits.read(office, visit, place, now=now)
    if held is None:
        return anew, page
    draft = Draft(**held | {"road": ROADS[held["road"]], "place": place, "lasting": road is None})
    if draft.sent and datetime.fromisoformat(draft.sent["until"]) < now:
        visits.forget(office, visit, place)
        return None, page
    return draft, page


def _read(visit: Visit, address: str, now: datetime) -> tuple[Place | None, Road | None, str]:
    """The place and the page of an address, and the road if the address tells it."""
    found = visit.find(visits.REPORT, address, PAGES)
    if found:
        return found[0], None, found[1]
    newest = _spell(now)
    young = {
        _young(road, page, spell): (road, page)
        for spell in (newest, newest - 1)
        for road in ROADS.values()
        for page in (*(page.id for page in road.pages), CHECK)
    }
    found = visit.find(visits.REPORT, address, young)
    return (found[0], *young[found[1]]) if found else (None, None, "")


def forget(visit: Visit, draft: Draft) -> None:
    """Throw the draft away. Raises `NotStored`."""
    visits.forget(current_app.extensions["intake"], visit, draft.place)

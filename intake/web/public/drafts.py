"""A half-finished report: everything answered so far, kept on the server for this visit alone."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta

from flask import current_app
from werkzeug.datastructures import MultiDict

from intake.services import submitting, visits
from intake.services.submitting import Acknowledgement
from intake.services.timekeeping import NextDate
from intake.services.visits import Place, Visit

from . import wire
from .roads import ROADS, Page, Road

START, CHECK, SENT = "start", "check", "sent"
PAGES = (START, CHECK, SENT, *sorted({page.id for road in ROADS.values() for page in road.pages}))
SENT_MINUTES = 60  # how long the receipt is shown again to the visit that sent it


@dataclass
class Draft:
    """The road, the answers, the token of this one report, and where in it somebody is.

    `faulty`: the page whose answers were refused. `moved`: the road was just changed. `notices`: what went wrong
    with the last press, by page. `sent`: what the sender is told; the answers are gone by then.
    """

    token: str
    road: Road
    place: Place
    answers: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    checking: bool = False
    faulty: str = ""
    moved: bool = False
    notices: dict[str, str] = field(default_factory=dict)
    sent: dict | None = None

    def take(self, page: Page, given: MultiDict) -> None:
        """Take in what was sent for a page, as it was sent, right or wrong."""
        settings = current_app.extensions["intake"].settings
        self.answers[page.id] = wire.read(page.bound(None, settings), given)

    def acknowledged(self, told: Acknowledgement, level: str) -> None:
        """It was sent: what was typed goes, what the sender is told stays for a while."""
        until = datetime.now(UTC) + timedelta(minutes=SENT_MINUTES)
        given = asdict(told) | {
            "received_on": told.received_on.isoformat(),
            "next_dates": [asdict(item) | {"on": item.on.isoformat()} for item in told.next_dates],
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


def begin(road: Road) -> Draft:
    """A new report."""
    return Draft(submitting.new_token(), road, visits.new_place(visits.REPORT))


def keep(visit: Visit, draft: Draft) -> None:
    """Put the draft aside for this visit. Raises `NotStored`."""
    content = {name: value for name, value in vars(draft).items() if name != "place"}
    office = current_app.extensions["intake"]
    visits.keep(office, visit, draft.place, content | {"road": draft.road.id}, now=datetime.now(UTC))


def at(visit: Visit | None, address: str) -> tuple[Draft | None, str]:
    """The draft and the page of an address. No draft: it is gone, or was never of this visit, and then the
    page is empty too. Raises `NotStored` where nothing can be read.
    """
    found = visit.find(visits.REPORT, address, PAGES) if visit else None
    if found is None:
        return None, ""
    office, now = current_app.extensions["intake"], datetime.now(UTC)
    place, page = found
    held = visits.read(office, visit, place, now=now)
    if held is None:
        return None, page
    draft = Draft(**held | {"road": ROADS[held["road"]], "place": place})
    if draft.sent and datetime.fromisoformat(draft.sent["until"]) < now:
        visits.forget(office, visit, place)
        return None, page
    return draft, page


def forget(visit: Visit, draft: Draft) -> None:
    """Throw the draft away. Raises `NotStored`."""
    visits.forget(current_app.extensions["intake"], visit, draft.place)

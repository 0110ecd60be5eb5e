"""A half-finished report: everything answered so far travels in the page, sealed, and is kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from intake.services import drafting, submitting
from intake.services.refusals import DraftUnreadable

from .roads import ROADS, Page, Road

PURPOSE = "report"


@dataclass
class Draft:
    """The road, the answers, the token of this one report, and whether the end was seen once."""

    token: str
    road: Road
    answers: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    checking: bool = False

    def keep(self, page: Page, given: MultiDict) -> None:
        """Take in what was sent for a page, as it was sent, right or wrong."""
        self.answers[page.id] = {entry.name: given.getlist(entry.name) for entry in page.form()}


def begin(road: Road) -> Draft:
    """A new report."""
    return Draft(submitting.new_token(), road)


def seal(office, draft: Draft, *, without: str = "") -> str:
    """The draft as text for a hidden field, without the page whose own fields carry its answers."""
    return drafting.seal(
        office,
        {
            "purpose": PURPOSE,
            "token": draft.token,
            "road": draft.road.id,
            "answers": {page: given for page, given in draft.answers.items() if page != without},
            "checking": draft.checking,
        },
    )


def unseal(office, text: str) -> Draft:
    """The draft again. Raises `DraftUnreadable`."""
    held = drafting.unseal(office, text)
    if held.get("purpose") != PURPOSE or held.get("road") not in ROADS:
        raise DraftUnreadable
    return Draft(held["token"], ROADS[held["road"]], held["answers"], held["checking"])

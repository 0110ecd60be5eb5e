"""The cookie of a visit, and going on to an address that tells nothing and opens to this visit alone."""

from __future__ import annotations

from flask import redirect
from werkzeug import Response

from intake.services.holders import visits
from intake.services.holders.visits import Place, Visit
from intake.web import cookies

PATHS = {visits.REPORT: "/report", visits.RETURN: "/return"}


def current() -> Visit | None:
    """The visit that this browser is on."""
    return visits.visit_of(cookies.given(cookies.VISIT) or "")


def current_or_new() -> Visit:
    """The visit that this browser is on, or the beginning of one."""
    return current() or visits.begin_visit()


def address(visit: Visit, place: Place, page: str) -> str:
    """The path of a page of a draft: of one length, whatever the page."""
    return f"{PATHS[place.purpose]}/{visit.address(place, page)}"


def code_address(visit: Visit, place: Place, page: str) -> str:
    """Where a code is posted from such a page: the same address behind the door where codes are tried."""
    return f"{PATHS[visits.RETURN]}/{visit.address(place, page)}"


def on_to(visit: Visit, place: Place, page: str) -> Response:
    """Send the browser on to a page. Its cookie ends with the browser's session."""
    answer = redirect(address(visit, place, page), 303)
    if current() != visit:
        cookies.give(answer, cookies.VISIT, visit.cookie)
    return answer

"""The cookie of a visit, and going on to an address that tells nothing and opens to this visit alone."""

from __future__ import annotations

from flask import Response, current_app, redirect, request

from intake.services import visits
from intake.services.visits import Place, Visit
from intake.web import cookies

COOKIE = "intake_visit"
PATHS = {visits.REPORT: "/report", visits.RETURN: "/return"}


def cookie_name() -> str:
    """What the cookie of a visit is called here."""
    return cookies.name(COOKIE, current_app.extensions["intake"].settings)


def current() -> Visit | None:
    """The visit that this browser is on."""
    return visits.visit_of(request.cookies.get(cookie_name(), ""))


def current_or_new() -> Visit:
    """The visit that this browser is on, or the beginning of one."""
    return current() or visits.begin_visit()


def address(visit: Visit, place: Place, page: str) -> str:
    """The path of a page of a draft: of one length, whatever the page."""
    return f"{PATHS[place.purpose]}/{visit.address(place, page)}"


def on_to(visit: Visit, place: Place, page: str) -> Response:
    """Send the browser on to a page. Its cookie ends with the browser's session."""
    settings = current_app.extensions["intake"].settings
    answer = redirect(address(visit, place, page), 303)
    if current() != visit:
        answer.set_cookie(
            cookie_name(),
            visit.cookie,
            path="/",
            httponly=True,
            samesite="Strict",
            secure=settings.behind_tls,
        )
    return answer

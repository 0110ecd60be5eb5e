"""Who is signed in, at which moment, and the cookie that says so."""

from __future__ import annotations

import re
from datetime import datetime

from flask import current_app
from flask_login import UserMixin, current_user
from werkzeug import Response

from intake.services.ground.office import Office
from intake.services.ground.roles import Officer
from intake.services.people import signing_in
from intake.web import cookies

COOKIE, KNOWN = cookies.STAFF, cookies.KNOWN
HOME = "/staff/"
_ADDRESS = re.compile(r"/staff/(?!/)[\w\-./]*(\?[\w\-.=&%+]*)?", re.ASCII)


class SignedIn(UserMixin):
    """An officer, in the shape that flask-login wants."""

    def __init__(self, officer: Officer) -> None:
        self.officer = officer

    def get_id(self) -> str:
        return self.officer.id


def now() -> datetime:
    """This moment: the officers' door asks for it here and nowhere else."""
    return office().now()


def office() -> Office:
    """The office of this application."""
    return current_app.extensions["intake"]


def officer() -> Officer:
    """Whoever is signed in. The guard has let nobody else come this far."""
    return current_user.officer


def safe_address(wanted: str | None) -> str:
    """`wanted` when it is a page of this door, else the first page: nobody is led elsewhere by a link."""
    wanted = wanted or ""
    if len(wanted) <= 300 and "//" not in wanted and ".." not in wanted and _ADDRESS.fullmatch(wanted):
        return wanted
    return HOME


def give_cookie(response: Response, value: str) -> Response:
    """Hand the browser its half of the session; it ends with the browser."""
    return cookies.give(response, COOKIE, value, path="/staff")


def know_again(response: Response, email: str) -> Response:
    """Mark a browser in which somebody signed in: strangers' guesses do not slow its owner down, and what is typed
    there when a session runs out is kept."""
    value = signing_in.known_browser(office(), email, now=now())
    return cookies.give(response, KNOWN, value, path="/staff", seconds=signing_in.KNOWN_DAYS * 86_400)


def take_cookie(response: Response) -> Response:
    """Tell the browser to forget it."""
    return cookies.take(response, COOKIE, path="/staff")

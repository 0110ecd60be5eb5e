"""The journal on a page, narrowed by what the address says, and the same lines as a file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Response, render_template, request

from intake.services.ground.journal import Act
from intake.services.ground.roles import Right
from intake.services.journal import lines as services
from intake.services.journal import taking_out, walls
from intake.services.journal.lines import Asked, Place
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer

ACTS = sorted(((str(act), act.words) for act in Act), key=lambda act: act[1])
LONGEST_WORD = 60
WORDS = ("act", "actor", "case")
DAYS = {"from": "first", "to": "last"}


@bp.get("/journal")
def journal():
    """The lines that the officer is told, the newest first."""
    me, moment, asked = officer(), now(), _asked(request.args)
    place = Place.parse(request.args.get("after", ""))
    leaf = services.leaf(office(), me, asked, place, now=moment)
    return render_template(
        "staff/journal/lines.html",
        leaf=leaf,
        asked=asked,
        acts=ACTS,
        people=services.people(office(), me),
        opens_cases=walls.opens_cases(me),
        checks=me.role.may(Right.CHECK_JOURNAL),
        identities=_address(Asked(act=str(Act.OPENED_IDENTITY), first=leaf.first, last=leaf.last)),
        pages=_pages(asked, leaf.older, turned=place is not None),
    )


@bp.post("/journal/file")
def journal_file():
    """The lines of the days that were asked for as CSV; that it was taken is journalled."""
    written = taking_out.file(office(), officer(), _asked(request.form), now=now())
    response = Response(written, mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="journal.csv"'
    return response


def _asked(given: Mapping[str, str]) -> Asked:
    """What an address or a form asks for; what cannot be read asks for nothing."""
    words = {name: given.get(name, "").strip() for name in WORDS}
    read: dict[str, Any] = {
        name: word for name, word in words.items() if len(word) <= LONGEST_WORD and word.isprintable()
    }
    read |= {own: _day(given.get(name, "")) for name, own in DAYS.items()}
    return Asked(**read)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year < 2100 else None


def _address(asked: Asked, **more: str) -> str:
    told = {name: getattr(asked, name) for name in WORDS}
    told |= {name: day.isoformat() for name, own in DAYS.items() if (day := getattr(asked, own))}
    return "/staff/journal?" + urlencode({name: word for name, word in (told | more).items() if word})


def _pages(asked: Asked, older: Place | None, *, turned: bool) -> list[dict[str, str]]:
    ways = [("", "The newest", _address(asked))] if turned else []
    if older:
        ways.append(("next", "Older lines", _address(asked, after=str(older))))
    return [{"rel": rel, "text": text, "href": href} for rel, text, href in ways]

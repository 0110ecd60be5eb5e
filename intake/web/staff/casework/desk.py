"""The first page: what is new, mine, due next, overdue, waiting; then the list by date."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from flask import redirect, render_template, request

from intake.services.casework import desk as services
from intake.services.casework import setting_aside
from intake.services.casework.desk import VIEWS, CaseLine, CaseList
from intake.services.casework.leafing import LAST, Place, Turn
from intake.services.ground import notices
from intake.services.ground.roles import Officer, Right
from intake.services.people import grants
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer

FIGURES = ("new", "mine", "due", "overdue", "waiting")
LEVELS = {"named": "Named", "confidential": "In confidence", "anonymous": "Anonymous"}
NOTHING = {
    "open": "Nothing is open.",
    "new": "Nothing new: every open case has somebody who works on it.",
    "mine": "No open case is yours.",
    "due": "Nothing is due in the next 5 working days.",
    "overdue": "Nothing is overdue.",
    "waiting": "Nobody waits for an answer to a message.",
    "aside": "Nothing is set aside.",
    "closed": "Nothing has been closed yet.",
}

THE_END = "end"
# In each process: a list is the longest page there is, and many at once would leave reporters a small share of it.
ONE_LIST_AT_A_TIME = threading.Lock()
NOT_LET_IN = "You see no cases until a colleague lets you in."


@dataclass(frozen=True)
class Shown:
    """A line of the list with its words: lateness is told and never only coloured."""

    line: CaseLine
    when: str
    badge: str = ""
    tone: str = ""


@bp.get("/")
def desk():
    """The list, for those who read cases; what is late without words, for those who read none."""
    me, moment = officer(), now()
    if me.role.vault is None:
        return redirect("/staff/late", 303)
    with ONE_LIST_AT_A_TIME:
        return _drawn(me, moment)


def _drawn(me: Officer, moment: datetime) -> str:
    view, search = request.args.get("view", "open"), request.args.get("search", "").strip()[:40]
    if search:
        listed = services.find(office(), me, search, view, now=moment)
    else:
        listed = services.desk(office(), me, view, _turn(), now=moment)
    own = grants.own(office(), me)
    return render_template(
        "staff/casework/desk.html",
        listed=listed,
        shown=[told(line, office().today(moment)) for line in listed.lines],
        views=VIEWS,
        search=search,
        nothing=NOTHING[listed.view] if own.granted else NOT_LET_IN,
        levels=LEVELS,
        figures=[
            {
                "text": VIEWS[view],
                "number": _told(listed.totals[view]),
                "href": f"/staff/?view={view}",
                "late": view == "overdue" and listed.totals[view],
            }
            for view in FIGURES
        ],
        totals={view: _told(total) for view, total in listed.totals.items()},
        pages=_pages(listed),
        warnings=_warnings(me, moment),
        own=own,
    )


@bp.post("/take-in")
def take_in():
    """What was set aside goes into the ordinary queue."""
    setting_aside.take_in(office(), officer(), now=now())
    return redirect("/staff/?view=new", 303)


def told(line: CaseLine, today: date) -> Shown:
    """When the next thing is due, in words."""
    if line.closed_on:
        return Shown(line, "Closed")
    if line.next_due is None or line.days is None:
        return Shown(line, "No date runs")
    if line.days < 0:
        return Shown(line, f"{_days(-line.days)} late", "Overdue", "late")
    if line.next_due < today:  # on the days off after it, no working day has passed yet
        return Shown(line, "Since the last working day", "Overdue", "late")
    if line.days == 0:
        return Shown(line, "Last day", "Due today", "soon")
    return Shown(line, f"{_days(line.days)} left", "Soon" if line.days <= 5 else "", "soon")


def _days(number: int) -> str:
    return "1 working day" if number == 1 else f"{number} working days"


def _turn() -> Turn:
    """The page that an address asks for; the first one where it cannot be read."""
    if request.args.get("before") == THE_END:
        return LAST
    if place := Place.parse(request.args.get("before", "")):
        return Turn(place, back=True)
    return Turn(Place.parse(request.args.get("after", "")))


def _pages(listed: CaseList) -> list[dict[str, str]]:
    """The ways to other pages of a list."""
    ways: list[tuple[str, str, dict]] = []
    if listed.before:
        ways = [("", "First page", {}), ("prev", "Previous page", {"before": listed.before.place})]
    if listed.after:
        ways += [
            ("next", "Next page", {"after": listed.after.place}),
            ("", "Last page", {"before": THE_END}),
        ]
    return [
        {"rel": rel, "text": text, "href": "/staff/?" + urlencode({"view": listed.view} | where)}
        for rel, text, where in ways
    ]


def _told(total: int) -> str:
    return f"{total:,}" if total <= services.MOST else f"{services.MOST:,}+"


def _warnings(me, moment) -> list[str]:
    """What the authority has to see to, told to those who can have it seen to."""
    if not me.role.may(Right.ALLOCATE):
        return []
    warnings, post = (
        [office().calendar.warning_ahead(office().today(moment))],
        notices.post(office(), me.role.vault),
    )
    if not office().settings.smtp_host and not office().settings.demonstration:
        warnings.append(
            "No mail server is set, so nobody is told by e-mail that something has arrived or is due: "
            f"{_notices(post.queued)} waiting. Ask your administrator to set one, and look in here every day."
        )
    if post.failed:
        warnings.append(
            f"{_notices(post.failed)} given up after several tries. Ask your administrator to look at "
            "the mail server."
        )
    return [warning for warning in warnings if warning]


def _notices(number: int) -> str:
    return "1 notice is" if number == 1 else f"{number:,} notices are"

"""The first page: what is new, mine, due next, overdue, waiting, to close; then the list by date."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date, datetime

from flask import redirect, render_template, request

from intake.services.casework import setting_aside
from intake.services.desk import lists as services
from intake.services.desk import narrowing
from intake.services.desk import saved as saved_lists
from intake.services.desk.lists import CaseLine, CaseList
from intake.services.desk.narrowing import Choices, Narrowing
from intake.services.desk.views import VIEWS
from intake.services.ground import notices
from intake.services.ground.roles import Officer, Right
from intake.services.people import grants
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer

from . import asking
from .asking import THE_END, address

FIGURES = ("new", "mine", "step", "due", "overdue", "waiting", "to-close")
LEVELS = {"named": "Named", "confidential": "In confidence", "anonymous": "Anonymous"}
NOTHING = {
    "open": "Nothing is open.",
    "new": "Nothing new: every open case has somebody who works on it.",
    "mine": "No open case is yours.",
    "step": "No case of yours waits for your next step.",
    "due": "Nothing is due in the next 5 working days.",
    "overdue": "Nothing is overdue.",
    "waiting": "Nobody waits for an answer to a message.",
    "to-close": "Nothing is answered and still to be closed.",
    "aside": "Nothing is set aside.",
    "closed": "Nothing has been closed yet.",
}

NOT_FOUND = "No case of this list is like that. Take something out of the filters."
UNTIL = {"closed": "Closed until", "to-close": "Answered until"}
COLUMNS = (("reference", "Reference"), ("", "What it is"), ("received", "Received"), ("", "Who has it"))
# In each process: a list is the longest page there is, and many at once would leave reporters a small share of it.
ONE_LIST_AT_A_TIME = threading.Lock()
USED = (Right.ALLOCATE, Right.CLASSIFY, Right.TRIAGE, Right.REROUTE)
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
    """The list, for those who read cases; else what was given to them, what is late, or the journal."""
    me, moment = officer(), now()
    if me.role.vault is None:
        return redirect(_home(me), 303)
    with ONE_LIST_AT_A_TIME:
        return _drawn(me, moment)


def _home(me: Officer) -> str:
    """Where somebody begins who has no list of cases."""
    if me.role.may(Right.READ_CASES):
        return "/staff/given"
    return "/staff/late" if me.role.may(Right.OVERSEE) else "/staff/journal"


def _drawn(me: Officer, moment: datetime) -> str:
    view, search = request.args.get("view", "open"), request.args.get("search", "").strip()[:40]
    narrowed = asking.narrowing(request.args)
    if search:
        listed, narrowed = services.find(office(), me, search, view, now=moment), narrowing.EVERYTHING
    else:
        listed = services.desk(office(), me, view, asking.turn(request.args), narrowed, now=moment)
    own, asked = grants.own(office(), me), asking.asking(listed.view, narrowed)
    choices = narrowing.choices(office(), me, now=moment)
    return render_template(
        "staff/desk/lists.html",
        listed=listed,
        shown=[told(line, office().today(moment)) for line in listed.lines],
        views=VIEWS,
        search=search,
        nothing=_nothing(listed.view, narrowed) if own.granted else NOT_LET_IN,
        levels=LEVELS,
        figures=_figures(listed),
        totals={view: _told(total) for view, total in listed.totals.items()},
        found=None if listed.found is None else _told(listed.found),
        narrowed=narrowed,
        labels=_labels(narrowed, choices, UNTIL.get(listed.view, "Due until")),
        until=UNTIL.get(listed.view, "Due until"),
        choices=choices,
        asked=asked,
        columns=_columns(listed.view, narrowed, asked),
        saved=[
            {"id": one.id, "text": one.name, "href": address(asking.kept(one.asked))}
            for one in saved_lists.of(office(), me)
        ],
        may={str(right): me.role.may(right) for right in USED},
        me=me,
        pages=_pages(listed, asked),
        warnings=_warnings(me, moment),
        own=own,
    )


def _figures(listed: CaseList) -> list[dict]:
    return [
        {
            "text": VIEWS[view],
            "number": _told(listed.totals[view]),
            "href": f"/staff/?view={view}",
            "late": view == "overdue" and listed.totals[view],
        }
        for view in FIGURES
    ]


def _nothing(view: str, narrowed: Narrowing) -> str:
    return NOT_FOUND if narrowed.asks else NOTHING[view]


def _labels(narrowed: Narrowing, choices: Choices, until: str) -> list[str]:
    """What a list is narrowed to, in words."""
    told = []
    for name in asking.WORDS:
        if wanted := getattr(narrowed, name):
            told.append(dict(getattr(choices, name)).get(wanted, "Something that is not there any more"))
    days = ((until, narrowed.until), ("Received from", narrowed.received_from))
    for words, day in (*days, ("Received until", narrowed.received_to)):
        if day:
            told.append(f"{words} {day:%-d %B %Y}")
    return told


def _columns(view: str, narrowed: Narrowing, asked: dict[str, str]) -> list[dict]:
    """The heads of the table: whoever follows one orders the list by it, or turns the order round."""
    heads = (*COLUMNS, ("due", {"closed": "Closed", "to-close": "Answered"}.get(view, "Due next")))
    bare = {name: word for name, word in asked.items() if name not in ("order", "turned")}
    columns = []
    for order, text in heads:
        here = order == narrowed.order
        backwards = narrowed.turned != (view == "closed" and order == "due")
        more = {"order": order} if order != "due" else {}
        more |= {"turned": "1"} if here and not narrowed.turned else {}
        columns.append(
            {
                "text": text,
                "href": address(bare, **more) if order else "",
                "sorted": ("descending" if backwards else "ascending") if here else "",
            }
        )
    return columns


@bp.post("/take-in")
def take_in():
    """What was set aside goes into the ordinary queue."""
    setting_aside.take_in(office(), officer(), now=now())
    return redirect("/staff/?view=new", 303)


def told(line: CaseLine, today: date) -> Shown:
    """When the next thing is due, in words."""
    if line.closed_on:
        return Shown(line, "Closed")
    if line.answered_on:
        return Shown(line, "Answered", "To close", "done")
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


def _pages(listed: CaseList, asked: dict[str, str]) -> list[dict[str, str]]:
    """The ways to other pages of a list."""
    ways: list[tuple[str, str, dict]] = []
    if listed.before:
        ways = [("", "First page", {}), ("prev", "Previous page", {"before": listed.before.place})]
    if listed.after:
        ways += [
            ("next", "Next page", {"after": listed.after.place}),
            ("", "Last page", {"before": THE_END}),
        ]
    return [{"rel": rel, "text": text, "href": address(asked, **where)} for rel, text, where in ways]


def _told(total: int) -> str:
    return f"{total:,}" if total <= services.MOST else f"{services.MOST:,}+"


def _warnings(me, moment) -> list[str]:
    """What the authority has to see to, told to those who can have it seen to."""
    if not me.role.may(Right.ALLOCATE):
        return []
    warnings, post = (
        [office().calendar.warning_ahead(office().today(moment))],
        notices.post(office(), me.vaults),
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

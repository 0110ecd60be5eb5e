"""The lists by name: what each holds, in the words of its index (models/cases.py)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, and_

from intake.models import NO_DAY, Case

VIEWS = {
    "open": "All open",
    "new": "New",
    "mine": "Mine",
    "step": "My next step",
    "due": "Due in 5 working days",
    "overdue": "Overdue",
    "waiting": "Message waiting",
    "to-close": "To close",
    "aside": "Beyond the hour's budget",
    "closed": "Closed",
}
SOON = 5  # working days


def holding(handlers: tuple[str, ...], today: date, soon: date) -> dict[str, ColumnElement[bool]]:
    """What each view holds, for an officer and those for whom they stand in (`handlers`).

    "step": of those that somebody has, where a clock runs for us, so that nobody else is waited for; what is answered
    stands in "to-close" and among nothing that is open.
    """
    is_open = and_(Case.closed_on.is_(None), Case.answered_on.is_(None))
    theirs = Case.handler_id == handlers[0] if len(handlers) == 1 else Case.handler_id.in_(handlers)
    mine = and_(is_open, theirs)
    return {
        "open": and_(is_open, ~Case.set_aside),
        "new": and_(is_open, Case.handler_id.is_(None), ~Case.set_aside),
        "mine": mine,
        "step": and_(mine, Case.list_day < NO_DAY),
        "due": and_(is_open, ~Case.set_aside, Case.list_day.between(today, soon)),
        "overdue": and_(is_open, Case.list_day < today),
        "waiting": Case.holder_wrote_on.is_not(None),
        "to-close": Case.answered_on.is_not(None),
        "aside": and_(Case.set_aside),
        "closed": Case.closed_on.is_not(None),
    }

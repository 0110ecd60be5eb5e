"""The authority's whistleblowing policy: where it stands, and when it is to be reviewed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from intake.services.ground.office import Office


@dataclass(frozen=True)
class Policy:
    """Its address (empty: not set) and the day of its review (None: not set); `overdue` once that day has passed."""

    address: str
    review_on: date | None
    overdue: bool


def policy(office: Office, *, now: datetime) -> Policy:
    """The policy as the settings have it."""
    settings = office.settings
    on = (
        date.fromisoformat(settings.whistleblowing_policy_review)
        if settings.whistleblowing_policy_review
        else None
    )
    return Policy(settings.whistleblowing_policy, on, on is not None and on < office.today(now))


def faults(office: Office, *, now: datetime) -> list[str]:
    """What `intake check` says of it: a sentence, or nothing."""
    found = policy(office, now=now)
    if not found.overdue or found.review_on is None:
        return []
    return [
        f"The whistleblowing policy was to be reviewed by {found.review_on:%-d %B %Y}. Review it, and set the next day "
        "in whistleblowing_policy_review."
    ]

"""Whether the clock can be believed before anything is destroyed by it: a clock that jumped ahead by years makes every
case look old (decision 0020). The journal tells on which days something was done here, and is chained.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import case, func, select

from intake.database import reading
from intake.models import JournalLine
from intake.services.ground.office import Office
from intake.services.ground.refusals import Refused

QUIET = timedelta(days=31)  # so long nothing may have been done
STEADY = 3  # such stretches behind now in which the journal must have lines
ASTRAY = timedelta(days=1)

AHEAD = (
    "The clock of this machine says {now:%-d %B %Y}, and the last that was done here before {before:%-d %B %Y} was on "
    "{last:%-d %B %Y}. A clock that runs ahead makes cases look old, so nothing is destroyed by it. If it is right, "
    "destroy after {days} days in which somebody has worked here; if it is wrong, have it set."
)
BEHIND = (
    "The clock of this machine says {now:%-d %B %Y}, and something was done here on {last:%-d %B %Y}. Nothing is "
    "destroyed by a clock that is wrong: have it set."
)


def check(office: Office, now: datetime) -> None:
    """Raises `Refused` where the journal does not show that the clock has run without a jump for three months, or since
    the instance was set up. Reads the whole journal once: for whoever is about to destroy, and before they write.
    """
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    moments = [midnight - QUIET * number for number in range(STEADY)]
    before = [func.max(case((JournalLine.at < moment, JournalLine.at))) for moment in moments]
    with reading(office.session):
        newest = office.session.scalar(select(JournalLine.at).order_by(JournalLine.number.desc()).limit(1))
        last = office.session.execute(select(*before)).one()
    if newest is not None and newest > now + ASTRAY:
        raise Refused(BEHIND.format(now=now, last=newest))
    for moment, at in zip(moments, last, strict=True):
        if at is None:  # nothing was done before: it was set up since
            return
        if moment - at > QUIET:
            days = STEADY * QUIET.days
            raise Refused(AHEAD.format(now=now, before=moment, last=at, days=days))

"""Whether the clock can be believed before anything is destroyed by it: a clock that jumped ahead by years makes every
case look old (decision 0020). The journal tells on which days something was done here, and is chained.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from intake.models import JournalLine
from intake.services.ground.office import AnySession
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


def check(session: AnySession, now: datetime) -> None:
    """Raises `Refused` where the journal does not show that the clock has run without a jump for three months, or since
    the instance was set up. Inside the caller's transaction.
    """
    newest = _at(session, _last_number(session))
    if newest is None:
        raise Refused("The journal of this instance is empty, so its clock cannot be believed.")
    if newest > now + ASTRAY:
        raise Refused(BEHIND.format(now=now, last=newest))
    moment = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    for _ in range(STEADY):
        number = _last_before(session, moment)
        last = _at(session, number)
        if last is None:  # nothing was done before: it was set up since
            return
        if moment - last > QUIET:
            days = STEADY * QUIET.days
            raise Refused(AHEAD.format(now=now, before=moment, last=last, days=days))
        moment -= QUIET


def _last_number(session: AnySession) -> int:
    return session.scalar(select(JournalLine.number).order_by(JournalLine.number.desc()).limit(1)) or 0


def _at(session: AnySession, number: int) -> datetime | None:
    return session.scalar(select(JournalLine.at).where(JournalLine.number == number))


def _last_before(session: AnySession, moment: datetime) -> int:
    """The number of the last line from before a moment, or 0: halved again and again, for lines stand in their order
    but for a few hours. Nothing is walked, however long the journal is.
    """
    low, high = 0, _last_number(session)
    while low < high:
        middle = (low + high + 1) // 2
        at = _at(session, middle)
        if at is not None and at < moment:
            low = middle
        else:
            high = middle - 1
    return low

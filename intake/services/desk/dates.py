"""What falls due on which day: the next date of each open case, one's own or the team's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from intake.database import reading
from intake.models import NO_DAY, Case
from intake.services.cases.reaching import among_theirs
from intake.services.ground import sealing
from intake.services.ground.office import Office
from intake.services.ground.roles import Officer

from .views import SOON, holding

MOST = 1_000  # dates of one calendar: what is more is told, and never shown in part as if it were all


@dataclass(frozen=True)
class Due:
    """What is due, and when. Nothing that anybody wrote."""

    on: date
    reference: str
    deadline: str
    label: str


@dataclass(frozen=True)
class Dates:
    """The dates of some days, the earliest first; `more`: there are more than `MOST`, and the latest are left out."""

    due: tuple[Due, ...]
    more: bool


def dates(
    office: Office,
    officer: Officer,
    first: date = date.min,
    last: date = NO_DAY,
    *,
    mine: bool,
    now: datetime,
) -> Dates:
    """What falls due between two days, both included: the officer's own, or all that the officer can open."""
    today, session = office.today(now), office.session
    view = holding((officer.id,), today, office.calendar.nth_after(today, SOON))["mine" if mine else "open"]
    asked = select(Case.list_day, Case.reference, Case.procedure, Case.version, Case.next_deadline).where(
        view, Case.list_day.between(first, last), Case.list_day < NO_DAY
    )
    found: list[Due] = []
    with reading(session):
        for query in among_theirs(sealing.pairs_of(session, officer), asked):
            rows = session.execute(query.order_by(Case.list_day, Case.reference).limit(MOST + 1))
            for on, reference, procedure, version, deadline in rows:
                limit = office.catalogue[procedure].version(version).limit(deadline or "")
                found.append(Due(on, reference, limit.id, limit.label))
    found.sort(key=lambda due: (due.on, due.reference))
    return Dates(tuple(found[:MOST]), len(found) > MOST)

"""What arrived beyond the hour's budget: whole, acknowledged, its clock running; apart until it was looked at."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from intake.database import writing
from intake.models import Case
from intake.services.cases.reaching import reach, readable
from intake.services.ground import journal, sealing
from intake.services.ground.office import Office
from intake.services.ground.refusals import Refused, needs
from intake.services.ground.roles import Officer, Right


def take_in(office: Office, officer: Officer, *, now: datetime) -> int:
    """Put everything that the officer may read and that waits aside into the ordinary queue. Returns how much."""
    needs(officer, Right.WORK_CASES)
    session = office.session
    with writing(session):
        pairs = sealing.pairs_of(session, officer)
        waiting = update(Case).where(Case.set_aside, readable(pairs))
        taken = session.connection().execute(waiting.values(set_aside=False)).rowcount
        if taken:
            journal.append(session, at=now, actor=officer.id, act=journal.Act.TAKEN_IN, cases=taken)
    return taken


def take_one_in(office: Office, officer: Officer, reference: str, *, now: datetime) -> None:
    """Put one case that waits aside into the ordinary queue. Raises `NotFound`; `Refused` where it does not wait."""
    needs(officer, Right.WORK_CASES)
    with writing(office.session):
        case, _, _ = reach(office, officer, reference)
        if not case.set_aside:
            raise Refused("It is in the ordinary lists already.")
        case.set_aside = False
        journal.append(office.session, at=now, actor=officer.id, act=journal.Act.TAKEN_IN, cases=1)

"""Cases of the demonstration that are for another team: one sent on, and two of which that is proposed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from intake.database import reading
from intake.models import Case
from intake.services.ground.office import Office
from intake.services.ground.roles import Officer
from intake.services.rerouting import looking, moving, proposing

DANGER = "A resident is left alone with the person who is accused, tonight."
CONCERN = "They work there, and say that records are falsified. That is for the monitoring officer."
COMPLAINT = "It is about how their own request was handled, and harms nobody else."


def show(office: Office, manager: Officer, monitoring: Officer, *, now: datetime) -> None:
    """Propose it of the newest complaint and of the newest concern, and send the complaint before that one on."""
    complaints, concerns = _open(office, "corporate"), _open(office, "whistleblowing")
    if len(complaints) < 2 or not concerns:
        return
    newest, before = complaints
    concern = concerns[0]
    for officer, reference, to, reason, danger in (
        (manager, newest, "whistleblowing", CONCERN, ""),
        (manager, before, "whistleblowing", CONCERN, DANGER),
        (monitoring, concern, "corporate", COMPLAINT, ""),
    ):
        seen = looking.at(office, officer, reference, now=now).revision
        proposing.propose(office, officer, reference, to, reason, danger=danger, revision=seen, now=now)
    moving.move(
        office, manager, before, revision=looking.at(office, manager, before, now=now).revision, now=now
    )


def _open(office: Office, procedure: str) -> list[str]:
    """The open cases of a procedure that came last."""
    asked = (
        select(Case.reference)
        .where(Case.procedure == procedure, Case.closed_on.is_(None))
        .order_by(Case.received_on.desc(), Case.id)
        .limit(2)
    )
    with reading(office.session):
        return list(office.session.scalars(asked))

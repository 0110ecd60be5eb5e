"""What triage looks like: of what waits on the last day, a child's complaint with an advocate to be found, a complaint
with an adjustment, and one that is not taken on.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from intake.database import reading
from intake.models import Case, StageReceipt
from intake.procedures import moves
from intake.procedures.triage import Findings
from intake.services.casework import acting
from intake.services.ground.office import Office
from intake.services.ground.roles import Officer
from intake.services.triage import deciding
from intake.services.triage.deciding import Decision


def triage_some(office: Office, officer: Officer, *, now: datetime) -> None:
    """Triage what waits, as far as there is such a case."""
    soon = office.today(now) + timedelta(days=5)
    childs = Findings(
        "children-statutory",
        who="child",
        advocate="asked",
        advocate_by="The duty officer",
        advocate_until=soon,
        adjustments="Text messages, no calls during school hours.",
    )
    _decide(office, officer, childs, now)
    plain = Findings(
        "corporate", who="self", adjustments="Letters in large print, please.", severity="serious"
    )
    _decide(office, officer, plain, now)
    if waiting := _waiting(office, "corporate", besides=1):
        said = "We answered this at both stages last year, and nothing new has come up since."
        move = moves.RefuseAtTheDoor(office.today(now), "considered-before", said)
        acting.do(office, officer, waiting.reference, move, revision=waiting.revision, now=now)


def _decide(office: Office, officer: Officer, found: Findings, now: datetime) -> None:
    if waiting := _waiting(office, found.what):
        decision = Decision(found, waiting.place_id or "", waiting.theme_id or "", "")
        deciding.decide(office, officer, waiting.reference, decision, revision=waiting.revision, now=now)


def _waiting(office: Office, procedure: str, besides: int = 0) -> Case | None:
    """One that nobody has answered, sooner one that is given to nobody."""
    new = (
        select(Case)
        .join(StageReceipt, StageReceipt.case_id == Case.id)
        .where(
            Case.procedure == procedure,
            Case.closed_on.is_(None),
            Case.stage == StageReceipt.stage,
            StageReceipt.number == 1,
            StageReceipt.outcome.is_(None),
        )
    )
    asked = new.order_by(Case.handler_id.is_not(None), Case.reference).offset(besides).limit(1)
    with reading(office.session):
        return office.session.scalars(asked).first()

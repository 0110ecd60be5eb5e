"""What a case is about: its service and its theme, and the authority's list of themes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from intake.database import writing
from intake.models import StageReceipt
from intake.services.cases import concerns, reaching
from intake.services.cases.themes import _open_themes
from intake.services.ground import journal
from intake.services.ground.office import Office
from intake.services.ground.refusals import ActedMeanwhile, Refused, needs
from intake.services.ground.roles import Officer, Right


def classify(
    office: Office,
    officer: Officer,
    reference: str,
    service: str | None,
    theme: str | None,
    *,
    revision: int,
    now: datetime,
) -> None:
    """Say what a case is about; every count of it follows, those of closed years too.

    Raises `NotFound`, `Refused` (a concern has neither: they could tell who wrote), `ActedMeanwhile`.
    """
    needs(officer, Right.CLASSIFY)
    session = office.session
    with writing(session):
        case, _, _ = reaching.reach(office, officer, reference)
        if concerns.is_one(office.catalogue[case.procedure]):
            raise Refused("A concern carries no service and no theme: they could tell who raised it.")
        if case.revision != revision:
            raise ActedMeanwhile(
                "Somebody else changed this case while you were working on it. Look at it again."
            )
        if theme and theme not in {line.id for line in _open_themes(session)}:
            raise Refused("That theme is not on the list.")
        if service and service not in (*office.settings.services, case.service):
            raise Refused("That service is not on the list.")
        case.service, case.theme_id = service or None, theme or None
        case.revision += 1
        for receipt in session.scalars(select(StageReceipt).where(StageReceipt.case_id == case.id)):
            receipt.service, receipt.theme_id = case.service, case.theme_id
        journal.append(session, at=now, actor=officer.id, act=journal.Act.CLASSIFIED, case_id=case.id)

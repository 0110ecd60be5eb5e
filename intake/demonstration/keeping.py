"""An invented closed case that is kept whatever its schedule says."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from intake.database import reading
from intake.models import Case
from intake.services.ground import press
from intake.services.ground.office import Office
from intake.services.ground.roles import Officer
from intake.services.retention import keeping

WHY = "The complainant’s solicitor wrote that a claim is prepared. Keep it until that is over."


def hold_one(office: Office, officer: Officer, *, now: datetime) -> None:
    """Place a hold on the complaint that was closed first."""
    closed = select(Case.reference).where(Case.procedure == "corporate", Case.closed_on.is_not(None))
    with reading(office.session):
        reference = office.session.scalar(closed.order_by(Case.closed_on, Case.id).limit(1))
    if reference:
        keeping.place(office, officer, reference, WHY, token=press.new_token(), now=now)

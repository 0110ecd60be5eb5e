"""A few invented cases that belong together."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

from sqlalchemy import select

from intake.database import reading
from intake.models import Case
from intake.services.casework import linking
from intake.services.ground import press
from intake.services.ground.office import Office
from intake.services.ground.roles import Officer

WHY = (
    ("duplicate", "The same matter, sent a second time by the same resident."),
    ("follows", "What was promised in the answer to the earlier one was not done."),
)


def link_some(office: Office, officer: Officer, *, now: datetime) -> None:
    """Link the three newest complaints, the first to the second and that to the third."""
    newest = select(Case.reference).where(Case.procedure == "corporate").order_by(Case.id.desc()).limit(3)
    with reading(office.session):
        references = list(office.session.scalars(newest))
    for (one, other), (how, why) in zip(pairwise(references), WHY, strict=False):
        linking.link(office, officer, one, other, how, why, token=press.new_token(), now=now)

"""What an inquiry forbids of the acts on its concern: closing it unsigned, feedback that contradicts the findings."""

from __future__ import annotations

from intake.models import Case
from intake.procedures import allegations, inquiry
from intake.procedures.moves import Respond
from intake.procedures.standing import Standing
from intake.services.cases import concerns, reaching
from intake.services.ground.office import Office
from intake.services.ground.roles import Officer

from . import reading
from .reading import Inquiry


def why_not_closed(office: Office, officer: Officer, case: Case, standing: Standing) -> str:
    """Why a concern cannot be closed; empty where it can, and for a complaint."""
    return inquiry.why_not_closed(_known(office, officer, case).progress(standing))


def contradicts(office: Office, officer: Officer, case: Case, standing: Standing, move: Respond) -> str:
    """Why feedback with this outcome cannot be given; empty where it can, and for a complaint."""
    return allegations.wrong(standing.version, move.outcome, _known(office, officer, case).allegations)


def _known(office: Office, officer: Officer, case: Case) -> Inquiry:
    if not concerns.is_one(office.catalogue[case.procedure]):
        return reading.NOTHING
    _, key, _ = reaching.reach(office, officer, case.reference)
    return reading.known(office.session, case, key)

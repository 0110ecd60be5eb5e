"""What an inquiry forbids of the acts on its concern: closing it unsigned, feedback that contradicts the findings."""

from __future__ import annotations

from intake.models import Case
from intake.procedures import allegations, inquiry
from intake.procedures.moves import Respond
from intake.procedures.standing import Standing
from intake.services.cases import concerns
from intake.services.ground.office import Office
from intake.vault.record import CaseKey

from . import reading
from .reading import Inquiry


def why_not_closed(office: Office, case: Case, key: CaseKey, standing: Standing) -> str:
    """Why a concern cannot be closed; empty where it can, and for a complaint."""
    return inquiry.why_not_closed(_known(office, case, key).progress(standing))


def contradicts(office: Office, case: Case, key: CaseKey, standing: Standing, move: Respond) -> str:
    """Why feedback with this outcome cannot be given; empty where it can, and for a complaint."""
    return allegations.wrong(standing.version, move.outcome, _known(office, case, key).allegations)


def _known(office: Office, case: Case, key: CaseKey) -> Inquiry:
    if not concerns.is_one(office.catalogue[case.procedure]):
        return reading.NOTHING
    return reading.known(office.session, case, key)

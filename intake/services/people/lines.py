"""Direct lines: the telephone number that the holder of a named complaint is told beside the officer's name.

Each officer says their own; whoever may give cases to others says it for a colleague of the same team too. An empty
one is told to nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from intake.database import reading, writing
from intake.models import Staff
from intake.services.ground import journal
from intake.services.ground.office import Office
from intake.services.ground.refusals import NotFound, Refused, needs
from intake.services.ground.roles import Officer, Right, role_of

LONGEST = 40
_SIGNS = frozenset("0123456789 +()-.")
_EXTENSION = "extension"


@dataclass(frozen=True)
class Line:
    """The direct line of somebody; empty where none is told."""

    name: str
    line: str


def of(office: Office, officer: Officer, staff_id: str = "") -> Line:
    """The line of an account, or the officer's own. Raises `NotFound` for one that is not theirs to say."""
    with reading(office.session):
        staff = _theirs(office, officer, staff_id or officer.id)
        return Line(staff.name, staff.direct_line)


def say(office: Office, officer: Officer, staff_id: str, line: str, *, now: datetime) -> None:
    """Keep it. Raises `NotFound` as `of`, and `Refused` for what is no telephone number."""
    needs(officer, Right.OWN_ACCOUNT)
    number = " ".join(line.split())
    if not _is_number(number):
        raise Refused("Enter a telephone number, such as 01632 960 123 or 01632 960 123 extension 4.")
    with writing(office.session):
        staff = _theirs(office, officer, staff_id or officer.id)
        if staff.direct_line != number:
            staff.direct_line = number
            journal.append(
                office.session, at=now, actor=officer.id, act=journal.Act.LINE_CHANGED, staff=staff.id
            )


def _theirs(office: Office, officer: Officer, staff_id: str) -> Staff:
    staff = office.session.get(Staff, staff_id)
    if staff is None or (staff.id != officer.id and not _of_the_team(officer, staff)):
        raise NotFound
    return staff


def _of_the_team(officer: Officer, staff: Staff) -> bool:
    vault = officer.role.vault
    return officer.role.may(Right.ALLOCATE) and vault is not None and role_of(staff.role).vault == vault


def _is_number(line: str) -> bool:
    signs = line.lower().replace(_EXTENSION, "").replace("ext", "")
    return len(line) <= LONGEST and not set(signs) - _SIGNS and (not line or any(map(str.isdigit, signs)))

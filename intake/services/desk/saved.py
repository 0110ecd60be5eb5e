"""Lists that an officer narrowed and saved under a name: nobody else's, sealed under the officer's own key."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select

from intake.database import reading, writing
from intake.models import SavedList
from intake.services.ground.office import Office
from intake.services.ground.refusals import Refused
from intake.services.ground.roles import Officer
from intake.vault.errors import SealBroken
from intake.vault.own import open_own, seal_own

KIND = "saved-list"
MOST_SAVED = 20
LONGEST_NAME = 60


@dataclass(frozen=True)
class Saved:
    """A saved list: what it is called, and what its address asks for."""

    id: str
    name: str
    asked: Mapping[str, str]


def of(office: Office, officer: Officer) -> tuple[Saved, ...]:
    """The officer's lists in the order of their names. What an earlier key of the account had sealed is passed over."""
    with reading(office.session):
        found = _known(office, officer)
    return tuple(sorted(found, key=lambda saved: (saved.name.casefold(), saved.id)))


def save(office: Office, officer: Officer, name: str, asked: Mapping[str, str]) -> None:
    """Keep a list under a name; one of the same name becomes this one. Raises `Refused` for a name of no or too many
    characters, and where there are as many as one can overlook.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Refused(f"Give the list a name of 1 to {LONGEST_NAME} characters.")
    with writing(office.session):
        known = _known(office, officer)
        same = [saved.id for saved in known if saved.name.casefold() == name.casefold()]
        if len(known) - len(same) >= MOST_SAVED:
            raise Refused(f"You have {MOST_SAVED} saved lists. Remove one first.")
        session, own = office.session, SavedList.staff_id == officer.id
        session.execute(delete(SavedList).where(own, SavedList.id.in_(same)))
        row = uuid.uuid4().hex
        plaintext = json.dumps({"name": name, "asked": dict(asked)}, ensure_ascii=False).encode()
        sealed = seal_own(plaintext, officer.pair, kind=KIND, staff=officer.id, id=row)
        session.add(SavedList(id=row, staff_id=officer.id, sealed=sealed))


def remove(office: Office, officer: Officer, saved: str) -> None:
    """Forget one of the officer's own; nothing happens for what is not theirs."""
    with writing(office.session):
        office.session.execute(
            delete(SavedList).where(SavedList.staff_id == officer.id, SavedList.id == saved)
        )


def _known(office: Office, officer: Officer) -> list[Saved]:
    """Those that open, inside the caller's transaction."""
    mine = select(SavedList.id, SavedList.sealed).where(SavedList.staff_id == officer.id)
    rows = office.session.execute(mine).all()
    return [saved for row in rows if (saved := _opened(officer, row.id, row.sealed))]


def _opened(officer: Officer, row: str, sealed: bytes) -> Saved | None:
    try:
        said = json.loads(open_own(sealed, officer.pair, kind=KIND, staff=officer.id, id=row))
    except SealBroken:
        return None
    return Saved(row, said["name"], said["asked"])

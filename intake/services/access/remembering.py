"""What is remembered with a case of who holds it and why: sealed, for those who hold it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from intake.models import Case, Record
from intake.services.ground import sealing
from intake.services.ground.office import AnySession
from intake.vault.record import CaseKey

KIND = "access"
GIVEN, TAKEN_BACK = "given", "taken-back"
IDENTITY_GIVEN, IDENTITY_TAKEN_BACK = "identity-given", "identity-taken-back"
ASIDE, CONFLICT, FRESH = "stood-aside", "conflict", "fresh-keys"
LEAVES = frozenset({ASIDE, CONFLICT})
LONGEST = 4_000  # characters of a reason


@dataclass(frozen=True)
class Told:
    """Something that was done about who holds a case. `who`: a keyholder."""

    act: str
    who: str
    text: str
    by: str
    on: date
    until: date | None


def keep(
    session: AnySession,
    key: CaseKey,
    case: Case,
    act: str,
    who: str,
    text: str,
    *,
    on: date,
    by: str,
    until: date | None = None,
) -> None:
    """Seal it with the case."""
    told = {"act": act, "who": who, "text": text.strip(), "until": until.isoformat() if until else ""}
    sealing.add_record(session, key, case, KIND, told, on=on, by=by)


def read(key: CaseKey, records: Iterable[Record]) -> tuple[Told, ...]:
    """All of it, the earliest first. Raises `Damaged`."""
    purpose, found = key.for_purpose(sealing.PURPOSES[KIND]), []
    for record in records:
        if record.kind == KIND:
            said = sealing.read_record(purpose, record)
            until = date.fromisoformat(said["until"]) if said["until"] else None
            found.append(
                Told(said["act"], said["who"], said["text"], record.written_by, record.written_on, until)
            )
    return tuple(found)


def left_out(told: Iterable[Told]) -> frozenset[str]:
    """The keyholders who must not have the case again: they stood aside, or a conflict was declared."""
    return frozenset(one.who for one in told if one.act in LEAVES)

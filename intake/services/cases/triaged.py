"""What triage found out about a case: one sealed record each time, of which the newest counts and the others stay.

Whoever enters a case may keep what was found out with it: `row` makes the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from intake.models import Record
from intake.procedures.triage import Findings
from intake.services.ground import sealing
from intake.vault.record import CaseKey

from .words import Answer

KIND = "triage"
ASKED_FOR = "Is there anything that would make it easier to deal with us?"  # as the reporter's door asks it
_DAYS = {"advocate_until", "told_on", "matter_on", "aware_on"}
_KNOWN = {field.name for field in fields(Findings)}


@dataclass(frozen=True)
class Triaged:
    """What was found out, on which day and by whom."""

    found: Findings
    on: date
    by: str


def adjustments(found: Sequence[Triaged], words: Iterable[Answer]) -> str:
    """What somebody asked for so that it is easier to deal with us; the newest triage has the word."""
    if found:
        return found[-1].found.adjustments
    return next((said.answer for said in words if said.question == ASKED_FOR), "")


def content(found: Findings) -> dict[str, Any]:
    """What is sealed; what is empty is left out."""
    told = {name: value for name, value in asdict(found).items() if value}
    return {name: value.isoformat() if name in _DAYS else value for name, value in told.items()}


def row(key: CaseKey, case_id: str, found: Findings, *, on: date, by: str) -> dict[str, object]:
    """The row of a case's first such record."""
    purpose = key.for_purpose(sealing.PURPOSES[KIND])
    return sealing.record_row(purpose, case_id, KIND, content(found), on=on, by=by)


def read(key: CaseKey, records: Iterable[Record], names: Mapping[str, str]) -> tuple[Triaged, ...]:
    """Everything that was found out, the first time first; `names` of the accounts. Raises `Damaged`."""
    purpose = key.for_purpose(sealing.PURPOSES[KIND])
    return tuple(
        Triaged(
            _found(sealing.read_record(purpose, record)),
            record.written_on,
            names.get(record.written_by, "an officer"),
        )
        for record in records
        if record.kind == KIND
    )


def _found(said: dict[str, Any]) -> Findings:
    known: dict[str, Any] = {
        name: value for name, value in said.items() if name in _KNOWN
    }  # a later version says more
    return Findings(**known | {name: date.fromisoformat(known[name]) for name in _DAYS.intersection(known)})

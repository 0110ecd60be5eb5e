"""Significant governance issues: cases that an annual governance statement has to speak of, concerns and complaints.

What is one is told by the definition in use in councils' annual governance statements, after CIPFA and SOLACE,
*Delivering good governance in local government: framework* (2016): any of the six criteria below.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from intake.database import reading, writing
from intake.models import Case, Envelope, Record, Staff
from intake.services.cases import reaching
from intake.services.ground import journal, sealing
from intake.services.ground.office import Office
from intake.services.ground.refusals import ActedMeanwhile, Refused, needs
from intake.services.ground.roles import Officer, Right
from intake.vault.record import CaseKey

GOVERNANCE = "governance"  # the kind of record
LONGEST = 2_000
CRITERIA = {
    "objective": "It seriously prejudices, or prevents, that a principal objective is reached",
    "funding": "It had to be put right with additional funding, or with resources taken from another service",
    "accounts": "It had a material effect on the accounts",
    "advised": "The audit committee or the head of internal audit advises that it is significant",
    "reputation": "It drew significant public interest, or seriously damaged the council's reputation",
    "formal-action": "It led to formal action by the chief financial officer or the monitoring officer",
}
MEANWHILE = (
    "Somebody else changed this while your page was open. Nothing was kept: look at it as it is now, then decide "
    "again."
)


@dataclass(frozen=True)
class Mark:
    """A case that is marked. `criteria` in words; `open` whether the case is; `place` of the record that says so."""

    reference: str
    procedure: str
    criteria: tuple[str, ...]
    words: str
    by: str
    on: date
    open: bool


@dataclass(frozen=True)
class Standing:
    """How a case stands: what was said of it so far, the newest last, and how many times, for the next press."""

    reference: str
    marked: bool
    criteria: tuple[str, ...]  # their ids
    words: str
    said: tuple[tuple[date, str, str], ...]  # the day, by whom, in words
    count: int


def mark(
    office: Office,
    officer: Officer,
    reference: str,
    criteria: Iterable[str],
    words: str,
    *,
    seen: int,
    now: datetime,
) -> None:
    """Say that a case is a significant governance issue, by which criteria and why. `seen`: how often something had
    been said of it on the page that was pressed. Raises `NotFound`, `Refused`, `ActedMeanwhile`.
    """
    chosen = [one for one in CRITERIA if one in set(criteria)]
    if not chosen:
        raise Refused("Choose what makes it significant.")
    if not words.strip() or len(words) > LONGEST:
        raise Refused(f"Write 1 to {LONGEST:,} characters.")
    _keep(office, officer, reference, {"criteria": chosen, "words": words}, seen, now)


def take_back(
    office: Office, officer: Officer, reference: str, words: str, *, seen: int, now: datetime
) -> None:
    """Say, and why, that it is none after all. Raises as `mark`."""
    if not words.strip() or len(words) > LONGEST:
        raise Refused(f"Say why: 1 to {LONGEST:,} characters.")
    _keep(office, officer, reference, {"criteria": [], "words": words}, seen, now)


def _keep(
    office: Office,
    officer: Officer,
    reference: str,
    content: Mapping[str, object],
    seen: int,
    now: datetime,
) -> None:
    needs(officer, Right.MARK_GOVERNANCE)
    with writing(office.session):
        case, key, _ = reaching.reach(office, officer, reference)
        if sealing.next_place(office.session, case.id, GOVERNANCE) != seen:
            raise ActedMeanwhile(MEANWHILE)
        on = office.today(now)
        sealing.add_record(office.session, key, case, GOVERNANCE, content, on=on, by=officer.id)
        journal.append(office.session, at=now, actor=officer.id, act=journal.Act.GOVERNANCE, case_id=case.id)


def standing(office: Office, officer: Officer, reference: str) -> Standing:
    """What is said of a case so far. Raises `NotFound` and `Damaged`."""
    needs(officer, Right.MARK_GOVERNANCE)
    with reading(office.session):
        case, key, _ = reaching.reach(office, officer, reference)
        records = sealing.records(office.session, case.id, GOVERNANCE)
        names = dict(office.session.execute(select(Staff.id, Staff.name)).all())
        said = [_read(key, one) for one in records]
        newest = said[-1] if said else {"criteria": [], "words": ""}
        return Standing(
            case.reference,
            bool(newest["criteria"]),
            tuple(newest["criteria"]),
            str(newest["words"]) if newest["criteria"] else "",
            tuple(
                (one.written_on, names.get(one.written_by, ""), _told(content))
                for one, content in zip(records, said, strict=True)
            ),
            len(records),
        )


def marked(office: Office, officer: Officer) -> tuple[Mark, ...]:
    """Every case that is marked and that the officer can open, the latest first. Raises `NotFound` and `Damaged`."""
    needs(officer, Right.MARK_GOVERNANCE)
    session = office.session
    with reading(session):
        pairs = sealing.pairs_of(session, officer)
        asked = (
            select(Case, Envelope, Record)
            .join(Envelope, Envelope.case_id == Case.id)
            .join(Record, Record.case_id == Case.id)
            .where(Envelope.scope == "case", Envelope.keyholder.in_(pairs), Record.kind == GOVERNANCE)
            .order_by(Case.id, Envelope.keyholder, Record.place)
        )
        newest = {case.id: (case, envelope, record) for case, envelope, record in session.execute(asked)}
        names = dict(session.execute(select(Staff.id, Staff.name)).all())
        found = []
        for case, envelope, record in newest.values():
            content = _read(sealing.open_envelope(pairs, envelope), record)
            if content["criteria"]:
                found.append(
                    Mark(
                        case.reference,
                        office.catalogue[case.procedure].name,
                        tuple(CRITERIA[one] for one in content["criteria"]),
                        content["words"],
                        names.get(record.written_by, ""),
                        record.written_on,
                        case.closed_on is None,
                    )
                )
    return tuple(sorted(found, key=lambda one: (one.on, one.reference), reverse=True))


def is_marked(key: CaseKey, records: Iterable[Record]) -> bool:
    """Whether the newest of a case's records of this kind marks it. Raises `Damaged`."""
    newest = max((one for one in records if one.kind == GOVERNANCE), key=lambda one: one.place, default=None)
    return newest is not None and bool(_read(key, newest)["criteria"])


def _read(key: CaseKey, record: Record) -> dict[str, Any]:
    return sealing.read_record(key.for_purpose(sealing.PURPOSES[GOVERNANCE]), record)


def _told(content: Mapping[str, object]) -> str:
    return str(content["words"]) if content["criteria"] else f"Taken back: {content['words']}"

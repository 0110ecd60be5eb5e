"""Who opened a case: the ledger of its identity, with the reasons, and who came to read it.

The lines cannot be edited; the reasons are sealed with the case. Each opening has one of both, and where one of them is
missing it is said.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from intake.database import reading
from intake.models import JournalLine, Record
from intake.procedures.offices import circles
from intake.services.cases import reaching
from intake.services.ground import journal, sealing
from intake.services.ground.journal import Act
from intake.services.ground.office import Office
from intake.services.ground.refusals import needs
from intake.services.ground.roles import Officer, Right
from intake.services.instance.anchoring import OPENING
from intake.vault.record import PurposeKey

from . import lines

NO_REASON = (
    "No reason lies sealed with it: somebody removed it from the database. Tell your administrator today."
)
NO_LINE = (
    "The journal has no line of it: somebody put it into the database, or removed the line. Tell your administrator "
    "today."
)
MOST_READINGS = 200  # the newest of them


@dataclass(frozen=True)
class Opening:
    """One opening of the identity. `at`: None where no line tells it; `fault`: what is missing."""

    on: date
    at: datetime | None
    who: str
    why: str
    fault: str = ""


@dataclass(frozen=True)
class Reading:
    """That somebody opened the case to read it, on a day."""

    on: date
    at: datetime
    who: str


@dataclass(frozen=True)
class Opened:
    """Everything that was opened of a case, the newest first."""

    reference: str
    openings: tuple[Opening, ...]
    readings: tuple[Reading, ...]


def of_case(office: Office, officer: Officer, reference: str) -> Opened:
    """The ledger of a case. Raises `NotFound` for one that is not theirs, and `Damaged`.

    What another team opened before the case came here is told where its sealed reasons came along, and else not: who
    opened it there could say about whom it was.
    """
    needs(officer, Right.OPEN_IDENTITIES)
    with reading(office.session) as _:
        file = reaching.whole(office, officer, reference)
        key = file.key().for_purpose(sealing.PURPOSES[OPENING])
        names, own = lines.names(office.session), circles(reaching.vaults_in(file.pairs))
        of_it = select(JournalLine).where(JournalLine.case_id == file.case.id)
        opened = office.session.scalars(
            of_it.where(JournalLine.act == Act.OPENED_IDENTITY).order_by(JournalLine.number)
        ).all()
        came = office.session.scalars(
            of_it.where(JournalLine.act == Act.OPENED_CONCERN, JournalLine.vault.in_(own))
            .order_by(JournalLine.number.desc())
            .limit(MOST_READINGS)
        ).all()
        reasons = _reasons(key, file.records)
    readings = tuple(Reading(office.today(one.at), one.at, names.get(one.actor, one.actor)) for one in came)
    openings = _paired(office, opened, reasons, names, own)
    return Opened(file.case.reference, openings, readings)


@dataclass(frozen=True)
class _Reason:
    kind: str
    place: int
    by: str
    on: date
    text: str


def _reasons(key: PurposeKey, records: Sequence[Record]) -> list[_Reason]:
    """The reasons of openings. Those of earlier versions lie among the reasons of other acts."""
    found = []
    for record in records:
        if record.kind not in (OPENING, "reason"):
            continue
        said = sealing.read_record(key, record)
        if said.get("act") == Act.OPENED_IDENTITY:
            found.append(
                _Reason(record.kind, record.place, record.written_by, record.written_on, said["text"])
            )
    return found


def _paired(
    office: Office,
    opened: Sequence[JournalLine],
    reasons: list[_Reason],
    names: dict[str, str],
    own: Collection[str],
) -> tuple[Opening, ...]:
    found, left = [], list(reasons)
    for line in opened:
        on, place = office.today(line.at), journal.detail_of(line).get("place")
        mine = (OPENING, place) if place is not None else None
        reason = next(
            (
                one
                for one in left
                if one.by == line.actor and one.on == on and mine in (None, (one.kind, one.place))
            ),
            None,
        )
        if reason:
            left.remove(reason)
        elif line.vault not in own:
            continue
        who, why = names.get(line.actor, line.actor), reason.text if reason else ""
        found.append(Opening(on, line.at, who, why, "" if reason else NO_REASON))
    found += [Opening(one.on, None, names.get(one.by, one.by), one.text, NO_LINE) for one in left]
    return tuple(sorted(found, key=lambda one: (one.on, one.at is not None, str(one.at)), reverse=True))

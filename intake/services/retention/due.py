"""The closed cases of a vault whose time is over, the earliest first: read from an index, and told once a month."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select

from intake.database import reading, writing
from intake.models import Case, Destined, Destruction, Hold, InquiryDate, Notice, Proposal, Record
from intake.procedures.offices import circles
from intake.procedures.retention import closed_by, day_after
from intake.services.cases import reaching
from intake.services.desk.leafing import Leaf, Place, Turn, cut, leaf
from intake.services.ground import custody, notices, roles, sealing
from intake.services.ground.office import AnySession, Office
from intake.services.ground.refusals import needs
from intake.services.ground.roles import Officer, Right

MOST = 10_000  # cases on one list
NOTICE = "to-destroy"


@dataclass(frozen=True)
class Line:
    """A case whose time is over. `on`: from which day."""

    reference: str
    revision: int
    procedure_name: str
    closed_on: date
    kept_for: str
    on: date


@dataclass(frozen=True)
class Waiting:
    """A list that was proposed. `mine`: by whoever looks. `confirmed_on`: and is being carried out."""

    id: str
    cases: int
    proposed_on: date
    mine: bool
    confirmed_on: date | None


@dataclass(frozen=True)
class Due:
    """A page of them. `number`: how many there are, `MOST` + 1 at most. `without`: procedures that keep for good."""

    leaf: Leaf
    number: int
    lists: tuple[Waiting, ...]
    without: tuple[str, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """Those of the page."""
        return self.leaf.lines


def page(office: Office, officer: Officer, turn: Turn, *, now: datetime) -> Due:
    """What a vault's member may propose to destroy. Raises `NotFound`."""
    needs(officer, Right.DESTROY)
    session, today, vaults = office.session, office.today(now), officer.vaults
    with reading(session):
        pairs = sealing.pairs_of(session, officer)
        where = time_is_over(office, vaults, pairs, today)
        asked = select(Case).where(*where)
        found = leaf(
            lambda turn: session.scalars(cut(asked, (Case.list_day, Case.reference), turn)).all(),
            lambda case: Place(case.list_day, case.reference),
            turn,
        )
        some = select(Case.id).where(*where).limit(MOST + 1).subquery()
        number = session.scalar(select(func.count()).select_from(some)) or 0
        lines = tuple(_line(office, case) for case in found.lines)
        without = tuple(one.name for one in office.catalogue if one.retention is None)
        return Due(Leaf(lines, found.before, found.after), number, _lists(session, officer, vaults), without)


def time_is_over(
    office: Office, vaults: Collection[str], pairs: Collection[str], today: date
) -> list[ColumnElement[bool]]:
    """Of the cases that these keys open, those that may be put on a list today."""
    return [*_closed_long_ago(office, vaults, today), *_nothing_keeps(), reaching.readable(pairs)]


def _closed_long_ago(office: Office, vaults: Collection[str], today: date) -> list[ColumnElement[bool]]:
    by = {one.id: closed_by(one.retention, today) for one in office.catalogue if one.retention}
    each = [and_(Case.procedure == procedure, Case.closed_on <= day) for procedure, day in by.items()]
    return [
        Case.reader.in_(circles(vaults)),
        Case.closed_on.is_not(None),
        Case.list_day <= max(by.values(), default=date.min),  # the beginning of the index, and no more of it
        or_(false(), *each),
    ]


def _nothing_keeps() -> list[ColumnElement[bool]]:
    to_enter = exists().where(Record.case_id == Case.id, ~Record.journalled)
    return [
        Case.holder_wrote_on.is_(None),
        Case.stage_asked_on.is_(None),
        Case.journalled.is_(True),
        *(~exists().where(table.case_id == Case.id) for table in (Hold, Proposal, Destined, InquiryDate)),
        ~to_enter,
    ]


def _line(office: Office, case: Case) -> Line:
    procedure = office.catalogue[case.procedure]
    schedule, closed_on = procedure.retention, case.closed_on
    if schedule is None or closed_on is None:
        raise AssertionError("such a case is on no list")
    return Line(
        case.reference,
        case.revision,
        procedure.name,
        closed_on,
        schedule.words,
        day_after(schedule, closed_on),
    )


def _lists(session: AnySession, officer: Officer, vaults: Collection[str]) -> tuple[Waiting, ...]:
    theirs = Destruction.reader.in_(circles(vaults))
    asked = select(Destruction).where(theirs, Destruction.done_on.is_(None))
    return tuple(
        Waiting(one.id, one.cases, one.proposed_on, one.proposed_by == officer.id, one.confirmed_on)
        for one in session.scalars(asked.order_by(Destruction.proposed_on, Destruction.id))
    )


def tell_monthly(office: Office, *, now: datetime) -> int:
    """Once a month tell the members of each vault that something waits there. Returns how many vaults were told."""
    session, today = office.session, office.today(now)
    first, told = today.replace(day=1), 0
    for vault in roles.VAULTS:
        with reading(session):
            members = custody.keyholders(session, vault)
            heard = set(
                session.scalars(
                    select(Notice.staff_id).where(
                        Notice.staff_id.in_(members), Notice.kind == NOTICE, Notice.queued_on >= first
                    )
                )
            )
            waits = bool(members - heard) and _something_waits(office, vault, today)
        if waits:
            with writing(session):
                for member in sorted(members - heard):
                    notices.tell(office, member, NOTICE, now=now)
            told += 1
    return told


def _something_waits(office: Office, vault: str, today: date) -> bool:
    session, holder = office.session, [sealing.vault_holder(vault)]
    proposed = select(Destruction.id).where(
        Destruction.reader.in_(circles([vault])),
        Destruction.done_on.is_(None),
        Destruction.confirmed_on.is_(None),
    )
    over = select(Case.id).where(*time_is_over(office, [vault], holder, today))
    return any(session.scalar(asked.limit(1)) is not None for asked in (proposed, over))

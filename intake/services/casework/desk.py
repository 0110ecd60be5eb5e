"""The desk: the lists that an officer sees.

Whatever an officer may not read does not exist here: lists and totals start from the envelopes that the officer's
keys open.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, or_, select

from intake.database import reading
from intake.models import Case, Envelope, Record, RegisterEntry, Staff
from intake.services.cases import timekeeping
from intake.services.cases.reaching import among_theirs
from intake.services.cases.words import submitted
from intake.services.ground import sealing
from intake.services.ground.office import Office
from intake.services.ground.refusals import Damaged
from intake.services.ground.roles import Officer

from .setting_aside import IN_THE_QUEUE, WAITING_ASIDE

LOG = logging.getLogger(__name__)


PAGE = 50


VIEWS = {
    "open": "All open",
    "new": "New",
    "mine": "Mine",
    "due": "Due in 5 working days",
    "overdue": "Overdue",
    "waiting": "Message waiting",
    "aside": "Beyond the hour's budget",
    "closed": "Closed",
}


@dataclass(frozen=True)
class CaseLine:
    """One line of the list."""

    reference: str
    procedure_name: str
    stage_label: str
    summary: str
    level: str
    received_on: date
    handler_name: str | None
    next_label: str | None
    next_due: date | None
    days: int | None  # working days left; negative: late
    new: bool
    message_waiting: bool
    escalation: int
    closed_on: date | None


@dataclass(frozen=True)
class CaseList:
    """One page of the list, and how many cases each view holds."""

    lines: tuple[CaseLine, ...]
    view: str
    page: int
    pages: int
    total: int
    totals: dict[str, int]


def desk(office: Office, officer: Officer, view: str, page: int, search: str, *, now: datetime) -> CaseList:
    """A page of the officer's list, the earliest date first. `search` is (part of) a reference, or a
    register's own reference."""
    today, session = office.today(now), office.session
    view = view if view in VIEWS else "open"
    views = _views(office, officer, today)
    where = views[view]
    if search := search.strip():
        from_register = select(RegisterEntry.case_id).where(RegisterEntry.reference == search)
        own = Case.reference.contains(search.upper(), autoescape=True)
        where = or_(own, Case.id.in_(from_register))
    with reading(session):
        pairs = sealing.pairs_of(session, officer)
        total, totals = _totals(session, pairs, where, views)
        pages = max(1, -(-total // PAGE))
        page = min(max(1, page), pages)
        rows = session.execute(
            among_theirs(pairs, select(Case, Staff.name).select_from(Case))
            .outerjoin(Staff, Staff.id == Case.handler_id)
            .where(where)
            .order_by(Case.closed_on.desc(), Case.next_due.is_(None), Case.next_due, Case.reference)
            .limit(PAGE)
            .offset((page - 1) * PAGE)
        ).all()
        summaries = _summaries(session, pairs, [case for case, _ in rows])
        lines = tuple(_line(office, case, name, summaries[case.id], today) for case, name in rows)
    return CaseList(lines, view, page, pages, total, totals)


def _views(office: Office, officer: Officer, today: date) -> dict:
    """What each view holds."""
    soon = office.calendar.nth_after(today, 5)
    return {
        "open": and_(Case.closed_on.is_(None), IN_THE_QUEUE),
        "new": and_(Case.closed_on.is_(None), Case.handler_id.is_(None), IN_THE_QUEUE),
        "mine": and_(Case.closed_on.is_(None), Case.handler_id == officer.id),
        "due": and_(Case.closed_on.is_(None), Case.next_due.between(today, soon), IN_THE_QUEUE),
        "overdue": and_(Case.closed_on.is_(None), Case.next_due < today),
        "waiting": Case.holder_wrote_on.is_not(None),
        "aside": WAITING_ASIDE,
        "closed": Case.closed_on.is_not(None),
    }


def _totals(session, pairs, where, views: dict) -> tuple[int, dict[str, int]]:
    """How many cases the list holds, and how many each view: counted in one walk over what the officer may read."""
    counted = [func.count(Case.id.distinct()).filter(one) for one in (where, *views.values())]
    total, *totals = session.execute(among_theirs(pairs, select(*counted).select_from(Case))).one()
    return total, dict(zip(views, totals, strict=True))


def _line(office: Office, case: Case, handler_name: str | None, summary: str, today: date) -> CaseLine:
    version = timekeeping.version_of(office, case)
    days = None
    if case.next_due:
        between = office.calendar.between
        days = between(today, case.next_due) if case.next_due >= today else -between(case.next_due, today)
    return CaseLine(
        reference=case.reference,
        procedure_name=office.catalogue[case.procedure].name,
        stage_label=version.stage(case.stage).label,
        summary=summary,
        level=case.level,
        received_on=case.received_on,
        handler_name=handler_name,
        next_label=version.limit(case.next_deadline).label if case.next_deadline else None,
        next_due=case.next_due,
        days=days,
        new=case.handler_id is None and case.closed_on is None,
        message_waiting=case.holder_wrote_on is not None,
        escalation=case.escalation,
        closed_on=case.closed_on,
    )


def _summaries(session, pairs, cases: list[Case]) -> dict[str, str]:
    """The beginning of what was sent in each case: their envelopes are fetched at once, and so are the words."""
    listed = [case.id for case in cases]
    addressed = select(Envelope).where(
        Envelope.case_id.in_(listed), Envelope.scope == "case", Envelope.keyholder.in_(pairs)
    )
    envelopes: dict[str, Envelope] = {}
    for envelope in session.scalars(addressed.order_by(Envelope.keyholder)):
        envelopes.setdefault(envelope.case_id, envelope)
    first = select(Record).where(Record.case_id.in_(listed), Record.kind == "submission", Record.place == 0)
    sent = {record.case_id: record for record in session.scalars(first)}
    return {case.id: _summary(pairs, case, envelopes.get(case.id), sent.get(case.id)) for case in cases}


def _summary(pairs, case: Case, envelope: Envelope | None, sent: Record | None) -> str:
    """The beginning of the longest answer: the person's own words. A case that does not open says so."""
    try:
        words = submitted(sealing.open_envelope(pairs, envelope).for_purpose("submission"), sent)
    except Damaged as error:
        LOG.error("Case %s does not open.", case.reference)
        return f"This case does not open. Tell your administrator. {error}"
    longest = max((said.answer for said in words), key=len, default="")
    flat = " ".join(longest.split())
    return flat if len(flat) <= 90 else flat[:89].rstrip() + "…"

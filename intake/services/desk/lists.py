"""The desk: the lists that an officer sees.

Whatever an officer may not read does not exist here: of each case that is found, an envelope is looked for that the
officer's keys open.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Row,
    SQLColumnExpression,
    and_,
    func,
    literal_column,
    select,
    union,
    union_all,
)

from intake.database import reading
from intake.models import Case, Envelope, Proposal, Record, RegisterEntry, Staff
from intake.procedures.working_days import Calendar
from intake.services.cases import timekeeping, triaged
from intake.services.cases.reaching import among_theirs, vaults_in
from intake.services.cases.words import submitted
from intake.services.ground import custody, sealing
from intake.services.ground.office import AnySession, Office
from intake.services.ground.refusals import Damaged
from intake.services.ground.roles import Officer
from intake.vault.keys import KeyPair

from .leafing import FIRST, Place, Turn, cut, leaf
from .narrowing import EVERYTHING, ORDERS, Narrowing, conditions
from .views import SOON, VIEWS, holding

LOG = logging.getLogger(__name__)
_Found = Row[Case, str]  # a case and its handler's name

PROPOSED = "proposed"  # beside the views: what waits to be decided
MOST = 1_000  # what is more is not counted: nobody plans by the last figure, and a count walks over what it counts


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
    triaged: bool
    revision: int
    message_waiting: bool
    stage_asked_on: date | None  # by the holder, while nobody has decided
    escalation: int
    answered_on: date | None
    closed_on: date | None
    set_aside: bool
    covered: bool  # its handler is away, and the officer stands in


@dataclass(frozen=True)
class CaseList:
    """One page of the list, the turns to its neighbours, and how many cases each view holds: `MOST` + 1 is more than
    `MOST`. `found`: how many of a narrowed list's. Of a search, `more` tells that not all was shown.
    """

    lines: tuple[CaseLine, ...]
    view: str
    totals: dict[str, int]
    before: Turn | None = None
    after: Turn | None = None
    more: bool = False
    found: int | None = None
    to_decide: int = 0  # what is proposed of the cases that the officer reads, for whoever decides it


def desk(
    office: Office,
    officer: Officer,
    view: str,
    turn: Turn = FIRST,
    narrowed: Narrowing = EVERYTHING,
    *,
    now: datetime,
) -> CaseList:
    """A page of the officer's list, the earliest date first; of what is closed, the latest."""
    today, session = office.today(now), office.session
    view = view if view in VIEWS else "open"
    latest_first = (view == "closed" and narrowed.order == "due") != narrowed.turned
    with reading(session):
        pairs = sealing.pairs_of(session, officer)
        handlers = custody.covering(session, officer.id, today)
        view_of = holding(handlers, today, office.calendar.nth_after(today, SOON))[view]
        held = and_(view_of, *conditions(office, narrowed, today=today))
        keys = ORDERS[narrowed.order]
        page = leaf(
            lambda turn: _rows(session, pairs, [held], turn, keys, latest_first=latest_first),
            PLACES[narrowed.order],
            turn,
        )
        lines = _lines(office, pairs, page.lines, today, handlers)
        totals = _totals(office, handlers, pairs, today)
        found = _found(session, pairs, held) if narrowed.asks else None
        to_decide = totals.pop(PROPOSED)
        return CaseList(lines, view, totals, page.before, page.after, found=found, to_decide=to_decide)


def find(office: Office, officer: Officer, search: str, view: str = "open", *, now: datetime) -> CaseList:
    """The officer's cases with a reference, or with the beginning of it or of what follows its hyphen, written in any
    way; and the one that came from a register under this reference. Of very many the first few."""
    today, session = office.today(now), office.session
    with reading(session):
        pairs = sealing.pairs_of(session, officer)
        handlers = custody.covering(session, officer.id, today)
        keys = ORDERS["due"]
        page = leaf(
            lambda turn: _rows(session, pairs, _named(pairs, search), turn, keys), PLACES["due"], FIRST
        )
        lines = _lines(office, pairs, page.lines, today, handlers)
        totals = _totals(office, handlers, pairs, today)
        to_decide, more = totals.pop(PROPOSED), page.after is not None
        return CaseList(lines, view if view in VIEWS else "open", totals, more=more, to_decide=to_decide)


def _named(pairs: Iterable[str], search: str) -> list[ColumnElement[bool]]:
    """What a search finds: each part by an index of its own."""
    entry = select(RegisterEntry.case_id).where(RegisterEntry.reference == search.strip())
    ways: list[ColumnElement[bool]] = [
        Case.id == entry.where(RegisterEntry.vault == vault).scalar_subquery() for vault in vaults_in(pairs)
    ]
    signs = re.sub(r"[\W_]", "", search).upper()
    if signs:
        begins = f"{signs[:3]}-{signs[3:]}" if len(signs) > 3 else signs
        end = func.substr(Case.reference, literal_column("5"))
        ways += [_begins(Case.reference, begins), _begins(end, signs)]
    return ways


def _begins(column: SQLColumnExpression[str], signs: str) -> ColumnElement[bool]:
    """That a reference begins so: the range, which an index is asked for, and the very signs."""
    return and_(column.between(signs, signs + "Z" * 8), column.startswith(signs, autoescape=True))


PLACES: dict[str, Callable[[_Found], Place]] = {
    "due": lambda row: Place(row.Case.list_day, row.Case.reference),
    "received": lambda row: Place(row.Case.received_on, row.Case.reference),
    "reference": lambda row: Place(None, row.Case.reference),
}


def _rows(
    session: AnySession,
    pairs: Collection[str],
    ways: list[ColumnElement[bool]],
    turn: Turn,
    keys: Sequence[SQLColumnExpression[Any]],
    *,
    latest_first: bool = False,
) -> Sequence[_Found]:
    """The lines of a turn: each case that is held in one of several ways, with its handler's name."""
    place = select(Case.id, *keys)
    parts = [
        cut(query.where(way), keys, turn, latest_first=latest_first).subquery()
        for way in ways
        for query in among_theirs(pairs, place)
    ]
    found = union(*(select(part) for part in parts)).subquery()
    rows = (
        select(Case, Staff.name)
        .join_from(Case, found, found.c.id == Case.id)
        .outerjoin(Staff, Staff.id == Case.handler_id)
    )
    found_keys = [column for column in found.c if column.key != "id"]
    return session.execute(cut(rows, found_keys, turn, latest_first=latest_first)).all()


def _found(session: AnySession, pairs: Collection[str], held: ColumnElement[bool]) -> int:
    """How many of a narrowed list's there are, up to `MOST` + 1."""
    some = [
        query.where(held).order_by(Case.list_day).limit(MOST + 1).subquery()
        for query in among_theirs(pairs, select(Case.list_day), found=False)
    ]
    counted = [select(func.count()).select_from(one).scalar_subquery() for one in some]
    return sum(session.execute(select(*counted)).one())


def _totals(office: Office, handlers: tuple[str, ...], pairs: Iterable[str], today: date) -> dict[str, int]:
    """How many cases each view holds, up to `MOST` + 1, and of how many something is proposed."""
    soon = office.calendar.nth_after(today, SOON)
    counted = office.session.execute(_counting(handlers, tuple(pairs), today, soon, MOST + 1)).all()
    return dict(zip((*VIEWS, PROPOSED), map(sum, zip(*counted, strict=True)), strict=True))


@lru_cache(maxsize=100)  # made once for an officer and day: it is the longest question that the program asks
def _counting(
    handlers: tuple[str, ...], holders: tuple[str, ...], today: date, soon: date, most: int
) -> CompoundSelect[*tuple[int, ...]]:
    views, held = holding(handlers, today, soon), []
    for query in among_theirs(holders, select(Case.list_day), found=False):
        some = [query.where(views[view]).order_by(Case.list_day).limit(most).subquery() for view in VIEWS]
        # Proposals are few: each is asked whether its case is one of these.
        is_theirs = query.where(Case.id == Proposal.case_id).correlate(Proposal).exists()
        proposed = select(func.count()).select_from(Proposal).where(is_theirs).scalar_subquery()
        held.append(
            select(*(select(func.count()).select_from(one).scalar_subquery() for one in some), proposed)
        )
    return union_all(*held)


def _lines(
    office: Office,
    pairs: Mapping[str, KeyPair],
    rows: Iterable[_Found],
    today: date,
    handlers: tuple[str, ...],
) -> tuple[CaseLine, ...]:
    summaries, found_out = _sealed_in(office.session, pairs, [case for case, _ in rows])
    dates = {case.next_due for case, _ in rows if case.next_due}
    days = {due: _working_days(office.calendar, today, due) for due in dates}  # many lines share a date
    covered = frozenset(handlers[1:])
    return tuple(
        _line(office, case, name, summaries[case.id], days, covered, was_triaged=case.id in found_out)
        for case, name in rows
    )


def _working_days(calendar: Calendar, today: date, due: date) -> int:
    """How many are left; below 0 where it is late."""
    return calendar.between(today, due) if due >= today else -calendar.between(due, today)


def _line(
    office: Office,
    case: Case,
    handler_name: str | None,
    summary: str,
    days: Mapping[date, int],
    covered: Collection[str],
    *,
    was_triaged: bool,
) -> CaseLine:
    version = timekeeping.version_of(office, case)
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
        days=days[case.next_due] if case.next_due else None,
        new=case.handler_id is None and case.closed_on is None and case.answered_on is None,
        triaged=was_triaged,
        revision=case.revision,
        message_waiting=case.holder_wrote_on is not None,
        stage_asked_on=case.stage_asked_on,
        escalation=case.escalation,
        answered_on=case.answered_on,
        closed_on=case.closed_on,
        set_aside=case.set_aside,
        covered=case.handler_id in covered,
    )


def _sealed_in(
    session: AnySession, pairs: Mapping[str, KeyPair], cases: list[Case]
) -> tuple[dict[str, str], frozenset[str]]:
    """The beginning of what was sent in each case, and which of them were triaged: their envelopes are fetched at once,
    and so are the words.
    """
    listed = [case.id for case in cases]
    addressed = select(Envelope).where(
        Envelope.case_id.in_(listed), Envelope.scope == "case", Envelope.keyholder.in_(pairs)
    )
    envelopes: dict[str, Envelope] = {}
    for envelope in session.scalars(addressed.order_by(Envelope.keyholder)):
        envelopes.setdefault(envelope.case_id, envelope)
    kinds = ("submission", triaged.KIND)
    first = select(Record).where(Record.case_id.in_(listed), Record.kind.in_(kinds), Record.place == 0)
    found = session.scalars(first).all()
    sent = {record.case_id: record for record in found if record.kind == "submission"}
    begun = {case.id: _summary(pairs, case, envelopes.get(case.id), sent.get(case.id)) for case in cases}
    return begun, frozenset(record.case_id for record in found if record.kind == triaged.KIND)


def _summary(pairs: Mapping[str, KeyPair], case: Case, envelope: Envelope | None, sent: Record | None) -> str:
    """The beginning of the longest answer: the person's own words. A case that does not open says so."""
    try:
        words = submitted(sealing.open_envelope(pairs, envelope).for_purpose("submission"), sent)
    except Damaged as error:
        LOG.error("Case %s does not open.", case.reference)
        return f"This case does not open. Tell your administrator. {error}"
    longest = max((said.answer for said in words), key=len, default="")
    flat = " ".join(longest.split())
    return flat if len(flat) <= 90 else flat[:89].rstrip() + "…"

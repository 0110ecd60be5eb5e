"""Work a case: the lists an officer sees, and one case with everything on it.

Whatever an officer may not read does not exist here: lists, totals and pages start from the envelopes that
the officer's keys open.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, or_, select

from intake.database import reading, writing
from intake.models import Case, DeadlineRow, Envelope, Record, RegisterEntry, Staff
from intake.procedures.clock import Deadline, Position, standing_on
from intake.procedures.moves import Standing
from intake.procedures.offers import Offer, offered
from intake.vault.record import CaseKey

from . import custody, history, journal, naming, sealing, signing_in, timekeeping
from .access import Officer
from .history import HistoryEntry
from .office import Office
from .refusals import Damaged, NotFound
from .setting_aside import IN_THE_QUEUE, WAITING_ASIDE
from .submitting import Answer, readers_of

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


@dataclass(frozen=True)
class DeadlineView:
    """A deadline with the words for where it stands today."""

    deadline: Deadline
    position: Position


@dataclass(frozen=True)
class Written:
    """A message or a note."""

    by: str
    on: date
    heading: str
    text: str
    from_holder: bool = False


@dataclass(frozen=True)
class CasePage:
    """One case, whole."""

    reference: str
    revision: int
    procedure_id: str
    procedure_name: str
    version_label: str
    stage_label: str
    received_on: date
    level: str
    channel: str
    service: str | None
    theme_id: str | None
    theme_name: str | None
    register_reference: str | None
    readers: str
    handler_id: str | None
    handler_name: str | None
    closed_on: date | None
    message_waiting: bool
    escalation: int
    words: tuple[Answer, ...]
    identity: tuple[Answer, ...] | None
    identity_sealed: bool
    deadlines: tuple[DeadlineView, ...]
    timeline: tuple[HistoryEntry, ...]
    messages: tuple[Written, ...]
    notes: tuple[Written, ...]
    offers: tuple[Offer, ...]
    signpost: str
    handlers: tuple[tuple[str, str], ...]


def desk(office: Office, officer: Officer, view: str, page: int, search: str, *, now: datetime) -> CaseList:
    """A page of the officer's list, the earliest date first. `search` is (part of) a reference, or a
    register's own reference."""
    today = office.today(now)
    view = view if view in VIEWS else "open"
    with reading(office.session):
        pairs = sealing.pairs_of(office.session, officer)
        totals = {name: _count(office, pairs, _where(office, officer, name, today)) for name in VIEWS}
        where = _where(office, officer, view, today)
        if search := search.strip():
            from_register = select(RegisterEntry.case_id).where(RegisterEntry.reference == search)
            own = Case.reference.contains(search.upper(), autoescape=True)
            where = or_(own, Case.id.in_(from_register))
        total = _count(office, pairs, where) if search else totals[view]
        pages = max(1, -(-total // PAGE))
        page = min(max(1, page), pages)
        cases = office.session.scalars(
            _readable(pairs, select(Case))
            .where(where)
            .order_by(Case.closed_on.desc(), Case.next_due.is_(None), Case.next_due, Case.reference)
            .limit(PAGE)
            .offset((page - 1) * PAGE)
        ).all()
        lines = tuple(_line(office, pairs, case, today) for case in cases)
    return CaseList(lines, view, page, pages, total, totals)


def open_case(office: Office, officer: Officer, reference: str, *, now: datetime) -> CasePage:
    """One case. Raises `NotFound` for a case that is not there or not theirs alike, and `Damaged`."""
    with reading(office.session):
        case, key, pairs = reach(office, officer, reference)
        return _page(office, officer, case, key, pairs, office.today(now))


def open_identity(
    office: Office, officer: Officer, reference: str, reason: str, password: str, *, now: datetime
) -> tuple[Answer, ...]:
    """Who sent a concern. The reason is sealed with the case; that it was opened stands in the journal.

    The password is asked for again: a session left open is not enough. Raises `SignInRefused` or `NotFound`.
    """
    with reading(office.session):
        reach(office, officer, reference)
    signing_in.confirm(office, officer, password, now=now)
    with writing(office.session):
        case, key, pairs = reach(office, officer, reference)
        identity = _identity(office.session, pairs, case)
        if identity is None:
            raise NotFound
        on = office.today(now)
        content = {"act": "opened-identity", "text": reason}
        sealing.add_record(office.session, key, case, "reason", content, on=on, by=officer.id)
        journal.append(office.session, at=now, actor=officer.id, act="opened-identity", case_id=case.id)
    return identity


def reach(office: Office, officer: Officer, reference: str) -> tuple[Case, CaseKey, dict]:
    """The case behind a reference and its key. Raises `NotFound`, the same for absent and for not theirs."""
    pairs = sealing.pairs_of(office.session, officer)
    named = Case.reference == reference.strip().upper()
    case = office.session.scalar(_readable(pairs, select(Case)).where(named).distinct())
    if case is None:  # one answer after the same work, so that its time does not tell which
        raise NotFound
    return case, sealing.open_key(office.session, pairs, case.id), pairs


def handlers_of(session, case_id: str) -> list[Staff]:
    """Who can be given the case: everybody who can read it."""
    readers = custody.keyholders(session, *sealing.vaults_of(session, case_id))
    return list(session.scalars(select(Staff).where(Staff.id.in_(readers)).order_by(Staff.name)))


def _readable(pairs, query):
    return query.join(
        Envelope,
        and_(Envelope.case_id == Case.id, Envelope.scope == "case", Envelope.keyholder.in_(pairs)),
    )


def _count(office: Office, pairs, where) -> int:
    return office.session.scalar(_readable(pairs, select(func.count(Case.id.distinct()))).where(where))


def _where(office: Office, officer: Officer, view: str, today: date):
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
    }[view]


def _line(office: Office, pairs, case: Case, today: date) -> CaseLine:
    version = timekeeping.version_of(office, case)
    handler = office.session.get(Staff, case.handler_id) if case.handler_id else None
    days = None
    if case.next_due:
        between = office.calendar.between
        days = between(today, case.next_due) if case.next_due >= today else -between(case.next_due, today)
    return CaseLine(
        reference=case.reference,
        procedure_name=office.catalogue[case.procedure].name,
        stage_label=version.stage(case.stage).label,
        summary=_summary(office, pairs, case),
        level=case.level,
        received_on=case.received_on,
        handler_name=handler.name if handler else None,
        next_label=version.limit(case.next_deadline).label if case.next_deadline else None,
        next_due=case.next_due,
        days=days,
        new=case.handler_id is None and case.closed_on is None,
        message_waiting=case.holder_wrote_on is not None,
        escalation=case.escalation,
        closed_on=case.closed_on,
    )


def _summary(office: Office, pairs, case: Case) -> str:
    """The beginning of the longest answer: the person's own words. A case that does not open says so."""
    try:
        words = _words(office.session, sealing.open_key(office.session, pairs, case.id), case)
    except Damaged as error:
        LOG.error("Case %s does not open.", case.reference)
        return f"This case does not open. Tell your administrator. {error}"
    longest = max((said.answer for said in words), key=len, default="")
    flat = " ".join(longest.split())
    return flat if len(flat) <= 90 else flat[:89].rstrip() + "…"


def _page(office: Office, officer: Officer, case: Case, key: CaseKey, pairs, today: date) -> CasePage:
    session, procedure = office.session, office.catalogue[case.procedure]
    standing = timekeeping.standing(office, case)
    names = dict(session.execute(select(Staff.id, Staff.name)).all())
    confidential = procedure.reader == "whistleblowing" or case.level == "confidential"
    identity = _identity(session, pairs, case)
    messages, notes = _written(session, key, pairs, case, names)
    return CasePage(
        reference=case.reference,
        revision=case.revision,
        procedure_id=procedure.id,
        procedure_name=procedure.name,
        version_label=standing.version.label,
        stage_label=standing.stage.label,
        received_on=case.received_on,
        level=case.level,
        channel=case.channel,
        service=case.service,
        theme_id=naming.merged_themes(office).get(case.theme_id, case.theme_id),
        theme_name=_theme_name(office, case),
        register_reference=session.scalar(
            select(RegisterEntry.reference).where(RegisterEntry.case_id == case.id)
        ),
        readers=readers_of(office, case),
        handler_id=case.handler_id,
        handler_name=names.get(case.handler_id),
        closed_on=case.closed_on,
        message_waiting=case.holder_wrote_on is not None,
        escalation=case.escalation,
        words=_words(session, key, case),
        identity=None if confidential else identity,
        identity_sealed=confidential and identity is not None,
        deadlines=_deadlines(office, case, standing, today),
        timeline=history.entries(office, case, standing),
        messages=messages,
        notes=notes,
        offers=offered(standing, today),
        signpost=standing.version.signpost.words if standing.version.signpost else "",
        handlers=tuple(
            (member.id, member.name)
            for member in handlers_of(session, case.id)
            if officer.role.allocates or member.id == officer.id
        ),
    )


def _deadlines(office: Office, case: Case, standing: Standing, today: date) -> tuple[DeadlineView, ...]:
    """None for a case from a register on which nobody has acted here: no clock runs for it."""
    if office.session.scalar(select(DeadlineRow.deadline).where(DeadlineRow.case_id == case.id)) is None:
        from_register = select(RegisterEntry.reference).where(RegisterEntry.case_id == case.id)
        if office.session.scalar(from_register) is not None:
            return ()
    return tuple(
        DeadlineView(deadline, standing_on(deadline, today, office.calendar))
        for deadline in standing.deadlines
    )


def _theme_name(office: Office, case: Case) -> str | None:
    into = naming.merged_themes(office)
    return naming.theme_names(office).get(into.get(case.theme_id, case.theme_id))


def _words(session, key: CaseKey, case: Case) -> tuple[Answer, ...]:
    record = session.get(Record, (case.id, "submission", 0))
    said = sealing.read_record(key.for_purpose("submission"), record)
    return tuple(Answer(question, answer) for question, answer in said["words"])


def _identity(session, pairs, case: Case) -> tuple[Answer, ...] | None:
    record = session.get(Record, (case.id, "identity", 0))
    if record is None:
        return None
    key = sealing.open_key(session, pairs, case.id, "identity")
    told = sealing.read_record(key.for_purpose("identity"), record)
    return tuple(Answer(question, answer) for question, answer in told["identity"])


def _written(session, key: CaseKey, pairs, case: Case, names):
    apart = set(
        session.scalars(
            select(Envelope.scope).where(Envelope.case_id == case.id, Envelope.scope.like("message-%"))
        )
    )
    messages, notes = [], []
    for record in sealing.records(session, case.id, "message", "note", "reason"):
        from_holder = record.written_by == "holder"
        scope = f"message-{record.place}"
        if record.kind == "message" and scope in apart:
            purpose = sealing.open_key(session, pairs, case.id, scope).for_purpose("conversation")
        else:
            purpose = key.for_purpose(sealing.PURPOSES[record.kind])
        content = sealing.read_record(purpose, record)
        by = "The holder" if from_holder else names.get(record.written_by, "")
        heading = content.get("heading") or content.get("act", "")
        written = Written(by, record.written_on, heading, content["text"], from_holder)
        (messages if record.kind == "message" else notes).append(written)
    return tuple(messages), tuple(notes)

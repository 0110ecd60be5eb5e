"""The register: every whistleblowing referral that an office can open, with what became of it, and what is late.

It is drawn from the cases themselves as they stand, for whoever can open them. A concern that is kept from somebody is
in no line, no number and no gap of their register.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select

from intake.counts.quarters import Period
from intake.database import reading
from intake.models import Case, Envelope, Record, Staff, StageReceipt
from intake.services.cases import concerns, timekeeping
from intake.services.cases.channels import CHANNELS
from intake.services.cases.reaching import among_theirs
from intake.services.cases.words import RELEASED, SUMMARY, released_last, summary_in
from intake.services.ground import sealing
from intake.services.ground.office import AnySession, Office
from intake.services.ground.refusals import needs
from intake.services.ground.roles import Officer, Right
from intake.services.inquiries import reading as inquiries
from intake.services.inquiries.reading import Inquiry
from intake.vault.record import CaseKey

from .governance import GOVERNANCE, is_marked

NOT_WRITTEN, WAITING, LET_GO = "not written", "waiting to be released", "released"
_OPENED = ("submission", SUMMARY, RELEASED, GOVERNANCE, inquiries.KIND)


@dataclass(frozen=True)
class Line:
    """One referral. `age`: working days from its receipt to today, or to the day on which it was closed. `due`: what is
    due next, with its day; `late` whether that day has passed. `categories`: as it was assessed, or as whoever sent
    it chose. `waiting`, `overdue`: how many of the actions that were decided are not done, and are late. `signed_by`:
    whose sign-off of its inquiry stands. `words`: those that were released for the committee,
    and `words_are` how they stand.
    """

    reference: str
    received_on: date
    route: str
    categories: tuple[str, ...]
    level: str
    handler: str
    age: int
    outcome: str
    closed_on: date | None
    due_label: str
    due: date | None
    late: bool
    words_are: str
    words: str
    governance: bool
    waiting: int
    overdue: int
    inquiry: bool
    signed_by: str


@dataclass(frozen=True)
class Register:
    """A financial year's referrals, the earliest first, and those of earlier years that are still open."""

    year: Period
    lines: tuple[Line, ...]
    still_open: tuple[Line, ...]

    @property
    def late(self) -> tuple[Line, ...]:
        """Those with a date or an action whose day has passed."""
        return tuple(line for line in (*self.still_open, *self.lines) if line.late or line.overdue)


def register(office: Office, officer: Officer, year: Period, *, now: datetime) -> Register:
    """The register of a financial year. Raises `NotFound` for a role that does not oversee concerns, and `Damaged`."""
    needs(officer, Right.OVERSEE_CONCERNS)
    session, today = office.session, office.today(now)
    first, last = year.first_day, year.last_day
    with reading(session):
        pairs = sealing.pairs_of(session, officer)
        of_them = Case.procedure.in_([one.id for one in office.catalogue if concerns.is_one(one)])
        asked = and_(
            of_them,
            or_(
                Case.received_on.between(first, last),
                and_(Case.closed_on.is_(None), Case.received_on < first),
            ),
        )
        found = _cases(session, pairs, asked)
        keys, records = _opened(session, pairs, found), _records(session, found)
        outcomes = _outcomes(session, found)
        names = dict(session.execute(select(Staff.id, Staff.name)).all())
        lines = [
            _line(office, case, keys[case.id], records.get(case.id, ()), names, outcomes, today)
            for case in found
            if case.id in keys
        ]
    return Register(
        year,
        tuple(line for line in lines if line.received_on >= first),
        tuple(line for line in lines if line.received_on < first),
    )


def _cases(session: AnySession, pairs: Iterable[str], asked: ColumnElement[bool]) -> list[Case]:
    held = [
        case
        for query in among_theirs(tuple(pairs), select(Case))
        for case in session.scalars(query.where(asked))
    ]
    return sorted(held, key=lambda case: (case.received_on, case.reference))


def _opened(session: AnySession, pairs: Mapping[str, object], cases: Iterable[Case]) -> dict[str, CaseKey]:
    asked = select(Envelope).where(
        Envelope.case_id.in_([case.id for case in cases]),
        Envelope.scope == "case",
        Envelope.keyholder.in_(pairs),
    )
    keys: dict[str, CaseKey] = {}
    for envelope in session.scalars(asked.order_by(Envelope.keyholder)):
        if envelope.case_id not in keys:
            keys[envelope.case_id] = sealing.open_envelope(pairs, envelope)  # type: ignore[arg-type]
    return keys


def _records(session: AnySession, cases: Iterable[Case]) -> dict[str, list[Record]]:
    asked = select(Record).where(Record.case_id.in_([case.id for case in cases]), Record.kind.in_(_OPENED))
    found: dict[str, list[Record]] = {}
    for record in session.scalars(asked.order_by(Record.kind, Record.place)):
        found.setdefault(record.case_id, []).append(record)
    return found


def _outcomes(session: AnySession, cases: Iterable[Case]) -> dict[str, str]:
    asked = select(StageReceipt.case_id, StageReceipt.outcome).where(
        StageReceipt.case_id.in_([case.id for case in cases]), StageReceipt.outcome.is_not(None)
    )
    return {
        case_id: outcome
        for case_id, outcome in session.execute(asked.order_by(StageReceipt.number))
        if outcome
    }


def _line(
    office: Office,
    case: Case,
    key: CaseKey,
    records: Sequence[Record],
    names: Mapping[str, str],
    outcomes: Mapping[str, str],
    today: date,
) -> Line:
    version = timekeeping.version_of(office, case)
    outcome, until = outcomes.get(case.id, ""), case.closed_on or today
    inquiry = inquiries.opened(key, records)
    waiting = [one for one in inquiry.actions if one.settled_on is None]
    last, written = released_last(key, records), [one.place for one in records if one.kind == SUMMARY]
    return Line(
        reference=case.reference,
        received_on=case.received_on,
        route=CHANNELS.get(case.channel, case.channel),
        categories=_categories(key, records, inquiry),
        level=case.level,
        handler=names.get(case.handler_id or "", ""),
        age=office.calendar.between(case.received_on, max(until, case.received_on)),
        outcome=version.outcome(outcome).label if outcome else "",
        closed_on=case.closed_on,
        due_label=version.limit(case.next_deadline).label if case.next_deadline else "",
        due=case.next_due,
        late=case.closed_on is None and case.next_due is not None and case.next_due < today,
        words_are=NOT_WRITTEN if not written else LET_GO if last == max(written) else WAITING,
        words="" if last is None else summary_in(key, records, last),
        governance=is_marked(key, records),
        waiting=len(waiting),
        overdue=sum(one.late(today) for one in waiting),
        inquiry=inquiry.begun,
        signed_by=names.get(inquiry.signed_by, ""),
    )


def _categories(key: CaseKey, records: Iterable[Record], inquiry: Inquiry) -> tuple[str, ...]:
    if inquiry.assessed and inquiry.assessed.categories:
        return inquiry.assessed.categories
    sent = next((one for one in records if one.kind == "submission"), None)
    category: str | None = sealing.read_record(key.for_purpose("submission"), sent)["category"]
    return (category,) if category else ()

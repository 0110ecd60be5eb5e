"""The journal: append-only, each line chained to the one before.

A line holds who did what to which case when, and no content. What a reporter does is entered when its day
is over, in the order of the cases' random keys and with the day alone (`enter_the_day`): two submissions of
one day cannot be put in order from the journal.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import cast

from sqlalchemy import Table, insert, select

from intake.database import reading, writing
from intake.database.arrivals import fill_gaps, hide_order
from intake.models import OF_CASES, Case, JournalLine, Record

from .office import Office

BEGINNING = bytes(32)
_LAST = select(JournalLine.number, JournalLine.hash).order_by(JournalLine.number.desc()).limit(1)
ORDINARY_DELAY = timedelta(minutes=5)  # a line is dated when its act began, and writers queue


@dataclass(frozen=True)
class Verdict:
    """What a check of the journal found; `fault` is empty when every line holds."""

    lines: int
    head: str
    fault: str = ""
    went_back: tuple[int, ...] = ()  # lines written under an earlier clock than a line before them


def append(session, *, at: datetime, actor: str, act: str, case_id: str | None = None, **detail) -> None:
    """Add a line inside the caller's transaction."""
    _append(session, [(at, actor, act, case_id, detail)])


def _append(session, told: Iterable[tuple[datetime, str, str, str | None, dict]]) -> None:
    """Add lines: when, who, which act, of which case, and what else. They are chained here and written as one."""
    number, previous = session.execute(_LAST).one_or_none() or (0, BEGINNING)
    rows = []
    for at, actor, act, case_id, detail in told:
        line = JournalLine(
            number=number + 1,
            at=at,
            actor=actor,
            act=act,
            case_id=case_id,
            detail=json.dumps(detail, sort_keys=True, separators=(",", ":"), default=str),
            previous=previous,
        )
        line.hash = _hash(line)
        rows.append({name: getattr(line, name) for name in JournalLine.__table__.columns.keys()})  # noqa: SIM118
        number, previous = line.number, line.hash
    if rows:
        session.execute(insert(cast(Table, JournalLine.__table__)), rows)


def close_the_day(office: Office, *, now: datetime) -> int:
    """Hide which submission came first, which until then the file tells, and enter the days that are over.

    In this order: what fails is tried again by the next tick, for the days are not entered yet.
    Returns the number of lines. Raises `NotStored`.
    """
    today, session = office.today(now), office.session
    with reading(session):
        arrived = select(Case.id).where(~Case.journalled, Case.received_on < today)
        wrote = select(Record.case_id).where(~Record.journalled, Record.written_on < today)
        cases = set(session.scalars(arrived.union(wrote)))
    if not cases:
        return 0
    engine = session.get_bind().engine
    hide_order(engine, OF_CASES, cases)
    lines = enter_the_day(office, now=now)
    fill_gaps(engine)
    return lines


def enter_the_day(office: Office, *, now: datetime) -> int:
    """Enter what reporters did on days that are over. Returns the number of lines."""
    today = office.today(now)
    session = office.session
    with writing(session):
        received = session.scalars(select(Case).where(~Case.journalled, Case.received_on < today)).all()
        written = session.scalars(select(Record).where(~Record.journalled, Record.written_on < today)).all()
        lines = sorted(
            [(case.received_on, case.id, "received", "") for case in received]
            + [(record.written_on, record.case_id, "holder-wrote", record.place) for record in written],
            key=lambda line: (line[0], line[1], line[2], str(line[3])),
        )
        _append(
            session,
            (
                (_midnight(day), "holder", act, case_id, {"place": place} if act == "holder-wrote" else {})
                for day, case_id, act, place in lines
            ),
        )
        for row in (*received, *written):
            row.journalled = True  # type: ignore[attr-defined]  # a case and a record both have it
    return len(lines)


def verify(office: Office, heads: Mapping[int, bytes] | None = None) -> Verdict:
    """Walk the chain from its beginning. Finds an edit, a deletion and a reordering.

    A journal cut off at its end, or computed anew, still holds by itself: `heads` are hashes of lines, by
    number, as they were kept elsewhere (`anchoring`).
    """
    heads = heads or {}
    went_back, latest = [], None
    with reading(office.session) as _:
        previous, expected = BEGINNING, 1
        query = select(JournalLine).order_by(JournalLine.number).execution_options(yield_per=1000)
        for line in office.session.scalars(query):
            if line.number != expected:
                return Verdict(expected - 1, previous.hex(), f"Line {expected} is missing.")
            if line.previous != previous or line.hash != _hash(line):
                return Verdict(expected - 1, previous.hex(), f"Line {expected} was changed or moved.")
            if heads.get(expected, line.hash) != line.hash:
                return Verdict(
                    expected - 1,
                    previous.hex(),
                    f"Line {expected} is another one than the head that was kept names: the journal was "
                    "written anew, or an older copy was put back and written on.",
                )
            previous, expected = line.hash, expected + 1
            if line.actor == "holder":  # entered when the day was over, with the day alone
                continue
            if latest is not None and line.at < latest - ORDINARY_DELAY:
                went_back.append(line.number)
            latest = line.at
        return Verdict(expected - 1, previous.hex(), went_back=tuple(went_back))


def _hash(line: JournalLine) -> bytes:
    told = [
        line.number,
        line.at.astimezone(UTC).isoformat(),
        line.actor,
        line.act,
        line.case_id,
        line.detail,
        line.previous.hex(),
    ]
    return hashlib.sha256(json.dumps(told, separators=(",", ":")).encode()).digest()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def detail_of(line: JournalLine) -> dict:
    """What a line says beside who, what and when."""
    return json.loads(line.detail)

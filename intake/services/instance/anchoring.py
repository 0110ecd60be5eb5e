"""Heads of the journal, kept where nobody who can write to the database can write.

The chain alone shows that a line was changed. Whoever can write to the database can also compute the chain
anew, cut off its end, or put back an older copy: that shows against a head that was printed before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from intake.database import reading
from intake.models import Case, Edition, JournalLine, Record, RegisterEntry
from intake.services.ground import journal
from intake.services.ground.journal import Break, Verdict
from intake.services.ground.office import AnySession, Office
from intake.services.ground.refusals import Refused

ARRIVED = (journal.Act.RECEIVED, journal.Act.ENTERED)  # acts that tell that a case is there from now on
OPENING = "opening"  # the kind of record that holds why an identity was opened
DESTROYED = aliased(JournalLine)
IS_OF_IT = DESTROYED.act == journal.Act.DESTROYED
_HEAD = re.compile(
    r"intake-head lines=(\d{1,15}) day=(\d{4}-\d\d-\d\d) hash=([0-9a-f]{64}) editions=(\d{1,15})"
)


_MARK = re.compile(r"intake-mark day=(\d{4}-\d\d-\d\d) hash=([0-9a-f]{64}) editions=(\d{1,15})")


@dataclass(frozen=True)
class Head:
    """Where the journal ended on a day, and how many editions there were, which the public knows.

    Nothing of cases: whoever keeps the heads would see when a case comes of which they must not know. `lines` is None
    in a *mark*, which is for somebody about whom a concern may be, and must not count lines from day to day.
    """

    lines: int | None
    day: date
    hash: bytes
    editions: int

    @property
    def text(self) -> str:
        """One line, to be printed or kept in a file elsewhere."""
        kind = "intake-mark" if self.lines is None else f"intake-head lines={self.lines}"
        return f"{kind} day={self.day} hash={self.hash.hex()} editions={self.editions}"


def head(office: Office, *, now: datetime) -> Head:
    """The journal's head as it stands."""
    with reading(office.session):
        last = office.session.scalars(
            select(JournalLine).order_by(JournalLine.number.desc()).limit(1)
        ).first()
        editions = _editions(office.session)
        if last is None:
            return Head(0, office.today(now), journal.BEGINNING, editions)
        return Head(last.number, office.today(now), last.hash, editions)


def mark_of_the_last_line(office: Office, *, on: date) -> Head:
    """The mark of the line that was just written, inside the caller's transaction."""
    last = select(JournalLine.hash).order_by(JournalLine.number.desc()).limit(1)
    return Head(None, on, office.session.scalars(last).one(), _editions(office.session))


def parse(text: str) -> list[Head]:
    """The heads in a text: one, or all that a file has collected. Raises `Refused` where there is none."""
    try:
        heads = [
            Head(int(lines), date.fromisoformat(day), bytes.fromhex(mark), int(editions))
            for lines, day, mark, editions in _HEAD.findall(text)
        ]
        heads += [
            Head(None, date.fromisoformat(day), bytes.fromhex(mark), int(editions))
            for day, mark, editions in _MARK.findall(text)
        ]
    except ValueError as error:
        raise Refused(f"That is not a head of a journal: {error}.") from error
    if len(heads) != text.count("intake-head") + text.count("intake-mark") or not heads:
        raise Refused(
            "That is not a head of a journal, or a part of it is missing. Give the whole line that "
            "`intake audit head` printed or the page Journal showed, or a file with such lines."
        )
    return heads


def verify(office: Office, heads: Sequence[Head] = ()) -> Verdict:
    """Walk the chain, and hold it against heads kept elsewhere: finds truncation, rollback and rewriting.

    And hold the cases against the chain: one that was removed leaves its line, one that was put in has none.
    """
    marks = {mark.hash for mark in heads if mark.lines is None}
    numbered = {mark.lines: mark for mark in heads if mark.lines is not None}
    verdict = journal.verify(office, {number: mark.hash for number, mark in numbered.items()}, marks)
    if verdict.fault:
        return verdict
    latest = max(numbered, default=0)
    if latest > verdict.lines:
        fault = (
            f"The journal ends at line {verdict.lines}; on {numbered[latest].day:%-d %B %Y} it had {latest}. "
            "Its end was cut off, or an older copy was put back."
        )
        return replace(verdict, fault=fault, broken=Break.ANOTHER)
    if 0 in numbered and numbered[0].hash != journal.BEGINNING:
        fault = "The head names no line, and is not that of an empty journal."
        return replace(verdict, fault=fault, broken=Break.ANOTHER)
    with reading(office.session):
        editions = _editions(office.session)
    for mark in heads:
        if editions < mark.editions:
            then = f"on {mark.day:%-d %B %Y} there were {mark.editions}"
            fault = f"There are {editions} editions; {then}. Some were removed."
            return replace(verdict, fault=fault, broken=Break.EDITIONS)
    with reading(office.session):
        looks = (
            (_removed, Break.MISSING),
            (_put_in, Break.PUT_IN),
            (_not_by_two, Break.NOT_BY_TWO),
        )
        for look, broken in looks:
            if fault := look(office.session):
                return replace(verdict, fault=fault, broken=broken)
    return verdict


def _removed(session: AnySession) -> str:
    """What the journal says arrived and is not there, whatever arrived since: the first of it, in a sentence."""
    gone = session.scalars(
        select(JournalLine)
        .where(
            JournalLine.act.in_(ARRIVED),
            ~exists().where(Case.id == JournalLine.case_id),
            ~exists().where(DESTROYED.case_id == JournalLine.case_id, IS_OF_IT),
        )
        .order_by(JournalLine.number)
    ).first()
    if gone is not None:
        return (
            f"Line {gone.number} tells of a case that came on {gone.at:%-d %B %Y}. It is not there any more: "
            "somebody removed it from the database."
        )
    written = set(
        session.execute(select(Record.case_id, Record.place).where(Record.written_by == "holder")).all()
    )
    lines = (
        select(JournalLine)
        .where(
            JournalLine.act == journal.Act.HOLDER_WROTE,
            ~exists().where(DESTROYED.case_id == JournalLine.case_id, IS_OF_IT),
        )
        .order_by(JournalLine.number)
    )
    for line in session.scalars(lines.execution_options(yield_per=1000)):
        if (line.case_id, journal.detail_of(line)["place"]) not in written:
            return (
                f"Line {line.number} tells of words that a holder wrote on {line.at:%-d %B %Y}. They are not there "
                "any more: somebody removed them from the database."
            )
    return ""


def _put_in(session: AnySession) -> str:
    """A case of which the journal knows nothing: not its arrival, and no register that it came from."""
    told = exists().where(JournalLine.case_id == Case.id, JournalLine.act.in_(ARRIVED))
    taken_over = exists().where(RegisterEntry.case_id == Case.id)
    unknown = session.scalar(select(Case.reference).where(Case.journalled, ~told, ~taken_over).limit(1))
    return (
        f"The journal knows nothing of the arrival of case {unknown}: somebody put it into the database."
        if unknown
        else ""
    )


def reached(office: Office, heads: Sequence[Head]) -> tuple[int, list[Head]]:
    """How many lines there are, and those of the heads to which they lead; a mark does not say how many it had."""
    lines = journal.verify(office).lines
    numbered = [head for head in heads if head.lines is not None and head.lines <= lines]
    marks = [head for head in heads if head.lines is None]
    return lines, numbered + [one for one in marks if not journal.verify(office, marks=[one.hash]).fault]


def openings(office: Office) -> list[str]:
    """Openings of an identity of which there is the line alone, or the sealed reason alone, a sentence each.

    A case of which nothing is there any more has neither, nor has one whose reasons were left with another team.
    """
    line, later = JournalLine, aliased(JournalLine)
    moved = exists().where(
        later.case_id == line.case_id, later.act == journal.Act.REROUTED, later.number > line.number
    )
    session = office.session
    whole = exists().where(Record.case_id == line.case_id, Record.kind == "submission")
    with reading(session):
        lines = session.execute(
            select(line.number, line.actor, line.case_id, line.detail, moved.label("moved"))
            .join(Case, Case.id == line.case_id)
            .where(line.act == journal.Act.OPENED_IDENTITY, line.detail != "{}", whole)
            .order_by(line.number)
        ).all()
        kept = session.execute(
            select(Record.case_id, Record.place, Record.written_by, Case.reference)
            .join(Case, Case.id == Record.case_id)
            .where(Record.kind == OPENING)
        ).all()
    told = {(row.case_id, json.loads(row.detail).get("place"), row.actor): row for row in lines}
    sealed = {(row.case_id, row.place, row.written_by): row for row in kept}
    gone = [
        f"Line {row.number} tells that an identity was opened. The reason that was sealed with it is not there any "
        "more: somebody removed it from the database."
        for opening, row in told.items()
        if opening not in sealed and not row.moved
    ]
    return gone + [
        f"In the case {row.reference} lies a reason for opening the identity of which the journal knows nothing: "
        "somebody put it into the database."
        for opening, row in sealed.items()
        if opening not in told
    ]


def _not_by_two(session: AnySession) -> str:
    """A case that is told to be destroyed by no list that a second person confirmed, or that is there again."""
    asked = select(JournalLine).where(JournalLine.act == journal.Act.DESTRUCTION_CONFIRMED)
    confirmed = {
        journal.detail_of(line)["list"]
        for line in session.scalars(asked)
        if line.actor != journal.detail_of(line)["proposed_by"]
    }
    for line in session.scalars(select(DESTROYED).where(IS_OF_IT).order_by(DESTROYED.number)):
        told = journal.detail_of(line)
        if told.get("list") not in confirmed and not told.get("restored"):
            return (
                f"Line {line.number} tells that a case was destroyed, and no second person had confirmed it: somebody "
                "wrote it into the database."
            )
        if session.get(Case, line.case_id) is not None:
            return (
                f"Line {line.number} tells that a case was destroyed, and it is there: somebody put it back."
            )
    return ""


def _editions(session: AnySession) -> int:
    return session.scalar(select(func.count(Edition.number))) or 0

"""Cases that belong together: one linked to another, the duplicate of another, or following from it.

A link is kept twice, sealed with each of the two cases, and no column says to whom either leads. On a case it is there
for whoever can open the other one at that moment, and for nobody else, not even that there is one: a case that was
taken to another vault is seen from neither side any more. Nothing leads from a concern to a complaint, nor from a vault
to another.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, bindparam, or_, select

from intake.database import writing
from intake.models import Case, Envelope, JournalLine, Record
from intake.services.cases import concerns
from intake.services.cases.reaching import File, reach
from intake.services.ground import journal, sealing
from intake.services.ground.office import AnySession, Office
from intake.services.ground.press import press_of, was_pressed
from intake.services.ground.refusals import ActedMeanwhile, NotFound, Refused, needs
from intake.services.ground.roles import Officer, Right
from intake.vault.record import CaseKey

KIND = "link"
HOWS = {  # what the other case is to this one, and this one to the other
    "linked": ("Linked to", "Linked to"),
    "duplicate": ("Duplicate of", "Has a duplicate"),
    "follows": ("Follows from", "Is followed by"),
}
LONGEST = 2_000  # characters of a reason
UNKNOWN = "There is no case with this reference that you can open and link here."
# Asked with every page of a case, so written once.
_OPEN = (
    select(Case)
    .join(Envelope, and_(Envelope.case_id == Case.id, Envelope.scope == "case"))
    .where(Case.id.in_(bindparam("cases", expanding=True)))
    .where(
        or_(
            Case.reader == bindparam("reader"),
            Case.reader == concerns.NO_VAULT,
            bindparam("reader") == concerns.NO_VAULT,
        )
    )
    .where(Envelope.keyholder.in_(bindparam("holders", expanding=True)))
)
GONE = "That link is not there any more, so nothing was done. What you typed is still here."


@dataclass(frozen=True)
class Removed:
    """That a link was taken away: why, by whom and when."""

    reason: str
    by: str
    on: date


@dataclass(frozen=True)
class Link:
    """Another case that belongs to one, as whoever can open both sees it. `words`: what it is to this one."""

    id: str
    words: str
    reference: str
    procedure_id: str
    closed_on: date | None
    reason: str
    by: str
    on: date
    removed: Removed | None
    destroyed_on: date | None = None  # its time was over; then nothing of it is left, its reference neither


@dataclass(frozen=True)
class _Kept:
    """What is sealed of a link. `by` is an account's id."""

    id: str
    to: str
    words: str
    reason: str
    by: str
    on: date
    removed: Removed | None = None


def link(
    office: Office,
    officer: Officer,
    reference: str,
    other: str,
    how: str,
    reason: str,
    *,
    token: str,
    now: datetime,
) -> None:
    """Link a case to another one, by its reference; `how` is one of `HOWS`. The same token is stored once.

    Raises `NotFound`, and `Refused`: with one answer for a case that is not there, not theirs, or in another vault.
    """
    needs(officer, Right.WORK_CASES)
    session = office.session
    with writing(session):
        case, key, _ = reach(office, officer, reference)
        press = press_of(case.id, token)
        if was_pressed(session, press):
            return
        there, its_key = _the_other(office, officer, case, other)
        _check(how, reason)
        if any(one.to == there.id and not one.removed for one in _kept(session, case, key)):
            raise Refused(f"It is linked to {there.reference} already. Remove that link first.")
        pair = secrets.token_hex(16)
        for mine, its, of, words in ((case, key, there, HOWS[how][0]), (there, its_key, case, HOWS[how][1])):
            told = {"link": pair, "to": of.id, "words": words, "text": reason.strip()}
            _put(office, mine, its, told, officer, press if mine is case else None, now)
        journal.append(session, at=now, actor=officer.id, act=journal.Act.LINKED, case_id=case.id)


def unlink(
    office: Office, officer: Officer, reference: str, pair: str, reason: str, *, token: str, now: datetime
) -> None:
    """Remove a link from both of its cases. The same token is stored once.

    Raises `NotFound`, `Refused`, and `ActedMeanwhile` where the link is not there for this officer any more.
    """
    needs(officer, Right.WORK_CASES)
    session = office.session
    with writing(session):
        case, key, _ = reach(office, officer, reference)
        press = press_of(case.id, token)
        if was_pressed(session, press):
            return
        found = next((one for one in _kept(session, case, key) if one.id == pair and not one.removed), None)
        row = session.get(Case, found.to) if found else None
        if row is None:
            raise ActedMeanwhile(GONE)
        try:
            there, its_key = _the_other(office, officer, case, row.reference)
        except Refused:
            raise ActedMeanwhile(GONE) from None
        _check("linked", reason)
        for mine, its in ((case, key), (there, its_key)):
            told = {"link": pair, "removed": True, "text": reason.strip()}
            _put(office, mine, its, told, officer, press if mine is case else None, now)
        journal.append(session, at=now, actor=officer.id, act=journal.Act.UNLINKED, case_id=case.id)


def shown(office: Office, file: File, key: CaseKey, names: Mapping[str, str]) -> tuple[Link, ...]:
    """The links of a case that lead to what the officer can open now; those that were removed come last.

    Asks once, whether there are any or none, and once more where one leads nowhere now: it may have been destroyed.
    Inside the caller's transaction. Raises `Damaged`.
    """
    kept = _read(key, (record for record in file.records if record.kind == KIND))
    nothing = [""]  # asked for by its key like any other: of an empty list SQLite walks all envelopes
    asked = {
        "cases": [one.to for one in kept] or nothing,
        "reader": file.case.reader,
        "holders": list(file.pairs),
    }
    open_to = {case.id: case for case in office.session.scalars(_OPEN, asked)}
    links = [_seen(one, open_to[one.to], names) for one in kept if one.to in open_to]
    links += _destroyed(office, file, [one for one in kept if one.to not in open_to], names)
    return tuple(sorted(links, key=lambda one: one.removed is not None))


def _destroyed(office: Office, file: File, left: Iterable[_Kept], names: Mapping[str, str]) -> list[Link]:
    """Of links that lead to nothing that is there, those to cases which this case's own readers destroyed: the journal
    tells. What became of a case that went to others before is not told.
    """
    of = {one.to: one for one in left if one.removed is None}
    if not of:
        return []
    asked = select(JournalLine).where(
        JournalLine.case_id.in_(of), JournalLine.act == str(journal.Act.DESTROYED)
    )
    found = []
    for line in office.session.scalars(asked):
        one = of.get(line.case_id or "")
        if one and journal.detail_of(line).get("vault") == file.case.reader:
            by, on = names.get(one.by, ""), office.today(line.at)
            found.append(Link(one.id, one.words, "", "", None, one.reason, by, one.on, None, on))
    return found


def leads_to(key: CaseKey, records: Iterable[Record]) -> set[str]:
    """The ids of the cases to which a case is linked, of its records of links in their places. Raises `Damaged`."""
    return {one.to for one in _read(key, records) if one.removed is None}


def _seen(one: _Kept, case: Case, names: Mapping[str, str]) -> Link:
    gone = one.removed and Removed(one.removed.reason, names.get(one.removed.by, ""), one.removed.on)
    return Link(
        one.id,
        one.words,
        case.reference,
        case.procedure,
        case.closed_on,
        one.reason,
        names.get(one.by, ""),
        one.on,
        gone,
    )


def _the_other(office: Office, officer: Officer, case: Case, reference: str) -> tuple[Case, CaseKey]:
    """The other case and its key. Raises `Refused`, in the same words wherever it is none for this officer."""
    try:
        there, key, _ = reach(office, officer, reference)
    except NotFound:
        raise Refused(UNKNOWN) from None
    if there.reader != case.reader or case.reader == concerns.NO_VAULT:  # not all who hold one hold the other
        raise Refused(UNKNOWN)
    if there.id == case.id:
        raise Refused("That is the reference of this case itself.")
    return there, key


def _check(how: str, reason: str) -> None:
    if how not in HOWS:
        raise Refused("Choose how they belong together.")
    if not reason.strip() or len(reason) > LONGEST:
        raise Refused(f"Give the reason, in {LONGEST:,} characters at most.")


def _put(
    office: Office,
    case: Case,
    key: CaseKey,
    told: Mapping[str, object],
    officer: Officer,
    press: bytes | None,
    now: datetime,
) -> None:
    on = office.today(now)
    sealing.add_record(office.session, key, case, KIND, told, on=on, by=officer.id, press=press)


def _kept(session: AnySession, case: Case, key: CaseKey) -> list[_Kept]:
    return _read(key, sealing.records(session, case.id, KIND))


def _read(key: CaseKey, records: Iterable[Record]) -> list[_Kept]:
    """The links of a case in the order in which they were made, each with its removal."""
    purpose, found = key.for_purpose(sealing.PURPOSES[KIND]), dict[str, _Kept]()
    for record in records:
        said = sealing.read_record(purpose, record)
        who, when, one = record.written_by, record.written_on, found.get(said["link"])
        if said.get("removed") and one:
            gone = Removed(said["text"], who, when)
            found[one.id] = _Kept(one.id, one.to, one.words, one.reason, one.by, one.on, gone)
        elif not said.get("removed"):
            found[said["link"]] = _Kept(said["link"], said["to"], said["words"], said["text"], who, when)
    return list(found.values())

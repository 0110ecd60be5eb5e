"""A list of cases to be destroyed: one person proposes it, another reads it and confirms. What changed meanwhile falls
off it; whoever cannot open a case neither sees nor confirms it.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, insert, select, update

from intake.database import reading, writing
from intake.models import Case, Destined, Destruction, Hold, Proposal, Staff
from intake.procedures.offices import circles, in_circle
from intake.procedures.retention import Facts, kept
from intake.services.cases import reaching
from intake.services.ground import custody, journal, notices, sealing
from intake.services.ground.office import AnySession, Office
from intake.services.ground.refusals import ActedMeanwhile, NotFound, Refused, needs
from intake.services.ground.roles import Officer, Right
from intake.services.people import signing_in
from intake.vault.keys import KeyPair

from . import due, keeping, steady_clock

PAGE = 50
CHANGED = "It changed after it was listed."
ONE_PERSON = (
    "You proposed this list. Two people destroy: a colleague who can open these cases reads it and confirms."
)
MEANWHILE = "This list changed after you had opened it, so nothing was destroyed. Look at it as it is now, then decide."


@dataclass(frozen=True)
class Item:
    """A case on a list. `why`: why it falls off, empty where it stays."""

    case_id: str
    reference: str
    procedure_name: str
    closed_on: date | None
    revision: int
    why: str


@dataclass(frozen=True)
class Proposed:
    """What came of a proposal: the list, empty where there is none; how many are on it, and which were left and why."""

    id: str
    number: int
    left: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class View:
    """A list as whoever looks may see it. `digest`: of what stays; it comes back with the press that confirms.

    `waits`: why this person cannot confirm it now.
    """

    id: str
    by: str
    on: date
    items: tuple[Item, ...]
    fallen: tuple[Item, ...]
    number: int
    page: int
    pages: int
    digest: str
    waits: str
    confirmed_by: str
    confirmed_on: date | None
    destroyed: int
    done_on: date | None


def propose(
    office: Office,
    officer: Officer,
    chosen: Sequence[tuple[str, int]],
    *,
    everything: bool = False,
    now: datetime,
) -> Proposed:
    """Freeze a list of cases whose time is over: the chosen ones, each with the revision that the page showed, or
    everything that there is.

    What may not be destroyed is left, and told. Raises `NotFound`, and `Refused` where a list waits already, nothing is
    left, or the clock cannot be believed.
    """
    needs(officer, Right.DESTROY)
    session, today = office.session, office.today(now)
    if not everything and not chosen:
        raise Refused("Choose at least one case in the list.")
    steady_clock.check(office, now)
    with writing(session):
        pairs = sealing.pairs_of(session, officer)
        asked = select(Case.id, Case.reference, Case.revision, Case.reader).where(
            *due.time_is_over(office, officer.vaults, pairs, today)
        )
        shown = dict(chosen)
        if not everything:
            asked = asked.where(Case.reference.in_(shown))
        rows = session.execute(asked.order_by(Case.list_day, Case.reference).limit(due.MOST)).all()
        circle = rows[0].reader if rows else ""
        _nothing_waits(session, [circle] if rows else circles(officer.vaults))
        linked = keeping.linked(office, pairs, keeping.keys_of(session, pairs, [row.id for row in rows]))
        left = dict.fromkeys(shown, "It may not be destroyed now: something keeps it, or it is not there.")
        put = []
        for case_id, reference, revision, reader in rows:
            left.pop(reference, None)
            if reader != circle:
                left[reference] = "It is read by others than the first one: put it on a list of its own."
            elif shown and shown[reference] != revision:
                left[reference] = CHANGED
            elif linked.get(case_id):
                left[reference] = f"It is linked to {linked[case_id][0]}."
            else:
                put.append((case_id, revision))
        told = tuple(sorted(left.items()))
        if not put:
            raise Refused(" ".join(["Nothing was listed.", *(f"{one}: {why}" for one, why in told[:10])]))
        list_id = _keep(session, officer.id, circle, put, today)
        journal.append(
            session,
            at=now,
            actor=officer.id,
            act=journal.Act.DESTRUCTION_PROPOSED,
            list=list_id,
            cases=len(put),
            digest=digest(put),
        )
        for member in sorted(custody.keyholders(session, *in_circle(circle)) - {officer.id}):
            notices.tell(office, member, due.NOTICE, now=now)
    return Proposed(list_id, len(put), told)


def digest(cases: Iterable[tuple[str, int]]) -> str:
    """SHA-256 over cases as they stand, in hexadecimal: ids and revisions, in the order of the ids."""
    return hashlib.sha256(json.dumps(sorted(cases), separators=(",", ":")).encode()).hexdigest()


def _nothing_waits(session: AnySession, readers: Sequence[str]) -> None:
    """Raises `Refused` where a list of cases with these readers waits for a second person."""
    waits = select(Destruction.id).where(
        Destruction.reader.in_(readers), Destruction.done_on.is_(None), Destruction.confirmed_on.is_(None)
    )
    if session.scalar(waits.limit(1)):
        raise Refused("A list waits for a second person already. Confirm it or take it back first.")


def _keep(session: AnySession, by: str, reader: str, put: Sequence[tuple[str, int]], on: date) -> str:
    list_id = secrets.token_hex(16)
    session.add(
        Destruction(
            id=list_id,
            reader=reader,
            proposed_by=by,
            proposed_on=on,
            cases=len(put),
            digest=bytes.fromhex(digest(put)),
            destroyed=0,
            backup_key="",
        )
    )
    session.flush()
    session.execute(
        insert(Destined),
        [
            {"case_id": case_id, "destruction_id": list_id, "revision": revision}
            for case_id, revision in sorted(put)
        ],
    )
    return list_id


def look(office: Office, officer: Officer, list_id: str, page: int = 1, *, now: datetime) -> View:
    """A list of the officer's vault. Raises `NotFound`, and `Damaged`."""
    needs(officer, Right.DESTROY)
    session = office.session
    with reading(session):
        row = _mine(session, officer, list_id)
        names = dict(session.execute(select(Staff.id, Staff.name)).all())
        pairs = sealing.pairs_of(session, officer)
        theirs, _ = items(office, row, pairs, office.today(now))
        stays = [one for one in theirs if not one.why]
        pages = max(1, -(-len(stays) // PAGE))
        page = min(max(1, page), pages)
        return View(
            id=row.id,
            by=names.get(row.proposed_by, ""),
            on=row.proposed_on,
            items=tuple(stays[(page - 1) * PAGE : page * PAGE]),
            fallen=tuple(one for one in theirs if one.why),
            number=len(stays),
            page=page,
            pages=pages,
            digest=_digest_of(stays),
            waits=ONE_PERSON if row.proposed_by == officer.id else "",
            confirmed_by=names.get(row.confirmed_by or "", ""),
            confirmed_on=row.confirmed_on,
            destroyed=row.destroyed,
            done_on=row.done_on,
        )


def items(
    office: Office, row: Destruction, pairs: dict[str, KeyPair], today: date
) -> tuple[list[Item], list[Item]]:
    """What is on a list, the earliest closed first: what these keys open, and what they do not."""
    session = office.session
    asked = standing_of(row.id).add_columns(reaching.readable(pairs))
    rows = session.execute(asked.order_by(Case.closed_on, Case.reference)).all()
    mine = [one[0].case_id for one in rows if one[-1]]
    linked = keeping.linked(office, pairs, keeping.keys_of(session, pairs, mine))
    theirs: list[Item] = []
    apart: list[Item] = []
    for destined, case, held, proposed, readable in rows:
        why = why_it_stays(office, row, destined, case, held, proposed, linked.get(case.id, ()), today)
        name = office.catalogue[case.procedure].name
        (theirs if readable else apart).append(
            Item(case.id, case.reference, name, case.closed_on, destined.revision, why)
        )
    return theirs, apart


def standing_of(list_id: str):  # type: ignore[no-untyped-def]  # a question of four columns
    """The question for each case of a list, with what keeps it."""
    return (
        select(Destined, Case, Hold.placed_on, Proposal.case_id)
        .join(Case, Case.id == Destined.case_id)
        .outerjoin(Hold, Hold.case_id == Case.id)
        .outerjoin(Proposal, Proposal.case_id == Case.id)
        .where(Destined.destruction_id == list_id)
    )


def why_it_stays(
    office: Office,
    row: Destruction,
    destined: Destined,
    case: Case,
    held_since: date | None,
    proposed: str | None,
    linked: tuple[str, ...],
    today: date,
) -> str:
    """Why a case that was listed is not destroyed today; empty where it is."""
    facts = Facts(
        closed_on=case.closed_on,
        held_since=held_since,
        message_waits=case.holder_wrote_on is not None,
        stage_asked_on=case.stage_asked_on,
        proposed=proposed is not None,
        linked=linked,
    )
    found = kept(office.catalogue[case.procedure].retention, facts)
    if found.keeps:
        return found.keeps[0]
    if case.closed_on is None:
        return "It was opened again."
    if (case.revision, case.reader) != (destined.revision, row.reader):
        return CHANGED
    return "" if found.may_go(today) else "Its schedule says a later day now."


def take_back(office: Office, officer: Officer, list_id: str, *, now: datetime) -> None:
    """Any of those who may destroy has nothing of a list destroyed. Raises `NotFound`, `Refused`."""
    needs(officer, Right.DESTROY)
    session = office.session
    with writing(session):
        row = _mine(session, officer, list_id)
        if row.confirmed_on is not None:
            raise Refused(
                "It was confirmed already, so it is carried out. A hold on a case still keeps that case."
            )
        session.execute(delete(Destined).where(Destined.destruction_id == row.id))
        session.delete(row)
        journal.append(
            session, at=now, actor=officer.id, act=journal.Act.DESTRUCTION_TAKEN_BACK, list=list_id
        )


def confirm(
    office: Office, officer: Officer, list_id: str, shown: str, password: str, *, now: datetime
) -> int:
    """A second person confirms what the page showed them: `shown` is its digest. Returns how many cases are to go;
    `destroying.go_on` does it.

    Raises `NotFound`, `SignInRefused`, `Refused`, and `ActedMeanwhile` where the list is another one by now.
    """
    needs(officer, Right.DESTROY)
    signing_in.confirm(office, officer, password, now=now)
    session, today = office.session, office.today(now)
    steady_clock.check(office, now)
    with writing(session):
        row = _mine(session, officer, list_id)
        if row.confirmed_on is not None:
            raise Refused("A colleague has confirmed this list already. Nothing is done twice.")
        if row.proposed_by == officer.id:
            raise Refused(ONE_PERSON)
        theirs, apart = items(office, row, sealing.pairs_of(session, officer), today)
        stays = [one for one in theirs if not one.why]
        if _digest_of(stays) != shown:
            raise ActedMeanwhile(MEANWHILE)
        if not stays:
            raise Refused("Nothing on this list may be destroyed any more.")
        _let_fall(session, [one for one in (*theirs, *apart) if one.why])
        _leave_for_others(session, row, [one for one in apart if not one.why])
        row.cases, row.digest = len(stays), bytes.fromhex(shown)
        row.confirmed_by, row.confirmed_on = officer.id, today
        journal.append(
            session,
            at=now,
            actor=officer.id,
            act=journal.Act.DESTRUCTION_CONFIRMED,
            list=list_id,
            cases=len(stays),
            digest=shown,
            proposed_by=row.proposed_by,
        )
    return len(stays)


def _let_fall(session: AnySession, fallen: Sequence[Item]) -> None:
    ids = [one.case_id for one in fallen]
    session.execute(delete(Destined).where(Destined.case_id.in_(ids)))


def _leave_for_others(session: AnySession, row: Destruction, apart: Sequence[Item]) -> None:
    """What whoever confirms cannot open was not read by them: it is a list of its own, for another colleague."""
    if not apart:
        return
    cases = [(one.case_id, one.revision) for one in apart]
    ids = [case_id for case_id, _ in cases]
    other = Destruction(
        id=secrets.token_hex(16),
        reader=row.reader,
        proposed_by=row.proposed_by,
        proposed_on=row.proposed_on,
        cases=len(cases),
        digest=bytes.fromhex(digest(cases)),
        destroyed=0,
        backup_key="",
    )
    session.add(other)
    session.flush()
    session.execute(update(Destined).where(Destined.case_id.in_(ids)).values(destruction_id=other.id))


def _digest_of(stays: Iterable[Item]) -> str:
    return digest((one.case_id, one.revision) for one in stays)


def _mine(session: AnySession, officer: Officer, list_id: str) -> Destruction:
    row = session.get(Destruction, list_id)
    if row is None or not officer.vaults.intersection(in_circle(row.reader)):
        raise NotFound
    return row

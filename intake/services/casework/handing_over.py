"""Handing over: what somebody holds is given to others in one act, so that every open case has somebody at work.

Officers hand over what they hold themselves, a manager of the same vault what anybody there holds: with the keys that
open the cases, and a sealed note for whoever takes each. The administrator, who has no key,
can only say who has them next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select

from intake.database import reading, writing
from intake.models import Case, Envelope, Grant, Staff
from intake.procedures.moves import Allocate
from intake.procedures.offices import circles
from intake.services.cases import reaching, timekeeping
from intake.services.ground import custody, journal, notices, sealing
from intake.services.ground.office import Office
from intake.services.ground.refusals import NotFound, Refused, needs
from intake.services.ground.roles import Officer, Right, role_of
from intake.services.people import accounts

AT_ONCE = 100  # the longest list on one page; what is more comes up when these have gone
_HELD = and_(Case.closed_on.is_(None), Case.handler_id.is_not(None))  # those that only wait to be closed too
# Somebody holds an open case who is switched off, or whom nobody has let into its vault (any more).
_NOBODY_AT_WORK = and_(
    _HELD,
    or_(
        ~Staff.active,
        and_(
            Case.reader != "",
            ~exists().where(
                Grant.staff_id == Case.handler_id,
                Envelope.case_id == Case.id,
                Envelope.scope == "case",
                Envelope.keyholder == literal(sealing.vault_holder("")).concat(Grant.vault_id),
            ),
        ),
    ),
)


@dataclass(frozen=True)
class HeldCase:
    """An open case that somebody holds; `days`: working days left, below 0 where it is late."""

    reference: str
    revision: int
    procedure_name: str
    stage_label: str
    received_on: date
    next_label: str | None
    next_due: date | None
    days: int | None
    message_waiting: bool


@dataclass(frozen=True)
class Holding:
    """What somebody holds of the cases that the officer can open: the first `AT_ONCE`, and how many there are.

    `others`: to whom they can be given, as id and name.
    """

    holder_id: str
    holder_name: str
    active: bool
    cases: tuple[HeldCase, ...]
    number: int
    others: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Given:
    """One case to be handed over: to whom, with which note, and its state on the officer's page."""

    reference: str
    to: str
    note: str
    revision: int


@dataclass(frozen=True)
class Row:
    """What happened to one case, in words."""

    reference: str
    words: str
    done: bool


@dataclass(frozen=True)
class Load:
    """How many open cases somebody holds; `at_work`: whether they can open them."""

    staff_id: str
    name: str
    email: str
    number: int
    at_work: bool


def holding(office: Office, officer: Officer, holder_id: str, *, now: datetime) -> Holding:
    """What somebody holds, the earliest date first. Raises `NotFound` for what is not the officer's to hand over."""
    _may(officer, holder_id)
    session, today = office.session, office.today(now)
    with reading(session):
        holder = session.get(Staff, holder_id)
        pairs = sealing.pairs_of(session, officer)
        others = _others(office, officer, holder_id, today)
        mine = (_HELD, Case.handler_id == holder_id, reaching.readable(pairs))
        number = session.scalar(select(func.count()).select_from(Case).where(*mine)) or 0
        if holder is None or (
            holder_id != officer.id and not number and not _is_member(office, officer, holder)
        ):
            raise NotFound
        found = session.scalars(
            select(Case).where(*mine).order_by(Case.list_day, Case.reference).limit(AT_ONCE)
        ).all()
        cases = tuple(_held(office, case, today) for case in found)
        return Holding(holder.id, holder.name, holder.active, cases, number, others)


def hand_over(
    office: Office, officer: Officer, holder_id: str, given: Sequence[Given], *, now: datetime
) -> list[Row]:
    """Give each case to whom it names, with its note. Returns what happened to each: one that moved meanwhile is told
    and left as it is. Whoever gets some hears of it once.

    Each case is a transaction of its own, so that nobody who sends waits for a hundred of them; done again, nothing
    happens twice. Raises `NotFound` where somebody else's cases are not the officer's to give.
    """
    _may(officer, holder_id)
    if len(given) > AT_ONCE:
        raise Refused(f"Hand over up to {AT_ONCE} cases at once.")
    with reading(office.session):
        names = dict(office.session.execute(select(Staff.id, Staff.name)).all())
    return [_give(office, officer, holder_id, one, names, now) for one in given]


def loads(office: Office, officer: Officer) -> list[Load]:
    """Who holds how many open cases of the officer's vault: a manager's list. Raises `NotFound`."""
    needs(officer, Right.ALLOCATE)
    with reading(office.session):
        vaults = reaching.vaults_in(sealing.pairs_of(office.session, officer))
        return _loads(office, Case.reader.in_(circles(vaults)))


def faults(office: Office) -> list[str]:
    """Whoever holds open cases and cannot open them any more, a sentence each with the way on."""
    with reading(office.session):
        return [
            f"{load.name} ({load.email}) is switched off or in no vault, and still has {_cases(load.number)}: nobody "
            f"at work has them. Hand them over: a manager under Colleagues, or you with `intake staff disable "
            f"{load.email} --hand-over-to ADDRESS`."
            for load in _loads(office, _NOBODY_AT_WORK)
        ]


def switch_off(office: Office, email: str, to: str, *, now: datetime) -> int:
    """Switch an account off and give every open case that it holds to somebody else who can read them, in one go.

    Returns how many. Raises `Refused`, also where somebody cannot read one of them; then nothing is done.
    """
    given: list[str] = []
    accounts.disable(office, email, now=now, first=partial(_give_all, office, to, now, given))
    return len(given)


def _may(officer: Officer, holder_id: str) -> None:
    needs(officer, Right.WORK_CASES if holder_id == officer.id else Right.ALLOCATE)


def _is_member(office: Office, officer: Officer, holder: Staff) -> bool:
    return holder.id in custody.keyholders(office.session, *officer.role.beside)


def _others(office: Office, officer: Officer, holder_id: str, today: date) -> tuple[tuple[str, str], ...]:
    """Who else can open the officer's vault, and whether they are away. Raises `NotFound` for somebody whom nobody has
    let in.
    """
    members = custody.keyholders(office.session, *officer.role.beside)
    if officer.id not in members:
        raise NotFound
    query = select(Staff.id, Staff.name).where(Staff.id.in_(members - {holder_id})).order_by(Staff.name)
    away = custody.away(office.session, today)
    return tuple(
        (staff_id, f"{name} (away)" if staff_id in away else name)
        for staff_id, name in office.session.execute(query)
    )


def _held(office: Office, case: Case, today: date) -> HeldCase:
    version, due = timekeeping.version_of(office, case), case.next_due
    days = None
    if due:
        late = due < today
        days = -office.calendar.between(due, today) if late else office.calendar.between(today, due)
    return HeldCase(
        case.reference,
        case.revision,
        office.catalogue[case.procedure].name,
        version.stage(case.stage).label,
        case.received_on,
        version.limit(case.next_deadline).label if case.next_deadline else None,
        due,
        days,
        case.holder_wrote_on is not None,
    )


def _give(
    office: Office, officer: Officer, holder_id: str, given: Given, names: Mapping[str, str], now: datetime
) -> Row:
    session, on, to = office.session, office.today(now), given.to
    try:
        with writing(session):
            case, key, _ = reaching.reach(office, officer, given.reference)
            if left := _why_left(office, case, holder_id, given, names):
                return Row(given.reference, left, done=False)
            _allocate(office, case, to, on)
            if given.note.strip():
                content = {"text": given.note.strip()}
                sealing.add_record(session, key, case, "note", content, on=on, by=officer.id)
            told = {"staff": to, "held_by": holder_id}
            journal.append(
                session, at=now, actor=officer.id, act=journal.Act.HANDED_OVER, case_id=case.id, **told
            )
            if to != officer.id:
                readers = reaching.readers(session, case.id)
                notices.tell_who_is_there(office, to, "handed-over", readers=readers, now=now)
    except NotFound:
        return Row(given.reference, "It is not there for you any more. Nothing was done.", done=False)
    except Refused as refusal:
        return Row(given.reference, f"{refusal} Nothing was done.", done=False)
    return Row(given.reference, f"Given to {names.get(to, '')}.", done=True)


def _why_left(office: Office, case: Case, holder_id: str, given: Given, names: Mapping[str, str]) -> str:
    """Why a case stays as it is; empty where it can be given."""
    if case.closed_on:
        return "It was closed meanwhile, and left as it is."
    if case.handler_id != holder_id:
        has = names.get(case.handler_id or "", "nobody")
        return f"It moved meanwhile: {has} has it now. It was left there."
    if case.revision != given.revision:
        return "Somebody acted on it meanwhile. It was left: look at it, then decide again."
    if given.to not in reaching.readers(office.session, case.id):
        return f"{names.get(given.to, 'That person')} cannot read it, so it was left."
    return ""


def _allocate(office: Office, case: Case, to: str, on: date) -> None:
    before = timekeeping.standing(office, case)
    timekeeping.keep(office, case, before, timekeeping.decided(before, Allocate(on, to)), on=on)


def _give_all(office: Office, to: str, now: datetime, given: list[str], leaving: Staff) -> None:
    """Everything that somebody holds, inside the transaction that switches their account off."""
    session = office.session
    taker = session.scalar(select(Staff).where(Staff.email == to.strip().lower()))
    if taker is None or not taker.active or taker.id == leaving.id:
        raise Refused(f"There is no other account at work for {to}.")
    for case in session.scalars(select(Case).where(_HELD, Case.handler_id == leaving.id)).all():
        if taker.id not in reaching.readers(session, case.id):
            raise Refused(
                f"{to} cannot read all that {leaving.email} holds, so nothing was handed over and nobody switched off. "
                "Name somebody who is let into the same vault."
            )
        _allocate(office, case, taker.id, office.today(now))
        told = {"staff": taker.id, "held_by": leaving.id}
        journal.append(
            session, at=now, actor="administrator", act=journal.Act.HANDED_OVER, case_id=case.id, **told
        )
        given.append(case.reference)
    if given:
        readers = custody.keyholders(session, *role_of(taker.role).beside)
        notices.tell_who_is_there(office, taker.id, "handed-over", readers=readers, now=now)


def _loads(office: Office, which: ColumnElement[bool]) -> list[Load]:
    session = office.session
    away = select(Staff.id).join(Case, Case.handler_id == Staff.id).where(_NOBODY_AT_WORK).distinct()
    gone = set(session.scalars(away))
    query = (
        select(Staff.id, Staff.name, Staff.email, func.count())
        .join(Case, Case.handler_id == Staff.id)
        .where(_HELD, which)
        .group_by(Staff.id, Staff.name, Staff.email)
        .order_by(Staff.name, Staff.email)
    )
    return [Load(*row, at_work=row[0] not in gone) for row in session.execute(query)]


def _cases(number: int) -> str:
    return "1 open case" if number == 1 else f"{number:,} open cases"

"""Custody: whether somebody can open every vault that the public's submissions may reach.

What is sealed to a vault without members lies there unread, and whoever sent it was told that it is read. So no
vault is left without a member, nothing is served while one is, and what would then tell nobody tells somebody
outside of it, without a word of what waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import (
    Row,
    Select,
    SQLColumnExpression,
    and_,
    exists,
    false,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from intake.config import BadSetting
from intake.database import reading
from intake.models import Absence, Envelope, Grant, Staff
from intake.procedures.offices import BY_VAULT, OFFICES

from .office import AnySession, Office
from .refusals import Refused
from .roles import (
    ALTERNATE,
    COMPLAINTS,
    ROLES,
    VAULTS,
    WHISTLEBLOWING,
    Right,
    role_of,
    roles_of,
)

# Who hears that a vault has nobody: first those who answer for it, then, where there are none, the next. Never
# whoever a concern in it may be about: the other offices' vaults hold what is about the monitoring officer, and so
# the last resort hears of theirs. No vault's last member can go, so one of the last ones named here is always there.
OUTSIDE = {
    COMPLAINTS: (("senior-officer", "monitoring-officer"), ("deputy-monitoring-officer",)),
    WHISTLEBLOWING: (
        ("senior-officer", "alternate-recipient"),
        ("complaints-manager",),
        ("complaints-officer",),
    ),
    ALTERNATE: (("senior-officer",), ("complaints-manager",), ("complaints-officer",)),
}
OUTSIDE |= {office.vault: OUTSIDE[WHISTLEBLOWING] for office in OFFICES if office.vault not in OUTSIDE}


def keyholders(session: AnySession, *vaults: str) -> set[str]:
    """The accounts that can open any of these vaults now: active, joined, granted, and of a role that may."""
    return {staff_id for _, staff_id in _members(session, vaults)}


def _members(session: AnySession, vaults: Iterable[str]) -> list[tuple[str, str]]:
    """Each of these vaults with each account that can open it now."""
    return rightful(session.execute(granted().where(Grant.vault_id.in_(vaults))))


def granted() -> Select[str, str, str]:
    """The question for every vault, whoever was let into it and can sign in, and their role."""
    held = select(Grant.vault_id, Staff.id, Staff.role).join(Staff, Staff.id == Grant.staff_id)
    return held.where(*can_sign_in())


def named_persons() -> Select[str, str, str]:
    """The same question for whoever may hold a case by name: no vault, the account, and its role."""
    return select(literal(""), Staff.id, Staff.role).where(*can_sign_in())


def rightful(held: Iterable[Row[str, str, str]]) -> list[tuple[str, str]]:
    """Of its answers, vaults and accounts of a role that may open them; by name, of a role that works on cases."""
    return [
        (vault, staff_id)
        for vault, staff_id, role in held
        if (vault in role_of(role).vaults if vault else role_of(role).may(Right.WORK_CASES))
    ]


def members(*vaults: str) -> Select[str]:
    """The question whose answer `keyholders` gives, for whoever asks more of them at once."""
    rightful = (  # written out: it is asked with every send, put into words once
        and_(Grant.vault_id == vault, Staff.role == role) for vault in vaults for role in roles_of(vault)
    )
    held = exists().where(Grant.staff_id == Staff.id, or_(false(), *rightful))
    return select(Staff.id).where(held, *can_sign_in())


def seats(session: AnySession) -> dict[str, frozenset[str]]:
    """The vaults of offices in which there is somebody who can open them now, each with the roles of all who hold its
    key, whether they can sign in or not: what `offices.receiving` asks.
    """
    rows = session.execute(_held().where(Grant.vault_id.in_(BY_VAULT))).all()
    in_use = {vault for vault, role, able in rows if able and vault in role_of(role).vaults}
    return {vault: frozenset(role for held, role, _ in rows if held == vault) for vault in in_use}


def outsiders(session: AnySession, *vaults: str) -> set[str]:
    """Whom to tell, without a word of content, that something waits in vaults which nobody can open."""
    found: set[str] = set()
    for vault in vaults:
        for roles in OUTSIDE[vault]:
            if people := set(session.scalars(select(Staff.id).where(Staff.role.in_(roles), *can_sign_in()))):
                found |= people
                break
    return found


def away(session: AnySession, today: date) -> dict[str, str | None]:
    """Whoever is away on a day, each with the cover that was named; None where there is none who can sign in."""
    cover = and_(Staff.id == Absence.cover_id, *can_sign_in())
    query = select(Absence.staff_id, Staff.id).outerjoin(Staff, cover)
    found = session.execute(query.where(Absence.first_day <= today, Absence.last_day >= today))
    return {staff_id: cover_id for staff_id, cover_id in found}


def stands_in(staff_id: str, away: Mapping[str, str | None]) -> str | None:
    """Who is there for somebody: they themselves, or their cover; of a cover who is away too, that one's. None where
    nobody is.
    """
    asked: set[str] = set()
    there: str | None = staff_id
    while there is not None and there in away:
        asked.add(there)
        cover = away[there]
        there = None if cover in asked else cover
    return there


def covering(session: AnySession, staff_id: str, today: date) -> tuple[str, ...]:
    """Somebody, and then everybody for whom they stand in on a day."""
    absent = away(session, today)
    others = (one for one in sorted(absent) if one != staff_id and stands_in(one, absent) == staff_id)
    return (staff_id, *others)


def unattended(office: Office) -> list[str]:
    """The vaults that the public's submissions may reach and nobody can open: asked with every page of an officer."""
    with reading(office.session):
        rows = office.session.execute(_held()).all()
    attended = {vault for vault, role, able in rows if able and vault in role_of(role).vaults}
    reached = _reachable(office, {vault for vault, _, _ in rows})
    return [vault for vault in reached if vault not in attended]


def _reachable(office: Office, let_into: Iterable[str]) -> list[str]:
    """The vaults to which a submission may be sealed: those of the catalogue, the last resort's, and those of every
    other office into which somebody was let.
    """
    readers = {procedure.reader for procedure in office.catalogue.procedures.values()}
    if WHISTLEBLOWING in readers:
        readers |= {ALTERNATE, *let_into} - {COMPLAINTS}
    return [vault for vault in VAULTS if vault in readers]


def _held() -> Select[str, str, bool]:
    """The question for every grant: of which vault, of whose role, and whether they can sign in."""
    able = and_(*can_sign_in()).label("able")
    return select(Grant.vault_id, Staff.role, able).join(Staff, Staff.id == Grant.staff_id)


def faults(office: Office) -> list[str]:
    """Everything that is wrong with who can open what, a sentence each, with the way on."""
    return [_nobody(vault) for vault in unattended(office)] + _held_by_the_wrong_role(office)


def check(office: Office) -> None:
    """Refuse to serve while a vault has nobody who can open it. Raises `BadSetting`."""
    if missing := unattended(office):
        raise BadSetting("instance", "it cannot be served yet.\n" + "\n".join(map(_nobody, missing)))


def check_may_go(session: AnySession, staff: Staff, *vaults: str) -> None:
    """Raises `Refused` when this account is the last that can open a vault of its role, or one of those named."""
    for vault in vaults or role_of(staff.role).vaults:
        if keyholders(session, vault) != {staff.id}:
            continue
        raise Refused(
            f"{staff.email} is the last who can open the vault {vault!r} ({VAULTS[vault]}). Without somebody else in "
            "it, what is sent there would lie unread. First invite a successor with `intake staff add`, let them "
            f"join, and let them in: on the page Colleagues, or with `intake vault grant {vault} EMAIL` and two "
            "of its printed shares. Then do this again."
        )
    if number := held_alone(session, staff.id):
        raise Refused(
            f"{staff.email} alone can open {number} case{'s' if number > 1 else ''}, which nobody else holds: no vault "
            "and no recovery key opens them. Have them give each to a colleague first, or stand aside from it: on its "
            "page, under Who can open this case. Then do this again."
        )


def held_alone(session: AnySession, staff_id: str) -> int:
    """How many cases somebody holds by name which nobody else holds who works on cases."""
    mine, other = aliased(Envelope), aliased(Envelope)
    workers = [role_id for role_id, role in ROLES.items() if role.may(Right.WORK_CASES)]
    at_work = select(literal("staff:").concat(Staff.id)).where(Staff.role.in_(workers), *can_sign_in())
    others = exists().where(
        other.case_id == mine.case_id,
        other.scope == "case",
        other.keyholder != mine.keyholder,
        or_(other.keyholder.startswith("vault:"), other.keyholder.in_(at_work)),
    )
    asked = select(func.count()).where(mine.keyholder == f"staff:{staff_id}", mine.scope == "case", ~others)
    role = session.scalar(select(Staff.role).where(Staff.id == staff_id))
    return session.scalar(asked) or 0 if role in workers else 0


def can_sign_in() -> tuple[SQLColumnExpression[bool], ...]:
    """That an account is active, has joined and has a key."""
    return (Staff.active, Staff.joined_at.is_not(None), Staff.lock.is_not(None), Staff.public.is_not(None))


def _nobody(vault: str) -> str:
    role, *others = roles_of(vault)
    also = f" (or {' or '.join(others)})" if others else ""
    return (
        f"Nobody can open the vault {vault!r} ({VAULTS[vault]}), and the public's submissions may reach it. Sit "
        f"down with somebody here and run `intake staff add EMAIL --name NAME --role {role} --here`{also}: an "
        "invitation cannot be taken up while the site is not served. Then let them in with "
        f"`intake vault grant {vault} EMAIL` and two of its printed shares."
    )


def _held_by_the_wrong_role(office: Office) -> list[str]:
    query = select(Staff.email, Staff.role, Grant.vault_id).join(Grant, Grant.staff_id == Staff.id)
    with reading(office.session):
        held = office.session.execute(query.order_by(Staff.email, Grant.vault_id)).all()
    return [
        f"{email} holds a grant of the vault {vault!r}, which the role {role!r} may not have: the role was changed "
        f"in the database. It opens nothing; end it with `intake vault remove {vault} {email}`, and find out who "
        "changed it."
        for email, role, vault in held
        if vault not in role_of(role).vaults
    ]

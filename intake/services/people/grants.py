"""Grants: who is let into a vault, by whom, and to which key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select

from intake.database import reading, writing
from intake.models import Grant, Staff
from intake.services.ground import custody, journal, notices, pinning, sealing
from intake.services.ground.office import Office
from intake.services.ground.refusals import KeyDiffers, NotFound, Refused, needs
from intake.services.ground.roles import DEPUTYS, Officer, Right, role_of, roles_of
from intake.vault.envelope import grant_mark, seal_grant
from intake.vault.keys import PUBLIC_BYTES, KeyPair, fingerprint, same_fingerprint

from . import recovering


@dataclass(frozen=True)
class Colleague:
    """An account as colleagues see it; the fingerprint is compared by telephone before a grant."""

    id: str
    name: str
    email: str
    role: str
    role_id: str
    joined: bool
    active: bool
    granted: bool
    fingerprint: str


def everybody(office: Office) -> list[Colleague]:
    """All accounts, for the administrator at the command line."""
    with reading(office.session):
        granted = set(office.session.execute(select(Grant.staff_id)).scalars())
        staff = office.session.scalars(select(Staff).order_by(Staff.email)).all()
        return [_colleague(member, member.id in granted) for member in staff]


def colleagues(office: Office, officer: Officer) -> list[Colleague]:
    """The accounts whose role belongs to the officer's own vault. Raises `NotFound` without a vault."""
    with reading(office.session):
        vault = own_vault(office, officer)
        granted = set(office.session.execute(select(Grant.staff_id).where(Grant.vault_id == vault)).scalars())
        staff = office.session.scalars(
            select(Staff).where(Staff.role.in_(roles_of(vault)), Staff.active).order_by(Staff.name)
        ).all()
        may = [member for member in staff if member.id in granted or may_be_let_in(office, member, vault)]
        return [_colleague(member, member.id in granted) for member in may]


def own(office: Office, officer: Officer) -> Colleague:
    """The officer's own account, with its fingerprint; `granted` is whether a colleague let them in."""
    with reading(office.session):
        held = and_(Grant.staff_id == Staff.id, Grant.vault_id.in_(officer.role.vaults))
        account = select(Staff, Grant.vault_id).outerjoin(Grant, held).where(Staff.id == officer.id)
        staff, vault = office.session.execute(account).all()[0]
        return _colleague(staff, vault is not None)


def grant(office: Office, officer: Officer, staff_id: str, compared: str, *, now: datetime) -> None:
    """A member of a vault lets a colleague in, whose fingerprint was compared: to that key and to no other.

    Raises `Refused`, also for another key than the one compared, `NotFound`, `Damaged` or `KeyDiffers`.
    """
    needs(officer, Right.GRANT)
    with writing(office.session):
        vault = own_vault(office, officer)
        pair = sealing.pairs_of(office.session, officer).get(sealing.vault_holder(vault))
        if pair is None:
            raise NotFound
        pinning.same_as_pinned(office, vault, pair)
        meant = _grant(office, vault, pair.seed, staff_id, compared, by=officer.id, now=now)
    _refuse_another(meant)


def grant_with_papers(
    office: Office, vault: str, typed: Sequence[str], email: str, compared: str, *, now: datetime
) -> None:
    """Whoever holds two of a vault's shares, or its single recovery key, lets somebody in whose fingerprint was
    compared. Raises `Refused`.
    """
    try:
        _grant_with_papers(office, vault, typed, email, compared, now=now)
    except KeyDiffers as error:
        pinning.report(office, error, now=now)
        raise


def _grant_with_papers(
    office: Office, vault: str, typed: Sequence[str], email: str, compared: str | None, *, now: datetime
) -> None:
    with writing(office.session):
        seed = recovering.recovered(office, vault, typed).seed
        staff = office.session.scalar(select(Staff).where(Staff.email == email.strip().lower()))
        if staff is None:
            raise Refused(f"There is no account for {email}.")
        meant = _grant(office, vault, seed, staff.id, compared, by="recovery-key", now=now)
    _refuse_another(meant)


def remove_grant(office: Office, vault: str, email: str, *, now: datetime) -> None:
    """End a grant, from the next request on. Raises `Refused`, also for the last who can open the vault."""
    with writing(office.session):
        staff = office.session.scalar(select(Staff).where(Staff.email == email.strip().lower()))
        held = office.session.get(Grant, (vault, staff.id)) if staff else None
        if staff is None or held is None:
            raise Refused(f"{email} holds no grant of the vault {vault!r}.")
        if vault in role_of(staff.role).vaults:
            custody.check_may_go(office.session, staff, vault)
        office.session.delete(held)
        journal.append(
            office.session,
            at=now,
            actor="administrator",
            act=journal.Act.GRANT_REMOVED,
            vault=vault,
            staff=staff.id,
        )


def give(office: Office, vault: str, pair: KeyPair, staff_id: str, *, now: datetime) -> None:
    """A grant at set-up, while the vault's key is in hand. Raises `Refused`."""
    with writing(office.session):
        pinning.same_as_pinned(office, vault, pair)
        _grant(office, vault, pair.seed, staff_id, None, by="set-up", now=now)


def _grant(
    office: Office, vault: str, seed: bytes, staff_id: str, compared: str | None, *, by: str, now: datetime
) -> bool:
    """Seal the seed to the key that was compared (None: made in this same command); False for another key."""
    session = office.session
    staff = session.get(Staff, staff_id)
    if staff is None or not staff.active or vault not in role_of(staff.role).vaults:
        raise Refused("This account's role does not belong to this vault.")
    if not may_be_let_in(office, staff, vault):
        raise Refused(
            f"The deputy has an office apart now. Let them into that: `intake vault grant {DEPUTYS} {staff.email}`."
        )
    if staff.public is None:
        raise Refused("This account has not taken up its invitation yet, so it has no key to seal to.")
    mark = mark_of(staff)
    told = {"vault": vault, "staff": staff_id, "fingerprint": mark}
    if compared is not None and not same_fingerprint(mark, compared):
        journal.append(session, at=now, actor=by, act=journal.Act.GRANT_REFUSED, **told)
        return False
    if session.get(Grant, (vault, staff_id)):
        return True
    of = {"vault": vault, "staff": staff_id}
    sealed, by_a_holder = seal_grant(seed, staff.public, **of), grant_mark(seed, staff.public, **of)
    session.add(
        Grant(
            vault_id=vault, staff_id=staff_id, sealed=sealed, mark=by_a_holder, granted_by=by, granted_at=now
        )
    )
    journal.append(session, at=now, actor=by, act=journal.Act.GRANTED, **told)
    if by != "set-up":
        others = select(Grant.staff_id).where(Grant.vault_id == vault, Grant.staff_id.not_in((staff_id, by)))
        for other in session.scalars(others).all():
            notices.tell(office, other, "let-in", now=now)
    return True


def _refuse_another(meant: bool) -> None:
    if not meant:
        raise Refused(
            "The key of this account is not the one whose fingerprint was compared, or it was mistyped. Nobody "
            "was let in. Look at the fingerprint again, ring your colleague on a number you know, and have it "
            "read to you once more. If your colleague did not join anew in between, tell the other members."
        )


def _marked(staff: Staff) -> dict[str, str]:
    """What the journal keeps of a key that an officer made."""
    return {"vault": role_of(staff.role).vault or "", "fingerprint": mark_of(staff)}


def mark_of(staff: Staff) -> str:
    """The fingerprint of an account's key, as its owner sees it and every line of the journal has it: over the vault of
    the role, also where they are let into another one.
    """
    vault, public = role_of(staff.role).vault or "", staff.public or b""
    return fingerprint(public, vault=vault, staff=staff.id) if len(public) == PUBLIC_BYTES else "damaged"


def own_vault(office: Office, officer: Officer) -> str:
    """The vault into which an officer was let, inside the caller's transaction; of a deputy their own office's, as soon
    as they are in it. Raises `NotFound` for whoever was let into none.
    """
    mine = select(Grant.vault_id).where(Grant.staff_id == officer.id, Grant.vault_id.in_(officer.role.vaults))
    held = set(office.session.scalars(mine))
    for vault in reversed(officer.role.vaults):
        if vault in held:
            return vault
    raise NotFound


def may_be_let_in(office: Office, staff: Staff, vault: str) -> bool:
    """Whether somebody may be let into a vault of their role: into a shared one only while they have none apart."""
    apart = role_of(staff.role).own_office
    return apart is None or vault == apart or sealing.shares(office)


def _colleague(staff: Staff, granted: bool) -> Colleague:
    return Colleague(
        staff.id,
        staff.name,
        staff.email,
        role_of(staff.role).label,
        staff.role,
        staff.joined_at is not None,
        staff.active,
        granted,
        mark_of(staff) if staff.public else "",
    )

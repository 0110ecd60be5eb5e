"""Accounts: an invitation, an officer who takes it up, and the vaults a colleague grants.

Whoever adds an account gets an invitation code and no key: the officer's key pair is made when the invitation
is taken up, under a password that only the officer knows, and only somebody who can open a vault (a member,
or whoever holds the printed recovery key) can grant it.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from intake.database import reading, writing
from intake.models import Grant, Notice, Staff, Vault
from intake.vault import second_factor
from intake.vault.envelope import seal_grant
from intake.vault.errors import Mistyped, SealBroken
from intake.vault.keys import PUBLIC_BYTES, KeyPair, PasswordLock, fingerprint, same_fingerprint
from intake.vault.recovery import RecoveryKey

from . import custody, journal, notifying, pinning, sealing, signing_in
from .access import ROLES, VAULTS, Officer, role_of, roles_of
from .office import Office
from .refusals import KeyDiffers, NotFound, Refused

PASSWORD_LEAST = 12
PASSWORD_MOST = 200


@dataclass(frozen=True)
class Colleague:
    """An account as colleagues see it; the fingerprint is compared by telephone before a grant."""

    id: str
    name: str
    email: str
    role: str
    joined: bool
    active: bool
    granted: bool
    fingerprint: str


def invite(office: Office, email: str, name: str, role: str, *, again: bool = False, now: datetime) -> str:
    """Add an account. Returns the invitation code, which is stored as a hash.

    To invite somebody who has joined ends their key: sessions and grants go, and a vault has to be granted anew.
    It is done only where `again` asks for it, and never to the last who can open a vault. Raises `Refused`.
    """
    email, name = _checked(email, name, role)
    code = secrets.token_urlsafe(15)
    with writing(office.session):
        staff = office.session.scalar(select(Staff).where(Staff.email == email))
        if staff is None:
            staff = Staff(id=uuid.uuid4().hex, email=email, added_at=now)
            office.session.add(staff)
        elif staff.active and staff.joined_at is not None:
            if not again:
                raise Refused(
                    f"{email} has an account and a key. Inviting again would end that key, and with it every grant. "
                    "If that is what you want (a lost password or telephone), say so with --again."
                )
            custody.check_may_go(office.session, staff)
        staff.name, staff.role, staff.active = name, role, True
        staff.invitation = _hash(code)
        staff.invited_until = now + timedelta(days=office.settings.invitation_days)
        staff.public = staff.lock = staff.sealed_key = staff.sealed_second_factor = staff.joined_at = None
        office.session.flush()
        _forget_keys(office.session, staff.id)
        journal.append(
            office.session, at=now, actor="administrator", act="invited", staff=staff.id, role=role
        )
    return code


def check_invitation(office: Office, email: str, code: str, *, now: datetime) -> str:
    """The name of the invited officer. Raises `Refused` for a wrong, used or expired invitation."""
    with reading(office.session):
        return _invited(office, email, code, now).name


def join(
    office: Office, email: str, code: str, password: str, factor: bytes, one_time_code: str, *, now: datetime
) -> None:
    """Take up an invitation: the officer's key pair is made here. Raises `Refused`."""
    check_password(password)
    step = second_factor.accepted(factor, one_time_code.replace(" ", ""), at=now.timestamp(), after=0)
    if step is None and office.settings.second_factor:
        raise Refused("The code from your telephone is not right. Wait for the next one and try again.")
    with reading(office.session):
        staff_id = _invited(office, email, code, now).id
    lock = _stretched(office, password, staff_id)
    with writing(office.session):
        staff = _invited(office, email, code, now)
        if staff.id != staff_id:
            raise Refused("This invitation was changed just now. Ask for a new one.")
        _make_keys(staff, lock, factor, now)
        staff.last_code = step or 0
        journal.append(office.session, at=now, actor=staff.id, act="joined", **_marked(staff))


def create(
    office: Office, email: str, name: str, role: str, password: str, factor: bytes, *, now: datetime
) -> str:
    """An account with its key in one go, for whoever sits at the machine when an instance is set up.

    Returns the account's id. Raises `Refused`.
    """
    email, name = _checked(email, name, role)
    check_password(password)
    staff = Staff(id=uuid.uuid4().hex, email=email, name=name, role=role, added_at=now)
    lock = _stretched(office, password, staff.id)
    with writing(office.session):
        if office.session.scalar(select(Staff.id).where(Staff.email == email)):
            raise Refused(f"There is already an account for {email}.")
        _make_keys(staff, lock, factor, now)
        office.session.add(staff)
        office.session.flush()
        told = {"staff": staff.id, "role": role, **_marked(staff)}
        journal.append(office.session, at=now, actor="administrator", act="created", **told)
        return staff.id


def change_password(office: Office, officer: Officer, old: str, new: str, *, now: datetime) -> None:
    """Put the officer's key behind another password; every session ends. Raises `Refused` or `SignInRefused`."""
    check_password(new)
    before = signing_in.confirm(office, officer, old, now=now)
    lock = _stretched(office, new, officer.id)
    with writing(office.session):
        staff = office.session.get(Staff, officer.id)
        if staff.lock != before.header or not staff.active:
            raise Refused("Your password was changed elsewhere just now. Nothing was changed here.")
        staff.sealed_key = lock.seal("key", before.open_("key", staff.sealed_key))
        factor = before.open_("second-factor", staff.sealed_second_factor)
        staff.sealed_second_factor = lock.seal("second-factor", factor)
        staff.lock = lock.header
        signing_in.end_sessions_of(office.session, staff.id)
        journal.append(office.session, at=now, actor=staff.id, act="password-changed")


def disable(office: Office, email: str, *, now: datetime) -> None:
    """Switch an account off: from its next request on it opens nothing.

    Raises `Refused`, also for the last who can open a vault.
    """
    with writing(office.session):
        staff = office.session.scalar(select(Staff).where(Staff.email == email.strip().lower()))
        if staff is None:
            raise Refused(f"There is no account for {email}.")
        custody.check_may_go(office.session, staff)
        staff.active = False
        _forget_keys(office.session, staff.id)
        unsent = (Notice.staff_id == staff.id, Notice.state.in_(("queued", "sending")))
        office.session.execute(delete(Notice).where(*unsent))
        journal.append(office.session, at=now, actor="administrator", act="disabled", staff=staff.id)


def everybody(office: Office) -> list[Colleague]:
    """All accounts, for the administrator at the command line."""
    with reading(office.session):
        granted = set(office.session.execute(select(Grant.staff_id)).scalars())
        staff = office.session.scalars(select(Staff).order_by(Staff.email)).all()
        return [_colleague(member, member.id in granted) for member in staff]


def colleagues(office: Office, officer: Officer) -> list[Colleague]:
    """The accounts whose role belongs to the officer's own vault. Raises `NotFound` without a vault."""
    vault = _own_vault(officer)
    with reading(office.session):
        if office.session.get(Grant, (vault, officer.id)) is None:
            raise NotFound
        granted = set(office.session.execute(select(Grant.staff_id).where(Grant.vault_id == vault)).scalars())
        staff = office.session.scalars(
            select(Staff).where(Staff.role.in_(roles_of(vault)), Staff.active).order_by(Staff.name)
        ).all()
        return [_colleague(member, member.id in granted) for member in staff]


def own(office: Office, officer: Officer) -> Colleague:
    """The officer's own account, with its fingerprint; `granted` is whether a colleague let them in."""
    with reading(office.session):
        held = office.session.get(Grant, (officer.role.vault, officer.id)) if officer.role.vault else None
        return _colleague(office.session.get(Staff, officer.id), held is not None)


def grant(office: Office, officer: Officer, staff_id: str, compared: str, *, now: datetime) -> None:
    """A member of a vault lets a colleague in, whose fingerprint was compared: to that key and to no other.

    Raises `Refused`, also for another key than the one compared, `NotFound`, `Damaged` or `KeyDiffers`.
    """
    vault = _own_vault(officer)
    with writing(office.session):
        pair = sealing.pairs_of(office.session, officer).get(sealing.vault_holder(vault))
        if pair is None:
            raise NotFound
        pinning.same_as_pinned(office, vault, pair)
        meant = _grant(office, vault, pair.seed, staff_id, compared, by=officer.id, now=now)
    _refuse_another(meant)


def grant_with_recovery_key(
    office: Office, vault: str, recovery_key: str, email: str, compared: str, *, now: datetime
) -> None:
    """Whoever holds the printed recovery key lets somebody in whose fingerprint was compared. Raises `Refused`."""
    try:
        _grant_with_recovery_key(office, vault, recovery_key, email, compared, now=now)
    except KeyDiffers as error:
        pinning.report(office, error, now=now)
        raise


def _grant_with_recovery_key(office, vault, recovery_key, email, compared, *, now) -> None:
    with writing(office.session):
        seed = _recovered(office, vault, recovery_key).seed
        staff = office.session.scalar(select(Staff).where(Staff.email == email.strip().lower()))
        if staff is None:
            raise Refused(f"There is no account for {email}.")
        meant = _grant(office, vault, seed, staff.id, compared, by="recovery-key", now=now)
    _refuse_another(meant)


def check_with_recovery_key(office: Office, vault: str, recovery_key: str, *, now: datetime) -> str:
    """The fingerprint of a vault whose printed key opens it and whose key is the true one. Raises `Refused`."""
    try:
        with reading(office.session):
            return fingerprint(_recovered(office, vault, recovery_key).public, vault=vault)
    except KeyDiffers as error:
        pinning.report(office, error, now=now)
        raise


def _recovered(office: Office, vault: str, recovery_key: str) -> KeyPair:
    shelf = office.session.get(Vault, vault)
    if shelf is None:
        raise Refused(f"There is no vault {vault!r}. The vaults are: {', '.join(VAULTS)}.")
    try:
        seed = RecoveryKey.parse(recovery_key).open(shelf.sealed_to_recovery, vault=vault)
    except Mistyped as error:
        raise Refused(str(error)) from error
    except SealBroken as error:
        raise Refused("This recovery key is not the key of that vault.") from error
    pair = KeyPair.from_seed(seed)
    pinning.same_as_pinned(office, vault, pair)
    return pair


def remove_grant(office: Office, vault: str, email: str, *, now: datetime) -> None:
    """End a grant, from the next request on. Raises `Refused`, also for the last who can open the vault."""
    with writing(office.session):
        staff = office.session.scalar(select(Staff).where(Staff.email == email.strip().lower()))
        held = office.session.get(Grant, (vault, staff.id)) if staff else None
        if held is None:
            raise Refused(f"{email} holds no grant of the vault {vault!r}.")
        if role_of(staff.role).vault == vault:
            custody.check_may_go(office.session, staff)
        office.session.delete(held)
        journal.append(
            office.session, at=now, actor="administrator", act="grant-removed", vault=vault, staff=staff.id
        )


def give(office: Office, vault: str, pair: KeyPair, staff_id: str, *, now: datetime) -> None:
    """A grant at set-up, while the vault's key is in hand. Raises `Refused`."""
    with writing(office.session):
        pinning.same_as_pinned(office, vault, pair)
        _grant(office, vault, pair.seed, staff_id, None, by="set-up", now=now)


def check_password(password: str) -> None:
    """Raises `Refused` for a password that is too short or too long; nothing else is asked of it."""
    if not PASSWORD_LEAST <= len(password) <= PASSWORD_MOST:
        raise Refused(
            f"Choose a password of {PASSWORD_LEAST} to {PASSWORD_MOST} characters: three or four words do well."
        )


def _grant(
    office: Office, vault: str, seed: bytes, staff_id: str, compared: str | None, *, by: str, now: datetime
) -> bool:
    """Seal the seed to the key that was compared (None: made in this same command); False for another key."""
    session = office.session
    staff = session.get(Staff, staff_id)
    if staff is None or not staff.active or role_of(staff.role).vault != vault:
        raise Refused("This account's role does not belong to this vault.")
    if staff.public is None:
        raise Refused("This account has not taken up its invitation yet, so it has no key to seal to.")
    mark = fingerprint(staff.public, vault=vault, staff=staff_id)
    told = {"vault": vault, "staff": staff_id, "fingerprint": mark}
    if compared is not None and not same_fingerprint(mark, compared):
        journal.append(session, at=now, actor=by, act="grant-refused", **told)
        return False
    if session.get(Grant, (vault, staff_id)):
        return True
    sealed = seal_grant(seed, staff.public, vault=vault, staff=staff_id)
    session.add(Grant(vault_id=vault, staff_id=staff_id, sealed=sealed, granted_by=by, granted_at=now))
    journal.append(session, at=now, actor=by, act="granted", **told)
    if by != "set-up":
        others = select(Grant.staff_id).where(Grant.vault_id == vault, Grant.staff_id.not_in((staff_id, by)))
        for other in session.scalars(others).all():
            notifying.tell(office, other, "let-in", now=now)
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
    vault, whole = role_of(staff.role).vault or "", len(staff.public) == PUBLIC_BYTES
    mark = fingerprint(staff.public, vault=vault, staff=staff.id) if whole else "damaged"
    return {"vault": vault, "fingerprint": mark}


def _own_vault(officer: Officer) -> str:
    if officer.role.vault is None:
        raise NotFound
    return officer.role.vault


def _invited(office: Office, email: str, code: str, now: datetime) -> Staff:
    staff = office.session.scalar(select(Staff).where(Staff.email == email.strip().lower()))
    stored = staff.invitation if staff and staff.active and staff.invitation else bytes(32)
    if not secrets.compare_digest(stored, _hash(code.strip())):
        raise Refused("This e-mail address and invitation code do not belong together, or were used before.")
    if not now <= staff.invited_until <= now + timedelta(days=office.settings.invitation_days):
        raise Refused(
            "This invitation has run out. Ask for a new one."
        )  # or a clock ran ahead when it was made
    return staff


def _stretched(office: Office, password: str, staff_id: str) -> PasswordLock:
    """A new lock; outside every transaction, for it takes long."""
    return office.stretching.run(lambda: PasswordLock.new(password, holder=staff_id), first=staff_id)


def _make_keys(staff: Staff, lock: PasswordLock, factor: bytes, now: datetime) -> None:
    pair = KeyPair.generate()
    staff.public, staff.lock = pair.public, lock.header
    staff.sealed_key = lock.seal("key", pair.seed)
    staff.sealed_second_factor = lock.seal("second-factor", factor)
    staff.joined_at, staff.invitation, staff.invited_until = now, None, None


def _forget_keys(session, staff_id: str) -> None:
    signing_in.end_sessions_of(session, staff_id)
    session.execute(delete(Grant).where(Grant.staff_id == staff_id))


def _checked(email: str, name: str, role: str) -> tuple[str, str]:
    email, name = email.strip().lower(), name.strip()
    if not re.fullmatch(r"[^@\s]{1,64}@[^@\s]{1,189}", email):
        raise Refused(f"{email!r} is not an e-mail address.")
    if not 0 < len(name) <= 120 or not name.isprintable():
        raise Refused("A name of 1 to 120 printable characters is needed.")
    if role not in ROLES:
        raise Refused(f"There is no role {role!r}. The roles are: {', '.join(ROLES)}.")
    return email, name


def _colleague(staff: Staff, granted: bool) -> Colleague:
    return Colleague(
        staff.id,
        staff.name,
        staff.email,
        role_of(staff.role).label,
        staff.joined_at is not None,
        staff.active,
        granted,
        _marked(staff)["fingerprint"] if staff.public else "",
    )


def _hash(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()


def new_second_factor(office: Office, email: str) -> tuple[bytes, str]:
    """A new secret for one-time codes, and the address that an authenticator app reads from a QR code."""
    secret = second_factor.new_secret()
    issuer = f"Intake, {office.settings.authority_name}"
    return secret, second_factor.address(secret, account=email.strip().lower(), issuer=issuer)

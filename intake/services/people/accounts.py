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
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from intake.database import reading, writing
from intake.models import Case, Envelope, Grant, Keyholder, Notice, Staff
from intake.services.ground import custody, journal
from intake.services.ground.office import AnySession, Office
from intake.services.ground.refusals import Refused
from intake.services.ground.roles import ROLES, Officer
from intake.vault import second_factor
from intake.vault.keys import KeyPair, PasswordLock

from . import signing_in
from .grants import _marked

PASSWORD_LEAST = 12
PASSWORD_MOST = 200
_TAKEN = "There is already an account for {}."


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
            office.session, at=now, actor="administrator", act=journal.Act.INVITED, staff=staff.id, role=role
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
        journal.append(office.session, at=now, actor=staff.id, act=journal.Act.JOINED, **_marked(staff))


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
            raise Refused(_TAKEN.format(email))
        _make_keys(staff, lock, factor, now)
        office.session.add(staff)
        office.session.flush()
        told = {"staff": staff.id, "role": role, **_marked(staff)}
        journal.append(office.session, at=now, actor="administrator", act=journal.Act.CREATED, **told)
        return staff.id


def check_new(office: Office, email: str, name: str, role: str) -> None:
    """Before a password is asked for: whether an account can be made so. Raises `Refused`."""
    email, _ = _checked(email, name, role)
    with reading(office.session):
        if office.session.scalar(select(Staff.id).where(Staff.email == email)):
            raise Refused(_TAKEN.format(email))


def change_password(office: Office, officer: Officer, old: str, new: str, *, now: datetime) -> None:
    """Put the officer's key behind another password; every session ends. Raises `Refused` or `SignInRefused`."""
    check_password(new)
    before = signing_in.confirm(office, officer, old, now=now)
    lock = _stretched(office, new, officer.id)
    with writing(office.session):
        staff = office.session.get_one(Staff, officer.id)
        key, factor = staff.sealed_key, staff.sealed_second_factor
        if staff.lock != before.header or not staff.active or key is None or factor is None:
            raise Refused("Your password was changed elsewhere just now. Nothing was changed here.")
        staff.sealed_key = lock.seal("key", before.open_("key", key))
        staff.sealed_second_factor = lock.seal("second-factor", before.open_("second-factor", factor))
        staff.lock = lock.header
        signing_in.end_sessions_of(office.session, staff.id)
        journal.append(office.session, at=now, actor=staff.id, act=journal.Act.PASSWORD_CHANGED)


def disable(
    office: Office, email: str, *, now: datetime, first: Callable[[Staff], None] | None = None
) -> None:
    """Switch an account off: from its next request on it opens nothing. `first`: what is done before, in the same
    transaction (`casework.handing_over`).

    Raises `Refused`, also for the last who can open a vault, and while it holds open cases: a case always has somebody.
    """
    with writing(office.session):
        staff = office.session.scalar(select(Staff).where(Staff.email == email.strip().lower()))
        if staff is None:
            raise Refused(f"There is no account for {email}.")
        custody.check_may_go(office.session, staff)
        if first:
            first(staff)
        _check_holds_nothing(office.session, staff)
        staff.active = False
        _forget_keys(office.session, staff.id)
        unsent = (Notice.staff_id == staff.id, Notice.state.in_(("queued", "sending")))
        office.session.execute(delete(Notice).where(*unsent))
        journal.append(
            office.session, at=now, actor="administrator", act=journal.Act.DISABLED, staff=staff.id
        )


def _check_holds_nothing(session: AnySession, staff: Staff) -> None:
    held = select(func.count()).select_from(Case).where(Case.closed_on.is_(None), Case.handler_id == staff.id)
    number = session.scalar(held) or 0
    if number:
        raise Refused(
            f"{staff.email} holds {number:,} open case{'s' if number > 1 else ''}, and a case always has somebody. "
            "Have them handed over first: by themselves or a manager, under Colleagues. Or name who has them next: "
            f"`intake staff disable {staff.email} --hand-over-to ADDRESS`."
        )


def check_password(password: str) -> None:
    """Raises `Refused` for a password that is too short or too long; nothing else is asked of it."""
    if not PASSWORD_LEAST <= len(password) <= PASSWORD_MOST:
        raise Refused(
            f"Choose a password of {PASSWORD_LEAST} to {PASSWORD_MOST} characters: three or four words do well."
        )


def _invited(office: Office, email: str, code: str, now: datetime) -> Staff:
    staff = office.session.scalar(select(Staff).where(Staff.email == email.strip().lower()))
    stored = staff.invitation if staff and staff.active and staff.invitation else bytes(32)
    if not secrets.compare_digest(stored, _hash(code.strip())) or staff is None:
        raise Refused("This e-mail address and invitation code do not belong together, or were used before.")
    until = staff.invited_until
    if until is None or not now <= until <= now + timedelta(days=office.settings.invitation_days):
        raise Refused(
            "This invitation has run out. Ask for a new one."
        )  # or a clock ran ahead when it was made
    return staff


def _stretched(office: Office, password: str, staff_id: str) -> PasswordLock:
    """A new lock; outside every transaction, for it takes long."""
    lock: PasswordLock = office.stretching.run(
        lambda: PasswordLock.new(password, holder=staff_id), first=staff_id
    )
    return lock


def _make_keys(staff: Staff, lock: PasswordLock, factor: bytes, now: datetime) -> None:
    pair = KeyPair.generate()
    staff.public, staff.lock = pair.public, lock.header
    staff.sealed_key = lock.seal("key", pair.seed)
    staff.sealed_second_factor = lock.seal("second-factor", factor)
    staff.joined_at, staff.invitation, staff.invited_until = now, None, None


def _forget_keys(session: AnySession, staff_id: str) -> None:
    signing_in.end_sessions_of(session, staff_id)
    session.execute(delete(Grant).where(Grant.staff_id == staff_id))
    for table in (Envelope, Keyholder):  # of cases that they held by name: somebody else holds each
        session.execute(delete(table).where(table.keyholder == f"staff:{staff_id}"))


def _checked(email: str, name: str, role: str) -> tuple[str, str]:
    email, name = email.strip().lower(), name.strip()
    if not re.fullmatch(r"[^@\s]{1,64}@[^@\s]{1,189}", email):
        raise Refused(f"{email!r} is not an e-mail address.")
    if not 0 < len(name) <= 120 or not name.isprintable():
        raise Refused("A name of 1 to 120 printable characters is needed.")
    if role not in ROLES:
        raise Refused(f"There is no role {role!r}. The roles are: {', '.join(ROLES)}.")
    return email, name


def _hash(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()


def new_second_factor(office: Office, email: str) -> tuple[bytes, str]:
    """A new secret for one-time codes, and the address that an authenticator app reads from a QR code."""
    secret = second_factor.new_secret()
    issuer = f"Intake, {office.settings.authority_name}"
    return secret, second_factor.address(secret, account=email.strip().lower(), issuer=issuer)

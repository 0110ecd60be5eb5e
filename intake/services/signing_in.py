"""Signing in, staying signed in, and signing out.

The password opens a lock (Argon2id); behind it lie the officer's private key and the second factor's secret.
While signed in, the key lies in the session's row, wrapped under a secret that only the cookie holds.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from intake.database import reading, writing
from intake.models import SignInThrottle, Staff, StaffSession
from intake.vault import second_factor
from intake.vault.errors import SealBroken
from intake.vault.keys import KeyPair, PasswordLock, SessionSecret

from . import journal
from .access import Officer
from .office import Office
from .refusals import SignInRefused, SignInThrottled

FREE_TRIES = 5
LONGEST_WAIT_SECONDS = 60  # the owner is never kept out for longer
FORGOTTEN_AFTER = timedelta(minutes=15)
WRITE_SEEN_EVERY = timedelta(seconds=30)
AT_ONCE = threading.BoundedSemaphore(4)  # each password takes 64 MiB to stretch
WRONG = "The e-mail address, the password or the code is not right."


def sign_in(office: Office, email: str, password: str, code: str, *, known: str = "", now: datetime) -> str:
    """Open a session. Returns the cookie's value, which is kept nowhere here.

    `known` is what `known_browser` gave this browser once: its tries are counted apart, so that strangers who
    guess at a name do not keep its owner out. Raises `SignInThrottled` or `SignInRefused`; both read the same
    for a name that does not exist.
    """
    email = email.strip().lower()
    name = _throttle_name(office, email, known)
    _count_try(office, name, now)
    with reading(office.session):
        found = office.session.scalar(select(Staff).where(Staff.email == email))
        account = _account(found) if found and found.active and found.lock else None
    with _a_turn():
        pair, step = _unlock(office, account, password, code, now)
    with writing(office.session):
        staff = office.session.get(Staff, account["id"], populate_existing=True)
        if not staff.active or staff.lock != account["lock"] or (step and step <= staff.last_code):
            raise SignInRefused(WRONG)
        staff.last_code = step or staff.last_code
        _forget_tries(office, name)
        session_secret = _open_session(office, staff.id, pair, now)
        journal.append(office.session, at=now, actor=staff.id, act="signed-in")
    return session_secret.cookie


def resume(office: Office, cookie: str, *, now: datetime) -> Officer | None:
    """Whose session a cookie opens, or None when there is none, it has run out, or the account is off."""
    try:
        secret = SessionSecret.parse(cookie)
    except SealBroken:
        return None
    with reading(office.session):
        row = office.session.get(StaffSession, secret.lookup)
        staff = office.session.get(Staff, row.staff_id) if row else None
        if row is None or not staff.active or _is_over(office, row, now):
            return None
        try:
            pair = KeyPair.from_seed(secret.open(row.sealed_key, holder=staff.id))
        except SealBroken:
            return None
        officer = Officer(staff.id, staff.name, staff.email, staff.role, pair, row.lookup)
        seen_at = row.seen_at
    if now - seen_at >= WRITE_SEEN_EVERY:
        with writing(office.session):
            row = office.session.get(StaffSession, secret.lookup)
            if row is not None:
                row.seen_at = now
    return officer


def confirm(office: Office, officer: Officer, password: str, *, now: datetime) -> None:
    """That whoever sits there is the officer. Raises `SignInThrottled` or `SignInRefused`."""
    name = _throttle_name(office, f"confirm:{officer.id}")
    _count_try(office, name, now)
    with reading(office.session):
        lock = office.session.get(Staff, officer.id).lock
    with _a_turn():
        try:
            PasswordLock.open(lock, password, holder=officer.id)
        except SealBroken as error:
            raise SignInRefused("The password is not right.") from error
    with writing(office.session):
        _forget_tries(office, name)


def sign_out(office: Office, officer: Officer, *, now: datetime) -> None:
    """End the session: the cookie opens nothing from now on."""
    with writing(office.session):
        office.session.execute(delete(StaffSession).where(StaffSession.lookup == officer.session))
        journal.append(office.session, at=now, actor=officer.id, act="signed-out")


def end_sessions_of(session, staff_id: str) -> None:
    """End every session of an account inside the caller's transaction."""
    session.execute(delete(StaffSession).where(StaffSession.staff_id == staff_id))


def sweep(office: Office, *, now: datetime) -> int:
    """Remove sessions and throttles that have run out. Returns how many sessions went."""
    idle = now - timedelta(minutes=office.settings.session_idle_minutes)
    oldest = now - timedelta(hours=office.settings.session_hours)
    with writing(office.session):
        office.session.execute(
            delete(SignInThrottle).where(SignInThrottle.wait_until < now - FORGOTTEN_AFTER)
        )
        return office.session.execute(
            delete(StaffSession).where((StaffSession.seen_at <= idle) | (StaffSession.began_at <= oldest))
        ).rowcount


def _account(staff: Staff) -> dict:
    names = ("id", "lock", "sealed_key", "sealed_second_factor", "last_code")
    return {name: getattr(staff, name) for name in names}


def _unlock(office, account, password, code, now) -> tuple[KeyPair, int | None]:
    """The key pair behind the password, and the code's time step where a code is asked for."""
    if account is None:
        PasswordLock.new(password, holder="nobody")  # the same work as for a name that exists
        raise SignInRefused(WRONG)
    try:
        lock = PasswordLock.open(account["lock"], password, holder=account["id"])
        pair = KeyPair.from_seed(lock.open_("key", account["sealed_key"]))
        factor = lock.open_("second-factor", account["sealed_second_factor"])
    except SealBroken as error:
        raise SignInRefused(WRONG) from error
    if not office.settings.second_factor:
        return pair, None
    step = second_factor.accepted(
        factor, code.strip().replace(" ", ""), at=now.timestamp(), after=account["last_code"]
    )
    if step is None:
        raise SignInRefused(WRONG)
    return pair, step


def _open_session(office: Office, staff_id: str, pair: KeyPair, now: datetime) -> SessionSecret:
    secret = SessionSecret.generate()
    office.session.add(
        StaffSession(
            lookup=secret.lookup,
            staff_id=staff_id,
            sealed_key=secret.seal(pair.seed, holder=staff_id),
            began_at=now,
            seen_at=now,
        )
    )
    return secret


def _is_over(office: Office, row: StaffSession, now: datetime) -> bool:
    idle = timedelta(minutes=office.settings.session_idle_minutes)
    longest = timedelta(hours=office.settings.session_hours)
    return now - row.seen_at >= idle or now - row.began_at >= longest


def known_browser(office: Office, email: str) -> str:
    """A mark for a browser in which somebody signed in: worthless but for counting its tries apart."""
    nonce = secrets.token_urlsafe(16)
    return f"{nonce}.{_mark(office, email.strip().lower(), nonce).hex()}"


@contextmanager
def _a_turn():
    """Few passwords are stretched at once; whoever waits too long is asked to come again."""
    if not AT_ONCE.acquire(timeout=5):
        raise SignInThrottled("Many people are signing in just now. Wait a moment, then try again.")
    try:
        yield
    finally:
        AT_ONCE.release()


def _count_try(office: Office, name: bytes, now: datetime) -> None:
    """Count the try before the password is looked at, so that many at once do not slip through."""
    with writing(office.session):
        row = office.session.get(SignInThrottle, name)
        if row is None or row.wait_until + FORGOTTEN_AFTER < now:
            office.session.merge(SignInThrottle(name=name, failures=1, wait_until=now))
            return
        if row.wait_until > now:
            seconds = int((row.wait_until - now).total_seconds()) + 1
            raise SignInThrottled(f"Too many tries. Wait {seconds} seconds, then try again.")
        row.failures += 1
        over = row.failures - FREE_TRIES
        row.wait_until = (
            now + timedelta(seconds=min(LONGEST_WAIT_SECONDS, 2 ** min(over, 10))) if over > 0 else now
        )


def _forget_tries(office: Office, name: bytes) -> None:
    office.session.execute(delete(SignInThrottle).where(SignInThrottle.name == name))


def _throttle_name(office: Office, email: str, known: str = "") -> bytes:
    nonce, _, mark = known.partition(".")
    if known and hmac.compare_digest(_mark(office, email, nonce).hex().encode(), mark.encode()):
        email = f"{nonce} {email}"
    return hmac.new(office.key.for_purpose("throttle"), email.encode(), hashlib.sha256).digest()


def _mark(office: Office, email: str, nonce: str) -> bytes:
    said = f"known {nonce} {email}".encode()
    return hmac.new(office.key.for_purpose("throttle"), said, hashlib.sha256).digest()

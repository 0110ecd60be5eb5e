"""Signing in, staying signed in, and signing out.

The password opens a lock (Argon2id); behind it lie the officer's private key and the second factor's secret.
While signed in, the key lies in the session's row, wrapped under a secret that only the cookie holds.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from intake.database import reading, writing
from intake.models import Grant, Staff, StaffSession
from intake.services.ground import journal
from intake.services.ground.office import AnySession, Office
from intake.services.ground.refusals import SignInRefused, SignInThrottled
from intake.services.ground.roles import Officer
from intake.vault import second_factor
from intake.vault.errors import SealBroken
from intake.vault.keys import KeyPair, PasswordLock, SessionSecret

WRITE_SEEN_EVERY = timedelta(seconds=30)
ASTRAY = timedelta(
    minutes=1
)  # how far a clock may be set back before what it had written counts as the future's
KNOWN_DAYS = 90  # how long a browser is known after somebody signed in
WRONG = "The e-mail address, the password or the code is not right."
WRONG_CODE = "The one-time code is not right, or was used before. Wait for the next one."
SLOWLY = (
    "Too many tries in vain for this name of late, so only one a second is looked at. Wait a moment, then try again. "
    "A browser in which you signed in before is not slowed by what others try."
)


def sign_in(office: Office, email: str, password: str, code: str, *, known: str = "", now: datetime) -> str:
    """Open a session. Returns the cookie's value, which is kept nowhere here.

    `known` is what `known_browser` gave this browser once: its tries are counted apart and go first, so that
    strangers who guess at a name do not keep its owner out. Raises `SignInThrottled` or `SignInRefused`; both read
    the same for a name that does not exist.
    """
    email = email.strip().lower()
    own = _owner_of(office, known, now) == email
    name = _throttle_name(office, email, known if own else "")
    if not office.names.take(name):
        raise SignInThrottled(SLOWLY)
    with reading(office.session):
        found = office.session.scalar(select(Staff).where(Staff.email == email))
        account = _account(found) if found and found.active and found.lock else None
    known = known if own else ""
    pair, step = office.stretching.run(
        lambda: _unlock(office, account, password, code, known, now), first=email if own else ""
    )
    if account is None:  # `_unlock` has refused already
        raise SignInRefused(WRONG)
    with writing(office.session):
        staff = office.session.get_one(Staff, account["id"], populate_existing=True)
        last = _last_code(staff.last_code, now)
        if not staff.active or staff.lock != account["lock"] or (step and step <= last):
            raise SignInRefused(WRONG)
        if last != staff.last_code:
            act = journal.Act.CODE_FROM_THE_FUTURE
            journal.append(office.session, at=now, actor=staff.id, act=act, step=staff.last_code, taken=step)
        staff.last_code = step or last
        session_secret = _open_session(office, staff.id, pair, now)
        journal.append(office.session, at=now, actor=staff.id, act=journal.Act.SIGNED_IN)
    office.names.forget(name)
    office.codes.forget(_code_name(office, account["id"], known))
    return session_secret.text


def resume(office: Office, cookie: str, *, now: datetime) -> Officer | None:
    """Whose session a cookie opens, or None when there is none, it has run out, or the account is off."""
    try:
        secret = SessionSecret.parse(cookie)
    except SealBroken:
        return None
    with reading(office.session):
        session_of = (
            select(StaffSession, Staff, Grant.vault_id)
            .join(Staff, Staff.id == StaffSession.staff_id)
            .outerjoin(Grant, Grant.staff_id == Staff.id)
        )
        found = office.session.execute(session_of.where(StaffSession.lookup == secret.lookup)).all()
        if not found:
            return None
        row, staff, _ = found[0]
        granted = frozenset(vault for _, _, vault in found if vault)
        over = _is_over(office, row, now)
        try:
            pair = KeyPair.from_seed(secret.open(row.sealed_key, holder=staff.id))
        except SealBroken:
            return None
        officer = Officer(staff.id, staff.name, staff.email, staff.role, pair, row.lookup, granted)
        active, seen_at = staff.active, row.seen_at
    if over:
        _delete(office, secret.lookup)  # or a clock set right would open it again
    if over or not active:
        return None
    if abs(now - seen_at) >= WRITE_SEEN_EVERY:
        with writing(office.session):
            mine = update(StaffSession).where(StaffSession.lookup == secret.lookup)
            office.session.execute(mine.values(seen_at=now))
    return officer


def confirm(office: Office, officer: Officer, password: str, *, now: datetime) -> PasswordLock:
    """That whoever sits there is the officer. Raises `SignInThrottled` or `SignInRefused`.

    Returns the open lock, for whoever changes what lies behind it.
    """
    name = _throttle_name(office, f"confirm:{officer.id}")
    if not office.names.take(name):
        raise SignInThrottled("Too many tries in vain. Wait a moment, then try again.")
    with reading(office.session):
        lock = office.session.get_one(Staff, officer.id).lock or b""  # who is signed in has one
    try:
        opened: PasswordLock = office.stretching.run(
            lambda: PasswordLock.open(lock, password, holder=officer.id), first=officer.email
        )
    except SealBroken as error:
        raise SignInRefused("The password is not right.") from error
    office.names.forget(name)
    return opened


def confirm_by_code(
    office: Office, officer: Officer, password: str, code: str, *, now: datetime
) -> Callable[[AnySession], None]:
    """As `confirm`, with a one-time code too. Returns what uses the code up, inside the transaction that writes: it
    raises `SignInRefused` where another request has used it meanwhile.
    """
    lock = confirm(office, officer, password, now=now)
    if not office.codes.take(_code_name(office, officer.id, "")):
        raise SignInThrottled("Too many codes in vain. Wait a moment, then try again.")
    with reading(office.session):
        account = _account(office.session.get_one(Staff, officer.id))
    try:
        factor = lock.open_("second-factor", account["sealed_second_factor"])
    except SealBroken as error:
        raise SignInRefused(WRONG_CODE) from error
    after = _last_code(account["last_code"], now)
    step = second_factor.accepted(factor, code.strip().replace(" ", ""), at=now.timestamp(), after=after)
    if step is None:
        raise SignInRefused(WRONG_CODE)
    office.codes.forget(_code_name(office, officer.id, ""))

    def use_up(session: AnySession) -> None:
        staff = session.get_one(Staff, officer.id, populate_existing=True)
        if step <= _last_code(staff.last_code, now):
            raise SignInRefused(WRONG_CODE)
        staff.last_code = step

    return use_up


def sign_out(office: Office, officer: Officer, *, now: datetime) -> None:
    """End the session: the cookie opens nothing from now on."""
    with writing(office.session):
        office.session.execute(delete(StaffSession).where(StaffSession.lookup == officer.session))
        journal.append(office.session, at=now, actor=officer.id, act=journal.Act.SIGNED_OUT)


def end_sessions_of(session: AnySession, staff_id: str) -> None:
    """End every session of an account inside the caller's transaction."""
    session.execute(delete(StaffSession).where(StaffSession.staff_id == staff_id))


def sweep(office: Office, *, now: datetime) -> int:
    """Remove sessions that have run out, and those of the future. Returns how many went."""
    idle = now - timedelta(minutes=office.settings.session_idle_minutes)
    oldest = now - timedelta(hours=office.settings.session_hours)
    with writing(office.session):
        gone = office.session.connection().execute(
            delete(StaffSession).where(
                (StaffSession.seen_at <= idle)
                | (StaffSession.began_at <= oldest)
                | (StaffSession.seen_at > now + ASTRAY)
                | (StaffSession.began_at > now + ASTRAY)
            )
        )
        return gone.rowcount


def _delete(office: Office, lookup: bytes) -> None:
    with writing(office.session):
        office.session.execute(delete(StaffSession).where(StaffSession.lookup == lookup))


def _account(staff: Staff) -> dict[str, Any]:
    names = ("id", "lock", "sealed_key", "sealed_second_factor", "last_code")
    return {name: getattr(staff, name) for name in names}


def _unlock(
    office: Office, account: dict[str, Any] | None, password: str, code: str, known: str, now: datetime
) -> tuple[KeyPair, int | None]:
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
    if not office.codes.take(_code_name(office, account["id"], known)):
        raise SignInRefused(WRONG)  # not "wait": that would tell that the password is right
    step = second_factor.accepted(
        factor,
        code.strip().replace(" ", ""),
        at=now.timestamp(),
        after=_last_code(account["last_code"], now),
    )
    if step is None:
        raise SignInRefused(WRONG)
    return pair, step


def _last_code(step: int, now: datetime) -> int:
    """The last step that was used, or 0 where it lies in the future: a clock had run ahead, and no code that the
    telephone shows would be taken until it has caught up."""
    newest = int((now + ASTRAY).timestamp()) // second_factor.STEP_SECONDS + 1
    return step if step <= newest else 0


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
    ahead = max(row.seen_at, row.began_at) > now + ASTRAY
    return ahead or now - row.seen_at >= idle or now - row.began_at >= longest


def known_browser(office: Office, email: str, *, now: datetime) -> str:
    """A mark for a browser in which somebody signed in: it opens nothing; it counts its tries apart, lets one of them
    go first, and lets it bring what was typed when a session ran out. For some weeks, while the account is active."""
    nonce, day = secrets.token_urlsafe(16), str(_day(now))
    marks = (_mark(office, who, f"{nonce}.{day}").hex() for who in (email.strip().lower(), ""))
    return ".".join((nonce, day, *marks))


def is_known_browser(office: Office, known: str, *, now: datetime) -> str:
    """Who signed in in this browser, in a word that only tells one account from another; empty: nobody of late whose
    account is still active."""
    return _owner_of(office, known, now)


def _owner_of(office: Office, known: str, now: datetime) -> str:
    """The address of the account to which a mark belongs. The database is asked for a mark of ours alone: the mark
    itself names nobody."""
    nonce, _, rest = known.partition(".")
    day, _, marks = rest.partition(".")
    own, _, ours = marks.partition(".")
    said = f"{nonce}.{day}"
    if not hmac.compare_digest(_mark(office, "", said).hex().encode(), ours.encode()):
        return ""
    if not -1 <= _day(now) - int(day) <= KNOWN_DAYS:
        return ""
    with reading(office.session):
        active = office.session.scalars(select(Staff.email).where(Staff.active)).all()
    return next(
        (who for who in active if hmac.compare_digest(_mark(office, who, said).hex().encode(), own.encode())),
        "",
    )


def _day(now: datetime) -> int:
    return int(now.timestamp()) // 86_400


def _throttle_name(office: Office, email: str, known: str = "") -> bytes:
    if known:
        email = f"{known.partition('.')[0]} {email}"
    return hmac.new(office.key.for_purpose("throttle"), email.encode(), hashlib.sha256).digest()


def _code_name(office: Office, staff_id: str, known: str) -> bytes:
    return _throttle_name(office, f"code:{staff_id}", known)


def _mark(office: Office, email: str, nonce: str) -> bytes:
    said = f"known {nonce} {email}".encode()
    return hmac.new(office.key.for_purpose("throttle"), said, hashlib.sha256).digest()

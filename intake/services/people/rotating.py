"""A vault gets another key: those who stay in it are given it, and nobody else (SPEC.md, "Rotation").

What comes is sealed to the new key from that moment on. What lies there opens with both until it was sealed anew
(`rewrapping`), because the old key lies beside the new one, sealed to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from intake.database import NotStored, leave_no_log, reading, writing
from intake.models import Grant, JournalLine, Staff, Vault, VaultKey
from intake.services.ground import custody, enrolment, journal, notices, pinning, sealing
from intake.services.ground.office import AnySession, Office
from intake.services.ground.refusals import KeyDiffers, Refused, SignInRefused, needs
from intake.services.ground.roles import VAULTS, Right
from intake.vault.envelope import grant_mark, seal_former_seed, seal_grant
from intake.vault.keys import KeyPair, fingerprint, same_fingerprint

from . import grants, recovering, signing_in

RECOVERY = "recovery-key"  # who did it, in the journal and on a grant, where it was whoever keeps its papers


@dataclass(frozen=True)
class Ring:
    """The keys of a vault in the hands of somebody who may change them. `by`: whose account, or the papers."""

    vault: str
    by: str
    pairs: dict[str, KeyPair] = field(repr=False)

    @property
    def holder(self) -> str:
        """The name under which the vault holds envelopes."""
        return sealing.vault_holder(self.vault)

    @property
    def pair(self) -> KeyPair:
        """The present key."""
        return self.pairs[self.holder]

    @property
    def mark(self) -> str:
        """Its fingerprint."""
        return fingerprint(self.pair.public, vault=self.vault)


@dataclass(frozen=True)
class Stays:
    """Somebody who will be given the new key. `known`: somebody who held the old one has compared theirs before."""

    id: str
    name: str
    email: str
    fingerprint: str
    known: bool


@dataclass(frozen=True)
class NewKey:
    """A key that no vault has yet, and its three shares, which are printed and stored nowhere."""

    pair: KeyPair = field(repr=False)
    sealed_to_recovery: bytes = field(repr=False)
    printed: tuple[str, ...] = field(repr=False)
    fingerprint: str


def with_password(office: Office, vault: str, email: str, password: str, code: str, *, now: datetime) -> Ring:
    """The keys of a vault in the hands of a member, who shows it with password and one-time code. Raises `Refused`,
    `KeyDiffers`, `Damaged`.
    """
    try:
        officer = signing_in.resume(
            office, signing_in.sign_in(office, email, password, code, now=now), now=now
        )
    except SignInRefused as error:
        raise Refused(str(error)) from error
    if officer is None:
        raise Refused(signing_in.WRONG)
    signing_in.sign_out(office, officer, now=now)
    needs(officer, Right.GRANT)
    with reading(office.session):
        pairs = sealing.pairs_of(office.session, officer)
    if sealing.vault_holder(vault) not in pairs:
        raise Refused(f"{email} cannot open the vault {vault!r}, so they cannot change its key.")
    return _true(office, Ring(vault, officer.id, pairs), now)


def with_papers(office: Office, vault: str, typed: Sequence[str], *, now: datetime) -> Ring:
    """The same in the hands of those who keep its papers: two of its shares. Raises `Refused`, `KeyDiffers`."""
    recovering.check(office, vault, typed, now=now)
    with reading(office.session):
        pair = recovering.recovered(office, vault, typed)
        pairs = {sealing.vault_holder(vault): pair, **_formers(office.session, vault, pair)}
    return _true(office, Ring(vault, RECOVERY, pairs), now)


def _true(office: Office, ring: Ring, now: datetime) -> Ring:
    """The same ring, whose present key is the row's, the pinned one and the journal's. Raises `KeyDiffers`."""
    pinning.settle(office)
    try:
        with reading(office.session):
            pinning.same_as_pinned(office, ring.vault, ring.pair)
            told = pinning.made(office.session).get(ring.vault)
    except KeyDiffers as error:
        pinning.report(office, error, now=now)
        raise
    if told != ring.mark:
        raise Refused(f"The key of the vault {ring.vault!r} is not the one in the journal. {pinning.STOP}")
    return ring


def _formers(session: AnySession, vault: str, pair: KeyPair) -> dict[str, KeyPair]:
    asked = select(VaultKey).where(VaultKey.vault_id == vault, VaultKey.sealed.is_not(None))
    return sealing.former_pairs(pair, session.scalars(asked))


def who_stays(office: Office, ring: Ring, *, now: datetime) -> list[Stays]:
    """Who will be given the new key: whoever can open the vault now, each with the key that they were let in with.

    Raises `KeyDiffers` where an account has another key than that: nothing is sealed to it.
    """
    try:
        with reading(office.session):
            return _who_stays(office, ring, _let_in(office.session, ring.vault))
    except KeyDiffers as error:
        pinning.report(office, error, now=now)
        raise


def _who_stays(office: Office, ring: Ring, let_in: Mapping[str, str]) -> list[Stays]:
    """`let_in`: by account the fingerprint with which they were."""
    session = office.session
    members = sorted(custody.keyholders(session, ring.vault))
    asked = (
        select(Staff, Grant)
        .join(Grant, Grant.staff_id == Staff.id)
        .where(Staff.id.in_(members), Grant.vault_id == ring.vault)
        .order_by(Staff.name, Staff.id)
    )
    found = session.execute(asked).all()
    if faults := enrolment.faults(session, {staff.id for staff, _ in found}):
        raise Refused(f"{faults[0]} Nothing was changed.")
    return [_one_who_stays(staff, grant, ring, let_in.get(staff.id, "")) for staff, grant in found]


def _one_who_stays(staff: Staff, grant: Grant, ring: Ring, let_in: str) -> Stays:
    public = staff.public or b""
    mark = grants.mark_of(staff)
    by_a_holder = grant_mark(ring.pair.seed, public, vault=ring.vault, staff=staff.id)
    if let_in != mark or grant.mark not in (None, by_a_holder):
        raise KeyDiffers(
            f"The key of {staff.email} is not the one with which they were let in. Nothing was changed. Where it may "
            "have been an earlier version that let them in, take them out and let them in again. "
            + pinning.STOP,
            key=f"staff {staff.id}",
            found=mark,
            vault=ring.vault,
        )
    return Stays(staff.id, staff.name, staff.email, mark, grant.mark is not None)


def _let_in(session: AnySession, vault: str) -> dict[str, str]:
    """By account the fingerprint of the key that was last let into a vault, as the journal says."""
    granted = select(JournalLine).where(JournalLine.act == journal.Act.GRANTED).order_by(JournalLine.number)
    told = [journal.detail_of(line) for line in session.scalars(granted)]
    return {one["staff"]: one.get("fingerprint", "") for one in told if one.get("vault") == vault}


def draw(office: Office, vault: str) -> NewKey:
    """Another key for a vault, and its shares, to be put on paper before the vault gets it."""
    pair = KeyPair.generate()
    with reading(office.session):
        made = recovering.shares_for(office.session, vault, pair.seed)
    return NewKey(pair, made.sealed, recovering.texts_of(made), fingerprint(pair.public, vault=vault))


def check_typed_back(new: NewKey, typed: str) -> None:
    """Raises `Refused` for what is none of the shares that were printed just now: then nobody has them on paper."""
    recovering.check_typed_back(new.printed, typed)


def begin(
    office: Office,
    ring: Ring,
    new: NewKey,
    shown: list[Stays],
    compared: Mapping[str, str],
    *,
    now: datetime,
) -> Ring:
    """Give the vault its new key. `shown`: those who stay, as somebody has looked at them; `compared`: of those who
    are not known, the fingerprint as each of them has read it out.

    One transaction; killed at any moment, the vault has either key whole. Returns the ring with the new key. Raises
    `Refused`, `KeyDiffers`, `NotStored`; then nothing is changed.
    """
    session, vault = office.session, ring.vault
    with writing(session):
        pinning.same_as_pinned(office, vault, ring.pair)
        if _who_stays(office, ring, {one.id: one.fingerprint for one in shown}) != shown:
            raise Refused(
                f"Who can open the vault {vault!r} was changed just now. Nothing was done: begin again."
            )
        _check_compared(shown, compared)
        row = session.get_one(Vault, vault)
        row.public, row.sealed_to_recovery = new.pair.public, new.sealed_to_recovery
        old = _keep_the_old(session, ring, new)
        _give(session, ring, new, shown, now)
        _tell(office, ring, new, shown, now)
        pinning.announce(office, vault, new.pair.public)
    pinning.settle(office)
    with suppress(NotStored):  # somebody reads for long: the night does it
        leave_no_log(session.get_bind().engine)
    return Ring(vault, ring.by, {ring.holder: new.pair, **old})


def _check_compared(shown: list[Stays], compared: Mapping[str, str]) -> None:
    for one in shown:
        if not one.known and not same_fingerprint(one.fingerprint, compared.get(one.id, "")):
            raise Refused(
                f"The fingerprint of {one.email} is not the one that was compared, or it was mistyped. Nothing was "
                "done. Ring them on a number you know, and have it read to you once more."
            )


def _keep_the_old(session: AnySession, ring: Ring, new: NewKey) -> dict[str, KeyPair]:
    """Seal every key that the vault had to its new one, as long as something lies under them. Returns them as a ring
    holds them.
    """
    vault = ring.vault
    old = {sealing.former_holder(ring.mark): ring.pair}
    old |= {
        holder: pair for holder, pair in ring.pairs.items() if holder.startswith(sealing.former_holder(""))
    }
    for pair in old.values():
        mark = fingerprint(pair.public, vault=vault)
        sealed = seal_former_seed(pair.seed, new.pair.public, vault=vault, former=mark)
        session.merge(VaultKey(fingerprint=mark, vault_id=vault, sealed=sealed))
    session.merge(VaultKey(fingerprint=new.fingerprint, vault_id=vault, sealed=None))
    session.flush()
    return old


def _give(session: AnySession, ring: Ring, new: NewKey, shown: list[Stays], now: datetime) -> None:
    """Grants of the new key in the place of those that there were, and no others."""
    seed, stay = new.pair.seed, {one.id for one in shown}
    for grant in session.scalars(select(Grant).where(Grant.vault_id == ring.vault)).all():
        if grant.staff_id not in stay:
            session.delete(grant)
            continue
        public = session.get_one(Staff, grant.staff_id).public or b""
        of = {"vault": ring.vault, "staff": grant.staff_id}
        grant.sealed, grant.mark = seal_grant(seed, public, **of), grant_mark(seed, public, **of)
        grant.granted_by, grant.granted_at = ring.by, now


def _tell(office: Office, ring: Ring, new: NewKey, shown: list[Stays], now: datetime) -> None:
    session, vault = office.session, ring.vault
    journal.append(
        session,
        at=now,
        actor="administrator",
        act=journal.Act.VAULT_ROTATED,
        vault=vault,
        fingerprint=new.fingerprint,
        before=ring.mark,
        by=ring.by,
    )
    for one in shown:
        told = {"vault": vault, "staff": one.id, "fingerprint": one.fingerprint}
        journal.append(session, at=now, actor=ring.by, act=journal.Act.GRANTED, **told)
        notices.tell(office, one.id, "key-changed", now=now)


def in_words(vault: str) -> str:
    """Whose vault it is."""
    return VAULTS[vault]

"""Setting an instance up: its vaults, the shares that recover them, its nature as a demonstration or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Select, delete, exists, or_, select

from intake import database, migrating
from intake.config import BadSetting
from intake.database import reading, writing
from intake.models import Case, Envelope, Grant, Instance, Staff, Vault, VaultKey
from intake.procedures.offices import BY_ROLE
from intake.services.cases import places
from intake.services.figures import coverage
from intake.services.ground import journal, pinning, sealing
from intake.services.ground.office import AnySession, Office
from intake.services.ground.refusals import Refused
from intake.services.ground.roles import FIRST, VAULTS
from intake.services.people import recovering
from intake.vault.keys import KeyPair, fingerprint
from intake.vault.shares import ShareSet, new_set

from . import kept_versions, which_database

COUNTY = Path(__file__).with_name("county.csv")


@dataclass(frozen=True)
class Founded:
    """What exists once only: the vaults' key pairs, for the first grants, and the shares to print."""

    pairs: dict[str, KeyPair] = field(repr=False)
    shares: dict[str, tuple[str, ...]] = field(repr=False)
    fingerprints: dict[str, str]


def found(office: Office, *, now: datetime) -> Founded:
    """Make the vaults of an empty instance. Raises `Refused` when it has been done before.

    An instance that nobody has used yet is set up anew: it may have been killed before its keys were printed.
    """
    pairs = {vault: KeyPair.generate() for vault in FIRST}
    recovery = _shares_of(pairs)
    marks = {vault: fingerprint(pair.public, vault=vault) for vault, pair in pairs.items()}
    with writing(office.session):
        if not _is_unused(office.session):
            raise Refused("This instance has been set up already.")
        again = office.session.get(Instance, 1) is not None
        if not again:
            office.session.add(
                Instance(id=1, demonstration=office.settings.demonstration, set_up_on=office.today(now))
            )
        for vault in FIRST:
            _shelve(office.session, vault, pairs[vault], recovery[vault])
        journal.append(
            office.session,
            at=now,
            actor="administrator",
            act=journal.Act.SET_UP_AGAIN if again else journal.Act.SET_UP,
        )
        for vault, mark in marks.items():
            _note_made(office.session, vault, mark, now)
    pinning.pin(office)
    begin_with_services(office, now=now)
    coverage.start_recording(office, office.today(now), now=now)
    texts = {vault: tuple(share.text for share in made.shares) for vault, made in recovery.items()}
    return Founded(pairs, texts, marks)


def _shares_of(pairs: Mapping[str, KeyPair]) -> dict[str, ShareSet]:
    """New shares for each vault, no two sets of one mark."""
    made: dict[str, ShareSet] = {}
    for vault, pair in pairs.items():
        made[vault] = new_set(pair.seed, vault=vault, apart_from={other.mark for other in made.values()})
    return made


def set_up_office(office: Office, role: str, *, now: datetime) -> Founded:
    """Make the vault of an office that is to receive concerns. Raises `Refused` where it has one.

    One into which nobody was let yet is made anew: the command may have been killed before its key was printed.
    """
    if role not in BY_ROLE:
        raise Refused(f"There is no office {role!r}. The offices are: {', '.join(BY_ROLE)}.")
    vault = BY_ROLE[role].vault
    pair = KeyPair.generate()
    mark = fingerprint(pair.public, vault=vault)
    with writing(office.session):
        if vault in FIRST or office.session.scalar(_used(vault)):
            raise Refused(
                f"The office {role!r} is set up. Somebody comes into it with `intake staff add --role {role}`, and "
                f"then with `intake vault grant {vault} EMAIL` or on the page Colleagues."
            )
        made = recovering.shares_for(office.session, vault, pair.seed)
        _shelve(office.session, vault, pair, made)
        _note_made(office.session, vault, mark, now)
    pinning.add(office, {vault: pair.public})
    return Founded({vault: pair}, {vault: recovering.texts_of(made)}, {vault: mark})


def in_use(office: Office) -> dict[str, frozenset[str]]:
    """The vaults of offices that are in use, each with the roles of whoever holds its key."""
    with reading(office.session):
        return sealing.in_use(office)


def _used(vault: str) -> Select[bool]:
    holder = sealing.vault_holder(vault)
    return select(or_(exists().where(Grant.vault_id == vault), exists().where(Envelope.keyholder == holder)))


def _shelve(session: AnySession, vault: str, pair: KeyPair, made: ShareSet) -> None:
    name, mark = VAULTS[vault], fingerprint(pair.public, vault=vault)
    session.merge(Vault(id=vault, name=name, public=pair.public, sealed_to_recovery=made.sealed))
    session.execute(delete(VaultKey).where(VaultKey.vault_id == vault))
    session.add(VaultKey(fingerprint=mark, vault_id=vault))


def _note_made(session: AnySession, vault: str, mark: str, now: datetime) -> None:
    journal.append(
        session, at=now, actor="administrator", act=journal.Act.VAULT_MADE, vault=vault, fingerprint=mark
    )


def begin_with_services(office: Office, *, now: datetime) -> None:
    """The services with which an instance begins: those of the settings, else a county's. Nothing where it has any."""
    if places.tree(office).places:
        return
    if office.settings.services:
        places.take_over(office, office.settings.services, now=now)
    else:
        places.take_in(office, COUNTY.read_bytes(), now=now)


def is_unused(office: Office) -> bool:
    """Whether nothing was ever sealed here and nobody can open anything, so that its keys may be made anew."""
    with reading(office.session):
        return _is_unused(office.session)


def _is_unused(session: AnySession) -> bool:
    used = (
        select(Case.id),
        select(Grant.staff_id),
        select(Staff.id).where(or_(Staff.joined_at.is_not(None), Staff.public.is_not(None))),
    )
    return all(session.scalar(query.limit(1)) is None for query in used)


def nature(office: Office) -> bool | None:
    """Whether the instance is a demonstration; None when it has not been set up."""
    with reading(office.session):
        instance = office.session.get(Instance, 1)
        return instance.demonstration if instance else None


def check_database(office: Office) -> None:
    """Refuse a database that cannot be used, or that does not keep what it acknowledges; a demonstration may have one.

    Raises `BadSetting` or `NotStored`.
    """
    for sentence in database.check(office.session.get_bind().engine):
        if not office.settings.demonstration:
            raise BadSetting("database_url", sentence)


def check(office: Office) -> None:
    """Refuse to start on a database that is missing, moved elsewhere, of another shape or nature, or whose cases keep
    rules that no file has any more. Raises `BadSetting`.
    """
    which_database.check(office.settings)
    engine = office.session.get_bind().engine
    check_database(office)
    if not migrating.is_current(engine):
        raise BadSetting(
            "instance", "the database has another shape than this program: run `intake upgrade`."
        )
    if migrating.is_unfinished(engine):
        raise BadSetting(
            "instance",
            "an upgrade was begun and not finished, so its figures cannot be trusted yet: run `intake upgrade` again.",
        )
    migrating.expect(engine)
    demonstration = nature(office)
    if demonstration is None:
        raise BadSetting("instance", f"{office.settings.instance} has not been set up: run `intake init`.")
    if demonstration != office.settings.demonstration:
        kept = (
            "a demonstration, and stays one" if demonstration else "real, and never becomes a demonstration"
        )
        raise BadSetting("demonstration", f"this instance was set up as {kept}.")
    kept_versions.check(office)
    pinning.read(office.settings)

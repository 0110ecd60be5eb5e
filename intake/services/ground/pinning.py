"""Keys held against what does not lie in the database.

Whoever can write to the database can put another public key into a vault's row, and reads what is sealed to it
from then on. So the public keys are *pinned*: written into a file beside the server's key when the vaults are
made. What is sealed is sealed to the pinned key, whatever the row says. The row is held against the pin with
every officer's request and by every tick, and against each seed that is unwrapped; a difference stops the
officers' work, is journalled once and told to every member. See SPEC.md, "When a key is changed".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from intake.config import BadSetting, Settings
from intake.database import NotStored, reading, writing
from intake.models import Grant, JournalLine, Staff, Vault
from intake.models import VaultKey as FormerKey
from intake.vault.backup import BACKUP
from intake.vault.keys import PUBLIC_BYTES, KeyPair, fingerprint

from . import enrolment, journal, notices
from .office import NEXT, AnySession, Office, pin_file, whole_pins, write_pins
from .refusals import KeyDiffers, Refused, said
from .roles import FIRST, VAULTS, Officer, roles_of

MADE = (journal.Act.VAULT_MADE, journal.Act.VAULT_RECORDED, journal.Act.VAULT_ROTATED)
NAMES = VAULTS | {BACKUP: "backups of this instance"}  # what may be pinned
AT_AN_UPGRADE = {*FIRST, BACKUP}  # no other office's vault was ever there without its pin
WATCH = "watch"  # who writes the journal's lines about keys that differ
file = pin_file
STOP = (
    "Do not work on and let nobody in. Ring the other members on numbers you know, keep the database as it is "
    "for whoever looks into it, and compare the vault's fingerprint with the one printed on its recovery shares."
)
ELSEWHERE = (
    "If it was changed with `intake vault rotate` on another machine and that is the fingerprint printed there, copy "
    "keys/vaults.json from there to this machine: until then what arrives here is sealed to the old key. If nobody "
    "changed it, " + STOP[0].lower() + STOP[1:]
)


@dataclass(frozen=True)
class VaultKey:
    """A vault as its members and the administrator see it; `agrees` is whether the row is the pinned key."""

    id: str
    name: str
    fingerprint: str
    agrees: bool


def read(settings: Settings) -> dict[str, bytes]:
    """The pinned public key of each vault, and of backups where they have one. Raises `BadSetting` where the file is
    missing or damaged.
    """
    try:
        pinned = _held(settings)
        whole = all(len(public) == PUBLIC_BYTES for public in pinned.values()) and set(FIRST) <= set(pinned)
    except FileNotFoundError as error:
        raise BadSetting(
            "instance", f"{file(settings)} is missing, which holds the vaults' keys: run `intake upgrade`."
        ) from error
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise BadSetting("instance", f"{file(settings)} cannot be used. {said(error)}.") from error
    if not whole:
        raise BadSetting("instance", f"{file(settings)} does not hold a key for every vault.")
    return pinned


def publics(office: Office) -> dict[str, bytes]:
    """The key to seal to, by vault: the pinned one. Raises `NotStored`: nothing is sealed to a key unknown."""
    try:
        return read(office.settings)
    except BadSetting as error:
        raise NotStored from error


def whatever(settings: Settings) -> dict[str, bytes]:
    """The keys that are pinned. An instance that was not upgraded yet may have no file, or not all of them."""
    try:
        return _held(settings)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise BadSetting("instance", f"{file(settings)} cannot be used. {said(error)}.") from error


def pin(office: Office) -> None:
    """Write the vaults' keys as they stand into the file, on disk before this returns."""
    with reading(office.session):
        rows = office.session.execute(select(Vault.id, Vault.public).where(Vault.id.in_(FIRST))).all()
    add(office, dict(rows))


def add(office: Office, publics: dict[str, bytes]) -> None:
    """Pin these keys, whatever the rows say, beside those that are pinned; on disk before this returns."""
    try:
        held = whole_pins(office.settings) | publics
    except FileNotFoundError:
        held = publics
    write_pins(office.settings, held)


def announce(office: Office, vault: str, public: bytes) -> None:
    """Pin what a vault's row is about to hold, inside of the transaction that puts it there and before it commits: so
    whichever of the two keys the row then has, it agrees. What comes is sealed to the old one until `settle`.
    """
    write_pins(office.settings, whole_pins(office.settings) | {vault + NEXT: public})


def settle(office: Office) -> None:
    """A key that was announced and stands in its vault's row is the one to seal to; one that came to nothing is
    forgotten. Whoever is killed before has it done by the next tick or start, or when the command is run again.
    """
    if not _following(office.settings):
        return
    with writing(office.session):  # nobody announces another one meanwhile
        rows = dict(office.session.execute(select(Vault.id, Vault.public)).all())
        following = _following(office.settings)
        taken = {vault: public for vault, public in following.items() if rows.get(vault) == public}
        write_pins(office.settings, _held(office.settings) | taken)


def _held(settings: Settings) -> dict[str, bytes]:
    """The keys to seal to. The file is asked with every send and read when it is another one than before."""
    return {vault: public for vault, public in whole_pins(settings).items() if not vault.endswith(NEXT)}


def _following(settings: Settings) -> dict[str, bytes]:
    """The keys that were announced, by vault."""
    return {
        vault.removesuffix(NEXT): public
        for vault, public in whole_pins(settings).items()
        if vault.endswith(NEXT)
    }


def pin_at_upgrade(office: Office, *, now: datetime) -> bool:
    """Pin what an earlier version set up without a pin, and give each key its line in the journal.

    It believes the row where the journal has no line yet, and never where the line says otherwise. Returns
    whether anything was pinned. Raises `Refused`.
    """
    try:
        missing = AT_AN_UPGRADE - set(_held(office.settings))
    except FileNotFoundError:
        missing = AT_AN_UPGRADE
    except (OSError, ValueError, AttributeError, TypeError):
        return False  # damaged: `read` says so, and nothing here may hide it
    if not missing:
        return False
    with writing(office.session):
        rows = office.session.scalars(select(Vault).where(Vault.id.in_(missing)).order_by(Vault.id)).all()
        lines = made(office.session)
        believed = {row.id: row.public for row in rows}
        for row in rows:
            mark = fingerprint(row.public, vault=row.id)
            if lines.get(row.id, mark) != mark:
                raise Refused(
                    f"The key of the vault {row.id!r} is not the one that stands in the journal: it is {mark} "
                    f"and was {lines[row.id]}. Nothing was pinned. Compare both with the print beside the "
                    "recovery key; if the key was changed, put back a backup from before."
                )
            if row.id not in lines:
                journal.append(
                    office.session,
                    at=now,
                    actor="administrator",
                    act=journal.Act.VAULT_RECORDED,
                    vault=row.id,
                    fingerprint=mark,
                )
    if believed:
        add(office, believed)
    return bool(believed)


def vaults(office: Office) -> list[VaultKey]:
    """Every vault with the fingerprint of the key that is sealed to. Raises `NotStored` without the pins."""
    pinned = publics(office)
    with reading(office.session):
        differ = _differing(office, pinned)
    return [
        VaultKey(vault, NAMES[vault], fingerprint(pinned[vault], vault=vault), vault not in differ)
        for vault in NAMES
        if vault in pinned
    ]


def check(office: Office, officer: Officer) -> list[str]:
    """Before an officer's work: their own key is their account's, and their vault's row is the pinned key.

    Returns warnings about the other vaults. Raises `KeyDiffers`.
    """
    pinned = publics(office)
    with reading(office.session):
        account = select(Staff.public, Grant.vault_id).outerjoin(Grant, Grant.staff_id == Staff.id)
        rows = office.session.execute(account.where(Staff.id == officer.id)).all()
        differ = _differing(office, pinned)
    public, held = rows[0].public, {row.vault_id for row in rows}
    if public != officer.pair.public:
        raise KeyDiffers(
            "The key that your account shows to colleagues is not yours: somebody changed it. " + STOP,
            key=f"staff {officer.id}",
            found=_mark(public, vault=officer.role.vault or "", staff=officer.id),
            vault=officer.role.vault,
        )
    for vault, found in differ.items():
        if vault in held or vault == officer.role.vault:
            raise _changed(vault, found.mark, found.former)
    return [
        f"The key of {NAMES.get(vault, vault)} was changed in the database. Its members are told."
        for vault in differ
    ]


def same_as_row(row: Vault, pair: KeyPair, *, staff: str = "") -> None:
    """A seed that was unwrapped is the vault's: its public half is the row's. Raises `KeyDiffers`."""
    if row.public != pair.public:
        whose = f"grant {staff}" if staff else f"vault {row.id}"
        raise KeyDiffers(
            f"The key that opens {NAMES.get(row.id, row.id)} is not the one that is sealed to: the vault's row "
            "or this grant was changed. " + STOP,
            key=whose,
            found=_mark(pair.public if staff else row.public, vault=row.id),
            vault=row.id,
        )


def same_as_pinned(office: Office, vault: str, pair: KeyPair) -> None:
    """As `same_as_row`, and the pinned key too. Raises `KeyDiffers`, or `NotStored` without the pins."""
    same_as_row(office.session.get_one(Vault, vault), pair)
    if pair.public not in (publics(office).get(vault), _following(office.settings).get(vault)):
        raise _changed(vault, _mark(pair.public, vault=vault))


def watch(office: Office, *, now: datetime) -> list[str]:
    """Hold every row against its pin, report what differs, and note what agrees again. Returns sentences.

    Without the pins it says so and goes on: whoever watches has mail to send.
    """
    try:
        read(office.settings)
        settle(office)
        pinned = read(office.settings)
    except BadSetting as error:
        return [str(error)]
    with reading(office.session):
        differ = _differing(office, pinned)
        reported = _reported(office.session)
        unknown = enrolment.faults(office.session)
    for vault, found in differ.items():
        report(office, _changed(vault, found.mark, found.former), now=now)
    mended = [vault for vault in pinned if vault not in differ and reported.get(f"vault {vault}")]
    if mended:
        with writing(office.session):
            for vault in mended:
                mark = fingerprint(pinned[vault], vault=vault)
                _note(office.session, journal.Act.KEY_AGREES, f"vault {vault}", mark, now)
    told = [str(_changed(vault, found.mark, found.former)) for vault, found in differ.items()]
    return told + unknown


def report(office: Office, error: KeyDiffers, *, now: datetime) -> bool:
    """Journal a difference and tell every member: once, not with each request. Returns whether it was new."""
    with writing(office.session):
        if _reported(office.session).get(error.key) == error.found:
            return False
        _note(office.session, journal.Act.KEY_DIFFERS, error.key, error.found, now)
        for staff_id in _members(office.session, error.vault):
            notices.tell(office, staff_id, "key-alarm", now=now)
    return True


def faults(office: Office) -> list[str]:
    """Every key held against the pin and the journal's latest line of its making, and every account against its
    lines. Raises `BadSetting`.
    """
    pinned, found = read(office.settings), []
    with reading(office.session):
        lines = made(office.session)
        rows = {row.id: row.public for row in office.session.scalars(select(Vault))}
        for vault, public in _following(office.settings).items():
            if rows.get(vault) == public:
                pinned[vault] = public
        for vault in sorted(set(pinned) | set(rows) | set(lines)):
            row = _mark(rows.get(vault), vault=vault)
            held, told = _mark(pinned.get(vault), vault=vault), lines.get(vault, "no key")
            if not row == held == told:
                found.append(
                    f"The key of the vault {vault!r} differs: the database has {row}, the pinned file {held}, "
                    f"the journal {told}. {STOP}"
                )
        found += enrolment.faults(office.session)
    return found


@dataclass(frozen=True)
class _Found:
    """A row that is not the pinned key: its fingerprint, and that of the pin where the vault had that key before."""

    mark: str
    former: str = ""


def _differing(office: Office, pinned: dict[str, bytes]) -> dict[str, _Found]:
    rows = dict(office.session.execute(select(Vault.id, Vault.public)).all())
    differ = {vault: rows.get(vault) for vault, public in pinned.items() if rows.get(vault) != public}
    if not differ:
        return {}
    # A key that was changed between the look at the file and the look at the rows agrees with the file as it is now.
    now, following = publics(office), _following(office.settings)
    formers = set(office.session.scalars(select(FormerKey.fingerprint).where(FormerKey.sealed.is_not(None))))
    found = {}
    for vault, row in differ.items():
        if row is None or row not in (now.get(vault), following.get(vault)):
            pin = _mark(pinned[vault], vault=vault)
            found[vault] = _Found(_mark(row, vault=vault), pin if pin in formers else "")
    return found


def _changed(vault: str, found: str, former: str = "") -> KeyDiffers:
    """What is told of a key that differs. `former`: this machine's pin, where it is the one that the vault had before:
    then somebody has changed it on another machine, or wants it to look so.
    """
    told = (
        f"The key of {NAMES.get(vault, vault)} was changed in the database: its fingerprint is now {found}."
    )
    if former:
        return KeyDiffers(
            f"{told} {ELSEWHERE}", key=f"vault {vault}, pinned as {former}", found=found, vault=vault
        )
    still = (
        "No backup is made to it. Keep the database as it is for whoever looks into it; then make another key with "
        "`intake backup --new-key`."
        if vault == BACKUP
        else "What arrives is still sealed to the true key. " + STOP
    )
    return KeyDiffers(f"{told} {still}", key=f"vault {vault}", found=found, vault=vault)


def _mark(public: bytes | None, **of: str) -> str:
    if not public:
        return "no key"
    return fingerprint(public, **of) if len(public) == PUBLIC_BYTES else "not a key"


def made(session: AnySession) -> dict[str, str]:
    """Of each vault the fingerprint of its key, as the journal's latest line of its making says."""
    lines = session.scalars(
        select(JournalLine)
        .where(JournalLine.actor == "administrator", JournalLine.act.in_(MADE))
        .order_by(JournalLine.number)
    )
    details = [journal.detail_of(line) for line in lines]
    return {detail["vault"]: detail["fingerprint"] for detail in details}


def _reported(session: AnySession) -> dict[str, str]:
    """The latest difference of each key, by the name it is reported under; empty once it agreed again."""
    lines = session.scalars(
        select(JournalLine).where(JournalLine.actor == WATCH).order_by(JournalLine.number)
    ).all()
    told = {}
    for line in lines:
        detail = journal.detail_of(line)
        told[detail["key"]] = detail["found"] if line.act == journal.Act.KEY_DIFFERS else ""
    return told


def _note(session: AnySession, act: journal.Act, key: str, found: str, now: datetime) -> None:
    journal.append(session, at=now, actor=WATCH, act=act, key=key, found=found)


def _members(session: AnySession, vault: str | None) -> list[str]:
    """Whoever was let into a vault or has a role that belongs to it, and is active; of backups, everybody."""
    if vault is None:
        return []
    if vault == BACKUP:
        return list(session.scalars(select(Staff.id).where(Staff.active, Staff.joined_at.is_not(None))))
    roles = roles_of(vault)
    granted = select(Grant.staff_id).where(Grant.vault_id == vault)
    return list(
        session.scalars(
            select(Staff.id).where(
                Staff.active,
                Staff.joined_at.is_not(None),
                Staff.role.in_(roles) | Staff.id.in_(granted),
            )
        )
    )

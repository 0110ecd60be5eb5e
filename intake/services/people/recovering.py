"""The papers by which a vault is recovered: any two of three shares, or the single key of an earlier version.

What was typed is looked at paper by paper, so that whoever mistyped is told before the next person types. Nothing here
opens a case: what comes out is a vault's key pair, for a grant or for new papers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select

from intake.database import reading, writing
from intake.models import JournalLine, Vault
from intake.services.ground import journal, pinning
from intake.services.ground.office import AnySession, Office
from intake.services.ground.refusals import KeyDiffers, Refused
from intake.services.ground.roles import VAULTS
from intake.vault.errors import Mistyped, SealBroken
from intake.vault.keys import KeyPair, fingerprint
from intake.vault.recovery import RecoveryKey
from intake.vault.shares import Share, ShareSet, mark_of, new_set, open_set

SINGLE = "single key"  # what a vault has that was given no shares yet
_SINCE = (
    *pinning.MADE,
    journal.Act.RECOVERY_SHARES_MADE,
    journal.Act.RECOVERY_REHEARSED,
)


@dataclass(frozen=True)
class Prepared:
    """New papers of a vault that open nothing yet: printed, and believed when one of them was typed back."""

    vault: str
    texts: tuple[str, ...] = field(repr=False)
    fingerprint: str
    made: ShareSet = field(repr=False)
    replaces: bytes = field(repr=False)


@dataclass(frozen=True)
class Standing:
    """How a vault can be recovered, and since when nobody has seen that it can."""

    vault: str
    papers: str  # the mark of its shares, or SINGLE
    rehearsed_on: date | None
    since: date | None  # the rehearsal, or the day on which key or shares were made
    overdue: bool


def shares_for(session: AnySession, vault: str, seed: bytes) -> ShareSet:
    """Three new shares for a vault's seed: `sealed` belongs into the vault's row, in the transaction that keeps the
    seed's public half, and the shares are printed. Writes nothing.
    """
    others = session.execute(select(Vault.sealed_to_recovery)).scalars()
    return new_set(seed, vault=vault, apart_from={mark_of(sealed) or "" for sealed in others})


def texts_of(made: ShareSet) -> tuple[str, ...]:
    """Shares as they are printed, the first one first."""
    return tuple(share.text for share in made.shares)


def another_wanted(office: Office, vault: str, typed: Sequence[str]) -> bool:
    """Whether what was typed so far is right and one more share is wanted. Raises `Refused`, in words for who typed."""
    with reading(office.session):
        return _looked_at(office.session, vault, typed)


def recovered(office: Office, vault: str, typed: Sequence[str]) -> KeyPair:
    """A vault's true key pair, out of its papers, inside the caller's transaction. Raises `Refused` or `KeyDiffers`."""
    if _looked_at(office.session, vault, typed):
        raise Refused(
            "One share alone opens nothing. Type another one of the three as well, which somebody else keeps."
        )
    sealed = _shelf(office.session, vault).sealed_to_recovery
    try:
        if mark_of(sealed):
            one, other = (Share.parse(text) for text in typed)
            seed = open_set(one, other, sealed, vault=vault)
        else:
            seed = RecoveryKey.parse(typed[0]).open(sealed, vault=vault)
    except SealBroken as error:
        raise Refused(_opens_nothing(sealed)) from error
    pair = KeyPair.from_seed(seed)
    pinning.same_as_pinned(office, vault, pair)
    return pair


def check(office: Office, vault: str, typed: Sequence[str], *, now: datetime) -> str:
    """The fingerprint of a vault whose papers open it and whose key is the true one. Raises `Refused`."""
    with _watched(office, now), reading(office.session):
        return fingerprint(recovered(office, vault, typed).public, vault=vault)


def rehearse(office: Office, vault: str, typed: Sequence[str], *, now: datetime) -> str:
    """As `check`, and the journal keeps that it was tried on this day. Nobody is let in, and nothing is shown."""
    mark = check(office, vault, typed, now=now)
    with writing(office.session):
        papers = mark_of(_shelf(office.session, vault).sealed_to_recovery) or SINGLE
        _note(office, journal.Act.RECOVERY_REHEARSED, vault, now, papers=papers, fingerprint=mark)
    return mark


def prepare(office: Office, vault: str, typed: Sequence[str], *, now: datetime) -> Prepared:
    """Three new shares of a vault that its present papers open. Nothing is kept: those papers go on working.

    Raises `Refused`.
    """
    with _watched(office, now), reading(office.session):
        pair = recovered(office, vault, typed)
        made = shares_for(office.session, vault, pair.seed)
        sealed = _shelf(office.session, vault).sealed_to_recovery
    return Prepared(vault, texts_of(made), fingerprint(pair.public, vault=vault), made, sealed)


def replace(office: Office, prepared: Prepared, typed_back: str, *, now: datetime) -> None:
    """Keep new shares, one of which was typed back from its paper; those before open nothing from then on.

    Raises `Refused`: then nothing has changed, and what was printed opens nothing.
    """
    check_typed_back(prepared.texts, typed_back)
    with writing(office.session):
        shelf = _shelf(office.session, prepared.vault)
        if shelf.sealed_to_recovery != prepared.replaces:
            raise Refused(
                "Meanwhile somebody else gave this vault new papers. Those that were printed here open nothing: "
                "destroy them."
            )
        shelf.sealed_to_recovery = prepared.made.sealed
        told = {"papers": prepared.made.mark, "fingerprint": prepared.fingerprint}
        _note(office, journal.Act.RECOVERY_SHARES_MADE, prepared.vault, now, **told)


def check_typed_back(printed: Sequence[str], typed: str) -> None:
    """Raises `Refused` for what is none of the shares that were printed just now."""
    try:
        share = Share.parse(typed)
    except Mistyped as error:
        raise Refused(str(error)) from error
    if share.text not in printed:
        raise Refused("That is none of the three shares that were printed just now.")


def standings(office: Office, *, now: datetime) -> list[Standing]:
    """Of each vault, by what it is recovered, and when that was tried last."""
    today = office.today(now)
    with reading(office.session):
        rows = {row.id: row.sealed_to_recovery for row in office.session.scalars(select(Vault))}
        lines = office.session.scalars(
            select(JournalLine).where(JournalLine.act.in_(_SINCE)).order_by(JournalLine.number)
        ).all()
    since, rehearsed = {}, {}
    for line in lines:
        vault, day = journal.detail_of(line)["vault"], office.today(line.at)
        since[vault] = day
        if line.act == journal.Act.RECOVERY_REHEARSED:
            rehearsed[vault] = day
        else:
            rehearsed.pop(vault, None)  # that was of other papers
    return [
        Standing(
            vault,
            mark_of(rows[vault]) or SINGLE,
            rehearsed.get(vault),
            since.get(vault),
            _is_overdue(office, since.get(vault), today),
        )
        for vault in VAULTS
        if vault in rows
    ]


def faults(office: Office, *, now: datetime) -> list[str]:
    """The vaults whose papers nobody has tried for too long, a sentence each, with the way on."""
    return [
        f"Nobody has tried since {one.since:%-d %B %Y} whether the vault {one.vault!r} can be recovered: run `intake "
        f"vault rehearse {one.vault}` with those who keep its papers. It opens nothing and shows nothing."
        for one in standings(office, now=now)
        if one.overdue
    ]


def _is_overdue(office: Office, since: date | None, today: date) -> bool:
    if since is None or office.settings.demonstration:
        return False
    months = (today.year - since.year) * 12 + today.month - since.month - (today.day < since.day)
    return months >= office.settings.rehearse_months


def _looked_at(session: AnySession, vault: str, typed: Sequence[str]) -> bool:
    """Whether one more share is wanted. Raises `Refused` for the first thing that is wrong."""
    mark = mark_of(_shelf(session, vault).sealed_to_recovery)
    papers = [_read(text, shares=bool(mark)) for text in typed]
    for paper in papers:
        _belongs(session, vault, mark, paper)
    numbers = [paper.number for paper in papers if isinstance(paper, Share)]
    if len(set(numbers)) < len(numbers):
        raise Refused(
            f"That is share {numbers[-1]} twice. Two different ones of the three are needed, which two people keep."
        )
    return bool(mark) and len(papers) < 2


def _read(text: str, *, shares: bool) -> Share | RecoveryKey:
    """What was typed, as the kind that the vault has, or else as the other. Raises `Refused`, with the group."""
    kinds = (Share, RecoveryKey) if shares else (RecoveryKey, Share)
    slips = []
    for kind in kinds:
        try:
            return kind.parse(text)
        except Mistyped as error:
            slips.append(error)
    raise Refused(str(slips[0])) from slips[0]


def _belongs(session: AnySession, vault: str, mark: str | None, paper: Share | RecoveryKey) -> None:
    """Raises `Refused` for a paper that is of another kind, another set or another vault."""
    if isinstance(paper, RecoveryKey):
        if mark:
            raise Refused(
                f"This is a single recovery key, and the vault {vault!r} was given shares since: the key opens nothing "
                f"any more. Two of the three shares of set {mark} are needed."
            )
        return
    if paper.mark == mark:
        return
    rows = session.execute(select(Vault.id, Vault.sealed_to_recovery)).all()
    if of := [other for other, sealed in rows if mark_of(sealed) == paper.mark]:
        raise Refused(f"This share is of the vault {of[0]!r}, and not of {vault!r}.")
    raise Refused(
        f"This share is of set {paper.mark}, which opens nothing. "
        + (
            f"The vault {vault!r} has set {mark} now: the mark stands on each paper."
            if mark
            else f"The vault {vault!r} has a single recovery key, and no shares yet."
        )
    )


def _opens_nothing(sealed: bytes) -> str:
    if mark_of(sealed):
        return (
            "These two shares bear the right mark, and yet open nothing: one of them was made up or altered, or the "
            "vault's row was. Try each of them with the third."
        )
    return "This recovery key is not the key of that vault."


def _shelf(session: AnySession, vault: str) -> Vault:
    shelf = session.get(Vault, vault)
    if shelf is None or vault not in VAULTS:
        raise Refused(f"There is no vault {vault!r}. The vaults are: {', '.join(VAULTS)}.")
    return shelf


@contextmanager
def _watched(office: Office, now: datetime) -> Iterator[None]:
    """A key that is not the true one is journalled and told, outside of the transaction that found it."""
    try:
        yield
    except KeyDiffers as error:
        pinning.report(office, error, now=now)
        raise


def _note(office: Office, act: journal.Act, vault: str, now: datetime, **told: str) -> None:
    journal.append(office.session, at=now, actor="administrator", act=act, vault=vault, **told)

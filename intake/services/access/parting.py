"""Somebody holds a case no more: they stand aside, or whoever else holds it declares a conflict.

Whoever goes finds no such case from the next request on, and is never told that a conflict was declared, nor why. A
vault of which a member goes is replaced by its other members, each by name. Where nobody would be left it goes to the
next office.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select

from intake.database import reading, writing
from intake.models import JournalLine, Staff
from intake.procedures.offices import BY_ROLE, BY_VAULT, LAST_RESORT, barred_from, left_out
from intake.services.cases import concerns, reaching
from intake.services.cases.reaching import File
from intake.services.cases.words import named_in
from intake.services.ground import custody, journal, notices, pinning, sealing
from intake.services.ground.office import AnySession, Office
from intake.services.ground.refusals import NotFound, Refused, needs
from intake.services.ground.roles import Officer, Right, role_of

from . import persons, remembering, rotating
from .giving import check
from .rotating import Heir

NOBODY = (
    "Nobody else could open this case then, so nothing was done: what was sent must be read. Have somebody else let "
    "into the team first; or send the case to another team, where that is right."
)
NOT_THERE = "They do not hold this case, or not any more. Nothing was done."


@dataclass(frozen=True)
class Foreseen:
    """What a step would come to: who would hold the case then, in words; `office`: the next office that would get it.

    `alone`: the one person who could open it, where there is no other; `spare`: the office to which it can be sealed
    besides, so that it is not lost with one password, and `spare_words` how it is called.
    """

    holders: tuple[str, ...]
    office: str = ""
    alone: str = ""
    spare: str = ""
    spare_words: str = ""
    entered: str = ""  # whoever goes, where they entered it: they have seen its receipt code


def stand_aside(
    office: Office, officer: Officer, reference: str, why: str, *, revision: int, now: datetime
) -> None:
    """An officer, or an investigator, gives a case out of their hands. Raises as `giving.give`."""
    needs(officer, Right.READ_CASES)
    with writing(office.session):
        file = reaching.whole(office, officer, reference)
        check(file, revision, why)
        told = (journal.Act.STOOD_ASIDE, remembering.ASIDE)
        _part(office, officer, file, f"staff:{officer.id}", why, told, spare=False, now=now)


def declare(
    office: Office,
    officer: Officer,
    reference: str,
    who: str,
    why: str,
    *,
    spare: bool = False,
    revision: int,
    now: datetime,
) -> None:
    """Whoever holds a case declares a colleague, an investigator or a whole office in conflict.

    `who`: a keyholder, or a member of one; `spare`: seal it to the next office too, where one person alone would be
    left.

    Raises as `giving.give`, and `Refused` where nobody could open the case then.
    """
    needs(officer, Right.WORK_CASES)
    with writing(office.session):
        file = reaching.whole(office, officer, reference)
        check(file, revision, why)
        if who not in {one for one, _ in could_go(office, file)}:
            raise Refused(NOT_THERE)
        told = (journal.Act.CONFLICT_DECLARED, remembering.CONFLICT)
        _part(office, officer, file, who, why, told, spare=spare, now=now)


def could_go(office: Office, file: File) -> list[tuple[str, str]]:
    """Everybody who can open a case, and every office that holds it: keyholders and their names."""
    session = office.session
    vaults = [
        (sealing.vault_holder(one), f"The whole office: {sealing.in_words(office, [one])}")
        for one in sorted(file.vaults)
    ]
    ids = custody.keyholders(session, *file.vaults) | set(sealing.persons_of(session, file.case.id))
    query = select(Staff.id, Staff.name).where(Staff.id.in_(ids)).order_by(Staff.name, Staff.id)
    return [(f"staff:{staff_id}", name) for staff_id, name in session.execute(query)] + vaults


def foresee(office: Office, officer: Officer, reference: str, who: str, *, now: datetime) -> Foreseen:
    """What it would come to if somebody went. Raises `NotFound`, `Refused` and `KeyDiffers`."""
    needs(officer, Right.READ_CASES)
    with reading(office.session):
        file = reaching.whole(office, officer, reference)
        if who not in {one for one, _ in could_go(office, file)}:
            raise NotFound
        heirs, foreseen = _without(office, file, who, today=office.today(now))
        holders, entered = tuple(names(office, heirs)), _entered(office.session, file, heirs)
        return replace(foreseen, holders=holders, entered=entered)


def names(office: Office, heirs: Iterable[Heir]) -> list[str]:
    """Heirs in words."""
    known = dict(office.session.execute(select(Staff.id, Staff.name)).all())
    return [
        sealing.in_words(office, reaching.vaults_in([one.holder]))
        if one.is_vault
        else known.get(one.holder.removeprefix("staff:"), "An account that is gone")
        for one in heirs
    ]


def _entered(session: AnySession, file: File, heirs: Iterable[Heir]) -> str:
    """The name of whoever entered a case and will not hold it any more; empty where that is nobody."""
    line = select(JournalLine.actor).where(
        JournalLine.case_id == file.case.id, JournalLine.act == journal.Act.ENTERED
    )
    by = session.scalar(line)
    stay = {one.holder for one in heirs}
    vaults = reaching.vaults_in(stay)
    if by is None or f"staff:{by}" in stay or by in custody.keyholders(session, *vaults):
        return ""
    return session.scalar(select(Staff.name).where(Staff.id == by)) or ""


def _part(
    office: Office,
    officer: Officer,
    file: File,
    who: str,
    why: str,
    told: tuple[journal.Act, str],
    *,
    spare: bool,
    now: datetime,
) -> None:
    session, today, (line, act) = office.session, office.today(now), told
    before = file.keyholders
    heirs, foreseen = _without(office, file, who, today=today)
    if spare and foreseen.spare:
        gone = _gone(session, file, who)
        heirs = _merged([*heirs, *_instead(session, _office(office, file, foreseen.spare), gone, today)])
    key = rotating.rotate(office, file, heirs, on=today)
    remembering.keep(session, key, file.case, act, who, why, on=today, by=officer.id)
    journal.append(session, at=now, actor=officer.id, act=line, case_id=file.case.id)
    notices.tell_keyholders_of_news(office, {one.holder for one in heirs} - before, now=now)


def _without(office: Office, file: File, who: str, *, today: date) -> tuple[list[Heir], Foreseen]:
    """Those who would hold it without somebody, and what is to be said of that. Raises `Refused`."""
    session = office.session
    gone = _gone(session, file, who)
    present = rotating.heirs_of(office, file, today=today)
    heirs = _merged(one for heir in present for one in _instead(session, heir, gone, today))
    further = _further(office, file, gone)
    if _at_work(session, heirs):
        alone = [one for one in heirs if one.left]
        if len(alone) == 1 and not alone[0].is_vault:
            (name,) = names(office, alone)
            return heirs, Foreseen(
                (),
                alone=name,
                spare=further,
                spare_words=sealing.in_words(office, [further]) if further else "",
            )
        return heirs, Foreseen(())
    if not further:
        raise Refused(NOBODY)
    after = _merged([*heirs, *_instead(session, _office(office, file, further), gone, today)])
    return after, Foreseen((), office=sealing.in_words(office, [further]))


def _gone(session: AnySession, file: File, who: str) -> frozenset[str]:
    """Whoever goes or went before; of a whole office, those too that answer to it, and everybody who can open one of
    them, whatever else they hold it with.
    """
    before = remembering.left_out(remembering.read(file.key(), file.records))
    gone = frozenset[str]().union(*map(_with_those_below, {who, *before}))
    people = custody.keyholders(session, *reaching.vaults_in(gone))
    return gone | {f"staff:{one}" for one in people}


def _with_those_below(who: str) -> frozenset[str]:
    """Whoever goes; of a whole office, those too that answer to it."""
    office = BY_VAULT.get(who.removeprefix("vault:"))
    if office is None:
        return frozenset({who})
    return frozenset(sealing.vault_holder(BY_ROLE[role].vault) for role in left_out({office.role}))


def _instead(session: AnySession, heir: Heir, gone: frozenset[str], today: date) -> list[Heir]:
    """An heir without those who go: a vault's other members, by name, where one of its members goes."""
    if heir.holder in gone:
        return []
    if not heir.is_vault:
        return [heir]
    vault = heir.holder.removeprefix("vault:")
    if not gone & {f"staff:{one}" for one in custody.keyholders(session, vault)}:
        return [heir]
    return [
        replace(heir, holder=f"staff:{one.id}", public=persons.key_of(one), since=today)
        for one in persons.members(session, vault)
        if f"staff:{one.id}" not in gone
    ]


def _merged(heirs: Iterable[Heir]) -> list[Heir]:
    """Each holder once, with all that they stand for."""
    found: dict[str, Heir] = {}
    for one in heirs:
        had = found.get(one.holder)
        found[one.holder] = replace(one, after=one.after | had.after) if had else one
    return list(found.values())


def _at_work(session: AnySession, heirs: Iterable[Heir]) -> bool:
    """Whether somebody would be left who works on it: an investigator alone is nobody who answers for it."""
    held = list(heirs)
    vaults = reaching.vaults_in(one.holder for one in held)
    if custody.keyholders(session, *vaults):
        return True
    ids = [one.holder.removeprefix("staff:") for one in held if not one.is_vault]
    people = select(Staff.role).where(Staff.id.in_(ids), *custody.can_sign_in())
    return any(role_of(role).may(Right.WORK_CASES) for role in session.scalars(people))


def _further(office: Office, file: File, gone: frozenset[str]) -> str:
    """The next office for such a case, which has somebody who may have it and does not hold it yet; else empty."""
    if not concerns.is_one(office.catalogue[file.case.procedure]):
        return ""
    seats = sealing.in_use(office)
    for vault in _not_named(office, file, seats, gone):
        holder = sealing.vault_holder(vault)
        members = {f"staff:{one}" for one in custody.keyholders(office.session, vault)}
        if holder not in gone | file.keyholders and members and not members & gone:
            return vault
    return ""


def _not_named(
    office: Office, file: File, seats: Mapping[str, Collection[str]], gone: Collection[str]
) -> list[str]:
    """The vaults in use in their order, but those that somebody can open whom it is about; where that was not kept,
    the last resort alone: any other one may have been passed over for that reason.
    """
    named = named_in(file)
    if named is None:
        return [LAST_RESORT.vault]
    out = set(left_out(named, office.settings.concerns_go_to))
    out |= {BY_VAULT[vault].role for vault in reaching.vaults_in(gone) if vault in BY_VAULT}
    barred = barred_from(seats, out)
    return [vault for vault in sealing.in_order(office) if vault not in barred]


def _office(office: Office, file: File, vault: str) -> Heir:
    """A whole office as heir of those who hold it now."""
    public = pinning.publics(office)[vault]
    return Heir(sealing.vault_holder(vault), public, frozenset(file.keyholders))

"""The services of the authority: the tree that the complaints manager keeps, and where a case has its place in it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, select

from intake.counts.places import (
    ALWAYS,
    DIRECTORATE,
    KINDS,
    SERVICE,
    Place,
    Spell,
    Tree,
)
from intake.database import reading, writing
from intake.models import PlaceRow, SpellRow, StageReceipt
from intake.procedures.offices import circles
from intake.register.limits import Unreadable
from intake.register.service_list import LONGEST_NAME, Line, parse
from intake.services.ground import journal
from intake.services.ground.office import AnySession, Office
from intake.services.ground.refusals import Refused
from intake.services.ground.roles import Officer, Right

ADMINISTRATOR = "administrator"
MOST_FAULTS = 20  # told at once
_ALL = (
    select(
        PlaceRow.id,
        PlaceRow.kind,
        PlaceRow.name,
        PlaceRow.closed_from,
        SpellRow.first_day,
        SpellRow.parent_id,
    )
    .outerjoin(SpellRow, SpellRow.place_id == PlaceRow.id)
    .order_by(PlaceRow.id, SpellRow.first_day)
)


@dataclass(frozen=True)
class Added:
    """What a list of services brought: how many were new, how many were put below what it names, and how many were
    there already."""

    new: int
    placed: int
    known: int


def tree_of(session: AnySession) -> Tree:
    """The whole tree, inside the caller's transaction."""
    found: dict[str, Place] = {}
    for place, kind, name, closed_from, first_day, parent in session.execute(_ALL):
        spells = found[place].spells if place in found else ()
        more = () if first_day is None else (Spell(first_day, parent),)
        found[place] = Place(place, kind, name, (*spells, *more), closed_from)
    return Tree(found)


def tree(office: Office) -> Tree:
    """The whole tree."""
    with reading(office.session):
        return tree_of(office.session)


def offered(office: Office) -> tuple[tuple[str, str], ...]:
    """The services that something new can be given to: id and name, in the order of their names. By no clock: the door
    asks, and one that is wrong must shut it to nobody.
    """
    return tuple((one.id, one.name) for one in tree(office).of_kind(SERVICE) if one.closed_from is None)


def choices(office: Office, *, now: datetime, also: str | None = None) -> tuple[tuple[str, str], ...]:
    """Every place to which a case can be given, with what is above it, and one that it has already (`also`)."""
    known, today = tree(office), office.today(now)
    return tuple(
        (place.id, known.words(place.id, today))
        for place in known.in_order(today)
        if place.id == also or place.is_open(today)
    )


def services_by_name(session: AnySession) -> dict[str, str | None]:
    """The id of each service, by its name without regard to case; None where several are called so."""
    found: dict[str, str | None] = {}
    for place in tree_of(session).of_kind(SERVICE):
        name = place.name.casefold()
        found[name] = None if name in found else place.id
    return found


def all_of(office: Office, *, now: datetime) -> tuple[tuple[str, str], ...]:
    """Every place, closed or not, each below what it stands below: id, and its name with what is above it."""
    known, today = tree(office), office.today(now)
    return tuple((place.id, known.words(place.id, today)) for place in known.in_order(today))


def named(office: Office, name: str) -> str:
    """The id of the directorate, service or team of a name. Raises `Refused` where there is none, or several."""
    known, wanted = tree(office), " ".join(name.split()).casefold()
    found = [place for place in known.places.values() if place.name.casefold() == wanted]
    for kind in KINDS:
        of_kind = [place for place in found if place.kind == kind]
        if len(of_kind) == 1:
            return of_kind[0].id
        if of_kind:
            raise Refused(f"There are {len(of_kind)} of the name {name!r}. Rename one of them first.")
    raise Refused(
        f"There is no directorate, service or team called {name!r}. `intake services list` tells them."
    )


def receipts(office: Office, officer: Officer) -> Mapping[str, int]:
    """How many receipts at a stage each place has, of the cases that are counted for the officer: those of all would
    tell how many concerns there are.
    """
    mine = StageReceipt.reader.in_(circles(officer.role.counted_readers))
    with reading(office.session):
        counted = select(StageReceipt.place_id, func.count()).where(mine).group_by(StageReceipt.place_id)
        return {place: number for place, number in office.session.execute(counted) if place}


def add(office: Office, officer: Officer, kind: str, name: str, below: str | None, *, now: datetime) -> str:
    """Put a directorate, service or team into the tree; returns its id. Raises `Refused`."""
    _check_keeper(officer)
    with writing(office.session):
        known = tree_of(office.session)
        place = _new(
            office.session, known, kind, _free_name(known, kind, name, below, office.today(now)), below
        )
        journal.append(office.session, at=now, actor=officer.id, act=journal.Act.PLACE_ADDED, place=place)
    return place


def rename(office: Office, officer: Officer, place: str, name: str, *, now: datetime) -> None:
    """Call a place something else, in every year; what was published keeps the name it had. Raises `Refused`."""
    _check_keeper(officer)
    with writing(office.session):
        known, today = tree_of(office.session), office.today(now)
        row = _row(office.session, place)
        row.name = _free_name(known, row.kind, name, known.places[place].parent(today), today, but=place)
        journal.append(office.session, at=now, actor=officer.id, act=journal.Act.PLACE_RENAMED, place=place)


def move(
    office: Office, officer: Officer, place: str, below: str | None, since: date | None, *, now: datetime
) -> None:
    """Put a service below another directorate, or a team below another service.

    `since`: what was received from that day on is counted there; None: it has always stood there, and what was counted
    elsewhere before is counted there in every year. What was published stays. Raises `Refused`.
    """
    _check_keeper(officer)
    with writing(office.session):
        known, today = tree_of(office.session), office.today(now)
        row = _row(office.session, place)
        _check_below(known, row.kind, below, today)
        if since is not None and since > today:
            raise Refused("That day is still to come. Move it on the day, or give an earlier one.")
        if since is not None and any(spell.first_day > since for spell in known.places[place].spells):
            raise Refused(
                "It was moved after that day already. Give a later day, or say that it always stood there."
            )
        if known.places[place].parent(since or today) == below and since is not None:
            raise Refused("It stands there already on that day.")
        _free_name(known, row.kind, row.name, below, today, but=place)
        gone = delete(SpellRow).where(SpellRow.place_id == place)
        office.session.execute(gone if since is None else gone.where(SpellRow.first_day == since))
        office.session.add(SpellRow(place_id=place, first_day=since or ALWAYS, parent_id=below))
        journal.append(
            office.session,
            at=now,
            actor=officer.id,
            act=journal.Act.PLACE_MOVED,
            place=place,
            below=below,
            since=since,
        )


def close(office: Office, officer: Officer, place: str, *, now: datetime) -> None:
    """From today on nothing new is given to a place; its cases stay with it, and so do figures. Raises `Refused` while
    something open stands below it.
    """
    _check_keeper(officer)
    with writing(office.session):
        known, today = tree_of(office.session), office.today(now)
        row = _row(office.session, place)
        if row.closed_from is not None:
            raise Refused("It is closed already.")
        if any(known.places[one].is_open(today) for one in known.below(place, today) - {place}):
            raise Refused("Something that stands below it is open. Close or move that first.")
        row.closed_from = today
        journal.append(office.session, at=now, actor=officer.id, act=journal.Act.PLACE_CLOSED, place=place)


def open_again(office: Office, officer: Officer, place: str, *, now: datetime) -> None:
    """Something new can be given to a place again. Raises `Refused`."""
    _check_keeper(officer)
    with writing(office.session):
        known, today = tree_of(office.session), office.today(now)
        row, above = _row(office.session, place), known.places[place].parent(today)
        if row.closed_from is None:
            raise Refused("It is open already.")
        if above and not known.places[above].is_open(today):
            raise Refused(f"{known.places[above].name}, above it, is closed. Open that first.")
        _free_name(known, row.kind, row.name, above, today, but=place)
        row.closed_from = None
        journal.append(
            office.session, at=now, actor=officer.id, act=journal.Act.PLACE_OPENED_AGAIN, place=place
        )


def take_in(
    office: Office, data: bytes, name: str = "", *, officer: Officer | None = None, now: datetime
) -> Added:
    """Set the tree by a file with the columns directorate, service and team; run again, it changes nothing.

    What is there and not in the file stays. A service that stood below no directorate is put below the one that the
    file names, in every year. Raises `Refused` with every fault, and then keeps nothing.
    """
    if officer is not None:
        _check_keeper(officer)
    try:
        listed = parse(data, name)
    except Unreadable as error:
        raise Refused(str(error)) from error
    with writing(office.session):
        added, faults = _take_in(office.session, listed.lines, office.today(now))
        if faults := [*listed.faults, *faults]:
            told = " ".join(faults[:MOST_FAULTS])
            more = f" And {len(faults) - MOST_FAULTS} more." if len(faults) > MOST_FAULTS else ""
            raise Refused(f"Nothing was kept. {told}{more}")
        if added.new or added.placed:
            journal.append(
                office.session,
                at=now,
                actor=officer.id if officer else ADMINISTRATOR,
                act=journal.Act.PLACES_IMPORTED,
                new=added.new,
                placed=added.placed,
            )
    return added


def take_over(office: Office, names: Iterable[str], *, now: datetime) -> None:
    """Put services into the tree that stand below no directorate yet; those that are there already stay as they are."""
    with writing(office.session):
        known = {place.name.casefold() for place in tree_of(office.session).of_kind(SERVICE)}
        new = [name for name in names if name.casefold() not in known]
        for name in new:
            office.session.add(PlaceRow(id=uuid.uuid4().hex, kind=SERVICE, name=name))
        journal.append(
            office.session,
            at=now,
            actor=ADMINISTRATOR,
            act=journal.Act.PLACES_IMPORTED,
            new=len(new),
            placed=0,
        )


def _take_in(session: AnySession, lines: tuple[Line, ...], today: date) -> tuple[Added, list[str]]:
    """Inside of the caller's transaction, which is taken back where there are faults. The tree is read once: while a
    long list is taken in, whoever sends waits.
    """
    new: set[str] = set()
    placed: set[str] = set()
    named: set[str] = set()
    faults: list[str] = []
    there = _standing(tree_of(session), today)
    for line in lines:
        above: str | None = None
        for kind, name in zip(KINDS, line.names, strict=False):
            key, loose = (kind, name.casefold(), above), (kind, name.casefold(), None)
            place = there.get(key)
            if place is None and loose in there:
                place = there[key] = there.pop(loose)
                _put_below(session, place.id, above)
                placed.add(place.id)
            elif place is None:
                there[key] = _added(session, kind, name, above)
                above = there[key].id
                new.add(above)
                continue
            if not place.is_open(today):
                faults.append(
                    f"Row {line.row}: {place.name!r} was closed. Open it again first, or leave it out."
                )
            above = place.id
            named.add(above)
    return Added(len(new), len(placed), len(named - new - placed)), faults


def _standing(tree: Tree, today: date) -> dict[tuple[str, str, str | None], Place]:
    """Every place by its kind, its name and what it stands below; of several the one that is open."""
    order = sorted(tree.places.values(), key=lambda place: (place.is_open(today), place.id))
    return {(place.kind, place.name.casefold(), place.parent(today)): place for place in order}


def _put_below(session: AnySession, place: str, above: str | None) -> None:
    session.execute(delete(SpellRow).where(SpellRow.place_id == place))
    session.add(SpellRow(place_id=place, first_day=ALWAYS, parent_id=above))


def _added(session: AnySession, kind: str, name: str, below: str | None) -> Place:
    """A new one, where the caller has seen that it may stand there."""
    place = Place(uuid.uuid4().hex, kind, name)
    session.add(PlaceRow(id=place.id, kind=kind, name=name))
    if below is not None:
        session.add(SpellRow(place_id=place.id, first_day=ALWAYS, parent_id=below))
    return place


def _new(session: AnySession, known: Tree, kind: str, name: str, below: str | None) -> str:
    _check_below(known, kind, below, None)
    place = _added(session, kind, name, below)
    session.flush()
    return place.id


def _check_below(known: Tree, kind: str, below: str | None, today: date | None) -> None:
    if kind not in KINDS:
        raise Refused("Choose whether it is a directorate, a service or a team.")
    if kind == DIRECTORATE:
        if below is not None:
            raise Refused("A directorate stands below nothing.")
        return
    above = KINDS[KINDS.index(kind) - 1]
    if below is None:
        if kind != SERVICE:
            raise Refused("Choose the service to which the team belongs.")
        return
    place = known.places.get(below)
    if place is None or place.kind != above:
        raise Refused(f"A {kind} stands below a {above}. Choose one.")
    if today is not None and not place.is_open(today):
        raise Refused(f"{place.name} is closed. Choose another one, or open it again.")


def _free_name(known: Tree, kind: str, name: str, below: str | None, today: date, *, but: str = "") -> str:
    """The name, tidied. Raises `Refused` where it is none, or taken beside it."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Refused(f"Give it a name of 1 to {LONGEST_NAME} characters.")
    for place in known.of_kind(kind, open_on=today):
        if place.id != but and place.parent(today) == below and place.name.casefold() == name.casefold():
            raise Refused("There is one of that name there already.")
    return name


def _row(session: AnySession, place: str) -> PlaceRow:
    row = session.get(PlaceRow, place)
    if row is None:
        raise Refused("That is not on the list any more.")
    return row


def _check_keeper(officer: Officer) -> None:
    if not officer.role.may(Right.KEEP_SERVICES):
        raise Refused("The complaints manager keeps the list of services.")


def check_open(known: Tree, place: str, today: date) -> None:
    """Raises `Refused` for a place to which nothing can be given on a day."""
    if place not in known.places:
        raise Refused("That service is not on the list.")
    if not known.places[place].is_open(today):
        raise Refused(f"{known.places[place].name} was closed. Choose where its cases go now.")

"""Register import: cases that were kept elsewhere, taken over all or none, and again without doubling.

Everything slow is done before the transaction: rows are checked, sealed to the vaults (which needs no private
key) and put into a file without a name that holds only what is sealed or clear; then one short transaction
writes them. An import runs as it is iterated: it tells its progress, and whoever stops leaves nothing behind.
"""

from __future__ import annotations

import hashlib
import pickle
import tempfile
import uuid
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, cast

from sqlalchemy import Table, delete
from sqlalchemy.exc import IntegrityError

from intake.counts.places import SERVICE
from intake.counts.published import MEASURES
from intake.database import NotStored, reading, writing
from intake.models import Case, PlaceRow, RegisterHeading, Theme
from intake.register import columns
from intake.register.checking import Row
from intake.services.cases import places
from intake.services.cases.references import free_references
from intake.services.figures import coverage
from intake.services.figures.coverage import ADMINISTRATOR, Covered
from intake.services.ground import journal
from intake.services.ground.office import AnySession, Office
from intake.services.ground.refusals import Refused
from intake.services.ground.roles import Officer

from . import rows as register_rows
from .checking import Checked, Plan, Progress, check, compare, last_import, worked_on
from .rows import TABLES, Maker
from .spool import Spool

TRIES = 3


@dataclass(frozen=True)
class Imported:
    """What came of an import."""

    checked: Checked


@dataclass
class _Added:
    """What a register names for the first time: ids by name."""

    themes: dict[str, str] = field(default_factory=dict)
    services: dict[str, str] = field(default_factory=dict)

    def known_by_now(self, session: AnySession) -> bool:
        """Whether somebody else added one of them meanwhile."""
        themes, services = register_rows.known_themes(session), places.services_by_name(session)
        return any(name.casefold() in themes for name in self.themes) or any(
            name.casefold() in services for name in self.services
        )

    def put(self, session: AnySession) -> None:
        for name, theme_id in self.themes.items():
            session.add(Theme(id=theme_id, name=name))
        for name, place_id in self.services.items():
            session.add(PlaceRow(id=place_id, kind=SERVICE, name=name))
        session.flush()


class _Overtaken(Exception):
    """Somebody wrote what this import rests on: it is compared anew."""


def dry_run(
    office: Office,
    data: bytes,
    *,
    name: str = "",
    covers: Iterable[Covered] = (),
    mapping: Mapping[str, str] | None = None,
    officer: Officer | None = None,
    now: datetime,
) -> Checked:
    """What a file holds, what is wrong with it, and what an import would do. Nothing is kept."""
    *_, checked = check_only(
        office, data, name=name, covers=covers, mapping=mapping, officer=officer, now=now
    )
    return cast(Checked, checked)  # the last thing told


def check_only(
    office: Office,
    data: bytes,
    *,
    name: str = "",
    covers: Iterable[Covered] = (),
    mapping: Mapping[str, str] | None = None,
    officer: Officer | None = None,
    now: datetime,
) -> Iterator[Progress | Checked]:
    """The same, telling progress; the last thing told is what was found."""
    checked, _ = yield from check(
        office, data, name=name, covers=covers, mapping=mapping, officer=officer, now=now
    )
    yield checked


def run(
    office: Office,
    data: bytes,
    *,
    name: str = "",
    covers: Iterable[Covered] = (),
    mapping: Mapping[str, str] | None = None,
    officer: Officer | None = None,
    now: datetime,
) -> Iterator[Progress | Checked | Imported]:
    """Import a file, telling progress. The last thing told is what came of it: `Checked` with its faults
    where nothing was imported, else `Imported`. Raises `NotStored`, or `Refused` when others keep writing.
    """
    checked, plan = yield from check(
        office, data, name=name, covers=covers, mapping=mapping, officer=officer, now=now
    )
    for _ in range(TRIES):
        if checked.fault_count:
            yield checked
            return
        with _without_a_name(office) as file:
            dialect = office.session.get_bind().dialect
            spool = Spool(file, dialect, [cast(Table, table.__table__) for table in TABLES])
            added = yield from _seal(office, plan, checked, spool, now)
            yield Progress(checked.rows, checked.rows, "Writing")
            try:
                _write(office, plan, checked, added, spool, officer, hashlib.sha256(data).hexdigest(), now)
            except _Overtaken:
                checked, plan = yield from compare(office, plan, checked, officer=officer, now=now)
                continue
        yield Imported(checked)
        return
    raise Refused("Other people keep importing at the same time. Nothing of this was kept. Try again later.")


@contextmanager
def _without_a_name(office: Office) -> Iterator[IO[bytes]]:
    """A file in the instance that nobody else can open. Raises `NotStored` where the disk has no room for it."""
    try:
        with tempfile.TemporaryFile(dir=office.settings.instance) as file:
            yield file
    except OSError as error:
        raise NotStored from error


def sentences(checked: Checked) -> tuple[str, ...]:
    """What somebody should know beside the numbers."""
    told = list(checked.notes)
    if checked.unread:
        are = "rows are" if checked.unread > 1 else "row is"
        told.append(
            f"{checked.unread:,} {are} for another team to read: told as new, whatever is here. What is here already "
            "stays as it is."
        )
    if checked.unanswered:
        are = "rows have" if checked.unanswered > 1 else "row has"
        told.append(f"{checked.unanswered:,} {are} no answer yet: kept as open, without a clock.")
    for year in dict.fromkeys(year for year, _, _ in checked.outside):
        listed = "; ".join(
            f"{MEASURES[measure]} ({number:,})" for of, measure, number in checked.outside if of == year
        )
        told.append(f"{year} is not covered for these, so the counts will print “not recorded”: {listed}.")
    return tuple(told)


def keep_headings(office: Office, mapping: Mapping[str, str]) -> None:
    """Remember what headings mean, for this file and the next; one that is left out is not remembered, for it
    may be anything. Raises `Refused`."""
    for heading, column in mapping.items():
        if column not in (*columns.COLUMNS, columns.IGNORED):
            known = ", ".join((*columns.COLUMNS, columns.IGNORED))
            raise Refused(f"There is no column {column!r}. Name one of: {known}.")
        if column != columns.IGNORED and not columns.is_heading(heading):
            raise Refused(
                f"A heading has 1 to {columns.HEADING_CHARACTERS} characters, and no long number or address. "
                "Shorten it in the file."
            )
    with writing(office.session):
        for heading, column in mapping.items():
            if column != columns.IGNORED:
                office.session.merge(RegisterHeading(heading=columns.plain(heading), column=column))


def _seal(
    office: Office, plan: Plan, checked: Checked, spool: Spool, now: datetime
) -> Generator[Progress, None, _Added]:
    """Everything sealed and put into the spool: yields `Progress`, returns what is new."""
    to_write = checked.new + checked.replaced
    with reading(office.session):
        known = register_rows.known_themes(office.session)
        references = iter(free_references(office.session, checked.new))
        maker = Maker(office, dict(known), places.services_by_name(office.session), office.today(now))
    ids = iter(sorted(uuid.uuid4().hex for _ in range(checked.new)))  # the tables are filled in this order
    added, done = _Added(), 0
    for packed in plan.batches:
        filled: dict[str, list[dict[str, object]]] = {table.__tablename__: [] for table in TABLES}
        for row in pickle.loads(packed):  # noqa: S301 - packed by ourselves, and never out of our memory
            if row.reference in plan.unchanged:
                continue
            left = row.reference in plan.left
            if not left and not maker.confidential(row):
                _note_what_is_new(row, maker, added)
            case_id, reference = plan.earlier.get(row.reference) or (next(ids), next(references))
            # Of a row that is left too: the time that it takes tells nothing.
            for table, rows in maker.make(row, case_id, reference).items():
                filled[table] += () if left else rows
            done += 1
            if done % 250 == 0:
                yield Progress(done, to_write, "Sealing")
        spool.put(filled)
    return added


def _note_what_is_new(row: Row, maker: Maker, added: _Added) -> None:
    if row.theme and row.theme.casefold() not in maker.themes:
        maker.themes[row.theme.casefold()] = added.themes[row.theme] = uuid.uuid4().hex
    if row.service and row.service.casefold() not in maker.places:
        maker.places[row.service.casefold()] = added.services[row.service] = uuid.uuid4().hex


def _write(
    office: Office,
    plan: Plan,
    checked: Checked,
    added: _Added,
    spool: Spool,
    officer: Officer | None,
    file_hash: str,
    now: datetime,
) -> None:
    """The one transaction. Raises `_Overtaken` where another import or act came between."""
    session = office.session
    try:
        with writing(session):
            if last_import(session) != plan.last_import:
                raise _Overtaken
            if added.known_by_now(session):
                raise _Overtaken
            _clear_away(session, [case_id for case_id, _ in plan.earlier.values()])
            added.put(session)
            spool.write(session.connection())
            coverage.add(session, checked.covers)
            journal.append(
                session,
                at=now,
                actor=officer.id if officer else ADMINISTRATOR,
                act=journal.Act.IMPORTED,
                new=checked.new,
                replaced=checked.replaced,
                unchanged=checked.unchanged,
                file=file_hash,
                covers={covered.period.year_label: covered.measures for covered in checked.covers},
            )
    except IntegrityError as error:
        raise NotStored from error


def _clear_away(session: AnySession, cases: list[str]) -> None:
    """Take away what an earlier import made of changed rows. Raises `_Overtaken` for a case worked on since."""
    for start in range(0, len(cases), 500):
        some = cases[start : start + 500]
        if worked_on(session, some):
            raise _Overtaken
        for table in reversed(TABLES):
            column = table.__table__.c.id if table is Case else table.__table__.c.case_id
            session.execute(
                delete(table).where(column.in_(some)), execution_options={"synchronize_session": False}
            )

"""What a register holds, what is wrong with it, and what an import of it would do here. Nothing is kept."""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from intake.counts.published import MEASURES
from intake.counts.quarters import Period
from intake.database import reading
from intake.models import Case, JournalLine, RegisterEntry, RegisterHeading
from intake.register import columns, limits
from intake.register import reading as files
from intake.register.checking import Checker, Edition, Fault, Row
from intake.services.cases import concerns
from intake.services.figures import coverage
from intake.services.figures.coverage import Covered, Span
from intake.services.ground import journal
from intake.services.ground.office import AnySession, Office
from intake.services.ground.roles import Officer
from intake.services.retention import tombstones

from . import rows as register_rows
from .rows import Maker

FAULTS_LISTED = 1_000
AT_ONCE = 1_000  # rows


@dataclass(frozen=True)
class Progress:
    """How far it has come, in rows; `total` 0: not known yet."""

    done: int
    total: int
    what: str


@dataclass(frozen=True)
class Checked:
    """What a file holds, and what an import does with it. Where there is a fault, nothing is imported.

    `faults` holds the first thousand of `fault_count`. `outside`: receipts at a stage of a year and measure
    that nobody recorded, which will therefore print "not recorded". `unread`: rows of cases that the importer
    does not read, which are told as new whatever is here.
    """

    faults: tuple[Fault, ...] = ()
    fault_count: int = 0
    unknown_headings: tuple[str, ...] = ()
    rows: int = 0
    by_kind: Mapping[str, int] = field(default_factory=dict)
    new: int = 0
    unchanged: int = 0
    replaced: int = 0
    unread: int = 0
    unanswered: int = 0
    covers: tuple[Covered, ...] = ()
    outside: tuple[tuple[str, str, int], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass
class Plan:
    """Which rows are to be written. `batches`: pickled lists of rows, so that a large file stays small.

    `earlier`: by register's reference, the id and our reference of the case that a changed row replaces. `left`:
    references of rows that the importer does not read and that are here already: they stay as they are.
    """

    layout: columns.Layout | None = None
    batches: list[bytes] = field(default_factory=list)
    rows: int = 0
    unchanged: set[str] = field(default_factory=set)
    earlier: dict[str, tuple[str, str]] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)
    last_import: int = 0


Steps = Iterator[Progress]
Checking = Generator[Progress, None, tuple[Checked, Plan]]


def check(
    office: Office,
    data: bytes,
    *,
    name: str = "",
    covers: Iterable[Covered] = (),
    mapping: Mapping[str, str] | None = None,
    officer: Officer | None = None,
    now: datetime,
) -> Checking:
    """Read a file and compare it with what is here: yields `Progress`, returns `Checked` and the `Plan`."""
    with reading(office.session):
        known = dict(office.session.execute(select(RegisterHeading.heading, RegisterHeading.column)).all())
    known |= {columns.plain(heading): column for heading, column in (mapping or {}).items()}
    found, plan = Checked(covers=tuple(covers)), Plan()
    faults = _Faults()
    editions = register_rows.editions(office)
    try:
        file = files.read(data, name)
        plan.layout = columns.lay_out(_headings(file.rows), known, _outcomes(editions))
        if plan.layout.faults:
            for heading in plan.layout.faults:
                faults.add(Fault(1, heading.text, heading.words))
            return faults.told(replace(found, unknown_headings=plan.layout.unknown)), plan
        checker = Checker(plan.layout, editions, office.today(now))
        yield from _sort(checker.check(file.rows), faults, plan, files.lines(data))
        found = replace(found, notes=(*file.notes, *_absent(plan.layout)))
    except limits.Unreadable as error:
        faults.add(Fault(error.row, "", str(error)))
    if faults.count:
        return faults.told(found), plan
    return (yield from compare(office, plan, found, officer=officer, now=now))


def compare(
    office: Office, plan: Plan, found: Checked, *, officer: Officer | None = None, now: datetime
) -> Checking:
    """Compare sound rows with what is here: yields `Progress`, returns `Checked` and a new `Plan`.

    A row is compared within the vault to which it would be sealed. An officer learns nothing of what is there
    of a vault that their role does not read; without an officer, every vault is compared.
    """
    plan = Plan(plan.layout, plan.batches, plan.rows)
    faults = _Faults()
    kinds: Counter[str] = Counter()
    receipts: Counter[tuple[str | None, date]] = Counter()
    rows = unanswered = unread = 0
    with reading(office.session):
        plan.last_import = last_import(office.session)
        known = office.session.scalar(select(RegisterEntry.reference).limit(1)) is not None
        first_time = not known and not tombstones.any_of_register(office.session)
        maker = Maker(office, {}, {}, office.today(now))
        recorded = _with_new(coverage.spans(office.session), found.covers)
    for packed in plan.batches:
        batch = pickle.loads(packed)  # noqa: S301 - we packed it ourselves, and it has never left our memory
        if not first_time:
            with reading(office.session):
                _compare_batch(office, maker, batch, plan, faults, officer)
        for row in batch:
            rows += 1
            unread += not concerns.reads(officer.role if officer else None, maker.vault(row))
            kinds[row.kind] += 1
            unanswered += register_rows.closed_on(row) is None
            receipts.update(maker.counted(row))
        yield Progress(rows, plan.rows, "Comparing")
    return faults.told(
        replace(
            found,
            rows=rows,
            by_kind={office.catalogue[kind].name: kinds[kind] for kind in sorted(kinds)},
            unchanged=len(plan.unchanged),
            replaced=len(plan.earlier),
            new=rows - len(plan.unchanged) - len(plan.earlier),
            unread=unread,
            unanswered=unanswered,
            outside=_outside(receipts, recorded),
        )
    ), plan


def last_import(session: AnySession) -> int:
    """The journal's line of the last import; 0 before the first."""
    mine = select(func.max(JournalLine.number)).where(
        JournalLine.case_id.is_(None), JournalLine.act == journal.Act.IMPORTED
    )
    return session.scalar(mine) or 0


def worked_on(session: AnySession, cases: Iterable[str]) -> set[str]:
    """The cases to which somebody has done something here: they stand in the journal by themselves."""
    return set(session.scalars(select(JournalLine.case_id).where(JournalLine.case_id.in_(cases))))


class _Faults:
    def __init__(self) -> None:
        self.listed: list[Fault] = []
        self.count = 0

    def add(self, fault: Fault) -> None:
        self.count += 1
        if len(self.listed) < FAULTS_LISTED:
            self.listed.append(fault)

    def told(self, found: Checked) -> Checked:
        return replace(found, faults=tuple(self.listed), fault_count=self.count)


def _headings(rows: Iterable[tuple[int, list[Any]]]) -> list[str]:
    first = next((row for _, row in rows if row), ())
    if not first:
        raise limits.Unreadable(files.EMPTY)
    if any(isinstance(cell, limits.Formula) for cell in first):
        raise limits.Unreadable("A heading is a formula. Replace it by its value.", 1)
    return [getattr(cell, "text", str(cell or "")) for cell in first]


def _outcomes(editions: Mapping[str, tuple[Edition, ...]]) -> frozenset[str]:
    return frozenset(label for some in editions.values() for one in some for label in one.outcomes)


def _absent(layout: columns.Layout) -> tuple[str, ...]:
    absent = [column for column in columns.COLUMNS if column not in layout.places]
    return (f"Left empty, for the file has no such column: {', '.join(absent)}.",) if absent else ()


def _sort(checked: Iterable[Row | Fault | None], faults: _Faults, plan: Plan, total: int) -> Steps:
    """Sound rows into the plan, as long as there is no fault."""
    batch: list[Row] = []
    sound = 0
    for count, one in enumerate(checked, start=1):
        if one is None or count % AT_ONCE == 0:
            yield Progress(sound, total, "Reading")
        if one is None:
            continue
        if isinstance(one, Fault):
            faults.add(one)
            batch, plan.batches = [], []
            continue
        sound += 1
        if not faults.count:
            batch.append(one)
        if len(batch) == AT_ONCE:
            plan.batches.append(pickle.dumps(batch))
            batch = []
    if batch:
        plan.batches.append(pickle.dumps(batch))
    plan.rows = sound
    if not sound and not faults.count:
        raise limits.Unreadable("There are no rows under the headings. Is this the right file?")


@dataclass(frozen=True)
class _Here:
    """A case that an earlier import made: its id and our reference, and what its row said in clear."""

    id: str
    reference: str
    facts: bytes


def _compare_batch(
    office: Office, maker: Maker, batch: list[Row], plan: Plan, faults: _Faults, officer: Officer | None
) -> None:
    session = office.session
    here: dict[str, _Here] = {}
    for vault in sorted({maker.vault(row) for row in batch}):
        references = [row.reference for row in batch if maker.vault(row) == vault]
        here |= _here(session, vault, references)
        # Destroyed when their time was over, and counted once: they do not come back.
        reads = concerns.reads(officer.role if officer else None, vault)
        (plan.unchanged if reads else plan.left).update(
            tombstones.of_register(office, session, vault, references)
        )
    changed = []
    for row in batch:
        entry = here.get(row.reference)
        if entry is None:
            continue
        if not concerns.reads(officer.role if officer else None, maker.vault(row)):
            plan.left.add(row.reference)
        elif entry.facts == register_rows.facts_of(row, maker.confidential(row)):
            plan.unchanged.add(row.reference)
        else:
            changed.append((row, entry))
    worked = worked_on(session, [entry.id for _, entry in changed])
    for row, entry in changed:
        if entry.id in worked:
            words = (
                f"This case is here already as {entry.reference} and has been worked on since, and the row now says "
                "something else. Leave the row out, and change the case itself."
            )
            heading = plan.layout.heading("reference") if plan.layout else ""
            faults.add(Fault(row.number, heading, words))
        else:
            plan.earlier[row.reference] = (entry.id, entry.reference)


def _here(session: AnySession, vault: str, references: list[str]) -> dict[str, _Here]:
    """What is here of a vault, by the register's reference, which stands once in a file."""
    asked = (
        select(RegisterEntry.reference, Case.id, Case.reference, RegisterEntry.facts)
        .join(Case, Case.id == RegisterEntry.case_id)
        .where(RegisterEntry.vault == vault, RegisterEntry.reference.in_(references))
    )
    return {theirs: _Here(case_id, ours, facts) for theirs, case_id, ours, facts in session.execute(asked)}


def _with_new(known: Iterable[Span], covers: Iterable[Covered]) -> dict[str, list[Span]]:
    spans: dict[str, list[Span]] = {measure: [] for measure in MEASURES}
    for span in (*known, *(span for covered in covers for span in covered.spans())):
        spans[span.measure].append(span)
    return spans


def _outside(
    receipts: Mapping[tuple[str | None, date], int], recorded: Mapping[str, list[Span]]
) -> tuple[tuple[str, str, int], ...]:
    outside: Counter[tuple[str, str]] = Counter()
    for (measure, day), number in receipts.items():
        if measure is not None and not any(span.holds(day) for span in recorded[measure]):
            outside[Period.of(day).year_label, measure] += number
    order = list(MEASURES)
    return tuple(
        (year, measure, number)
        for (year, measure), number in sorted(
            outside.items(), key=lambda pair: (pair[0][0], order.index(pair[0][1]))
        )
    )

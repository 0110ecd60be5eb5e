"""Between the rules and the tables: a case's standing read from its rows, and kept in them again.

The rules are in `intake.procedures`; nothing here decides. After each act the deadlines are worked out anew
from the events, and the steps that wait are put beside them: a step that was taken stays taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Date,
    Integer,
    Select,
    SQLColumnExpression,
    String,
    bindparam,
    cast,
    delete,
    literal,
    null,
    select,
    union_all,
)

from intake.models import NO_DAY, Base, Case, DeadlineRow, Event, Extension, Pause, StageReceipt, StepRow
from intake.procedures import workflow
from intake.procedures.clock import Deadline
from intake.procedures.definitions import Kind, Stage, Version
from intake.procedures.moves import Move, OpenNextStage, Refusal, SetDate
from intake.procedures.position import Place, Position, StepOf, owed, position
from intake.procedures.stages_reached import receipts
from intake.procedures.standing import Standing, opened
from intake.procedures.working_days import LONDON
from intake.procedures.working_days import Pause as PauseOfClock
from intake.services.ground.office import AnySession, Office
from intake.services.ground.refusals import Refused

from . import stage_receipts
from .filing import Rows

_CASE: BindParameter[str] = bindparam("case")
_NO_WORD, _NO_DAY, _NO_NUMBER = cast(null(), String), cast(null(), Date), cast(null(), Integer)


def _kept(
    kind: str,
    table: type[Event | StageReceipt | Extension | Pause],
    *,
    name: SQLColumnExpression[Any] = _NO_WORD,
    word: SQLColumnExpression[Any] = _NO_WORD,
    since: SQLColumnExpression[Any] = _NO_DAY,
    until: SQLColumnExpression[Any] = _NO_DAY,
    number: SQLColumnExpression[Any] = _NO_NUMBER,
) -> Select[Any]:
    asked: Select[Any] = select(literal(kind), name, word, since, until, number.label("number"))
    return asked.where(table.case_id == _CASE)


# What stands of a case, asked with every act and page: written once, and asked of its four tables at once.
_STANDS: CompoundSelect[Any] = union_all(
    _kept("event", Event, name=Event.name, since=Event.on),
    _kept("outcome", StageReceipt, name=StageReceipt.stage, word=StageReceipt.outcome),
    _kept("extension", Extension, name=Extension.deadline, until=Extension.until, number=Extension.number),
    _kept("pause", Pause, since=Pause.since, until=Pause.until, number=Pause.number),
).order_by("number")
_DEADLINES = select(DeadlineRow).where(DeadlineRow.case_id == _CASE)
_STEPS = select(StepRow).where(StepRow.case_id == _CASE)


@dataclass(frozen=True)
class NextDate:
    """A date by which something is due to the holder."""

    label: str
    on: date
    provisional: bool = False


def begin(
    office: Office, version: Version, received: datetime, *, now: datetime, response_date: date | None = None
) -> Standing:
    """The standing of a case that has just come in. Raises `Refused`."""
    standing = opened(version, received, office.calendar)
    if response_date is not None:
        standing = decided(standing, SetDate(office.today(now), response_date))
    return standing


def first_rows(case: Case, standing: Standing, reader: str) -> Rows:
    """What `keep` would write of a case that is not stored yet: nothing is there to be read or compared."""
    reached = position(standing)
    _place(case, reached.place)
    return {
        Event: [{"case_id": case.id, "name": name, "on": day} for name, day in standing.events.items()],
        StageReceipt: stage_receipts.first_rows(case, reached.receipts, reader),
        DeadlineRow: [_deadline_row(case.id, deadline) for deadline in reached.deadlines],
        StepRow: [
            {"case_id": case.id, **step._asdict(), "falls_on": rung.falls_on}
            for step, rung in reached.steps.items()
        ],
    }


def decided(before: Standing, move: Move) -> Standing:
    """The standing after a move. Raises `Refused` with the rule's own words."""
    after = workflow.decide(before, move)
    if isinstance(after, Refusal):
        raise Refused(after.reason)
    return after


def standing(office: Office, case: Case) -> Standing:
    """Where a case stands, from its rows."""
    version, mine = version_of(office, case), {"case": case.id}
    kept: dict[str, list[list[Any]]] = {"event": [], "outcome": [], "extension": [], "pause": []}
    for kind, *told, _ in office.session.execute(_STANDS, mine):
        kept[kind].append(told)
    return Standing(
        version=version,
        received=_moment_of_receipt(case, version),
        calendar=office.calendar,
        events={name: on for name, _, on, _ in kept["event"]},
        extensions={deadline: until for deadline, _, _, until in kept["extension"]},
        pauses=tuple(PauseOfClock(since, until) for _, _, since, until in kept["pause"]),
        handler=case.handler_id,
        outcomes={stage: outcome for stage, outcome, _, _ in kept["outcome"] if outcome},
        closed_on=case.closed_on,
    )


def version_of(office: Office, case: Case) -> Version:
    """The version that a case keeps for good."""
    return office.catalogue[case.procedure].version(case.version)


def keep(office: Office, case: Case, before: Standing, after: Standing, *, on: date | None = None) -> None:
    """Write a standing to its rows, inside the caller's transaction; `on` is the day of the act.

    `before` was read in the same transaction: of events, extensions and pauses only what differs is written.
    """
    session, reached = office.session, position(after)
    _place(case, reached.place)
    case.revision += 1
    if case.handler_id and case.allocated_on is None:
        case.allocated_on = on
    if before.version is not after.version:
        stage_receipts.note_reclassified(session, case, before, after, on)  # type: ignore[arg-type]  # acts have a day
        for table in (Event, StageReceipt):
            session.execute(delete(table).where(table.case_id == case.id))
    past = before.events if before.version is after.version else {}
    for name, day in after.events.items():
        if past.get(name) != day:
            _put(session, Event(case_id=case.id, name=name, on=day), anew=name in past)
    _keep_extensions(session, case, before.extensions, after, on)
    for number, pause in enumerate(after.pauses):
        if before.pauses[number : number + 1] != (pause,):
            row = Pause(case_id=case.id, number=number, since=pause.since, until=pause.until)
            _put(session, row, anew=number < len(before.pauses))
    stage_receipts.keep(office, case, after.version, reached.receipts, extended=bool(after.extensions))
    _rework(session, case, reached)


def climb(case: Case, level: int) -> None:
    """A step of an escalation was taken: the case stands as high as its highest."""
    case.escalation = max(case.escalation, level)


def rework(office: Office, case: Case) -> None:
    """Work out the stored deadlines, steps and level of a case anew, inside the caller's transaction."""
    reached = position(standing(office, case))
    _place(case, reached.place)
    _rework(office.session, case, reached)


def place_anew(office: Office, case: Case) -> None:
    """Say anew in which lists a case stands, inside the caller's transaction."""
    _place(case, position(standing(office, case)).place)


def restate(office: Office, case: Case, first_allocated: date | None) -> None:
    """State what a case is counted as anew, inside the caller's transaction. `first_allocated`: where no row says."""
    now = standing(office, case)
    case.allocated_on = case.allocated_on or first_allocated
    stage_receipts.keep(office, case, now.version, receipts(now), extended=bool(now.extensions))


def dates_for_holder(office: Office, case: Case) -> tuple[NextDate, ...]:
    """The dates still owed to the holder, the earliest first."""
    return dates_owed(standing(office, case))


def dates_owed(now: Standing) -> tuple[NextDate, ...]:
    """The same, of a standing that was read already."""
    return tuple(
        NextDate(deadline.label, deadline.due, deadline.provisional)
        for deadline in sorted(owed(now.deadlines), key=lambda deadline: deadline.due)
    )


def next_stage_to_ask_for(now: Standing, today: date) -> tuple[Stage, date | None] | None:
    """The stage that the holder may ask for now, and the day by which guidance expects it."""
    stage = now.next_stage
    if stage is None or isinstance(workflow.decide(now, OpenNextStage(today, reason="asked for")), Refusal):
        return None
    event = now.version.own_event(Kind.OPEN_STAGE, stage.id).id
    by = [deadline.due for deadline in now.deadlines if event in now.version.limit(deadline.id).met_by]
    return stage, min(by, default=None)


def ombudsman_is_next(now: Standing) -> bool:
    """Whether the procedure is at its end, so that the holder may go to the Ombudsman."""
    return now.settled and now.next_stage is None and now.version.signpost is not None


def state_in_words(now: Standing) -> str:
    """One sentence that tells the holder where the case stands."""
    if now.closed_on:
        return f"This case was closed on {now.closed_on:%-d %B %Y}."
    if now.settled:
        return "We have answered. You can read our answer below."
    if now.open_pause:
        return f"The clock has stood still since {now.open_pause.since:%-d %B %Y}, while we wait for consent."
    acknowledged = now.version.event_of(Kind.ACKNOWLEDGE, now.stage.id)
    if now.handler:
        return "An officer is working on it."
    if acknowledged and acknowledged.id in now.events:
        return "We have read it and are finding the right person to work on it."
    return "We have received it. Nobody has been asked to work on it yet."


def _moment_of_receipt(case: Case, version: Version) -> datetime:
    """Only the day is stored; on the day of a cut-over the version tells which side of it the case was."""
    start = datetime.combine(case.received_on, time(), tzinfo=LONDON)
    if version.received_from and version.received_from.date() == case.received_on:
        return max(start, version.received_from)
    return start


def _keep_extensions(
    session: AnySession, case: Case, before: Mapping[str, date], after: Standing, on: date | None
) -> None:
    for deadline, until in after.extensions.items():
        if before.get(deadline) != until:
            past = session.scalars(
                select(Extension.number).where(Extension.case_id == case.id, Extension.deadline == deadline)
            ).all()
            session.add(
                Extension(case_id=case.id, deadline=deadline, number=len(past), until=until, agreed_on=on)
            )


def _place(case: Case, place: Place) -> None:
    case.procedure, case.version, case.stage = place.procedure, place.version, place.stage
    case.handler_id, case.closed_on = place.handler_id, place.closed_on
    case.next_due, case.next_deadline = place.next_due, place.next_deadline
    case.answered_on = place.answered_on
    case.list_day = place.closed_on or place.answered_on or place.next_due or NO_DAY
    case.set_aside = case.set_aside and place.handler_id is None and place.closed_on is None


def _put(session: AnySession, row: Base, *, anew: bool) -> None:
    """Write a row; `anew`: over the one that has its key."""
    if anew:
        session.merge(row)
    else:
        session.add(row)


def _rework(session: AnySession, case: Case, reached: Position) -> None:
    with session.no_autoflush:  # nothing of it is asked for before all of it is written
        _rework_deadlines(session, case, reached)
        _rework_steps(session, case, reached)
    session.flush()


def _rework_deadlines(session: AnySession, case: Case, reached: Position) -> None:
    rows = session.scalars(_DEADLINES, {"case": case.id}).all()
    over = {row.deadline: row for row in rows}
    for deadline in reached.deadlines:
        row = DeadlineRow(**_deadline_row(case.id, deadline))
        _put(session, row, anew=over.pop(deadline.id, None) is not None)
    for row in over.values():
        session.delete(row)


def _deadline_row(case_id: str, deadline: Deadline) -> dict[str, object]:
    return {
        "case_id": case_id,
        "deadline": deadline.id,
        "stage": deadline.stage,
        "due": deadline.due,
        "latest": deadline.latest,
        "provisional": deadline.provisional,
        "met_on": deadline.met_on,
    }


def _rework_steps(session: AnySession, case: Case, reached: Position) -> None:
    """The steps that wait are put anew; the case stands as high as the highest taken for a date still owed."""
    missing, case.escalation = dict(reached.steps), 0
    for row in session.scalars(_STEPS, {"case": case.id}).all():
        key = StepOf(row.deadline, row.step, row.due)
        rung = reached.steps.get(key)
        missing.pop(key, None)
        if row.taken_at is not None and rung:
            climb(case, rung.level)
        elif row.taken_at is None and rung:
            row.falls_on = rung.falls_on
        elif row.taken_at is None:
            session.delete(row)
    for step, rung in missing.items():
        session.add(StepRow(case_id=case.id, **step._asdict(), falls_on=rung.falls_on))

"""Between the rules and the tables: a case's standing read from its rows, and kept in them again.

The rules are in `intake.procedures`; nothing here decides. After each act the deadlines are worked out anew
from the events, and the steps that wait are put beside them: a step that was taken stays taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time
from functools import lru_cache
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
from intake.procedures import outlook, workflow
from intake.procedures.clock import Deadline
from intake.procedures.definitions import Version
from intake.procedures.moves import Close, Move, OpenNextStage, Refusal, SetDate
from intake.procedures.position import Place, Position, StepOf, position
from intake.procedures.stages_reached import receipts
from intake.procedures.standing import Standing, opened
from intake.procedures.working_days import LONDON, Calendar, local_date, say
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
    _kept("refusal", StageReceipt, word=StageReceipt.refusal).where(StageReceipt.refusal.is_not(None)),
    _kept("extension", Extension, name=Extension.deadline, until=Extension.until, number=Extension.number),
    _kept("pause", Pause, since=Pause.since, until=Pause.until, number=Pause.number),
).order_by("number")
_DEADLINES = select(DeadlineRow).where(DeadlineRow.case_id == _CASE)
_STEPS = select(StepRow).where(StepRow.case_id == _CASE)


@dataclass(frozen=True)
class Beginning:
    """A case that has just come in, whatever it is about: the dates owed to its holder, what its own row keeps of its
    standing, and the rows beside it, but for what they carry of the case.
    """

    received_on: date
    next_dates: tuple[outlook.NextDate, ...]
    placed: dict[str, object]
    rows: Rows


def begin(
    office: Office, version: Version, received: datetime, *, now: datetime, response_date: date | None = None
) -> Beginning:
    """What a version makes of a case that has just come in. Raises `Refused`."""
    day = local_date(received)
    if response_date is None:
        return _begun(version, day, office.calendar)
    return _beginning(
        decided(_opened(version, day, office.calendar), SetDate(office.today(now), response_date))
    )


@lru_cache(maxsize=128)  # the same for all that comes in on a day; nothing of who sent it, or when, is kept
def _begun(version: Version, day: date, calendar: Calendar) -> Beginning:
    return _beginning(_opened(version, day, calendar))


def _opened(version: Version, day: date, calendar: Calendar) -> Standing:
    return opened(version, datetime.combine(day, time(), tzinfo=LONDON), calendar)


def _beginning(standing: Standing) -> Beginning:
    """What `keep` would write of a case that is not stored yet: nothing is there to be read or compared."""
    reached = position(standing)
    return Beginning(
        received_on=local_date(standing.received),
        next_dates=outlook.dates_owed(standing),
        placed=asdict(reached.place) | {"list_day": _list_day(reached.place)},
        rows={
            Event: [{"name": name, "on": day} for name, day in standing.events.items()],
            StageReceipt: [stage_receipts.first_row(receipt) for receipt in reached.receipts],
            DeadlineRow: [_deadline_row(deadline) for deadline in reached.deadlines],
            StepRow: [
                step._asdict() | {"falls_on": rung.falls_on, "taken_at": None}
                for step, rung in reached.steps.items()
            ],
        },
    )


def first_rows(case: dict[str, object], begun: Beginning) -> Rows:
    """The row of a new case and those beside it."""
    key = {"case_id": case["id"]}
    of_receipts = key | {name: case[name] for name in stage_receipts.OF_THE_CASE}
    return {Case: [case | begun.placed]} | {
        table: [row | (of_receipts if table is StageReceipt else key) for row in rows]
        for table, rows in begun.rows.items()
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
    kept: dict[str, list[list[Any]]] = {
        "event": [],
        "outcome": [],
        "refusal": [],
        "extension": [],
        "pause": [],
    }
    for kind, *told, _ in office.session.execute(_STANDS, mine):
        kept[kind].append(told)
    received_on = next((on for name, _, on, _ in kept["event"] if name == "received"), case.received_on)
    return Standing(
        version=version,
        received=_moment_of_receipt(received_on, version),
        calendar=office.calendar,
        events={name: on for name, _, on, _ in kept["event"]},
        extensions={deadline: until for deadline, _, _, until in kept["extension"]},
        pauses=tuple(PauseOfClock(since, until) for _, _, since, until in kept["pause"]),
        handler=case.handler_id,
        outcomes={stage: outcome for stage, outcome, _, _ in kept["outcome"] if outcome},
        closed_on=case.closed_on,
        refused_for=next((ground for _, ground, _, _ in kept["refusal"]), ""),
    )


def version_of(office: Office, case: Case) -> Version:
    """The version that a case keeps for good."""
    return office.catalogue[case.procedure].version(case.version)


def keep(office: Office, case: Case, before: Standing, after: Standing, *, on: date | None = None) -> None:
    """Write a standing to its rows, inside the caller's transaction; `on` is the day of the act.

    `before` was read in the same transaction: of events, extensions and pauses only what differs is written.
    """
    session = office.session
    if case.stage_asked_on and _was_decided(before, after):
        case.stage_asked_on = None
    reached = _reached(case, after)
    _place(case, reached.place)
    case.revision += 1
    if case.handler_id and case.allocated_on is None:
        case.allocated_on = on
    if before.version is not after.version:
        stage_receipts.note_reclassified(session, case, before, after, on)  # type: ignore[arg-type]  # acts have a day
        for table in (
            Event,
            StageReceipt,
            Extension,
            Pause,
        ):  # the journal keeps what was done under the old rules
            session.execute(delete(table).where(table.case_id == case.id))
    past = before.events if before.version is after.version else {}
    for name, day in after.events.items():
        if past.get(name) != day:
            _put(session, Event(case_id=case.id, name=name, on=day), anew=name in past)
    _keep_extensions(session, case, before.extensions, after, on)
    for name in past.keys() - after.events.keys():  # an answer given anew, and taken up once more
        session.execute(delete(Event).where(Event.case_id == case.id, Event.name == name))
    for number, pause in enumerate(after.pauses):
        if before.pauses[number : number + 1] != (pause,):
            row = Pause(case_id=case.id, number=number, since=pause.since, until=pause.until)
            _put(session, row, anew=number < len(before.pauses))
    stage_receipts.keep(office, case, after.version, reached.receipts, extended=bool(after.extensions))
    _rework(session, case, reached)


def begin_anew(office: Office, case: Case, before: Standing, version: Version, *, on: date) -> None:
    """Start the clock of a case under the rules of another team, inside the caller's transaction: it counts from `on`,
    the day on which that team received it. What was moved, paused, owed, taken or escalated under the old rules leaves
    the rows; `case` carries already what its receipts at a stage are counted by.
    """
    session = office.session
    for table in (Extension, Pause, DeadlineRow, StepRow):
        session.execute(delete(table).where(table.case_id == case.id))
    case.stage_asked_on = case.allocated_on = None
    received = datetime.combine(on, time(), tzinfo=LONDON)
    keep(office, case, before, Standing(version, received, office.calendar, {"received": on}), on=on)


def left_undecided(case: Case, move: type[Move]) -> bool:
    """Whether an act would put away a case whose holder waits to hear of the next stage."""
    return case.stage_asked_on is not None and move is Close


def heeds_the_request(case: Case, move: Move) -> Move:
    """A move that opens the next stage counts from the day on which the holder asked.

    Raises `Refused` for a later day, and for closing a case whose next stage was asked for.
    """
    if case.stage_asked_on and left_undecided(case, type(move)):
        asked = say(case.stage_asked_on)
        raise Refused(
            f"The holder asked for the next stage on {asked}. Open it or refuse it before you close the case."
        )
    if not isinstance(move, OpenNextStage) or case.stage_asked_on is None:
        return move
    if move.happened and move.happened > case.stage_asked_on:
        raise Refused(
            f"The holder asked for it on {say(case.stage_asked_on)}, and its dates count from that day. Give that day "
            "or an earlier one."
        )
    return replace(move, happened=move.happened or case.stage_asked_on)


def climb(case: Case, level: int) -> None:
    """A step of an escalation was taken: the case stands as high as its highest."""
    case.escalation = max(case.escalation, level)


def rework(office: Office, case: Case) -> None:
    """Work out the stored deadlines, steps and level of a case anew, inside the caller's transaction."""
    reached = _reached(case, standing(office, case))
    _place(case, reached.place)
    _rework(office.session, case, reached)


def place_anew(office: Office, case: Case) -> None:
    """Say anew in which lists a case stands, inside the caller's transaction."""
    _place(case, _reached(case, standing(office, case)).place)


def restate(office: Office, case: Case, first_allocated: date | None) -> None:
    """State what a case is counted as anew, inside the caller's transaction. `first_allocated`: where no row says."""
    now = standing(office, case)
    case.allocated_on = case.allocated_on or first_allocated
    stage_receipts.keep(office, case, now.version, receipts(now), extended=bool(now.extensions))


def dates_for_holder(office: Office, case: Case) -> tuple[outlook.NextDate, ...]:
    """The dates still owed to the holder, the earliest first."""
    return outlook.dates_owed(standing(office, case))


def _moment_of_receipt(day: date, version: Version) -> datetime:
    """Only the day is stored; on the day of a cut-over the version tells which side of it the case was."""
    start = datetime.combine(day, time(), tzinfo=LONDON)
    if version.received_from and version.received_from.date() == day:
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
            beyond = any(one.id == deadline and one.beyond for one in after.deadlines)
            row = Extension(case_id=case.id, deadline=deadline, number=len(past), until=until, beyond=beyond)
            row.agreed_on = on  # type: ignore[assignment]  # acts have a day
            session.add(row)


def _was_decided(before: Standing, after: Standing) -> bool:
    """Whether an act answers the request for the next stage: it is open, was refused, or there is none any more."""
    if before.version is not after.version or before.stage is not after.stage or outlook.withdrawn(after):
        return True
    return outlook.refused_on(after) is not None


def _reached(case: Case, now: Standing) -> Position:
    """What the tables keep; of a case whose holder asked for the next stage with the dates of that stage, so that they
    are seen and told of before anybody has opened it.
    """
    reached = position(now)
    asked = outlook.as_asked(now, case.stage_asked_on)
    if asked is now:
        return reached
    then = position(asked)
    dates = {name: getattr(then.place, name) for name in ("next_due", "next_deadline", "answered_on")}
    place = replace(reached.place, **dates)
    return replace(reached, place=place, deadlines=then.deadlines, steps=then.steps)


def _place(case: Case, place: Place) -> None:
    case.procedure, case.version, case.stage = place.procedure, place.version, place.stage
    case.handler_id, case.closed_on = place.handler_id, place.closed_on
    case.next_due, case.next_deadline = place.next_due, place.next_deadline
    case.answered_on = place.answered_on
    case.list_day = _list_day(place)
    case.set_aside = case.set_aside and place.handler_id is None and place.closed_on is None


def let_go(case: Case) -> None:
    """Nobody handles a case any more: whoever did cannot open it."""
    case.handler_id = None


def _list_day(place: Place) -> date:
    return place.closed_on or place.answered_on or place.next_due or NO_DAY


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
        row = DeadlineRow(case_id=case.id, **_deadline_row(deadline))
        _put(session, row, anew=over.pop(deadline.id, None) is not None)
    for row in over.values():
        session.delete(row)


def _deadline_row(deadline: Deadline) -> dict[str, object]:
    return {
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

"""Return: the receipt opens the state of the case and the replies, without an account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from intake.database import reading, writing
from intake.models import Record
from intake.procedures import aftercare, outlook
from intake.procedures.definitions import Kind
from intake.procedures.outlook import NextDate
from intake.procedures.standing import Standing
from intake.services.cases import concerns, history, timekeeping
from intake.services.cases.words import Answer, reason_for, submitted
from intake.services.ground import sealing
from intake.services.ground.office import Office
from intake.services.ground.refusals import NotStored
from intake.services.ground.sealing import readers_of
from intake.services.points.reading import KINDS, PURPOSE, Shown, Statement, read, shown

from . import answering, detriment
from .asking import DETAILS, NEXT_STAGE, TAKE_BACK, WITHDRAW
from .holding import ASKS, MISTYPED, Held, add, check_takes_words, find, pressed, settle, size, waits

__all__ = ["MISTYPED", "HeldCase", "open_case", "reference_of", "write"]


@dataclass(frozen=True)
class HistoryLine:
    """Something that was done, the day, and why, where the holder was told."""

    on: date
    text: str
    why: str = ""


@dataclass(frozen=True)
class Message:
    """One message; `text` is None where the holder's own words are not shown again."""

    ours: bool
    written_on: date
    heading: str
    text: str | None


@dataclass(frozen=True)
class Asked:
    """What the holder asked for on a day, and what came of it so far."""

    on: date
    what: str
    answer: str


@dataclass(frozen=True)
class HeldCase:
    """A case as its holder sees it. `line`: where whoever deals with it can be telephoned, empty where none is given.

    `unnamed`: nobody was named. It is never told of a concern: whoever finds its code must not learn of a name.
    """

    reference: str
    procedure_name: str
    state: str
    stage_name: str
    received_on: date
    handler_name: str | None
    line: str
    readers: str
    unnamed: bool
    words: tuple[Answer, ...] | None
    points: tuple[Shown, ...]
    statement: Statement | None
    dates: tuple[NextDate, ...]
    history: tuple[HistoryLine, ...]
    messages: tuple[Message, ...]
    asked: tuple[Asked, ...]
    closed_on: date | None
    may_write: bool
    may_withdraw: bool
    stage_asked_on: date | None
    next_stage: str | None
    next_stage_by: date | None
    ombudsman: bool
    signpost: str
    question: answering.Question | None
    after: aftercare.Check | None  # of a closed concern: whether speaking up did harm
    asked_next: date | None  # from which day on that is asked next


def open_case(office: Office, code: str, *, now: datetime) -> HeldCase:
    """The case that a receipt opens. Raises `ReceiptMistyped`, `ReceiptUnknown` or `Damaged`."""
    with reading(office.session):
        held = find(office, code)
        shown, waiting = _shown(office, held, now), waits(held)
    if waiting:
        _take_in(office, code)
    return shown


def reference_of(office: Office, code: str) -> str:
    """The reference of the case that a receipt finds and whose keys it opens; nothing that was written is read.

    Raises as `open_case`.
    """
    with reading(office.session):
        held = find(office, code)
        reference, waiting = held.case.reference, waits(held)
    if waiting:
        _take_in(office, code)
    return reference


def _take_in(office: Office, code: str) -> None:
    """Whoever comes back after their case went to another team: what was posted to their code is sealed to it alone. A
    database that cannot be written to now is no reason to refuse them: it is tried at their next visit.
    """
    try:
        with writing(office.session):
            settle(office, find(office, code))
    except NotStored:
        return


def write(office: Office, code: str, text: str, *, token: str, now: datetime) -> None:
    """A message from the holder; the same token is stored once. What was withdrawn still takes messages.

    Raises as `open_case`, and `CaseClosedToMessages`, `NoRoom` or `NotStored`.
    """
    with writing(office.session):
        held = find(office, code)
        if pressed(office, held, token):
            return
        check_takes_words(office, held)
        office.budget.take(office.settings, size(text), now=now, number=0)
        add(office, held, {"heading": "", "text": text}, token, now)


@dataclass(frozen=True)
class _Said:
    """A message that the holder may read, opened."""

    record: Record
    content: dict[str, Any]

    @property
    def ours(self) -> bool:
        return self.record.written_by != "holder"


def _shown(office: Office, held: Held, now: datetime) -> HeldCase:
    session, case, today = office.session, held.case, office.today(now)
    procedure = office.catalogue[case.procedure]
    version = procedure.version(case.version)
    standing = timekeeping.standing(office, case)
    asked = outlook.as_asked(standing, case.stage_asked_on)
    may_ask = None if case.stage_asked_on else outlook.next_stage_to_ask_for(standing, today)
    kinds = ("submission", *KINDS) if held.readable else ()
    written = sealing.records(session, case.id, "message", answering.QUESTION, answering.ANSWER, *kinds)
    complaint = read(held.keys[PURPOSE], written)
    said = _said(held, written)
    checks = detriment.asked_of(office, case, written)
    letters = [one.content["text"] for one in said if one.ours]
    named = case.level == "named" and held.readable
    return HeldCase(
        reference=case.reference,
        procedure_name=procedure.name,
        state=_state(standing, asked, case.stage_asked_on, of_a_concern=concerns.is_one(procedure)),
        stage_name=version.stage(case.stage).label,
        received_on=case.received_on,
        handler_name=held.handler_name if named else None,
        line=_line(office, held, named=named),
        readers=readers_of(office, case),
        unnamed=held.readable and case.level == "anonymous",
        words=_words(held, written) if held.readable else None,
        points=shown(version, complaint),
        statement=complaint.statement,
        dates=_dates(asked, said, letters),
        history=_history(office, held, standing, letters),
        messages=_messages(written, said),
        asked=_asked(standing, asked, said),
        closed_on=case.closed_on,
        may_write=case.closed_on is None or outlook.withdrawn(standing),
        may_withdraw=_may_withdraw(held, standing, today),
        stage_asked_on=case.stage_asked_on,
        next_stage=may_ask[0].label if may_ask else None,
        next_stage_by=may_ask[1] if may_ask else None,
        ombudsman=outlook.ombudsman_is_next(standing),
        signpost=version.signpost.words if version.signpost else "",
        question=answering.asked(held, written),
        after=aftercare.waiting(checks, today),
        asked_next=aftercare.coming(checks, today),
    )


def _may_withdraw(held: Held, standing: Standing, today: date) -> bool:
    if not held.readable:
        return held.case.closed_on is None
    return held.case.stage_asked_on is not None or outlook.may_withdraw(standing, today)


def _line(office: Office, held: Held, *, named: bool) -> str:
    """Of a named complaint the handler's own line; of a concern the one that the monitoring officer has published,
    unless it is about that officer.
    """
    if not held.readable:
        published = concerns.tells_the_published_line(held.case.reader)
        return office.settings.monitoring_officer_line if published else ""
    return held.direct_line if named and held.handler_name else ""


def _state(standing: Standing, asked: Standing, asked_on: date | None, *, of_a_concern: bool) -> str:
    if of_a_concern:
        return outlook.concern_in_words(standing)
    if asked is standing or asked_on is None:
        return outlook.state_in_words(standing)
    return f"You asked for the next stage on {asked_on:%-d %B %Y}. We open it, or write to you why not."


def _said(held: Held, written: Sequence[Record]) -> tuple[_Said, ...]:
    """The messages that the holder may read: of a concern ours alone."""
    key = held.keys["conversation"]
    return tuple(
        _Said(record, sealing.read_record(key, record))
        for record in written
        if record.kind == "message" and (held.readable or record.written_by != "holder")
    )


def _messages(written: Sequence[Record], said: Sequence[_Said]) -> tuple[Message, ...]:
    opened = {one.record.place: one for one in said}
    shown = []
    for record in (one for one in written if one.kind == "message"):
        one = opened.get(record.place)
        if one is None:
            shown.append(Message(False, record.written_on, "", None))
        else:
            content = one.content
            shown.append(Message(one.ours, record.written_on, content["heading"], content["text"]))
    return tuple(shown)


def _dates(asked: Standing, said: Sequence[_Said], letters: Sequence[str]) -> tuple[NextDate, ...]:
    """The dates that are owed, each with the reason for its change in the words of our letter."""
    by_label = {deadline.label: deadline for deadline in asked.deadlines}
    dates = []
    for owed in outlook.dates_owed(asked):
        deadline, why = by_label[owed.label], []
        until = asked.extensions.get(deadline.id)
        if until and (reason := reason_for(owed.label, until, letters)):
            why.append(f"We moved it to {until:%-d %B %Y}: {reason}")
        elif until:
            why.append(f"We moved it to {until:%-d %B %Y}.")
        if deadline.paused_since:
            waits = [one for one in said if one.ours and one.record.written_on == deadline.paused_since]
            told = next((one.content["text"] for one in waits if "consent" in one.content["heading"]), "")
            why.append(f"The clock has stood still since {deadline.paused_since:%-d %B %Y}. {told}".strip())
        dates.append(replace(owed, why=tuple(why)))
    return tuple(dates)


def _asked(standing: Standing, asked: Standing, said: Sequence[_Said]) -> tuple[Asked, ...]:
    """What the holder asked for, and what came of it, the newest first; nothing of a concern: it is not read back."""
    asks = [one for one in said if not one.ours and ASKS in one.content]
    of_stages = [one for one in asks if one.content[ASKS] in (NEXT_STAGE, TAKE_BACK)]
    # Before another stage can be asked for, a request is opened, refused or taken back.
    taken = {
        request.record.place
        for request, then in pairwise(of_stages)
        if (request.content[ASKS], then.content[ASKS]) == (NEXT_STAGE, TAKE_BACK)
    }
    found = []
    for one in asks:
        what, answer = _came_of_it(standing, asked, one.content, taken=one.record.place in taken)
        found.append(Asked(one.record.written_on, what, answer))
    return tuple(reversed(found))


_AT_ONCE = {
    WITHDRAW: ("To withdraw it", "Done the same day: we closed it and wrote to you."),
    TAKE_BACK: ("To take back your request", "Done the same day: our answer stands."),
}


def _came_of_it(
    standing: Standing, asked: Standing, content: dict[str, Any], *, taken: bool
) -> tuple[str, str]:
    kind = content[ASKS]
    if kind == DETAILS:
        return content["heading"], "Done: they lie sealed beside what you had told us."
    if kind != NEXT_STAGE:
        return _AT_ONCE[kind]
    version, stage = standing.version, content.get("stage", "")
    label = version.stage(stage).label if stage in {one.id for one in version.stages} else "The next stage"
    opened, refused = (
        next(
            (standing.events[e.id] for e in version.events if _is(e, of, stage) and e.id in standing.events),
            None,
        )
        for of in (Kind.OPEN_STAGE, Kind.REFUSE_STAGE)
    )
    if taken:
        return label, "You took it back."
    if opened:
        return label, "We opened it. Its dates count from the day on which you asked."
    if refused:
        return label, f"We refused it on {refused:%-d %B %Y}. Our letter of that day says why."
    first = min((date.on for date in outlook.dates_owed(asked)), default=None)
    by = f" You hear from us by {first:%-d %B %Y}." if first and asked is not standing else ""
    return label, f"We open it, or write to you why not.{by} Its dates count from the day on which you asked."


def _is(event: Any, kind: Kind, stage: str) -> bool:
    return event.kind is kind and event.stage == stage


def _words(held: Held, written: Sequence[Record]) -> tuple[Answer, ...]:
    sent = next((record for record in written if (record.kind, record.place) == ("submission", 0)), None)
    return submitted(held.keys["submission"], sent)


def _history(
    office: Office, held: Held, standing: Standing, letters: Sequence[str]
) -> tuple[HistoryLine, ...]:
    """What was done, for the holder: who did it and how far it was escalated is not their concern."""
    entries = history.entries(office, held.case, standing, {}, held.register)
    return tuple(
        HistoryLine(entry.on, entry.text, reason_for(*entry.moved, letters) if entry.moved else "")
        for entry in entries
        if entry.kind in history.FOR_THE_HOLDER
    )

"""What happened to a case, in the order in which it happened.

Events are kept to the day, so their order within a day comes from the journal line of the act that brought
each about; what the holder did stands right after the event that it follows.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from intake.models import Case, JournalLine, RegisterEntry
from intake.procedures.definitions import Event, Kind, Version
from intake.procedures.standing import Standing
from intake.services.ground import journal
from intake.services.ground.journal import Act
from intake.services.ground.office import Office

ACT_OF = {
    Kind.ACKNOWLEDGE: Act.ACKNOWLEDGE,
    Kind.RESPOND: Act.RESPOND,
    Kind.ANSWER_ANEW: Act.RESPOND,
    Kind.OPEN_STAGE: Act.OPEN_NEXT_STAGE,
    Kind.REFUSE_STAGE: Act.REFUSE_NEXT_STAGE,
    Kind.RECORD: Act.RECORD,
    Kind.PAUSE: Act.PAUSE_CLOCK,
    Kind.RESUME: Act.RESUME_CLOCK,
}
# Told in the journal's own words; what else an act brought about is told by its event, or is nobody's history.
IN_ITS_WORDS = frozenset(
    {
        Act.CLOSE,
        Act.REOPEN,
        Act.TAKE_UP_AGAIN,
        Act.WITHDRAW,
        Act.REFUSE,
        Act.TRIAGED,
        Act.ASSESSED,
        Act.SIGNED_OFF,
        Act.OPENED_IDENTITY,
        Act.RECLASSIFY,
        Act.CLASSIFIED,
        Act.SUMMARISED,
        Act.WORDS_RELEASED,
        Act.WORDS_HELD_BACK,
        Act.GOVERNANCE,
        Act.PRESCRIBED,
        Act.COPY_MADE,
        Act.STATEMENT_CHANGED,
    }
)
TOLD_BY_ITS_ACTS = frozenset({Kind.ARRANGE, Kind.TAKE_UP_AGAIN})  # it may happen more than once
# Told by the events of a case's rules; of those under which it was before, by these.
OF_OTHER_RULES = frozenset({Act.RECORD, Act.PAUSE_CLOCK, Act.RESUME_CLOCK, Act.SET_DATE})
OF_NO_RULE = {"inquiry": "A date of the inquiry,"}
FOR_THE_HOLDER = frozenset(
    {
        "event",
        Act.EXTEND,
        Act.CLOSE,
        Act.REOPEN,
        Act.TAKE_UP_AGAIN,
        Act.RESPOND,
        Act.WITHDRAW,
        Act.STATEMENT_CHANGED,
        Act.REFUSE,
    }
)


@dataclass(frozen=True)
class HistoryEntry:
    """Something that happened: the day, in words, who did it (empty: the holder, or the tick), what kind."""

    on: date
    text: str
    by: str
    kind: str
    moved: tuple[str, date] | None = None  # the label of a date, and to when it was moved


def entries(
    office: Office, case: Case, standing: Standing, names: Mapping[str, str], register: RegisterEntry | None
) -> tuple[HistoryEntry, ...]:
    """The history of a case, the earliest first. `names`: of the accounts by which acts are told; `register`: the
    row of which the case was made.
    """
    query = select(JournalLine).where(JournalLine.case_id == case.id).order_by(JournalLine.number)
    lines = _since_it_came_here(office.session.scalars(query).all())
    spoken_for: set[int] = set()
    ranked = _events(office, standing, lines, names, spoken_for, case.received_on)
    ranked += _acts(office, standing.version, lines, names, spoken_for)
    ranked += _taken_over(register) + _withdrawn_by_the_holder(standing, lines) + _came_first(case, standing)
    return tuple(entry for _, entry in sorted(ranked, key=lambda pair: (pair[1].on, pair[0])))


def _since_it_came_here(lines: Sequence[JournalLine]) -> Sequence[JournalLine]:
    """What another team did, and who did it there, is told in sealed words alone, where it is told."""
    passed = [place for place, line in enumerate(lines) if line.act == Act.REROUTED]
    return lines[passed[-1] + 1 :] if passed else lines


def _events(
    office: Office,
    standing: Standing,
    lines: Sequence[JournalLine],
    names: Mapping[str, str],
    spoken_for: set[int],
    received_on: date,
) -> list[tuple[float, HistoryEntry]]:
    version, found = standing.version, []
    ranks: dict[str | None, float] = {None: 0.0}
    waiting = {act: [line for line in lines if line.act == act] for act in (*ACT_OF.values(), Act.APPOINT)}
    for event in version.events:
        if event.id not in standing.events or event.kind in TOLD_BY_ITS_ACTS:
            continue
        line = _line_of(office, event, standing.events[event.id], waiting)
        spoken_for |= {line.number} if line else set()
        rank = float(line.number) if line else ranks.get(event.follows, 0.0) + 0.5
        ranks[event.id] = rank
        on, text = standing.events[event.id], event.label
        if event.id == "received" and on != received_on:
            text = "Received by those who deal with it now"
        if event.kind is Kind.OPEN_STAGE and line:  # the holder asked, and whoever is named opened it
            text += ", and opened"
        if event.kind is Kind.SET_DATE:  # its date is the one that the letter sets, not the day of an act
            on, text = standing.events["received"], f"{event.label}: {on:%-d %B %Y}"
        if event.id == _answer_with_the_outcome(standing, event.stage) and event.stage in standing.outcomes:
            text += f": {version.outcome(standing.outcomes[event.stage]).label.lower()}"
        found.append((rank, HistoryEntry(on, text, names.get(line.actor, "") if line else "", "event")))
    return found


def _answer_with_the_outcome(standing: Standing, stage: str) -> str:
    """The last answer of a stage: its outcome is the one that stands."""
    version = standing.version
    return version.last_answer(version.own_event(Kind.RESPOND, stage).id, standing.events)


def _line_of(
    office: Office, event: Event, on: date, waiting: dict[Act, list[JournalLine]]
) -> JournalLine | None:
    """The journal line of the act that brought an event about: the first of its kind not spoken for; of an answer,
    which may be given anew, that of its day.
    """
    kinds = [Act.APPOINT] if event.names else []
    kinds += [ACT_OF[event.kind]] if event.kind in ACT_OF else []
    for act in kinds:
        lines = waiting[act]
        if act is Act.RESPOND:
            lines = sorted(lines, key=lambda line: office.today(line.at) != on)
        for line in lines:
            if event.kind is not Kind.RECORD or journal.detail_of(line).get("event") == event.id:
                waiting[act].remove(line)
                return line
    return None


def _acts(
    office: Office,
    version: Version,
    lines: Sequence[JournalLine],
    names: Mapping[str, str],
    spoken_for: set[int],
) -> list[tuple[float, HistoryEntry]]:
    found: list[tuple[float, HistoryEntry]] = []
    under_other_rules = max((line.number for line in lines if line.act == Act.RECLASSIFY), default=0)
    for line in lines:
        text = _in_words(office, version, line, names)
        if line.act == Act.RESPOND and line.number not in spoken_for:
            text = "Answered again"
        elif line.act in OF_OTHER_RULES and line.number < under_other_rules:
            text = _under_other_rules(office, line)
        if text:
            by = names.get(line.actor, "")
            entry = HistoryEntry(office.today(line.at), text, by, line.act, _moved(office, version, line))
            found.append((line.number, entry))
    return found


def _moved(office: Office, version: Version, line: JournalLine) -> tuple[str, date] | None:
    if line.act != Act.EXTEND:
        return None
    told = journal.detail_of(line)
    return _label(office, version, told["deadline"]), date.fromisoformat(told["until"])


def _label(office: Office, version: Version, deadline: str) -> str:
    """What a date is called under the case's rules; else under those of which it was, before it was reclassified. Empty
    where no file knows it.
    """
    every = (one for procedure in office.catalogue for one in procedure.versions)
    named = (limit.label for rules in (version, *every) for limit in rules.limits if limit.id == deadline)
    return next(named, OF_NO_RULE.get(deadline, ""))


def _under_other_rules(office: Office, line: JournalLine) -> str:
    """What took place before a case was reclassified: no event of its rules tells it."""
    named = journal.detail_of(line).get("event")
    events = (one for procedure in office.catalogue for rules in procedure.versions for one in rules.events)
    return next((one.label for one in events if one.id == named), journal.in_words(line.act))


def _withdrawn_by_the_holder(
    standing: Standing, lines: Sequence[JournalLine]
) -> list[tuple[float, HistoryEntry]]:
    """What a holder does stands in no line of its own: that it was withdrawn is told by how the case stands."""
    outcome = standing.outcomes.get(standing.stage.id)
    if not (standing.closed_on and outcome and standing.version.outcome(outcome).given_by == "withdrawal"):
        return []
    ends = [line.act for line in lines if line.act in {Act.WITHDRAW, Act.REOPEN, Act.CLOSE}]
    if ends and ends[-1] == Act.WITHDRAW:
        return []
    return [(math.inf, HistoryEntry(standing.closed_on, "Withdrawn by whoever sent it", "", "event"))]


def _came_first(case: Case, standing: Standing) -> list[tuple[float, HistoryEntry]]:
    """Of a case that another team had: when it came to the council. Its event tells when it came to this one."""
    if standing.events.get("received", case.received_on) == case.received_on:
        return []
    return [(-1.0, HistoryEntry(case.received_on, "Received by the council", "", "event"))]


def _taken_over(entry: RegisterEntry | None) -> list[tuple[float, HistoryEntry]]:
    """That a case came from a register, and what it is called there."""
    if entry is None:
        return []
    words = f"Taken over from a register: {entry.reference}"
    return [(math.inf, HistoryEntry(entry.imported_on, words, "", "register"))]


def _in_words(office: Office, version: Version, line: JournalLine, names: Mapping[str, str]) -> str:
    told = journal.detail_of(line)
    if line.act in IN_ITS_WORDS:
        return journal.in_words(line.act)
    if line.act == Act.ALLOCATED:
        return f"Allocated to {names.get(told.get('staff', ''), 'an officer')}"
    if line.act == Act.APPOINT:
        return _appointed(version, told)
    if line.act == Act.HANDED_OVER:
        return f"Handed over to {names.get(told.get('staff', ''), 'an officer')}"
    if line.act in {Act.EXTEND, Act.STEP_TAKEN} and (label := _label(office, version, told["deadline"])):
        if line.act == Act.EXTEND:
            further = (
                ", with good reason beyond the furthest date that needs none" if told.get("beyond") else ""
            )
            return f"{label} extended to {date.fromisoformat(told['until']):%-d %B %Y}{further}"
        due = f"{label} due {date.fromisoformat(told['due']):%-d %B %Y}"
        return f"Escalated to level {told['level']}, {_how_near(told['step'])}: {due}"
    return ""


def _appointed(version: Version, told: Mapping[str, str]) -> str:
    """What the event itself does not tell of an appointment: the day arranged, and that others took the place."""
    event = next((one for one in version.events if one.id == told["event"]), None)
    if event is None or (event.kind is not Kind.ARRANGE and not told.get("again")):
        return ""
    day = f" on {date.fromisoformat(told['happened']):%-d %B %Y}" if told.get("happened") else ""
    return f"{event.label}{day}" + (": changed" if told.get("again") else "")


def _how_near(step: str) -> str:
    """How far from its date a step was: two of one level are told apart by it."""
    told = re.match(r"[+-]\d+(?=:)", step)  # `Step.id`
    days = int(told[0]) if told else 0
    if days == 0:
        return "on the day" if told else "on a day that is not in its rules"
    return f"{abs(days)} working day{'s' if abs(days) > 1 else ''} {'after' if days > 0 else 'before'}"

"""One case with everything on it: read at once, its standing worked out once, in one transaction.

Whatever an officer may not read does not exist here: a page starts from the envelopes that the officer's keys open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from intake.database import reading
from intake.models import Case, DeadlineRow, RegisterEntry, Staff
from intake.procedures import aftercare, outlook, triage
from intake.procedures.clock import Deadline, OnDay, standing_on
from intake.procedures.moves import Reclassify, Refusal, Respond
from intake.procedures.next_act import Holder, Wanted, wanted
from intake.procedures.permitted import Offer, offered
from intake.procedures.standing import Standing
from intake.procedures.workflow import decide
from intake.procedures.working_days import Calendar
from intake.services.cases import concerns, history, places, reaching, themes, timekeeping, triaged
from intake.services.cases.history import HistoryEntry
from intake.services.cases.reaching import File, whole
from intake.services.cases.triaged import Triaged
from intake.services.cases.words import Answer, identity_of, submitted
from intake.services.ground import journal, sealing
from intake.services.ground.office import AnySession, Office
from intake.services.ground.roles import Officer, Right
from intake.services.ground.sealing import in_words
from intake.services.inquiries import reading as inquiries
from intake.services.inquiries.reading import Inquiry
from intake.services.points import answering, showing
from intake.services.points import reading as points
from intake.vault.record import CaseKey

from . import acts, appointing, linking, reviewing
from .appointing import Appointed, Held
from .linking import Link


@dataclass(frozen=True)
class DeadlineView:
    """A deadline with the words for where it stands today."""

    deadline: Deadline
    today: OnDay

    @classmethod
    def on(cls, deadline: Deadline, today: date, calendar: Calendar) -> DeadlineView:
        """The deadline as it stands on a day."""
        return cls(deadline, standing_on(deadline, today, calendar))


@dataclass(frozen=True)
class Written:
    """A message or a note."""

    by: str
    on: date
    heading: str
    text: str
    from_holder: bool = False
    asks: str = ""  # what the holder asks for with it


@dataclass(frozen=True)
class CasePage:
    """One case, whole."""

    reference: str
    revision: int
    procedure_id: str
    procedure_name: str
    version_label: str
    stage_label: str
    received_on: date
    level: str
    channel: str
    place_id: str | None
    place: str  # where it stands among the services, in words
    theme_id: str | None
    theme_name: str | None
    register_reference: str | None
    readers: str
    handler_id: str | None
    handler_name: str | None
    closed_on: date | None
    message_waiting: bool
    waits_for: str  # what the message that waits asks for, in its own heading
    stage_asked_on: date | None
    escalation: int
    words: tuple[Answer, ...]
    identity: tuple[Answer, ...] | None
    identity_sealed: bool
    identity_elsewhere: bool  # somebody told it, and the key is not this officer's
    standing: Standing
    deadlines: tuple[DeadlineView, ...]
    timeline: tuple[HistoryEntry, ...]
    messages: tuple[Written, ...]
    notes: tuple[Written, ...]
    appointed: tuple[Appointed, ...]
    people: tuple[Held, ...]
    had_by_others: bool
    points: showing.OnTheCase
    offers: tuple[Offer, ...]
    wanted: tuple[Wanted, ...]
    links: tuple[Link, ...]
    triaged: tuple[Triaged, ...]
    inquiry: Inquiry
    adjustments: str  # that somebody asked for, as triage found or else as they wrote it
    signpost: str
    after: tuple[aftercare.Check, ...]  # when its holder is asked whether speaking up did them harm
    handlers: tuple[tuple[str, str], ...]


def open_case(office: Office, officer: Officer, reference: str, *, now: datetime) -> CasePage:
    """One case. Raises `NotFound` for a case that is not there or not theirs alike, and `Damaged`.

    That somebody opened a concern is a line of the journal, once a day: nothing is given out before it is on disk.
    Raises `NotStored` where it cannot be written.
    """
    act = journal.Act.OPENED_CONCERN
    with reading(office.session):
        file = whole(office, officer, reference)
        page, case_id = _page(office, officer, file, office.today(now)), file.case.id
        concern = concerns.is_one(office.catalogue[file.case.procedure])
        untold = concern and not journal.told_today(office, officer.id, act, case_id, now=now)
    if untold:
        journal.tell_once_a_day(office, officer.id, act, case_id, now=now)
    return page


def may_move_to(office: Office, page: CasePage, today: date) -> tuple[tuple[str, str], ...]:
    """The other procedures of the same readers to which the rules would let a case be taken: id and name."""
    here = office.catalogue[page.procedure_id]
    return tuple(
        (procedure.id, procedure.name)
        for procedure in office.catalogue
        if procedure.reader == here.reader
        and procedure is not here
        and not isinstance(decide(page.standing, Reclassify(today, procedure, "-")), Refusal)
    )


def ask_by(page: CasePage, today: date) -> date | None:
    """The day by which the holder would be asked to ask for the next stage, were this one answered today."""
    outcomes = page.standing.version.outcomes
    outcome = next((one.id for one in outcomes if one.given_by == "response" and one.final), "")
    after = decide(page.standing, Respond(today, outcome, "-", "-"))
    return None if isinstance(after, Refusal) else outlook.ask_by(after)


def _page(office: Office, officer: Officer, file: File, today: date) -> CasePage:
    session, case, key = office.session, file.case, file.key()
    procedure = office.catalogue[case.procedure]
    standing = timekeeping.standing(office, case)
    names = dict(session.execute(select(Staff.id, Staff.name)).all())
    words = submitted(key.for_purpose("submission"), file.record("submission"))
    found = triaged.read(key, file.records, names)
    confidential = concerns.seals_identity(procedure, case.level)
    identity = identity_of(file)
    appointed = appointing.read(key, file.records)
    messages, notes = _written(file, key, names)
    tree, concern = places.tree_of(session), concerns.is_one(procedure)
    complaint = points.opened(key, file.records, of_a_concern=concern)
    theme_id, theme_name = themes.counted_as(office, case.theme_id)
    register = session.scalar(select(RegisterEntry).where(RegisterEntry.case_id == case.id))
    answered = points.NOTHING if concern else complaint
    offers = _offers(office, officer, case, standing, answered, today)
    waits_for = _waits_for(case, messages)
    return CasePage(
        reference=case.reference,
        revision=case.revision,
        procedure_id=procedure.id,
        procedure_name=procedure.name,
        version_label=standing.version.label,
        stage_label=standing.stage.label,
        received_on=case.received_on,
        level=case.level,
        channel=case.channel,
        place_id=case.place_id,
        place=tree.words(case.place_id, today),
        theme_id=theme_id,
        theme_name=theme_name,
        register_reference=register.reference if register else None,
        readers=in_words(office, file.vaults, by_name=len(file.vaults) < len(file.keyholders)),
        handler_id=case.handler_id,
        handler_name=names.get(case.handler_id or ""),
        closed_on=case.closed_on,
        message_waiting=case.holder_wrote_on is not None,
        waits_for=waits_for,
        stage_asked_on=case.stage_asked_on,
        escalation=case.escalation,
        words=words,
        identity=None if confidential else identity,
        identity_sealed=confidential and identity is not None,
        identity_elsewhere=_is_elsewhere(file, identity),
        standing=standing,
        deadlines=_deadlines(office, case, outlook.as_asked(standing, case.stage_asked_on), register, today),
        timeline=history.entries(office, case, standing, names, register),
        messages=messages,
        notes=notes,
        appointed=appointed,
        people=appointing.held(standing.version, appointed, names),
        had_by_others=any(record.kind == "passed" for record in file.records),
        points=showing.on_the_case(office, standing, complaint, tree, names, today),
        offers=offers,
        wanted=_wanted(case, standing, offers, today, waits_for, found),
        links=linking.shown(office, file, key, names),
        triaged=found,
        inquiry=inquiries.opened(key, file.records),
        adjustments=triaged.adjustments(found, words),
        signpost=standing.version.signpost.words if standing.version.signpost else "",
        after=_asked_after(office, case, messages) if concern else (),
        handlers=_handlers(session, officer, file, names),
    )


def _is_elsewhere(file: File, identity: tuple[Answer, ...] | None) -> bool:
    """Whether who sent it is for others who hold the case; what another team alone knows of it is never told."""
    told = any(record.kind == "identity" for record in file.records)
    return identity is None and told and file.case.level != "anonymous"


def _asked_after(office: Office, case: Case, messages: tuple[Written, ...]) -> tuple[aftercare.Check, ...]:
    wrote = (one.on for one in messages if one.from_holder)
    return aftercare.checks(case.closed_on, map(int, office.settings.detriment_months), wrote)


def _offers(
    office: Office,
    officer: Officer,
    case: Case,
    standing: Standing,
    complaint: points.Complaint,
    today: date,
) -> tuple[Offer, ...]:
    possible = (
        offer
        for offer in acts.open_to(officer.role, acts.as_the_authority_asks(office, offered(standing, today)))
        if not timekeeping.left_undecided(case, offer.move)
    )
    of_points = answering.asking(possible, standing.version, complaint)
    return reviewing.asking(
        of_points, reviewing.answered_before(office.session, case.id, standing, officer.id)
    )


def _wanted(
    case: Case,
    standing: Standing,
    offers: tuple[Offer, ...],
    today: date,
    waits_for: str,
    found: tuple[Triaged, ...],
) -> tuple[Wanted, ...]:
    holder = Holder(case.holder_wrote_on is not None, waits_for, case.stage_asked_on)
    against = triage.ground_against(found[-1].found, case.received_on) if found else ""
    return wanted(standing, offers, today, holder, turned_away=bool(against))


def _deadlines(
    office: Office, case: Case, standing: Standing, register: RegisterEntry | None, today: date
) -> tuple[DeadlineView, ...]:
    """None for a case from a register on which nobody has acted here: no clock runs for it."""
    kept = select(DeadlineRow.deadline).where(DeadlineRow.case_id == case.id)
    if register is not None and office.session.scalar(kept.limit(1)) is None:
        return ()
    return tuple(DeadlineView.on(deadline, today, office.calendar) for deadline in standing.deadlines)


def _waits_for(case: Case, messages: tuple[Written, ...]) -> str:
    """What the holder asked for since an officer last wrote, in the words of the headings, the first of them first."""
    asked: list[str] = []
    for one in reversed(messages):
        if case.holder_wrote_on is None or (one.by and not one.from_holder):
            break
        if one.asks and one.heading not in asked:
            asked.insert(0, one.heading)
    return "; ".join(asked)


def _handlers(
    session: AnySession, officer: Officer, file: File, names: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    """Who can be given the case by this officer, in the order of their names."""
    readers = reaching.readers(session, file.case.id)
    known = (
        (member, names[member])
        for member in readers
        if officer.role.may(Right.ALLOCATE) or member == officer.id
    )
    return tuple(sorted(known, key=lambda pair: pair[1]))


def _written(
    file: File, key: CaseKey, names: Mapping[str, str]
) -> tuple[tuple[Written, ...], tuple[Written, ...]]:
    apart = {envelope.scope for envelope in file.envelopes}
    messages: list[Written] = []
    notes: list[Written] = []
    for record in file.records:
        if record.kind not in {"message", "note", "reason", "opening"}:
            continue
        from_holder = record.written_by == "holder"
        scope = f"message-{record.place}"
        if record.kind == "message" and scope in apart:
            purpose = file.key(scope).for_purpose("conversation")
        else:
            purpose = key.for_purpose(sealing.PURPOSES[record.kind])
        content = sealing.read_record(purpose, record)
        by = "The holder" if from_holder else names.get(record.written_by, "")
        heading = content.get("heading") or content.get("act", "")
        asks = content.get("asks", "")
        written = Written(by, record.written_on, heading, content["text"], from_holder, asks)
        (messages if record.kind == "message" else notes).append(written)
    return tuple(messages), tuple(notes)

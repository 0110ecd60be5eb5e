"""Work a case: the lists an officer sees, and one case with everything on it.

Whatever an officer may not read does not exist here: lists, totals and pages start from the envelopes that
the officer's keys open.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from intake.database import reading
from intake.models import Case, DeadlineRow, Envelope, RegisterEntry, Staff
from intake.procedures.clock import Deadline, Position, standing_on
from intake.procedures.permitted import Offer, offered
from intake.procedures.standing import Standing
from intake.services.cases import history, themes, timekeeping
from intake.services.cases.history import HistoryEntry
from intake.services.cases.reaching import handlers_of, reach
from intake.services.cases.words import Answer, identity_of, submitted
from intake.services.ground import sealing
from intake.services.ground.office import Office
from intake.services.ground.roles import Officer
from intake.services.ground.sealing import readers_of
from intake.vault.record import CaseKey


@dataclass(frozen=True)
class DeadlineView:
    """A deadline with the words for where it stands today."""

    deadline: Deadline
    position: Position


@dataclass(frozen=True)
class Written:
    """A message or a note."""

    by: str
    on: date
    heading: str
    text: str
    from_holder: bool = False


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
    service: str | None
    theme_id: str | None
    theme_name: str | None
    register_reference: str | None
    readers: str
    handler_id: str | None
    handler_name: str | None
    closed_on: date | None
    message_waiting: bool
    escalation: int
    words: tuple[Answer, ...]
    identity: tuple[Answer, ...] | None
    identity_sealed: bool
    deadlines: tuple[DeadlineView, ...]
    timeline: tuple[HistoryEntry, ...]
    messages: tuple[Written, ...]
    notes: tuple[Written, ...]
    offers: tuple[Offer, ...]
    signpost: str
    handlers: tuple[tuple[str, str], ...]


def open_case(office: Office, officer: Officer, reference: str, *, now: datetime) -> CasePage:
    """One case. Raises `NotFound` for a case that is not there or not theirs alike, and `Damaged`."""
    with reading(office.session):
        case, key, pairs = reach(office, officer, reference)
        return _page(office, officer, case, key, pairs, office.today(now))


def _page(office: Office, officer: Officer, case: Case, key: CaseKey, pairs, today: date) -> CasePage:
    session, procedure = office.session, office.catalogue[case.procedure]
    standing = timekeeping.standing(office, case)
    names = dict(session.execute(select(Staff.id, Staff.name)).all())
    confidential = procedure.reader == "whistleblowing" or case.level == "confidential"
    identity = identity_of(session, pairs, case)
    messages, notes = _written(session, key, pairs, case, names)
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
        service=case.service,
        theme_id=themes.merged_themes(office).get(case.theme_id, case.theme_id),
        theme_name=_theme_name(office, case),
        register_reference=session.scalar(
            select(RegisterEntry.reference).where(RegisterEntry.case_id == case.id)
        ),
        readers=readers_of(office, case),
        handler_id=case.handler_id,
        handler_name=names.get(case.handler_id),
        closed_on=case.closed_on,
        message_waiting=case.holder_wrote_on is not None,
        escalation=case.escalation,
        words=submitted(session, key, case),
        identity=None if confidential else identity,
        identity_sealed=confidential and identity is not None,
        deadlines=_deadlines(office, case, standing, today),
        timeline=history.entries(office, case, standing),
        messages=messages,
        notes=notes,
        offers=offered(standing, today),
        signpost=standing.version.signpost.words if standing.version.signpost else "",
        handlers=tuple(
            (member.id, member.name)
            for member in handlers_of(session, case.id)
            if officer.role.allocates or member.id == officer.id
        ),
    )


def _deadlines(office: Office, case: Case, standing: Standing, today: date) -> tuple[DeadlineView, ...]:
    """None for a case from a register on which nobody has acted here: no clock runs for it."""
    if office.session.scalar(select(DeadlineRow.deadline).where(DeadlineRow.case_id == case.id)) is None:
        from_register = select(RegisterEntry.reference).where(RegisterEntry.case_id == case.id)
        if office.session.scalar(from_register) is not None:
            return ()
    return tuple(
        DeadlineView(deadline, standing_on(deadline, today, office.calendar))
        for deadline in standing.deadlines
    )


def _theme_name(office: Office, case: Case) -> str | None:
    into = themes.merged_themes(office)
    return themes.theme_names(office).get(into.get(case.theme_id, case.theme_id))


def _written(session, key: CaseKey, pairs, case: Case, names):
    apart = set(
        session.scalars(
            select(Envelope.scope).where(Envelope.case_id == case.id, Envelope.scope.like("message-%"))
        )
    )
    messages, notes = [], []
    for record in sealing.records(session, case.id, "message", "note", "reason"):
        from_holder = record.written_by == "holder"
        scope = f"message-{record.place}"
        if record.kind == "message" and scope in apart:
            purpose = sealing.open_key(session, pairs, case.id, scope).for_purpose("conversation")
        else:
            purpose = key.for_purpose(sealing.PURPOSES[record.kind])
        content = sealing.read_record(purpose, record)
        by = "The holder" if from_holder else names.get(record.written_by, "")
        heading = content.get("heading") or content.get("act", "")
        written = Written(by, record.written_on, heading, content["text"], from_holder)
        (messages if record.kind == "message" else notes).append(written)
    return tuple(messages), tuple(notes)

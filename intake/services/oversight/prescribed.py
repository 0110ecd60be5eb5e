"""Where the council is a prescribed person: what it enters of a worker's disclosure for its report of the year.

The Prescribed Persons (Reports on Disclosures of Information) Regulations 2017 (SI 2017/507): the year begins on 1
April, and the report is due within six months of its end, by 30 September. It must not let anybody be told who
disclosed, or about whom; so the words are written for it, and never taken from the concern.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, select

from intake.counts.quarters import Period
from intake.database import reading, writing
from intake.models import Case, Envelope, Record
from intake.services.cases import concerns, reaching
from intake.services.ground import journal, sealing
from intake.services.ground.office import Office
from intake.services.ground.refusals import ActedMeanwhile, NotFound, Refused, needs
from intake.services.ground.roles import Officer, Right
from intake.vault.record import CaseKey

PRESCRIBED = "prescribed"  # the kind of record
LONGEST = 1_000
YES, NO = "yes", "no"


@dataclass(frozen=True)
class Entry:
    """What is entered of a concern. `within`: a worker's disclosure within the remit; `acted`: it led to further
    action; `count`: how often something was entered, for the next press.
    """

    within: str = ""
    acted: str = ""
    action: str = ""
    effect: str = ""
    count: int = 0


@dataclass(frozen=True)
class Year:
    """A reporting year: what stands in its report, and the concerns of which nothing was entered yet."""

    period: Period
    entries: tuple[Entry, ...]
    missing: tuple[str, ...]
    due: date


def enter(
    office: Office, officer: Officer, reference: str, entry: Entry, *, seen: int, now: datetime
) -> None:
    """Enter what the report of the year tells of a concern. `seen`: how often something had been entered on the page
    that was pressed. Raises `NotFound`, `ActedMeanwhile`, and `Refused`, also where the council is no prescribed
    person.
    """
    needs(officer, Right.OVERSEE_CONCERNS)
    with writing(office.session):
        case, key = _reach(office, officer, reference)
        content = _checked(entry)
        if sealing.next_place(office.session, case.id, PRESCRIBED) != seen:
            raise ActedMeanwhile("Somebody else entered something meanwhile. Nothing was kept: look again.")
        on = office.today(now)
        sealing.add_record(office.session, key, case, PRESCRIBED, content, on=on, by=officer.id)
        journal.append(office.session, at=now, actor=officer.id, act=journal.Act.PRESCRIBED, case_id=case.id)


def entered(office: Office, officer: Officer, reference: str) -> Entry:
    """What was entered last of a concern. Raises `NotFound` and `Damaged`."""
    needs(officer, Right.OVERSEE_CONCERNS)
    with reading(office.session):
        case, key = _reach(office, officer, reference)
        records = sealing.records(office.session, case.id, PRESCRIBED)
        return _read(key, records[-1], len(records)) if records else Entry()


def year_of(office: Office, officer: Officer, period: Period) -> Year:
    """What the report of a year tells, of the concerns that the officer can open. Raises `NotFound` and `Damaged`."""
    needs(officer, Right.OVERSEE_CONCERNS)
    _is_prescribed(office)
    session = office.session
    with reading(session):
        pairs = sealing.pairs_of(session, officer)
        newest = and_(Record.case_id == Case.id, Record.kind == PRESCRIBED)
        asked = (
            select(Case, Envelope, Record)
            .join(Envelope, Envelope.case_id == Case.id)
            .outerjoin(Record, newest)
            .where(
                Envelope.scope == "case",
                Envelope.keyholder.in_(pairs),
                Case.procedure.in_([one.id for one in office.catalogue if concerns.is_one(one)]),
                Case.received_on.between(period.first_day, period.last_day),
            )
            .order_by(Case.id, Envelope.keyholder, Record.place)
        )
        found = {case.id: (case, envelope, record) for case, envelope, record in session.execute(asked)}
        entries = tuple(
            _read(sealing.open_envelope(pairs, envelope), record, 0)
            for _, envelope, record in found.values()
            if record is not None
        )
    missing = sorted(case.reference for case, _, record in found.values() if record is None)
    within = tuple(entry for entry in entries if entry.within == YES)
    return Year(period, within, tuple(missing), date(period.last_day.year, 9, 30))


def _reach(office: Office, officer: Officer, reference: str) -> tuple[Case, CaseKey]:
    """A concern, and only then whether there is such a report: a case that is not theirs is not there at all."""
    case, key, _ = reaching.reach(office, officer, reference)
    if not concerns.is_one(office.catalogue[case.procedure]):
        raise NotFound
    _is_prescribed(office)
    return case, key


def _is_prescribed(office: Office) -> None:
    if not office.settings.prescribed_for:
        raise Refused(
            "This council is not set up as a prescribed person. Where it is one, your administrator says for what, in "
            "the setting prescribed_for."
        )


def _checked(entry: Entry) -> Mapping[str, object]:
    if entry.within not in {YES, NO}:
        raise Refused("Say whether it is a worker's disclosure within our remit.")
    if entry.within == NO:
        return {"within": NO}
    if entry.acted not in {YES, NO}:
        raise Refused("Say whether it led to further action.")
    if entry.acted == YES and not entry.action.strip():
        raise Refused("Say what was done.")
    if max(len(entry.action), len(entry.effect)) > LONGEST:
        raise Refused(f"Write at most {LONGEST:,} characters.")
    return {"within": YES, "acted": entry.acted, "action": entry.action, "effect": entry.effect}


def _read(key: CaseKey, record: Record, count: int) -> Entry:
    said = sealing.read_record(key.for_purpose(sealing.PURPOSES[PRESCRIBED]), record)
    told = {name: str(said.get(name, "")) for name in ("within", "acted", "action", "effect")}
    return Entry(**told, count=count)

"""How long one case is kept, in words, and the holds that keep it whatever its schedule says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select

from intake.database import reading, writing
from intake.models import Case, Destined, Destruction, Envelope, Hold, InquiryDate, Proposal, Record, Staff
from intake.procedures.retention import Facts, Kept, Schedule, kept
from intake.services.cases import concerns, reaching
from intake.services.cases.reaching import File
from intake.services.casework import linking
from intake.services.ground import journal, sealing
from intake.services.ground.office import AnySession, Office
from intake.services.ground.press import press_of, was_pressed
from intake.services.ground.refusals import ActedMeanwhile, Refused, needs
from intake.services.ground.roles import Officer, Right
from intake.vault.keys import KeyPair
from intake.vault.record import CaseKey

KIND = "hold"
LONGEST = 2_000  # characters of a reason
MEANWHILE = (
    "Somebody else changed this case or its hold meanwhile. Look at it as it is now, then press again."
)


@dataclass(frozen=True)
class HoldLine:
    """A hold that was placed or lifted."""

    placed: bool
    by: str
    on: date
    reason: str


@dataclass(frozen=True)
class Keeping:
    """How long a case is kept. `listed`: it stands on a list of cases to be destroyed; `confirmed`: by two people."""

    reference: str
    revision: int
    procedure_name: str
    schedule: Schedule | None
    kept: Kept
    closed: bool
    held: bool
    lines: tuple[HoldLine, ...]
    listed: bool
    confirmed: bool


def look(office: Office, officer: Officer, reference: str) -> Keeping:
    """How long a case is kept, and why. Raises `NotFound` and `Damaged`."""
    needs(officer, Right.WORK_CASES)
    session = office.session
    with reading(session):
        file = reaching.whole(office, officer, reference)
        case = file.case
        names = dict(session.execute(select(Staff.id, Staff.name)).all())
        procedure = office.catalogue[case.procedure]
        held = session.get(Hold, case.id)
        links = linked(office, file.pairs, {case.id: file.key()}).get(case.id, ())
        facts = facts_of(case, held, session.get(Proposal, case.id) is not None, links)
        owed = select(InquiryDate.case_id).where(InquiryDate.case_id == case.id).limit(1)
        by_name = case.reader == concerns.NO_VAULT
        facts = replace(facts, action_waits=session.scalar(owed) is not None, held_by_name=by_name)
        listed = session.execute(
            select(Destined.case_id, Destruction.confirmed_on)
            .join(Destruction, Destruction.id == Destined.destruction_id)
            .where(Destined.case_id == case.id)
        ).one_or_none()
        return Keeping(
            case.reference,
            case.revision,
            procedure.name,
            procedure.retention,
            kept(procedure.retention, facts),
            case.closed_on is not None,
            held is not None,
            _lines(file, names),
            listed is not None,
            listed is not None and listed.confirmed_on is not None,
        )


def facts_of(case: Case, held: Hold | None, proposed: bool, links: tuple[str, ...]) -> Facts:
    """What keeps a case or lets it go, of its rows."""
    return Facts(
        closed_on=case.closed_on,
        held_since=held.placed_on if held else None,
        message_waits=case.holder_wrote_on is not None,
        stage_asked_on=case.stage_asked_on,
        proposed=proposed,
        linked=links,
    )


def place(
    office: Office, officer: Officer, reference: str, reason: str, *, token: str, now: datetime
) -> None:
    """Place a hold: from this moment on nothing destroys the case. The same token is stored once.

    It asks for no state of the case: whoever places a hold wants it whatever else was done. Raises `NotFound`,
    `Refused`.
    """
    needs(officer, Right.WORK_CASES)
    session, on = office.session, office.today(now)
    with writing(session):
        case, key, _ = reaching.reach(office, officer, reference)
        press = press_of(case.id, token)
        if was_pressed(session, press):
            return
        if session.get(Hold, case.id):
            raise Refused("A hold stands on it already.")
        _write(office, officer, case, key, {"placed": True, "text": _checked(reason)}, press, on)
        session.add(Hold(case_id=case.id, placed_on=on))
        journal.append(session, at=now, actor=officer.id, act=journal.Act.HOLD_PLACED, case_id=case.id)


def lift(
    office: Office,
    officer: Officer,
    reference: str,
    reason: str,
    *,
    revision: int,
    token: str,
    now: datetime,
) -> None:
    """Lift the hold of a case. Raises `NotFound`, `Refused`, and `ActedMeanwhile` where it is another state's."""
    needs(officer, Right.WORK_CASES)
    session, on = office.session, office.today(now)
    with writing(session):
        case, key, _ = reaching.reach(office, officer, reference)
        press = press_of(case.id, token)
        if was_pressed(session, press):
            return
        held = session.get(Hold, case.id)
        if held is None:
            raise Refused("No hold stands on it any more.")
        if case.revision != revision:
            raise ActedMeanwhile(MEANWHILE)
        _write(office, officer, case, key, {"placed": False, "text": _checked(reason)}, press, on)
        session.delete(held)
        journal.append(session, at=now, actor=officer.id, act=journal.Act.HOLD_LIFTED, case_id=case.id)


def linked(
    office: Office, pairs: Mapping[str, KeyPair], keys: Mapping[str, CaseKey]
) -> dict[str, tuple[str, ...]]:
    """Of some cases whose keys are at hand, the linked ones that keep each of them: open, held, or kept for longer, as
    whoever holds these pairs may be told. Raises `Damaged`.
    """
    session = office.session
    records = session.scalars(
        select(Record).where(Record.case_id.in_(keys), Record.kind == linking.KIND).order_by(*_IN_PLACE)
    ).all()
    of: dict[str, list[Record]] = {}
    for record in records:
        of.setdefault(record.case_id, []).append(record)
    leads = {case_id: linking.leads_to(keys[case_id], mine) for case_id, mine in of.items()}
    others = _cases(session, {one for there in leads.values() for one in there}, pairs)
    return {
        case_id: tuple(others[one] for one in sorted(there) if one in others)
        for case_id, there in leads.items()
    }


_IN_PLACE = (Record.case_id, Record.place)


def _cases(session: AnySession, ids: set[str], pairs: Mapping[str, KeyPair]) -> dict[str, str]:
    """Of other cases those that keep what is linked to them, in words: those that are open, or on hold."""
    if not ids:
        return {}
    asked = (
        select(Case.id, Case.reference, Case.closed_on, Hold.placed_on)
        .outerjoin(Hold, Hold.case_id == Case.id)
        .where(Case.id.in_(ids), reaching.readable(pairs))
    )
    found = {}
    for case_id, reference, closed_on, held_on in session.execute(asked):
        if closed_on is None:
            found[case_id] = f"{reference}, which is open"
        elif held_on is not None:
            found[case_id] = f"{reference}, on which a hold stands"
    return found


def keys_of(session: AnySession, pairs: Mapping[str, KeyPair], case_ids: Iterable[str]) -> dict[str, CaseKey]:
    """The keys of those of some cases that are linked to any: opening one takes a third of a millisecond."""
    ids = list(case_ids)
    with_links = select(Record.case_id).where(Record.case_id.in_(ids), Record.kind == linking.KIND).distinct()
    envelopes = select(Envelope).where(
        Envelope.case_id.in_(with_links), Envelope.scope == "case", Envelope.keyholder.in_(pairs)
    )
    return {one.case_id: sealing.open_envelope(pairs, one) for one in session.scalars(envelopes)}


def _checked(reason: str) -> str:
    if not reason.strip() or len(reason) > LONGEST:
        raise Refused(f"Give the reason, in {LONGEST:,} characters at most.")
    return reason.strip()


def _write(
    office: Office,
    officer: Officer,
    case: Case,
    key: CaseKey,
    told: Mapping[str, object],
    press: bytes,
    on: date,
) -> None:
    sealing.add_record(office.session, key, case, KIND, told, on=on, by=officer.id, press=press)
    case.revision += 1


def _lines(file: File, names: Mapping[str, str]) -> tuple[HoldLine, ...]:
    """The newest first."""
    mine = [record for record in file.records if record.kind == KIND]
    purpose = file.key().for_purpose(sealing.PURPOSES[KIND]) if mine else None
    lines = []
    for record in mine:
        said = sealing.read_record(purpose, record) if purpose else {}
        by = names.get(record.written_by, "")
        lines.append(HoldLine(said["placed"], by, record.written_on, said["text"]))
    return tuple(reversed(lines))

"""After an upgrade: receipts that an earlier version wrote are stated anew, by the rules, from their cases."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import and_, exists, func, or_, select, update

from intake.database import reading, writing
from intake.models import Case, Envelope, Instance, JournalLine, StageReceipt, Vault, VaultKey
from intake.procedures.clock import local_date
from intake.services.cases import places, timekeeping
from intake.services.ground import journal, pinning, sealing
from intake.services.ground.office import AnySession, Office
from intake.services.ground.roles import VAULTS

AT_ONCE = 200  # cases in one transaction, so that nobody who writes has to wait for long

# Versions that lacked a date which the law gave their cases from the first (decision 33).
MENDED = (("data-protection", "2026"), ("adult-social-care", "2009"))

# What the door offered before an authority kept a list of its own, where its settings named nothing else.
OFFERED_BEFORE = (
    "Children's social care",
    "SEND assessment",
    "Education transport",
    "School admissions",
    "Early help",
    "Fostering and adoption",
    "Adult social care",
    "Housing",
    "Waste and recycling",
    "Council tax and benefits",
    "Roads and parking",
)


def keep_services(office: Office, *, now: datetime) -> None:
    """After the upgrade that made services a list of their own: the door offers what it offered before."""
    of_the_list = select(JournalLine.number).where(
        JournalLine.act.in_((journal.Act.PLACES_IMPORTED, journal.Act.PLACE_ADDED))
    )
    with reading(office.session):
        begun = office.session.scalar(of_the_list.limit(1)) is not None
        is_set_up = office.session.get(Instance, 1) is not None
    if is_set_up and not begun:
        places.take_over(office, office.settings.services or OFFERED_BEFORE, now=now)


def name_keys(office: Office) -> None:
    """After the upgrade that made keys of vaults changeable: each envelope says to which key of its vault it is sealed,
    which was the only one.
    """
    session, pinned = office.session, pinning.whatever(office.settings)
    with writing(session):
        known = set(session.scalars(select(VaultKey.vault_id)))
        for vault in session.scalars(select(Vault).where(Vault.id.in_(VAULTS), Vault.id.not_in(known))).all():
            holder = sealing.vault_holder(vault.id)
            mark = sealing.mark_of(holder, pinned.get(vault.id, vault.public))
            session.add(VaultKey(fingerprint=mark, vault_id=vault.id))
            session.flush()
            session.execute(update(Envelope).where(Envelope.keyholder == holder).values(sealed_to=mark))


def restate(office: Office) -> int:
    """State every receipt that has no channel yet. Returns the number of cases; interrupted, run it again."""
    session, stated, last = office.session, 0, ""
    missing = select(StageReceipt.case_id).where(StageReceipt.channel == "").distinct()
    while True:
        with reading(session):
            after = missing.where(StageReceipt.case_id > last).order_by(StageReceipt.case_id)
            waiting = session.scalars(after.limit(AT_ONCE)).all()
        if not waiting:
            return stated
        with writing(session):
            for case in session.scalars(select(Case).where(Case.id.in_(waiting))).all():
                timekeeping.restate(office, case, _first_allocated(session, case))
        session.expunge_all()
        stated, last = stated + len(waiting), waiting[-1]


def recount(office: Office) -> None:
    """Every receipt counts as what the rules say of its stage now; what was published stays as it was frozen."""
    session = office.session
    for procedure in office.catalogue:
        for version in procedure.versions:
            mine = select(Case.id).where(Case.procedure == procedure.id, Case.version == version.id)
            for stage in version.stages:
                otherwise = func.coalesce(StageReceipt.measure, "") != (stage.measure or "")
                of_it = (StageReceipt.stage == stage.id, StageReceipt.case_id.in_(mine), otherwise)
                with writing(session):
                    session.execute(update(StageReceipt).where(*of_it).values(measure=stage.measure))


def reckon_anew(office: Office) -> None:
    """Open cases of versions that were mended get the dates that the law gave them all along, and their steps."""
    session, last = office.session, ""
    mended = [(Case.procedure == procedure, Case.version == version) for procedure, version in MENDED]
    waits = select(Case.id).where(Case.closed_on.is_(None), or_(*(and_(*one) for one in mended)))
    while True:
        with writing(session):
            after = waits.where(Case.id > last).order_by(Case.id).limit(AT_ONCE)
            cases = session.scalars(select(Case).where(Case.id.in_(after))).all()
            for case in cases:
                timekeeping.rework(office, case)
            last = max((case.id for case in cases), default="")
        session.expunge_all()
        if not last:
            return


def place_answered(office: Office) -> int:
    """Put every case that was answered and not closed where such cases stand. Returns how many it looked at, which may
    be more; interrupted, run it again.
    """
    session, looked_at, last = office.session, 0, ""
    answered = exists().where(
        StageReceipt.case_id == Case.id,
        StageReceipt.stage == Case.stage,
        StageReceipt.outcome.is_not(None),
    )
    waiting = select(Case).where(
        Case.closed_on.is_(None), Case.answered_on.is_(None), Case.next_due.is_(None), answered
    )
    while True:
        with writing(session):
            cases = session.scalars(waiting.where(Case.id > last).order_by(Case.id).limit(AT_ONCE)).all()
            for case in cases:
                timekeeping.place_anew(office, case)
            last = cases[-1].id if cases else last
        session.expunge_all()
        looked_at += len(cases)
        if not cases:
            return looked_at


def _first_allocated(session: AnySession, case: Case) -> date | None:
    moment = session.scalar(
        select(func.min(JournalLine.at)).where(
            JournalLine.case_id == case.id, JournalLine.act == journal.Act.ALLOCATED
        )
    )
    return local_date(moment) if moment else None

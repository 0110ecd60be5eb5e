"""Which lines of the journal somebody is told: the wall round concerns goes through the journal too.

An officer reads the lines of the cases that their keys open, and those without a case that are their vault's. An
auditor opens nothing, and a concern may be about the auditor: what is done where no concern lies is told at once,
never of which case; what is done with a concern, and whatever those do who receive them, when the concern was closed
and the number of the year's referrals has been published. Whatever is told once stays told, and nothing counts lines.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select
from sqlalchemy.orm import aliased

from intake.models import Edition, Envelope, JournalLine
from intake.procedures.offices import circles
from intake.services.cases import concerns
from intake.services.cases.reaching import vaults_in
from intake.services.ground import sealing
from intake.services.ground.journal import Act
from intake.services.ground.office import AnySession, Office
from intake.services.ground.roles import Officer, Right

LONDON = ZoneInfo("Europe/London")
LAST_QUARTER = 4  # with it the number of a year's referrals is published
# Of keys and accounts: they tell of no case, whoever's they are.
OF_KEYS_AND_ACCOUNTS = (
    Act.GRANTED,
    Act.GRANT_REFUSED,
    Act.GRANT_REMOVED,
    Act.VAULT_MADE,
    Act.VAULT_RECORDED,
    Act.VAULT_ROTATED,
    Act.KEY_DIFFERS,
    Act.KEY_AGREES,
    Act.INVITED,
    Act.JOINED,
    Act.CREATED,
    Act.DISABLED,
)
# A complaint that becomes a concern, and what may be of any case, are told as what concerns are told.
MAY_BE_OF_A_CONCERN = (
    Act.REROUTE_PROPOSED,
    Act.REROUTE_TAKEN_BACK,
    Act.REROUTED,
    Act.NOTICE_FAILED,
    Act.TAKEN_IN,
)
CLOSED = (Act.CLOSE, Act.WITHDRAW)
WHEN_SOMEBODY_WORKS = (Act.SIGNED_IN, Act.SIGNED_OUT)  # of colleagues, for whoever gives them cases


def theirs(office: Office, officer: Officer) -> ColumnElement[bool]:
    """That a line is one of those which an officer is told, inside the caller's transaction."""
    if officer.role.vault is None and officer.role.may(Right.CHECK_JOURNAL):
        return _without_a_vault(office.session)
    pairs = sealing.pairs_of(office.session, officer)
    return _of_vaults(pairs, officer)


def opens_cases(officer: Officer) -> bool:
    """Whether lines say to somebody of which case they are."""
    return officer.role.vault is not None


def _of_vaults(pairs: Collection[str], officer: Officer) -> ColumnElement[bool]:
    opened = exists().where(
        Envelope.case_id == JournalLine.case_id, Envelope.scope == "case", Envelope.keyholder.in_(pairs)
    )
    of_nobody: ColumnElement[bool] = JournalLine.case_id.is_(None)
    if not officer.role.may(Right.ALLOCATE):
        mine = JournalLine.actor == officer.id
        of_nobody = and_(of_nobody, or_(mine, JournalLine.act.not_in(WHEN_SOMEBODY_WORKS)))
    # Who sent a case to another team tells that team from whom it came, and so perhaps about whom it was.
    came = JournalLine.act == Act.REROUTED
    return and_(JournalLine.vault.in_(circles(vaults_in(pairs))), ~came, or_(of_nobody, opened))


def _without_a_vault(session: AnySession) -> ColumnElement[bool]:
    line, without_a_case = JournalLine, JournalLine.case_id.is_(None)
    nowhere = and_(without_a_case, line.vault.is_(None))
    at_once = and_(
        line.act.not_in(MAY_BE_OF_A_CONCERN), or_(nowhere, line.vault.in_(concerns.told_at_once()))
    )
    return or_(at_once, and_(without_a_case, line.act.in_(OF_KEYS_AND_ACCOUNTS)), _later(session))


def _later(session: AnySession) -> ColumnElement[bool]:
    """What may be of a concern, when that was closed for the first time and the year of it has been published."""
    published = _published_until(session)
    if published is None:
        return false()
    end = aliased(JournalLine)
    closed = exists().where(
        end.case_id == JournalLine.case_id,
        end.act.in_(CLOSED),
        end.at >= JournalLine.at,  # what reporters did is entered when its day is over
        end.at < published,
    )
    return or_(and_(JournalLine.case_id.is_(None), JournalLine.at < published), closed)


def _published_until(session: AnySession) -> datetime | None:
    """The end of the last year of which the number of referrals has been published."""
    whole = select(func.max(Edition.year)).where(Edition.quarter == LAST_QUARTER, Edition.place == "")
    year = session.scalar(whole)
    return None if year is None else midnight(date(year + 1, 4, 1))


def midnight(day: date) -> datetime:
    """When a day begins in London."""
    return datetime.combine(day, time(), tzinfo=LONDON)

"""What is shown before a case goes to another team, and what waits to be decided. Nothing is done here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter

from sqlalchemy import select

from intake.database import reading
from intake.models import Case, Proposal, Record, Staff
from intake.procedures import offices
from intake.procedures.definitions import NoVersion, Procedure
from intake.procedures.position import owed
from intake.procedures.standing import Standing
from intake.procedures.working_days import say
from intake.services.cases import concerns, reaching, timekeeping
from intake.services.cases.reaching import File
from intake.services.ground import sealing
from intake.services.ground.office import Office
from intake.services.ground.refusals import needs
from intake.services.ground.roles import Officer, Right

from . import proposing, remembering
from .proposing import PROPOSAL, Plan


@dataclass(frozen=True)
class Other:
    """What somebody else proposed of the same case; `about`: whom of those who would receive it they name."""

    by: str
    on: date
    reason: str
    danger: str
    about: str


@dataclass(frozen=True)
class View:
    """A case before it goes to another team.

    `choices`: the procedures to which it may go, id and name; `asked`: the offices of which it may be about, by role
    and title. `readers`: who gets it if what is proposed is done, in words; `about`: whom it names. `plan`: what is
    proposed, for whoever decides; `others`: what was proposed besides. `mine`: the day on which the officer proposed
    it, who does not decide. `entered_by`: who entered it, and so saw its receipt code. `effects`: what it does to each
    date. `waits`: why this officer cannot do it now, empty where they can.
    """

    reference: str
    revision: int
    becomes_a_concern: bool
    level: str
    choices: tuple[tuple[str, str], ...]
    asked: tuple[tuple[str, str], ...]
    readers: str
    about: str
    decides: bool
    plan: Plan | None
    by: str
    others: tuple[Other, ...]
    mine: date | None
    entered_by: str
    effects: tuple[str, ...]
    waits: str


@dataclass(frozen=True)
class Waiting:
    """A proposal that waits to be decided."""

    reference: str
    proposed_on: date
    answered_on: date | None


def at(office: Office, officer: Officer, reference: str, *, now: datetime) -> View:
    """A case, before it goes to another team. Raises `NotFound` and `Damaged`."""
    needs(officer, Right.WORK_CASES)
    session, today = office.session, office.today(now)
    with reading(session):
        file = reaching.whole(office, officer, reference)
        case, plan = file.case, proposing.plan_of(office, file)
        becomes = not concerns.is_one(office.catalogue[case.procedure])
        there = [one for one in office.catalogue if concerns.is_one(one) == becomes]
        decides = officer.role.may(Right.REROUTE)
        names = dict(session.execute(select(Staff.id, Staff.name)).all())
        to = plan.procedure if plan and decides else there[0] if len(there) == 1 else None
        return View(
            reference=case.reference,
            revision=proposing.stamp_of(office, case),
            becomes_a_concern=becomes,
            level=case.level,
            choices=tuple(sorted(((one.id, one.name) for one in there), key=itemgetter(1))),
            asked=tuple((one.role, one.title) for one in sealing.asked_about(office)) if becomes else (),
            readers=_readers(office, plan) if plan and decides else "",
            about=_about(plan.named) if plan and decides else "",
            decides=decides,
            plan=plan if decides else None,
            by=names.get(plan.by, "") if plan else "",
            others=_others(file, plan, names) if plan and decides else (),
            mine=_mine(file, plan, officer) if plan and not decides else None,
            entered_by=remembering.entered_by(file, names),
            effects=_effects(office, case, to, now, today) if to else (),
            waits=_waits(office, officer, plan) if plan and decides else "",
        )


def waiting(office: Office, officer: Officer) -> tuple[Waiting, ...]:
    """Every proposal that this officer may decide, the earliest first."""
    needs(officer, Right.REROUTE)
    with reading(office.session):
        pairs = sealing.pairs_of(office.session, officer)
        asked = (
            select(Case.reference, Proposal.proposed_on, Proposal.heard_on)
            .join(Case, Case.id == Proposal.case_id)
            .where(reaching.readable(pairs))
            .order_by(Proposal.proposed_on, Case.reference)
        )
        return tuple(Waiting(*row) for row in office.session.execute(asked))


def _mine(file: File, plan: Plan, officer: Officer) -> date | None:
    """When this officer proposed it last, since it has been proposed at all."""
    days = [one.written_on for one in _proposals(file, plan) if one.written_by == officer.id]
    return max(days, default=None)


def _others(file: File, plan: Plan, names: dict[str, str]) -> tuple[Other, ...]:
    key, found = file.key().for_purpose(sealing.PURPOSES[PROPOSAL]), []
    for one in _proposals(file, plan):
        if one.place != plan.number:
            said, by = sealing.read_record(key, one), names.get(one.written_by, "")
            found.append(
                Other(by, one.written_on, said["reason"], said["danger"], _about(proposing.named_in(said)))
            )
    return tuple(found)


def _about(named: Collection[str]) -> str:
    """Whom a proposal names, in words; empty where nobody is."""
    told = [offices.in_words([offices.BY_ROLE[role].vault for role in named if role in offices.BY_ROLE])]
    told += ["somebody who usually receives concerns: they are not sure"] * (offices.UNSURE in named)
    return ", or ".join(filter(None, told))


def _readers(office: Office, plan: Plan) -> str:
    return sealing.in_words(office, proposing.goes_to(office, plan.procedure, plan.named).vaults)


def _proposals(file: File, plan: Plan) -> list[Record]:
    return [one for one in file.records if one.kind == PROPOSAL and one.place >= plan.number]


def _effects(office: Office, case: Case, procedure: Procedure, now: datetime, today: date) -> tuple[str, ...]:
    """What a move does to each date, a sentence each."""
    ends = owed(timekeeping.standing(office, case).deadlines)
    told = [f"“{one.label}”, due {say(one.due)}, ends." for one in ends]
    try:
        version = procedure.version_at(now)
    except NoVersion as error:
        return (str(error),)
    begun = Standing(version, now, office.calendar, {"received": today})
    told += [f"“{one.label}” begins: due {say(one.due)}." for one in owed(begun.deadlines)]
    return tuple(told)


def _waits(office: Office, officer: Officer, plan: Plan) -> str:
    if office.settings.reroute_by_two and officer.id == plan.by:
        return "You proposed it. Here two people decide: somebody else who may decide it confirms."
    return ""

"""Steps of the plan, and actions after it: sealed words, and a day in clear for the tick as long as one waits.

Actions outlive their concern: they are settled and moved after it was closed, too.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import delete, select

from intake.database import reading as read_only
from intake.models import Case, InquiryDate
from intake.procedures.inquiry import Dated
from intake.procedures.working_days import say
from intake.services.cases import reaching
from intake.services.ground import sealing
from intake.services.ground.office import AnySession, Office
from intake.services.ground.refusals import NotFound, Refused, needs
from intake.services.ground.roles import Officer, Right

from . import reading
from .keeping import LINE, WORDS, Turn, past, to_come, turn, words

MOST = 100  # of either, in one inquiry


def plan(
    office: Office,
    officer: Officer,
    reference: str,
    what: str,
    due: date | None,
    *,
    revision: int,
    now: datetime,
) -> None:
    """Add a step to the plan. Raises as `keeping.turn`, and `Refused` for a day in the past."""
    with turn(office, officer, reference, revision=revision, now=now) as one:
        _room(one.inquiry.steps, "steps")
        day = to_come(one, due, "the step shall be done")
        _add(one, day, one.keep(reading.STEP, words=words(what, "What is to be done"), due=day.isoformat()))


def act_on(
    office: Office,
    officer: Officer,
    reference: str,
    what: str,
    owner: str,
    due: date | None,
    *,
    revision: int,
    now: datetime,
) -> None:
    """Recommend an action: whose it is, in words, and by when. Raises as `plan`."""
    with turn(office, officer, reference, revision=revision, now=now) as one:
        _room(one.inquiry.actions, "actions")
        day = to_come(one, due, "the action shall be done")
        told, whose = words(what, "What is to be done"), words(owner, "Whose action it is", LINE)
        _add(one, day, one.keep(reading.ACTION, words=told, owner=whose, due=day.isoformat()))


def move(
    office: Office,
    officer: Officer,
    reference: str,
    number: int,
    due: date | None,
    why: str,
    *,
    revision: int,
    now: datetime,
) -> None:
    """Give a step or an action another day, with the reason. Raises as `plan`."""
    with turn(office, officer, reference, revision=revision, now=now, when_closed=True) as one:
        dated, action = _waiting(one, number)
        day = to_come(one, due, "it shall be done")
        if day == dated.due:
            raise Refused(f"It is due on {say(day)} already. Nothing was changed.")
        kind = reading.ACTION_MOVED if action else reading.STEP_MOVED
        one.keep(kind, number=number, due=day.isoformat(), why=words(why, "Why the day is moved"))
        _drop(office.session, one.case, number)
        _add(one, day, number)


def settle(
    office: Office,
    officer: Officer,
    reference: str,
    number: int,
    on: date | None,
    how: str,
    *,
    dropped: bool = False,
    revision: int,
    now: datetime,
) -> None:
    """A step or an action was done on a day, or is dropped for a reason. Raises as `plan`."""
    with turn(office, officer, reference, revision=revision, now=now, when_closed=True) as one:
        _, action = _waiting(one, number)
        if dropped or action:
            how = words(how, "Why it is dropped" if dropped else "What was done")
        day = past(one, one.today if dropped and on is None else on, "it was done")
        kind = reading.ACTION_SETTLED if action else reading.STEP_SETTLED
        one.keep(kind, number=number, on=day.isoformat(), how=how.strip()[:WORDS], dropped=dropped)
        _drop(office.session, one.case, number)


def _room(there: tuple[Dated, ...], what: str) -> None:
    if len(there) >= MOST:
        raise Refused(f"An inquiry has {MOST} {what} at most. Put together what belongs together.")


def _waiting(one: Turn, number: int) -> tuple[Dated, bool]:
    """A step or an action that waits, and whether it is an action. Steps end with their concern, actions do not."""
    for dated in (*one.inquiry.steps, *one.inquiry.actions):
        if dated.id != number:
            continue
        action = dated in one.inquiry.actions
        if dated.settled_on:
            raise Refused(f"That was settled on {say(dated.settled_on)}. Nothing was changed.")
        if one.case.closed_on and not action:
            raise Refused(f"This concern was closed on {say(one.case.closed_on)}. Reopen it first.")
        return dated, action
    raise NotFound


def _add(one: Turn, due: date, number: int) -> None:
    one.office.session.add(InquiryDate(case_id=one.case.id, number=number, due=due, told=0))
    one.office.session.flush()


def _drop(session: AnySession, case: Case, number: int) -> None:
    mine = InquiryDate.case_id == case.id, InquiryDate.number == number
    session.execute(delete(InquiryDate).where(*mine))


def waiting(office: Office, officer: Officer) -> tuple[tuple[str, date], ...]:
    """The day of every step and action that waits in a case of theirs, the earliest first, by the case's reference."""
    needs(officer, Right.INQUIRE)
    with read_only(office.session):
        pairs = sealing.pairs_of(office.session, officer)
        asked = (
            select(Case.reference, InquiryDate.due)
            .join(Case, Case.id == InquiryDate.case_id)
            .where(reaching.readable(pairs))
            .order_by(InquiryDate.due, Case.reference, InquiryDate.number)
        )
        return tuple((reference, due) for reference, due in office.session.execute(asked))

"""Who sent a case, given for a time to an investigator who has the case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from intake.database import reading, writing
from intake.services.cases import reaching
from intake.services.cases.reaching import File
from intake.services.cases.words import identity_of
from intake.services.ground import journal, notices
from intake.services.ground.office import Office
from intake.services.ground.refusals import NotFound, Refused, needs
from intake.services.ground.roles import Officer, Right
from intake.services.people import signing_in

from . import remembering, rotating
from .giving import check, check_end
from .rotating import Heir

NONE = "Nobody gave a name with this case, so there is none to give."
NOT_THEIRS = "They do not have this case: give them the case first."


def give(
    office: Office,
    officer: Officer,
    reference: str,
    staff_id: str,
    why: str,
    password: str,
    *,
    until: date | None,
    revision: int,
    now: datetime,
) -> None:
    """Give who sent a case to an investigator who has it, until a day. The password is asked for again.

    They open it with a reason of their own, each time recorded. What the holder tells of themselves until then reaches
    them too. Raises `SignInRefused`, and as `giving.give`.
    """
    needs(officer, Right.GIVE_CASES)
    needs(officer, Right.OPEN_IDENTITIES)
    with reading(office.session):
        reaching.reach(office, officer, reference)
    signing_in.confirm(office, officer, password, now=now)
    session, today, holder = office.session, office.today(now), f"staff:{staff_id}"
    with writing(session):
        file = reaching.whole(office, officer, reference)
        check(file, revision, why)
        check_end(until, today)
        if identity_of(file) is None:
            raise Refused(NONE)
        heirs = rotating.heirs_of(office, file, today=today)
        theirs = _of(heirs, holder)
        if theirs is None or theirs.left:
            raise Refused(NOT_THEIRS)
        end = _end(until, theirs.until)
        after = theirs.after | (frozenset(file.pairs) & file.keyholders)
        given = replace(theirs, after=after, identity=True, identity_until=end)
        _change(
            office,
            officer,
            file,
            [given if one is theirs else one for one in heirs],
            (journal.Act.IDENTITY_GIVEN, remembering.IDENTITY_GIVEN),
            given,
            why,
            now,
        )
        notices.tell(office, staff_id, "given", now=now)


def take_back(
    office: Office, officer: Officer, reference: str, staff_id: str, why: str, *, revision: int, now: datetime
) -> None:
    """Take it back before its day: it lies under other keys from then on. Raises as `giving.give`."""
    needs(officer, Right.GIVE_CASES)
    session, today, holder = office.session, office.today(now), f"staff:{staff_id}"
    with writing(session):
        file = reaching.whole(office, officer, reference)
        check(file, revision, why)
        heirs = rotating.heirs_of(office, file, today=today)
        theirs = _of(heirs, holder)
        if theirs is None or theirs.left or not theirs.identity:
            raise Refused("They have not been given who sent it, or not any more. Nothing was done.")
        without = replace(theirs, identity=False, identity_until=None)
        _change(
            office,
            officer,
            file,
            [without if one is theirs else one for one in heirs],
            (journal.Act.IDENTITY_TAKEN_BACK, remembering.IDENTITY_TAKEN_BACK),
            without,
            why,
            now,
        )


def _of(heirs: list[Heir], holder: str) -> Heir | None:
    return next((one for one in heirs if one.holder == holder), None)


def _end(until: date | None, of_the_case: date | None) -> date:
    """The last day: never none, and never after that of the case. Raises `Refused`."""
    if until is None:
        raise Refused("Give the last day on which they may know it.")
    return min(until, of_the_case) if of_the_case else until


def _change(
    office: Office,
    officer: Officer,
    file: File,
    heirs: list[Heir],
    acts: tuple[journal.Act, str],
    whose: Heir,
    why: str,
    now: datetime,
) -> None:
    session, today, (line, act) = office.session, office.today(now), acts
    if any(file.is_for_others(one.scope) for one in file.envelopes if one.scope.startswith("identity")):
        raise NotFound  # whoever cannot open it gives it to nobody
    key = rotating.rotate(office, file, heirs, on=today)
    end = whose.identity_until
    remembering.keep(session, key, file.case, act, whose.holder, why, on=today, by=officer.id, until=end)
    told = {"staff": whose.holder.removeprefix("staff:"), "until": end or ""}
    journal.append(session, at=now, actor=officer.id, act=line, case_id=file.case.id, **told)

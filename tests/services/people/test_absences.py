"""While somebody is away nothing waits for them: a cover sees their cases, and is told in their place."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from intake.database import writing
from intake.models import Case, Notice, Staff
from intake.services.casework import handing_over
from intake.services.casework.handing_over import Given
from intake.services.desk import lists as desk
from intake.services.ground import custody
from intake.services.ground.refusals import NotFound, Refused
from intake.services.people import absences, accounts
from intake.services.tick import escalation, sending
from tests import officers
from tests.actors import MONDAY, arrives, concern

TODAY = MONDAY.date()
FORTNIGHT = (TODAY, TODAY + timedelta(days=14))


@pytest.fixture
def held(office, officer, manager) -> str:
    """A complaint that Maya, an officer, holds; Tom is her manager."""
    reference = arrives(office, now=MONDAY - timedelta(days=1))
    officers.allocate(office, manager, reference, officer.id, revision=1, now=MONDAY)
    forget(office)
    return reference


@pytest.fixture
def colleague(office) -> str:
    """Another complaints officer who can open the vault."""
    with writing(office.session):
        session = office.session
        maya = session.scalars(select(Staff).where(Staff.role == "complaints-officer")).one()
        columns = {column.key: getattr(maya, column.key) for column in Staff.__table__.columns}
        session.add(Staff(**columns | {"id": uuid4().hex, "email": "kim@x.example", "name": "Kim Sato"}))
        session.flush()
        kim = session.scalars(select(Staff).where(Staff.name == "Kim Sato")).one().id
        (grant,) = session.scalars(select(custody.Grant).where(custody.Grant.staff_id == maya.id))
        session.add(
            custody.Grant(
                vault_id=grant.vault_id, staff_id=kim, sealed=grant.sealed, granted_by="x", granted_at=MONDAY
            )
        )
    return kim


def forget(office) -> None:
    with writing(office.session):
        office.session.execute(update(Notice).values(state="sent"))


def told(office, *kinds: str) -> set[str]:
    office.session.rollback()
    waiting = select(Notice.staff_id).where(Notice.state == "queued", Notice.kind.in_(kinds))
    return set(office.session.scalars(waiting))


def away(office, who, cover: str | None, days=FORTNIGHT) -> None:
    absences.enter(office, who, who.id, *days, cover, now=MONDAY)


def falls_due(office, working_days: int = 4) -> set[str]:
    """The tick of a day on which the handler's own step for the acknowledgement falls; whom it told of dates."""
    escalation.run(office, now=MONDAY + timedelta(days=working_days), alone=True)
    return told(office, "due", "late")


def test_the_tick_tells_the_handler_who_is_there(office, officer, manager, held):
    assert officer.id in falls_due(office)


def test_the_cover_is_told_and_not_whoever_is_away(office, officer, manager, colleague, held):
    away(office, officer, colleague)
    assert told(office, "stands-in") == {colleague}
    assert falls_due(office) == {colleague}


def test_the_manager_is_told_where_nobody_stands_in(office, officer, manager, held):
    away(office, officer, None)
    assert falls_due(office) == {manager.id}


def test_of_a_cover_who_is_away_too_the_next_one_and_in_a_circle_whoever_is_there(
    office, officer, manager, colleague, held
):
    away(office, officer, colleague)
    with writing(office.session):
        office.session.add(
            custody.Absence(
                staff_id=colleague, first_day=FORTNIGHT[0], last_day=FORTNIGHT[1], cover_id=officer.id
            )
        )
    assert falls_due(office) == {manager.id}
    away(office, manager, None)
    forget(office)
    assert falls_due(office, 8), "nobody is there: never nobody at all"


def test_on_the_day_after_everything_is_as_before(office, officer, manager, colleague, held):
    away(office, officer, colleague, (TODAY, TODAY + timedelta(days=3)))
    assert custody.covering(office.session, colleague, TODAY + timedelta(days=3)) == (colleague, officer.id)
    assert custody.covering(office.session, colleague, TODAY + timedelta(days=4)) == (colleague,)
    assert officer.id in falls_due(office, 4)


def test_the_cover_finds_the_cases_under_mine(office, officer, manager, held):
    away(office, officer, manager.id)
    listed = desk.desk(office, manager, "mine", now=MONDAY)
    assert [(line.reference, line.handler_name, line.covered) for line in listed.lines] == [
        (held, "Maya Okafor", True)
    ]
    assert listed.totals["mine"] == 1
    assert desk.find(office, manager, held, now=MONDAY).lines[0].covered
    own = desk.desk(office, officer, "mine", now=MONDAY)
    assert [line.covered for line in own.lines] == [False]
    before = desk.desk(office, manager, "mine", now=MONDAY + timedelta(days=15))
    assert before.lines == ()


def test_what_is_given_to_somebody_who_is_away_is_told_to_whoever_stands_in(
    office, officer, manager, colleague, held
):
    away(office, officer, colleague)
    forget(office)
    another = arrives(office)
    officers.allocate(office, manager, another, officer.id, revision=1, now=MONDAY)
    assert told(office, "covered") == {colleague}
    assert told(office, "allocated") == set()
    forget(office)
    assert handing_over.holding(office, manager, manager.id, now=MONDAY).others == (
        (colleague, "Kim Sato"),
        (officer.id, "Maya Okafor (away)"),
    )
    third = arrives(office)
    officers.allocate(office, manager, third, manager.id, revision=1, now=MONDAY)
    (row,) = handing_over.hand_over(
        office, manager, manager.id, [Given(third, officer.id, "", 2)], now=MONDAY
    )
    assert row.done
    assert told(office, "covered") == {colleague}
    letters = []
    sending.send_waiting(office, letters.append, now=MONDAY)
    assert not any(third in letter.as_string() or "Maya" in letter.as_string() for letter in letters)


def test_an_absence_tells_nobody_of_another_vault_of_a_concern(
    office, officer, manager, monitoring_officer, deputy, alternate
):
    secret = arrives(office, concern(), now=MONDAY - timedelta(days=1))
    officers.allocate(office, monitoring_officer, secret, monitoring_officer.id, revision=1, now=MONDAY)
    forget(office)
    for stranger in (manager.id, alternate.id):
        with pytest.raises(Refused, match="cannot stand in"):
            away(office, monitoring_officer, stranger)
    away(office, monitoring_officer, None)
    for days in range(1, 40):
        escalation.run(office, now=MONDAY + timedelta(days=days), alone=True)
    (case,) = office.session.scalars(select(Case.id).where(Case.reference == secret))
    everybody = set(office.session.scalars(select(Notice.staff_id).where(Notice.case_id == case)))
    assert deputy.id in everybody
    assert not everybody & {manager.id, officer.id, alternate.id}


def test_the_only_reader_who_is_away_is_told_all_the_same(office, alternate):
    secret = arrives(office, concern(named=("unsure",)), now=MONDAY - timedelta(days=1))
    officers.allocate(office, alternate, secret, alternate.id, revision=1, now=MONDAY)
    forget(office)
    away(office, alternate, None, (TODAY, TODAY + timedelta(days=60)))
    for days in range(1, 40):
        escalation.run(office, now=MONDAY + timedelta(days=days), alone=True)
    assert alternate.id in told(office, "due", "late")


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (TODAY - timedelta(days=1), TODAY, "has passed"),
        (TODAY + timedelta(days=2), TODAY + timedelta(days=1), "before the first"),
        (TODAY, date(2126, 6, 1), "Check the years"),
    ],
)
def test_days_that_cannot_be_are_refused_in_words(office, officer, first, last, words):
    with pytest.raises(Refused, match=words):
        absences.enter(office, officer, officer.id, first, last, None, now=MONDAY)


def test_whoever_is_away_cannot_stand_in_and_nobody_is_away_twice(office, officer, manager):
    away(office, manager, None)
    with pytest.raises(Refused, match="Whoever you chose is away from 1 June 2026"):
        away(office, officer, manager.id)
    with pytest.raises(Refused, match="entered already"):
        away(office, manager, None, (TODAY + timedelta(days=14), TODAY + timedelta(days=20)))
    with pytest.raises(Refused, match="cannot stand in"):
        away(office, officer, officer.id)


def test_a_manager_enters_it_for_somebody_of_the_same_vault_and_ends_it(
    office, officer, manager, monitoring_officer, senior_officer
):
    absences.enter(office, manager, officer.id, *FORTNIGHT, manager.id, now=MONDAY)
    (entered,) = absences.calendar(office, officer, officer.id, now=MONDAY).absences
    assert (entered.cover_name, entered.last_day) == ("Tom Hendry", FORTNIGHT[1])
    assert set(absences.team(office, manager, now=MONDAY)) == {officer.id}
    assert absences.calendar(office, manager, manager.id, now=MONDAY).for_others == ("Maya Okafor",)
    for stranger, whose in (
        (officer, manager),
        (monitoring_officer, officer),
        (senior_officer, officer),
        (manager, senior_officer),
    ):
        with pytest.raises(NotFound):
            absences.calendar(office, stranger, whose.id, now=MONDAY)
        with pytest.raises(NotFound):
            absences.enter(office, stranger, whose.id, *FORTNIGHT, None, now=MONDAY)
    later = MONDAY + timedelta(days=3)
    absences.end(office, officer, officer.id, TODAY, now=later)
    assert absences.calendar(office, officer, officer.id, now=later).absences == ()
    with pytest.raises(Refused, match="ended already"):
        absences.end(office, officer, officer.id, TODAY, now=later)
    absences.enter(office, officer, officer.id, later.date(), FORTNIGHT[1], None, now=later)
    absences.end(office, officer, officer.id, later.date(), now=later)
    assert custody.away(office.session, later.date()) == {}


def test_a_senior_officer_is_covered_by_another_one_alone(office, senior_officer, manager):
    assert absences.calendar(office, senior_officer, senior_officer.id, now=MONDAY).covers == ()
    with pytest.raises(Refused):
        away(office, senior_officer, manager.id)
    away(office, senior_officer, None)


def test_a_cover_who_was_switched_off_stands_in_no_more(office, officer, manager, colleague, held):
    away(office, officer, colleague)
    accounts.disable(office, "kim@x.example", now=MONDAY)
    assert falls_due(office) == {manager.id}
    assert custody.away(office.session, TODAY) == {officer.id: None}


def test_the_moment_of_a_session_is_not_needed(office, officer):
    """An absence has days alone."""
    away(office, officer, None, (TODAY, TODAY))
    assert custody.away(office.session, TODAY) == {officer.id: None}
    assert custody.away(office.session, datetime(2026, 6, 2).date()) == {}

"""A list is what the envelopes say: whatever was done to cases, whoever can open one sees it, and nobody else does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from intake.database import writing
from intake.models import NO_DAY, Case, Envelope
from intake.services.cases import timekeeping
from intake.services.cases.words import Answer
from intake.services.casework import acting, setting_aside
from intake.services.desk import leafing
from intake.services.desk import lists as desk
from intake.services.ground import press, sealing
from intake.services.ground.refusals import NotFound, Refused
from intake.services.ground.sealing import vault_holder
from intake.services.holders import returning, submitting
from intake.services.holders.submitting import Submission
from tests import officers

MONDAY = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
KINDS = ("corporate", "general-enquiry", "compliment", "whistleblowing", "about the monitoring officer")
ACTS = (
    "take",
    "acknowledge",
    "answer",
    "close",
    "reopen",
    "withdraw",
    "read",
    "write",
    "wall off",
    "seal anew",
)


@pytest.fixture
def people(officer, manager, monitoring_officer, deputy, alternate):
    return (officer, manager, monitoring_officer, deputy, alternate)


@pytest.fixture
def three_a_page(monkeypatch):
    monkeypatch.setattr(leafing, "PAGE", 3)


def send(office, kind: str, now: datetime, aside: bool):
    apart = kind.startswith("about")
    what = Submission(
        "whistleblowing" if apart else kind,
        "anonymous",
        (Answer("What?", "It."),),
        named=("unsure",) if apart else (),
    )
    sent = submitting.receive(office, what, token=press.new_token(), now=now)
    with writing(office.session):
        office.session.scalar(select(Case).where(Case.reference == sent.reference)).set_aside = aside
    return sent


def act(office, who, what: str, sent, people, now: datetime) -> None:
    """Do it, where the rules allow it."""
    name = sent.reference
    case = office.session.scalar(select(Case).where(Case.reference == name))
    revision = {"revision": case.revision, "now": now}
    ways = {
        "take": lambda: officers.allocate(office, who, name, who.id, **revision),
        "acknowledge": lambda: officers.acknowledge(office, who, name, "Here.", **revision),
        "answer": lambda: officers.respond(office, who, name, "answered", "So.", "", **revision),
        "close": lambda: officers.close(office, who, name, "Done.", **revision),
        "reopen": lambda: officers.reopen(office, who, name, "Not done.", **revision),
        "withdraw": lambda: officers.withdraw(office, who, name, "Asked for.", **revision),
        "read": lambda: acting.mark_read(office, who, name, now=now),
        "write": lambda: returning.write(office, sent.receipt, "And?", token=press.new_token(), now=now),
        "wall off": lambda: seal_to_persons(office, who, case, [one for one in people if one is not who]),
        "seal anew": lambda: seal_to_persons(office, who, case, [who]),
    }
    office.session.rollback()
    try:
        ways[what]()
    except (NotFound, Refused):
        office.session.rollback()


def seal_to_persons(office, who, case: Case, readers) -> None:
    """Seal a case to some of its readers by name and to no vault any more, by the hand of one who can open it."""
    with writing(office.session):
        key = sealing.open_key(office.session, sealing.pairs_of(office.session, who), case.id)
        vaults = sealing.vaults_of(office.session, case.id)
        keys = {f"staff:{one.id}": one.pair.public for one in readers if one.role.vault in vaults}
        if keys:
            office.session.execute(
                delete(Envelope).where(Envelope.case_id == case.id, Envelope.scope == "case")
            )
            sealing.deliver_key(office.session, key, case.id, keys)
            office.session.get(Case, case.id).reader = ""


def by_envelopes(office, who) -> list[Case]:
    """What somebody can open, case by case."""
    holders = {f"staff:{who.id}", vault_holder(who.role.vault)}
    addressed = select(Envelope.case_id, Envelope.keyholder).where(Envelope.scope == "case")
    theirs = {case_id for case_id, holder in office.session.execute(addressed) if holder in holders}
    return [case for case in office.session.scalars(select(Case)) if case.id in theirs]


def answered_to_the_end(office, case: Case) -> bool:
    """Whether nothing but closing is left to do, by the rules."""
    now = timekeeping.standing(office, case)
    owed = [one for one in now.deadlines if one.owed_by == "authority" and one.met_on is None]
    return now.settled and now.closed_on is None and not owed


def holds(office, view: str, case: Case, who, today) -> bool:
    """What a view is, told once more without a database."""
    answered = answered_to_the_end(office, case)
    is_open, aside = case.closed_on is None and not answered, case.set_aside
    soon = 7 if today.weekday() < 5 else 11 - today.weekday()  # days to the fifth working day
    return {
        "open": is_open and not aside,
        "new": is_open and not aside and case.handler_id is None,
        "mine": is_open and case.handler_id == who.id,
        "step": is_open and case.handler_id == who.id and case.next_due is not None,
        "due": is_open
        and not aside
        and case.next_due is not None
        and 0 <= (case.next_due - today).days <= soon,
        "overdue": is_open and case.next_due is not None and case.next_due < today,
        "waiting": case.holder_wrote_on is not None,
        "to-close": answered,
        "aside": aside,
        "closed": case.closed_on is not None,
    }[view]


def leafed(office, who, view: str, now: datetime) -> list[str]:
    """Every line of a list, from its first page to its last; and the same from the last to the first."""
    ahead, back = [], []
    page = desk.desk(office, who, view, now=now)
    while True:
        ahead += [line.reference for line in page.lines]
        if page.after is None:
            break
        page = desk.desk(office, who, view, page.after, now=now)
    page = desk.desk(office, who, view, leafing.LAST, now=now)
    while True:
        back = [line.reference for line in page.lines] + back
        if page.before is None:
            break
        page = desk.desk(office, who, view, page.before, now=now)
    assert sorted(set(back)) == sorted(ahead)
    return ahead


happenings = st.lists(
    st.tuples(
        st.sampled_from(KINDS),
        st.booleans(),
        st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 4)), max_size=5),
    ),
    min_size=2,
    max_size=6,
)


@pytest.mark.usefixtures("three_a_page")
@example(
    happenings=[
        ("general-enquiry", True, [("take", 0), ("write", 0)]),
        ("corporate", True, [("write", 0)]),
        ("corporate", False, [("wall off", 0), ("take", 1)]),
        ("whistleblowing", False, [("seal anew", 2)]),
        ("about the monitoring officer", False, []),
        ("general-enquiry", False, [("take", 0), ("answer", 0), ("close", 0), ("write", 0)]),
    ],
    late=20,
)
@given(happenings=happenings, late=st.integers(0, 60))
@settings(
    max_examples=2,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)
def test_lists_totals_and_searches_are_what_the_envelopes_say(office, people, happenings, late):
    for kind, aside, done in happenings:
        sent = send(office, kind, MONDAY, aside)
        for what, who in done:
            act(office, people[who], what, sent, people, MONDAY)
    now = MONDAY + timedelta(days=late)
    today = office.today(now)
    for who in people:
        theirs = by_envelopes(office, who)
        found = {
            view: {case.reference for case in theirs if holds(office, view, case, who, today)}
            for view in desk.VIEWS
        }
        for view in desk.VIEWS:
            assert set(leafed(office, who, view, now)) == found[view], (view, who.role_id)
        assert desk.desk(office, who, "open", now=now).totals == {view: len(found[view]) for view in found}
        opens = {case.reference for case in theirs}
        for case in office.session.scalars(select(Case)).all():
            seen = {line.reference for line in desk.find(office, who, case.reference, now=now).lines}
            assert seen == {case.reference} & opens
    for case in office.session.scalars(select(Case)):
        assert case.list_day == (case.closed_on or case.answered_on or case.next_due or NO_DAY)
        assert (case.answered_on is not None) == answered_to_the_end(office, case)
        assert not case.set_aside or (case.handler_id is None and case.closed_on is None)
    for who in people:
        setting_aside.take_in(office, who, now=now)
        assert desk.desk(office, who, "aside", now=now).totals["aside"] == 0
    office.session.rollback()

"""Lists of cases to be destroyed: who sees what on them, how they are told of, and what figures say afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, text

from intake.counts.quarters import Period
from intake.database import reading, writing
from intake.demonstration.living import PASSWORD
from intake.models import Case, Destined, Destruction, Envelope, InquiryDate, Notice, Tombstone
from intake.services.cases import concerns
from intake.services.figures import drawing_up, drill_down
from intake.services.ground import sealing
from intake.services.ground.refusals import ActedMeanwhile, NotFound, Refused
from intake.services.retention import destroying, due, keeping, listing, tombstones
from intake.vault.keys import KeyPair
from intake.vault.record import CaseKey
from tests.actors import complaint, send

from .story import (
    OVER,
    SENT,
    answered_and_closed,
    destroyed,
    due_now,
    id_of,
    propose_all,
    revision,
    worked_on_until,
)


@pytest.fixture
def several(office, officer):
    """Three complaints, closed long ago."""
    sent = [send(office, complaint(words=f"Bin {number}."), now=SENT) for number in range(3)]
    for one in sent:
        answered_and_closed(office, officer, one.reference)
    worked_on_until(office, OVER)
    return sent


def wall_off_the_vault(office, sent, officer) -> None:
    """The key of a case lies in an envelope for one officer alone: as where a colleague was walled off from it."""
    case_id = id_of(office, sent.reference)
    with writing(office.session):
        pairs = sealing.pairs_of(office.session, officer)
        key: CaseKey = sealing.open_key(office.session, pairs, case_id)
        pair: KeyPair = officer.pair
        office.session.execute(delete(Envelope).where(Envelope.case_id == case_id))
        sealing.deliver_key(office.session, key, case_id, {f"staff:{officer.id}": pair.public})


def test_whoever_cannot_open_a_case_neither_sees_nor_destroys_it(office, officer, manager, several):
    walled = several[1]
    wall_off_the_vault(office, walled, officer)
    assert walled.reference in due_now(office, officer)
    assert walled.reference not in due_now(office, manager)
    proposed = propose_all(office, officer)
    view = listing.look(office, manager, proposed.id, now=OVER)
    assert view.number == 2
    assert walled.reference not in str(view)
    listing.confirm(office, manager, proposed.id, view.digest, PASSWORD, now=OVER)
    assert destroying.go_on(office, now=OVER) == 2
    assert id_of(office, walled.reference)
    with reading(office.session):
        (left,) = office.session.scalars(select(Destruction).where(Destruction.done_on.is_(None)))
        assert office.session.scalars(select(Destined.destruction_id)).all() == [left.id]
    assert listing.look(office, officer, left.id, now=OVER).number == 1


def test_a_page_that_showed_another_list_is_told_and_destroys_nothing(office, officer, manager, several):
    proposed = propose_all(office, officer)
    with pytest.raises(ActedMeanwhile):
        listing.confirm(office, manager, proposed.id, "0" * 64, PASSWORD, now=OVER)
    listing.take_back(office, officer, proposed.id, now=OVER)
    with pytest.raises(NotFound):
        listing.look(office, manager, proposed.id, now=OVER)


def test_what_was_chosen_as_another_state_is_left_and_told(office, officer, several):
    chosen = [(one.reference, revision(office, one.reference)) for one in several[:2]]
    chosen[0] = (chosen[0][0], chosen[0][1] - 1)
    proposed = listing.propose(office, officer, chosen, now=OVER)
    assert proposed.left == ((several[0].reference, listing.CHANGED),)
    assert proposed.number == 1


def test_a_hold_needs_a_reason_is_placed_once_and_lifted_as_it_was_seen(office, officer, several):
    reference = several[0].reference
    with pytest.raises(Refused, match="Give the reason"):
        keeping.place(office, officer, reference, "  ", token="a" * 40, now=OVER)
    for _ in range(2):  # the same press twice
        keeping.place(office, officer, reference, "A claim.", token="b" * 40, now=OVER)
    with pytest.raises(Refused, match="stands on it already"):
        keeping.place(office, officer, reference, "Another.", token="c" * 40, now=OVER)
    with pytest.raises(ActedMeanwhile):
        keeping.lift(office, officer, reference, "Over.", revision=1, token="d" * 40, now=OVER)
    now = revision(office, reference)
    keeping.lift(office, officer, reference, "Over.", revision=now, token="e" * 40, now=OVER)
    assert [line.placed for line in keeping.look(office, officer, reference).lines] == [False, True]
    with pytest.raises(Refused, match="No hold stands"):
        keeping.lift(office, officer, reference, "Over.", revision=now + 1, token="f" * 40, now=OVER)


def test_members_are_told_once_a_month_while_something_waits(office, officer, manager, several):
    office.session.execute(text("DELETE FROM notices"))
    office.session.commit()
    assert due.tell_monthly(office, now=SENT + timedelta(days=30)) == 0
    assert due.tell_monthly(office, now=OVER) == 1
    assert due.tell_monthly(office, now=OVER + timedelta(days=3)) == 0
    with reading(office.session):
        told = set(office.session.scalars(select(Notice.staff_id).where(Notice.kind == due.NOTICE)))
    assert told == {officer.id, manager.id}
    office.session.execute(text("UPDATE notices SET state = 'sent'"))
    office.session.commit()
    assert due.tell_monthly(office, now=OVER + timedelta(days=30)) == 1


def test_figures_and_their_drill_down_are_the_same_but_for_cases_that_are_gone(
    office, officer, manager, several
):
    period = Period.of(SENT.date())
    before = drawing_up.draw_up(office, period, now=OVER, role=manager.role)
    asked = (period, "corporate-stage-1", "", "", 1)
    behind = drill_down.cases(office, manager, *asked, now=OVER)
    assert (behind.total, behind.counted) == (3, 3)
    assert destroyed(office, officer, manager) == 3
    assert drawing_up.draw_up(office, period, now=OVER, role=manager.role) == before
    behind = drill_down.cases(office, manager, *asked, now=OVER)
    assert (behind.lines, behind.total, behind.counted) == ((), 0, 3)


def test_a_tombstone_goes_after_its_year(office, officer, manager, several):
    destroyed(office, officer, manager)
    tombstones.sweep(office, now=OVER + timedelta(days=6 * 365))
    with reading(office.session):
        assert len(office.session.scalars(select(Tombstone)).all()) == 3
    tombstones.sweep(office, now=OVER.replace(year=OVER.year + 7))
    with reading(office.session):
        assert office.session.scalars(select(Tombstone)).all() == []


def test_a_schedule_that_was_lengthened_after_the_proposal_keeps_the_case(office, officer, manager, several):
    from dataclasses import replace

    proposed = propose_all(office, officer)
    corporate = office.catalogue["corporate"]
    longer = replace(corporate, retention=replace(corporate.retention, count=7))
    office.catalogue.procedures["corporate"] = longer
    view = listing.look(office, manager, proposed.id, now=OVER)
    assert view.number == 0
    assert view.fallen[0].why == "Its schedule says a later day now."
    with reading(office.session):
        assert len(office.session.scalars(select(Case)).all()) == 3


def test_an_action_of_an_inquiry_that_is_not_done_keeps_its_concern(office, monitoring_officer, concerned):
    """Somebody answers for what was decided: what proves it is not destroyed meanwhile."""
    assert due_now(office, monitoring_officer) == [concerned.reference]
    owed = InquiryDate(case_id=id_of(office, concerned.reference), number=1, due=OVER.date(), told=0)
    with writing(office.session):
        office.session.add(owed)
    assert due_now(office, monitoring_officer) == []
    kept = keeping.look(office, monitoring_officer, concerned.reference).kept
    assert kept.keeps == ("An action that was decided in its inquiry is not done yet.",)
    with writing(office.session):
        office.session.delete(owed)
    assert due_now(office, monitoring_officer) == [concerned.reference]


def test_what_persons_alone_hold_by_name_says_that_no_list_shows_it(office, monitoring_officer, concerned):
    """Its page said a day on which nothing would ever have come."""
    with writing(office.session):
        case = office.session.get(Case, id_of(office, concerned.reference))
        case.reader = concerns.NO_VAULT
    assert due_now(office, monitoring_officer) == []
    (why,) = keeping.look(office, monitoring_officer, concerned.reference).kept.keeps
    assert why.startswith("Persons hold it by name")

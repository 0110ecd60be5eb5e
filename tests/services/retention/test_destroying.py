"""A case whose time is over is destroyed by two people: nothing opens it, counts stay, and its holder is told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import inspect, select, text

from intake.counts.quarters import Period
from intake.database import reading, writing
from intake.demonstration.living import PASSWORD
from intake.models import (
    Base,
    Case,
    Destined,
    Destruction,
    Envelope,
    JournalLine,
    Record,
    StageReceipt,
    Tombstone,
)
from intake.services.cases import places
from intake.services.casework import case_page
from intake.services.desk import lists as desk
from intake.services.figures import tallying
from intake.services.ground import journal
from intake.services.ground.refusals import NotFound, Refused, SignInRefused
from intake.services.holders import returning
from intake.services.instance import anchoring
from intake.services.retention import destroying, keeping, listing
from intake.services.retention.tombstones import CaseDestroyed
from tests import officers
from tests.actors import complaint, send

from .story import (
    CLOSED,
    OVER,
    SENT,
    answered_and_closed,
    confirm,
    destroyed,
    due_now,
    id_of,
    propose_all,
    revision,
    worked_on_until,
)

# Tables that name a case and are not of it: what is counted outlives it, and the journal.
NOT_OF_A_CASE = {"stage_receipts", "reclassifications", "journal"}


def figures(office, officer):
    with reading(office.session):
        scope = tallying.Scope(places.tree_of(office.session), officer.role.counted_readers)
        return tallying.receipts(office.session, Period.of(SENT.date()), scope)


def test_whatever_names_a_case_goes_with_it():
    """A new table of cases either refers to them by a key, and goes, or is written down here with its reason."""
    naming = {table.name for table in Base.metadata.sorted_tables if "case_id" in table.c}
    assert naming - {table.name for table, _ in destroying.OF_A_CASE} == NOT_OF_A_CASE


def test_two_people_destroy_it_and_nothing_of_it_is_found(office, officer, manager, told):
    case_id, before = id_of(office, told.reference), figures(office, manager)
    assert due_now(office, officer) == [told.reference]
    assert destroyed(office, officer, manager) == 1
    for colleague in (officer, manager):
        with pytest.raises(NotFound):
            case_page.open_case(office, colleague, told.reference, now=OVER)
        assert not desk.find(office, colleague, told.reference, now=OVER).lines
        assert not desk.desk(office, colleague, "closed", now=OVER).lines
    assert figures(office, manager) == before != {}
    with reading(office.session):
        for table, columns in destroying.OF_A_CASE:
            named = [column for column in columns if office.session.scalars(select(column)).all() != []]
            left = [one for column in named for one in office.session.scalars(select(column)) if one]
            assert left == [], table.name
        assert office.session.get(Case, case_id) is None
        assert case_id not in set(office.session.scalars(select(StageReceipt.case_id)))
        (row,) = office.session.scalars(select(Destruction))
        assert (row.destroyed, row.done_on) == (1, OVER.date())
    assert anchoring.verify(office).fault == ""


def test_a_destruction_that_no_second_person_confirmed_is_found(office, officer, told):
    case_id = id_of(office, told.reference)
    with writing(office.session):
        destroying.destroy(office, [office.session.get(Case, case_id)], OVER.date())
    assert "somebody removed it" in anchoring.verify(office).fault
    told_of = {"list": "0" * 32, "proposed_by": officer.id}
    with writing(office.session):
        act = journal.Act.DESTROYED
        journal.append(office.session, at=OVER, actor=officer.id, act=act, case_id=case_id, **told_of)
    assert "no second person had confirmed it" in anchoring.verify(office).fault


def test_a_confirmation_that_was_written_into_the_database_destroys_nothing(office, officer, manager, told):
    """By somebody who can write there, and would have the program do it: no line of the journal tells of it."""
    proposed = propose_all(office, officer)
    forged = "UPDATE destructions SET confirmed_by = :by, confirmed_on = '2032-06-09'"
    office.session.execute(text(forged), {"by": manager.id})
    office.session.commit()
    with pytest.raises(Refused, match="knows of no second person"):
        destroying.go_on(office, now=OVER)
    assert id_of(office, told.reference)
    assert listing.look(office, manager, proposed.id, now=OVER).number == 1


def test_the_journal_tells_who_proposed_and_who_confirmed_and_no_word_of_it(office, officer, manager, told):
    case_id = id_of(office, told.reference)
    destroyed(office, officer, manager)
    with reading(office.session):
        lines = office.session.scalars(select(JournalLine).where(JournalLine.act == "destroyed")).all()
        told_of = [(line.case_id, line.actor, journal.detail_of(line)["proposed_by"]) for line in lines]
        acts = set(office.session.scalars(select(JournalLine.act)))
    assert told_of == [(case_id, manager.id, officer.id)]
    assert {"destruction-proposed", "destruction-confirmed"} <= acts


def test_its_holder_reads_kindly_what_became_of_it(office, officer, manager, told):
    destroyed(office, officer, manager)
    with pytest.raises(CaseDestroyed) as caught:
        returning.open_case(office, told.receipt, now=OVER)
    found = caught.value.told
    assert (found.closed_on, found.destroyed_on, found.kept_for) == (CLOSED.date(), OVER.date(), "6 years")
    with reading(office.session):
        (stone,) = office.session.scalars(select(Tombstone))
        assert stone.until_year == OVER.year + 6
        assert b"2026" not in stone.sealed


def test_of_an_old_receipt_without_a_public_half_no_day_is_told(office, officer, manager, told):
    office.session.execute(text("UPDATE receipts SET slot = NULL"))
    office.session.commit()
    destroyed(office, officer, manager)
    with pytest.raises(CaseDestroyed) as caught:
        returning.open_case(office, told.receipt, now=OVER)
    assert caught.value.told.closed_on is None


def test_a_concern_likewise_by_the_monitoring_officer_and_the_deputy(
    office, officer, monitoring_officer, deputy, concerned
):
    assert due_now(office, officer) == []
    proposed = propose_all(office, deputy)
    with pytest.raises(NotFound):
        listing.look(office, officer, proposed.id, now=OVER)
    assert confirm(office, monitoring_officer, proposed.id) == 1
    with pytest.raises(CaseDestroyed):
        returning.open_case(office, concerned.receipt, now=OVER)


def test_one_person_twice_is_refused_and_so_is_another_password(office, officer, manager, told):
    proposed = propose_all(office, officer)
    view = listing.look(office, officer, proposed.id, now=OVER)
    assert "Two people" in view.waits
    with pytest.raises(Refused, match="Two people destroy"):
        listing.confirm(office, officer, proposed.id, view.digest, PASSWORD, now=OVER)
    with pytest.raises(SignInRefused):
        listing.confirm(office, manager, proposed.id, view.digest, "wrong", now=OVER)
    assert destroying.go_on(office, now=OVER) == 0
    assert revision(office, told.reference)


def test_two_who_confirm_at_once_destroy_once(office, officer, manager, told):
    proposed = propose_all(office, officer)
    view = listing.look(office, manager, proposed.id, now=OVER)
    listing.confirm(office, manager, proposed.id, view.digest, PASSWORD, now=OVER)
    with pytest.raises(Refused, match="confirmed this list already"):
        listing.confirm(office, manager, proposed.id, view.digest, PASSWORD, now=OVER)
    assert destroying.go_on(office, now=OVER) == 1
    assert destroying.go_on(office, now=OVER) == 0


def test_a_second_list_waits_for_the_first_which_can_be_taken_back(office, officer, manager, told):
    proposed = propose_all(office, officer)
    with pytest.raises(Refused, match="waits for a second person"):
        propose_all(office, manager)
    listing.take_back(office, manager, proposed.id, now=OVER)
    assert due_now(office, manager) == [told.reference]
    assert propose_all(office, manager).number == 1


@pytest.mark.parametrize("meanwhile", ["note", "hold", "message", "reopened"])
def test_what_changed_meanwhile_falls_off_the_list_and_is_told(office, officer, manager, told, meanwhile):
    proposed = propose_all(office, officer)
    seen = listing.look(office, manager, proposed.id, now=OVER)
    _do(office, officer, told, meanwhile)
    with pytest.raises(Refused, match="changed after you had opened it"):
        listing.confirm(office, manager, proposed.id, seen.digest, PASSWORD, now=OVER)
    view = listing.look(office, manager, proposed.id, now=OVER)
    assert view.number == 0
    assert view.fallen[0].reference == told.reference
    assert view.fallen[0].why
    with pytest.raises(Refused, match="Nothing on this list"):
        listing.confirm(office, manager, proposed.id, view.digest, PASSWORD, now=OVER)
    assert id_of(office, told.reference)


def _do(office, officer, told, what: str) -> None:
    if what == "note":
        officers.note(office, officer, told.reference, "Ask again.", token="n" * 40, now=OVER)
        office.session.execute(text("UPDATE cases SET revision = revision + 1"))
        office.session.commit()
    elif what == "hold":
        keeping.place(office, officer, told.reference, "A claim is brought.", token="h" * 40, now=OVER)
    elif what == "reopened":
        now = revision(office, told.reference)
        officers.reopen(office, officer, told.reference, "By mistake.", revision=now, now=OVER)
    else:
        office.session.execute(text("UPDATE cases SET holder_wrote_on = '2032-06-09'"))
        office.session.commit()


def test_a_hold_that_comes_between_the_confirmation_and_the_destruction_keeps_the_case(
    office, officer, manager, told
):
    proposed = propose_all(office, officer)
    view = listing.look(office, manager, proposed.id, now=OVER)
    listing.confirm(office, manager, proposed.id, view.digest, PASSWORD, now=OVER)
    keeping.place(office, officer, told.reference, "A claim is brought.", token="h" * 40, now=OVER)
    assert destroying.go_on(office, now=OVER) == 0
    assert id_of(office, told.reference)
    with reading(office.session):
        assert office.session.scalars(select(JournalLine).where(JournalLine.act == "spared")).one()
        assert office.session.scalars(select(Destined)).all() == []


def test_a_hold_that_comes_a_second_too_late_finds_no_case(office, officer, manager, told):
    destroyed(office, officer, manager)
    with pytest.raises(NotFound):
        keeping.place(office, officer, told.reference, "A claim is brought.", token="h" * 40, now=OVER)


def test_killed_half_way_it_goes_on_and_nothing_is_half_destroyed(office, officer, manager, monkeypatch):
    receipts = []
    for number in range(5):
        sent = send(office, complaint(words=f"Bin {number}."), now=SENT)
        answered_and_closed(office, officer, sent.reference)
        receipts.append(sent.receipt)
    worked_on_until(office, OVER)
    monkeypatch.setattr(destroying, "AT_ONCE", 2)
    proposed = propose_all(office, officer)
    view = listing.look(office, manager, proposed.id, now=OVER)
    listing.confirm(office, manager, proposed.id, view.digest, PASSWORD, now=OVER)
    tombstones, calls = destroying._tombstones, []

    def dies(*args):
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return tombstones(*args)

    monkeypatch.setattr(destroying, "_tombstones", dies)
    with pytest.raises(KeyboardInterrupt):
        destroying.go_on(office, now=OVER)
    told = [_is_told(office, receipt) for receipt in receipts]
    assert sorted(told) == [False, False, False, True, True]
    with reading(office.session):
        left = set(office.session.scalars(select(Case.id)))
        assert len(left) == 3
        for table in (Envelope, Record):
            assert set(office.session.scalars(select(table.case_id))) == left
    assert destroying.go_on(office, now=OVER) == 3
    assert all(_is_told(office, receipt) for receipt in receipts)
    assert journal.verify(office).fault == ""


def _is_told(office, receipt: str) -> bool:
    try:
        returning.open_case(office, receipt, now=OVER)
    except CaseDestroyed:
        return True
    return False


def test_a_linked_case_keeps_it_until_it_is_closed_and_then_tells_that_it_was_destroyed(
    office, officer, manager, told
):
    from intake.services.casework import linking

    other = send(office, complaint(words="The bins again."), now=OVER - timedelta(days=5))
    worked_on_until(office, OVER, days=1)
    linking.link(
        office,
        officer,
        other.reference,
        told.reference,
        "follows",
        "The same bins.",
        token="l" * 40,
        now=OVER,
    )
    with pytest.raises(Refused, match=f"linked to {other.reference}, which is open"):
        propose_all(office, officer)
    answered_and_closed(office, officer, other.reference, now=OVER)
    assert destroyed(office, officer, manager) == 1
    page = case_page.open_case(office, officer, other.reference, now=OVER)
    (link,) = page.links
    assert (link.words, link.reference, link.destroyed_on) == ("Follows from", "", OVER.date())


@pytest.mark.parametrize("jump", [timedelta(days=70), timedelta(days=3650)])
def test_a_clock_that_jumped_ahead_destroys_nothing(office, officer, manager, told, jump):
    lying = OVER + jump
    journal.append(office.session, at=lying, actor=officer.id, act=journal.Act.SIGNED_IN)
    office.session.commit()
    with pytest.raises(Refused, match="A clock that runs ahead"):
        propose_all(office, officer, now=lying)


def test_a_clock_that_jumped_after_the_proposal_or_the_confirmation_destroys_nothing(
    office, officer, manager, told
):
    proposed, lying = propose_all(office, officer), OVER + timedelta(days=400)
    view = listing.look(office, manager, proposed.id, now=OVER)
    with pytest.raises(Refused, match="A clock that runs ahead"):
        listing.confirm(office, manager, proposed.id, view.digest, PASSWORD, now=lying)
    listing.confirm(office, manager, proposed.id, view.digest, PASSWORD, now=OVER)
    with pytest.raises(Refused, match="A clock that runs ahead"):
        destroying.go_on(office, now=lying)
    with pytest.raises(Refused, match="have it set"):
        destroying.go_on(office, now=OVER - timedelta(days=30))
    assert id_of(office, told.reference)


def test_what_was_closed_today_is_not_due_and_what_is_chosen_unseen_is_left(office, officer, told):
    today = send(office, complaint(), now=OVER - timedelta(days=3))
    answered_and_closed(office, officer, today.reference, now=OVER)
    assert due_now(office, officer) == [told.reference]
    chosen = [(told.reference, revision(office, told.reference)), (today.reference, 4)]
    proposed = listing.propose(office, officer, chosen, now=OVER)
    assert proposed.number == 1
    assert [reference for reference, _ in proposed.left] == [today.reference]
    assert date(2032, 6, 8) <= OVER.date()


def test_every_table_of_a_case_is_known_to_the_database(office):
    names = set(inspect(office.session.get_bind()).get_table_names())
    assert {table.name for table, _ in destroying.OF_A_CASE} <= names

"""A conflict that is found later: somebody stands aside, is walled off, or a whole office goes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from intake.counts.quarters import Period
from intake.database import reading, writing
from intake.models import Case, Envelope, Notice, StageReceipt
from intake.services.access import parting
from intake.services.cases import places, reaching
from intake.services.casework import acting, case_page, linking
from intake.services.desk import lists, views
from intake.services.figures import lateness, tallying
from intake.services.ground import custody, journal, sealing
from intake.services.ground.refusals import ActedMeanwhile, NotFound, Refused
from intake.services.holders import returning, submitting
from intake.services.people import accounts
from intake.services.tick import escalation
from tests import officers
from tests.actors import complaint, concern, send
from tests.offices import open_office
from tests.what_opens import copy_of, keys_in, opened_with, pairs_in, what_is_there, what_opens

from .story import LATER, NOW, case_id, give, is_shut_to, key_of, revision


@pytest.fixture
def sent(office, monitoring_officer):
    """Two concerns; the first has been worked on."""
    first = send(office, concern(), now=NOW)
    send(office, concern(words="Something else."), now=NOW)
    returning.write(office, first.receipt, "It was the deputy.", token="w" * 40, now=NOW)
    page = case_page.open_case(office, monitoring_officer, first.reference, now=NOW)
    officers.acknowledge(
        office, monitoring_officer, first.reference, "We have it.", revision=page.revision, now=NOW
    )
    return first


def declare(office, officer, reference: str, who: str, **more) -> None:
    told = {"now": LATER, "why": "It is about them.", "revision": revision(office, reference)} | more
    parting.declare(office, officer, reference, who, **told)


def stand_aside(office, officer, reference: str, **more) -> None:
    told = {"now": LATER, "why": "She is my sister.", "revision": revision(office, reference)} | more
    parting.stand_aside(office, officer, reference, **told)


def test_a_member_who_is_walled_off_opens_nothing_of_it_with_the_vaults_own_seed(
    office, monitoring_officer, deputy, sent
):
    case, before = case_id(office, sent.reference), copy_of(office)
    kept = keys_in(before, pairs_in(before, deputy))
    assert kept.keys() >= {case}
    declare(office, monitoring_officer, sent.reference, f"staff:{deputy.id}")
    returning.write(office, sent.receipt, "He knows.", token="x" * 40, now=LATER)
    officers.note(office, monitoring_officer, sent.reference, "We know.", token="n" * 40, now=LATER)
    after = copy_of(office)
    assert "vault:whistleblowing" in pairs_in(after, deputy)
    assert case not in opened_with(after, kept)
    assert case not in what_opens(after, deputy)
    assert what_opens(after, monitoring_officer)[case] == what_is_there(after, case)
    assert len(what_opens(after, deputy)) == 1  # the other one


def test_the_one_who_sits_in_an_office_apart_is_walled_off_too(office, monitoring_officer):
    apart = open_office(office, "deputy-monitoring-officer", "apart@demonstration.example")
    sent = send(office, concern(), now=NOW)
    case = case_id(office, sent.reference)
    assert case in what_opens(copy_of(office), apart)
    declare(office, monitoring_officer, sent.reference, f"staff:{apart.id}")
    is_shut_to(office, apart, sent.reference)
    after = copy_of(office)
    assert case not in what_opens(after, apart)
    assert what_opens(after, monitoring_officer)[case] == what_is_there(after, case)


def test_for_them_it_is_not_there_in_any_list_count_or_notice(office, monitoring_officer, deputy, sent):
    page = case_page.open_case(office, deputy, sent.reference, now=LATER)
    officers.allocate(office, deputy, sent.reference, deputy.id, revision=page.revision, now=LATER)
    with writing(office.session):
        told = {"kind": "due", "state": "queued", "queued_on": LATER.date(), "tries": 0}
        case = case_id(office, sent.reference)
        office.session.add(Notice(id="n" * 32, staff_id=deputy.id, case_id=case, **told))
    declare(office, monitoring_officer, sent.reference, f"staff:{deputy.id}")
    is_shut_to(office, deputy, sent.reference)
    for view in views.VIEWS:
        shown = lists.desk(office, deputy, view, now=LATER)
        assert sent.reference not in [line.reference for line in shown.lines]
        assert shown.totals["open"] == 1
    assert not lists.find(office, deputy, sent.reference, now=LATER).lines
    with reading(office.session):
        assert not office.session.scalars(select(Notice).where(Notice.case_id == case)).all()
        row = office.session.get(Case, case)
        assert (row.handler_id, row.reader) == (None, "")
        receipts = set(
            office.session.scalars(select(StageReceipt.reader).where(StageReceipt.case_id == case))
        )
        assert receipts == {""}
        assert reaching.readers(office.session, case) == {monitoring_officer.id}
        own = tallying.Scope(places.tree_of(office.session), deputy.role.counted_readers)
        assert tallying.receipts(office.session, Period.of(NOW.date()), own) == {
            "whistleblowing-referrals": 1
        }
        hers = replace(own, holder=monitoring_officer.id)
        assert tallying.receipts(office.session, Period.of(NOW.date()), hers) == {
            "whistleblowing-referrals": 2
        }
        whole = tallying.Scope(places.tree_of(office.session))
        assert (
            tallying.receipts(office.session, Period.of(NOW.date()), whole)["whistleblowing-referrals"] == 2
        )
    assert [line.reference for line in lists.desk(office, monitoring_officer, "open", now=LATER).lines].count(
        sent.reference
    ) == 1
    assert reaching.faults(office) == []


def test_every_act_of_an_open_tab_answers_that_there_is_no_such_case(
    office, monitoring_officer, deputy, sent
):
    page = case_page.open_case(office, deputy, sent.reference, now=LATER)
    declare(office, monitoring_officer, sent.reference, f"staff:{deputy.id}")
    for act in (
        lambda: officers.write(office, deputy, sent.reference, "Hello.", token="a" * 40, now=LATER),
        lambda: officers.note(office, deputy, sent.reference, "Hello.", token="b" * 40, now=LATER),
        lambda: officers.close(office, deputy, sent.reference, "-", revision=page.revision, now=LATER),
        lambda: acting.mark_read(office, deputy, sent.reference, now=LATER),
        lambda: stand_aside(office, deputy, sent.reference),
        lambda: declare(office, deputy, sent.reference, f"staff:{monitoring_officer.id}"),
    ):
        with pytest.raises(NotFound):
            act()


def test_two_who_declare_at_once_the_second_is_told(office, monitoring_officer, alternate, deputy, sent):
    seen = revision(office, sent.reference)
    stand_aside(office, monitoring_officer, sent.reference)
    with pytest.raises(ActedMeanwhile):
        declare(office, deputy, sent.reference, f"staff:{monitoring_officer.id}", revision=seen)
    with pytest.raises(Refused, match="not any more"):
        declare(office, deputy, sent.reference, f"staff:{monitoring_officer.id}")
    with pytest.raises(NotFound):  # a second click
        stand_aside(office, monitoring_officer, sent.reference, revision=seen)


def test_where_nobody_is_left_the_next_office_has_it(
    office, monitoring_officer, deputy, alternate, investigator, sent
):
    give(office, monitoring_officer, sent.reference, investigator)
    seen = parting.foresee(office, deputy, sent.reference, "vault:whistleblowing", now=LATER)
    assert seen.office == "the alternate recipient of concerns"
    assert seen.holders == ("Iris Kemp", "the alternate recipient of concerns")
    declare(office, deputy, sent.reference, "vault:whistleblowing")
    case, copy = case_id(office, sent.reference), copy_of(office)
    for somebody in (monitoring_officer, deputy):
        is_shut_to(office, somebody, sent.reference)
        assert case not in what_opens(copy, somebody)
    assert what_opens(copy, alternate)[case] == what_is_there(copy, case)
    assert what_is_there(copy, case) - what_opens(copy, investigator)[case] == {("identity", 0)}
    page = case_page.open_case(office, alternate, sent.reference, now=LATER)
    assert page.identity_sealed
    with reading(office.session):
        assert office.session.get(Case, case).reader == "whistleblowing-alternate"
        told = select(Notice.kind).where(Notice.staff_id == alternate.id)
        assert set(office.session.scalars(told)) == {"news"}
    with pytest.raises(Refused, match="what was sent must be read"):
        declare(office, alternate, sent.reference, "vault:whistleblowing-alternate")
    with pytest.raises(Refused, match="cannot be given"):
        give(office, alternate, sent.reference, deputy)


def test_the_last_one_may_have_the_next_office_hold_it_too(
    office, monitoring_officer, deputy, alternate, sent
):
    who = f"staff:{deputy.id}"
    seen = parting.foresee(office, monitoring_officer, sent.reference, who, now=LATER)
    assert (seen.alone, seen.spare, seen.office) == ("Ruth Adeyemi", "whistleblowing-alternate", "")
    declare(office, monitoring_officer, sent.reference, who, spare=True)
    copy, case = copy_of(office), case_id(office, sent.reference)
    assert what_opens(copy, alternate)[case] == what_is_there(copy, case)
    assert what_opens(copy, monitoring_officer)[case] == what_is_there(copy, case)
    assert case not in what_opens(copy, deputy)


def test_their_holder_writes_to_those_who_are_left_and_reads_on(office, monitoring_officer, deputy, sent):
    declare(office, monitoring_officer, sent.reference, f"staff:{deputy.id}")
    returning.write(office, sent.receipt, "He knows.", token="x" * 40, now=LATER)
    page = case_page.open_case(office, monitoring_officer, sent.reference, now=LATER)
    assert page.messages[-1].text == "He knows."
    held = returning.open_case(office, sent.receipt, now=LATER)
    assert held.messages[1].text.startswith("We have it.")
    with reading(office.session):
        told = select(Notice.staff_id).where(Notice.kind == "news", Notice.state == "queued")
        assert monitoring_officer.id in set(office.session.scalars(told))


def test_an_administrator_who_slips_the_vaults_envelope_back_gets_no_new_message(
    office, monitoring_officer, deputy, sent
):
    declare(office, monitoring_officer, sent.reference, f"staff:{deputy.id}")
    case = case_id(office, sent.reference)
    with writing(office.session):
        slipped = Envelope(
            keyholder="vault:whistleblowing", case_id=case, scope="case", sealed=b"\x01" * 1169
        )
        office.session.add(slipped)
    returning.write(office, sent.receipt, "He knows.", token="x" * 40, now=LATER)
    assert case not in what_opens(copy_of(office), deputy)


def test_a_complaints_officer_is_walled_off_from_the_case_about_their_brother(office, officer, manager, sent):
    about = send(office, complaint(), now=NOW)
    returning.write(office, about.receipt, "He is her brother.", token="w" * 40, now=NOW)
    key = key_of(office, officer, about.reference)
    declare(office, manager, about.reference, f"staff:{officer.id}")
    case, copy = case_id(office, about.reference), copy_of(office)
    is_shut_to(office, officer, about.reference)
    assert case not in what_opens(copy, officer)
    assert case not in opened_with(copy, {case: [key]})
    assert what_opens(copy, manager)[case] == what_is_there(copy, case)
    held = returning.open_case(office, about.receipt, now=LATER)
    assert held.words[0].answer == "The bins were missed six times."
    escalation.run(office, now=LATER.replace(month=9))
    with reading(office.session):
        told = set(office.session.scalars(select(Notice.staff_id).where(Notice.case_id == case)))
    assert manager.id in told
    assert officer.id not in told


def test_why_is_read_by_those_who_hold_it_and_by_nobody_who_went(office, monitoring_officer, deputy, sent):
    stand_aside(office, deputy, sent.reference, why="The manager is my sister.")
    copy, case = copy_of(office), case_id(office, sent.reference)
    assert ("access", 0) in what_opens(copy, monitoring_officer)[case]
    assert case not in what_opens(copy, deputy)
    assert journal.verify(office).fault == ""
    with reading(office.session):
        holders = sealing.keyholders_of(office.session, case)
    assert holders == [f"staff:{monitoring_officer.id}"]


def test_a_successor_is_given_what_one_person_alone_holds(
    office, monitoring_officer, deputy, alternate, sent
):
    """The alternate recipient stands for whoever comes after: a colleague who reads such cases gets all of it."""
    stand_aside(office, deputy, sent.reference)
    give(office, monitoring_officer, sent.reference, alternate)
    copy, case = copy_of(office), case_id(office, sent.reference)
    assert what_opens(copy, alternate)[case] == what_is_there(copy, case)
    stand_aside(office, monitoring_officer, sent.reference)
    assert case_page.open_case(office, alternate, sent.reference, now=LATER).identity_sealed


def test_whoever_alone_holds_a_case_cannot_go_before_somebody_else_has_it(
    office, monitoring_officer, deputy, alternate, sent
):
    with reading(office.session):
        assert custody.held_alone(office.session, monitoring_officer.id) == 0
    stand_aside(office, deputy, sent.reference)
    with pytest.raises(Refused, match="alone can open 1 case"):
        accounts.disable(office, monitoring_officer.email, now=LATER)
    give(office, monitoring_officer, sent.reference, alternate)
    accounts.disable(office, monitoring_officer.email, now=LATER)


def test_a_complaint_that_is_held_by_name_is_still_seen_to_be_late(office, officer, manager, senior_officer):
    about = send(office, complaint(), now=NOW)
    later = NOW.replace(month=9)
    before = lateness.lateness(office, senior_officer, now=later).number
    declare(office, manager, about.reference, f"staff:{officer.id}")
    assert lateness.lateness(office, senior_officer, now=later).number == before == 1


def test_a_link_to_it_is_seen_by_those_who_hold_it_alone(office, monitoring_officer, deputy, sent):
    other = send(office, concern(words="The same rota."), now=NOW).reference
    linking.link(office, deputy, other, sent.reference, "linked", "The same rota.", token="l" * 40, now=NOW)
    declare(office, monitoring_officer, sent.reference, f"staff:{deputy.id}")

    def seen(who, reference: str) -> list[str]:
        page = case_page.open_case(office, who, reference, now=LATER)
        return [link.reference for link in page.links]

    assert seen(deputy, other) == []
    assert seen(monitoring_officer, other) == [sent.reference]
    assert seen(monitoring_officer, sent.reference) == [other]
    third = send(office, concern(words="Another."), now=NOW).reference
    with pytest.raises(Refused, match="no case with this reference"):
        linking.link(
            office,
            monitoring_officer,
            sent.reference,
            third,
            "linked",
            "-",
            token="m" * 40,
            now=LATER,
        )


def test_whoever_entered_it_has_seen_its_code_and_the_page_says_so(office, officer, manager):
    about = submitting.enter(
        office, officer, complaint(channel="telephone"), token="t" * 40, received=NOW, now=NOW
    )
    who = f"staff:{officer.id}"
    assert parting.foresee(office, manager, about.reference, who, now=LATER).entered == "Maya Okafor"
    who = f"staff:{manager.id}"
    assert parting.foresee(office, officer, about.reference, who, now=LATER).entered == ""

"""The main job without a browser: sent, sealed, worked to its dates, counted."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from intake.database import writing
from intake.demonstration.living import PASSWORD
from intake.models import Case, Envelope, Record
from intake.services.casework import case_page, identity
from intake.services.desk import lists as desk
from intake.services.ground import press
from intake.services.ground.refusals import (
    ActedMeanwhile,
    Damaged,
    NotFound,
    ReceiptMistyped,
    ReceiptUnknown,
    Refused,
    SignInRefused,
)
from intake.services.holders import asking, returning
from intake.services.tick import escalation
from intake.vault.receipt import Receipt
from tests import officers
from tests.actors import MONDAY, arrives, complaint, concern, send


def test_a_resident_complains_and_follows_it_through_both_stages(office, officer):
    sent = send(office, complaint())
    ref = sent.reference
    assert [(step.label, step.on) for step in sent.next_dates][0] == ("Acknowledgement", date(2026, 6, 8))

    officers.allocate(office, officer, ref, officer.id, revision=1, now=MONDAY)
    officers.acknowledge(office, officer, ref, "We have it.", revision=2, now=MONDAY + timedelta(days=1))
    officers.respond(
        office, officer, ref, "upheld", "You are right.", "", revision=3, now=MONDAY + timedelta(days=7)
    )
    seen = returning.open_case(office, sent.receipt, now=MONDAY + timedelta(days=8))
    assert [message.heading for message in seen.messages] == ["We have received this", "Our answer"]
    assert seen.words[0].answer == "The bins were missed six times."
    assert seen.handler_name == "Maya Okafor"
    assert seen.next_stage.startswith("Stage 2")

    asking.ask_for_next_stage(
        office, sent.receipt, "It was missed again.", token="t" * 40, now=MONDAY + timedelta(days=9)
    )
    page = case_page.open_case(office, officer, ref, now=MONDAY + timedelta(days=9))
    assert page.waits_for == "Request for the next stage"
    officers.open_next_stage(
        office, officer, ref, None, "", revision=page.revision, now=MONDAY + timedelta(days=9)
    )
    page = case_page.open_case(office, officer, ref, now=MONDAY + timedelta(days=9))
    assert page.stage_label.startswith("Stage 2")
    assert {view.deadline.id for view in page.deadlines} >= {"stage-2-acknowledgement", "stage-2-response"}
    officers.acknowledge(
        office, officer, ref, "We have it.", revision=page.revision, now=MONDAY + timedelta(days=10)
    )
    page = case_page.open_case(office, officer, ref, now=MONDAY + timedelta(days=10))
    officers.respond(
        office,
        officer,
        ref,
        "not-upheld",
        "No.",
        "",
        revision=page.revision,
        now=MONDAY + timedelta(days=20),
        own="Nobody else is in.",
    )
    seen = returning.open_case(office, sent.receipt, now=MONDAY + timedelta(days=20))
    assert seen.ombudsman
    assert "lgo.org.uk" in seen.messages[-1].text


def test_the_same_press_twice_is_one_case_with_one_receipt(office):
    token = press.new_token()
    first = send(office, complaint(), token=token)
    again = send(office, complaint(), token=token, now=MONDAY + timedelta(seconds=2))
    assert (again.reference, again.receipt, again.sent_before) == (first.reference, first.receipt, True)


def test_a_changed_text_under_the_same_press_is_not_lost(office, officer):
    token = press.new_token()
    first = send(office, complaint(), token=token)
    other = complaint(words="Seven times, I counted again.")
    second = send(office, other, token=token)
    assert second.receipt != first.receipt
    page = case_page.open_case(office, officer, second.reference, now=MONDAY)
    assert page.words[0].answer == "Seven times, I counted again."


def test_the_words_of_a_concern_are_not_shown_to_whoever_has_the_receipt(office, monitoring_officer):
    sent = send(office, concern())
    returning.write(office, sent.receipt, "It happened again on Friday.", token="t" * 40, now=MONDAY)
    officers.write(
        office,
        monitoring_officer,
        sent.reference,
        "Which team?",
        token="w" * 40,
        now=MONDAY + timedelta(days=1),
    )
    seen = returning.open_case(office, sent.receipt, now=MONDAY + timedelta(days=1))
    assert seen.words is None
    assert [message.text for message in seen.messages] == [None, "Which team?"]
    page = case_page.open_case(office, monitoring_officer, sent.reference, now=MONDAY + timedelta(days=1))
    assert [message.text for message in page.messages] == ["It happened again on Friday.", "Which team?"]


def test_each_team_sees_nothing_of_the_other(office, officer, manager, monitoring_officer, alternate):
    ours, theirs = send(office, complaint()), send(office, concern())
    apart = send(office, concern(named=("unsure",)))
    readers = {
        ours.reference: {officer.id, manager.id},
        theirs.reference: {monitoring_officer.id},
        apart.reference: {alternate.id},
    }
    for reference, allowed in readers.items():
        for person in (officer, manager, monitoring_officer, alternate):
            listed = desk.desk(office, person, "open", now=MONDAY)
            found = desk.find(office, person, reference, now=MONDAY)
            assert (reference in [line.reference for line in listed.lines]) == (person.id in allowed)
            assert len(found.lines) == (person.id in allowed)
            if person.id in allowed:
                case_page.open_case(office, person, reference, now=MONDAY)
            else:
                with pytest.raises(NotFound):
                    case_page.open_case(office, person, reference, now=MONDAY)
                with pytest.raises(NotFound):
                    officers.note(office, person, reference, "x", token="n" * 40, now=MONDAY)


def test_the_second_of_two_officers_is_told_and_nothing_is_written(office, officer, manager):
    ref = arrives(office, complaint())
    officers.allocate(office, manager, ref, officer.id, revision=1, now=MONDAY)
    with pytest.raises(ActedMeanwhile):
        officers.allocate(office, manager, ref, manager.id, revision=1, now=MONDAY)
    assert case_page.open_case(office, officer, ref, now=MONDAY).handler_name == "Maya Okafor"


def test_a_case_is_given_only_to_somebody_who_can_read_it(office, manager, monitoring_officer, officer):
    ref = arrives(office, complaint())
    with pytest.raises(Refused):
        officers.allocate(office, manager, ref, monitoring_officer.id, revision=1, now=MONDAY)
    with pytest.raises(Refused):
        officers.allocate(office, officer, ref, manager.id, revision=1, now=MONDAY)


def test_an_identity_is_opened_with_a_reason_that_is_kept(office, monitoring_officer):
    ref = arrives(office, concern())
    page = case_page.open_case(office, monitoring_officer, ref, now=MONDAY)
    assert (page.identity, page.identity_sealed) == (None, True)
    why = "To keep them safe."
    with pytest.raises(SignInRefused):
        identity.open_identity(office, monitoring_officer, ref, why, "not the password", now=MONDAY)
    told = identity.open_identity(office, monitoring_officer, ref, why, PASSWORD, now=MONDAY)
    assert told[0].answer == "Kofi Marsh"
    page = case_page.open_case(office, monitoring_officer, ref, now=MONDAY)
    assert "Identity opened" in [line.text for line in page.timeline]


def test_a_receipt_that_is_mistyped_and_one_that_opens_nothing(office):
    sent = send(office, complaint())
    wrong = sent.receipt[:-1] + ("A" if sent.receipt[-1] != "A" else "B")
    with pytest.raises(ReceiptMistyped):
        returning.open_case(office, wrong, now=MONDAY)
    with pytest.raises(ReceiptUnknown):
        returning.open_case(office, Receipt.generate().text, now=MONDAY)


def test_a_message_sent_twice_is_stored_once(office, officer):
    sent = send(office, complaint())
    for _ in range(2):
        returning.write(office, sent.receipt, "One more thing.", token="m" * 40, now=MONDAY)
    page = case_page.open_case(office, officer, sent.reference, now=MONDAY)
    assert [message.text for message in page.messages] == ["One more thing."]


def test_lateness_climbs_the_chain_once_for_each_step(office, officer):
    ref = arrives(office, complaint())
    taken = []
    for day in range(40):
        taken += escalation.run(office, now=MONDAY + timedelta(days=day)).taken
        assert escalation.run(office, now=MONDAY + timedelta(days=day)).taken == []
    assert [step.level for step in taken if step.deadline == "stage-1-acknowledgement"] == [1, 2, 3, 4]
    assert [step.level for step in taken if step.deadline == "stage-1-response"] == [1, 2, 2, 3, 4]
    assert not any(step.late for step in taken)
    assert case_page.open_case(office, officer, ref, now=MONDAY).escalation == 4


def test_an_officer_who_presses_twice_writes_once(office, officer):
    ref = arrives(office, complaint())
    for _ in range(2):
        officers.write(office, officer, ref, "Which day was it?", token="w" * 40, now=MONDAY)
        officers.note(office, officer, ref, "Rang the depot.", token="n" * 40, now=MONDAY)
    page = case_page.open_case(office, officer, ref, now=MONDAY)
    assert [written.text for written in page.messages] == ["Which day was it?"]
    assert [written.text for written in page.notes] == ["Rang the depot."]


def test_one_altered_case_does_not_take_the_desk_away(office, officer):
    broken, whole = arrives(office, complaint()), arrives(office, complaint())
    with writing(office.session):
        case = office.session.scalar(select(Case).where(Case.reference == broken))
        record = office.session.get(Record, (case.id, "submission", 0))
        record.sealed = record.sealed[:-1] + bytes([record.sealed[-1] ^ 1])
    lines = {line.reference: line for line in desk.desk(office, officer, "open", now=MONDAY).lines}
    assert "does not open" in lines[broken].summary
    assert lines[whole].summary == "The bins were missed six times."
    with pytest.raises(Damaged):
        case_page.open_case(office, officer, broken, now=MONDAY)


def test_the_desk_says_of_each_case_what_of_it_does_not_open(office, officer):
    moved, other, missing, whole = (arrives(office, complaint()) for _ in range(4))
    with writing(office.session):
        ids = {case.reference: case.id for case in office.session.scalars(select(Case))}
        one, two = (
            office.session.scalars(
                select(Envelope).where(Envelope.case_id == ids[name], Envelope.scope == "case")
            )
            for name in (moved, other)
        )
        for left, right in zip(one.all(), two.all(), strict=True):
            left.sealed, right.sealed = right.sealed, left.sealed
        office.session.delete(office.session.get(Record, (ids[missing], "submission", 0)))
    lines = {line.reference: line.summary for line in desk.desk(office, officer, "open", now=MONDAY).lines}
    for name in (moved, other):
        assert lines[name].endswith("The key of this case does not open: it was altered or misplaced.")
    assert lines[missing].endswith("Part of this case is missing.")
    assert lines[whole] == "The bins were missed six times."


def test_a_record_moved_to_another_case_does_not_open(office, officer):
    one, other = (arrives(office, complaint()) for _ in range(2))
    with writing(office.session):
        ids = {case.reference: case.id for case in office.session.scalars(select(Case))}
        first = office.session.get(Record, (ids[one], "submission", 0))
        second = office.session.get(Record, (ids[other], "submission", 0))
        first.sealed, second.sealed = second.sealed, first.sealed
    with pytest.raises(Damaged):
        case_page.open_case(office, officer, one, now=MONDAY)

"""What is kept of points of complaint: sealed, whole, and nothing of them in clear."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from intake.database import reading, writing
from intake.models import JournalLine, Record
from intake.procedures.moves import Respond
from intake.procedures.points import Answered
from intake.services.cases import reaching
from intake.services.casework import acting, case_page
from intake.services.ground import journal, sealing
from intake.services.ground.refusals import ActedMeanwhile, NotFound, Refused
from intake.services.holders import returning
from intake.services.points import setting_out
from intake.services.points.setting_out import Draft
from tests import officers
from tests.actors import MONDAY, complaint, concern, send

LATE, CALLS = Draft("He was collected late.", "A bus on time."), Draft("Nobody called back.")


def kept(office) -> list[Record]:
    with reading(office.session):
        return list(office.session.scalars(select(Record).where(Record.kind.in_(("points", "findings")))))


def test_nothing_of_the_points_lies_in_clear_not_even_their_number(office, officer):
    few, many = (send(office, complaint()).reference for _ in range(2))
    setting_out.set_out(office, officer, few, [LATE], revision=1, now=MONDAY)
    setting_out.set_out(office, officer, many, [LATE, CALLS], revision=1, now=MONDAY)
    one, two = kept(office)
    assert len(one.sealed) == len(two.sealed)  # one bucket
    for record in (one, two):
        assert (record.kind, record.place, record.written_by) == ("points", 0, officer.id)
        assert b"late" not in record.sealed
    with reading(office.session):
        lines = office.session.scalars(select(JournalLine).where(JournalLine.act == "points-set-out")).all()
    assert [line.detail for line in lines] == ["{}", "{}"]
    assert journal.verify(office).fault == ""


def test_a_whole_answer_is_kept_in_one_record_a_stage(office, officer):
    ref = send(office, complaint()).reference
    setting_out.set_out(office, officer, ref, [LATE, CALLS], revision=1, now=MONDAY)
    officers.acknowledge(office, officer, ref, "We have it.", revision=2, now=MONDAY)
    answered = (Answered("1", "upheld", "Yes."), Answered("2", "not-upheld", "No."))
    move = Respond(office.today(MONDAY), "partly-upheld", points=answered)
    acting.do(office, officer, ref, move, text="So.", revision=3, now=MONDAY)
    assert [record.kind for record in kept(office)].count("findings") == 1
    page = case_page.open_case(office, officer, ref, now=MONDAY)
    assert [one.decided[0].outcome for one in page.points.points] == ["Upheld", "Not upheld"]


def test_what_is_answered_anew_stands_beside_what_was_decided_before(office, officer):
    ref = send(office, complaint()).reference
    setting_out.set_out(office, officer, ref, [LATE], revision=1, now=MONDAY)
    officers.acknowledge(office, officer, ref, "We have it.", revision=2, now=MONDAY)
    for revision, outcome, reason in ((3, "not-upheld", "No log."), (5, "upheld", "The log was found.")):
        if revision > 3:
            officers.take_up_again(
                office, officer, ref, "We look again.", "The log.", revision=revision - 1, now=MONDAY
            )
        move = Respond(office.today(MONDAY), outcome, points=(Answered("1", outcome, reason),))
        acting.do(office, officer, ref, move, text="So.", revision=revision, now=MONDAY)
    page = case_page.open_case(office, officer, ref, now=MONDAY)
    assert [(one.stage, one.outcome) for one in page.points.points[0].decided] == [
        ("Stage 1: answer by the service", "Not upheld"),
        ("Stage 1: answer by the service, answered anew", "Upheld"),
    ]
    assert page.standing.outcomes == {"stage-1": "upheld"}


def test_triage_sets_them_out_inside_its_own_transaction(office, officer):
    ref = send(office, complaint()).reference
    with writing(office.session):
        case, key, _ = reaching.reach(office, officer, ref)
        setting_out.set_out_inside(office, officer, case, key, [LATE, CALLS], now=MONDAY)
    page = case_page.open_case(office, officer, ref, now=MONDAY)
    assert [point.words for point in page.points.standing] == [LATE.words, CALLS.words]
    assert page.revision == 2
    with pytest.raises(Refused, match="set out already"):
        setting_out.set_out(office, officer, ref, [LATE], revision=2, now=MONDAY)


def test_what_is_refused_leaves_nothing(office, officer, manager):
    ref = send(office, complaint()).reference
    for drafts, words in (
        ([], "Say what is complained of."),
        ([Draft("  ")], "Say what is complained of."),
        ([Draft("x" * 2_001)], "must be 2,000 characters or fewer"),
        ([LATE, replace(CALLS, wanted="x" * 1_001)], "must be 1,000 characters or fewer"),
        ([replace(LATE, place="nowhere")], "That service is not on the list."),
        ([replace(LATE, theme="none")], "That theme is not on the list any more."),
        ([Draft(f"Thing {number}.") for number in range(21)], "A case has 20 points at most."),
    ):
        with pytest.raises(Refused, match=words):
            setting_out.set_out(office, officer, ref, drafts, revision=1, now=MONDAY)
    with pytest.raises(ActedMeanwhile):
        setting_out.set_out(office, officer, ref, [LATE], revision=7, now=MONDAY)
    assert kept(office) == []
    assert case_page.open_case(office, manager, ref, now=MONDAY).revision == 1


def test_a_concern_has_none_and_its_receipt_opens_none(office, monitoring_officer):
    sent = send(office, concern())
    with pytest.raises(NotFound):
        setting_out.set_out(office, monitoring_officer, sent.reference, [LATE], revision=1, now=MONDAY)
    held = returning.open_case(office, sent.receipt, now=MONDAY)
    assert (held.points, held.statement) == ((), None)
    assert kept(office) == []


def test_a_point_keeps_its_own_number_for_good_and_what_was_decided_follows_it(office, officer):
    sent = send(office, complaint())
    ref = sent.reference
    setting_out.set_out(office, officer, ref, [LATE, CALLS], revision=1, now=MONDAY)
    setting_out.withdraw(office, officer, ref, "1", "Settled.", revision=2, now=MONDAY)
    setting_out.add(office, officer, ref, Draft("The escort was rude."), revision=3, now=MONDAY)
    setting_out.change(
        office, officer, ref, "3", Draft("The escort was rude."), position=1, revision=4, now=MONDAY
    )
    held = returning.open_case(office, sent.receipt, now=MONDAY)
    assert [(one.number, one.point.id) for one in held.points] == [(1, "3"), (2, "2"), (0, "1")]
    with pytest.raises(Refused, match=r"Nothing was changed."):
        setting_out.change(
            office, officer, ref, "3", Draft("The escort was rude."), position=1, revision=5, now=MONDAY
        )


def test_a_complaint_that_became_a_concern_tells_its_points_to_its_readers_and_to_no_letter(
    office, monitoring_officer
):
    """As rerouting may leave it: the points lie among the casework of a concern."""
    sent, ref = send(office, concern()), ""
    with writing(office.session):
        case, key, _ = reaching.reach(office, monitoring_officer, sent.reference)
        ref = case.reference
        point = {"id": "1", "words": LATE.words, "wanted": "", "place": None, "theme": None}
        content = {
            "points": [point | {"withdrawn": None, "why": ""}],
            "what": "set-out",
            "number": 0,
            "was": ["", ""],
        }
        sealing.add_record(
            office.session, key, case, "points", content, on=MONDAY.date(), by="x", purpose="casework"
        )
    officers.acknowledge(office, monitoring_officer, ref, "We have it.", revision=1, now=MONDAY)
    page = case_page.open_case(office, monitoring_officer, ref, now=MONDAY)
    assert [one.point.words for one in page.points.points] == [LATE.words]
    (answer,) = (offer for offer in page.offers if offer.act == "respond")
    assert not any(field.point for field in answer.fields)
    officers.respond(
        office, monitoring_officer, ref, "substantiated", "We looked.", "", revision=2, now=MONDAY
    )
    held = returning.open_case(office, sent.receipt, now=MONDAY)
    assert held.points == ()
    assert all(LATE.words not in (message.text or "") for message in held.messages)

"""A complaint turns out to be a concern: sealed anew for the monitoring officer, out of the complaints team's sight."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from intake.counts.quarters import Period
from intake.database import reading
from intake.demonstration.living import PASSWORD
from intake.models import (
    Base,
    Envelope,
    Event,
    Notice,
    Proposal,
    ReceiptLock,
    Record,
    StageReceipt,
)
from intake.services.cases import places
from intake.services.casework import case_page, identity
from intake.services.desk import lists as desk
from intake.services.desk import views
from intake.services.figures import tallying
from intake.services.ground import journal, sealing
from intake.services.ground.refusals import ActedMeanwhile, Damaged, NotFound, Refused
from intake.services.holders import answering, returning
from intake.services.instance import anchoring
from intake.services.rerouting import moving, remembering
from intake.services.rerouting.fates import FATES, fate
from intake.services.tick import escalation
from intake.vault import slot
from intake.vault.errors import SealBroken
from intake.vault.receipt import read_bundle
from intake.vault.record import PurposeKey
from intake.vault.sealing import unseal
from tests import officers

from .story import DANGER, LATER, NOW, case_of, move, old_key, opened_by, propose, rerouted, stamp, take_back


def test_the_monitoring_officer_has_all_of_it_and_the_complaints_team_nothing(
    office, officer, manager, monitoring_officer, told
):
    old = told.reference
    new = rerouted(office, manager, told)
    assert new != old
    for colleague in (officer, manager):
        for reference in (old, new):
            with pytest.raises(NotFound):
                case_page.open_case(office, colleague, reference, now=LATER)
    page = case_page.open_case(office, monitoring_officer, new, now=LATER)
    assert page.words[0].answer == "The bins were missed six times."
    assert [one.text for one in page.messages][:3] == [
        "We have it.",
        "It was the night manager.",
        "Thank you.",
    ]
    assert page.messages[1].from_holder
    assert [one.text for one in page.notes] == ["He is her uncle."]
    assert page.identity is None
    assert page.identity_sealed
    assert (page.handler_id, page.place_id, page.theme_id, page.channel) == (None, None, None, "unknown")
    (known,) = remembering.before(office, monitoring_officer, new, now=LATER)
    assert ("Reference there", old) in known.facts
    assert ("Who is in danger", DANGER) not in known.facts
    assert ("Who was in danger", DANGER) in known.facts
    assert "Acknowledged" in [line.text for line in known.lines]


def test_the_old_case_key_opens_nothing_of_what_is_there_now(office, officer, manager, told):
    """Kept from before by somebody of the complaints team, who has a copy of the database too."""
    key = old_key(office, officer, told.reference)
    assert "note" in opened_by(office, case_of(office, told.receipt).id, [key])
    rerouted(office, manager, told)
    case = case_of(office, told.receipt)
    assert opened_by(office, case.id, [key]) == []
    returning.write(office, told.receipt, "He knows.", token="x" * 40, now=LATER)
    assert opened_by(office, case.id, [key]) == []
    with reading(office.session):
        holders = set(office.session.scalars(select(Envelope.keyholder).where(Envelope.case_id == case.id)))
        pairs = sealing.pairs_of(office.session, officer)
        lock = office.session.scalar(select(ReceiptLock).where(ReceiptLock.case_id == case.id))
    assert holders == {"vault:whistleblowing"}
    assert not holders & pairs.keys()
    conversation = key.for_purpose("conversation").secret
    with pytest.raises(SealBroken):
        slot.public_of(lock.slot, conversation, case=case.id)


def test_nothing_that_the_complaints_team_sees_names_the_case(office, officer, manager, told):
    before = desk.desk(office, manager, "open", now=LATER)
    assert [line.reference for line in before.lines] == [told.reference]
    escalation.run(office, now=NOW + timedelta(days=40))
    case_id = case_of(office, told.receipt).id
    with reading(office.session):
        assert office.session.scalars(select(Notice).where(Notice.case_id == case_id)).all()
    rerouted(office, manager, told)
    for colleague in (officer, manager):
        for view in views.VIEWS:
            shown = desk.desk(office, colleague, view, now=LATER)
            assert not shown.lines
    with reading(office.session):
        assert not office.session.scalars(select(Notice).where(Notice.case_id == case_id)).all()
        readers = set(
            office.session.scalars(select(StageReceipt.reader).where(StageReceipt.case_id == case_id))
        )
        measures = set(
            office.session.scalars(select(StageReceipt.measure).where(StageReceipt.case_id == case_id))
        )
        assert office.session.get(Proposal, case_id) is None
        theirs = tallying.Scope(places.tree_of(office.session), manager.role.counted_readers)
        assert tallying.receipts(office.session, Period.of(NOW.date()), theirs) == {}
    assert readers == {"whistleblowing"}
    assert measures == {"whistleblowing-referrals"}


def test_the_holder_comes_back_with_the_same_code(office, manager, monitoring_officer, told):
    new = rerouted(office, manager, told)
    held = returning.open_case(office, told.receipt, now=LATER)
    assert held.reference == new
    assert held.received_on == date(2026, 6, 1)
    assert held.words is None
    assert held.handler_name is None
    heading, text = held.messages[-1].heading, held.messages[-1].text
    assert heading == "We look into this as a whistleblowing concern"
    assert told.reference not in text
    assert new in text
    assert "the monitoring officer and the deputy can open it now" in text.lower()
    assert [one.text for one in held.messages[:3]] == ["We have it.", None, "Thank you."]
    case_id = case_of(office, told.receipt).id
    with reading(office.session):
        lock = office.session.scalar(select(ReceiptLock).where(ReceiptLock.case_id == case_id))
        assert slot.is_settled(lock.sealed)
    officers.write(office, monitoring_officer, new, "We have read it.", token="m" * 40, now=LATER)
    assert returning.open_case(office, told.receipt, now=LATER).messages[-1].text == "We have read it."


def test_the_clock_begins_anew_with_its_rules(office, manager, monitoring_officer, told):
    new = rerouted(office, manager, told)
    page = case_page.open_case(office, monitoring_officer, new, now=LATER)
    assert page.procedure_id == "whistleblowing"
    assert page.standing.events == {"received": date(2026, 6, 4)}
    assert page.received_on == date(2026, 6, 1)
    due = {view.deadline.id: view.deadline.due for view in page.deadlines}
    assert due["acknowledgement"] == date(2026, 6, 11)
    assert [line.text for line in page.timeline] == [
        "Received by the council",
        "Received by those who deal with it now",
    ]
    officers.acknowledge(office, monitoring_officer, new, "We have it.", revision=page.revision, now=LATER)
    page = case_page.open_case(office, monitoring_officer, new, now=LATER)
    assert [line.by for line in page.timeline if line.text == "Acknowledged"] == [monitoring_officer.name]


def test_who_it_is_opens_with_a_reason_alone(office, manager, monitoring_officer, told):
    new = rerouted(office, manager, told)
    said = identity.open_identity(office, monitoring_officer, new, "To protect her.", PASSWORD, now=LATER)
    assert said[0].answer == "Joyce Pell"


def test_a_receipt_from_before_crosses_by_a_bridge_which_is_gone_at_the_next_visit(
    office, officer, manager, told
):
    case_id = case_of(office, told.receipt).id
    with reading(office.session):
        lock = office.session.scalar(select(ReceiptLock).where(ReceiptLock.case_id == case_id))
    lock.slot = None
    office.session.commit()
    old = old_key(office, officer, told.reference)
    rerouted(office, manager, told)
    lock = office.session.scalar(select(ReceiptLock).where(ReceiptLock.case_id == case_id))
    bridge = lock.sealed[slot.BUNDLE_BYTES :]
    assert len(bridge) == slot.BUNDLE_BYTES
    conversation = old.for_purpose("conversation").secret
    # What a thief of the database with the old case's key lacks is the server's key; with `keys/` too they have it all.
    with pytest.raises(SealBroken):
        _cross(bridge, conversation, bytes(32), case_id)
    assert _cross(bridge, conversation, office.key.for_purpose("receipts/bridge"), case_id)
    # And what they have is our letters: neither what its holder writes, nor who it is, nor a note.
    bundle = read_bundle(_cross(bridge, conversation, office.key.for_purpose("receipts/bridge"), case_id))
    assert set(bundle) == {"conversation"}
    returning.write(office, told.receipt, "He knows.", token="x" * 40, now=LATER)
    theirs = PurposeKey("conversation", bundle["conversation"])
    with reading(office.session):
        records = office.session.scalars(select(Record).where(Record.case_id == case_id)).all()
    read = {(one.kind, one.written_by) for one in records if _opens(theirs, one)}
    assert {kind for kind, _ in read} == {"message"}
    assert "holder" not in {by for _, by in read}
    assert returning.reference_of(office, told.receipt) == case_of(office, told.receipt).reference
    lock = office.session.scalar(select(ReceiptLock).where(ReceiptLock.case_id == case_id))
    assert slot.is_settled(lock.sealed)
    assert lock.slot is not None


def _opens(key: PurposeKey, record: Record) -> bool:
    try:
        key.open(record.sealed, case=record.case_id, kind=record.kind, place=record.place)
    except SealBroken:
        return False
    return True


def _cross(bridge: bytes, conversation: bytes, server: bytes, case: str) -> bytes:
    return unseal(slot._bridge_key(conversation, server), bridge, "intake/vault/v1/receipt-bridge", case)


def test_somebody_about_whom_it_is_does_not_get_it(office, manager, monitoring_officer, alternate, told):
    propose(office, manager, told.reference, danger=DANGER, named=("unsure",))
    move(office, manager, told.reference)
    new = case_of(office, told.receipt).reference
    with pytest.raises(NotFound):
        case_page.open_case(office, monitoring_officer, new, now=LATER)
    assert case_page.open_case(office, alternate, new, now=LATER).words


def test_killed_in_the_middle_all_is_as_it_was(office, officer, manager, monkeypatch, told):
    propose(office, manager, told.reference, danger=DANGER)
    before = everything(office)

    def killed(*_, **__):
        raise KeyboardInterrupt

    for place in (
        "intake.services.cases.timekeeping.begin_anew",
        "intake.services.ground.notices.tell_vaults_of_news",
    ):
        with monkeypatch.context() as patch:
            patch.setattr(place, killed)
            with pytest.raises(KeyboardInterrupt):
                move(office, manager, told.reference)
        office.session.rollback()
        assert everything(office) == before
    assert case_page.open_case(office, officer, told.reference, now=LATER).words
    assert returning.open_case(office, told.receipt, now=LATER).words


def everything(office) -> dict[str, list]:
    with reading(office.session):
        return {
            table.name: sorted(map(repr, office.session.execute(select(table)).all()))
            for table in Base.metadata.sorted_tables
        }


def test_whoever_comes_second_is_told(office, manager, told):
    propose(office, manager, told.reference, danger=DANGER)
    seen = stamp(office, told.reference)
    with pytest.raises(ActedMeanwhile):
        moving.move(office, manager, told.reference, revision=seen - 1, now=LATER)
    move(office, manager, told.reference)
    with pytest.raises(NotFound):
        moving.move(office, manager, told.reference, revision=seen, now=LATER)


def test_the_journal_holds_and_knows_the_case(office, manager, told):
    journal.enter_the_day(office, now=NOW + timedelta(days=1))
    rerouted(office, manager, told)
    assert journal.verify(office).fault == ""
    assert anchoring.verify(office).fault == ""


def test_its_holder_is_asked_first_and_may_say_no(office, manager, told):
    propose(office, manager, told.reference)
    with pytest.raises(Refused, match="has not agreed"):
        move(office, manager, told.reference)
    asked = returning.open_case(office, told.receipt, now=LATER).question
    assert asked.heading == "May we look into this as a whistleblowing concern?"
    answering.answer(office, told.receipt, yes=False, text="No.", token="a" * 40, now=LATER)
    assert returning.open_case(office, told.receipt, now=LATER).question is None
    with pytest.raises(Refused, match="has not agreed"):
        move(office, manager, told.reference)
    with pytest.raises(Refused, match="answered it already"):
        answering.answer(office, told.receipt, yes=True, text="", token="b" * 40, now=LATER)
    move(office, manager, told.reference, danger=DANGER)


def test_two_people_decide_where_the_authority_wants_it(office, officer, manager, told):
    two = replace(office, settings=replace(office.settings, reroute_by_two=True))
    propose(two, manager, told.reference)
    answering.answer(two, told.receipt, yes=True, text="", token="a" * 40, now=LATER)
    with pytest.raises(Refused, match="two people decide"):
        move(two, manager, told.reference)
    take_back(two, manager, told.reference)
    propose(two, officer, told.reference)
    answering.answer(two, told.receipt, yes=True, text="", token="c" * 40, now=LATER)
    with pytest.raises(NotFound):
        move(two, officer, told.reference)  # without the right
    move(two, manager, told.reference)


def test_every_kind_of_record_has_its_fate():
    assert set(FATES) == set(sealing.PURPOSES) | {"identity"}
    with pytest.raises(Damaged, match="does not know"):
        fate("point", becomes_a_concern=True)


def test_an_unknown_kind_of_record_stops_it(office, officer, manager, told):
    propose(office, manager, told.reference, danger=DANGER)
    key = old_key(office, officer, told.reference)
    row = sealing.record_row(
        key.for_purpose("casework"),
        case_of(office, told.receipt).id,
        "point",
        {"x": 1},
        on=NOW.date(),
        by=officer.id,
    )
    office.session.add(Record(**row))
    office.session.commit()
    with pytest.raises(Damaged, match="Nothing was done"):
        move(office, manager, told.reference)
    assert case_page.open_case(office, officer, told.reference, now=LATER).words


def test_events_of_the_old_rules_are_gone_from_the_rows(office, manager, told):
    rerouted(office, manager, told)
    case_id = case_of(office, told.receipt).id
    with reading(office.session):
        names = set(office.session.scalars(select(Event.name).where(Event.case_id == case_id)))
    assert names == {"received"}

"""One case is given to an investigator, who has nothing else, and taken back while they read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from intake.database import reading, writing
from intake.demonstration.living import PASSWORD
from intake.models import Envelope, Keyholder, ReceiptLock, Record, Staff
from intake.services.access import giving, looking, parting
from intake.services.cases.words import Answer
from intake.services.casework import case_page, identity
from intake.services.desk import lists
from intake.services.ground import journal, sealing
from intake.services.ground.refusals import ActedMeanwhile, KeyDiffers, NotFound, Refused
from intake.services.holders import answering, asking, returning
from intake.services.people import accounts
from intake.vault import slot
from intake.vault.errors import SealBroken
from intake.vault.keys import KeyPair
from intake.vault.receipt import read_bundle
from intake.vault.record import PurposeKey
from intake.vault.sealing import unseal
from tests import officers
from tests.actors import complaint, concern, send
from tests.services.rerouting import story as rerouting
from tests.what_opens import copy_of, keys_in, opened_with, pairs_in, what_is_there, what_opens

from .story import LATER, NOW, case_id, fingerprint_of, give, is_shut_to, key_of, revision, take_back


@pytest.fixture
def sent(office):
    """Two concerns, of which the first will be given away."""
    first = send(office, concern(), now=NOW)
    send(office, concern(words="Something else."), now=NOW)
    returning.write(office, first.receipt, "It was the night manager.", token="w" * 40, now=NOW)
    return first


def test_an_investigator_has_the_one_case_and_no_identity(office, monitoring_officer, investigator, sent):
    assert what_opens(copy_of(office), investigator) == {}
    give(office, monitoring_officer, sent.reference, investigator)
    case, copy = case_id(office, sent.reference), copy_of(office)
    theirs = what_opens(copy, investigator)
    assert theirs.keys() == {case}
    assert what_is_there(copy, case) - theirs[case] == {("identity", 0)}
    assert what_opens(copy, monitoring_officer)[case] == what_is_there(copy, case)
    page = case_page.open_case(office, investigator, sent.reference, now=LATER)
    assert [one.text for one in page.messages] == ["It was the night manager."]
    assert (page.identity, page.identity_sealed) == (None, False)
    assert [one.move.word for one in page.offers] == ["note"]
    with pytest.raises(NotFound):
        identity.open_identity(office, investigator, sent.reference, "Why not.", PASSWORD, now=LATER)
    for view in ("open", "new"):
        assert [line.reference for line in lists.desk(office, investigator, view, now=LATER).lines] == [
            sent.reference
        ]
    officers.note(office, investigator, sent.reference, "I have read it.", token="n" * 40, now=LATER)
    seen = case_page.open_case(office, monitoring_officer, sent.reference, now=LATER)
    assert "I have read it." in [note.text for note in seen.notes]


def test_what_its_holder_writes_later_reaches_them_and_who_it_is_does_not(
    office, monitoring_officer, investigator, sent
):
    give(office, monitoring_officer, sent.reference, investigator)
    returning.write(office, sent.receipt, "He knows.", token="x" * 40, now=LATER)
    told = asking.Details((Answer("Name", "Kofi A. Marsh"),))
    asking.correct_details(office, sent.receipt, told, token="y" * 40, now=LATER)
    case, copy = case_id(office, sent.reference), copy_of(office)
    assert {place for place in what_is_there(copy, case) if place[0] == "identity"} == {
        ("identity", 0),
        ("identity", 1),
    }
    theirs = what_opens(copy, investigator)[case]
    assert ("message", 1) in theirs
    assert not {place for place in theirs if place[0] == "identity"}
    assert what_opens(copy, monitoring_officer)[case] == what_is_there(copy, case)


def test_taken_back_while_they_read_it_is_gone_and_their_key_opens_nothing(
    office, monitoring_officer, investigator, sent
):
    give(office, monitoring_officer, sent.reference, investigator)
    case, before = case_id(office, sent.reference), copy_of(office)
    kept = keys_in(before, pairs_in(before, investigator))
    take_back(office, monitoring_officer, sent.reference, investigator)
    is_shut_to(office, investigator, sent.reference)
    assert not lists.desk(office, investigator, "open", now=LATER).lines
    with pytest.raises(NotFound):
        officers.note(office, investigator, sent.reference, "Mine.", token="n" * 40, now=LATER)
    returning.write(office, sent.receipt, "He knows.", token="x" * 40, now=LATER)
    officers.note(office, monitoring_officer, sent.reference, "We know.", token="o" * 40, now=LATER)
    after = copy_of(office)
    assert opened_with(after, kept) == {}
    assert what_opens(after, investigator) == {}
    assert what_opens(after, monitoring_officer)[case] == what_is_there(after, case)
    page = case_page.open_case(office, monitoring_officer, sent.reference, now=LATER)
    assert [one.text for one in page.messages] == ["It was the night manager.", "He knows."]


def test_its_holder_comes_back_with_the_same_code(office, monitoring_officer, investigator, sent):
    give(office, monitoring_officer, sent.reference, investigator)
    held = returning.open_case(office, sent.receipt, now=LATER)
    assert (held.reference, held.words) == (sent.reference, None)
    assert "the monitoring officer and the deputy" in held.readers
    officers.write(office, monitoring_officer, sent.reference, "Thank you.", token="m" * 40, now=LATER)
    take_back(office, monitoring_officer, sent.reference, investigator)
    assert returning.open_case(office, sent.receipt, now=LATER).messages[-1].text == "Thank you."


def test_the_holder_of_a_complaint_reads_back_all_that_they_read_before(office, manager, investigator):
    sent = send(office, complaint(), now=NOW)
    returning.write(office, sent.receipt, "Again today.", token="w" * 40, now=NOW)
    give(office, manager, sent.reference, investigator)
    held = returning.open_case(office, sent.receipt, now=LATER)
    assert held.words[0].answer == "The bins were missed six times."
    assert held.messages[0].text == "Again today."
    returning.write(office, sent.receipt, "And again.", token="x" * 40, now=LATER)
    copy, case = copy_of(office), case_id(office, sent.reference)
    assert what_is_there(copy, case) - what_opens(copy, investigator)[case] == {("identity", 0)}


def test_a_fingerprint_that_was_not_compared_gives_nothing(office, monitoring_officer, investigator, sent):
    with pytest.raises(Refused, match="Nothing was given"):
        give(office, monitoring_officer, sent.reference, investigator, compared="0000-0000-0000-0000-0000")
    is_shut_to(office, investigator, sent.reference)
    assert what_opens(copy_of(office), investigator) == {}


@pytest.mark.parametrize("role", ["complaints-officer", "senior-officer"])
def test_nobody_who_reads_no_such_case_is_given_one(office, monitoring_officer, unlocked, sent, role):
    with pytest.raises(Refused, match="Choose an investigator"):
        give(office, monitoring_officer, sent.reference, unlocked[role], compared="-")


def test_nobody_who_is_named_in_it_nor_who_answers_to_them_is_given_it(
    office, monitoring_officer, deputy, alternate, investigator
):
    words = (*concern().words, Answer("Monitoring officer", "Yes"))
    about = send(office, replace(concern(), words=words, named=("monitoring-officer",)), now=NOW)
    offered = looking.at(office, alternate, about.reference, now=LATER).takers
    assert [one.id for one in offered] == [investigator.id]
    for who in (monitoring_officer, deputy):
        with pytest.raises(Refused, match="named them in it"):
            give(office, alternate, about.reference, who)
        is_shut_to(office, who, about.reference)


def test_only_whoever_holds_it_and_may_gives_it(office, officer, manager, alternate, investigator, sent):
    mark = fingerprint_of(office, investigator)
    for somebody in (officer, manager, alternate, investigator):
        with pytest.raises(NotFound):
            give(office, somebody, sent.reference, investigator, compared=mark)


def test_whoever_acts_second_is_told_and_a_second_click_gives_it_once(
    office, monitoring_officer, deputy, investigator, sent
):
    seen = revision(office, sent.reference)
    give(office, monitoring_officer, sent.reference, investigator, revision=seen)
    with pytest.raises(Refused, match="have this case already"):
        give(office, monitoring_officer, sent.reference, investigator, revision=seen)
    with pytest.raises(ActedMeanwhile):
        take_back(office, deputy, sent.reference, investigator, revision=seen)
    take_back(office, deputy, sent.reference, investigator)
    with pytest.raises(Refused, match="do not have this case"):
        take_back(office, monitoring_officer, sent.reference, investigator)


def test_without_a_reason_nothing_is_given(office, monitoring_officer, investigator, sent):
    for why in ("", "   ", "x" * 4001):
        with pytest.raises(Refused, match="Give the reason"):
            give(office, monitoring_officer, sent.reference, investigator, why=why)


def test_an_administrator_who_puts_a_key_of_theirs_there_gets_nothing_new(
    office, monitoring_officer, investigator, sent
):
    """Whoever can write to the database alone: a row and an envelope of their own, and another public key."""
    give(office, monitoring_officer, sent.reference, investigator)
    case, thief = case_id(office, sent.reference), KeyPair.generate()
    with writing(office.session):
        told = {"case_id": case, "scope": "case", "since": NOW.date(), "marked": thief.public + bytes(32)}
        office.session.add(Keyholder(keyholder="staff:thief", until=None, **told))
        office.session.add(
            Keyholder(keyholder="vault:complaints", until=None, **told | {"marked": bytes(32)})
        )
        row = office.session.get(Keyholder, (case, f"staff:{investigator.id}", "case"))
        row.marked = thief.public + row.marked[-32:]
        for holder in ("staff:thief", "vault:complaints"):
            office.session.add(Envelope(keyholder=holder, case_id=case, scope="case", sealed=b"\x01" * 1169))
    returning.write(office, sent.receipt, "He knows.", token="x" * 40, now=LATER)
    with reading(office.session):
        to = select(Envelope.keyholder).where(Envelope.case_id == case, Envelope.scope == "message-1")
        assert list(office.session.scalars(to)) == ["vault:whistleblowing"]
    copy = copy_of(office)
    assert keys_in(copy, {"thief": thief}) == {}


def test_an_account_whose_key_was_put_there_gets_nothing(office, monitoring_officer, investigator, sent):
    """The fingerprint that the page shows is then the thief's own; the journal knows another."""
    with writing(office.session):
        office.session.get(Staff, investigator.id).public = KeyPair.generate().public
    with pytest.raises(KeyDiffers):
        give(office, monitoring_officer, sent.reference, investigator)


def test_killed_in_the_middle_nothing_is_changed(office, monitoring_officer, investigator, sent, monkeypatch):
    before = copy_of(office)

    def killed(*_, **__):
        raise KeyboardInterrupt

    for place in ("access.rotating._follow", "access.remembering.keep", "ground.journal.append"):
        with monkeypatch.context() as patch:
            patch.setattr(f"intake.services.{place}", killed)
            with pytest.raises(KeyboardInterrupt):
                give(office, monitoring_officer, sent.reference, investigator)
        office.session.rollback()
        assert copy_of(office) == before
    assert returning.open_case(office, sent.receipt, now=LATER).reference == sent.reference


def test_its_time_ends_by_itself(office, monitoring_officer, investigator, sent):
    from datetime import timedelta

    from intake.services.access import ending

    give(office, monitoring_officer, sent.reference, investigator, until=LATER.date())
    assert ending.end(office, now=LATER, staff_id=investigator.id) == 0
    assert case_page.open_case(office, investigator, sent.reference, now=LATER).words
    over = LATER + timedelta(days=1)
    assert ending.end(office, now=over, staff_id=investigator.id) == 1
    is_shut_to(office, investigator, sent.reference)
    returning.write(office, sent.receipt, "He knows.", token="x" * 40, now=over)
    assert what_opens(copy_of(office), investigator) == {}
    with pytest.raises(Refused, match="last day has passed"):
        give(office, monitoring_officer, sent.reference, investigator, until=NOW.date())


def test_fresh_keys_end_by_arithmetic_what_ended_by_the_calendar(
    office, monitoring_officer, investigator, sent
):
    from datetime import timedelta

    give(office, monitoring_officer, sent.reference, investigator, until=LATER.date())
    copy, over = copy_of(office), LATER + timedelta(days=1)
    kept = keys_in(copy, pairs_in(copy, investigator))
    seen = revision(office, sent.reference)
    giving.refresh(office, monitoring_officer, sent.reference, revision=seen, now=over)
    after = copy_of(office)
    assert opened_with(after, kept) == {}
    assert what_opens(after, investigator) == {}


def test_the_journal_knows_who_had_it_and_no_word_of_why(office, monitoring_officer, investigator, sent):
    key = key_of(office, monitoring_officer, sent.reference)
    give(office, monitoring_officer, sent.reference, investigator)
    take_back(office, monitoring_officer, sent.reference, investigator)
    assert key != key_of(office, monitoring_officer, sent.reference)
    assert journal.verify(office).fault == ""
    with reading(office.session):
        assert sealing.keyholders_of(office.session, case_id(office, sent.reference)) == [
            "vault:whistleblowing"
        ]


def test_an_answer_that_its_holder_gave_before_counts_after(office, manager, investigator):
    """A yes is marked with the key of the conversation, which is another one then."""
    sent = send(office, complaint(), now=NOW)
    rerouting.propose(office, manager, sent.reference)
    answering.answer(office, sent.receipt, yes=True, text="Do.", token="a" * 40, now=LATER)
    give(office, manager, sent.reference, investigator)
    rerouting.move(office, manager, sent.reference)
    case = rerouting.case_of(office, sent.receipt)
    assert case.reader == "whistleblowing"
    with reading(office.session):
        assert not office.session.scalars(select(Keyholder).where(Keyholder.case_id == case.id)).all()
    assert what_opens(copy_of(office), investigator) == {}
    assert returning.open_case(office, sent.receipt, now=LATER).reference == case.reference
    returning.write(office, sent.receipt, "Thank you.", token="b" * 40, now=LATER)
    assert what_opens(copy_of(office), investigator) == {}


def test_a_thief_with_the_servers_keys_and_an_old_case_key_reads_no_message_that_comes(
    office, monitoring_officer, investigator, sent
):
    """The worst case: a receipt from before there were slots, whose new bundle lies behind a bridge."""
    give(office, monitoring_officer, sent.reference, investigator)
    case, before = case_id(office, sent.reference), copy_of(office)
    kept = keys_in(before, pairs_in(before, investigator))
    returning.reference_of(office, sent.receipt)
    with writing(office.session):
        lock = office.session.scalar(select(ReceiptLock).where(ReceiptLock.case_id == case))
        lock.slot = None
    take_back(office, monitoring_officer, sent.reference, investigator)
    bridge = office.session.get(ReceiptLock, lock.lookup).sealed[slot.BUNDLE_BYTES :]
    (old,) = (key for key in kept[case] if key.scope == "case")
    across = slot._bridge_key(
        old.for_purpose("conversation").secret, office.key.for_purpose("receipts/bridge")
    )
    bundle = read_bundle(unseal(across, bridge, "intake/vault/v1/receipt-bridge", case))
    assert set(bundle) == {"conversation", "keyholders"}
    returning.write(office, sent.receipt, "He knows.", token="x" * 40, now=LATER)
    with reading(office.session):
        written = office.session.get(Record, (case, "message", 1))
    for purpose in bundle:
        with pytest.raises(SealBroken):
            PurposeKey(purpose, bundle[purpose]).open(written.sealed, case=case, kind="message", place=1)
    assert returning.open_case(office, sent.receipt, now=LATER).reference == sent.reference


def test_an_account_that_is_switched_off_or_invited_again_has_it_no_more(
    office, monitoring_officer, investigator, sent
):
    give(office, monitoring_officer, sent.reference, investigator)
    accounts.invite(office, investigator.email, "Iris Kemp", "investigator", again=True, now=LATER)
    assert what_opens(copy_of(office), investigator) == {}
    returning.write(office, sent.receipt, "He knows.", token="x" * 40, now=LATER)
    case, copy = case_id(office, sent.reference), copy_of(office)
    assert what_opens(copy, investigator) == {}
    assert what_opens(copy, monitoring_officer)[case] == what_is_there(copy, case)


def test_an_investigator_stands_aside(office, monitoring_officer, investigator, sent):
    give(office, monitoring_officer, sent.reference, investigator)
    seen = revision(office, sent.reference)
    parting.stand_aside(office, investigator, sent.reference, "I know her.", revision=seen, now=LATER)
    is_shut_to(office, investigator, sent.reference)
    case, copy = case_id(office, sent.reference), copy_of(office)
    assert what_opens(copy, monitoring_officer)[case] == what_is_there(copy, case)
    with pytest.raises(Refused, match="cannot be given to them"):
        give(office, monitoring_officer, sent.reference, investigator)

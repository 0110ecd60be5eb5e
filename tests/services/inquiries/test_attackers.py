"""Who opens what of an inquiry, with the whole database and every key that is theirs: a list for each of them."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from intake.database import reading, writing
from intake.models import Envelope, Grant, InquiryDate, Record
from intake.services.ground import sealing
from intake.services.ground.refusals import Damaged
from intake.vault.envelope import open_case_key, open_grant
from intake.vault.errors import SealBroken
from intake.vault.keys import KeyPair
from intake.vault.receipt import Receipt
from intake.vault.record import purposes_of
from tests.actors import concern, send

from .story import Inquiring


@pytest.fixture
def stories(office, monitoring_officer, deputy, alternate) -> dict[str, Inquiring]:
    """Two inquiries: an ordinary one, and one about the monitoring officer."""
    ordinary, about_her = Inquiring(office), Inquiring(office, named=("monitoring-officer",))
    ordinary.to_review(monitoring_officer)
    ordinary.interview(monitoring_officer)
    ordinary.sign_off(deputy)
    about_her.assess(alternate)
    about_her.interview(alternate)
    return {"ordinary": ordinary, "about her": about_her}


def opens(office, pairs: dict[str, KeyPair]) -> set[str]:
    """The inquiries of which a record opens to some keys, tried against every envelope whoever it names."""
    found = set()
    with reading(office.session):
        for envelope in office.session.scalars(select(Envelope)):
            for pair in pairs.values():
                told = {
                    "case": envelope.case_id,
                    "scope": envelope.scope,
                    "keyholder": envelope.keyholder,
                }
                try:
                    key = open_case_key(envelope.sealed, pair, **told)
                except SealBroken:
                    continue
                records = select(Record).where(Record.kind == "inquiry", Record.case_id == envelope.case_id)
                for record in office.session.scalars(records):
                    for purpose in purposes_of(key.scope):
                        try:
                            key.for_purpose(purpose).open(
                                record.sealed, case=record.case_id, kind="inquiry", place=record.place
                            )
                            found.add(record.case_id)
                        except SealBroken:
                            pass
    return found


def keys_of(office, officer) -> dict[str, KeyPair]:
    """Everything that an officer can use: their own key, and every grant in the database that it opens."""
    pairs = {"own": officer.pair}
    with reading(office.session):
        for grant in office.session.scalars(select(Grant)):
            try:
                seed = open_grant(grant.sealed, officer.pair, vault=grant.vault_id, staff=grant.staff_id)
            except SealBroken:
                continue
            pairs[grant.vault_id] = KeyPair.from_seed(seed)
    return pairs


@pytest.mark.parametrize(
    ("role", "whose"),
    [
        ("complaints-officer", ()),
        ("complaints-manager", ()),
        ("senior-officer", ()),
        ("monitoring-officer", ("ordinary",)),
        ("deputy-monitoring-officer", ("ordinary",)),
        ("alternate-recipient", ("about her",)),
    ],
)
def test_each_role_opens_the_inquiries_of_its_own_vault_and_no_other(office, stories, unlocked, role, whose):
    mine = {stories[name].case.id for name in whose}
    assert opens(office, keys_of(office, unlocked[role])) == mine


def test_the_thief_of_the_disk_and_the_administrator_open_none_and_read_days_alone(office, stories):
    assert opens(office, {"a key of their own": KeyPair.generate()}) == set()
    with reading(office.session):
        dated = office.session.scalars(select(InquiryDate)).all()
        records = office.session.scalars(select(Record).where(Record.kind == "inquiry")).all()
    assert dated == []  # what was settled is gone, also as a row
    assert {len(record.sealed) for record in records} == {len(records[0].sealed)}


def test_whoever_found_the_receipt_opens_nothing_of_it(office, monitoring_officer):
    sent = send(office, concern())
    story = Inquiring(office, sent.reference)
    story.to_review(monitoring_officer)
    receipt = Receipt.parse(sent.receipt)
    with reading(office.session):
        records = office.session.scalars(select(Record).where(Record.kind == "inquiry")).all()
        key = sealing.open_key(
            office.session, sealing.pairs_of(office.session, monitoring_officer), story.case.id
        )
    conversation = key.for_purpose("conversation")  # all that the bundle of a concern's receipt holds
    assert receipt
    for record in records:
        with pytest.raises(SealBroken):
            conversation.open(record.sealed, case=record.case_id, kind="inquiry", place=record.place)


def test_whoever_writes_to_the_database_cannot_keep_a_sign_off_over_a_changed_finding(
    office, stories, monitoring_officer, deputy
):
    """What is taken away shows: as a sign-off that stands no more, or as an inquiry of which a part is missing."""
    story = stories["ordinary"]
    assert story.page(deputy).inquiry.signed[0].stands
    case_id = story.case.id
    with writing(office.session):
        records = select(Record).where(Record.kind == "inquiry", Record.case_id == case_id)
        *_, interview, signed = office.session.scalars(records.order_by(Record.place))
        assert signed.place == interview.place + 1
        office.session.delete(interview)
    assert not story.page(deputy).inquiry.signed[0].stands
    story.terms(monitoring_officer, "Were shifts paid that nobody worked, since May?")  # work goes on
    alleged = story.page(deputy).inquiry.allegations[0].id
    with writing(office.session):
        office.session.delete(office.session.get_one(Record, (case_id, "inquiry", alleged)))
    with pytest.raises(Damaged, match="Part of this inquiry is missing"):
        story.page(deputy)

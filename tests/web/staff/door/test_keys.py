"""Somebody who can write to the database changes a key: nothing is read with it, and every member learns of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from intake.models import Case, Envelope, JournalLine, Notice, Staff
from intake.services.ground import pinning, sealing
from intake.services.people import accounts
from intake.vault.envelope import open_case_key, seal_grant
from intake.vault.errors import SealBroken
from intake.vault.keys import KeyPair
from tests.by_hand import by_hand
from tests.web.public.visitor import Visitor, write_complaint
from tests.web.staff.at_a_desk import Desk

NEW = "kim@demonstration.example"
VAULT = "complaints"


@pytest.fixture
def administrator(instance):
    """Who can write to the database, and to nothing else; their key pair is their own."""

    class Administrator:
        pair = KeyPair.generate()

        def write(self, statement: str, *values) -> None:
            with by_hand(instance) as connection:
                connection.execute(statement, values)

        def swap_the_vault(self) -> None:
            self.write("UPDATE vaults SET public = ? WHERE id = ?", self.pair.public, VAULT)

        def swap_the_vault_and_the_grants(self, office) -> None:
            self.swap_the_vault()
            for staff in office.session.scalars(select(Staff).where(Staff.public.is_not(None))).all():
                false = seal_grant(self.pair.seed, staff.public, vault=VAULT, staff=staff.id)
                self.write(
                    "UPDATE grants SET sealed = ? WHERE vault_id = ? AND staff_id = ?", false, VAULT, staff.id
                )

        def opens(self, office) -> int:
            """How many envelopes open with the administrator's key."""
            opened = 0
            office.session.rollback()
            for one in office.session.scalars(select(Envelope)):
                bound = {"case": one.case_id, "scope": one.scope, "keyholder": one.keyholder}
                try:
                    open_case_key(one.sealed, self.pair, **bound)
                except SealBroken:
                    continue
                opened += 1
            return opened

    return Administrator()


def lines(office, act: str) -> list[JournalLine]:
    office.session.rollback()
    return list(office.session.scalars(select(JournalLine).where(JournalLine.act == act)))


def told(office, kind: str) -> set[str]:
    office.session.rollback()
    query = select(Staff.email).join(Notice, Notice.staff_id == Staff.id).where(Notice.kind == kind)
    return {email.partition("@")[0] for email in office.session.scalars(query)}


def test_what_is_sent_after_the_vaults_key_was_swapped_does_not_open_with_the_false_key(
    client, office, administrator, officer
):
    administrator.swap_the_vault()
    write_complaint(Visitor(client), "It went wrong.").press("send")
    assert administrator.opens(office) == 0
    true = sealing.vault_holder(VAULT)
    administrator.write("UPDATE vaults SET public = ? WHERE id = ?", pinning.publics(office)[VAULT], VAULT)
    office.session.rollback()
    case = office.session.scalar(select(Case))
    assert sealing.open_key(office.session, {true: sealing.pairs_of(office.session, officer)[true]}, case.id)


def test_an_officer_at_work_is_stopped_in_words_and_every_member_is_told_once(office, at_desk, administrator):
    maya, tom, ruth = at_desk("officer"), at_desk("manager"), at_desk("monitoring")
    assert maya.visit("/staff/").status_code == 200
    administrator.swap_the_vault()
    for _ in range(3):
        for desk in (maya, tom):
            assert desk.visit("/staff/").status_code == 409
            assert "The key of the complaints team was changed" in desk.words
            assert "Ring the other members" in desk.words
    assert len(lines(office, "key-differs")) == 1
    assert told(office, "key-alarm") == {"officer", "manager"}

    assert ruth.visit("/staff/").status_code == 200
    assert "The key of the complaints team was changed" in ruth.page.text
    assert maya.visit("/staff/colleagues").status_code == 200
    assert "was changed" in maya.page.text
    assert "The database has another key" in maya.words
    assert maya.press("/staff/sign-out").status_code in {200, 303}


def test_a_vault_swapped_together_with_its_grants_is_found_too(office, at_desk, administrator):
    maya = at_desk("officer")
    administrator.swap_the_vault_and_the_grants(office)
    assert maya.visit("/staff/").status_code == 409
    assert len(lines(office, "key-differs")) == 1


def test_a_grant_that_opens_to_another_seed_is_found_though_the_row_is_true(
    office, at_desk, administrator, officer
):
    maya = at_desk("officer")
    false = seal_grant(administrator.pair.seed, officer.pair.public, vault=VAULT, staff=officer.id)
    administrator.write("UPDATE grants SET sealed = ? WHERE staff_id = ?", false, officer.id)
    for _ in range(2):
        assert maya.visit("/staff/").status_code == 409
        assert "or this grant was changed" in maya.words
    assert len(lines(office, "key-differs")) == 1
    assert told(office, "key-alarm") == {"officer", "manager"}


def test_an_officers_own_key_that_was_swapped_is_found_at_the_next_page(
    office, at_desk, administrator, officer
):
    maya = at_desk("officer")
    administrator.write("UPDATE staff SET public = ? WHERE id = ?", administrator.pair.public, officer.id)
    assert maya.visit("/staff/").status_code == 409
    assert "is not yours" in maya.words
    assert told(office, "key-alarm") == {"officer", "manager"}
    senior = at_desk("senior")
    assert senior.visit("/staff/counts").status_code == 200


def test_a_key_put_back_is_noted_and_another_swap_is_told_again(office, administrator):
    now, true = datetime.now(UTC), pinning.publics(office)[VAULT]
    for times in (1, 2):
        administrator.swap_the_vault()
        office.session.rollback()
        assert len(pinning.watch(office, now=now)) == 1
        pinning.watch(office, now=now)
        assert len(lines(office, "key-differs")) == times
        administrator.write("UPDATE vaults SET public = ? WHERE id = ?", true, VAULT)
        office.session.rollback()
        assert pinning.watch(office, now=now) == []
        pinning.watch(office, now=now)
        assert len(lines(office, "key-agrees")) == times


def test_what_a_holder_writes_is_not_sealed_to_an_envelope_that_somebody_slipped_in(
    office, administrator, arrives
):
    arrives("whistleblowing", name="")
    case = office.session.scalar(select(Case)).id
    slipped = office.session.scalar(select(Staff.id).where(Staff.role == "senior-officer"))
    administrator.write(
        "INSERT INTO envelopes VALUES (?, ?, 'case', ?, NULL)", f"staff:{slipped}", case, b"\0"
    )
    office.session.rollback()
    assert list(sealing.public_keys_of(office, case)) == ["vault:whistleblowing"]


def joined(app, office) -> Desk:
    """Kim has joined, and sits at a desk."""
    code = accounts.invite(office, NEW, "Kim Sato", "complaints-officer", again=True, now=datetime.now(UTC))
    kim = Desk(app)
    kim.visit("/staff/join")
    kim.press("/staff/join", email=NEW, code=code)
    kim.press("/staff/join/finish", password="three quiet words", again="three quiet words")
    kim.visit("/staff/sign-in")
    kim.press("/staff/sign-in", email=NEW, password="three quiet words")
    return kim


def test_an_account_made_anew_between_the_call_and_the_press_is_not_let_in(app, office, at_desk):
    joined(app, office)
    maya = at_desk("officer")
    maya.visit("/staff/colleagues")  # and Kim reads the fingerprint out
    button = re.search(r"/staff/colleagues/\w+/grant", maya.page.text)[0]
    impostor = joined(app, office)
    page = maya.press(button)
    assert page.status_code == 409
    assert "not the one whose fingerprint was compared" in maya.words
    assert impostor.visit("/staff/colleagues").status_code == 200
    assert "Nobody has let you in yet" in impostor.words
    assert lines(office, "granted")[-1].actor == "set-up"
    assert len(lines(office, "grant-refused")) == 1


def test_a_press_without_the_fingerprint_lets_nobody_in(app, office, at_desk):
    joined(app, office)
    maya = at_desk("officer")
    maya.visit("/staff/colleagues")
    button = re.search(r"/staff/colleagues/\w+/grant", maya.page.text)[0]
    assert maya.press(button, fingerprint="").status_code == 409


def test_the_journal_keeps_what_was_compared_and_the_other_members_are_told(app, office, at_desk):
    kim = joined(app, office)
    kim.visit("/staff/colleagues")
    read_out = re.search(r"[A-Z0-9]{4}(-[A-Z0-9]{4}){4}", kim.words)[0]
    maya = at_desk("officer")
    maya.visit("/staff/colleagues")
    assert maya.press(re.search(r"/staff/colleagues/\w+/grant", maya.page.text)[0]).status_code == 303
    assert f'"fingerprint":"{read_out}"' in lines(office, "granted")[-1].detail
    assert told(office, "let-in") == {"manager"}


def test_every_member_reads_the_same_fingerprint_of_the_vault_and_other_teams_another(office, at_desk):
    marks = {one.id: one.fingerprint for one in pinning.vaults(office)}
    for who, vault in (("officer", VAULT), ("manager", VAULT), ("monitoring", "whistleblowing")):
        desk = at_desk(who)
        desk.visit("/staff/colleagues")
        assert [mark for mark in marks.values() if mark in desk.words] == [marks[vault]]

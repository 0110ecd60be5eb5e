"""Somebody has left, and their team's vault gets another key while everybody works on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from intake.database import Busy, NotStored, alone, reading
from intake.demonstration.living import PASSWORD
from intake.models import Envelope, Grant, JournalLine, Notice, VaultKey
from intake.services.casework import case_page
from intake.services.ground import journal, pinning, sealing
from intake.services.ground.refusals import Damaged, KeyDiffers, Refused
from intake.services.holders import returning
from intake.services.people import accounts, grants, rewrapping, rotating, signing_in
from intake.services.rerouting import moving
from intake.vault.keys import KeyPair, fingerprint
from tests import officers
from tests.actors import complaint, concern, send
from tests.by_hand import by_hand
from tests.offices import open_office
from tests.services.rerouting.story import case_of, propose, stamp

from .rotation import (
    LATER,
    MAYA,
    TOM,
    begin,
    go_on,
    opened_with,
    read_all,
    records,
    ring_of,
    rotate,
    scopes,
    some_cases,
)


def test_after_it_everything_opens_to_who_stayed_and_nothing_to_the_old_key(office, officer, manager):
    some_cases(office)
    old, before = ring_of(office, officer).pair, records(office)
    assert len(opened_with(office, old)) == 3
    grants.remove_grant(office, "complaints", MAYA, now=LATER)
    new = rotate(office, manager)
    assert opened_with(office, old) == set()
    assert len(opened_with(office, new.pair)) == read_all(office, manager) == 3
    assert records(office) == before  # keys of cases stay the same
    assert pinning.publics(office)["complaints"] == new.pair.public
    assert pinning.faults(office) == []
    assert journal.verify(office).fault == ""
    with pytest.raises(Refused, match="cannot open the vault"):
        rotating.with_password(office, "complaints", MAYA, PASSWORD, "", now=LATER)


def test_the_office_of_a_deputy_apart_gets_another_key_too(office):
    apart = open_office(office, "deputy-monitoring-officer", "apart@demonstration.example")
    sent = send(office, concern())
    with reading(office.session):
        ring = rotating.Ring("whistleblowing-deputy", apart.id, sealing.pairs_of(office.session, apart))
    new, shown = rotating.draw(office, ring.vault), rotating.who_stays(office, ring, now=LATER)
    (own,) = (one for one in grants.everybody(office) if one.id == apart.id)
    assert [one.fingerprint for one in shown] == [own.fingerprint]  # as they read it out
    ring = rotating.begin(office, ring, new, shown, {}, now=LATER)
    assert not rewrapping.seal_anew(office, ring, alone=True).broken
    assert rewrapping.finish(office, ring, now=LATER)
    assert case_page.open_case(office, apart, sent.reference, now=LATER).words


def test_what_comes_from_then_on_is_sealed_to_the_new_key_alone(office, officer, manager):
    some_cases(office)
    old = ring_of(office, officer).pair
    _, new = begin(office, manager)
    came = send(office, complaint(), now=LATER)
    case_id = case_of(office, came.receipt).id
    assert case_id not in opened_with(office, old)
    assert case_id in opened_with(office, new.pair)
    assert case_page.open_case(office, officer, came.reference, now=LATER).words


def test_in_between_everybody_works_on(office, officer, manager):
    first, second, _ = some_cases(office)
    ring, _ = begin(office, manager)
    assert read_all(office, officer) == 3  # sealed to the old key, all of them
    officers.allocate(office, manager, first, officer.id, revision=1, now=LATER)
    officers.note(office, officer, first, "Rang her.", token="a" * 43, now=LATER)
    propose(office, manager, second, danger="The child is alone with him.")
    moving.move(office, manager, second, revision=stamp(office, second), now=LATER)
    rewrapping.seal_anew(office, ring, alone=True)
    assert read_all(office, officer) == 2
    assert go_on(office, officer)
    assert read_all(office, manager) == 2


def test_every_scope_of_a_vault_is_sealed_anew(office, manager, monitoring_officer, deputy):
    told = send(office, concern())
    returning.write(office, told.receipt, "It went on today.", token="b" * 43, now=LATER)
    bins = send(office, complaint(words="The bins, and he touched her."))
    propose(office, manager, bins.reference, danger="The child is alone with him.")
    moving.move(office, manager, bins.reference, revision=stamp(office, bins.reference), now=LATER)
    assert {"case", "identity", "message-0"} <= scopes(office, "whistleblowing")
    old = ring_of(office, deputy).pair
    rotate(office, monitoring_officer)
    assert opened_with(office, old) == set()
    assert read_all(office, deputy) == 2


def test_a_member_who_is_let_in_meanwhile_opens_both_and_one_who_signs_in_afterwards_too(
    office, officer, manager
):
    some_cases(office)
    grants.remove_grant(office, "complaints", MAYA, now=LATER)
    begin(office, manager)
    mark = fingerprint(officer.pair.public, vault="complaints", staff=officer.id)
    grants.grant(office, manager, officer.id, mark, now=LATER)
    assert read_all(office, officer) == 3
    assert go_on(office, officer)
    cookie = signing_in.sign_in(office, TOM, PASSWORD, "", now=LATER)
    assert read_all(office, signing_in.resume(office, cookie, now=LATER)) == 3


def test_the_old_paper_opens_nothing_and_the_new_one_changes_the_key_again(office, officer, manager):
    some_cases(office)
    first = rotate(office, manager)
    second = rotate(office, manager)
    with pytest.raises(Refused, match="opens nothing"):
        rotating.with_papers(office, "complaints", first.printed[:2], now=LATER)
    ring = rotating.with_papers(office, "complaints", second.printed[:2], now=LATER)
    new = rotating.draw(office, "complaints")
    shown = rotating.who_stays(office, ring, now=LATER)
    ring = rotating.begin(office, ring, new, shown, {}, now=LATER)
    assert rewrapping.seal_anew(office, ring, alone=True).anew == 6
    assert rewrapping.finish(office, ring, now=LATER)
    assert read_all(office, officer) == 3


def test_with_the_paper_alone_a_change_that_was_interrupted_is_finished(office, manager):
    some_cases(office)
    _, new = begin(office, manager)
    ring = rotating.with_papers(office, "complaints", new.printed[:2], now=LATER)
    assert not rewrapping.seal_anew(office, ring, alone=True).broken
    assert rewrapping.finish(office, ring, now=LATER)
    assert read_all(office, manager) == 3


def test_members_are_told_and_the_journal_keeps_whose_key_it_was(office, officer, manager):
    new = rotate(office, manager)
    with reading(office.session):
        told = set(office.session.scalars(select(Notice.staff_id).where(Notice.kind == "key-changed")))
        lines = [
            (line.act, journal.detail_of(line))
            for line in office.session.scalars(
                select(JournalLine).order_by(JournalLine.number.desc()).limit(4)
            )
        ]
    assert told == {officer.id, manager.id}
    assert [act for act, _ in lines] == ["vault-sealed-anew", "granted", "granted", "vault-rotated"]
    assert lines[-1][1]["fingerprint"] == new.fingerprint
    assert lines[-1][1]["by"] == manager.id


def test_what_does_not_open_is_told_left_as_it_is_and_stops_nothing_else(office, instance, officer, manager):
    hurt, *_ = (send(office, complaint()) for _ in range(3))
    case_id = case_of(office, hurt.receipt).id
    office.session.rollback()
    with by_hand(instance) as connection:
        connection.execute(
            "UPDATE envelopes SET sealed = ? WHERE case_id = ? AND scope = 'case'", (bytes(1169), case_id)
        )
    begin(office, manager)
    ring = ring_of(office, manager)
    done = rewrapping.seal_anew(office, ring, alone=True)
    assert (done.anew, done.broken) == (5, [hurt.reference])
    assert not rewrapping.finish(office, ring, now=LATER)
    assert [(one.vault, one.left) for one in rewrapping.under_way(office)] == [("complaints", 1)]
    with pytest.raises(Damaged):
        case_page.open_case(office, officer, hurt.reference, now=LATER)
    # Somebody else leaves: what could not be finished keeps nobody from changing it again.
    begin(office, manager)
    assert rewrapping.seal_anew(office, ring_of(office, manager), alone=True).anew == 5


def test_the_database_lets_no_key_go_that_something_is_sealed_to_and_takes_nothing_for_one_that_went(
    office, officer, manager, monkeypatch
):
    some_cases(office, 1)
    old = pinning.publics(office)["complaints"]
    ring, _ = begin(office, manager)
    monkeypatch.setattr(rewrapping, "_left", lambda *_: 0)  # it looked, and something came right after
    assert not rewrapping.finish(office, ring, now=LATER)
    monkeypatch.undo()
    assert go_on(office, manager)
    read = pinning.publics
    monkeypatch.setattr(pinning, "publics", lambda office: read(office) | {"complaints": old})
    with pytest.raises(NotStored):  # a sender who was very slow
        send(office, complaint(), now=LATER)
    monkeypatch.undo()
    assert send(office, complaint(), now=LATER)
    with reading(office.session):
        assert office.session.scalar(select(func.count()).select_from(VaultKey)) == 3


def test_a_machine_with_the_old_file_takes_in_what_comes_and_is_told_until_it_has_the_new_one(
    office, instance, officer, manager, tmp_path
):
    (tmp_path / "other" / "keys").mkdir(parents=True)
    there = replace(office, settings=replace(office.settings, instance=tmp_path / "other"))
    pinning.file(there.settings).write_bytes(pinning.file(office.settings).read_bytes())
    begin(office, manager)
    came = send(there, complaint(), now=LATER)
    assert case_page.open_case(office, officer, came.reference, now=LATER).words
    with pytest.raises(KeyDiffers, match=r"copy keys/vaults\.json"):
        pinning.check(there, officer)
    assert pinning.check(office, officer) == []
    for _ in range(2):  # each machine's tick
        assert "copy keys/vaults.json" in " ".join(pinning.watch(there, now=LATER))
        assert pinning.watch(office, now=LATER) == []
    with reading(office.session):
        alarms = select(func.count()).select_from(JournalLine).where(JournalLine.act.like("key-%"))
        assert office.session.scalar(alarms) == 1
    assert go_on(office, manager)
    with pytest.raises(NotStored):
        send(there, complaint(), now=LATER)
    pinning.file(there.settings).write_bytes(pinning.file(office.settings).read_bytes())
    assert send(there, complaint(), now=LATER)
    assert pinning.check(there, officer) == []


def test_two_at_once_are_one(office, officer, manager):
    some_cases(office)
    theirs, new = ring_of(office, officer), rotating.draw(office, "complaints")
    shown = rotating.who_stays(office, theirs, now=LATER)
    ring, _ = begin(office, manager)
    with pytest.raises(KeyDiffers):  # the key in hand is not the vault's any more
        rotating.begin(office, theirs, new, shown, {}, now=LATER)
    with (
        alone(office.session.get_bind().engine, "rotate-complaints", wait_seconds=0),
        pytest.raises(Busy),
    ):
        rewrapping.seal_anew(office, ring)
    assert go_on(office, manager)
    assert read_all(office, officer) == 3


def test_whoever_joins_or_goes_while_the_paper_is_written_has_it_begun_again(office, officer, manager):
    ring, new = ring_of(office, manager), rotating.draw(office, "complaints")
    shown = rotating.who_stays(office, ring, now=LATER)
    grants.remove_grant(office, "complaints", MAYA, now=LATER)
    with pytest.raises(Refused, match="begin again"):
        rotating.begin(office, ring, new, shown, {}, now=LATER)
    assert pinning.faults(office) == []


def test_a_grant_of_an_earlier_version_is_renewed_for_a_key_that_was_compared(
    office, instance, officer, manager
):
    with by_hand(instance) as connection:
        connection.execute("UPDATE grants SET mark = NULL WHERE staff_id = ?", (officer.id,))
    ring, new = ring_of(office, manager), rotating.draw(office, "complaints")
    shown = rotating.who_stays(office, ring, now=LATER)
    assert {one.email: one.known for one in shown} == {MAYA: False, TOM: True}
    mark = fingerprint(officer.pair.public, vault="complaints", staff=officer.id)
    for compared in ({}, {officer.id: shown[1].fingerprint if shown[0].id == officer.id else mark[::-1]}):
        with pytest.raises(Refused, match="compared"):
            rotating.begin(office, ring, new, shown, compared, now=LATER)
    rotating.begin(office, ring, new, shown, {officer.id: mark.lower()}, now=LATER)
    assert go_on(office, officer)


def test_who_has_gone_is_told_until_the_key_was_changed(office, officer, manager):
    assert rewrapping.left_since(office) == {}
    grants.remove_grant(office, "complaints", MAYA, now=LATER)
    assert rewrapping.left_since(office) == {"complaints": [MAYA]}
    accounts.disable(office, MAYA, now=LATER)
    assert rewrapping.left_since(office) == {"complaints": [MAYA]}
    rotate(office, manager)
    assert rewrapping.left_since(office) == {}


def test_a_row_that_somebody_changed_is_refused_before_and_half_way(office, instance, officer, manager):
    some_cases(office)
    false = KeyPair.generate().public
    ring, _ = begin(office, manager)
    with reading(office.session):
        true = office.session.execute(select(Envelope.sealed_to).distinct()).all()
    with by_hand(instance) as connection:
        connection.execute("UPDATE vaults SET public = ? WHERE id = 'complaints'", (false,))
    with pytest.raises(KeyDiffers):
        rewrapping.seal_anew(office, ring, alone=True)
    with reading(office.session):
        assert office.session.execute(select(Envelope.sealed_to).distinct()).all() == true
    with pytest.raises(KeyDiffers):
        rewrapping.finish(office, replace(ring, pairs=ring.pairs), now=LATER) or pinning.check(
            office, officer
        )
    with pytest.raises(KeyDiffers):
        rotating.with_password(office, "complaints", TOM, PASSWORD, "", now=LATER)


def test_a_pin_that_somebody_changed_half_way_is_refused(office, officer, manager):
    some_cases(office)
    ring, _ = begin(office, manager)
    pinning.add(office, {"complaints": KeyPair.generate().public})
    with pytest.raises(KeyDiffers):
        rewrapping.seal_anew(office, ring, alone=True)
    with pytest.raises(KeyDiffers):
        rotating.with_password(office, "complaints", TOM, PASSWORD, "", now=LATER)


def test_grants_name_whoever_changed_the_key(office, officer, manager):
    rotate(office, manager)
    with reading(office.session):
        rows = office.session.execute(
            select(Grant.staff_id, Grant.granted_by).where(Grant.vault_id == "complaints")
        ).all()
    assert dict(rows) == {officer.id: manager.id, manager.id: manager.id}

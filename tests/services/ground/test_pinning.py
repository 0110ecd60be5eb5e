"""Where the vaults' keys are written down, and what is said where the places differ."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from intake.config import BadSetting
from intake.database import NotStored
from intake.models import Case, JournalLine
from intake.services.ground import journal, pinning
from intake.services.ground.refusals import KeyDiffers, Refused
from intake.services.ground.roles import FIRST
from intake.services.instance import backups, founding
from intake.vault.keys import KeyPair, fingerprint
from tests.actors import send
from tests.by_hand import by_hand

NOW = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
FALSE = KeyPair.generate()


def with_sql(instance, statement: str, *values) -> None:
    with by_hand(instance) as connection:
        connection.execute(statement, values)


def swap(instance) -> None:
    with_sql(instance, "UPDATE vaults SET public = ? WHERE id = 'complaints'", FALSE.public)


def of_an_earlier_version(office, instance) -> None:
    """As a version without pins left it: no file, and no lines about the vaults' making."""
    pinning.file(office.settings).unlink()
    with by_hand(instance) as connection:
        connection.execute("DELETE FROM journal WHERE act = 'vault-made'")


def test_each_vault_stands_in_the_journal_from_its_making(office):
    lines = office.session.scalars(select(JournalLine).where(JournalLine.act == "vault-made")).all()
    told = {detail["vault"]: detail["fingerprint"] for detail in map(journal.detail_of, lines)}
    assert told == {vault: fingerprint(key, vault=vault) for vault, key in pinning.publics(office).items()}
    assert set(told) == set(FIRST)
    assert pinning.faults(office) == []


def test_a_swapped_row_differs_from_the_file_and_from_the_journal(office, instance):
    swap(instance)
    (fault,) = pinning.faults(office)
    assert fingerprint(FALSE.public, vault="complaints") in fault
    assert "'complaints'" in fault


def test_a_line_of_a_rotation_that_somebody_made_up_does_not_move_the_pin(office, instance):
    swap(instance)
    mark = fingerprint(FALSE.public, vault="complaints")
    session = office.session
    session.rollback()
    journal.append(
        session,
        at=NOW,
        actor="administrator",
        act=journal.Act.VAULT_ROTATED,
        vault="complaints",
        fingerprint=mark,
    )
    session.commit()
    assert journal.verify(office).fault == ""
    assert len(pinning.faults(office)) == 1


def test_a_changed_file_is_told_though_the_row_agrees_with_nothing_false(office):
    path = pinning.file(office.settings)
    held = json.loads(path.read_text())
    path.write_text(json.dumps(held | {"complaints": held["whistleblowing"]}))
    assert len(pinning.faults(office)) == 1


def test_an_account_whose_key_was_swapped_is_named(office, instance, officer):
    with_sql(instance, "UPDATE staff SET public = ? WHERE id = ?", FALSE.public, officer.id)
    assert ["officer@demonstration.example" in fault for fault in pinning.faults(office)] == [True]


@pytest.mark.parametrize("left", [None, "", "[]", "{}", '{"complaints": "AAAA"}', '{"complaints": 3}'])
def test_without_the_pins_nothing_is_sealed_and_nothing_starts(office, left):
    path = pinning.file(office.settings)
    path.unlink() if left is None else path.write_text(left)
    with pytest.raises(BadSetting, match=r"vaults\.json"):
        founding.check(office)
    with pytest.raises(NotStored):
        send(office)
    assert office.session.scalar(select(Case.id)) is None


def test_an_upgrade_pins_what_an_earlier_version_made_once_and_journals_it(office, instance):
    of_an_earlier_version(office, instance)
    assert pinning.pin_at_upgrade(office, now=NOW)
    lines = office.session.scalars(select(JournalLine).where(JournalLine.act == "vault-recorded")).all()
    assert len(lines) == len(FIRST)
    office.session.rollback()
    assert pinning.faults(office) == []
    founding.check(office)
    swap(instance)
    assert not pinning.pin_at_upgrade(office, now=NOW)
    assert len(pinning.faults(office)) == 1


def test_an_upgrade_does_not_believe_a_row_that_the_journal_contradicts(office, instance):
    pinning.file(office.settings).unlink()
    swap(instance)
    with pytest.raises(Refused, match="not the one that stands in the journal"):
        pinning.pin_at_upgrade(office, now=NOW)
    assert not pinning.file(office.settings).exists()


def test_an_upgrade_killed_before_the_file_was_written_is_run_again(office, instance, monkeypatch):
    of_an_earlier_version(office, instance)
    with monkeypatch.context() as killed:
        killed.setattr(pinning, "add", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            pinning.pin_at_upgrade(office, now=NOW)
    assert pinning.pin_at_upgrade(office, now=NOW)
    lines = office.session.scalars(select(JournalLine).where(JournalLine.act == "vault-recorded")).all()
    assert len(lines) == len(FIRST)


def test_a_seed_that_is_not_the_vaults_is_refused(office):
    with pytest.raises(KeyDiffers):
        pinning.same_as_pinned(office, "complaints", FALSE)


def test_officers_go_on_and_see_a_banner_when_the_key_of_backups_was_changed(office, instance, officer):
    backups.new_key(office, now=NOW)
    assert pinning.check(office, officer) == []
    with_sql(instance, "UPDATE vaults SET public = ? WHERE id = 'backup'", FALSE.public)
    (banner,) = pinning.check(office, officer)
    assert "backups of this instance" in banner

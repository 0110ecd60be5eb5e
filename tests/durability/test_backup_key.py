"""The key of backups: pinned like a vault's, and of no use to whoever changes a row or has found a backup."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from intake.cli.opening import opened as opened_by_command
from intake.demonstration import words
from intake.models import JournalLine, Notice, Vault
from intake.services.ground import journal, pinning
from intake.services.ground.refusals import Refused
from intake.services.instance import backups, restoring
from intake.vault.backup import BACKUP, MAGIC, new_shelf
from intake.vault.recovery import RecoveryKey
from tests.by_hand import by_hand
from tests.conftest import opened

pytestmark = pytest.mark.sqlite

NOW = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)


@pytest.fixture
def key(office) -> backups.NewKey:
    return backups.new_key(office, now=NOW)


def mallory_swaps_the_row(instance) -> str:
    """With the database alone. Returns the recovery key of her own."""
    paper = RecoveryKey.generate()
    shelf = new_shelf(paper)
    with by_hand(instance) as connection:
        connection.execute(
            "UPDATE vaults SET public = ?, sealed_to_recovery = ? WHERE id = 'backup'",
            (shelf.public, shelf.sealed),
        )
    return paper.text


def test_a_new_key_is_pinned_and_stands_in_the_journal_and_so_does_the_next(office):
    for _ in range(2):
        made = backups.new_key(office, now=NOW)
        assert pinning.faults(office) == []
        assert pinning.watch(office, now=NOW) == []
        lines = office.session.scalars(
            select(JournalLine).where(JournalLine.act == "vault-made").order_by(JournalLine.number)
        ).all()
        assert journal.detail_of(lines[-1]) == {"vault": BACKUP, "fingerprint": made.fingerprint}
        office.session.rollback()
        assert {one.id: one.fingerprint for one in pinning.vaults(office)}[BACKUP] == made.fingerprint
        assert backups.check_key(office, made.text) == made.fingerprint


def test_mallory_swaps_the_row_and_gets_no_backup_and_is_told_of(office, instance, key, tmp_path):
    mallory_swaps_the_row(instance)
    with pytest.raises(Refused, match="somebody changed it"):
        backups.make(office, tmp_path / "b", now=NOW)
    assert not list(tmp_path.glob("b*"))
    assert len(pinning.faults(office)) == 1
    assert "No backup is made to it" in pinning.watch(office, now=NOW)[0]
    kinds = office.session.scalars(select(Notice.kind)).all()
    assert kinds.count("key-alarm") == len(words.OFFICERS)
    office.session.rollback()
    with pytest.raises(Refused):
        backups.check_key(office, key.text)
    again = backups.new_key(office, now=NOW)
    backups.make(office, tmp_path / "b", now=NOW)
    restoring.rehearse(tmp_path / "b", again.text, tmp_path, now=NOW)


@pytest.mark.parametrize("column", ["public", "sealed_to_recovery"])
def test_half_a_changed_row_is_refused_too(office, instance, key, tmp_path, column):
    other = {"public": new_shelf(RecoveryKey.generate()).public, "sealed_to_recovery": bytes(541)}[column]
    with by_hand(instance) as connection:
        connection.execute(f"UPDATE vaults SET {column} = ? WHERE id = 'backup'", (other,))
    with pytest.raises(Refused, match="--new-key"):
        backups.make(office, tmp_path / "b", now=NOW)


def test_a_row_that_mallory_adds_where_there_was_no_key_is_sealed_to_by_nobody(office, instance, tmp_path):
    shelf = new_shelf(RecoveryKey.generate())
    with by_hand(instance) as connection:
        connection.execute("INSERT INTO vaults VALUES ('backup', 'b', ?, ?)", (shelf.public, shelf.sealed))
    with pytest.raises(Refused, match="--new-key"):
        backups.make(office, tmp_path / "b", now=NOW)
    assert len(pinning.faults(office)) == 1


def test_without_the_secret_beside_the_servers_key_another_key_is_made(office, key, tmp_path):
    file = backups.secret_file(office.settings)
    assert file.stat().st_mode & 0o077 == 0
    file.unlink()
    with pytest.raises(Refused, match="--new-key"):
        backups.make(office, tmp_path / "b", now=NOW)


def test_a_new_key_killed_before_its_pin_makes_no_backup_that_nobody_can_open(
    office, key, tmp_path, monkeypatch
):
    for step in ("write_key_file", "pinning.add"):
        with monkeypatch.context() as killed:
            killed.setattr(
                f"intake.services.instance.backups.{step}",
                lambda *_: (_ for _ in ()).throw(KeyboardInterrupt),
            )
            with pytest.raises(KeyboardInterrupt):
                backups.new_key(office, now=NOW)
        with pytest.raises(Refused, match="interrupted"):
            backups.make(office, tmp_path / "b", now=NOW)
    backups.new_key(office, now=NOW)
    backups.make(office, tmp_path / "b", now=NOW)


def test_mallory_forges_an_instance_with_what_a_found_backup_carries(office, instance, key, tmp_path):
    """The header's public halves are all that sealing takes; the paper must not open what she makes of them."""
    with opened(instance):
        backups.make(office, tmp_path / "found", now=NOW)
    header = (tmp_path / "found").read_bytes()[: len(MAGIC) + 16 + 1216 + 541]
    public, sealed = header[len(MAGIC) + 16 :][:1216], header[-541:]
    backups.new_key(office, now=NOW)  # an instance of her own, with a secret of her own
    with by_hand(instance) as connection:
        connection.execute(
            "UPDATE vaults SET public = ?, sealed_to_recovery = ? WHERE id = 'backup'", (public, sealed)
        )
    secret = backups.secret_file(office.settings)
    secret.write_bytes(
        bytes(32) + backups.Shelf(public, sealed, bytes(32)).mark
    )  # her program refuses nothing
    pinning.add(office, {BACKUP: public})
    backups.make(office, tmp_path / "forged", now=NOW)
    with pytest.raises(Refused, match="does not open"):
        restoring.rehearse(tmp_path / "forged", key.text, tmp_path, now=NOW)


def test_an_upgrade_pins_the_key_of_backups_that_a_version_without_its_pin_made(office, instance, key):
    held = pinning.read(office.settings)
    pinning.file(office.settings).unlink()
    pinning.add(office, {vault: public for vault, public in held.items() if vault != BACKUP})
    with by_hand(instance) as connection:
        connection.execute("DELETE FROM journal WHERE act = 'vault-made' AND detail LIKE '%backup%'")
    assert len(pinning.faults(office)) == 1
    assert pinning.pin_at_upgrade(office, now=NOW)
    assert pinning.faults(office) == []
    assert not pinning.pin_at_upgrade(office, now=NOW)
    mallory_swaps_the_row(instance)
    assert not pinning.pin_at_upgrade(office, now=NOW)
    assert len(pinning.faults(office)) == 1


def test_a_key_made_before_the_upgrade_does_not_pass_for_the_vaults_pins(office, instance):
    pinning.file(office.settings).unlink()
    backups.new_key(office, now=NOW)
    assert pinning.pin_at_upgrade(office, now=NOW)
    assert pinning.faults(office) == []
    with opened_by_command(office.settings):
        assert office.session.get(Vault, BACKUP)


def test_without_the_pins_the_watch_says_so_and_the_mail_goes_on(office):
    pinning.file(office.settings).unlink()
    (sentence,) = pinning.watch(office, now=NOW)
    assert "vaults.json" in sentence

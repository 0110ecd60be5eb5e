"""An instance from before keys could be changed: after the upgrade each envelope names its key, and one can be."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from intake.database import reading
from intake.models import Envelope, VaultKey
from intake.services.ground import pinning
from intake.services.instance import backfill
from intake.vault.keys import fingerprint
from tests.by_hand import by_hand
from tests.services.people.rotation import begin, go_on, read_all, some_cases

pytestmark = pytest.mark.both


def test_after_the_upgrade_a_key_can_be_changed(office, instance, officer, manager):
    some_cases(office)
    office.session.rollback()
    with by_hand(instance) as connection:
        connection.execute("UPDATE envelopes SET sealed_to = NULL")
        connection.execute("DELETE FROM vault_keys")
    assert read_all(office, officer) == 3
    for _ in range(2):  # interrupted, it is run again
        backfill.name_keys(office)
    with reading(office.session):
        assert set(office.session.scalars(select(VaultKey.fingerprint))) == {
            fingerprint(public, vault=vault) for vault, public in pinning.publics(office).items()
        }
        assert office.session.scalar(select(func.count()).where(Envelope.sealed_to.is_(None))) == 0
    begin(office, manager)
    assert go_on(office, manager)
    assert read_all(office, officer) == 3

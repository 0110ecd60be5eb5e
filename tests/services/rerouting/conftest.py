"""A complaint on which the complaints team has worked."""

from __future__ import annotations

import pytest

from intake.services.holders import returning
from tests import officers
from tests.actors import complaint, send

from .story import NOW


@pytest.fixture
def told(office, officer):
    """Joyce's complaint, acknowledged, given to somebody, with messages and a note."""
    sent = send(office, complaint(), now=NOW)
    officers.acknowledge(office, officer, sent.reference, "We have it.", revision=1, now=NOW)
    officers.allocate(office, officer, sent.reference, officer.id, revision=2, now=NOW)
    officers.note(office, officer, sent.reference, "He is her uncle.", token="n" * 40, now=NOW)
    returning.write(office, sent.receipt, "It was the night manager.", token="w" * 40, now=NOW)
    officers.write(office, officer, sent.reference, "Thank you.", token="o" * 40, now=NOW)
    return sent

"""A complaint and a concern that were closed long ago."""

from __future__ import annotations

import pytest

from tests.actors import complaint, concern, send

from .story import OVER, SENT, answered_and_closed, worked_on_until


@pytest.fixture
def told(office, officer):
    """Joyce's complaint, answered and closed, six years and a day ago."""
    sent = send(office, complaint(), now=SENT)
    answered_and_closed(office, officer, sent.reference)
    worked_on_until(office, OVER)
    return sent


@pytest.fixture
def concerned(office, monitoring_officer):
    """Kofi's concern, likewise."""
    sent = send(office, concern(), now=SENT)
    answered_and_closed(office, monitoring_officer, sent.reference, outcome="substantiated")
    worked_on_until(office, OVER)
    return sent

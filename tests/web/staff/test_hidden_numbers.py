"""A page of ours that comes back without a number that it carries, or with another, is told in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from intake.counts.quarters import Period
from intake.services.figures import coverage
from tests.actors import place_called

ODD = (None, "", "x", "-1", "9" * 5_000, "\u0663", "\u00b2")


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd)[:8])
def test_what_a_case_is_about_with_an_odd_number(at_desk, arrives, office, odd):
    """Seen before: a press without it was a fault of ours, and logged as one."""
    desk, reference = at_desk("officer"), arrives("corporate")
    address = f"/staff/cases/{reference}/about"
    desk.visit(address)
    fields = desk.form(address) | {"service": place_called(office, "Housing"), "revision": odd}
    sent = {name: value for name, value in fields.items() if value is not None}
    assert desk.client.post(address, data=sent).status_code == 409


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd)[:8])
def test_publishing_with_an_odd_number(at_desk, office, odd):
    coverage.start_recording(office, Period(2025).first_day, now=datetime.now(UTC))
    desk, address = at_desk("senior"), "/staff/counts/publish?year=2025-26&quarter=1"
    desk.visit(address)
    fields = desk.form(address) | {"last": odd}
    sent = {name: value for name, value in fields.items() if value is not None}
    assert desk.client.post(address, data=sent).status_code == 409

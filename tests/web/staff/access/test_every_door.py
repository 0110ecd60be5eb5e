"""Whoever was taken out of a case, at every door that leads to one: made from the list of pages, none is left out."""

from __future__ import annotations

import pytest

from intake.services.ground.roles import VAULTS
from tests.actors import concern, now, send
from tests.services.access.story import give, take_back
from tests.services.access.test_parting import declare
from tests.web.staff.door.doors import DOORS

TO_A_CASE = [door for door in DOORS if "<reference>" in door.rule]
GONE = {
    "deputy-monitoring-officer": "deputy",
    "investigator": "investigator",
    "alternate-recipient": "alternate",  # who never had it
}


@pytest.mark.parametrize("role", GONE)
def test_no_door_tells_it_from_a_case_that_never_was(office, at_desk, unlocked, role):
    sent = send(office, concern(), now=now())
    monitoring, investigator = unlocked["monitoring-officer"], unlocked["investigator"]
    give(office, monitoring, sent.reference, investigator, now=now())
    desk = at_desk(GONE[role])
    desk.visit("/staff/" if unlocked[role].role.vault in VAULTS else "/staff/given")
    token = desk.form("/staff/sign-out")["csrf_token"]
    take_back(office, monitoring, sent.reference, investigator, now=now())
    declare(
        office, monitoring, sent.reference, f"staff:{unlocked['deputy-monitoring-officer'].id}", now=now()
    )
    for door in TO_A_CASE:
        told = []
        for reference in (sent.reference, "ABC-DEFG"):
            answer = desk.client.open(
                door.address(role, reference, unlocked[role].id),
                method=door.method,
                data={"csrf_token": token} if door.method == "POST" else None,
            )
            told.append((answer.status_code, answer.text.replace(reference, "REFERENCE")))
        assert told[0][0] == 404, door
        assert told[0] == told[1], door

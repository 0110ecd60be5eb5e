"""Who may come where: every role at every door, made from the list of pages and the one table of roles."""

from __future__ import annotations

import pytest
from flask import Blueprint

from intake.services.ground.roles import INVESTIGATOR, NO_ROLE, ROLES, Right
from intake.web.staff.door import entitled
from tests.actors import now, place_called
from tests.offices import open_office
from tests.services.access.story import give

from .doors import DOORS, doors

WHO = {
    "complaints-officer": "officer",
    "complaints-manager": "manager",
    "monitoring-officer": "monitoring",
    "deputy-monitoring-officer": "deputy",
    "chief-internal-auditor": "chief-internal-auditor",
    "chief-executive": "chief-executive",
    "chair-of-audit": "chair-of-audit",
    "alternate-recipient": "alternate",
    "senior-officer": "senior",
    "auditor": "auditor",
    "investigator": "investigator",
}
OWN_KIND = {
    "complaints": {"procedure": "corporate"},
    "whistleblowing": {"procedure": "whistleblowing"},
    "whistleblowing-alternate": {"procedure": "whistleblowing", "named": ("unsure",)},
    None: {"procedure": "corporate"},
}
ABOUT_THE_USUAL = OWN_KIND["whistleblowing-alternate"]  # which any other office that is set up receives first
LOCKED = [door for door in DOORS if door.endpoint not in entitled.WITHOUT_SIGNING_IN]
NOWHERE = "staff.nothing_here"


def undeclared(listed) -> set[str]:
    """The pages for which nobody wrote down who may come, and the lines of pages that are not there."""
    return {door.endpoint for door in listed} ^ (set(entitled.TAKES) | entitled.WITHOUT_SIGNING_IN)


def test_every_page_says_which_right_it_takes():
    assert undeclared(DOORS) == set()
    assert all(isinstance(right, Right) for right in entitled.TAKES.values())


def test_a_page_that_nobody_wrote_down_is_found(monkeypatch):
    planted = Blueprint("staff", __name__, url_prefix="/staff")
    planted.add_url_rule("/audit", "audit", lambda: "")
    assert undeclared([*DOORS, *doors(planted)]) == {"staff.audit"}
    monkeypatch.setitem(entitled.TAKES, "staff.gone", Right.COUNT)
    assert undeclared(DOORS) == {"staff.gone"}


def test_a_page_that_nobody_wrote_down_opens_to_nobody(app, at_desk, monkeypatch):
    monkeypatch.delitem(entitled.TAKES, "staff.counts")
    assert at_desk("manager").visit("/staff/counts").status_code == 404


def test_every_role_is_tried():
    assert set(WHO) == set(ROLES)
    assert not any(NO_ROLE.may(right) for right in [*Right, None])


@pytest.mark.parametrize("role", ROLES)
def test_each_role_at_each_door(role, at_desk, arrives, unlocked, office):
    housing = place_called(office, "Housing")
    me = (unlocked.get(role) or open_office(office, role)).id
    reference = arrives(**OWN_KIND.get(ROLES[role].vault, ABOUT_THE_USUAL))
    if role == INVESTIGATOR:  # of a concern, which has an inquiry
        reference = arrives("whistleblowing")
        give(office, unlocked["monitoring-officer"], reference, unlocked[role], now=now())
    desk, opens = at_desk(WHO[role]), {}
    desk.visit("/staff/" if ROLES[role].vault else "/staff/password")
    token = desk.form("/staff/sign-out")["csrf_token"]
    for door in LOCKED:
        answer = desk.client.open(
            door.address(role, reference, me, housing),
            method=door.method,
            data={"csrf_token": token} if door.method == "POST" else None,
        )
        opens[door] = answer.status_code != 404
    table = {door: entitled.may(role, door.endpoint) and door.endpoint != NOWHERE for door in LOCKED}
    if role == INVESTIGATOR:  # no act that they may do has a subject
        table |= {door: False for door in LOCKED if door.rule.endswith("<act>/<subject>")}
    assert opens == table


def test_nobody_comes_in_without_signing_in(client):
    for door in LOCKED:
        answer = client.open(door.address(), method=door.method)
        if door.method == "GET":
            assert answer.status_code == 303, door
            assert answer.headers["Location"].startswith("/staff/sign-in"), door
        else:
            assert answer.status_code in {303, 400, 401}, door


def test_every_button_refuses_a_missing_token(at_desk):
    desk = at_desk("manager")
    for door in DOORS:
        if door.method == "POST":
            assert desk.client.post(door.address(), data={}).status_code in {400, 404}, door

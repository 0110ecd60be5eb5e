"""Who may come where, made from the one table: a page that nobody wrote down fails here."""

from __future__ import annotations

import pytest

from intake.services.ground.roles import ROLES
from intake.web.staff.door import entitled

WHO = {
    "complaints-officer": "officer",
    "complaints-manager": "manager",
    "monitoring-officer": "monitoring",
    "deputy-monitoring-officer": "deputy",
    "alternate-recipient": "alternate",
    "senior-officer": "senior",
}
ADDRESSES = {
    "staff.desk": ("GET", "/staff/"),
    "staff.password": ("GET", "/staff/password"),
    "staff.case": ("GET", "/staff/cases/{case}"),
    "staff.mark_read": ("POST", "/staff/cases/{case}/read"),
    "staff.identity": ("GET", "/staff/cases/{case}/identity"),
    "staff.act": ("GET", "/staff/cases/{case}/note"),
    "staff.take_in": ("POST", "/staff/take-in"),
    "staff.enter": ("GET", "/staff/enter"),
    "staff.colleagues": ("GET", "/staff/colleagues"),
    "staff.grant": ("POST", "/staff/colleagues/{me}/grant"),
    "staff.counts": ("GET", "/staff/counts"),
    "staff.counts_file": ("GET", "/staff/counts.csv"),
    "staff.behind_a_number": ("GET", "/staff/counts/cases?year=2026-27&measure={measure}"),
    "staff.publish": ("GET", "/staff/counts/publish?year=2025-26&quarter=1"),
    "staff.about": ("GET", "/staff/cases/{case}/about"),
    "staff.summarise": ("GET", "/staff/cases/{case}/committee"),
    "staff.themes": ("GET", "/staff/themes"),
    "staff.add_theme": ("POST", "/staff/themes/add"),
    "staff.rename_theme": ("POST", "/staff/themes/rename"),
    "staff.merge_themes": ("POST", "/staff/themes/merge"),
    "staff.register": ("GET", "/staff/register"),
    "staff.register_check": ("POST", "/staff/register/check"),
    "staff.register_import": ("POST", "/staff/register/import"),
    "staff.sign_out": ("POST", "/staff/sign-out"),  # last: nothing opens after it
}
OWN_KIND = {
    "complaints": {"procedure": "corporate"},
    "whistleblowing": {"procedure": "whistleblowing"},
    "whistleblowing-alternate": {"procedure": "whistleblowing", "about_monitoring_officer": True},
    None: {"procedure": "corporate"},
}


def test_every_page_is_in_the_table(app):
    declared = set(entitled.MAY_COME_TO) | entitled.WITHOUT_SIGNING_IN
    assert {
        rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("staff.")
    } == declared


def test_every_page_of_the_table_is_tried():
    assert set(entitled.MAY_COME_TO) - {"staff.nothing_here"} == set(ADDRESSES)


def test_the_table_knows_every_role():
    assert entitled.EVERYBODY == set(ROLES) == set(WHO)
    assert {name for name, role in ROLES.items() if role.vault} == entitled.READERS
    assert {name for name, role in ROLES.items() if role.counted_readers} == entitled.COUNTERS
    assert {name for name, role in ROLES.items() if role.publishes} == entitled.PUBLISHERS
    assert {name for name, role in ROLES.items() if role.keeps_themes} == entitled.KEEPERS


def test_a_page_that_nobody_wrote_down_opens_to_nobody(app, at_desk, monkeypatch):
    monkeypatch.delitem(entitled.MAY_COME_TO, "staff.counts")
    assert at_desk("manager").visit("/staff/counts").status_code == 404


@pytest.mark.parametrize("role", WHO)
def test_each_role_at_each_door(role, at_desk, arrives, unlocked):
    reference = arrives(**OWN_KIND[ROLES[role].vault])
    desk, refused = at_desk(WHO[role]), {}
    desk.visit("/staff/counts" if role == "senior-officer" else "/staff/")
    token = desk.form("/staff/sign-out")["csrf_token"]
    for endpoint, (method, address) in ADDRESSES.items():
        answer = desk.client.open(
            address.format(
                case=reference,
                me=unlocked[role].id,
                measure="corporate-stage-1"
                if ROLES[role].vault == "complaints"
                else "whistleblowing-referrals",
            ),
            method=method,
            data={"csrf_token": token} if method == "POST" else None,
        )
        refused[endpoint] = answer.status_code == 404
    assert refused == {endpoint: not entitled.may(role, endpoint) for endpoint in ADDRESSES}


@pytest.mark.parametrize(("endpoint", "method", "address"), [(e, *a) for e, a in ADDRESSES.items()])
def test_nobody_comes_in_without_signing_in(client, endpoint, method, address):
    where = address.format(case="ABC-DEFG", me="0" * 32, measure="compliments")
    if method == "GET":
        answer = client.get(where)
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/staff/sign-in")
    else:
        assert client.post(where).status_code in {303, 400, 401}


def test_every_button_refuses_a_missing_token(app, at_desk):
    desk = at_desk("manager")
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("staff.") and "POST" in rule.methods:
            values = {
                "reference": "ABC-DEFG",
                "act": "note",
                "subject": "x",
                "staff_id": "0" * 32,
                "anything": "x",
            }
            with app.test_request_context():
                address = app.url_map.bind("localhost").build(
                    rule.endpoint, {name: values[name] for name in rule.arguments}
                )
            assert desk.client.post(address, data={}).status_code in {400, 404}, rule

"""Taking up an invitation, and being let in by a colleague."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from intake.services.people import accounts, grants
from tests.web.staff.at_a_desk import Desk

NEW = "kim@demonstration.example"


def test_from_invitation_to_the_first_case(app, office, at_desk, arrives):
    reference = arrives("corporate")
    code = accounts.invite(office, NEW, "Kim Sato", "complaints-officer", now=datetime.now(UTC))
    kim = Desk(app)
    kim.visit("/staff/join")
    kim.press("/staff/join", email=NEW, code=code)
    assert "Step 2 of 2" in kim.words
    page = kim.press("/staff/join/finish", password="three quiet words", again="three other words")
    assert page.status_code == 422
    assert "are not the same" in kim.words
    assert "three quiet words" not in page.text
    kim.press("/staff/join/finish", password="three quiet words", again="three quiet words")
    assert "You have joined" in kim.words
    kim.visit("/staff/sign-in")
    assert kim.press("/staff/sign-in", email=NEW, password="three quiet words").status_code == 303

    kim.visit("/staff/")
    assert "Nobody has let you in yet" in kim.words
    assert reference not in kim.page.text
    assert kim.visit(f"/staff/cases/{reference}").status_code == 404
    kim.visit("/staff/colleagues")
    fingerprint = re.search(r"[A-Z0-9]{4}(-[A-Z0-9]{4}){4}", kim.words)[0]

    maya = at_desk("officer")
    maya.visit("/staff/colleagues")
    assert fingerprint in maya.words
    grant = re.search(r"/staff/colleagues/\w+/grant", maya.page.text)[0]
    assert maya.press(grant).status_code == 303
    assert reference in kim.visit("/staff/").text
    assert kim.visit(f"/staff/cases/{reference}").status_code == 200


def test_a_wrong_code_says_so_and_keeps_the_address(app):
    stranger = Desk(app)
    stranger.visit("/staff/join")
    page = stranger.press("/staff/join", email=NEW, code="guess")
    assert page.status_code == 422
    assert "do not belong together" in stranger.words
    assert f'value="{NEW}"' in page.text


def test_an_altered_secret_is_refused(app, office):
    code = accounts.invite(office, NEW, "Kim Sato", "complaints-officer", now=datetime.now(UTC))
    kim = Desk(app)
    kim.visit("/staff/join")
    kim.press("/staff/join", email=NEW, code=code)
    page = kim.press(
        "/staff/join/finish", draft="AAAA", password="three quiet words", again="three quiet words"
    )
    assert page.status_code == 400
    assert "came back altered" in kim.words


def test_nobody_lets_in_somebody_of_another_team(office, at_desk):
    accounts.invite(office, NEW, "Kim Sato", "deputy-monitoring-officer", now=datetime.now(UTC))
    kim = next(one for one in grants.everybody(office) if one.email == NEW)
    maya = at_desk("officer")
    maya.visit("/staff/")
    page = maya.client.post(
        f"/staff/colleagues/{kim.id}/grant", data={"csrf_token": maya.form("/staff/sign-out")["csrf_token"]}
    )
    assert page.status_code == 409
    assert "does not belong to this vault" in page.text

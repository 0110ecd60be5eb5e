"""What officers read when something goes wrong, and what they keep."""

from __future__ import annotations

import logging
import re

import pytest
from sqlalchemy import delete, select

from intake.database import writing
from intake.models import Grant, Record
from intake.services.casework import acting
from intake.services.ground.refusals import NotStored
from intake.services.ground.roles import ALTERNATE

PAYLOADS = (
    "<script>document.title='X'</script>",
    "<img src=x onerror=\"document.title='X'\">",
    "</textarea><script>document.title='X'</script>",
    "<details open ontoggle=document.title='X'>",
    "' onmouseover='document.title=\"X\"' x='",
    '<meta http-equiv=refresh content="0;url=http://127.0.0.1:9/">',
    "--><script>document.title='X'</script><!--",
    "&lt;script&gt;document.title='X'&lt;/script&gt;",
    "{{7*343}} {% print 7*343 %} {{''.__class__.__mro__}}",
    "%(canary)s %s %d %n",
    "\ufe64script\ufe65",
    "  two  spaces\r\n\r\n   and a line  ",
)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_whatever_was_typed_is_shown_as_text(at_desk, arrives, payload):
    from html import unescape

    from intake.services.cases.words import Answer

    reference = arrives("corporate", payload, identity=(Answer("Your name", payload),))
    desk = at_desk("officer")
    for address in ("", "/write", "/note"):
        page = desk.visit(f"/staff/cases/{reference}{address}")
        assert "<script" not in page.text
        assert unescape(page.text).count(payload) >= 1
        assert payload not in page.text or not set(payload) & set("<>&'\"")
    desk.visit(f"/staff/cases/{reference}/note")
    desk.press(f"/staff/cases/{reference}/note", text=payload)
    desk.visit(f"/staff/cases/{reference}")
    assert "Notes and reasons (1)" in desk.words
    assert unescape(desk.page.text).count(payload) >= 3


def test_a_form_that_expired_keeps_what_was_typed(at_desk, arrives):
    reference = arrives("corporate")
    desk = at_desk("officer")
    address = f"/staff/cases/{reference}/write"
    desk.visit(address)
    page = desk.press(address, text="Written with care.", csrf_token="stale")
    assert page.status_code == 400
    assert "This form had expired" in desk.words
    assert "Written with care." in page.text
    assert desk.press(address).status_code == 303


def test_a_foreign_page_gets_nothing_drawn(at_desk, arrives):
    reference = arrives("corporate")
    desk = at_desk("officer")
    answer = desk.client.post(
        f"/staff/cases/{reference}/write", data={"text": "forged"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 400
    assert "forged" not in answer.text


def test_a_full_disk_keeps_what_was_typed(at_desk, arrives, monkeypatch):
    reference = arrives("corporate")
    desk = at_desk("officer")

    def full(*_args, **_more):
        raise NotStored

    monkeypatch.setattr(acting, "do", full)
    desk.visit(f"/staff/cases/{reference}/write")
    page = desk.press(f"/staff/cases/{reference}/write", text="Written with care.")
    assert page.status_code == 503
    assert "Written with care." in page.text
    assert "could not store" in desk.words


def test_a_damaged_case_is_told_and_only_its_reference_logged(at_desk, arrives, office, caplog):
    reference = arrives("corporate", "A secret story.")
    for record in office.session.scalars(select(Record).where(Record.kind == "submission")):
        record.sealed = bytes(len(record.sealed))
    office.session.commit()
    desk = at_desk("officer")
    with caplog.at_level(logging.ERROR):
        page = desk.visit(f"/staff/cases/{reference}")
    assert page.status_code == 409
    assert "does not open" in desk.words
    assert "Traceback" not in page.text
    assert reference in caplog.text
    assert "secret story" not in caplog.text


def test_too_long_a_note_is_kept_whole(at_desk, arrives):
    reference = arrives("corporate")
    desk = at_desk("officer")
    address = f"/staff/cases/{reference}/note"
    desk.visit(address)
    page = desk.press(address, text="x" * 20_001)
    assert page.status_code == 422
    assert "It is 1 too long" in desk.words
    assert desk.form(address)["text"] == "x" * 20_001


def test_a_year_that_cannot_be_is_told(at_desk):
    desk = at_desk("manager")
    assert desk.visit("/staff/counts?year=2026-29").status_code == 422
    assert "runs from one year into the next" in desk.words
    assert desk.visit("/staff/counts.csv?year=x").status_code == 422


def test_odd_addresses_of_the_list_are_harmless(at_desk, arrives):
    arrives("corporate")
    desk = at_desk("manager")
    for query in ("page=99999", "page=-1", "page=²", "view=everything", "search=%25", "search=%00"):
        assert desk.visit(f"/staff/?{query}").status_code == 200


def test_every_page_says_loudly_that_a_vault_has_nobody(office, at_desk):
    desk = at_desk("officer")
    assert "Nobody can open" not in desk.visit("/staff/").text
    with writing(office.session):
        office.session.execute(delete(Grant).where(Grant.vault_id == ALTERNATE))
    for address in ("/staff/", "/staff/enter", "/staff/password"):
        assert "Nobody can open what is sent to the alternate recipient" in desk.visit(address).text


@pytest.mark.parametrize(
    ("who", "way"),
    [
        ("officer", "Go to your cases"),
        ("monitoring", "Go to your cases"),
        ("alternate", "Go to your cases"),
        ("senior", "Go to what is late"),
    ],
)
def test_whoever_came_to_nothing_is_led_to_what_is_theirs(at_desk, who, way):
    """The senior officer was sent to a list of cases that she does not have."""
    desk = at_desk(who)
    page = desk.visit("/staff/nowhere")
    assert page.status_code == 404
    (href,) = re.findall(rf'<a class="govuk-link" href="([^"]+)">{way}</a>', page.text)
    assert desk.visit(href).status_code == 200


def test_whoever_is_not_signed_in_is_led_to_signing_in(app):
    page = app.test_client().post("/staff/sign-in", data={"email": "x" * 70_000})
    assert page.status_code == 413
    assert '<a class="govuk-link" href="/staff/sign-in">Sign in</a>' in page.text

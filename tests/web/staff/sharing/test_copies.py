"""A copy for somebody else, page by page."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from tests.actors import concern, send

TOLD = "Timesheets are signed by Dana Holt. I work nights. Ring 07700 900 123."


def arrived(office) -> str:
    sent = send(office, concern(words=TOLD), now=datetime.now(UTC))
    return f"/staff/cases/{sent.reference}"


def test_a_copy_is_looked_at_made_printed_and_holds_nothing_that_was_taken_out(at_desk, office):
    desk, address = at_desk("monitoring"), arrived(office)
    desk.visit(address)
    desk.follow("Make a copy for somebody else")
    desk.press(f"{address}/share", part="sent-0", words="dana holt", act="look")
    assert "<del>" in desk.page.text
    assert "Telephone number" in desk.words
    form = {"part": "sent-0", "suggested": "07700 900 123", "sentence": "sent-0.1", "act": "look"}
    desk.press(f"{address}/share", **form)
    assert "07700 900 123" in desk.form(f"{address}/share")["words"]
    answer = desk.press(
        f"{address}/share", part="sent-0", act="make", for_whom="Internal audit", why="To look at pay."
    )
    assert answer.status_code == 303
    desk.visit(answer.headers["Location"])
    assert "The copy is made" in desk.words
    assert "signed by [removed]. [removed] Ring [removed]." in desk.words
    for ending in ("html", "txt"):
        alone = desk.visit(f"{address}/copies/0/copy.{ending}")
        assert "[removed]" in alone.text
        for gone in ("Dana Holt", "07700", "nights", address.rpartition("/")[2], "Ruth"):
            assert gone not in alone.text
    assert desk.page.headers["Content-Disposition"] == 'attachment; filename="copy.txt"'


def test_what_cannot_be_made_is_told_and_nothing_typed_is_lost(at_desk, office):
    desk, address = at_desk("monitoring"), arrived(office)
    share = f"{address}/share"
    desk.visit(share)
    assert desk.press(share, act="look", words="Holt").status_code == 422
    assert "Choose at least one text" in desk.words
    assert desk.press(share, part="sent-0", act="look", words="a").status_code == 422
    assert "too short" in desk.words
    desk.press(share, part="sent-0", act="look", words="Holt")
    assert desk.press(share, part="sent-0", act="make", for_whom="", why="").status_code == 422
    assert "Say who gets the copy" in desk.words
    changed = desk.press(share, part="sent-0", act="make", for_whom="Audit", why="Pay.", words="Dana")
    assert changed.status_code == 409
    assert "no longer what you looked at" in desk.words
    assert desk.form(share)["for_whom"] == "Audit"
    assert desk.visit(f"{address}/copies/7").status_code == 303


def test_markup_in_a_text_or_in_what_is_typed_stays_text(at_desk, office):
    sent = send(office, concern(words="<script>x</script> Holt"), now=datetime.now(UTC))
    address = f"/staff/cases/{sent.reference}"
    desk = at_desk("monitoring")
    desk.visit(f"{address}/share")
    desk.press(f"{address}/share", part="sent-0", act="look", words="<b>Holt</b>\nHolt")
    assert "<script>" not in desk.page.text
    assert "<b>" not in re.sub(r"<body.*?>", "", desk.page.text)


def test_no_page_of_copies_is_there_for_whoever_does_not_open_the_case(at_desk, office):
    address = arrived(office)
    for who in ("officer", "alternate", "senior", "auditor"):
        desk = at_desk(who)
        for path in ("/share", "/copies/0", "/copies/0/copy.txt"):
            assert desk.visit(f"{address}{path}").status_code == 404

"""The journal's pages: read, narrowed, taken as a file, checked, and what each may ask of the database."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import pytest

from intake.demonstration.living import PASSWORD
from intake.models import Staff
from intake.services.ground import press
from tests import officers
from tests.web.statements import asked_for

PAGE = 9


@pytest.fixture
def busy(office, arrives, officer, monitoring_officer):
    """A complaint and a concern that were acknowledged, and the words that nobody else may find."""
    now, found = datetime.now(UTC), []
    for procedure, who in (("corporate", officer), ("whistleblowing", monitoring_officer)):
        reference = arrives(procedure, f"CANARY-words-of-{procedure}.", name="CANARY Whitlam")
        officers.acknowledge(office, who, reference, "CANARY letter.", revision=1, now=now)
        officers.note(office, who, reference, "CANARY note.", token=press.new_token(), now=now)
        found.append(reference)
    return found


def test_an_auditor_signs_in_to_the_journal_and_finds_no_word_and_no_reference(at_desk, busy):
    desk = at_desk("auditor")
    desk.page = desk.client.get("/staff/", follow_redirects=True)
    assert "Maya Okafor" in desk.words
    assert "Acknowledged" in desk.words
    pages = [desk.page.text]
    for path in ("/staff/journal?act=note", "/staff/journal?actor=holder", "/staff/journal/check"):
        pages.append(desk.visit(path).text)
    desk.visit("/staff/journal")
    pages.append(desk.press("/staff/journal/file").text)
    desk.visit("/staff/journal/check")
    pages.append(desk.press("/staff/journal/check", marks="").text)
    for page in pages:
        assert "CANARY" not in page
        assert not any(reference in page for reference in busy)


def test_an_officer_finds_their_own_cases_and_a_case_that_is_not_theirs_is_like_none(at_desk, busy):
    complaint, concern = busy
    desk = at_desk("officer")
    assert complaint in desk.visit("/staff/journal").text
    assert concern not in desk.page.text
    theirs = desk.visit(f"/staff/journal?case={concern}").text.replace(concern, "X")
    nobodys = desk.visit("/staff/journal?case=ZZZ-ZZZZ").text.replace("ZZZ-ZZZZ", "X")
    token = re.compile(r'name="csrf_token" value="[^"]+"')
    assert token.sub("", theirs) == token.sub("", nobodys)
    assert "Check whether" not in theirs


def test_a_file_holds_no_formula_and_no_more_than_the_page(at_desk, office, busy, officer):
    with office.session.begin():
        office.session.get_one(Staff, officer.id).name = "=HYPERLINK(1)"
    desk = at_desk("auditor")
    desk.visit("/staff/journal?act=acknowledge")
    answer = desk.press("/staff/journal/file")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="journal.csv"'
    head, *rows = csv.reader(io.StringIO(answer.text))
    assert head == ["day", "time", "who", "act", "case"]
    assert rows == [["2026-05-05", "11:00:00", "'=HYPERLINK(1)", "Acknowledged", "case 1"]]


@pytest.mark.parametrize(
    "asked", ["act=nonsense", "actor=" + "x" * 900, "from=yesterday&to=9999-99-99", "after=zz~1", "case=%00"]
)
def test_what_an_address_asks_that_cannot_be_read_asks_for_nothing(at_desk, busy, asked):
    assert at_desk("manager").visit(f"/staff/journal?{asked}").status_code == 200


def test_a_page_of_fifty_asks_no_more_than_a_page_of_five(at_desk, office, arrives, officer, clock):
    reference = arrives("corporate")
    for who in ("officer", "auditor"):
        desk = at_desk(who)
        few = asked_for(lambda desk=desk: desk.visit("/staff/journal"))
        for _ in range(60):
            officers.note(office, officer, reference, "x", token=press.new_token(), now=datetime.now(UTC))
        many = asked_for(lambda desk=desk: desk.visit("/staff/journal"))
        assert desk.page.text.count("<tr>") == 51
        assert len(many) == len(few)
        clock.shift(timedelta(minutes=1))
        older = asked_for(lambda desk=desk: desk.follow("Older lines"))
        assert "The newest" in desk.page.text
        assert len(older) <= PAGE, "\n".join(older)


def test_an_auditor_takes_a_mark_and_the_journal_holds_against_it(at_desk, busy):
    desk = at_desk("auditor")
    desk.visit("/staff/journal/check")
    desk.press("/staff/journal/mark")
    (mark,) = re.findall(r"intake-mark day=\S+ hash=[0-9a-f]{64} editions=\d+", desk.page.text)
    assert "It holds" in desk.press("/staff/journal/check", marks=mark).text
    assert "It leads through the mark" in desk.words
    assert mark not in desk.visit("/staff/journal/check").text
    wrong = mark.replace("hash=", "hash=0000")[: len(mark)]
    assert desk.press("/staff/journal/check", marks=wrong).status_code == 422
    other = re.sub(r"hash=[0-9a-f]{4}", "hash=0000", mark)
    assert "It does not hold" in desk.press("/staff/journal/check", marks=other).text


def test_one_check_at_a_time(at_desk):
    from intake.web.staff.journal.checking import ONE_CHECK_AT_A_TIME

    desk = at_desk("auditor")
    desk.visit("/staff/journal/check")
    with ONE_CHECK_AT_A_TIME:
        answer = desk.press("/staff/journal/check", marks="x")
    assert answer.status_code == 409
    assert "Somebody else is checking" in desk.words


def test_looking_at_the_journal_writes_no_line_and_taking_a_file_writes_one(at_desk, office, busy):
    from sqlalchemy import text

    def lines() -> int:
        number = office.session.scalar(text("SELECT count(*) FROM journal"))
        office.session.rollback()
        return number

    desk = at_desk("auditor")
    before = lines()
    for path in ("/staff/journal", "/staff/journal/check", "/staff/journal?act=note"):
        desk.visit(path)
    assert lines() == before
    desk.visit("/staff/journal")
    desk.press("/staff/journal/file")
    assert lines() == before + 1


def test_the_ledger_of_a_case(at_desk, busy):
    _, concern = busy
    desk = at_desk("deputy")
    address = f"/staff/cases/{concern}"
    desk.visit(f"{address}/identity")
    assert "Whoever sent it reads" not in desk.words
    desk.press(f"{address}/identity", reason="To meet them.", password=PASSWORD)
    desk.visit(f"{address}/opened")
    assert "Piotr Lis" in desk.words
    assert "To meet them." in desk.words
    assert at_desk("manager").visit(f"{address}/opened").status_code == 404
    assert at_desk("auditor").visit(f"{address}/opened").status_code == 404

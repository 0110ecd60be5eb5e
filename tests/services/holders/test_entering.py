"""Entering for somebody: its dates beforehand, the same page once, and whether the receipt was given."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from intake.models import Case, JournalLine, Record
from intake.services.casework import case_page
from intake.services.ground import journal, press
from intake.services.ground.refusals import NotFound, Refused
from intake.services.holders import entering, submitting
from intake.services.holders.submitting import EnteredBefore
from tests.actors import MONDAY, arrives, complaint, concern

LETTER = complaint(procedure="ombudsman-enquiry", channel="letter")


def enter(office, officer, what=None, *, token="", received=MONDAY, **more):
    return submitting.enter(
        office,
        officer,
        what or complaint(channel="phone"),
        received=received,
        token=token or press.new_token(),
        now=MONDAY,
        **more,
    )


def how_many(office, table=Case) -> int:
    found = office.session.scalar(select(func.count()).select_from(table))
    office.session.rollback()
    return found


@pytest.mark.parametrize("days_ago", [0, 1, 30, 400])
def test_the_dates_beforehand_are_those_of_the_case_and_nothing_is_kept(office, officer, days_ago):
    received = MONDAY - timedelta(days=days_ago)
    told = entering.dates(office, officer, complaint(), received=received, now=MONDAY)
    assert how_many(office) == 0
    assert told == enter(office, officer, received=received).next_dates != ()


def test_the_ombudsmans_date_beforehand_is_that_of_the_letter(office, officer):
    due = date(2026, 7, 1)
    told = entering.dates(office, officer, LETTER, received=MONDAY, now=MONDAY, response_date=due)
    assert [one.on for one in told] == [due]
    with pytest.raises(Refused, match="before the day of receipt"):
        entering.dates(
            office, officer, LETTER, received=MONDAY, now=MONDAY, response_date=due - timedelta(days=99)
        )


def test_dates_are_told_to_whoever_may_enter_it_alone(office, officer, senior_officer):
    tomorrow = MONDAY + timedelta(days=1)
    with pytest.raises(Refused, match="lies in the future"):
        entering.dates(office, officer, complaint(), received=tomorrow, now=MONDAY)
    with pytest.raises(Refused, match="read by others"):
        entering.dates(office, officer, concern(), received=MONDAY, now=MONDAY)
    with pytest.raises(NotFound):
        entering.dates(office, senior_officer, complaint(), received=MONDAY, now=MONDAY)
    with pytest.raises(Refused):
        entering.dates(
            office,
            officer,
            complaint(procedure="data-protection"),
            received=MONDAY.replace(year=2019),
            now=MONDAY,
        )


def test_a_page_that_comes_back_with_something_else_in_it_is_not_entered_again(office, officer, manager):
    token = press.new_token()
    first = enter(office, officer, token=token)
    with pytest.raises(EnteredBefore, match=first.reference):
        enter(office, officer, complaint(words="The bins were missed seven times."), token=token)
    with pytest.raises(EnteredBefore):
        enter(office, manager, complaint(words="Another officer's browser."), token=token)
    with pytest.raises(EnteredBefore):  # a day that was mended is not passed over either
        enter(office, officer, token=token, received=MONDAY - timedelta(days=1))
    assert enter(office, officer, token=token).reference == first.reference
    assert how_many(office) == 1


def test_neither_the_code_nor_the_token_of_a_page_is_in_the_tables(office, officer):
    token = press.new_token()
    sent = enter(office, officer, token=token)
    entering.note_receipt(office, officer, sent.reference, entering.READ_BACK, now=MONDAY)
    rows = [
        repr(row)
        for table in (Case, Record, JournalLine)
        for row in office.session.execute(select(table.__table__))
    ]
    for secret in (token, sent.receipt, sent.receipt.replace("-", ""), sent.receipt[-9:]):
        assert not any(secret in row for row in rows)


def test_a_case_is_found_by_whoever_opens_it_alone(office, officer, monitoring_officer):
    theirs, not_theirs = arrives(office, complaint()), arrives(office, concern())
    assert entering.opened(office, officer, f" {theirs.lower()} ") == theirs
    for reference in (not_theirs, "ZZZ-ZZZZ", "", "é"):
        with pytest.raises(NotFound):
            entering.opened(office, officer, reference)


CODE = "7K2Q-M8ZD-0000-1111-AAAA-X0XX-Y1YY"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (CODE, ""),
        (CODE.lower().replace("-", " "), ""),
        ("X0XX-Y1YY", ""),
        ("xoxxylyy", ""),  # O for 0, L for 1, without a gap
        ("Y1YY", "Type the last 8"),
        ("", "Type the last 8"),
        ("X0XX Y1YY 7", "Type all 28"),
        ("X0XX Y1Y!", "Type the last 8"),
        ("X0XX Y1YZ", "Group 7"),
        ("Z0XX Y1YY", "Group 6"),
        ("M8ZD 7K2Q", "Group 6"),
        (CODE.replace("AAAA", "AAAB"), "Group 5"),
        ("9" * 5_000, "Type all 28"),
    ],
)
def test_what_was_read_back_is_compared_group_by_group(typed, sentence):
    told = entering.slip(CODE, typed)
    assert told.startswith(sentence)
    assert bool(told) == bool(sentence)


@pytest.mark.parametrize("how", sorted(entering.GIVEN))
def test_how_the_receipt_was_given_stands_on_the_case_once(office, officer, manager, how):
    reference = enter(office, officer).reference
    assert not entering.is_given(office, officer, reference)
    before = case_page.open_case(office, officer, reference, now=MONDAY).revision
    entering.note_receipt(office, officer, reference, how, now=MONDAY)
    entering.note_receipt(office, manager, reference, entering.NOT_WANTED, now=MONDAY)
    page = case_page.open_case(office, officer, reference, now=MONDAY)
    assert [(note.text, note.by) for note in page.notes] == [(entering.GIVEN[how], officer.name)]
    assert page.revision == before  # nobody's open page grows stale by it
    assert entering.is_given(office, officer, reference)
    assert journal.verify(office).fault == ""


def test_nobody_notes_it_of_a_case_that_is_not_theirs_or_in_other_words(office, officer, senior_officer):
    not_theirs = arrives(office, concern())
    with pytest.raises(NotFound):
        entering.note_receipt(office, officer, not_theirs, entering.READ_BACK, now=MONDAY)
    with pytest.raises(NotFound):
        entering.is_given(office, officer, not_theirs)
    reference = enter(office, officer).reference
    with pytest.raises(Refused, match="Say how"):
        entering.note_receipt(office, officer, reference, "by pigeon", now=MONDAY)
    with pytest.raises(NotFound):
        entering.note_receipt(office, senior_officer, reference, entering.READ_BACK, now=MONDAY)

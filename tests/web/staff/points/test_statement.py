"""The statement of a child's complaint: agreed with its points, kept, and changed with a day and a reason alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from intake.services.holders import returning
from tests.actors import send
from tests.web.staff.casework.test_working_a_case import LETTER, act, day

from .test_points import CALLS, LATE, sets_out

AGREED = "record/stage-2-statement-agreed"


@pytest.fixture
def sent(office):
    return send(office, "children-statutory", f"{LATE} {CALLS}", name="Nadia Whitlam", now=datetime.now(UTC))


@pytest.fixture
def case(sent) -> str:
    return f"/staff/cases/{sent.reference}"


@pytest.fixture
def desk(at_desk, sent, case):
    """An officer, with the complaint at stage 2 and its two points set out."""
    desk = at_desk("officer")
    sets_out(desk, case, LATE, CALLS)
    answers = {"found_1": "not-upheld", "why_1": "Once.", "found_2": "not-upheld", "why_2": "We did."}
    act(desk, sent.reference, "respond", text=LETTER, **answers)
    act(desk, sent.reference, "open-next-stage")
    return desk


def held(office, sent):
    return returning.open_case(office, sent.receipt, now=datetime.now(UTC))


def test_it_is_kept_as_it_was_agreed_and_the_holder_reads_it(desk, office, sent, case):
    desk.visit(case)
    desk.follow("Record the statement that was agreed")
    desk.press(f"{case}/{AGREED}", step="check", reason="Talked over with Nadia.", **day("happened", 5, 5))
    assert "“Stage 2 answer, counted from the agreed statement” begins" in desk.words
    assert desk.press(f"{case}/{AGREED}", step="do").status_code == 303
    desk.visit(case)
    assert 'href="#statement"' in desk.page.text
    stands = f"Agreed on Tuesday 5 May 2026 Talked over with Nadia. {LATE} {CALLS}"
    assert stands in desk.words
    mine = held(office, sent)
    assert mine.statement.points == ((LATE, ""), (CALLS, ""))
    assert [date.label for date in mine.dates] == ["Stage 2 answer"]  # and no second reading of it
    assert [letter.text for letter in mine.messages if letter.heading == "Statement of complaint agreed"] == [
        f"Talked over with Nadia.\n\n1. {LATE}\n\n2. {CALLS}"
    ]


def test_with_neither_words_nor_points_nothing_is_agreed(at_desk, arrives):
    desk, reference = at_desk("officer"), arrives("children-statutory")
    act(desk, reference, "respond", outcome="not-upheld", text=LETTER)
    act(desk, reference, "open-next-stage")
    page = act(desk, reference, AGREED)
    assert page.status_code == 409
    assert "Write the statement as it was agreed, or set out the points of complaint first." in desk.words
    desk.visit(f"/staff/cases/{reference}")
    assert "Record: Statement of complaint agreed" in desk.words
    assert desk.visit(f"/staff/cases/{reference}/statement").status_code == 303


def test_a_point_is_not_reworded_in_silence(desk, office, sent, case, clock):
    act(desk, sent.reference, AGREED)
    clock.shift(timedelta(days=2))
    desk.sign_in("officer")
    address = f"{case}/points/2"
    desk.visit(address)
    assert "The statement was agreed on Tuesday 5 May 2026" in desk.words
    page = desk.press(address, words="Nobody called back for a month.")
    assert page.status_code == 409
    assert "It is not changed in silence: give the day on which the complainant agreed" in desk.words
    for typed, words in (
        (day("agreed_on", 8, 5), "Friday 8 May 2026 is in the future."),
        (day("agreed_on", 4, 5), "Monday 4 May 2026 is before the statement was agreed as it reads now"),
    ):
        assert desk.press(address, agreed_why="She said how long.", **typed).status_code == 409
        assert words in desk.words
        assert "Nobody called back for a month." in desk.page.text
    assert desk.press(address, **day("agreed_on", 6, 5)).status_code == 303
    desk.visit(case)
    assert (
        f"Agreed on Wednesday 6 May 2026 {LATE} Nobody called back for a month. "
        "Why it was agreed anew: She said how long." in desk.words
    )
    assert f"The statement before it was changed Agreed on Tuesday 5 May 2026 {LATE} {CALLS}" in desk.words
    assert "Statement of complaint agreed anew" in desk.words
    mine = held(office, sent)
    assert mine.statement.points[1][0] == "Nobody called back for a month."
    letter = next(one for one in mine.messages if "agreed anew" in one.heading)
    assert (
        "You and we agreed on Wednesday 6 May 2026 to change it. The reason:\n\nShe said how long."
        in letter.text
    )
    assert "2. Nobody called back for a month." in letter.text


def test_its_words_are_agreed_anew_and_no_date_moves(desk, office, sent, case):
    act(desk, sent.reference, AGREED, reason="Talked over with Nadia.")
    desk.visit(case)
    desk.follow("It was agreed anew")
    address = f"{case}/statement"
    assert desk.press(address, **day("agreed_on", 5, 5), agreed_why="None.").status_code == 409
    assert "It reads as it did. Nothing was changed." in desk.words
    assert (
        desk.press(address, text="Talked over with Nadia and her mother.", agreed_why="").status_code == 409
    )
    assert "give the day on which the complainant agreed to the change, and the reason" in desk.words
    before = {one.label: one.on for one in held(office, sent).dates}
    assert desk.press(address, agreed_why="Her mother was there.").status_code == 303
    desk.visit(f"{case}?done=statement")
    assert "The statement reads as it was agreed now, and the holder is told." in desk.words
    assert "Statement of complaint agreed anew" in desk.words
    mine = held(office, sent)
    assert {one.label: one.on for one in mine.dates} == before
    assert mine.statement.text == "Talked over with Nadia and her mother."
    assert "Statement of complaint agreed anew" in [line.text for line in mine.history]


def test_a_point_that_the_complainant_withdraws_leaves_the_statement(desk, office, sent, case):
    act(desk, sent.reference, AGREED)
    desk.visit(f"{case}/points/1/withdraw")
    desk.press(f"{case}/points/1/withdraw", why="It is settled.")
    mine = held(office, sent)
    assert mine.statement.points == ((CALLS, ""),)
    assert (
        "The reason:\n\nIt is settled.\n\nIt now reads:\n\n1. Nobody called back." in mine.messages[-1].text
    )


def test_two_officers_at_one_statement(desk, at_desk, sent, case):
    act(desk, sent.reference, AGREED, reason="Talked over.")
    other = at_desk("manager")
    for one in (desk, other):
        one.visit(f"{case}/statement")
    new = day("agreed_on", 5, 5) | {"agreed_why": "She asked."}
    assert desk.press(f"{case}/statement", text="Talked over twice.", **new).status_code == 303
    assert other.press(f"{case}/statement", text="Talked over at length.", **new).status_code == 409
    assert "This case changed after you had opened this page" in other.words
    assert "Talked over at length." in other.page.text
    assert other.press(f"{case}/statement").status_code == 303

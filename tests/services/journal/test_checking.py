"""Whether the journal holds, asked by somebody about whom a concern may be: who probes learns nothing of its length."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from intake.database import reading
from intake.models import JournalLine
from intake.services.ground import journal
from intake.services.ground.refusals import NotFound, Refused
from intake.services.ground.roles import ROLES, Right
from intake.services.instance import anchoring
from intake.services.journal import checking
from intake.services.journal.checking import MEANS, Break, Finding
from tests.actors import MONDAY, concern, send
from tests.by_hand import by_hand
from tests.services.instance.test_anchoring import live, written_anew


@pytest.fixture
def kept(office, auditor) -> str:
    """A mark of a journal that went on after it was taken."""
    live(office, 3)
    mark = checking.take_mark(office, auditor, now=MONDAY + timedelta(days=2))
    live(office, 3, first=3)
    return mark


def test_a_mark_is_one_line_without_a_number_and_the_journal_holds_against_it(office, auditor, kept):
    assert re.fullmatch(r"intake-mark day=2026-06-03 hash=[0-9a-f]{64} editions=0", kept)
    assert checking.hold(office, auditor, f"in my book:\n{kept}\n") == Finding(1)
    assert checking.hold(office, auditor, "") == Finding(0)
    assert anchoring.verify(office, anchoring.parse(kept)).fault == ""


def test_two_marks_differ_whatever_happened_between_them_and_cannot_be_worked_out(office, auditor):
    """Or the same mark twice would tell that nothing was done, and another one that something was."""
    first, second = (checking.take_mark(office, auditor, now=MONDAY) for _ in range(2))
    assert first != second
    with reading(office.session):
        taken = office.session.scalars(
            select(JournalLine).where(JournalLine.act == journal.Act.MARK_TAKEN)
        ).all()
        salts = {journal.detail_of(line)["salt"] for line in taken}
    assert len(salts) == 2
    assert all(re.fullmatch(r"[0-9a-f]{32}", salt) for salt in salts)


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE journal SET actor = 'somebody' WHERE number = 9", Break.CHANGED),
        ("DELETE FROM journal WHERE number = 9", Break.CHANGED),
        ("DELETE FROM journal WHERE act = 'mark-taken' OR number > 18", Break.ANOTHER),
    ],
    ids=["edited", "deleted", "cut off"],
)
def test_a_journal_that_was_tampered_with_is_told_in_words(
    office, auditor, instance, kept, statement, broken
):
    office.session.close()
    with by_hand(instance) as connection:
        (mark,) = connection.execute("SELECT number FROM journal WHERE act = 'mark-taken'").fetchone()
        connection.execute(statement.replace("18", str(mark)))
    found = checking.hold(office, auditor, kept)
    assert (found.what, found.means, found.do) == MEANS[broken]
    assert not re.search(r"\d", found.what + found.means + found.do)


def test_a_chain_computed_anew_holds_by_itself_and_not_against_the_mark(office, auditor, instance, kept):
    written_anew(office, instance, "UPDATE journal SET at = '2026-04-01 09:00:00.000001' WHERE number = 9")
    assert checking.hold(office, auditor, "").what == ""
    assert checking.hold(office, auditor, kept).what == MEANS[Break.ANOTHER][0]


def test_whoever_makes_heads_up_does_not_learn_how_many_lines_there_are(office, auditor, kept):
    """A head with a number would be answered in two ways: another hash, or fewer lines."""
    answers = {
        checking.hold(office, auditor, f"intake-head lines={lines} day=2026-06-01 hash={'0' * 64} editions=0")
        for lines in (1, 5, 10, 20, 40, 1_000, 1_000_000)
    }
    assert len(answers) == 1
    assert answers.pop().what == MEANS[Break.ANOTHER][0]


def test_what_a_check_says_names_no_case_and_counts_no_line(office, auditor, instance):
    sent = send(office, concern())
    journal.close_the_day(office, now=MONDAY.replace(day=2))
    office.session.close()
    with by_hand(instance) as connection:
        connection.execute("UPDATE cases SET journalled = true, id = 'f' || substr(id, 2)")
    found = checking.hold(office, auditor, "")
    assert found.what
    told = " ".join((found.what, found.means, found.do))
    assert sent.reference not in told
    assert not re.search(r"\d", told)


@pytest.mark.parametrize("text", ["nonsense", "intake-mark day=2026", "x" * 200_000])
def test_what_is_no_mark_is_refused_in_words(office, auditor, text):
    with pytest.raises(Refused):
        checking.hold(office, auditor, text)


def test_a_mark_is_read_by_the_command_too_and_with_heads_of_the_machine(office, auditor, kept):
    head = anchoring.head(office, now=MONDAY)
    assert [one.lines for one in anchoring.parse(f"{kept}\n{head.text}")] == [head.lines, None]
    lines, reached = anchoring.reached(office, anchoring.parse(f"{kept}\n{head.text}"))
    assert (lines, len(reached)) == (head.lines, 2)


def test_nobody_else_checks_or_takes_a_mark(office, unlocked):
    for role, officer in unlocked.items():
        if not ROLES[role].may(Right.CHECK_JOURNAL):
            with pytest.raises(NotFound):
                checking.hold(office, officer, "")
            with pytest.raises(NotFound):
                checking.take_mark(office, officer, now=MONDAY)
    assert [role for role, one in ROLES.items() if one.may(Right.CHECK_JOURNAL)] == ["auditor"]

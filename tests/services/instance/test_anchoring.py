"""The journal against a head that was kept elsewhere: cut off, put back, written anew."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from intake.models import JournalLine
from intake.services.cases.words import Answer
from intake.services.ground import journal, press
from intake.services.ground.refusals import Refused
from intake.services.holders import returning, submitting
from intake.services.holders.submitting import Submission
from intake.services.instance import anchoring
from intake.services.people import accounts
from tests.by_hand import by_hand, tables_of
from tests.conftest import copied, opened

NOW = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)


def live(office, days: int, first: int = 0) -> None:
    """Some days in which accounts are invited."""
    for day in range(first, first + days):
        email, now = f"officer{day}@council.example", NOW + timedelta(days=day)
        accounts.invite(office, email, "Nadia Orchard", "complaints-officer", now=now)


def with_sql(instance, *statements: str) -> None:
    with by_hand(instance) as connection:
        for statement in statements:
            connection.execute(statement)


def written_anew(office, instance, statement: str) -> None:
    """An edit, and the whole chain computed again from the beginning, by our own rule."""
    with_sql(instance, statement)
    office.session.rollback()
    lines = office.session.scalars(select(JournalLine).order_by(JournalLine.number)).all()
    told = [(line.number, line) for line in lines]
    office.session.expunge_all()
    office.session.rollback()
    previous = journal.BEGINNING
    with by_hand(instance) as connection:
        connection.execute("UPDATE journal SET number = number + 10000")
        for number, (before, line) in enumerate(told, start=1):
            line.number, line.previous = number, previous
            previous = journal._hash(line)
            connection.execute(
                "UPDATE journal SET number = ?, previous = ?, hash = ? WHERE number = ?",
                (number, line.previous, previous, before + 10000),
            )


@pytest.fixture
def kept(office):
    """The head of a journal of some days; the days went on after it was printed."""
    live(office, 4)
    head = anchoring.head(office, now=NOW)
    live(office, 3, first=4)
    assert anchoring.verify(office, [head]).fault == ""
    return head


def test_a_head_is_one_line_that_is_read_back_whole_or_refused(kept):
    assert kept.text.count("\n") == 0
    assert anchoring.parse(f"printed on Monday:\n{kept.text}\n") == [kept]
    assert anchoring.parse(f"{kept.text}\n{kept.text}\n") == [kept, kept]
    for broken in ("", "nonsense", kept.text.partition(" editions")[0], kept.text.replace("hash=", "hash=z")):
        with pytest.raises(Refused):
            anchoring.parse(broken)


@pytest.mark.parametrize(
    "statements",
    [
        ["UPDATE journal SET actor = 'somebody' WHERE number = 9"],
        ["DELETE FROM journal WHERE number = 9"],
        [
            "UPDATE journal SET number = 999 WHERE number = 9",
            "UPDATE journal SET number = 9 WHERE number = 10",
            "UPDATE journal SET number = 10 WHERE number = 999",
        ],
    ],
    ids=["edited", "deleted", "reordered"],
)
def test_what_the_chain_shows_shows_with_and_without_a_head(office, instance, kept, statements):
    with_sql(instance, *statements)
    assert anchoring.verify(office).fault
    assert anchoring.verify(office, [kept]).fault


def test_a_cut_off_end_shows_against_the_head_alone(office, instance, kept):
    with_sql(instance, f"DELETE FROM journal WHERE number >= {kept.lines}")
    assert anchoring.verify(office).fault == ""
    assert "Its end was cut off" in anchoring.verify(office, [kept]).fault


@pytest.mark.parametrize("days_since", [0, 1, 9], ids=["at once", "shorter", "longer again"])
def test_an_older_copy_that_was_put_back_shows_against_the_head_alone(office, instance, tmp_path, days_since):
    live(office, 2)
    office.session.close()
    with copied(instance, tmp_path / "older") as older, opened(older) as rolled_back:
        live(office, 3, first=2)
        head = anchoring.head(office, now=NOW)
        live(rolled_back, days_since, first=20)
        assert anchoring.verify(rolled_back).fault == ""
        assert anchoring.verify(rolled_back, [head]).fault


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET actor = 'somebody' WHERE number = 9",
        "DELETE FROM journal WHERE number = 9",
        "UPDATE journal SET number = -number WHERE number = 9",
    ],
    ids=["edited", "deleted", "moved"],
)
def test_a_chain_computed_anew_shows_against_the_head_alone(office, instance, kept, statement):
    written_anew(office, instance, statement)
    assert anchoring.verify(office).fault == ""
    assert "written anew" in anchoring.verify(office, [kept]).fault


def test_a_change_after_the_head_was_printed_shows_only_against_a_later_head(office, instance, kept):
    later = anchoring.head(office, now=NOW)
    written_anew(office, instance, f"UPDATE journal SET actor = 'somebody' WHERE number = {kept.lines + 1}")
    assert anchoring.verify(office, [kept]).fault == ""
    assert anchoring.verify(office, [kept, later]).fault


def test_editions_that_were_removed_show_against_their_number(office, kept):
    more = dataclasses.replace(kept, editions=kept.editions + 1)
    assert "Some were removed" in anchoring.verify(office, [more]).fault


def test_a_head_tells_its_keeper_nothing_of_what_came_today(office):
    """Seen before: the number of all cases, at once, to the accused who keeps the heads."""
    before = anchoring.head(office, now=NOW)
    arrives(office, now=NOW)
    assert anchoring.head(office, now=NOW) == before


@pytest.fixture
def arrived(office):
    """A concern whose day is over, with a message of its holder; then another one came."""
    sent = [arrives(office, now=NOW - timedelta(days=3)) for _ in range(3)]
    returning.write(
        office, sent[0].receipt, "More of it.", token=press.new_token(), now=NOW - timedelta(days=2)
    )
    journal.close_the_day(office, now=NOW)
    head = anchoring.head(office, now=NOW)
    arrives(office, now=NOW)
    assert anchoring.verify(office, [head]).fault == ""
    return sent[0].reference


def arrives(office, *, now):
    submission = Submission("whistleblowing", "anonymous", (Answer("What happened?", "Something."),))
    return submitting.receive(office, submission, token=press.new_token(), now=now)


def forget_case(instance, reference: str) -> None:
    with by_hand(instance) as connection:
        (case_id,) = connection.execute("SELECT id FROM cases WHERE reference = ?", (reference,)).fetchone()
        for table, columns in tables_of(instance).items():
            if "case_id" in columns and table != "journal":
                connection.execute(f"DELETE FROM {table} WHERE case_id = ?", (case_id,))
        connection.execute("DELETE FROM cases WHERE id = ?", (case_id,))


def test_a_case_that_was_removed_shows_whatever_came_after_it(office, instance, arrived):
    """The next case to come made the numbers right again, and the journal was not asked."""
    office.session.close()
    forget_case(instance, arrived)
    assert "It is not there any more" in anchoring.verify(office).fault


def test_words_of_a_holder_that_were_removed_show(office, instance, arrived):
    office.session.close()
    with by_hand(instance) as connection:
        connection.execute("DELETE FROM records WHERE kind = 'message'")
    assert "words that a holder wrote" in anchoring.verify(office).fault


def test_a_case_that_was_put_in_shows(office, instance, arrived):
    office.session.close()
    with by_hand(instance) as connection:
        connection.execute("CREATE TEMP TABLE one AS SELECT * FROM cases LIMIT 1")
        connection.execute(
            "UPDATE one SET id = 'f' || substr(id, 2), reference = 'ZZZ-ZZZZ', journalled = true"
        )
        connection.execute("INSERT INTO cases SELECT * FROM one")
    assert "knows nothing of the arrival of case ZZZ-ZZZZ" in anchoring.verify(office).fault

"""The journal shows an edit, a deletion and a reordering, and does not tell who came first."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from intake import database
from intake.models import Case, Envelope, JournalLine
from intake.services.ground import journal
from intake.services.ground.refusals import NotStored
from tests import officers
from tests.actors import MONDAY, send
from tests.by_hand import by_hand

WRITTEN_SINCE_THE_FIRST_DAY = """
acknowledge allocated classified close created disabled entered extend figures-published grant-refused grant-removed
granted holder-wrote invited joined key-agrees key-differs note notice-failed open-next-stage opened-identity
password-changed pause-clock read received reclassify record recording-began recording-ended refuse-next-stage
register-imported reopen respond restored resume-clock second-factor-from-the-future set-date set-up set-up-again
signed-in signed-out step-taken steps-taken-back summarised take-up-again taken-in theme-added theme-merged
theme-renamed vault-made vault-recorded vault-rotated withdraw write
"""


@pytest.fixture
def busy(office, monitoring_officer):
    """An office with a few lines in its journal."""
    for number in range(5):
        ref = send(office, "whistleblowing").reference
        officers.allocate(
            office,
            monitoring_officer,
            ref,
            monitoring_officer.id,
            revision=1,
            now=MONDAY + timedelta(hours=number),
        )
    office.session.rollback()
    assert journal.verify(office).fault == ""
    return office


def tamper(instance, *statements):
    with by_hand(instance) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.mark.parametrize(
    "statements",
    [
        ["UPDATE journal SET actor = 'somebody' WHERE number = 9"],
        ["UPDATE journal SET at = '2020-01-01 00:00:00.000000' WHERE number = 9"],
        ["UPDATE journal SET detail = '{}' WHERE number = 3"],
        ["DELETE FROM journal WHERE number = 9"],
        [
            "UPDATE journal SET number = 999 WHERE number = 9",
            "UPDATE journal SET number = 9 WHERE number = 10",
            "UPDATE journal SET number = 10 WHERE number = 999",
        ],
        ["DELETE FROM journal WHERE number = 9", "UPDATE journal SET number = number - 1 WHERE number > 9"],
    ],
    ids=["actor", "time", "detail", "deleted", "swapped", "closed up"],
)
def test_tampering_shows(busy, instance, statements):
    tamper(instance, *statements)
    assert journal.verify(busy).fault


def test_a_cut_off_end_shows_against_a_copy_of_the_head(busy, instance):
    before = journal.verify(busy)
    tamper(instance, f"DELETE FROM journal WHERE number = {before.lines}")
    after = journal.verify(busy)
    assert after.fault == ""
    assert (after.lines, after.head) != (before.lines, before.head)


def test_arrivals_are_entered_when_their_day_is_over_in_the_order_of_random_keys(office):
    for _ in range(8):
        send(office, "whistleblowing")
    journal.enter_the_day(office, now=MONDAY + timedelta(hours=3))
    received = select(JournalLine).where(JournalLine.act == "received").order_by(JournalLine.number)
    assert office.session.scalars(received).all() == []
    assert journal.enter_the_day(office, now=MONDAY + timedelta(days=1)) == 8
    lines = office.session.scalars(received).all()
    assert [line.case_id for line in lines] == sorted(office.session.scalars(select(Case.id)))
    assert {line.at.time().isoformat() for line in lines} == {"00:00:00"}
    assert journal.enter_the_day(office, now=MONDAY + timedelta(days=1)) == 0


@pytest.mark.sqlite
def test_when_the_day_is_over_the_file_itself_does_not_tell_who_came_first(office, instance):
    """Where each row lies follows from the keys alone: written anew once more, nothing moves."""
    for _ in range(40):
        send(office, "whistleblowing")
    cases = office.session.scalars(select(Envelope).order_by(Envelope.keyholder, Envelope.case_id)).all()
    tails = [envelope.sealed[-24:] for envelope in cases]
    office.session.rollback()

    def places() -> list[tuple[int, int]]:
        """For each row, which of the table's pages it lies on, and where on the page."""
        office.session.close()
        file = (instance / "intake.db").read_bytes()
        assert [file.count(tail) for tail in tails] == [1] * len(tails)
        size = int.from_bytes(file[16:18], "big")  # bytes of a page
        found = [divmod(file.index(tail), size) for tail in tails]
        pages = sorted({page for page, _ in found})
        return [(pages.index(page), place) for page, place in found]

    assert journal.close_the_day(office, now=MONDAY + timedelta(days=1)) == 40
    in_the_evening = places()
    database.rewrite(office.session.get_bind())
    assert places() == in_the_evening


def test_a_rewrite_that_finds_no_room_is_tried_again_and_nothing_is_entered_before(office, monkeypatch):
    send(office, "whistleblowing")
    later = MONDAY + timedelta(days=1)

    def no_room(*_):
        raise NotStored

    monkeypatch.setattr(journal, "hide_order", no_room)
    with pytest.raises(NotStored):
        journal.close_the_day(office, now=later)
    monkeypatch.undo()
    assert journal.close_the_day(office, now=later) == 1
    assert journal.close_the_day(office, now=later) == 0


def test_every_act_has_a_word_of_its_own_that_stays_and_words_for_people():
    assert len({str(act) for act in journal.Act}) == len(journal.Act)
    for act in journal.Act:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", act), "a word in the lines"
        assert len(act) <= JournalLine.act.type.length
        assert act.words[:1].isupper(), f"nobody can read what {act} means"
        assert journal.in_words(str(act)) == act.words


def test_a_word_of_another_version_is_shown_as_it_is():
    assert journal.in_words("weighed-by-an-auditor") == "weighed-by-an-auditor"


def test_the_words_of_the_lines_are_those_of_the_first_version():
    """What stands in a chained line is never written again: a word that changed would be two acts in one journal."""
    assert {str(act) for act in journal.Act} >= set(WRITTEN_SINCE_THE_FIRST_DAY.split())

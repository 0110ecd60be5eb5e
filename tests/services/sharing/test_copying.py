"""Copies for somebody else: what was taken out is not in them, the original stays, and nothing is made unseen."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from intake.database import reading
from intake.models import JournalLine, Record
from intake.services.cases import reaching
from intake.services.casework import case_page
from intake.services.ground import press, sealing
from intake.services.ground.journal import Act
from intake.services.ground.refusals import NotFound, Refused
from intake.services.holders import returning
from intake.services.sharing import choosing, copying
from intake.services.sharing.choosing import Marks
from tests import officers
from tests.actors import MONDAY, concern, send

TOLD = "Timesheets are signed by Dana Holt. I work nights with Dana Holt and nobody else. Ring me: 07700 900 123."
TAKEN = ("Dana Holt", "07700 900 123", "I work nights")


@pytest.fixture
def sent(office, monitoring_officer):
    sent = send(office, concern(words=TOLD))
    returning.write(office, sent.receipt, "Holt was there again.", token=press.new_token(), now=MONDAY)
    officers.note(office, monitoring_officer, sent.reference, "Pay office told.", token="n" * 40, now=MONDAY)
    return sent


MARKS = Marks(("sent-0", "message-0"), ("dana holt", "07700 900 123"), {"sent-0": frozenset({1})})


def made(office, who, sent, marks=MARKS, token="t" * 40, **more) -> int:
    _, parts = choosing.parts_of(office, who, sent.reference, now=MONDAY)
    told = {
        "seen": choosing.preview(office, parts, marks).print_,
        "for_whom": "Internal audit",
        "now": MONDAY,
    }
    told |= {"why": "To look at pay."} | more
    return copying.make(office, who, sent.reference, marks, token=token, **told)


def test_every_text_can_be_chosen_and_who_sent_it_never(office, monitoring_officer, sent):
    reference, parts = choosing.parts_of(office, monitoring_officer, sent.reference, now=MONDAY)
    assert reference == sent.reference
    assert [part.id for part in parts] == ["sent-0", "message-0", "note-0"]
    assert "Kofi Marsh" not in repr(parts)


def test_a_preview_tells_what_stays_what_goes_and_what_might_still_tell(office, monitoring_officer, sent):
    _, parts = choosing.parts_of(office, monitoring_officer, sent.reference, now=MONDAY)
    marks = Marks(("sent-0", "message-0"), ("dana holt", "somebody else"))
    shown = choosing.preview(office, parts, marks)
    assert shown.cuts[0].text == (
        "Timesheets are signed by [removed]. I work nights with [removed] and nobody else. Ring me: 07700 900 123."
    )
    assert "".join(piece.text for piece in shown.cuts[0].pieces) == TOLD
    assert [(one.text, one.what) for one in shown.suggestions] == [("07700 900 123", "Telephone number")]
    assert shown.nowhere == ("somebody else",)


def test_what_was_taken_out_is_in_no_copy_and_stands_beside_it_for_those_who_open_the_case(
    office, monitoring_officer, deputy, sent
):
    number = made(office, monitoring_officer, sent)
    copy = copying.one_of(office, deputy, sent.reference, number, now=MONDAY)
    assert (copy.for_whom, copy.why, copy.by) == (
        "Internal audit",
        "To look at pay.",
        monitoring_officer.name,
    )
    for one in TAKEN:
        assert one not in copy.plain
    assert "Timesheets are signed by [removed]. [removed] Ring me: [removed]." in copy.plain
    assert "".join(piece.text for piece in copy.parts[0].beside) == TOLD
    with reading(office.session):
        file = reaching.whole(office, deputy, sent.reference)
        (record,) = [record for record in file.records if record.kind == "copy"]
        said = json.dumps(sealing.read_record(file.key().for_purpose("casework"), record))
    assert not any(one in said for one in TAKEN)
    page = case_page.open_case(office, deputy, sent.reference, now=MONDAY)
    assert page.words[0].answer == TOLD
    assert Act.COPY_MADE.words in [entry.text for entry in page.timeline]


def test_that_it_was_made_is_a_line_and_the_same_press_is_one_copy(office, monitoring_officer, sent):
    assert [made(office, monitoring_officer, sent) for _ in range(2)] == [0, 0]
    assert made(office, monitoring_officer, sent, token="u" * 40) == 1
    with reading(office.session):
        lines = office.session.scalars(select(JournalLine).where(JournalLine.act == Act.COPY_MADE)).all()
        assert len(lines) == 2
        kept = office.session.scalars(select(Record).where(Record.kind == "copy")).all()
        assert len(kept) == 2


def test_what_was_not_looked_at_is_not_made(office, monitoring_officer, sent):
    with pytest.raises(copying.LookAgain):
        made(office, monitoring_officer, sent, seen="0" * 64)
    assert copying.of_case(office, monitoring_officer, sent.reference, now=MONDAY) == ()


def test_a_copy_stays_as_it_was_whatever_is_written_since(office, monitoring_officer, sent):
    number = made(office, monitoring_officer, sent)
    before = copying.one_of(office, monitoring_officer, sent.reference, number, now=MONDAY)
    later = MONDAY + timedelta(days=1)
    returning.write(office, sent.receipt, "More.", token=press.new_token(), now=later)
    assert copying.one_of(office, monitoring_officer, sent.reference, number, now=later) == before


@pytest.mark.parametrize(
    ("typed", "why"),
    [("a", "too short"), ("-\n", "too short"), ("xy\n" * 1 + "\n".join(map(str, range(100, 700))), "500")],
)
def test_words_that_cannot_be_taken_out_are_refused_in_words(typed, why):
    with pytest.raises(Refused, match=why):
        choosing.words_in(typed)


def test_a_copy_of_nothing_is_refused(office, monitoring_officer, sent):
    with pytest.raises(Refused, match="at least one text"):
        made(office, monitoring_officer, sent, marks=Marks(("sent-9",)))


def test_nobody_copies_what_is_not_theirs(office, sent, officer, alternate, senior_officer, auditor):
    for who in (officer, alternate, senior_officer, auditor):
        with pytest.raises(NotFound):
            copying.of_case(office, who, sent.reference, now=MONDAY)
        with pytest.raises(NotFound):
            made(office, who, sent)

"""What a holder asks for: the next stage, to withdraw, other details; and what officers and the holder read of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from intake.demonstration.living import PASSWORD
from intake.models import Case, DeadlineRow, JournalLine, Record, StepRow
from intake.procedures import moves
from intake.services.cases.words import Answer
from intake.services.casework import acting, case_page, identity
from intake.services.ground import journal
from intake.services.ground.refusals import CaseClosedToMessages, Refused
from intake.services.holders import asking, returning
from intake.services.people import lines
from intake.services.tick import escalation
from tests import officers
from tests.actors import MONDAY, concern, send

DAY = timedelta(days=1)
FRIDAY = MONDAY + 4 * DAY
TOKEN = "t" * 40


@pytest.fixture
def answered(office, officer):
    """Joyce Pell's complaint, answered on the Monday on which it came, and closed."""
    sent = send(office, name="Joyce Pell")
    ref = sent.reference
    officers.allocate(office, officer, ref, officer.id, revision=1, now=MONDAY)
    officers.acknowledge(office, officer, ref, "We have it.", revision=2, now=MONDAY)
    officers.respond(office, officer, ref, "not-upheld", "No.", "", revision=3, now=MONDAY)
    officers.close(office, officer, ref, "Answered.", revision=4, now=MONDAY)
    return sent


def seen(office, sent, now: datetime = FRIDAY):
    return returning.open_case(office, sent.receipt, now=now)


def page_of(office, officer, sent, now: datetime = FRIDAY):
    return case_page.open_case(office, officer, sent.reference, now=now)


def row(office, sent) -> Case:
    office.session.rollback()
    return office.session.scalars(select(Case).where(Case.reference == sent.reference)).one()


def test_the_next_stage_is_asked_for_once_and_its_dates_run_before_anybody_opens_it(
    office, officer, answered
):
    for _ in range(2):
        asking.ask_for_next_stage(office, answered.receipt, "Missed again.", token=TOKEN, now=FRIDAY)
    with pytest.raises(Refused, match="already"):
        asking.ask_for_next_stage(office, answered.receipt, "And again.", token="u" * 40, now=FRIDAY)
    case = row(office, answered)
    assert (case.closed_on, case.stage, case.stage_asked_on) == (None, "stage-1", FRIDAY.date())
    assert (case.next_deadline, case.next_due) == ("stage-2-acknowledgement", date(2026, 6, 12))
    of_stage_2 = office.session.scalars(
        select(StepRow.due).where(StepRow.case_id == case.id, StepRow.deadline == "stage-2-acknowledgement")
    ).all()
    assert date(2026, 6, 12) in of_stage_2  # whoever sleeps on it is woken
    told = seen(office, answered)
    assert told.next_stage is None
    assert [(one.on, one.what) for one in told.asked] == [(FRIDAY.date(), "Stage 2: review")]
    assert "12 June 2026" in told.asked[0].answer
    assert "You asked for the next stage on 5 June 2026" in told.state
    assert [message.text for message in told.messages].count("Missed again.") == 1


def test_an_officer_opens_it_later_and_it_counts_from_the_day_on_which_it_was_asked_for(
    office, officer, answered
):
    asking.ask_for_next_stage(office, answered.receipt, "Missed again.", token=TOKEN, now=FRIDAY)
    later = FRIDAY + 5 * DAY
    page = page_of(office, officer, answered, later)
    assert (page.waits_for, page.stage_asked_on) == ("Request for the next stage", FRIDAY.date())
    assert "stage-2-response" in {view.deadline.id for view in page.deadlines}
    ref, revision = answered.reference, page.revision
    assert "close" not in {offer.act for offer in page.offers}
    with pytest.raises(Refused, match="before you close"):
        officers.close(office, officer, ref, "Old.", revision=revision, now=later)
    with pytest.raises(Refused, match="5 June 2026"):
        officers.open_next_stage(office, officer, ref, later.date(), "", revision=revision, now=later)
    officers.open_next_stage(office, officer, ref, None, "", revision=revision, now=later)
    case = row(office, answered)
    assert (case.stage, case.stage_asked_on, case.handler_id) == ("stage-2", None, None)
    due = office.session.scalar(
        select(DeadlineRow.due).where(
            DeadlineRow.case_id == case.id, DeadlineRow.deadline == "stage-2-acknowledgement"
        )
    )
    assert due == date(2026, 6, 12)
    told = seen(office, answered, later)
    assert told.asked[0].answer.startswith("We opened it.")
    assert told.state == "“Stage 2: review” is open. Nobody has been asked to work on it yet."
    assert not page_of(office, officer, answered, later).message_waiting


def test_an_officer_refuses_it_and_the_holder_reads_where_to_go(office, officer, answered):
    asking.ask_for_next_stage(office, answered.receipt, "Missed again.", token=TOKEN, now=FRIDAY)
    revision = page_of(office, officer, answered).revision
    move = moves.RefuseNextStage(FRIDAY.date(), "We have nothing to add.")
    acting.do(office, officer, answered.reference, move, revision=revision, now=FRIDAY)
    case = row(office, answered)
    assert (case.stage_asked_on, case.next_due) == (None, None)
    told = seen(office, answered)
    assert "refused it on 5 June 2026" in told.asked[0].answer
    assert told.ombudsman
    assert told.next_stage is None  # to open it after all is the officers' decision
    with pytest.raises(Refused, match="refused"):
        asking.ask_for_next_stage(office, answered.receipt, "Please.", token="u" * 40, now=FRIDAY)


def test_a_request_is_taken_back_and_made_again(office, officer, answered):
    asking.ask_for_next_stage(office, answered.receipt, "Missed again.", token=TOKEN, now=FRIDAY)
    for _ in range(2):
        kind = asking.withdraw(office, answered.receipt, "", token="b" * 40, now=FRIDAY)
        assert kind == asking.TAKE_BACK
    case = row(office, answered)
    assert (case.stage_asked_on, case.next_due, case.closed_on) == (None, None, None)
    told = seen(office, answered)
    assert told.messages[-1].heading == "You have taken back your request"
    assert [one.answer for one in told.asked] == [
        "Done the same day: our answer stands.",
        "You took it back.",
    ]
    assert not told.may_withdraw
    asking.ask_for_next_stage(office, answered.receipt, "After all.", token="c" * 40, now=FRIDAY + DAY)
    told = seen(office, answered, FRIDAY + DAY)
    assert told.asked[0].answer.startswith("We open it")
    assert told.asked[-1].answer == "You took it back."
    revision = page_of(office, officer, answered).revision
    officers.open_next_stage(
        office, officer, answered.reference, None, "", revision=revision, now=FRIDAY + DAY
    )
    told = seen(office, answered, FRIDAY + DAY)
    assert told.asked[0].answer.startswith("We opened it")
    assert told.asked[-1].answer == "You took it back."


def test_a_request_that_nobody_looks_at_is_escalated(office, answered):
    asking.ask_for_next_stage(office, answered.receipt, "Missed again.", token=TOKEN, now=FRIDAY)
    escalation.run(office, now=FRIDAY + 20 * DAY)
    assert row(office, answered).escalation == 4


def test_whoever_withdraws_a_childs_complaint_is_confirmed_in_writing_at_once(office, officer):
    sent = send(office, "children-statutory", name="Sam Ash")
    assert seen(office, sent).may_withdraw
    for _ in range(2):
        kind = asking.withdraw(office, sent.receipt, "It is settled.", token=TOKEN, now=FRIDAY)
        assert kind == asking.WITHDRAW
    told = seen(office, sent)
    assert [(m.ours, m.heading) for m in told.messages] == [
        (False, "I withdraw this"),
        (True, "You have withdrawn this"),
    ]
    assert told.closed_on == FRIDAY.date()
    assert [line.text for line in told.history] == ["Received", "Withdrawn by whoever sent it"]
    assert told.dates == ()
    assert not told.may_withdraw
    page = page_of(office, officer, sent)
    assert page.waits_for == "I withdraw this"
    assert [line.text for line in page.timeline][-1] == "Withdrawn by whoever sent it"
    returning.write(office, sent.receipt, "I did not mean to.", token="v" * 40, now=FRIDAY)
    officers.reopen(
        office, officer, sent.reference, "Pressed in error.", revision=row(office, sent).revision, now=FRIDAY
    )
    assert seen(office, sent).dates


def test_nothing_of_a_withdrawal_tells_the_minute(office):
    sent = send(office, name="Joyce Pell")
    asking.withdraw(office, sent.receipt, "", token=TOKEN, now=FRIDAY.replace(hour=14, minute=7))
    case = row(office, sent)
    asked = select(JournalLine).where(JournalLine.case_id == case.id)
    assert office.session.scalars(asked).all() == []
    office.session.rollback()
    journal.enter_the_day(office, now=FRIDAY + DAY)
    lines = office.session.scalars(asked.order_by(JournalLine.number)).all()
    assert [(line.act, line.at.hour, line.at.minute) for line in lines] == [
        ("received", 0, 0),
        ("holder-wrote", 0, 0),
    ]


def test_what_was_answered_and_closed_can_neither_be_withdrawn_nor_written_to(office, answered):
    assert not seen(office, answered).may_withdraw
    with pytest.raises(Refused):
        asking.withdraw(office, answered.receipt, "", token=TOKEN, now=FRIDAY)
    with pytest.raises(CaseClosedToMessages):
        returning.write(office, answered.receipt, "And?", token=TOKEN, now=FRIDAY)


def test_a_concern_is_not_withdrawn_by_its_receipt_and_its_wish_is_not_read_back(office, monitoring_officer):
    sent = send(office, concern())
    for _ in range(2):
        kind = asking.withdraw(office, sent.receipt, "I am afraid.", token=TOKEN, now=FRIDAY)
        assert kind == asking.WISH
    told = seen(office, sent)
    assert (told.closed_on, told.asked) == (None, ())
    assert [(m.heading, m.text) for m in told.messages] == [("", None)]
    page = page_of(office, monitoring_officer, sent)
    assert page.waits_for == "I do not want this taken further"
    assert page.messages[-1].text == "I am afraid."


def test_details_are_corrected_and_the_old_ones_kept_beside_them(office, officer):
    sent = send(office, name="Joyce Pell")
    changed = asking.Details((Answer("Name", "Joyce Bell"), Answer("E-mail address", "j@mail.example")))
    for _ in range(2):
        asking.correct_details(office, sent.receipt, changed, token=TOKEN, now=FRIDAY)
    page = page_of(office, officer, sent)
    assert [(said.question, said.answer) for said in page.identity] == [
        ("Name", "Joyce Bell"),
        ("E-mail address", "j@mail.example"),
        ("Name, until 5 June 2026", "Joyce Pell"),
    ]
    assert page.waits_for == "I corrected my details"
    returning.write(office, sent.receipt, "And?", token="w" * 40, now=FRIDAY + DAY)
    assert page_of(office, officer, sent).waits_for == "I corrected my details"
    officers.write(office, officer, sent.reference, "Thank you.", token="o" * 40, now=FRIDAY + DAY)
    assert page_of(office, officer, sent).waits_for == ""
    told = seen(office, sent)
    assert "Bell" not in repr(told)
    assert told.asked[0].what == "I corrected my details"
    assert row(office, sent).level == "named"
    assert len(office.session.scalars(select(Record).where(Record.kind == "identity")).all()) == 2


def test_whoever_gave_no_name_gives_it_later_in_confidence(office, officer, monitoring_officer):
    sent = send(office, "corporate")
    asking.correct_details(
        office, sent.receipt, asking.Details((Answer("Your name", "Vera Lind"),)), token=TOKEN, now=FRIDAY
    )
    page = page_of(office, officer, sent)
    assert (page.level, page.identity, page.identity_sealed) == ("confidential", None, True)
    assert not seen(office, sent).unnamed
    assert seen(office, sent).handler_name is None


def test_a_later_name_of_a_concern_opens_with_a_reason_alone(office, monitoring_officer):
    sent = send(office, concern(level="anonymous", identity=()))
    asking.correct_details(
        office, sent.receipt, asking.Details((Answer("Your name", "Kofi Marsh"),)), token=TOKEN, now=FRIDAY
    )
    page = page_of(office, monitoring_officer, sent)
    assert page.identity_sealed
    assert "Kofi" not in repr(page)
    told = identity.open_identity(
        office, monitoring_officer, sent.reference, "To ask for more.", PASSWORD, now=FRIDAY
    )
    assert told == (Answer("Your name", "Kofi Marsh"),)


def test_a_date_that_was_moved_carries_the_reason_of_the_letter(office, officer):
    sent = send(office, name="Joyce Pell")
    officers.allocate(office, officer, sent.reference, officer.id, revision=1, now=MONDAY)
    officers.acknowledge(office, officer, sent.reference, "We have it.", revision=2, now=MONDAY)
    officers.extend(
        office,
        officer,
        sent.reference,
        "stage-1-response",
        date(2026, 6, 22),
        "We wait for the depot.\n\nIt is closed this week.",
        revision=3,
        now=MONDAY,
    )
    told = seen(office, sent)
    why = "We wait for the depot.\n\nIt is closed this week."
    assert told.dates[0].why == (f"We moved it to 22 June 2026: {why}",)
    assert told.history[-1].why == why


def test_the_direct_line_is_told_for_named_complaints_alone(office, officer, monitoring_officer):
    named, confidential = send(office, name="Joyce Pell"), send(office, name="Sam Ash", level="confidential")
    for sent in (named, confidential):
        officers.allocate(office, officer, sent.reference, officer.id, revision=1, now=MONDAY)
    lines.say(office, officer, "", "01632 960 123", now=MONDAY)
    assert (seen(office, named).handler_name, seen(office, named).line) == ("Maya Okafor", "01632 960 123")
    assert (seen(office, confidential).handler_name, seen(office, confidential).line) == (None, "")
    sent = send(office, concern())
    revision = row(office, sent).revision
    officers.allocate(
        office, monitoring_officer, sent.reference, monitoring_officer.id, revision=revision, now=MONDAY
    )
    assert (seen(office, sent).handler_name, seen(office, sent).line) == (None, "")
    theirs = send(office, concern(named=("unsure",)))
    published = replace(office, settings=replace(office.settings, monitoring_officer_line="01632 960 999"))
    assert seen(published, sent).line == "01632 960 999"
    assert seen(published, theirs).line == ""


def test_details_from_a_page_that_was_open_when_the_case_was_closed_are_refused_like_any_message(
    office, answered
):
    told = asking.Details((Answer("Your name", "Joyce Bell"),))
    with pytest.raises(CaseClosedToMessages):
        asking.correct_details(office, answered.receipt, told, token=TOKEN, now=FRIDAY)
    assert row(office, answered).holder_wrote_on is None


def test_what_cannot_be_asked_for_is_told_in_words_for_its_holder(office, answered):
    """And not in those of the officers, who could reopen or answer it."""
    sent = send(office, name="Joyce Pell")
    raised = send(office, concern())
    refused = "not before", "no next stage", "already", "nothing to withdraw"
    asking_for = (
        lambda: asking.ask_for_next_stage(office, sent.receipt, "Now.", token="1" * 40, now=FRIDAY),
        lambda: asking.ask_for_next_stage(office, raised.receipt, "Now.", token="2" * 40, now=FRIDAY),
        lambda: [
            asking.withdraw(office, sent.receipt, "", token=token * 40, now=FRIDAY) for token in ("3", "4")
        ],
        lambda: asking.withdraw(office, answered.receipt, "", token="5" * 40, now=FRIDAY),
    )
    for words, ask in zip(refused, asking_for, strict=True):
        with pytest.raises(Refused, match=words) as told:
            ask()
        assert "eopen it" not in str(told.value)
        assert "nswer it" not in str(told.value)

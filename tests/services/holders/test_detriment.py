"""Some months after a concern was closed its sender says whether speaking up did them harm."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from intake.database import reading
from intake.models import Case, Envelope, Record
from intake.services.access import parting
from intake.services.casework import acting, case_page
from intake.services.desk import lists
from intake.services.ground import sealing
from intake.services.ground.refusals import CaseClosedToMessages, NotFound, Refused
from intake.services.holders import detriment, returning
from intake.services.people import grants
from tests import officers
from tests.actors import MONDAY, complaint, concern, send
from tests.offices import open_office
from tests.services.access.story import revision

LATER = datetime(2026, 9, 2, 10, 0, tzinfo=UTC)  # three months after it was closed, and a day
HARM = "My shifts were cut the week after."


def closed(office, officer, what=None):
    """Somebody's concern, closed on the day on which it came."""
    sent = send(office, what or concern())
    told = {"now": MONDAY}
    officers.acknowledge(office, officer, sent.reference, "Thank you.", revision=1, **told)
    officers.respond(office, officer, sent.reference, "advice-only", "We looked.", "So.", revision=2, **told)
    officers.close(office, officer, sent.reference, "Done.", revision=3, **told)
    return sent


@pytest.fixture
def sent(office, monitoring_officer):
    return closed(office, monitoring_officer)


def answer(office, sent, *, suffered=True, text=HARM, token="a" * 43, now=LATER):
    return detriment.answer(office, sent.receipt, suffered=suffered, text=text, token=token, now=now)


def test_it_is_asked_from_the_day_on_and_not_before_and_not_of_a_complaint(office, sent, officer):
    assert returning.open_case(office, sent.receipt, now=MONDAY).after is None
    assert returning.open_case(office, sent.receipt, now=LATER - timedelta(days=2)).after is None
    assert returning.open_case(office, sent.receipt, now=LATER).after.months == 3
    theirs = send(office, complaint())
    officers.withdraw(office, officer, theirs.reference, "They asked.", revision=1, now=MONDAY)
    assert returning.open_case(office, theirs.receipt, now=LATER).after is None
    with pytest.raises(Refused):
        answer(office, theirs)
    with pytest.raises(Refused, match="do not ask you this now"):
        answer(office, sent, now=MONDAY + timedelta(days=60))


def test_an_authority_that_asks_nobody_asks_nobody(office, sent):
    office = replace(office, settings=replace(office.settings, detriment_months=()))
    assert returning.open_case(office, sent.receipt, now=LATER).after is None


def test_yes_opens_a_concern_of_its_own_to_the_same_readers_that_names_the_first(
    office, sent, monitoring_officer
):
    opened = answer(office, sent)
    new = case_page.open_case(office, monitoring_officer, opened.reference, now=LATER)
    assert [(said.question, said.answer) for said in new.words] == [
        (detriment.WHAT_HAPPENED, HARM),
        (detriment.FOLLOWS, sent.reference),
    ]
    assert (new.procedure_id, new.level, new.received_on) == ("whistleblowing", "anonymous", LATER.date())
    first = case_page.open_case(office, monitoring_officer, sent.reference, now=LATER)
    said = first.messages[-1]
    assert (said.heading, said.asks, said.from_holder) == (detriment.SUFFERED, "detriment", True)
    assert opened.reference in said.text
    assert HARM not in said.text
    assert [one.answered_on for one in first.after] == [LATER.date(), None, None]
    assert first.message_waiting
    assert "news" in {notice.kind for notice in _notices(office, monitoring_officer)}


def _notices(office, officer):
    from intake.models import Notice

    return office.session.scalars(select(Notice).where(Notice.staff_id == officer.id)).all()


def test_a_concern_about_the_monitoring_officer_is_followed_by_one_that_they_cannot_open_either(
    office, alternate, monitoring_officer
):
    about = closed(office, alternate, concern(named=("monitoring-officer",)))
    opened = answer(office, about)
    holders = select(Envelope.keyholder).join(Case, Case.id == Envelope.case_id)
    found = office.session.scalars(holders.where(Case.reference == opened.reference)).all()
    assert set(found) == {sealing.vault_holder("whistleblowing-alternate")}
    assert case_page.open_case(office, alternate, opened.reference, now=LATER)
    with pytest.raises(NotFound):
        case_page.open_case(office, monitoring_officer, opened.reference, now=LATER)
    assert lists.desk(office, monitoring_officer, "open", now=LATER).lines == ()


def test_no_is_kept_with_the_first_case_and_opens_nothing(office, sent, monitoring_officer):
    assert answer(office, sent, suffered=False, text="All is well.") is None
    first = case_page.open_case(office, monitoring_officer, sent.reference, now=LATER)
    assert first.messages[-1].heading == detriment.NOTHING
    assert "All is well." in first.messages[-1].text
    assert office.session.scalars(select(Case.reference)).all() == [sent.reference]


def test_it_is_asked_again_at_the_next_interval_and_not_sooner(office, sent):
    answer(office, sent, suffered=False, text="")
    assert returning.open_case(office, sent.receipt, now=LATER + timedelta(days=60)).after is None
    with pytest.raises(Refused):
        answer(office, sent, token="b" * 43, now=LATER + timedelta(days=1))
    december = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
    assert returning.open_case(office, sent.receipt, now=december).after.months == 6
    assert answer(office, sent, token="c" * 43, now=december)


def test_the_same_press_twice_is_one_concern_with_one_receipt(office, sent):
    opened = answer(office, sent)
    assert answer(office, sent).receipt == opened.receipt
    assert len(office.session.scalars(select(Case.id)).all()) == 2
    assert len(_from_the_holder(office, sent)) == 1


def test_killed_between_the_two_the_same_press_finishes_it(office, sent, monkeypatch):
    def killed(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(detriment, "add", killed)
        with pytest.raises(KeyboardInterrupt):
            answer(office, sent)
    office.session.rollback()
    assert returning.open_case(office, sent.receipt, now=LATER).after, "it is still asked"
    opened = answer(office, sent)
    assert len(office.session.scalars(select(Case.id)).all()) == 2
    assert returning.open_case(office, opened.receipt, now=LATER).reference == opened.reference


def test_the_first_code_opens_nothing_of_the_new_concern_and_reads_no_answer_back(office, sent):
    """Whoever has found it may be the one who does the harm."""
    opened = answer(office, sent)
    seen = returning.open_case(office, sent.receipt, now=LATER)
    for told in (HARM, opened.reference, opened.receipt, "harmed"):
        assert told not in json.dumps(vars(seen), default=str)
    assert seen.messages[-1].text is None
    assert seen.after is None


def test_whether_it_was_yes_or_no_and_to_what_it_led_stands_nowhere_in_clear(office, monitoring_officer):
    """The row beside a yes and that beside a no are alike but for the bytes, and none tells who was asked."""
    yes, no = (closed(office, monitoring_officer) for _ in range(2))
    opened = answer(office, yes)
    answer(office, no, suffered=False, text="")
    rows = [row for one in (yes, no) for row in _from_the_holder(office, one)]
    assert len(rows) == 2
    shapes = {(row.written_on, row.written_by, len(row.sealed), row.journalled) for row in rows}
    assert shapes == {(LATER.date(), "holder", len(rows[0].sealed), False)}
    assert all(opened.reference.encode() not in row.sealed for row in rows)


def test_a_closed_concern_takes_no_other_words(office, sent):
    with pytest.raises(CaseClosedToMessages):
        returning.write(office, sent.receipt, "More.", token="d" * 43, now=LATER)


def test_the_officer_marks_the_answer_as_read_on_the_closed_case(office, sent, monitoring_officer):
    answer(office, sent, suffered=False, text="")
    assert sent.reference in {
        line.reference for line in lists.desk(office, monitoring_officer, "waiting", now=LATER).lines
    }
    acting.mark_read(office, monitoring_officer, sent.reference, now=LATER)
    assert not case_page.open_case(office, monitoring_officer, sent.reference, now=LATER).message_waiting


def _from_the_holder(office, sent) -> list[Record]:
    case_id = office.session.scalar(select(Case.id).where(Case.reference == sent.reference))
    messages = sealing.records(office.session, case_id, "message")
    return [one for one in messages if one.written_by == "holder"]


def test_what_follows_goes_to_whoever_holds_the_first_one_and_to_nobody_else(office, monitoring_officer):
    """The monitoring officer stood aside; the deputy in an office apart goes on, and hears what followed."""
    deputy = open_office(office, "deputy-monitoring-officer")
    grants.remove_grant(office, "whistleblowing", "deputy@demonstration.example", now=MONDAY)
    sent = closed(office, monitoring_officer)
    told = {"revision": revision(office, sent.reference), "now": MONDAY}
    parting.stand_aside(office, monitoring_officer, sent.reference, "She is my sister.", **told)
    opened = answer(office, sent)
    assert case_page.open_case(office, deputy, opened.reference, now=LATER).words
    with reading(office.session):
        case = select(Case.id).where(Case.reference == opened.reference).scalar_subquery()
        held = set(office.session.scalars(select(Envelope.keyholder).where(Envelope.case_id == case)))
    assert held == {"vault:whistleblowing-deputy"}

"""Who opened a case and who sent it: each opening is a line and a sealed reason, and what is missing is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from intake.database import reading
from intake.demonstration.living import PASSWORD
from intake.models import JournalLine, Record, Staff
from intake.services.cases import reaching
from intake.services.casework import case_page
from intake.services.casework.identity import HEADING, open_identity
from intake.services.ground import journal, sealing
from intake.services.ground.refusals import NotFound, NotStored, SignInRefused
from intake.services.holders import answering, returning
from intake.services.instance import anchoring
from intake.services.journal import lines, openings
from intake.vault import second_factor
from intake.vault.keys import PasswordLock
from tests.actors import MONDAY, complaint, concern, send
from tests.by_hand import by_hand
from tests.services.rerouting import story

WHY = "To meet them, away from the office."


@pytest.fixture
def sent(office):
    return send(office, concern())


def opens(office, who, sent, why=WHY, *, now=MONDAY, **more):
    return open_identity(office, who, sent.reference, why, PASSWORD, now=now, **more)


def test_the_ledger_tells_who_opened_it_when_and_why_the_newest_first(
    office, monitoring_officer, deputy, sent
):
    opens(office, monitoring_officer, sent)
    opens(office, deputy, sent, "She is ill.", now=MONDAY + timedelta(hours=2))
    told = openings.of_case(office, monitoring_officer, sent.reference)
    assert [(one.who, one.why, one.at, one.fault) for one in told.openings] == [
        (deputy.name, "She is ill.", MONDAY + timedelta(hours=2), ""),
        (monitoring_officer.name, WHY, MONDAY, ""),
    ]
    page = case_page.open_case(office, deputy, sent.reference, now=MONDAY)
    assert [note.text for note in page.notes] == [WHY, "She is ill."]
    assert anchoring.openings(office) == []


def test_who_came_to_read_a_concern_is_a_line_once_a_day_and_person(office, monitoring_officer, deputy, sent):
    for hours in (0, 1, 5, 24, 25):
        for who in (monitoring_officer, deputy):
            case_page.open_case(office, who, sent.reference, now=MONDAY + timedelta(hours=hours))
    told = openings.of_case(office, deputy, sent.reference).readings
    assert [(one.who, one.on.day) for one in told] == [
        (deputy.name, 2),
        (monitoring_officer.name, 2),
        (deputy.name, 1),
        (monitoring_officer.name, 1),
    ]


def test_a_complaint_is_read_without_a_line(office, officer):
    ours = send(office, complaint())
    case_page.open_case(office, officer, ours.reference, now=MONDAY)
    assert openings.of_case(office, officer, ours.reference).readings == ()


def test_a_concern_is_not_shown_while_the_line_cannot_be_written(
    office, monitoring_officer, sent, monkeypatch
):
    """Nothing is given out before it is on disk."""

    def no_room(*_, **__):
        raise NotStored

    monkeypatch.setattr(journal, "tell_once_a_day", no_room)
    with pytest.raises(NotStored):
        case_page.open_case(office, monitoring_officer, sent.reference, now=MONDAY)
    monkeypatch.undo()
    assert case_page.open_case(office, monitoring_officer, sent.reference, now=MONDAY).words


def test_the_ledger_of_a_case_that_is_not_theirs_is_not_there(
    office, sent, officer, manager, alternate, senior_officer, auditor
):
    for who in (officer, manager, alternate, senior_officer, auditor):
        with pytest.raises(NotFound):
            openings.of_case(office, who, sent.reference)


def test_a_reason_that_was_removed_is_told_in_the_ledger_and_by_a_check(
    office, instance, monitoring_officer, sent
):
    opens(office, monitoring_officer, sent)
    office.session.close()
    with by_hand(instance) as connection:
        connection.execute("DELETE FROM records WHERE kind = 'opening'")
    (told,) = openings.of_case(office, monitoring_officer, sent.reference).openings
    assert told.fault == openings.NO_REASON
    (fault,) = anchoring.openings(office)
    assert "somebody removed it" in fault


def test_a_line_that_was_removed_is_told_in_the_ledger_and_by_a_check(
    office, instance, monitoring_officer, sent
):
    opens(office, monitoring_officer, sent)
    office.session.close()
    with by_hand(instance) as connection:
        connection.execute("DELETE FROM journal WHERE act = 'opened-identity'")
    (told,) = openings.of_case(office, monitoring_officer, sent.reference).openings
    assert (told.at, told.why, told.fault) == (None, WHY, openings.NO_LINE)
    (fault,) = anchoring.openings(office)
    assert "knows nothing" in fault


def test_openings_of_earlier_versions_are_paired_by_day_and_person(
    office, instance, monitoring_officer, sent
):
    """Their reasons lie among those of other acts, and their lines name no place."""
    opens(office, monitoring_officer, sent)
    with reading(office.session):
        file = reaching.whole(office, monitoring_officer, sent.reference)
        content = {"act": "opened-identity", "text": "Before."}
        key = file.key().for_purpose("casework")
        row = sealing.record_row(
            key, file.case.id, "reason", content, place=9, on=office.today(MONDAY), by=monitoring_officer.id
        )
        case_id = file.case.id
    office.session.add(Record(**row))
    office.session.commit()
    office.session.close()
    with by_hand(instance) as connection:
        connection.execute("DELETE FROM records WHERE kind = 'opening' AND case_id = ?", (case_id,))
        connection.execute("UPDATE journal SET detail = '{}' WHERE act = 'opened-identity'")
    (told,) = openings.of_case(office, monitoring_officer, sent.reference).openings
    assert (told.why, told.fault) == ("Before.", "")
    assert anchoring.openings(office) == []


def test_a_complaint_that_became_a_concern_brings_its_openings_along(
    office, officer, manager, monitoring_officer
):
    sent = send(office, complaint(level="confidential"))
    opens(office, officer, sent)
    reference = story.rerouted(office, manager, sent)
    (told,) = openings.of_case(office, monitoring_officer, reference).openings
    assert (told.who, told.why, told.fault) == (officer.name, WHY, "")
    assert anchoring.openings(office) == []


def test_a_concern_that_became_a_complaint_tells_not_who_had_opened_it(office, alternate, officer):
    """Who it was would tell that it was about the monitoring officer."""
    sent = send(office, concern(named=("monitoring-officer",)))
    opens(office, alternate, sent)
    case_page.open_case(office, alternate, sent.reference, now=MONDAY)
    story.propose(office, alternate, sent.reference, to="corporate")
    answering.answer(office, sent.receipt, yes=True, text="", token="y" * 40, now=story.LATER)
    story.move(office, alternate, sent.reference)
    reference = story.case_of(office, sent.receipt).reference
    told = openings.of_case(office, officer, reference)
    assert (told.openings, told.readings) == ((), ())
    leaf = lines.leaf(office, officer, lines.Asked(case=reference), None, now=story.LATER)
    assert alternate.name not in {line.who for line in leaf.lines}
    assert anchoring.openings(office) == []


@pytest.fixture
def telling(office):
    return replace(office, settings=replace(office.settings, tell_identity_opened=True))


def test_whoever_sent_it_reads_that_it_was_opened_once_a_day_where_the_authority_wants_that(
    telling, monitoring_officer, deputy, sent
):
    for who, hours in ((monitoring_officer, 0), (deputy, 1), (deputy, 24)):
        opens(telling, who, sent, now=MONDAY + timedelta(hours=hours))
    held = returning.open_case(telling, sent.receipt, now=MONDAY + timedelta(days=2))
    told = [message for message in held.messages if message.heading == HEADING]
    assert [message.written_on.day for message in told] == [1, 2]
    assert all(message.ours for message in told)
    for message in told:
        for secret in (WHY, monitoring_officer.name, deputy.name, "Kofi Marsh"):
            assert secret not in (message.text or "")
    assert "On 1 June 2026 your name" in told[0].text


def test_they_are_told_nothing_unless_the_authority_wants_it(office, monitoring_officer, sent):
    opens(office, monitoring_officer, sent)
    assert returning.open_case(office, sent.receipt, now=MONDAY).messages == ()


@pytest.fixture
def strict(office, instance, monitoring_officer):
    """An office that asks for a code, and what the monitoring officer's telephone would show."""
    with reading(office.session):
        staff = office.session.get_one(Staff, monitoring_officer.id)
        lock = PasswordLock.open(staff.lock, PASSWORD, holder=staff.id)
        factor = lock.open_("second-factor", staff.sealed_second_factor)
    return replace(office, settings=replace(office.settings, identity_by_code=True)), factor


def code_at(factor: bytes, moment) -> str:
    step = int(moment.timestamp()) // second_factor.STEP_SECONDS * second_factor.STEP_SECONDS
    return second_factor._totp(factor).generate(step).decode()


def test_with_a_code_an_identity_opens_once_for_each_code(strict, monitoring_officer, sent):
    office, factor = strict
    code = code_at(factor, MONDAY)
    for wrong in ("", "000000" if code != "000000" else "111111"):
        with pytest.raises(SignInRefused, match="one-time code"):
            opens(office, monitoring_officer, sent, code=wrong)
    with reading(office.session):
        assert office.session.query(JournalLine).filter_by(act="opened-identity").count() == 0
    assert opens(office, monitoring_officer, sent, code=code, token="t" * 40)
    assert opens(office, monitoring_officer, sent, code=code, token="t" * 40)  # a double click
    with pytest.raises(SignInRefused, match="one-time code"):
        opens(office, monitoring_officer, sent, code=code, token="u" * 40)
    later = MONDAY + timedelta(minutes=1)
    assert opens(office, monitoring_officer, sent, code=code_at(factor, later), token="v" * 40, now=later)

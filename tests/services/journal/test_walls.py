"""Who is told which lines: the accused may be anybody, the auditor too."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from intake.counts.quarters import Period
from intake.database import reading
from intake.models import Case, Envelope, Grant, JournalLine, Record
from intake.procedures import moves
from intake.services.casework import acting, case_page
from intake.services.figures import coverage, publishing
from intake.services.ground import journal, press, sealing
from intake.services.ground.journal import Act
from intake.services.ground.refusals import NotFound
from intake.services.ground.roles import COMPLAINTS, ROLES, Right
from intake.services.holders import returning
from intake.services.journal import lines, taking_out
from intake.services.journal.lines import Asked, Place
from intake.services.people import signing_in
from tests import officers
from tests.actors import MONDAY, complaint, concern, send
from tests.services.rerouting import story

LATER = datetime(2027, 6, 1, 9, 0, tzinfo=MONDAY.tzinfo)


def told(office, who, *, now=MONDAY, **asked) -> list[str]:
    """What somebody reads in the journal, all pages of it: who, and what was done."""
    found, place = [], None
    while True:
        leaf = lines.leaf(office, who, Asked(**asked), place, now=now)
        found += [f"{line.who}: {line.act}" for line in leaf.lines]
        place = leaf.older
        if place is None:
            return found


def handle(office, who, reference, *, now=MONDAY) -> None:
    """Somebody opens a case, acknowledges it and closes it."""
    case_page.open_case(office, who, reference, now=now)
    officers.acknowledge(
        office, who, reference, "We have it.", revision=story.revision(office, reference), now=now
    )
    stands = story.revision(office, reference)
    if who.role.vault == COMPLAINTS:
        officers.withdraw(office, who, reference, "They asked us to.", revision=stands, now=now)
        return
    move = moves.Record(office.today(now), "triage-decided")
    acting.do(office, who, reference, move, revision=stands, now=now)
    stands = story.revision(office, reference)
    officers.respond(
        office, who, reference, "not-substantiated", "We looked.", "Nothing found.", revision=stands, now=now
    )
    officers.close(office, who, reference, "Done.", revision=story.revision(office, reference), now=now)


def one_of(office, who) -> str:
    """The reference of the one case of somebody's vault."""
    with reading(office.session):
        return office.session.scalars(select(Case.reference).where(Case.reader == who.role.vault)).one()


def publish_the_year(office, senior_officer) -> None:
    """The four quarters of 2026-27, in which these stories lie."""
    coverage.start_recording(office, date(2026, 4, 1), now=MONDAY)
    for quarter in (1, 2, 3, 4):
        publishing.publish(office, senior_officer, Period(2026, quarter), "", last=0, now=LATER)


@pytest.fixture
def both(office, officer, monitoring_officer, alternate):
    """A complaint, a concern, and a concern about the monitoring officer, each handled by its own."""
    for who, sent in (
        (officer, send(office, complaint())),
        (monitoring_officer, send(office, concern())),
        (alternate, send(office, concern(named=("monitoring-officer",)))),
    ):
        returning.write(office, sent.receipt, "And this.", token=press.new_token(), now=MONDAY)
        handle(office, who, sent.reference)
    journal.close_the_day(office, now=MONDAY + timedelta(days=1))
    return office


def test_an_officer_reads_the_lines_of_their_own_cases_and_of_no_other(
    both, officer, monitoring_officer, alternate
):
    for who in (officer, monitoring_officer, alternate):
        found = told(both, who, now=MONDAY + timedelta(days=1))
        of_people = {line.partition(":")[0] for line in found} - set(lines.NOT_PEOPLE.values())
        assert who.name in of_people
        assert found.count("Whoever holds a receipt: Received") == 1
        assert of_people <= {name for _, name in lines.people(both, who)}


def test_the_auditor_reads_of_complaints_at_once_and_never_of_which(both, auditor, officer):
    leaf = lines.leaf(both, auditor, Asked(), None, now=MONDAY + timedelta(days=1))
    assert {line.who for line in leaf.lines if line.act == Act.ACKNOWLEDGE.words} == {officer.name}
    assert [line.act for line in leaf.lines].count(Act.RECEIVED.words) == 1
    assert all(line.reference is None for line in leaf.lines)


def test_a_concern_leaves_no_trace_in_what_the_auditor_reads(
    office, auditor, officer, monitoring_officer, alternate
):
    """The same pages, the same file and the same number of lines, whether there is a concern or not: also one about
    the auditor, whoever it lies with.
    """
    case = send(office, complaint())
    handle(office, officer, case.reference)
    tomorrow = MONDAY + timedelta(days=1)
    asked = Asked(first=date(2026, 4, 1), last=date(2026, 6, 2))

    def seen() -> object:
        pages = lines.leaf(office, auditor, asked, None, now=tomorrow)
        return [replace_case(line) for line in pages.lines], str(pages.older), lines.people(office, auditor)

    before = seen()
    for who, sent in (
        (monitoring_officer, send(office, concern())),
        (alternate, send(office, concern(named=("monitoring-officer",)))),
    ):
        returning.write(office, sent.receipt, "More.", token=press.new_token(), now=MONDAY)
        handle(office, who, sent.reference)
        signing_in.sign_out(office, who, now=MONDAY)
    journal.close_the_day(office, now=tomorrow)
    after = seen()
    arrivals = [line for line in after[0] if line["act"] in {Act.RECEIVED.words}]
    assert len(arrivals) == 1  # of the complaint, whose day is over now
    assert [line for line in after[0] if line not in arrivals] == before[0]
    assert after[1:] == before[1:]
    assert len(taking_out.file(office, auditor, asked, now=tomorrow).splitlines()) == len(after[0]) + 1


def replace_case(line) -> dict:
    return asdict(line) | {"case_id": None}


def test_when_a_concern_is_closed_and_its_year_is_published_the_auditor_reads_it(
    both, auditor, senior_officer, monitoring_officer, alternate
):
    days = {"first": date(2026, 6, 1), "last": date(2026, 6, 2)}
    assert not any("Concern opened" in line for line in told(both, auditor, now=LATER, **days))
    publish_the_year(both, senior_officer)
    found = told(both, auditor, now=LATER, **days)
    for who in (monitoring_officer, alternate):
        assert f"{who.name}: {Act.OPENED_CONCERN.words}" in found
    assert found.count("Whoever holds a receipt: Received") == 3


def test_a_concern_that_is_still_open_waits_though_its_year_is_published(
    office, auditor, monitoring_officer, senior_officer
):
    sent = send(office, concern())
    case_page.open_case(office, monitoring_officer, sent.reference, now=MONDAY)
    publish_the_year(office, senior_officer)
    days = {"first": date(2026, 6, 1), "last": date(2026, 6, 2)}
    assert not any("Concern" in line for line in told(office, auditor, now=LATER, **days))


def test_an_investigator_who_is_at_work_is_nobody_s_news(
    office, auditor, monitoring_officer, alternate, manager, investigator, senior_officer
):
    """Seen before: the auditor read the same day that an investigator had signed in, so that something is looked into;
    a concern may be about them, or about the monitoring officer.
    """
    signing_in.sign_out(office, investigator, now=MONDAY)
    words = f"{investigator.name}: {Act.SIGNED_OUT.words}"
    for who in (auditor, monitoring_officer, alternate, manager):
        assert words not in told(office, who)
    publish_the_year(office, senior_officer)
    days = {"first": date(2026, 6, 1), "last": date(2026, 6, 2)}
    assert words in told(office, auditor, now=LATER, **days)
    for who in (monitoring_officer, alternate, manager):
        assert words not in told(office, who, now=LATER, **days)


def test_what_was_told_once_stays_told_when_the_concern_is_opened_again(
    both, auditor, senior_officer, monitoring_officer
):
    publish_the_year(both, senior_officer)
    days = {"first": date(2026, 6, 1), "last": date(2026, 6, 2)}
    before = told(both, auditor, now=LATER, **days)
    reference = one_of(both, monitoring_officer)
    stands = story.revision(both, reference)
    officers.reopen(both, monitoring_officer, reference, "Closed too soon.", revision=stands, now=LATER)
    assert told(both, auditor, now=LATER, **days) == before
    assert not any("Reopened" in line for line in told(both, auditor, now=LATER))


def test_a_complaint_that_becomes_a_concern_takes_nothing_away_and_adds_nothing(
    office, auditor, officer, manager, monitoring_officer
):
    """A line that vanished would tell that the case went to those who receive concerns."""
    sent = send(office, complaint())
    officers.acknowledge(office, officer, sent.reference, "We have it.", revision=1, now=MONDAY)
    before = told(office, auditor, now=story.LATER)
    assert f"{officer.name}: {Act.ACKNOWLEDGE.words}" in before
    now_a_concern = story.rerouted(office, manager, sent)
    assert told(office, auditor, now=story.LATER) == before
    assert told(office, monitoring_officer, case=now_a_concern, now=story.LATER) == []


def test_nobody_else_reads_any(office, senior_officer):
    with pytest.raises(NotFound):
        lines.leaf(office, senior_officer, Asked(), None, now=MONDAY)
    with pytest.raises(NotFound):
        taking_out.file(office, senior_officer, Asked(), now=MONDAY)


def test_the_auditors_keys_open_nothing_in_a_copy_of_the_database(both, auditor):
    pairs = sealing.pairs_of(both.session, auditor)
    holders = set(both.session.scalars(select(Envelope.keyholder)))
    assert set(pairs) == {f"staff:{auditor.id}"}
    assert not holders & set(pairs)
    assert both.session.scalars(select(Grant).where(Grant.staff_id == auditor.id)).all() == []
    assert both.session.scalars(select(Record.sealed)).first()
    for right in (Right.WORK_CASES, Right.COUNT, Right.OPEN_IDENTITIES, Right.OVERSEE):
        assert not auditor.role.may(right)


def test_a_colleagues_sign_in_is_read_by_whoever_gives_out_cases_and_by_themselves(office, officer, manager):
    for who in (officer, manager):
        signing_in.sign_out(office, who, now=MONDAY)
    assert told(office, officer, act=str(Act.SIGNED_OUT)) == [f"{officer.name}: Signed out"]
    assert len(told(office, manager, act=str(Act.SIGNED_OUT))) == 2


def test_whose_line_it_is_stands_beside_it_from_the_beginning(both):
    of_a_case = select(JournalLine.vault, Case.reader).join(Case, Case.id == JournalLine.case_id)
    found = both.session.execute(of_a_case).all()
    assert found
    assert all(vault == reader for vault, reader in found)


def test_pages_of_fifty_one_after_the_other_hold_every_line_once_though_many_have_one_moment(
    office, officer, auditor
):
    references = [send(office, complaint()).reference for _ in range(70)]
    for reference in references:
        officers.note(office, officer, reference, "x", token=press.new_token(), now=MONDAY)
    asked, place, pages = Asked(act=str(Act.NOTE)), None, []
    while True:
        leaf = lines.leaf(office, officer, asked, place, now=MONDAY)
        pages.append([line.reference for line in leaf.lines])
        if leaf.older is None:
            break
        place = Place.parse(str(leaf.older))
        assert place == leaf.older
    assert [len(page) for page in pages] == [50, 20]
    assert sorted(reference for page in pages for reference in page) == sorted(references)
    assert len(told(office, auditor, act=str(Act.NOTE))) == 70


@pytest.mark.parametrize("text", ["", "~", "x~1", "2026-06-01~1", "2026-06-01T10:00:00+00:00~-1", "~9" * 40])
def test_a_place_that_cannot_be_read_is_none(text):
    assert Place.parse(text) is None


def test_a_year_at_most_is_looked_at(office, auditor):
    leaf = lines.leaf(office, auditor, Asked(first=date(2020, 1, 1)), None, now=MONDAY)
    assert leaf.shortened
    assert leaf.last - leaf.first == lines.LONGEST
    backwards = lines.leaf(
        office, auditor, Asked(first=date(2026, 5, 9), last=date(2026, 5, 1)), None, now=MONDAY
    )
    assert backwards.first == backwards.last == date(2026, 5, 1)


def test_a_case_that_is_not_theirs_is_answered_like_one_that_nobody_has(both, officer, monitoring_officer):
    concerns = one_of(both, monitoring_officer)
    day = {"now": MONDAY + timedelta(days=1)}
    assert told(both, monitoring_officer, case=concerns, **day)
    assert told(both, officer, case=concerns, **day) == told(both, officer, case="ZZZ-ZZZZ", **day) == []


def test_in_a_file_a_case_has_a_word_that_is_in_no_other_file(both, auditor, officer):
    send(both, complaint())
    now, asked = MONDAY + timedelta(days=1), Asked(first=date(2026, 6, 1), last=date(2026, 6, 2))
    theirs = taking_out.file(both, auditor, asked, now=now)
    assert "case 1" in theirs
    for reference, case_id in both.session.execute(select(Case.reference, Case.id)):
        assert reference not in theirs
        assert case_id not in theirs
    both.session.rollback()
    assert theirs.splitlines()[0] == "day,time,who,act,case"
    assert f"{auditor.name}: {Act.JOURNAL_EXPORTED.words}" in told(both, auditor, now=now)


def test_a_role_without_a_vault_that_only_reads_is_told_nothing(both, auditor, monkeypatch):
    """Whoever is given one case and no vault must not be taken for an auditor."""
    whole = ROLES["auditor"]
    monkeypatch.setitem(ROLES, "auditor", replace(whole, rights=whole.rights - {Right.CHECK_JOURNAL}))
    assert told(both, auditor, now=LATER, first=date(2026, 6, 1)) == []

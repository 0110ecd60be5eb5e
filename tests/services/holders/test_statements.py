"""What is sent is written with few statements, so that whoever waits to write waits for little."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, func, select

from intake import migrating
from intake.models import Case
from intake.procedures.working_days import Calendar
from intake.services.cases import timekeeping
from intake.services.ground import journal, pinning, press
from intake.services.ground.refusals import NotStored, Refused
from intake.services.holders import submitting
from tests import officers
from tests.actors import complaint, send

NOW = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
# Statements of a transaction, between the locks with which it begins and its end.
BUDGET = 12
BUDGET_OF_AN_ACT = 18


@contextmanager
def statements(office) -> Iterator[list[str]]:
    """What is asked of the database meanwhile, as by the program that is served."""
    engine, asked = office.session.get_bind(), []
    migrating.expect(engine)

    def note(_connection, _cursor, statement, *_) -> None:
        if not statement.startswith(("BEGIN", "SELECT pg_advisory")):
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("procedure", ["corporate", "children-statutory", "whistleblowing", "compliment"])
def test_a_reporter_sends_within_the_budget(office, database, procedure):
    """Seen before: 32 to 35, each row with a statement of its own and read back.

    Beside others, whoever brings the first news of a round looks once more whether somebody else did."""
    with statements(office) as asked:
        send(office, procedure, name="Joyce Pell")
    who_receives = procedure == "whistleblowing"  # asked before the lock is: offices come and go
    assert len(asked) <= BUDGET + who_receives + (database == "postgresql"), asked
    written = [statement.split()[2] for statement in asked if statement.startswith("INSERT")]
    assert len(written) == len(set(written))


def test_an_officer_enters_within_the_budget(office, officer):
    with statements(office) as asked:
        submitting.enter(
            office, officer, complaint(channel="phone"), received=NOW, token=press.new_token(), now=NOW
        )
    assert len(asked) <= BUDGET, asked


def test_an_officer_acts_within_the_budget(office, officer):
    """Seen before: 27 on average, each event and date read by itself and the whole standing written anew."""
    sent = submitting.receive(office, complaint(), token=press.new_token(), now=NOW)
    acts_of_a_case = (
        lambda: officers.allocate(office, officer, sent.reference, officer.id, revision=1, now=NOW),
        lambda: officers.acknowledge(office, officer, sent.reference, "We have it.", revision=2, now=NOW),
        lambda: officers.respond(
            office, officer, sent.reference, "not-upheld", "No.", "Because.", revision=3, now=NOW
        ),
        lambda: officers.close(office, officer, sent.reference, "Answered.", revision=4, now=NOW),
    )
    for act in acts_of_a_case:
        with statements(office) as asked:
            act()
        assert len(asked) <= BUDGET_OF_AN_ACT, "\n".join(asked)


def test_what_can_be_made_before_the_lock_is_made_before_it(office, monkeypatch):
    made = []
    for module, name in ((timekeeping, "first_rows"), (pinning, "publics")):
        inner = getattr(module, name)

        def seen(*told, inner=inner, name=name, **more):
            made.append((name, office.session.in_transaction()))
            return inner(*told, **more)

        monkeypatch.setattr(module, name, seen)
    send(office, complaint())
    assert made == [("publics", False), ("first_rows", False)]


def test_the_rows_of_a_new_case_are_those_that_its_standing_asks_for(office):
    """Working everything out anew, as after each act, changes nothing."""
    sent = send(office, complaint())
    session = office.session
    before = rows(office)
    case = session.scalar(select(Case).where(Case.reference == sent.reference))
    standing = timekeeping.standing(office, case)
    timekeeping.keep(office, case, standing, standing)
    case.revision -= 1
    session.flush()
    assert rows(office) == before
    assert sent.next_dates == timekeeping.dates_for_holder(office, case)
    session.rollback()


def rows(office) -> dict[str, list[str]]:
    return {
        name: sorted(map(repr, office.session.execute(select(table)).all()))
        for name, table in Case.metadata.tables.items()
    }


def test_a_reference_that_a_case_has_is_drawn_anew(office, monkeypatch):
    first = send(office, complaint())
    monkeypatch.setattr(submitting, "drawn", lambda: first.reference)
    second = send(office, complaint())
    assert second.reference != first.reference
    assert send(office, complaint()).receipt != second.receipt


def test_what_was_sent_is_acknowledged_again_although_nothing_could_be_sealed_now(office, monkeypatch):
    token = press.new_token()
    first = send(office, complaint(), token=token)

    def gone(_office):
        raise NotStored

    monkeypatch.setattr(pinning, "publics", gone)
    again = send(office, complaint(), token=token)
    assert again == replace(first, sent_before=True)
    with pytest.raises(NotStored):
        send(office, complaint())
    assert office.session.scalar(select(func.count()).select_from(Case)) == 1


def test_what_was_entered_is_acknowledged_again_although_its_date_would_be_refused_now(office, officer):
    token, letter = press.new_token(), complaint(procedure="ombudsman-enquiry", channel="letter")

    def enter(due):
        return submitting.enter(
            office, officer, letter, received=NOW, token=token, now=NOW, response_date=due
        )

    first = enter(date(2026, 7, 1))
    assert enter(NOW.date() - timedelta(days=9)) == replace(first, sent_before=True)
    token = press.new_token()
    with pytest.raises(Refused, match="before the day of receipt"):
        enter(NOW.date() - timedelta(days=9))


def test_the_lines_of_a_day_that_is_over_are_written_as_one(office):
    """Seen before: two statements a line, and after a busy day everybody waited for thousands of them."""
    for _ in range(20):
        send(office, complaint())
    with statements(office) as asked:
        assert journal.enter_the_day(office, now=NOW + timedelta(days=1)) == 20
    assert len(asked) <= 8
    assert journal.verify(office).fault == ""


def test_what_is_worked_out_once_a_day_is_the_days_own_and_the_calendars(office, monkeypatch):
    """And a date that somebody set, or a case that was set aside, changes nothing for the next one."""
    first = send(office, complaint(), now=NOW)
    assert send(office, complaint(), now=NOW + timedelta(days=1)).next_dates != first.next_dates
    proclaimed = replace(office, calendar=Calendar({NOW.date() + timedelta(days=1): "Proclaimed"}))
    assert send(proclaimed, complaint(), now=NOW).next_dates != first.next_dates
    version = office.catalogue["ombudsman-enquiry"].version_at(NOW)
    for due in (date(2026, 7, 1), date(2026, 7, 2), None):
        begun = timekeeping.begin(office, version, NOW, now=NOW, response_date=due)
        assert begun.placed["next_due"] == due
    monkeypatch.setattr(office.budget, "take", lambda *_, **__: True)
    send(office, complaint(), now=NOW)
    monkeypatch.undo()
    again = send(office, complaint(), now=NOW)
    assert again.next_dates == first.next_dates
    assert office.session.scalar(select(func.count()).where(Case.set_aside)) == 1

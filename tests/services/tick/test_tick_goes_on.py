"""One row, one notice or one part of the tick fails: everybody else's dates are kept all the same, and it is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from click.testing import CliRunner
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, text

from intake.cli import main
from intake.cli.tick import _once
from intake.database import NotStored, OlderThanDatabase, writing
from intake.models import Case, JournalLine, Notice, StepRow
from intake.services.ground import journal, notices
from intake.services.holders import visits
from intake.services.people import signing_in
from intake.services.tick import escalation, sending
from tests import officers
from tests.actors import MONDAY, arrives

LATER = MONDAY + timedelta(days=60)


def down(_message):
    raise OSError("gone")


def open_steps(office) -> int:
    return office.session.scalar(select(func.count()).select_from(StepRow).where(StepRow.taken_at.is_(None)))


def by_hand(office, statement: str) -> None:
    with writing(office.session):
        assert office.session.execute(text(statement)).rowcount


def test_a_case_taken_to_another_procedure_while_its_notice_waited_keeps_nobody_waiting(office, manager):
    """Seen before: KeyError in every tick, and no notice of anybody went out any more."""
    moved, other = arrives(office, "mp-enquiry"), arrives(office)
    escalation.run(office, now=LATER)
    sending.send_waiting(office, down, now=LATER)
    revision = office.session.scalar(select(Case.revision).where(Case.reference == moved))
    officers.reclassify(office, manager, moved, "compliment", "No enquiry.", revision=revision, now=LATER)
    letters = []
    for hours in range(1, 30):
        post = sending.send_waiting(office, letters.append, now=LATER + timedelta(hours=hours))
        assert not post.faults
    assert notices.post(office).queued == 0
    assert any(other in letter["Subject"] for letter in letters)
    told = [letter.get_content() for letter in letters if moved in letter["Subject"]]
    assert told
    assert all(f"A date for case {moved} was due on" in words for words in told)


def test_a_notice_without_words_is_given_up_like_one_that_no_server_takes(office):
    arrives(office)
    escalation.run(office, now=LATER)
    by_hand(office, "UPDATE notices SET kind = 'zzz' WHERE id = (SELECT min(id) FROM notices)")
    letters, moment, met = [], LATER, []
    for _ in range(20):
        met += sending.send_waiting(office, letters.append, now=moment).faults
        moment += timedelta(days=1)
    post = notices.post(office)
    assert (post.queued, post.failed) == (0, 1)
    assert post.sent == len(letters) > 0
    assert len(met) == len(sending.EVERY) + 1
    assert all("KeyError in sending.py" in sentence for sentence in met)
    lines = office.session.scalars(select(JournalLine).where(JournalLine.act == "notice-failed")).all()
    assert len(lines) == 1


def test_a_step_that_no_rule_knows_still_tells_whom_it_names(office, officer):
    """Seen before: the tick died at one such row, with all others of the instance behind it."""
    for _ in range(3):
        arrives(office)
    by_hand(
        office,
        "UPDATE steps SET deadline = 'renamed' WHERE (case_id, deadline, step, due) = "
        "(SELECT case_id, deadline, step, due FROM steps WHERE step LIKE '%complaints-manager' LIMIT 1)",
    )
    tick = escalation.run(office, now=LATER)
    assert len(tick.taken) == 27
    assert open_steps(office) == 0
    assert tick.faults == {escalation.UNKNOWN_STEP: 1}
    assert escalation.run(office, now=LATER).faults == {}
    (line,) = [
        journal.detail_of(line)
        for line in office.session.scalars(select(JournalLine).where(JournalLine.act == "step-taken"))
        if journal.detail_of(line)["deadline"] == "renamed"
    ]
    assert line["told"] == [staff_of(office, "complaints-manager")]


def staff_of(office, role: str) -> str:
    return office.session.execute(text("SELECT id FROM staff WHERE role = :role"), {"role": role}).scalar()


def test_a_step_that_names_nobody_tells_all_readers_and_nobody_across_the_wall(
    office, monitoring_officer, deputy
):
    arrives(office, "whistleblowing")
    with writing(office.session):
        office.session.execute(delete(Notice))
        first = office.session.scalars(select(StepRow).order_by(StepRow.falls_on)).first()
        kept = (first.case_id, first.deadline, first.due, first.falls_on)
        office.session.execute(delete(StepRow))
        for step in ("zzz", "+1:complaints-manager", "+1:senior-officer"):
            row = dict(zip(("case_id", "deadline", "due", "falls_on"), kept, strict=True))
            office.session.add(StepRow(step=step, **row))
    assert len(escalation.run(office, now=LATER).taken) == 3
    assert set(office.session.scalars(select(Notice.staff_id))) == {monitoring_officer.id, deputy.id}


def test_rows_that_cannot_be_taken_starve_nobody_and_are_tried_again(office, monkeypatch):
    """More of them than are taken at a time, and they come first."""
    bad = {arrives(office, now=MONDAY - timedelta(days=30)) for _ in range(6)}
    good = {arrives(office) for _ in range(4)}
    recipients = escalation.recipients

    def breaks(session, case, step):
        if case.reference in bad:
            raise ValueError("words of a case")
        return recipients(session, case, step)

    monkeypatch.setattr(escalation, "recipients", breaks)
    tick = escalation.run(office, now=LATER)
    assert {step.reference for step in tick.taken} == good
    assert open_steps(office) == 6 * 9 > escalation.AT_A_TIME
    assert list(tick.faults.values()) == [6 * 9]
    assert "ValueError in test_tick_goes_on.py" in next(iter(tick.faults))
    assert "words of a case" not in next(iter(tick.faults))
    monkeypatch.undo()
    assert len(escalation.run(office, now=LATER).taken) == 6 * 9
    assert journal.verify(office).fault == ""


PARTS = (
    (escalation, "run"),
    (signing_in, "sweep"),
    (journal, "close_the_day"),
    (visits, "sweep"),
)


@pytest.mark.parametrize("fails", range(len(PARTS)))
def test_a_part_that_fails_keeps_no_other_from_its_work(office, monkeypatch, capsys, fails):
    """Seen before: on a full disk the day was not closed, so no draft was swept and no warning of custody given."""
    reached = []
    for number, (module, name) in enumerate(PARTS):

        def part(*_args, number=number, **_more):
            reached.append(number)
            if number == fails:
                raise ValueError("what somebody typed")
            return escalation.Tick()

        monkeypatch.setattr(module, name, part)
    assert _once(office, MONDAY, quiet=True) == 1
    assert reached == list(range(len(PARTS)))
    said = capsys.readouterr().err
    assert "unexpected ValueError in test_tick_goes_on.py" in said
    assert "what somebody typed" not in said


def test_the_command_ends_with_status_1_when_a_part_failed_and_says_which(instance, monkeypatch):
    monkeypatch.setenv("INTAKE_INSTANCE", str(instance))

    def full(*_args, **_more):
        raise NotStored

    monkeypatch.setattr(journal, "close_the_day", full)
    done = CliRunner().invoke(main, ["tick"])
    assert done.exit_code == 1
    assert "The day that is over: We could not store this" in done.output
    assert "0 steps taken" in done.output


def test_a_tick_older_than_its_database_ends_at_once(office, monkeypatch):
    def older(*_args, **_more):
        raise OlderThanDatabase

    monkeypatch.setattr(signing_in, "sweep", older)
    with pytest.raises(OlderThanDatabase):
        _once(office, MONDAY, quiet=True)


def test_the_file_of_a_procedure_was_changed_under_its_cases_and_all_steps_are_taken_all_the_same(
    office, instance, monkeypatch
):
    """Seen before: `intake check` found nothing, and every tick took none of the steps."""
    from intake.procedures.loading import BUILT_IN

    for _ in range(3):
        arrives(office)
        arrives(office, "mp-enquiry")
    office.session.close()
    folder = instance / "catalogue"
    folder.mkdir()
    text_of = (BUILT_IN / "mp-enquiry.toml").read_text("utf-8")
    (folder / "mp-enquiry.toml").write_text(text_of.replace('id = "response"', 'id = "reply"'), "utf-8")
    with (instance / "settings.toml").open("a") as file:
        file.write(f'catalogue_folder = "{folder}"\n')
    monkeypatch.setenv("INTAKE_INSTANCE", str(instance))
    checked = CliRunner().invoke(main, ["check"])
    assert checked.exit_code == 1
    assert "mp-enquiry.toml must keep the limit 'response' of its version" in checked.output
    ticked = CliRunner().invoke(main, ["tick", "--as-of", "2026-09-01T09:00"])
    assert ticked.exit_code == 1
    assert "mp-enquiry.toml must keep the limit 'response'" in ticked.output
    assert "rules of its case do not know" in ticked.output
    assert open_steps(office) == 0


def test_the_ninth_try_is_killed_and_the_notice_is_given_up_and_swallows_no_later_one(office):
    """Seen before: it waited for ever, and every later one to that officer became it."""
    moment = MONDAY
    with writing(office.session):
        notices.tell(
            office, office.session.scalar(text("SELECT min(id) FROM staff")), "key-alarm", now=moment
        )
        office.session.flush()
        (notice,) = office.session.scalars(select(Notice))
        notice.tries = len(sending.EVERY)
        person = notice.staff_id
    sending.send_waiting(office, lambda _: None, now=moment - timedelta(days=2))  # its round is made known

    def killed(_message):
        raise KeyboardInterrupt

    by_hand(office, f"UPDATE notices SET state = 'queued', tries = {len(sending.EVERY)}, sent_on = NULL")
    with pytest.raises(KeyboardInterrupt):
        sending.send_waiting(office, killed, now=moment)
    office.session.rollback()
    assert sending.send_waiting(office, down, now=moment + timedelta(minutes=15)).failed == 1
    assert notices.post(office).failed == 1
    assert office.session.scalars(select(JournalLine).where(JournalLine.act == "notice-failed")).all()
    with writing(office.session):
        notices.tell(office, person, "key-alarm", now=moment)
    letters = []
    sending.send_waiting(office, letters.append, now=moment + timedelta(minutes=30))
    assert len(letters) == 1


@given(tries=st.integers(-3, 30), state=st.sampled_from(["queued", "sending"]))
@hypothesis_settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=25
)
def test_whatever_number_of_tries_a_notice_has_it_goes_out_within_a_day_or_is_given_up(office, tries, state):
    with writing(office.session):
        office.session.execute(delete(Notice))
        notices.tell(
            office, office.session.scalar(text("SELECT min(id) FROM staff")), "key-alarm", now=MONDAY
        )
        office.session.flush()
        (notice,) = office.session.scalars(select(Notice))
        notice.tries, notice.state = tries, state
    letters, given_up = [], 0
    for hours in range(1, 26):
        moment = MONDAY + timedelta(hours=hours)
        given_up += sending.send_waiting(office, letters.append, now=moment).failed
    assert len(letters) + given_up == 1
    assert notices.post(office).queued == 0


def test_that_very_much_has_arrived_is_told_at_the_fixed_times(office):
    """Seen before: it went out in the minute of the arrival that was one too many."""
    busy = replace(office, settings=replace(office.settings, hour_submissions=1, workers=1))
    letters = []
    sending.send_waiting(busy, letters.append, now=MONDAY)
    for minutes in (7, 14):
        arrives(busy, now=MONDAY + timedelta(minutes=minutes))
        sending.send_waiting(busy, letters.append, now=MONDAY + timedelta(minutes=minutes, seconds=30))
    assert letters == []
    sending.send_waiting(busy, letters.append, now=MONDAY.replace(hour=12))  # one o'clock in London
    assert any(letter["Subject"] == "Very much has arrived" for letter in letters)


def test_by_a_clock_that_cannot_be_right_nothing_is_done_and_the_tick_says_so(instance, office, monkeypatch):
    """Seen before: a trace that ended in CalendarError, and before it every session and draft swept away."""
    arrives(office)
    visit, place = visits.begin_visit(), visits.new_place(visits.REPORT)
    visits.keep(office, visit, place, {"story": "Typed."}, now=MONDAY)
    office.session.close()
    monkeypatch.setenv("INTAKE_INSTANCE", str(instance))
    with time_machine.travel(datetime(1970, 1, 1, 0, 5, tzinfo=UTC), tick=False):
        done = CliRunner().invoke(main, ["tick"])
    assert done.exit_code == 1
    assert "The clock of this machine says that it is the year 1970, which cannot be right" in done.output
    assert "Nothing was done" in done.output
    assert visits.read(office, visit, place, now=MONDAY) == {"story": "Typed."}

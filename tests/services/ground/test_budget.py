"""An hour in which far too much arrives: nothing is lost, no date is wrong, and an officer looks at it in bulk."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from random import Random
from statistics import mean

import pytest
from sqlalchemy import func, select

from intake.models import Case, Notice, StepRow
from intake.services.casework import case_page, setting_aside
from intake.services.desk import lists as casework_desk
from intake.services.ground import press
from intake.services.ground.brakes import BAND, Budget
from intake.services.ground.refusals import NoRoom
from intake.services.holders import returning, submitting
from intake.services.tick import escalation, sending
from tests.actors import MONDAY, send, submission


@pytest.fixture
def small(office):
    """An office whose hour takes three, and never more than six."""
    return within(office, hour_submissions=3, ceiling_submissions=6)


class InTheMiddle(Random):
    """A lot that falls on the very setting, so that a story can count."""

    def uniform(self, a: float, b: float) -> float:
        return (a + b) / 2


def within(office, draw=None, **settings):
    settings = replace(office.settings, workers=1, **settings)
    return replace(office, settings=settings, budget=Budget(draw or InTheMiddle()))


def desk(office, officer, view, at=MONDAY):
    return casework_desk.desk(office, officer, view, now=at)


def test_what_comes_beyond_the_budget_is_whole_has_a_receipt_and_its_dates(small, officer):
    sent = [send(small) for _ in range(5)]
    assert len(desk(small, officer, "open").lines) == 3
    aside = desk(small, officer, "aside")
    assert len(aside.lines) == aside.totals["aside"] == 2
    for one in sent[3:]:
        assert one.told == sent[0].told  # nobody is told of it who could count the others by it
        assert one.next_dates == sent[0].next_dates
        assert returning.open_case(small, one.receipt, now=MONDAY).dates == sent[0].next_dates
        assert case_page.open_case(small, officer, one.reference, now=MONDAY).words[0].answer == "Something."
        assert one.reference in [line.reference for line in aside.lines]


def test_the_next_hour_is_an_ordinary_one_also_when_a_clock_was_set_back(small, officer):
    for _ in range(4):
        send(small)
    send(small, now=MONDAY + timedelta(hours=1))
    send(small, now=MONDAY - timedelta(days=8))
    assert len(desk(small, officer, "aside").lines) == 1


def test_bytes_count_as_well_as_numbers(office, officer):
    small = within(office, hour_megabytes=1)
    send(small, words="x" * 900_000)
    send(small, words="x" * 200_000)
    assert len(desk(small, officer, "aside").lines) == 1


def test_the_same_press_again_is_counted_once(small, officer):
    what, token = submission(), press.new_token()
    for _ in range(9):
        send(small, what, token=token)
    send(small)
    assert len(desk(small, officer, "aside").lines) == 0


def test_an_officer_takes_all_of_it_in_at_once_and_another_vault_is_not_touched(
    small, officer, monitoring_officer
):
    for _ in range(3):
        send(small)
    send(small), send(small), send(small, "whistleblowing")
    assert setting_aside.take_in(small, officer, now=MONDAY) == 2
    assert setting_aside.take_in(small, officer, now=MONDAY) == 0
    assert len(desk(small, officer, "new").lines) == 5
    assert len(desk(small, monitoring_officer, "aside").lines) == 1
    assert len(desk(small, monitoring_officer, "new").lines) == 0


def test_what_is_aside_is_escalated_and_late_like_any_other(small, officer):
    for _ in range(4):
        send(small)
    later = MONDAY + timedelta(days=60)
    escalation.run(small, now=later)
    assert desk(small, officer, "aside", later).lines[0].escalation > 0
    assert len(desk(small, officer, "overdue", later).lines) == 4
    untaken = select(func.count()).where(StepRow.taken_at.is_(None), StepRow.falls_on < later.date())
    assert small.session.scalar(untaken) == 0


def test_a_flood_sends_each_reader_one_notice_of_it_a_day(small, officer):
    letters = []
    sending.send_waiting(small, letters.append, now=MONDAY)
    for minute in range(6):
        send(small, now=MONDAY + timedelta(minutes=minute))
        sending.send_waiting(small, letters.append, now=MONDAY + timedelta(hours=2 * minute))
    subjects = [letter["Subject"] for letter in letters if letter["To"] == officer.email]
    assert subjects.count("Very much has arrived") == 1
    assert small.session.scalar(select(func.count()).select_from(Notice)) == len(letters)


def test_far_beyond_the_budget_nothing_is_taken_in_and_the_next_hour_takes_it(small):
    for _ in range(6):
        send(small)
    with pytest.raises(NoRoom, match="try again later, or telephone"):
        send(small)
    assert small.session.scalar(select(func.count()).select_from(Case)) == 6
    send(small, now=MONDAY + timedelta(hours=1))


def test_a_disk_that_is_nearly_full_takes_nothing_in_and_says_so(office):
    receipt = send(office).receipt
    full = within(office, free_disk_megabytes=1_000_000_000)
    for act in (
        lambda: send(full),
        lambda: returning.write(full, receipt, "More.", token=press.new_token(), now=MONDAY),
    ):
        with pytest.raises(NoRoom):
            act()
    returning.write(office, receipt, "More.", token=press.new_token(), now=MONDAY)


def test_a_holder_who_writes_without_end_meets_the_ceiling_of_bytes(office):
    small = within(office, hour_megabytes=1, ceiling_megabytes=1)
    receipt = send(small).receipt
    for _ in range(2):
        returning.write(small, receipt, "x" * 500_000, token=press.new_token(), now=MONDAY)
    with pytest.raises(NoRoom):
        returning.write(small, receipt, "x" * 500_000, token=press.new_token(), now=MONDAY)


def test_what_officers_enter_is_never_set_aside(small, officer):
    for _ in range(4):
        send(small)
    what = submission(channel="phone")
    submitting.enter(small, officer, what, received=MONDAY, token=press.new_token(), now=MONDAY)
    assert len(desk(small, officer, "aside").lines) == 1


class Accused:
    """Fills the hour's budget with thanks, sees how many of them were set aside, and subtracts."""

    def __init__(self, settings, seed: int) -> None:
        self.settings, self.processes = (
            settings,
            [Budget(Random(seed + at)) for at in range(settings.workers)],
        )

    def estimate(self, hidden: int, hour: int) -> float:
        """How many concerns came in an hour, as far as can be told: what the setting says, less what fitted in."""
        now, fitted = MONDAY + timedelta(hours=hour), 0
        for number in range(hidden):
            self.processes[number % len(self.processes)].take(self.settings, 100, now=now)
        for process in self.processes:
            while not process.take(self.settings, 100, now=now):
                fitted += 1
        return self.settings.hour_submissions - fitted


def test_whoever_fills_the_budget_does_not_count_what_others_sent(office):
    """Seen before: 7 concerns in an hour were told as 7, in every hour."""
    hours, hidden = 300, 7
    settings = replace(office.settings, free_disk_megabytes=0)
    accused = Accused(settings, seed=11)
    off = [accused.estimate(hidden, hour) - hidden for hour in range(hours)]
    width = BAND * settings.hour_submissions / settings.workers
    bound = 0.9 * (settings.workers * width**2 / 3) ** 0.5  # the error that the lot adds to one hour's number
    assert mean(error**2 for error in off) ** 0.5 > bound > 20
    assert sum(abs(error) <= 1 for error in off) < 0.1 * hours
    quiet = Accused(settings, seed=5000)
    empty = [quiet.estimate(0, hour) for hour in range(hours)]
    right = max(
        mean([error + hidden >= cut for error in off] + [number < cut for number in empty])
        for cut in range(-60, 61)
    )
    assert right < 0.65  # whether there were seven or none: little better than a coin


def test_the_ceiling_is_drawn_apart_from_the_budget(office):
    settings = replace(
        office.settings, workers=1, hour_submissions=100, ceiling_submissions=1000, free_disk_megabytes=0
    )
    ratios = set()
    for seed in range(20):
        budget, aside = Budget(Random(seed)), []
        with suppress(NoRoom):
            while True:
                aside.append(budget.take(settings, 1, now=MONDAY))
        ratios.add(round(len(aside) / aside.count(False)))
    assert len(ratios) > 3

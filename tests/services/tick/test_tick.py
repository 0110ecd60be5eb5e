"""The tick: each step once however many run, late ones told, notices never lost silently."""

from __future__ import annotations

import asyncio
import smtplib
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler
from sqlalchemy import func, select

from intake.database.key_order import FOR_LONG
from intake.models import JournalLine, Notice, StepRow
from intake.services.casework import case_page
from intake.services.ground import journal, notices
from intake.services.tick import escalation, sending
from tests import officers
from tests.actors import MONDAY, arrives, send
from tests.conftest import PATIENCE_SECONDS


@pytest.fixture
def post_office():
    """A real mail server on this machine, with what it received."""

    class Keep(MessageHandler):
        received: list = []  # noqa: RUF012

        def handle_message(self, message):
            self.received.append(message)

    Keep.received = []
    controller = Controller(Keep(), hostname="127.0.0.1", port=0)
    controller.port = _free_port()
    controller.start()
    controller.received = Keep.received
    yield controller
    controller.stop()


def _free_port() -> int:
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def by_mail(office, controller):
    settings = replace(
        office.settings,
        smtp_host="127.0.0.1",
        smtp_port=controller.port,
        smtp_security="none",
        mail_from="intake@council.example",
    )
    return replace(office, settings=settings)


def test_five_tickers_at_once_take_each_step_once(instance, office):
    for _ in range(30):
        send(office)
    office.session.rollback()
    later = "2026-07-20T09:00"
    command = [sys.executable, "-m", "intake.cli", "tick", "--as-of", later]
    tickers = [
        subprocess.Popen(
            command,
            env={"INTAKE_INSTANCE": str(instance), "PATH": ""},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(5)
    ]
    for ticker in tickers:
        said = ticker.communicate()[1]
        # Five at once may keep each other from laying the day anew, and say so.
        assert not said or all(FOR_LONG in line for line in said.splitlines()), said
        assert ticker.returncode in ({0, 1} if said else {0})
    lines = office.session.scalars(select(JournalLine).where(JournalLine.act == "step-taken")).all()
    details = [(line.case_id, journal.detail_of(line)) for line in lines]
    taken = Counter((case, told["deadline"], told["step"], told["due"]) for case, told in details)
    assert set(taken.values()) == {1}
    assert len(taken) == office.session.scalar(select(func.count()).select_from(StepRow)) == 30 * 9
    assert journal.verify(office).fault == ""


def test_a_tick_that_slept_catches_up_in_order_and_says_late(office):
    send(office)
    taken = escalation.run(office, now=MONDAY + timedelta(days=60)).taken
    assert [step.falls_on for step in taken] == sorted(step.falls_on for step in taken)
    assert all(step.late for step in taken)


def test_a_clock_that_jumps_back_fires_nothing_twice(office):
    send(office)
    first = escalation.run(office, now=MONDAY + timedelta(days=10)).taken
    assert first
    assert escalation.run(office, now=MONDAY).taken == []
    assert escalation.run(office, now=MONDAY + timedelta(days=10)).taken == []


def test_an_extension_brings_new_steps_for_the_new_date_only(office, officer):
    ref = arrives(office)
    officers.allocate(office, officer, ref, officer.id, revision=1, now=MONDAY)
    officers.acknowledge(office, officer, ref, "We have it.", revision=2, now=MONDAY)
    page = case_page.open_case(office, officer, ref, now=MONDAY)
    due = next(view.deadline.due for view in page.deadlines if view.deadline.id == "stage-1-response")
    until = office.calendar.nth_after(due, 5)
    officers.extend(office, officer, ref, "stage-1-response", until, "Waiting.", revision=3, now=MONDAY)
    taken = escalation.run(office, now=MONDAY + timedelta(days=60)).taken
    assert {step.due for step in taken} == {until}


def test_an_answered_case_climbs_no_further(office, officer):
    ref = arrives(office)
    officers.acknowledge(office, officer, ref, "We have it.", revision=1, now=MONDAY)
    officers.respond(office, officer, ref, "upheld", "Yes.", "", revision=2, now=MONDAY)
    assert escalation.run(office, now=MONDAY + timedelta(days=90)).taken == []


def test_a_concern_about_the_monitoring_officer_is_escalated_to_the_alternate_alone(
    office, alternate, monitoring_officer, deputy
):
    send(office, "whistleblowing", named=("unsure",))
    escalation.run(office, now=MONDAY + timedelta(days=60))
    told = set(office.session.scalars(select(Notice.staff_id)))
    assert told == {alternate.id}


def test_a_concern_is_never_escalated_to_the_complaints_side(office, monitoring_officer, deputy):
    send(office, "whistleblowing")
    escalation.run(office, now=MONDAY + timedelta(days=60))
    assert set(office.session.scalars(select(Notice.staff_id))) <= {monitoring_officer.id, deputy.id}


def test_notices_reach_a_real_mail_server_and_hold_no_content(office, post_office, officer):
    sent = send(office)
    nothing = sending.send_waiting(office, sending.smtp(office.settings), now=MONDAY)
    assert nothing == notices.Post(0, 0, 0)  # news waits for its time of the day
    escalation.run(office, now=MONDAY + timedelta(days=3))
    office = by_mail(office, post_office)
    done = sending.send_waiting(office, sending.smtp(office.settings), now=MONDAY + timedelta(days=3))
    assert (done.failed, done.queued) == (0, 0)
    assert done.sent == len(post_office.received) > 0
    for message in post_office.received:
        assert "Something." not in message.as_string()
        assert sent.receipt not in message.as_string()
        assert message["Message-ID"]
    again = sending.send_waiting(office, sending.smtp(office.settings), now=MONDAY + timedelta(days=4))
    assert again.sent == 0


def test_news_of_arrivals_name_no_case_and_one_waiting_stands_for_all(office, monitoring_officer):
    for _ in range(3):
        send(office, "whistleblowing")
    waiting = office.session.scalars(select(Notice).where(Notice.kind == "news")).all()
    assert [notice.case_id for notice in waiting] == [None] * len(waiting)
    assert Counter(notice.staff_id for notice in waiting)[monitoring_officer.id] == 1


def test_mail_that_cannot_be_sent_is_tried_again_and_then_told(office):
    send(office)

    def down(message):
        raise smtplib.SMTPServerDisconnected("gone")

    moment, tries = MONDAY, 0
    while notices.post(office).queued:
        done = sending.send_waiting(office, down, now=moment)
        tries += done.queued > 0
        moment += timedelta(days=1)
        assert tries < 20
    post = notices.post(office)
    assert (post.sent, post.queued) == (0, 0)
    assert post.failed > 0
    lines = office.session.scalars(select(JournalLine).where(JournalLine.act == "notice-failed")).all()
    assert len(lines) == post.failed


def test_a_sender_that_dies_gives_its_notices_back(office):
    send(office)
    escalation.run(office, now=MONDAY + timedelta(days=10))
    moment = MONDAY + timedelta(days=10)

    def dies(message):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sending.send_waiting(office, dies, now=moment)
    sent = []
    sending.send_waiting(office, sent.append, now=moment + timedelta(minutes=15))
    sending.send_waiting(office, sent.append, now=moment + timedelta(hours=5))
    assert notices.post(office).queued == 0
    assert len(sent) == notices.post(office).sent > 0


class Holding:
    """A mail server that takes two letters and holds the third, until it is told to refuse it and take what comes."""

    def __init__(self) -> None:
        self.received: list[str] = []
        self.holds, self.let_go = threading.Event(), threading.Event()

    async def handle_DATA(self, server, session, envelope) -> str:
        if len(self.received) == 2 and not self.let_go.is_set():
            self.holds.set()
            while not self.let_go.is_set():
                await asyncio.sleep(0.01)
            return "451 Not now"
        self.received.append(message_from_bytes(envelope.content)["Message-ID"])
        return "250 Taken"


def test_of_two_ticks_at_once_one_is_killed_and_every_letter_comes_once(instance, office):
    """Killed after a server took the letter and before that is kept, it comes again under the same Message-ID."""
    for _ in range(3):
        send(office)
    office.session.rollback()
    holding, moment = Holding(), MONDAY + timedelta(days=10)
    post_office = Controller(holding, hostname="127.0.0.1", port=_free_port())
    post_office.start()
    mail = f'smtp_host = "127.0.0.1"\nsmtp_port = {post_office.port}\nsmtp_security = "none"\n'
    with (instance / "settings.toml").open("a") as settings:
        settings.write(f'{mail}mail_from = "intake@council.example"\n')
    command = [sys.executable, "-m", "intake.cli", "tick", "--as-of", moment.isoformat()]
    where = {"INTAKE_INSTANCE": str(instance), "PATH": ""}
    with subprocess.Popen(command, env=where, stdout=subprocess.DEVNULL) as first:
        assert holding.holds.wait(PATIENCE_SECONDS)
        second = subprocess.run(command, env=where, capture_output=True, text=True)
        assert "notices: 0 sent" in second.stdout
        first.kill()
    holding.let_go.set()
    office = by_mail(office, post_office)
    for later in (timedelta(minutes=15), timedelta(hours=5)):
        sending.send_waiting(office, sending.smtp(office.settings), now=moment + later)
    post_office.stop()
    letters = office.session.scalars(select(Notice.id)).all()
    assert notices.post(office).sent == len(letters) > 5
    assert Counter(holding.received) == Counter(f"<{letter}@council.example>" for letter in letters)


def test_how_many_notices_wait_is_no_trace_across_the_wall(office):
    before = notices.post(office, ["complaints"])
    send(office, "whistleblowing")
    assert notices.post(office, ["complaints"]) == before
    assert notices.post(office, ["whistleblowing"]).queued == 2

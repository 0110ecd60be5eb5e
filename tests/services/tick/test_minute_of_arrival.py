"""Nobody who looks at the disk, the mail or the log learns the minute in which somebody wrote."""

from __future__ import annotations

import os
import smtplib
import sqlite3
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
import time_machine
from click.testing import CliRunner
from sqlalchemy import select

from intake.cli import main
from intake.cli.tick import _once
from intake.database import level_times, writing
from intake.models import StepRow
from intake.procedures.working_days import LONDON
from intake.services.ground import notices
from intake.services.tick import escalation, sending
from tests.actors import send

ARRIVAL = datetime(2026, 6, 2, 9, 37, 21, 123_000, tzinfo=UTC)  # 10:37 in London
BEFORE = ARRIVAL - timedelta(minutes=30)
MARKS = ("09:37", "10:37", "37:21", "0937", "1037")


def down(_message):
    raise smtplib.SMTPServerDisconnected("gone")


def moments_kept(instance) -> dict[str, str]:
    """Every value of every table that tells the hour and minute of the arrival."""
    found = {}
    with sqlite3.connect(instance / "intake.db") as connection:
        tables = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        for table in tables:
            cursor = connection.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for row in cursor:
                for name, value in zip(names, row, strict=True):
                    if isinstance(value, str) and any(mark in value for mark in MARKS[:3]):
                        found[f"{table}.{name}"] = value
                    if isinstance(value, int | float) and abs(value - ARRIVAL.timestamp()) < 600:
                        found[f"{table}.{name}"] = str(value)
    return found


def test_the_mail_server_is_down_and_no_row_keeps_the_moment(office, instance):
    """Seen before: `notices.try_at` kept the arrival to the millisecond, beside the recipient."""
    sending.send_waiting(office, down, now=BEFORE)
    send(office, "whistleblowing", now=ARRIVAL)
    moment = ARRIVAL
    for _ in range(20):
        sending.send_waiting(office, down, now=moment)
        moment += timedelta(minutes=41)
        assert moments_kept(instance) == {}
    assert notices.post(office).queued > 0


def test_news_goes_out_at_the_fixed_times_of_the_day_and_says_no_other(office):
    letters = []
    sending.send_waiting(office, letters.append, now=BEFORE)
    send(office, "whistleblowing", now=ARRIVAL)
    moment = ARRIVAL
    while moment.astimezone(LONDON).hour < 13:
        assert letters == []
        sending.send_waiting(office, letters.append, now=moment)
        moment += timedelta(minutes=1)
    sending.send_waiting(office, letters.append, now=moment)
    assert len(letters) == 2
    for letter in letters:
        gone = parsedate_to_datetime(letter["Date"]).astimezone(LONDON)
        assert (gone.hour, gone.minute) == (13, 0)
        assert not any(mark in letter.as_string() for mark in MARKS)
    sending.send_waiting(office, letters.append, now=moment + timedelta(minutes=1))
    assert len(letters) == 2


def test_what_arrives_after_the_last_time_of_a_day_waits_for_the_morning(office):
    letters, evening = [], datetime(2026, 6, 2, 19, 37, tzinfo=LONDON)
    sending.send_waiting(office, letters.append, now=evening - timedelta(minutes=5))
    send(office, "whistleblowing", now=evening)
    sending.send_waiting(office, letters.append, now=evening + timedelta(hours=3))
    assert letters == []
    sending.send_waiting(office, letters.append, now=datetime(2026, 6, 3, 9, 0, tzinfo=LONDON))
    assert len(letters) == 2


def test_the_tick_beside_serve_prints_nothing_of_news(office, capsys):
    """Seen before: "2 sent", which the system's journal stamped."""
    _once(office, BEFORE, quiet=True)
    send(office, "whistleblowing", now=ARRIVAL)
    for minutes in range(0, 300, 20):
        _once(office, ARRIVAL + timedelta(minutes=minutes), quiet=True)
    assert capsys.readouterr() == ("", "")


def test_the_files_times_tell_the_day_and_no_more(instance, monkeypatch):
    monkeypatch.setenv("INTAKE_INSTANCE", str(instance))
    for path in instance.glob("intake.*"):
        os.utime(path, (ARRIVAL.timestamp(), ARRIVAL.timestamp()))
    with time_machine.travel(ARRIVAL, tick=False):
        assert CliRunner().invoke(main, ["tick"]).exit_code == 0
    for path in instance.glob("intake.*"):
        told = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        assert (told.hour, told.minute, told.second) == (0, 0, 0), path


def test_a_step_that_an_arrival_sets_off_today_waits_for_midnight(office, instance):
    """A procedure whose first step falls on the day of receipt: taken at once, it and its line kept the minute."""
    send(office, "whistleblowing", now=ARRIVAL)
    with writing(office.session):
        for row in office.session.scalars(select(StepRow)):
            row.falls_on = ARRIVAL.date()
    assert escalation.run(office, now=ARRIVAL + timedelta(minutes=1)).taken == []
    assert moments_kept(instance) == {}
    taken = escalation.run(office, now=datetime(2026, 6, 3, 0, 1, tzinfo=LONDON)).taken
    assert taken
    assert all(step.late for step in taken)


@pytest.mark.parametrize("of", ["09:00", "25:00", "9", "09:60"])
def test_a_time_of_the_day_is_written_one_way(instance, of):
    from intake import config

    if of == "09:00":
        assert config.load(instance, overrides={"news_times": [of]}).news_times == (of,)
    else:
        with pytest.raises(config.BadSetting, match="news_times"):
            config.load(instance, overrides={"news_times": [of]})


def test_a_database_that_has_gone_has_no_times_to_level(office, tmp_path):
    level_times(office.session.get_bind(), ARRIVAL.date())

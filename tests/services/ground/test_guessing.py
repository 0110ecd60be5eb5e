"""Floods of guesses, and clocks that ran ahead: the owner gets in all the same."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import func, select

from intake import config
from intake.demonstration.living import PASSWORD
from intake.models import JournalLine, Staff, StaffSession
from intake.services.ground.brakes import FREE_TRIES, MOST_NAMES, Brake
from intake.services.ground.office import assemble
from intake.services.ground.refusals import SignInRefused, SignInThrottled
from intake.services.people import accounts, signing_in
from intake.vault import second_factor

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
EMAIL = "officer@demonstration.example"


def in_step(office, moment: datetime) -> datetime:
    """The brakes' clock shows the same moment as the story."""
    for name in ("names", "codes"):
        if hasattr(office, name):
            getattr(office, name).clock = moment.timestamp
    return moment


def tried(office, password: str, at: datetime, code: str = "", email: str = EMAIL) -> bool:
    try:
        signing_in.sign_in(office, email, password, code, now=in_step(office, at))
    except SignInRefused:
        return False
    return True


def test_ten_wrong_passwords_a_second_do_not_keep_the_owner_out(office):
    """Strangers and the owner try in an order that the lot decides anew each second, as `web/serving` draws it."""
    lot, moment = Random(4), NOW
    for second in range(30):
        tries = ["wrong"] * 10 + [PASSWORD]
        lot.shuffle(tries)
        for place, password in enumerate(tries):
            if tried(office, password, moment + timedelta(seconds=second, milliseconds=place)):
                return
    pytest.fail("the owner was kept out for half a minute")


def test_a_name_takes_one_try_a_second_after_a_few_in_vain_and_others_are_not_slowed():
    now = [0.0]
    brake = Brake(1, clock=lambda: now[0])
    assert [brake.take(b"a") for _ in range(FREE_TRIES + 3)] == [True] * FREE_TRIES + [False] * 3
    assert brake.take(b"b")
    now[0] = 1.0
    assert [brake.take(b"a") for _ in range(3)] == [True, False, False]
    now[0] = 1000.0
    assert [brake.take(b"a") for _ in range(FREE_TRIES + 1)] == [True] * FREE_TRIES + [False]
    brake.forget(b"a")
    assert brake.take(b"a")


def test_a_second_machine_gives_a_guesser_no_more_tries(instance):
    """Seen before: twice as many. Tries come to each machine in turn, ten a second, for a minute."""

    def looked_at(machines: int) -> int:
        now = [0.0]
        settings = config.load(instance, overrides={"machines": machines})
        brakes = [assemble(settings, None).names for _ in range(machines)]
        for brake in brakes:
            brake.clock = lambda: now[0]
        number = 0
        for tenth in range(600):
            now[0] = tenth / 10
            number += brakes[tenth % machines].take(b"maya@council.example")
        return number - FREE_TRIES * machines

    assert looked_at(2) <= looked_at(1) + 1 < 62
    assert looked_at(3) <= looked_at(1) + 2


def test_a_million_made_up_names_do_not_fill_the_memory():
    brake = Brake(1)
    for number in range(MOST_NAMES + 500):
        brake.take(str(number).encode())
    assert len(brake._tries) == MOST_NAMES


def test_tries_in_vain_while_the_clock_was_eight_days_ahead_slow_nobody_when_it_is_right_again(office):
    for number in range(9):
        tried(office, "wrong", NOW + timedelta(days=8, milliseconds=number))
    assert tried(office, PASSWORD, NOW)


def test_a_session_of_the_future_is_over_and_stays_so_when_its_time_comes(office):
    ahead = NOW + timedelta(days=8)
    cookie = signing_in.sign_in(office, EMAIL, PASSWORD, "", now=ahead)
    assert signing_in.resume(office, cookie, now=NOW) is None
    assert signing_in.resume(office, cookie, now=ahead) is None


def test_a_session_found_over_is_deleted_before_a_clock_set_right_can_open_it(office):
    cookie = signing_in.sign_in(office, EMAIL, PASSWORD, "", now=NOW)
    assert signing_in.resume(office, cookie, now=NOW + timedelta(days=8)) is None
    assert signing_in.resume(office, cookie, now=NOW + timedelta(minutes=1)) is None
    assert office.session.scalar(select(func.count()).select_from(StaffSession)) == 0


def test_sessions_of_the_future_are_swept(office):
    signing_in.sign_in(office, EMAIL, PASSWORD, "", now=NOW + timedelta(days=8))
    assert signing_in.sweep(office, now=NOW) == 1


def test_a_clock_a_moment_behind_ends_nothing(office):
    cookie = signing_in.sign_in(office, EMAIL, PASSWORD, "", now=NOW)
    assert signing_in.resume(office, cookie, now=NOW - timedelta(seconds=30)) is not None


@pytest.fixture
def strict(office):
    """An office that asks for codes, and an officer of it with a telephone."""
    strict = dataclasses.replace(office, settings=dataclasses.replace(office.settings, second_factor=True))
    secret = b"s" * second_factor.SECRET_BYTES
    accounts.create(strict, "maya@council.example", "Maya", "senior-officer", PASSWORD, secret, now=NOW)
    return strict


def code(at: datetime) -> str:
    from cryptography.hazmat.primitives.hashes import SHA1
    from cryptography.hazmat.primitives.twofactor.totp import TOTP

    return TOTP(b"s" * second_factor.SECRET_BYTES, 6, SHA1(), 30).generate(int(at.timestamp())).decode()


def maya(strict, at: datetime, told: str | None = None) -> bool:
    return tried(strict, PASSWORD, at, code(at) if told is None else told, "maya@council.example")


def test_a_code_used_while_the_clock_was_ahead_does_not_refuse_the_owner_for_days_and_is_journalled(strict):
    assert maya(strict, NOW + timedelta(days=8))
    assert maya(strict, NOW)
    acts = strict.session.scalars(select(JournalLine.act)).all()
    assert acts.count("second-factor-from-the-future") == 1
    assert (
        strict.session.scalar(select(Staff.last_code).where(Staff.name == "Maya")) < NOW.timestamp() / 30 + 2
    )
    assert not maya(strict, NOW)  # a code is still taken once
    assert maya(strict, NOW + timedelta(minutes=2))
    assert strict.session.scalars(select(JournalLine.act)).all().count("second-factor-from-the-future") == 1


def test_whoever_knows_the_password_tries_one_code_a_minute_and_is_not_told_that_it_is_right(strict):
    moment = NOW
    for _ in range(FREE_TRIES):
        assert not maya(strict, moment, "000000")
        moment += timedelta(seconds=2)
    at = in_step(strict, moment)
    with pytest.raises(SignInRefused) as refusal:
        signing_in.sign_in(strict, "maya@council.example", PASSWORD, code(at), now=at)
    assert not isinstance(refusal.value, SignInThrottled)
    assert maya(strict, moment + timedelta(seconds=61))

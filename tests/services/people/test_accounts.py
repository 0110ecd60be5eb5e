"""Accounts, second factors, sessions, and who may open a vault."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import select, update

from intake.database import writing
from intake.demonstration.living import PASSWORD
from intake.models import Staff, StaffSession
from intake.services.casework import case_page
from intake.services.desk import lists as desk
from intake.services.ground import custody
from intake.services.ground.refusals import NotFound, Refused, SignInRefused, SignInThrottled
from intake.services.ground.roles import Officer
from intake.services.people import accounts, grants, signing_in
from intake.services.tick import sending
from intake.vault.keys import Argon2Parameters, PasswordLock
from tests.actors import arrives, send

NOW = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
NEW_PASSWORD = "four quiet words here"


def code(secret: bytes, at: datetime) -> str:
    return TOTP(secret, 6, SHA1(), 30).generate(int(at.timestamp())).decode()


@pytest.fixture
def strict(office):
    """The same office with the second factor asked for, as everywhere but in a demonstration."""
    return replace(office, settings=replace(office.settings, second_factor=True))


@pytest.fixture
def newcomer(strict):
    """Somebody who was invited and has joined; no vault yet."""
    invitation = accounts.invite(
        strict, "new@council.example", "Nadia Orchard", "complaints-officer", now=NOW
    )
    secret, _ = accounts.new_second_factor(strict, "new@council.example")
    accounts.join(strict, "new@council.example", invitation, NEW_PASSWORD, secret, code(secret, NOW), now=NOW)
    return secret


def signed_in(office, secret, at) -> Officer:
    cookie = signing_in.sign_in(office, "new@council.example", NEW_PASSWORD, code(secret, at), now=at)
    return signing_in.resume(office, cookie, now=at)


def test_a_new_officer_opens_nothing_until_a_colleague_grants_the_vault(strict, newcomer, manager):
    ref = arrives(strict, now=NOW)
    nadia = signed_in(strict, newcomer, NOW + timedelta(minutes=1))
    assert desk.desk(strict, nadia, "open", now=NOW).lines == ()
    shown = grants.own(strict, nadia).fingerprint
    with pytest.raises(NotFound):
        grants.colleagues(strict, nadia)
    with pytest.raises(NotFound):
        grants.grant(strict, nadia, nadia.id, shown, now=NOW)
    grants.grant(strict, manager, nadia.id, shown, now=NOW)
    assert case_page.open_case(strict, nadia, ref, now=NOW).words[0].answer == "Something."


def test_a_vault_is_granted_only_to_a_role_that_belongs_to_it(office, manager, monitoring_officer):
    with pytest.raises(Refused):
        grants.grant(office, manager, monitoring_officer.id, "", now=NOW)


def test_each_guess_at_a_password_costs_64_mib_three_times_over(strict, newcomer):
    nadia = strict.session.scalars(select(Staff).where(Staff.email == "new@council.example")).one()
    assert nadia.lock
    assert PasswordLock.open(nadia.lock, NEW_PASSWORD, holder=nadia.id).parameters == (
        Argon2Parameters(memory_kib=64 * 1024, passes=3, lanes=1)
    )


def test_a_one_time_code_works_once(strict, newcomer):
    at = NOW + timedelta(minutes=1)
    signed_in(strict, newcomer, at)
    with pytest.raises(SignInRefused):
        signed_in(strict, newcomer, at)
    with pytest.raises(SignInRefused):
        signing_in.sign_in(strict, "new@council.example", NEW_PASSWORD, "", now=at)


def test_an_invitation_works_once_and_runs_out(strict):
    invitation = accounts.invite(strict, "late@council.example", "Late", "complaints-officer", now=NOW)
    with pytest.raises(Refused):
        accounts.check_invitation(strict, "late@council.example", "guess", now=NOW)
    with pytest.raises(Refused):
        accounts.check_invitation(strict, "late@council.example", invitation, now=NOW + timedelta(days=8))
    assert accounts.check_invitation(strict, "late@council.example", invitation, now=NOW) == "Late"
    secret, _ = accounts.new_second_factor(strict, "late@council.example")
    accounts.join(
        strict, "late@council.example", invitation, NEW_PASSWORD, secret, code(secret, NOW), now=NOW
    )
    with pytest.raises(Refused):
        accounts.check_invitation(strict, "late@council.example", invitation, now=NOW)


def test_an_invitation_made_while_the_clock_was_ahead_is_of_no_use_once_it_is_right(strict):
    """It was taken for ten years."""
    ahead = NOW + timedelta(days=3_650)
    invitation = accounts.invite(strict, "new@council.example", "Nadia", "complaints-officer", now=ahead)
    with pytest.raises(Refused, match="Ask for a new one"):
        accounts.check_invitation(strict, "new@council.example", invitation, now=NOW)


def test_a_row_that_somebody_damaged_is_listed_and_can_be_put_right(office, manager):
    """The very commands that the check advises ended in a KeyError."""
    with writing(office.session):
        office.session.execute(update(Staff).where(Staff.id == manager.id).values(role="chief", public=b"\0"))
    listed = {one.email: one for one in grants.everybody(office)}["manager@demonstration.example"]
    assert (listed.role, listed.fingerprint) == ("A role that this program does not know", "damaged")
    assert any("intake vault remove complaints manager@" in fault for fault in custody.faults(office))
    grants.remove_grant(office, "complaints", "manager@demonstration.example", now=NOW)
    accounts.disable(office, "manager@demonstration.example", now=NOW)
    assert custody.faults(office) == []


def test_wrong_password_unknown_name_and_disabled_account_read_the_same(office):
    accounts.disable(office, "senior@demonstration.example", now=NOW)
    words = set()
    for email, password in (
        ("officer@demonstration.example", "wrong"),
        ("nobody@demonstration.example", PASSWORD),
        ("senior@demonstration.example", PASSWORD),
    ):
        with pytest.raises(SignInRefused) as refusal:
            signing_in.sign_in(office, email, password, "", now=NOW)
        words.add(str(refusal.value))
    assert len(words) == 1


def test_guessing_is_slowed_and_the_owner_is_not_kept_out_for_more_than_a_second(office):
    email, waited = "officer@demonstration.example", 0
    office.names.clock = lambda: 0.0
    for _ in range(30):
        try:
            signing_in.sign_in(office, email, "wrong", "", now=NOW)
        except SignInThrottled:
            waited += 1
        except SignInRefused:
            continue
    assert waited > 20
    office.names.clock = lambda: 1.0
    signing_in.sign_in(office, email, PASSWORD, "", now=NOW)


def test_a_session_ends_idle_at_its_longest_at_sign_out_and_when_the_account_is_switched_off(office):
    email = "officer@demonstration.example"

    def resumed(cookie, at):
        return signing_in.resume(office, cookie, now=at) is not None

    cookie = signing_in.sign_in(office, email, PASSWORD, "", now=NOW)
    assert resumed(cookie, NOW + timedelta(minutes=19))
    assert resumed(cookie, NOW + timedelta(minutes=38))
    assert not resumed(cookie, NOW + timedelta(minutes=58))

    at, cookie = NOW, signing_in.sign_in(office, email, PASSWORD, "", now=NOW)
    while resumed(cookie, at):
        at += timedelta(minutes=15)
    assert at - NOW <= timedelta(hours=office.settings.session_hours, minutes=15)

    cookie = signing_in.sign_in(office, email, PASSWORD, "", now=NOW)
    signing_in.sign_out(office, signing_in.resume(office, cookie, now=NOW), now=NOW)
    assert not resumed(cookie, NOW)

    cookie = signing_in.sign_in(office, email, PASSWORD, "", now=NOW)
    accounts.disable(office, email, now=NOW)
    assert not resumed(cookie, NOW)


def test_a_cookie_of_junk_opens_nothing(office):
    for junk in ("", "x", "é" * 43, "A" * 43, "../../etc"):
        assert signing_in.resume(office, junk, now=NOW) is None


def test_the_session_row_holds_the_key_wrapped(office, officer):
    signing_in.sign_in(office, "officer@demonstration.example", PASSWORD, "", now=NOW)
    row = office.session.scalar(select(StaffSession))
    assert officer.pair.seed not in row.sealed_key
    staff = office.session.get(Staff, officer.id)
    assert officer.pair.seed not in staff.sealed_key


def test_what_is_no_paper_lets_nobody_in(tmp_path, newcomer, strict):
    for vault in ("complaints", "no-such-vault"):
        with pytest.raises(Refused):
            grants.grant_with_papers(strict, vault, ["nonsense"], "new@council.example", "", now=NOW)


@pytest.mark.parametrize(
    ("email", "name", "role"),
    [("nobody", "A", "senior-officer"), ("a@b.example", "", "senior-officer"), ("a@b.example", "A", "king")],
)
def test_an_account_that_cannot_be_is_refused_in_words(office, email, name, role):
    with pytest.raises(Refused, match=r"\."):
        accounts.invite(office, email, name, role, now=NOW)


def test_strangers_who_guess_do_not_slow_a_browser_that_was_signed_in_before(office):
    email = "officer@demonstration.example"
    known = signing_in.known_browser(office, email, now=NOW)
    office.names.clock = lambda: 0.0
    for _ in range(8):
        with pytest.raises(SignInRefused):
            signing_in.sign_in(office, email, "wrong", "", now=NOW)
    with pytest.raises(SignInThrottled):
        signing_in.sign_in(office, email, PASSWORD, "", known=known + "0", now=NOW)
    elsewhere = signing_in.known_browser(office, "manager@demonstration.example", now=NOW)
    with pytest.raises(SignInThrottled):
        signing_in.sign_in(office, email, PASSWORD, "", known=elsewhere, now=NOW)
    signing_in.sign_in(office, email, PASSWORD, "", known=known, now=NOW)


def test_a_mark_is_of_an_active_account_and_of_some_weeks(office):
    """Seen before: it went first for ever, also that of an account that had been disabled."""
    email = "deputy@demonstration.example"
    known = signing_in.known_browser(office, email, now=NOW)
    days = signing_in.KNOWN_DAYS
    for moment, who in ((0, email), (days, email), (days + 1, ""), (-3, "")):
        assert signing_in.is_known_browser(office, known, now=NOW + timedelta(days=moment)) == who
    nonce, day, own, ours = known.split(".")
    for forged in (
        f"{nonce}.{int(day) + 9}.{own}.{ours}",
        f"{nonce}.{day}.{ours}.{ours}",
        "",
        "a.b.c",
        "é.1.2.3",
    ):
        assert signing_in.is_known_browser(office, forged, now=NOW) == ""
    office.session.execute(update(Staff).where(Staff.email == email).values(active=False))
    office.session.commit()
    assert signing_in.is_known_browser(office, known, now=NOW) == ""


def test_a_disabled_account_gets_no_more_mail(office):
    send(office, now=NOW)
    accounts.disable(office, "officer@demonstration.example", now=NOW)
    letters = []
    for hours in (0, 24):
        sending.send_waiting(office, letters.append, now=NOW + timedelta(hours=hours))
    assert letters
    assert "officer@demonstration.example" not in [letter["To"] for letter in letters]


def test_a_changed_password_ends_every_session_and_opens_the_same_cases(office):
    email = "officer@demonstration.example"
    ref = arrives(office, now=NOW)
    cookie = signing_in.sign_in(office, email, PASSWORD, "", now=NOW)
    maya = signing_in.resume(office, cookie, now=NOW)
    with pytest.raises(SignInRefused):
        accounts.change_password(office, maya, "a guess", NEW_PASSWORD, now=NOW)
    with pytest.raises(Refused):
        accounts.change_password(office, maya, PASSWORD, "short", now=NOW)
    accounts.change_password(office, maya, PASSWORD, NEW_PASSWORD, now=NOW)
    assert signing_in.resume(office, cookie, now=NOW) is None
    with pytest.raises(SignInRefused):
        signing_in.sign_in(office, email, PASSWORD, "", now=NOW)
    again = signing_in.resume(office, signing_in.sign_in(office, email, NEW_PASSWORD, "", now=NOW), now=NOW)
    assert case_page.open_case(office, again, ref, now=NOW).words[0].answer == "Something."

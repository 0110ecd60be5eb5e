"""Who sent a concern is given to an investigator, with a reason, for a time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from click.testing import CliRunner

from intake.cli import main
from intake.database import writing
from intake.demonstration.living import PASSWORD
from intake.models import Keyholder
from intake.services.access import ending, naming
from intake.services.cases.words import Answer
from intake.services.casework import case_page, identity
from intake.services.ground.refusals import NotFound, Refused, SignInRefused
from intake.services.holders import asking, returning
from tests.actors import concern, send
from tests.what_opens import copy_of, keys_in, opened_with, pairs_in, what_is_there, what_opens

from .story import LATER, NOW, case_id, give, revision, take_back

DAY = timedelta(days=1)


@pytest.fixture
def sent(office, monitoring_officer, investigator):
    """A concern that an investigator has."""
    sent = send(office, concern(), now=NOW)
    give(office, monitoring_officer, sent.reference, investigator)
    return sent


def name(office, officer, reference: str, to, **more) -> None:
    told = {"why": "To ask her.", "password": PASSWORD, "until": (LATER + DAY).date(), "now": LATER} | more
    told = {"revision": revision(office, reference)} | told
    naming.give(office, officer, reference, to.id, told.pop("why"), told.pop("password"), **told)


def identities(office, who, reference: str) -> set[int]:
    opened = what_opens(copy_of(office), who).get(case_id(office, reference), set())
    return {place for kind, place in opened if kind == "identity"}


def correct(office, receipt: str, token: str, now=LATER) -> None:
    told = asking.Details((Answer("Name", "Kofi A. Marsh"),))
    asking.correct_details(office, receipt, told, token=token * 40, now=now)


def test_they_know_it_until_its_day_and_not_after(office, monitoring_officer, investigator, sent):
    assert identities(office, investigator, sent.reference) == set()
    name(office, monitoring_officer, sent.reference, investigator)
    correct(office, sent.receipt, "a")
    assert identities(office, investigator, sent.reference) == {0, 1}
    page = case_page.open_case(office, investigator, sent.reference, now=LATER)
    assert page.identity_sealed
    said = identity.open_identity(office, investigator, sent.reference, "To ask.", PASSWORD, now=LATER)
    assert said[0].answer == "Kofi A. Marsh"
    over = LATER + 2 * DAY
    assert ending.end(office, now=over) == 1
    correct(office, sent.receipt, "b", now=over)
    assert identities(office, investigator, sent.reference) == set()
    page = case_page.open_case(office, investigator, sent.reference, now=over)
    assert not page.identity_sealed
    with pytest.raises(NotFound):
        identity.open_identity(office, investigator, sent.reference, "To ask.", PASSWORD, now=over)
    assert identities(office, monitoring_officer, sent.reference) == {0, 1, 2}


def test_taken_back_before_its_day_their_key_opens_nothing(office, monitoring_officer, investigator, sent):
    name(office, monitoring_officer, sent.reference, investigator)
    copy, case = copy_of(office), case_id(office, sent.reference)
    kept = keys_in(copy, pairs_in(copy, investigator))
    seen = revision(office, sent.reference)
    naming.take_back(
        office, monitoring_officer, sent.reference, investigator.id, "Done.", revision=seen, now=LATER
    )
    assert case not in opened_with(copy_of(office), kept)
    assert identities(office, investigator, sent.reference) == set()
    assert case_page.open_case(office, investigator, sent.reference, now=LATER).words
    seen = revision(office, sent.reference)
    with pytest.raises(Refused, match="have not been given who sent it"):
        naming.take_back(
            office, monitoring_officer, sent.reference, investigator.id, "Done.", revision=seen, now=LATER
        )


def test_whoever_moves_the_day_in_the_database_gains_nothing_that_comes(
    office, monitoring_officer, investigator, sent
):
    name(office, monitoring_officer, sent.reference, investigator)
    case = case_id(office, sent.reference)
    with writing(office.session):
        row = office.session.get(Keyholder, (case, f"staff:{investigator.id}", "identity"))
        row.until = None
    correct(office, sent.receipt, "a", now=LATER + 9 * DAY)
    assert 1 not in identities(office, investigator, sent.reference)


def test_without_the_password_a_reason_or_a_day_it_is_not_given(
    office, monitoring_officer, investigator, sent
):
    refused = (
        ({"password": "wrong"}, SignInRefused, "."),
        ({"why": " "}, Refused, "Give the reason"),
        ({"until": None}, Refused, "Give the last day"),
        ({"until": NOW.date()}, Refused, "has passed"),
    )
    for change, how, words in refused:
        with pytest.raises(how, match=words):
            name(office, monitoring_officer, sent.reference, investigator, **change)
    assert identities(office, investigator, sent.reference) == set()


def test_it_is_given_only_with_the_case_and_where_there_is_a_name(
    office, monitoring_officer, investigator, sent
):
    nameless = send(office, concern(name="", level="anonymous", identity=()), now=NOW)
    give(office, monitoring_officer, nameless.reference, investigator)
    with pytest.raises(Refused, match="Nobody gave a name"):
        name(office, monitoring_officer, nameless.reference, investigator)
    take_back(office, monitoring_officer, sent.reference, investigator)
    with pytest.raises(Refused, match="give them the case first"):
        name(office, monitoring_officer, sent.reference, investigator)


def test_it_ends_with_the_case_at_the_latest(office, monitoring_officer, investigator):
    sent = send(office, concern(), now=NOW)
    give(office, monitoring_officer, sent.reference, investigator, until=(LATER + DAY).date())
    name(office, monitoring_officer, sent.reference, investigator, until=(LATER + 9 * DAY).date())
    assert ending.end(office, now=LATER + 2 * DAY) == 2
    assert what_opens(copy_of(office), investigator) == {}
    returning.write(office, sent.receipt, "Hello?", token="h" * 40, now=LATER + 2 * DAY)
    case = case_id(office, sent.reference)
    assert what_opens(copy_of(office), monitoring_officer)[case] == what_is_there(copy_of(office), case)


def test_the_tick_takes_it_away_though_they_never_come_back(
    office, monitoring_officer, investigator, instance, monkeypatch
):
    sent = send(office, concern(), now=NOW)
    give(office, monitoring_officer, sent.reference, investigator, until=(LATER + DAY).date())
    monkeypatch.setenv("INTAKE_INSTANCE", str(instance))
    ticked = CliRunner().invoke(main, ["tick", "--as-of", "2026-09-01T09:00"])
    assert "given for a time" not in ticked.output
    assert what_opens(copy_of(office), investigator) == {}
    case = case_id(office, sent.reference)
    assert what_opens(copy_of(office), monitoring_officer)[case] == what_is_there(copy_of(office), case)

"""Accounts that somebody wrote into the database are told, though they open no vault."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from intake.services.ground import pinning
from intake.services.people import accounts
from intake.vault import second_factor
from tests.by_hand import by_hand, tables_of

NOW = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)


def with_sql(instance, statement: str) -> None:
    with by_hand(instance) as connection:
        connection.execute(statement)


def invited_and_joined(office) -> None:
    code = accounts.invite(office, "new@council.example", "New", "complaints-officer", now=NOW)
    factor = second_factor.new_secret()
    accounts.join(office, "new@council.example", code, "four quiet words", factor, "", now=NOW)


def test_whoever_came_by_the_doors_is_no_fault(office):
    invited_and_joined(office)
    accounts.invite(office, "waits@council.example", "Waits", "complaints-officer", now=NOW)
    accounts.invite(office, "new@council.example", "New", "complaints-manager", again=True, now=NOW)
    invited = accounts.invite(office, "new@council.example", "New", "complaints-officer", now=NOW)
    assert invited
    assert pinning.faults(office) == []
    accounts.disable(office, "waits@council.example", now=NOW)
    assert pinning.faults(office) == []
    assert pinning.watch(office, now=NOW) == []


GHOST = (
    "INSERT INTO staff SELECT 'ffffffffffffffffffffffffffffffff', 'ghost@council.example', 'Ghost', {columns} "
    "FROM staff WHERE email = 'senior@demonstration.example'"
)


def columns_of(instance) -> str:
    names = tables_of(instance)["staff"]
    assert names[:3] == ["id", "email", "name"]
    return ", ".join(f'"{name}"' for name in names[3:])


def test_an_account_inserted_by_hand_is_told(office, instance):
    with_sql(instance, GHOST.format(columns=columns_of(instance)))
    for told in (pinning.faults(office), pinning.watch(office, now=NOW)):
        assert ["ghost@council.example" in fault and "nobody invited it" in fault for fault in told] == [True]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE staff SET role = 'senior-officer' WHERE email = 'new@council.example'", "has the role"),
        (
            "UPDATE staff SET active = true WHERE email = 'officer@demonstration.example'",
            "was switched off, and is on",
        ),
        (
            "UPDATE staff SET public = (SELECT public FROM staff WHERE email = 'senior@demonstration.example') "
            "WHERE email = 'new@council.example'",
            "not the one with which they joined",
        ),
        (
            "UPDATE staff SET public = (SELECT public FROM staff WHERE email = 'senior@demonstration.example'), "
            "lock = public WHERE email = 'waits@council.example'",
            "no line of its joining",
        ),
    ],
)
def test_an_account_that_was_changed_by_hand_is_told(office, instance, statement, words):
    invited_and_joined(office)
    accounts.invite(office, "waits@council.example", "Waits", "complaints-officer", now=NOW)
    accounts.disable(office, "officer@demonstration.example", now=NOW)
    with_sql(instance, statement)
    (fault,) = pinning.faults(office)
    assert words in fault
    assert pinning.watch(office, now=NOW) == [fault]

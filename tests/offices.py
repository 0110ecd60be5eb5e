"""Offices that are set up in the stories, and who sits in them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from intake.demonstration import living
from intake.procedures.offices import BY_ROLE
from intake.services.instance import founding
from intake.services.people import accounts, grants, signing_in
from tests.conftest import cheap_passwords

if TYPE_CHECKING:
    from intake.services.ground.office import Office
    from intake.services.ground.roles import Officer

SET_UP_AT = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)
NEW = ("deputy-monitoring-officer", "chief-internal-auditor", "chief-executive", "chair-of-audit")


def open_office(office: Office, role: str, email: str = "", *, now: datetime = SET_UP_AT) -> Officer:
    """Set an office up, with one person in it, who is signed in."""
    founded = founding.set_up_office(office, role, now=now)
    vault, email = BY_ROLE[role].vault, email or f"{role}@demonstration.example"
    staff_id = join(office, role, email, now=now)
    grants.give(office, vault, founded.pairs[vault], staff_id, now=now)
    return signed_in(office, email, now=now)


def join(office: Office, role: str, email: str, *, now: datetime = SET_UP_AT) -> str:
    """An account of a role, which opens nothing yet."""
    factor, _ = accounts.new_second_factor(office, email)
    with cheap_passwords():
        return accounts.create(office, email, f"Holder of {role}", role, living.PASSWORD, factor, now=now)


def signed_in(office: Office, email: str, *, now: datetime = SET_UP_AT) -> Officer:
    cookie = signing_in.sign_in(office, email, living.PASSWORD, "", now=now)
    officer = signing_in.resume(office, cookie, now=now)
    assert officer is not None
    return officer

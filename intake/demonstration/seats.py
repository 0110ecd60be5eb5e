"""Two offices more that receive concerns: the deputy apart, and the chief internal auditor with what is about both."""

from __future__ import annotations

from datetime import datetime

from intake.procedures.offices import BY_ROLE
from intake.services.cases.words import Answer
from intake.services.ground import press
from intake.services.ground.office import Office
from intake.services.ground.roles import WHISTLEBLOWING
from intake.services.holders import submitting
from intake.services.holders.submitting import Submission
from intake.services.instance import founding
from intake.services.people import accounts, grants
from intake.services.tick import sending

AUDITOR = ("audit@demonstration.example", "Grace Obi", "chief-internal-auditor")
DEPUTY = ("deputy@demonstration.example", "deputy-monitoring-officer")
ABOUT_THE_MONITORING_OFFICER = (
    "The monitoring officer asked two of us to take a company off the register of interests after the contract with it "
    "had been signed, and to put an earlier date on the form. The company belongs to a relative of hers."
)


def set_up(office: Office, password: str, *, now: datetime) -> None:
    """The deputy leaves the vault that was shared for an office apart, and an auditor comes."""
    email, role = DEPUTY
    founded, vault = founding.set_up_office(office, role, now=now), BY_ROLE[role].vault
    (staff_id,) = (one.id for one in grants.everybody(office) if one.email == email)
    grants.give(office, vault, founded.pairs[vault], staff_id, now=now)
    grants.remove_grant(office, WHISTLEBLOWING, email, now=now)
    email, name, role = AUDITOR
    founded, vault = founding.set_up_office(office, role, now=now), BY_ROLE[role].vault
    factor, _ = accounts.new_second_factor(office, email)
    staff_id = accounts.create(office, email, name, role, password, factor, now=now)
    grants.give(office, vault, founded.pairs[vault], staff_id, now=now)


def send_one(office: Office, *, now: datetime) -> None:
    """A concern about the monitoring officer: neither she nor the deputy, who answers to her, learns of it."""
    what = Submission(
        "whistleblowing",
        "anonymous",
        (
            Answer("What is it about?", "Hiding any of these: covering up, destroying or falsifying records"),
            Answer("Is it about anybody who would receive it?", "Yes, about one or more of them"),
            Answer("Monitoring officer", "Yes"),
            Answer("What happened?", ABOUT_THE_MONITORING_OFFICER),
        ),
        category="concealment",
        named=("monitoring-officer",),
    )
    submitting.receive(office, what, token=press.new_token(), now=now)
    sending.take_as_sent(office, now=now)

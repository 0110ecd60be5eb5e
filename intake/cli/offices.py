"""`intake office`: the offices that receive concerns, each with a vault of its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from intake.cli.instance import first_account, print_papers
from intake.cli.opening import now, opened
from intake.cli.paper import anyway, check_folder, check_nothing_keeps_it, papers
from intake.procedures.offices import LAST_RESORT, OFFICES, Recipient
from intake.services.ground import sealing
from intake.services.ground.roles import DEPUTYS, FIRST, WHISTLEBLOWING
from intake.services.instance import founding
from intake.services.people import grants

NEW = [office for office in OFFICES if office.vault not in FIRST]


@click.group()
def office() -> None:
    """Who receives concerns, and who does where these are named."""


@office.command()
@click.argument("role", type=click.Choice([one.role for one in NEW]))
@papers
@anyway
def add(role: str, into: Path | None, print_keys_anyway: bool) -> None:
    """Set an office up: make its vault, print its three shares once, and make the first account in it.

    From then on reporters are asked whether a concern is about it, and it receives what the order in settings.toml
    gives it. Interrupted before somebody was let in, run it again: it makes the key anew.
    """
    check_nothing_keeps_it(print_keys_anyway or into is not None)
    (one,) = (one for one in NEW if one.role == role)
    with opened() as house:
        check_folder(into, house.settings.instance)
        before = [
            colleague
            for colleague in grants.everybody(house)
            if colleague.role_id == role and colleague.active
        ]
        founded = founding.set_up_office(house, role, now=now())
        print_papers(house, founded, into)
        if not before:
            first_account(house, founded, role, one.vault, one.title)
    for colleague in before:
        click.echo(f"{colleague.email} is let in with `intake vault grant {one.vault} {colleague.email}`.")
    if one.vault == DEPUTYS and before:
        click.echo(
            "Until now the deputy shared the monitoring officer's vault, and keeps it for the concerns in it. While "
            "that is so, a concern about the deputy goes past the monitoring officer too. When those cases are closed "
            f"or handed over, end it with `intake vault remove {WHISTLEBLOWING} ADDRESS`."
        )


@office.command("list")
def list_() -> None:
    """The offices, in the order in which they are asked about: who usually receives, who stands in, who is there."""
    with opened() as house:
        order, in_use = sealing.order(house), founding.in_use(house)
    for one in OFFICES:
        click.echo(f"{one.role}  {one.title}  {_place(one, **order)}  {_state(one, one.vault in in_use)}")


def _place(one: Recipient, usually: Sequence[str], then: Sequence[str]) -> str:
    if one.role in usually:
        return "usually receives"
    if one.role in then:
        return f"stands in, place {then.index(one.role) + 1}"
    return "the last resort" if one is LAST_RESORT else "receives nothing: settings.toml does not name it"


def _state(one: Recipient, in_use: bool) -> str:
    if in_use:
        return "in use"
    return f"not set up: `intake office add {one.role}`" if one in NEW else "nobody is in it"

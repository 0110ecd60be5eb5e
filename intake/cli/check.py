"""`intake check`: whether an instance is fit to serve."""

from __future__ import annotations

import sys

import click

from intake.cli.opening import now, opened
from intake.services.cases import reaching
from intake.services.casework import handing_over
from intake.services.ground import custody, pinning
from intake.services.ground.office import Office
from intake.services.instance import anchoring, founding, which_database
from intake.services.oversight import reviewing
from intake.services.people import recovering, rewrapping
from intake.services.retention import beyond_backups


@click.command()
def check() -> None:
    """Say what is wrong with who can open what, with keys, with accounts, with where cases stand and who has them. Exit
    status 1 when anything is.

    `serve` and `tick` say it too; where cases stand once a day, for all of them are looked at.
    """
    with opened() as office:
        faults = custody.faults(office) + pinning.faults(office) + reaching.faults(office)
        faults += handing_over.faults(office) + recovering.faults(office, now=now())
        faults += (
            reviewing.faults(office, now=now()) + anchoring.openings(office) + beyond_backups.faults(office)
        )
        if founding.is_unused(office):
            faults.append(
                "Nobody has an account here yet. Where set-up was interrupted before it printed the recovery keys, run "
                "`intake init` again: it makes them anew."
            )
        rotate = _keys_to_change(office)
        click.echo(f"Its database is {which_database.shown(office.settings.url)}.")
        for one in recovering.standings(office, now=now()):
            click.echo(f"{one.vault}: recovered with {_papers(one)}; {_tried(one)}.")
    for sentence in rotate:
        click.echo(sentence)
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        sys.exit(1)
    click.echo("Every vault that submissions may reach has somebody who can open it, and nobody holds more.")


def _papers(one: recovering.Standing) -> str:
    if one.papers == recovering.SINGLE:
        return f"its single key (better: `intake vault shares {one.vault}`)"
    return f"two of the three shares of set {one.papers}"


def _tried(one: recovering.Standing) -> str:
    return f"tried on {one.rehearsed_on:%-d %B %Y}" if one.rehearsed_on else "never tried"


def _keys_to_change(office: Office) -> list[str]:
    """What is no fault and should be done: a former member may have kept a key; a change of one was not finished."""
    command = "`intake vault rotate {}`"
    told = [
        f"{', '.join(people)} could open the vault {vault!r} and may have kept its key: change it with "
        f"{command.format(vault)}."
        for vault, people in sorted(rewrapping.left_since(office).items())
    ]
    return told + [
        f"The key of the vault {one.vault!r} was changed, and {one.left:,} of what lies there is still under the one "
        f"before: run {command.format(one.vault)} again."
        for one in rewrapping.under_way(office)
    ]

"""`intake audit`: checks of what must never have been changed."""

from __future__ import annotations

import sys

import click

from intake.cli.opening import opened
from intake.services import journal


@click.group()
def audit() -> None:
    """Check the journal."""


@audit.command()
def verify() -> None:
    """Walk the journal's chain. Exit status 1 when a line was changed, removed or moved.

    Keep the printed number and head elsewhere: against them a cut-off end shows too.
    """
    with opened() as office:
        verdict = journal.verify(office)
    click.echo(f"{verdict.lines} lines hold; head {verdict.head}")
    if verdict.fault:
        click.echo(verdict.fault, err=True)
        sys.exit(1)

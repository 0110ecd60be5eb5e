"""`intake destroy`: what was destroyed goes from backups too."""

from __future__ import annotations

from pathlib import Path

import click

from intake.cli.opening import now, opened
from intake.cli.paper import anyway, check_nothing_keeps_it
from intake.services.ground.refusals import Refused
from intake.services.instance import backups
from intake.services.retention import beyond_backups, destroying, marks


@click.group()
def destroy() -> None:
    """What two people destroyed on the page To destroy: where it may still lie, and how that ends."""


@destroy.command()
def status() -> None:
    """Say what was destroyed and can still come back from a backup, and with which paper."""
    with opened() as office:
        found = beyond_backups.pending(office)
        if found is None:
            click.echo("Nothing was destroyed that a backup could bring back.")
            return
        click.echo(beyond_backups.sentence(found))
        click.echo(f"What was destroyed stands, as keyed hashes, in {marks.list_file(office.settings)}.")


@destroy.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@anyway
def finish(file: Path, print_keys_anyway: bool) -> None:
    """Make backups from before useless: carry out what is left, print another key of backups, and write a fresh backup
    to FILE with it. Then burn the old paper, delete the old files, and run `intake destroy burnt`.
    """
    check_nothing_keeps_it(print_keys_anyway)
    if file.exists():
        raise Refused(f"{file} is there already. A backup never replaces another: name a new file.")
    with opened() as office:
        destroying.go_on(office, now=now())
        destroying.wipe(office, now=now(), at_once=True)
        found = beyond_backups.pending(office)
        if found is None:
            raise Refused("Nothing was destroyed that a backup could bring back.")
        if found.present or not found.keys:
            key = backups.new_key(office, now=now())
            click.echo("Recovery key of backups. Print it and keep it in a safe; it is stored nowhere:\n")
            click.echo(f"  {key.text}\n    fingerprint of the key of backups: {key.fingerprint}\n")
        backups.make(office, file, now=now())
    click.echo(f"{file} is written, and holds nothing of what was destroyed.\n")
    click.echo("Now, for backups from before open with the paper that was printed before:")
    for mark in found.keys:
        click.echo(f"  1. Burn the paper with the fingerprint {mark}, and every copy of it.")
    if not found.keys:
        click.echo("  1. Nothing: there was no key of backups.")
    click.echo("  2. Delete the backups from before, and copies and snapshots of the machine's disk.")
    click.echo("  3. Say so: intake destroy burnt")


@destroy.command()
def burnt() -> None:
    """Record that the papers of older keys of backups are burnt, and the backups from before deleted."""
    with opened() as office:
        found = beyond_backups.record_gone(office, now=now())
    click.echo(
        f"Recorded. {found.cases:,} destroyed up to {found.day:%-d %B %Y}: nobody opens a backup that holds them."
    )

"""`intake services`: the directorates, services and teams of the authority."""

from __future__ import annotations

from pathlib import Path

import click

from intake.cli.opening import now, opened
from intake.register.limits import MOST_BYTES
from intake.services.cases import places
from intake.services.ground.refusals import Refused


@click.group()
def services() -> None:
    """The tree of directorates, services and teams, by which cases are counted."""


@services.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(file: Path) -> None:
    """Set the tree by FILE (CSV or XLSX) with the columns directorate, service and team: all of it or nothing.

    What is there and not in the file stays. Run again, it changes nothing.
    """
    if file.stat().st_size > MOST_BYTES:
        raise Refused("The file is too large to be a list of services.")
    with opened() as office:
        added = places.take_in(office, file.read_bytes(), file.name, now=now())
    click.echo(
        f"{added.new:,} added, {added.placed:,} put below what the file names, {added.known:,} known already."
    )


@services.command("list")
def list_() -> None:
    """The tree as it stands today; what is closed says so."""
    with opened() as office:
        today, tree = office.today(now()), places.tree(office)
        for place in tree.in_order(today):
            depth = len(tree.line(place.id, today)) - 1
            closed = f" (closed on {place.closed_from})" if place.closed_from else ""
            click.echo(f"{'  ' * depth}{place.name}{closed}")

"""What `intake serve` asks before it starts anything, in a process of its own that ends."""

from __future__ import annotations

import click

from intake.cli.opening import opened
from intake.services.ground import custody, pinning
from intake.services.instance import restoring


@click.command("check-to-serve", hidden=True)
def check_to_serve() -> None:
    """Refuse, in words, what may not be served; say what is wrong and may."""
    restoring.sweep()
    with opened() as office:
        pinning.settle(office)  # of a rotation that was killed between its two steps
        custody.check(office)
        for fault in custody.faults(office) + pinning.faults(office):
            click.echo(fault, err=True)  # where keys differ reporters go on: they seal to the pinned ones

"""`intake migrate-to`: another database for an instance."""

from __future__ import annotations

import os
import time

import click

from intake import config
from intake.cli import asking
from intake.cli.opening import now
from intake.services.ground.refusals import Refused
from intake.services.instance import moving, rewording, which_database
from intake.services.instance.moving import Proof

SEEN = (
    "The database's password stood on the command line: everybody on this machine could see it, and the shell may have "
    "kept it. Change it, and leave it out next time (`intake migrate-to --help` says where it goes)."
)
STEP_SECONDS = 5  # between two lines about the same table


@click.command("migrate-to")
@click.argument("database_url")
@click.option("--set", "set_it", is_flag=True, help="Then write the new address into settings.toml.")
@click.option("--as", "email", help="Open samples with the key of this officer, whose password is asked for.")
@click.option(
    "--samples", default=20, show_default=True, type=click.IntRange(1, 10_000), help="How many cases."
)
def migrate_to(database_url: str, set_it: bool, email: str | None, samples: int) -> None:
    """Move this instance to an empty database: postgresql://user@host/name, or back to sqlite:////whole/path.

    Stop `intake serve` first. Nobody can write while it lasts; the old database is read and left as it is. Leave the
    database's password out of the address, where everybody on this machine sees it: a password file keeps it for this
    command and for the server, ~/.pgpass or what the address names with ?passfile=/srv/intake/pgpass; PGPASSWORD in the
    environment works too.
    """
    settings = config.load()
    if set_it and f"{config.ENVIRONMENT_PREFIX}DATABASE_URL" in os.environ:
        raise Refused(
            "INTAKE_DATABASE_URL is set, and wins over settings.toml: change it there, without --set."
        )
    address = moving.address(database_url)
    file = settings.instance / "settings.toml"
    if set_it:
        rewording.with_database(file.read_text("utf-8"), address)  # refused before anything is moved
    if which_database.shown(address) != address:
        click.echo(SEEN, err=True)
    moving.look(settings, database_url)  # before anybody types
    proof = Proof(email, asking.unseen(f"Password of {email}"), samples) if email else None
    click.echo("Until this ends nobody can write to the instance: whoever tries is told to come back.")
    moved = moving.move(settings, database_url, proof=proof, tell=_Progress().tell, now=now())
    rows = sum(one.rows for one in moved.tables.values())
    click.echo(
        f"Moved and proved: {len(moved.tables)} tables with {rows:,} rows, read back and the same; the journal holds "
        f"to line {moved.journal_lines:,}, {moved.journal_head}."
    )
    if proof:
        click.echo(
            f"The first words of {moved.opened} cases open in the new database with the key of {email}."
        )
    new, old = which_database.shown(address), which_database.shown(settings.url)
    if set_it:
        rewording.write(file, rewording.with_database(file.read_text("utf-8"), address))
        click.echo(f"settings.toml now names {new}.")
    else:
        without = "  (and its password, which is not printed)" if new != address else ""
        click.echo(
            f'Nothing is changed yet. To go on there write into settings.toml:\n  database_url = "{new}"{without}'
        )
    click.echo(
        "Then: intake check, intake audit verify, intake serve. From its first use on, the old one is refused.\n"
        f"The old one, {old}, is as it was. Keep it until a backup of the new one was rehearsed; then delete it"
        f"{', with its -wal and -shm' if old.startswith('sqlite') else ''}, for it holds what your schedule has "
        "destroyed since."
    )


class _Progress:
    """A line for each table, and now and then one in between."""

    def __init__(self) -> None:
        self._told = time.monotonic()

    def tell(self, table: str, rows: int, expected: int) -> None:
        if rows >= expected or time.monotonic() - self._told > STEP_SECONDS:
            self._told = time.monotonic()
            click.echo(f"  {table}: {rows:,} of {expected:,}")

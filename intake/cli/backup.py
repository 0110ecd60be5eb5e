"""`intake backup` and `intake restore`."""

from __future__ import annotations

from pathlib import Path

import click

from intake import config
from intake.cli.opening import now, opened
from intake.cli.paper import anyway, check_nothing_keeps_it
from intake.services import backups
from intake.services.refusals import Refused

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("file", required=False, type=_FILE)
@click.option("--rehearse", is_flag=True, help="Prove that FILE opens with the printed key and is whole.")
@click.option(
    "--new-key", is_flag=True, help="Make the key that opens backups, or another one, and print it."
)
@anyway
def backup(file: Path | None, rehearse: bool, new_key: bool, print_keys_anyway: bool) -> None:
    """Write one sealed copy of the whole instance to FILE, while it goes on working.

    FILE may lie anywhere: only the printed recovery key of backups opens it. To copy the folder of a running
    instance is no backup.
    """
    if new_key:
        check_nothing_keeps_it(print_keys_anyway)
        with opened(check=False) as office:
            key = backups.new_key(office, now=now())
        click.echo(
            f"Recovery key of backups. Print it and keep it in a safe; it is stored nowhere:\n\n  {key}\n"
        )
        click.echo("Backups from now on open with this key; earlier ones with the key that was printed then.")
        if file is None:
            return
    if file is None:
        raise click.UsageError("Name the file.")
    if rehearse:
        place = config.load().instance
        manifest = backups.rehearse(file, _key(), place if place.is_dir() else Path.cwd())
        click.echo(f"It opens and is whole. {_told(manifest)}")
        return
    with opened(check=False) as office:  # of any version: before an upgrade is when it is wanted most
        manifest = backups.make(office, file, now=now())
    click.echo(f"{file} is written. {_told(manifest)}")


@click.command()
@click.argument("file", type=_FILE)
def restore(file: Path) -> None:
    """Fill an empty instance folder (INTAKE_INSTANCE) from a backup, with the printed recovery key."""
    place = config.load().instance
    manifest = backups.restore(file, _key(), place, now=now())
    click.echo(f"Restored into {place}. {_told(manifest)}")
    click.echo(
        "What came in after that day is not in it. Everybody signs in again, and each officer gets one notice to look "
        "at what is due. Now: intake check, intake audit verify, intake serve."
    )


def _key() -> str:
    key = click.prompt("Recovery key of backups", hide_input=True)
    if not key.strip():
        raise Refused("Nothing was typed.")
    return key


def _told(manifest: backups.Manifest) -> str:
    cases, lines = manifest.tables.get("cases", 0), manifest.tables.get("journal", 0)
    return (
        f"It holds {cases} cases and {lines} lines of the journal, as of {backups.made_on(manifest):%-d %B %Y}; the "
        f"journal's head is {manifest.journal_head}."
    )

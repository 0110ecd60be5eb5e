"""`intake backup` and `intake restore`."""

from __future__ import annotations

from pathlib import Path

import click

from intake import config
from intake.cli import asking
from intake.cli.audit import heads_of
from intake.cli.opening import now, opened
from intake.cli.paper import anyway, check_nothing_keeps_it
from intake.services.ground.refusals import Refused
from intake.services.ground.roles import ROLES
from intake.services.instance import backups, restoring
from intake.services.retention import marks

_FILE = click.Path(path_type=Path, dir_okay=False)
_against = click.option(
    "--against", help="A head of the journal from before the backup, or a file with such lines: is it ours?"
)


@click.command()
@click.argument("file", required=False, type=_FILE)
@click.option("--rehearse", is_flag=True, help="Prove that FILE opens with the printed key and is whole.")
@click.option(
    "--new-key", is_flag=True, help="Make the key that opens backups, or another one, and print it."
)
@_against
@anyway
def backup(
    file: Path | None, rehearse: bool, new_key: bool, against: str | None, print_keys_anyway: bool
) -> None:
    """Write one sealed copy of the whole instance to FILE, while it goes on working.

    FILE may lie anywhere: only the printed recovery key of backups opens it. To copy the folder of a running
    instance is no backup.
    """
    if new_key:
        check_nothing_keeps_it(print_keys_anyway)
        with opened(check=False) as office:
            key = backups.new_key(office, now=now())
        click.echo("Recovery key of backups. Print it and keep it in a safe; it is stored nowhere:\n")
        click.echo(f"  {key.text}\n    fingerprint of the key of backups: {key.fingerprint}\n")
        click.echo("Backups from now on open with this key; earlier ones with the key that was printed then.")
        if file is None:
            return
    if file is None:
        raise click.UsageError("Name the file.")
    if rehearse:
        restoring.look(file)
        heads = heads_of(against)  # what is wrong is told before anybody types
        found = restoring.rehearse(file, _key(), heads=heads, now=now())
        click.echo(f"It opens and is whole. {_told(found.manifest)}")
        _print_fingerprints(found)
        return
    if against:
        raise click.UsageError("--against goes with --rehearse.")
    with opened(check=False) as office:  # of any version: before an upgrade is when it is wanted most
        manifest = backups.make(office, file, now=now())
    click.echo(f"{file} is written. {_told(manifest)}")


@click.command()
@click.argument("file", type=_FILE)
@_against
@click.option(
    "--destroyed",
    type=_FILE,
    help="The newest keys/destroyed.list: what was destroyed since the backup is destroyed in it again.",
)
def restore(file: Path, against: str | None, destroyed: Path | None) -> None:
    """Fill an empty instance folder (INTAKE_INSTANCE) from a backup, with the printed recovery key."""
    place = config.place_of()
    restoring.look(file, place)
    heads = heads_of(against)
    known = marks.read_list(destroyed) if destroyed else frozenset()
    found = restoring.restore(file, _key(), place, heads=heads, destroyed=known, now=now())
    click.echo(f"Restored into {place}. {_told(found.manifest)}")
    if destroyed is None:
        click.echo(
            f"What was destroyed after {backups.made_on(found.manifest):%-d %B %Y} stands in it again, for no list of "
            "it was given. If anything was, do not serve this: empty the folder, and restore with --destroyed and the "
            "newest keys/destroyed.list that you have."
        )
    else:
        click.echo(f"Of what {destroyed} names nothing is left in it.")
    _print_fingerprints(found)
    click.echo(
        "\nThese accounts can sign in again. Switch off whoever left since: intake staff disable EMAIL"
    )
    for one in found.accounts:
        role = ROLES[one.role].label if one.role in ROLES else one.role
        opens = f"opens {', '.join(one.vaults)}" if one.vaults else "opens no vault"
        click.echo(f"  {one.email}  {one.name}, {role}; {opens}")
    click.echo(
        "\nInvitations are over: invite again whom you still want. What came in after that day is not in it. Everybody "
        "signs in again, and each officer gets one notice to look at what is due. Now: intake check, intake audit "
        "verify, intake serve."
    )


def _print_fingerprints(found: restoring.Contents) -> None:
    click.echo(
        "\nCompare these with the fingerprints that were printed on the recovery shares. If one differs, it is"
    )
    click.echo("not your instance, whatever opens it: do not serve it.")
    for vault, mark in found.fingerprints.items():
        click.echo(f"  {mark}  {vault}")


def _key() -> str:
    key = asking.unseen("Recovery key of backups")
    if not key.strip():
        raise Refused("Nothing was typed.")
    return key


def _told(manifest: backups.Manifest) -> str:
    cases, lines = manifest.tables.get("cases", 0), manifest.tables.get("journal", 0)
    return (
        f"It holds {cases} cases and {lines} lines of the journal, as of {backups.made_on(manifest):%-d %B %Y}; the "
        f"journal's head is {manifest.journal_head}."
    )

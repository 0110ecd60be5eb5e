"""`intake vault rotate`: another key for a vault whose members have changed, while others work."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from intake.cli import asking, paper
from intake.cli.opening import now, opened
from intake.services.ground.office import Office
from intake.services.ground.refusals import Refused
from intake.services.ground.roles import VAULTS
from intake.services.people import rewrapping, rotating
from intake.services.people.rotating import NewKey, Ring, Stays


@click.command()
@click.argument("vault", type=click.Choice(list(VAULTS)))
@click.option("--as", "email", metavar="ADDRESS", help="A member, who sits here and types their password.")
@click.option(
    "--with-shares", is_flag=True, help="No member is here: two of its printed shares are asked for."
)
@click.option("--anew", is_flag=True, help="Change it once more, though the last change was not finished.")
@click.option("--every-machine", is_flag=True, help="All machines have the new keys/vaults.json: finish.")
@paper.papers
@paper.anyway
def rotate(
    vault: str,
    email: str | None,
    with_shares: bool,
    anew: bool,
    every_machine: bool,
    into: Path | None,
    print_keys_anyway: bool,
) -> None:
    """Give a vault another key, as is due when somebody has left; prints its three new shares.

    It takes a member's password and one-time code, or two of its printed shares: nobody else can. Others work on
    meanwhile. Run it again where it was interrupted: it goes on.
    """
    with opened() as office:
        begun = bool(rewrapping.under_way(office, vault)) and not anew
        if not begun:
            paper.check_nothing_keeps_it(print_keys_anyway or into is not None)
            paper.check_folder(into, office.settings.instance)
        ring = _ring(office, vault, email, with_shares)
        if begun:
            click.echo(
                f"The key of the vault {vault!r} was changed before. What lies there is sealed to it now."
            )
        else:
            ring = _begin(office, ring, into)
        whole = _seal_anew(office, ring)
        if whole and office.settings.machines > 1 and not every_machine:
            click.echo(
                "Now copy keys/vaults.json from this machine to every other that serves this database: until then what "
                "arrives there is sealed to the old key. Then run this again with --every-machine."
            )
            return
        whole = whole and rewrapping.finish(office, ring, now=now())
    if not whole:
        click.echo("The change is not whole, and the old key is kept. Run this again.", err=True)
        sys.exit(1)
    click.echo(f"Done. Nothing lies under the old key of the vault {vault!r} any more, and it is gone.")
    click.echo(
        "Destroy its old papers. Backups from before open with them: keep them no longer than you must."
    )


def _ring(office: Office, vault: str, email: str | None, with_shares: bool) -> Ring:
    if with_shares:
        return rotating.with_papers(office, vault, paper.ask_papers(office, vault), now=now())
    email = email or click.prompt("E-mail address of a member of the vault")
    password = asking.unseen("Password")
    code = asking.unseen("One-time code") if office.settings.second_factor else ""
    return rotating.with_password(office, vault, email, password, code, now=now())


def _begin(office: Office, ring: Ring, into: Path | None) -> Ring:
    shown = rotating.who_stays(office, ring, now=now())
    click.echo("These people will be given the new key, and nobody else:")
    for one in shown:
        click.echo(f"  {one.name}, {one.email}, {one.fingerprint}")
    compared = {one.id: _compared(one) for one in shown if not one.known}
    click.confirm("Are these all who should have it, and is each of them still here?", abort=True)
    new = rotating.draw(office, ring.vault)
    _print(office, ring.vault, new, into)
    ring = rotating.begin(office, ring, new, shown, compared, now=now())
    click.echo("The vault has its new key, and what arrives is sealed to it.")
    return ring


def _compared(one: Stays) -> str:
    click.echo(
        f"{one.name} was let in by an earlier version: ring them, and have their fingerprint read out."
    )
    compared: str = click.prompt("Fingerprint as they read it")
    return compared


def _print(office: Office, vault: str, new: NewKey, into: Path | None) -> None:
    """Put the new shares on paper before the vault has its key. Raises `Refused` where nobody has."""
    paper.print_shares(office, vault, new.printed, new.fingerprint, into)
    try:
        rotating.check_typed_back(new, asking.unseen("One of the three, typed from its paper"))
    except Refused as error:
        raise Refused(f"{error} Nothing was changed: destroy what was printed just now.") from error


def _seal_anew(office: Office, ring: Ring) -> bool:
    """Seal what lies there to the new key, and tell how far it is. Whether all of it could be."""
    told = 0

    def tell(done: int, of: int) -> None:
        nonlocal told
        if (tenths := done * 10 // max(of, 1)) > told or done == of:
            told = tenths
            click.echo(f"{done:,} of {of:,} sealed anew.")

    done = rewrapping.seal_anew(office, ring, tell=tell)
    for reference in done.broken:
        click.echo(
            f"Something of the case {reference} does not open: it was altered. It was left as it is.",
            err=True,
        )
    return not done.broken

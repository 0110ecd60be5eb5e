"""`intake vault rotate`: another key for a vault whose members have changed, while others work."""

from __future__ import annotations

import sys

import click

from intake.cli import asking, paper
from intake.cli.opening import now, opened
from intake.services.ground.office import Office
from intake.services.ground.refusals import Refused
from intake.services.ground.roles import VAULTS
from intake.services.people import rewrapping, rotating
from intake.services.people.rotating import NewKey, Ring, Stays

LAST = 5  # symbols of a printed key, typed back from the paper


@click.command()
@click.argument("vault", type=click.Choice(list(VAULTS)))
@click.option("--as", "email", metavar="ADDRESS", help="A member, who sits here and types their password.")
@click.option(
    "--with-recovery-key", is_flag=True, help="No member is here: the printed recovery key is asked for."
)
@click.option("--anew", is_flag=True, help="Change it once more, though the last change was not finished.")
@click.option("--every-machine", is_flag=True, help="All machines have the new keys/vaults.json: finish.")
@paper.anyway
def rotate(
    vault: str,
    email: str | None,
    with_recovery_key: bool,
    anew: bool,
    every_machine: bool,
    print_keys_anyway: bool,
) -> None:
    """Give a vault another key, as is due when somebody has left; prints its new recovery key.

    It takes a member's password and one-time code, or the printed recovery key: nobody else can. Others work on
    meanwhile. Run it again where it was interrupted: it goes on.
    """
    with opened() as office:
        begun = bool(rewrapping.under_way(office, vault)) and not anew
        if not begun:
            paper.check_nothing_keeps_it(print_keys_anyway)
        ring = _ring(office, vault, email, with_recovery_key)
        if begun:
            click.echo(
                f"The key of the vault {vault!r} was changed before. What lies there is sealed to it now."
            )
        else:
            ring = _begin(office, ring)
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
        "Throw the old recovery key away. Backups from before open with it: keep them no longer than you must."
    )


def _ring(office: Office, vault: str, email: str | None, with_recovery_key: bool) -> Ring:
    if with_recovery_key:
        return rotating.with_recovery_key(office, vault, asking.unseen("Recovery key"), now=now())
    email = email or click.prompt("E-mail address of a member of the vault")
    password = asking.unseen("Password")
    code = asking.unseen("One-time code") if office.settings.second_factor else ""
    return rotating.with_password(office, vault, email, password, code, now=now())


def _begin(office: Office, ring: Ring) -> Ring:
    shown = rotating.who_stays(office, ring, now=now())
    click.echo("These people will be given the new key, and nobody else:")
    for one in shown:
        click.echo(f"  {one.name}, {one.email}, {one.fingerprint}")
    compared = {one.id: _compared(one) for one in shown if not one.known}
    click.confirm("Are these all who should have it, and is each of them still here?", abort=True)
    new = rotating.draw(ring.vault)
    _print(ring.vault, new)
    ring = rotating.begin(office, ring, new, shown, compared, now=now())
    click.echo("The vault has its new key, and what arrives is sealed to it.")
    return ring


def _compared(one: Stays) -> str:
    click.echo(
        f"{one.name} was let in by an earlier version: ring them, and have their fingerprint read out."
    )
    compared: str = click.prompt("Fingerprint as they read it")
    return compared


def _print(vault: str, new: NewKey) -> None:
    """Put the new recovery key on paper before the vault has it. Raises `Refused` where nobody has."""
    click.echo(f"\nThe new recovery key of the vault {vault!r} ({VAULTS[vault]}). It is not shown again:")
    for key in new.printed:
        click.echo(f"  {key}")
    click.echo(f"  Fingerprint: {new.fingerprint}")
    click.echo(
        "Write it down or print it, in a sealed envelope, away from this machine. The old one opens nothing then.\n"
    )
    for key in new.printed:
        typed = asking.unseen(f"The last {LAST} symbols, as they stand on the paper")
        if typed.strip().upper() != key[-LAST:]:
            raise Refused(
                "That is not how the new recovery key ends. Nothing was changed: throw that paper away."
            )


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

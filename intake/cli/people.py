"""`intake staff` and `intake vault`: accounts, and who may open what."""

from __future__ import annotations

from pathlib import Path

import click

from intake.cli import asking, paper
from intake.cli.enrolling import ask_password, show_second_factor
from intake.cli.opening import now, opened
from intake.cli.rotating import rotate
from intake.services.casework import handing_over
from intake.services.ground import pinning
from intake.services.ground.office import Office
from intake.services.ground.refusals import Refused
from intake.services.ground.roles import ROLES, VAULTS
from intake.services.instance import backups
from intake.services.people import accounts, grants, recovering, rewrapping


@click.group()
def staff() -> None:
    """Accounts of officers. An account by itself opens no case."""


@staff.command()
@click.argument("email")
@click.option("--name", required=True, help="As colleagues and named complainants see it.")
@click.option("--role", required=True, type=click.Choice(list(ROLES)))
@click.option("--again", is_flag=True, help="Somebody who has joined: end their key and every grant of it.")
@click.option(
    "--here", is_flag=True, help="They sit at this machine: their password is asked for, no invitation."
)
def add(email: str, name: str, role: str, again: bool, here: bool) -> None:
    """Invite somebody; or make their account with them, where the site is not served and nobody can join."""
    with opened() as office:
        belongs = _vault_of(office, role)
        if here:
            _create_here(office, email, name, role)
            return
        code = accounts.invite(office, email, name, role, again=again, now=now())
        days, where = office.settings.invitation_days, office.settings.staff_address
        listen = office.settings.listen
    click.echo(f"Invitation code for {email}: {code}")
    click.echo(f"Give it to them in person or by telephone. It works once, for {days} days, at")
    click.echo(f"  {where or f'http://{listen}/staff/'}join")
    if belongs:
        click.echo(f"Then somebody who can open the vault {belongs!r} grants it on the page Colleagues,")
        click.echo("after they have compared the new key's fingerprint by telephone.")


def _vault_of(office: Office, role: str) -> str | None:
    """The vault into which a new account of a role is let. Raises `Refused` for an office that is not set up."""
    theirs = ROLES[role].vaults
    there = {one.id for one in pinning.vaults(office)}
    if theirs and not there.intersection(theirs):
        raise Refused(
            f"That office is not set up yet. Run `intake office add {role}`: it makes the account too."
        )
    return next((vault for vault in reversed(theirs) if vault in there), None)


def _create_here(office: Office, email: str, name: str, role: str) -> None:
    accounts.check_new(office, email, name, role)
    password = ask_password()
    secret, address = accounts.new_second_factor(office, email)
    staff_id = accounts.create(office, email, name, role, password, secret, now=now())
    show_second_factor(address)
    shown = next(one for one in grants.everybody(office) if one.id == staff_id)
    if shown.fingerprint:
        click.echo(f"Fingerprint of the key, for whoever lets them in: {shown.fingerprint}")
    if belongs := _vault_of(office, role):
        click.echo(f"They open nothing yet: run `intake vault grant {belongs} {email}`.")


@staff.command()
@click.argument("email")
@click.option("--hand-over-to", metavar="ADDRESS", help="Who has every open case of theirs from now on.")
def disable(email: str, hand_over_to: str | None) -> None:
    """Switch an account off, from its next request on.

    Refused while it holds open cases, unless they are handed over in the same go.
    """
    with opened() as office:
        if hand_over_to:
            number = handing_over.switch_off(office, email, hand_over_to, now=now())
            click.echo(f"{number:,} open case{'' if number == 1 else 's'} handed over to {hand_over_to}.")
        else:
            accounts.disable(office, email, now=now())
        left = rewrapping.left_since(office)
    click.echo(f"{email} is switched off, and its grants are gone.")
    for name in sorted(name for name, people in left.items() if email.strip().lower() in people):
        click.echo(
            f"They may have kept the key of the vault {name!r}: change it with `intake vault rotate {name}`."
        )


@staff.command("list")
def list_() -> None:
    """All accounts."""
    with opened() as office:
        for colleague in grants.everybody(office):
            state = "off" if not colleague.active else "" if colleague.joined else "invited"
            granted = "vault granted" if colleague.granted else ""
            parts = (colleague.email, colleague.name, colleague.role, state, granted)
            click.echo("  ".join(part for part in parts if part))


@click.group()
def vault() -> None:
    """Vaults, and the printed shares that recover them."""


@vault.command()
@click.argument("vault", type=click.Choice(list(VAULTS)))
@click.argument("email")
def grant(vault: str, email: str) -> None:
    """Let an officer into a vault with two of its printed shares, which are asked for one after the other."""
    with opened() as office:
        typed = paper.ask_papers(office, vault)
        recovering.check(office, vault, typed, now=now())
        click.echo(
            "Ring the officer on a number you know, and have the fingerprint read to you: it stands under Colleagues, "
            "and `intake staff add --here` has printed it."
        )
        compared = click.prompt("Fingerprint as the officer reads it", default="", show_default=False)
        grants.grant_with_papers(office, vault, typed, email, compared, now=now())
    click.echo(f"{email} can open the vault {vault!r} from the next request on.")


@vault.command()
@click.argument("vault", type=click.Choice(list(VAULTS)))
@paper.papers
@paper.anyway
def shares(vault: str, into: Path | None, print_keys_anyway: bool) -> None:
    """Print three new shares of a vault. Two of its present ones, or its single recovery key, are asked for.

    One of the new ones is typed back from its paper. Until then those before work, and from then on these: killed
    half-way, or with a printer that fails, nothing has changed, and it is run again.
    """
    paper.check_nothing_keeps_it(print_keys_anyway or into is not None)
    with opened() as office:
        paper.check_folder(into, office.settings.instance)
        typed = paper.ask_papers(office, vault)
        prepared = recovering.prepare(office, vault, typed, now=now())
        click.echo("These open nothing yet. Print them, or write them down, each for another person.\n")
        paper.print_shares(office, vault, prepared.texts, prepared.fingerprint, into)
        paper.ask_back(office, prepared)
    click.echo(
        f"Set {prepared.texts[0][1:4]} opens the vault {vault!r} from now on. Destroy the papers from before: they "
        "open a copy of the database from before, and nothing else."
    )
    if into:
        click.echo(f"Remove the files in {into} now that they are printed.")


@vault.command()
@click.argument("vault", type=click.Choice(list(VAULTS)))
def rehearse(vault: str) -> None:
    """Try whether two of a vault's shares would recover it. Opens nothing, shows nothing, and keeps the day."""
    with opened() as office:
        mark = recovering.rehearse(office, vault, paper.ask_papers(office, vault), now=now())
    click.echo(f"They recover the vault {vault!r}, and its key is the one that is sealed to: {mark}")
    click.echo("Nobody was let in. The journal keeps that it was tried today.")


@vault.command()
@click.argument("vault", type=click.Choice(list(VAULTS)))
@click.argument("email")
def remove(vault: str, email: str) -> None:
    """Take an officer out of a vault, from the next request on."""
    with opened() as office:
        grants.remove_grant(office, vault, email, now=now())
    click.echo(f"{email} can no longer open the vault {vault!r} here.")
    click.echo(
        "Whoever opened it before may have kept its key, which opens what lies there and what comes, to whoever gets "
        f"at the database, until it is changed with `intake vault rotate {vault}`."
    )


vault.add_command(rotate)


@vault.command("list")
def list_vaults() -> None:
    """The vaults, each with the fingerprint of the key that is sealed to."""
    with opened() as office:
        for one in pinning.vaults(office):
            state = "" if one.agrees else "  THE DATABASE HAS ANOTHER KEY"
            click.echo(f"{one.fingerprint}  {one.id} ({one.name}){state}")


@vault.command()
@click.argument("vault", type=click.Choice(list(pinning.NAMES)))
def check(vault: str) -> None:
    """See with its papers, which are asked for, that the key of a vault, or of backups, is the true one."""
    with opened() as office:
        if vault in VAULTS:
            mark = recovering.check(office, vault, paper.ask_papers(office, vault), now=now())
        else:
            mark = backups.check_key(office, asking.unseen("Recovery key of backups"))
    click.echo(f"It opens, and its key is the one that is sealed to: {mark}")

"""`intake init`, `intake demo` and `intake upgrade`: setting an instance up."""

from __future__ import annotations

import gc
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import click

from intake import config
from intake.cli.enrolling import ask_password, show_second_factor
from intake.cli.opening import now, opened
from intake.cli.paper import anyway, check_folder, check_nothing_keeps_it, papers, print_shares
from intake.demonstration import living
from intake.services.ground import custody, pinning
from intake.services.ground.office import Office, key_file, make_server_key
from intake.services.ground.refusals import Refused
from intake.services.ground.roles import ALTERNATE, COMPLAINTS, VAULTS, WHISTLEBLOWING
from intake.services.instance import backups, founding, rewording, upgrading
from intake.services.people import accounts, grants

FIRST_PEOPLE = (
    ("complaints-manager", COMPLAINTS, "the complaints manager"),
    ("monitoring-officer", WHISTLEBLOWING, "the monitoring officer"),
    (
        "alternate-recipient",
        ALTERNATE,
        "the alternate, who receives concerns about the monitoring officer: another senior person, or an outside "
        "body such as the internal auditor's firm",
    ),
)
_DEMONSTRATION = {
    "authority_name": '"Demonstration Council"',
    "demonstration": "true",
    "authority_phone": '"01632 960 001"',
    "urgent_contacts": '["anybody: Safeguarding team | 01632 960 002 | if somebody is being harmed or neglected"]',
    "authority_address": '"Complaints, Town Hall, Market Square, Demonstration DM1 1AA"',
}


@click.command()
@click.option(
    "--demonstration", "as_demonstration", is_flag=True, help="An empty demonstration; asks nothing."
)
@papers
@anyway
def init(as_demonstration: bool, into: Path | None, print_keys_anyway: bool) -> None:
    """Set an instance up: its folder, database, vaults and first accounts. Prints what recovers the vaults, once.

    Interrupted before the first account, run it again: it makes the keys anew; what was printed before opens nothing.
    """
    check_nothing_keeps_it(as_demonstration or print_keys_anyway)
    check_folder(into, config.place_of())
    settings = _prepared(as_demonstration)
    with opened(settings, check=False) as office:
        if as_demonstration:
            founded = living.set_up(office, now=now())
            print_papers(office, founded, into)
            _print_sign_ins(office)
            return
        founded = founding.found(office, now=now())
        print_papers(office, founded, into)
        key = backups.new_key(office, now=now())
        click.echo("Recovery key of backups: one paper, which opens every backup and no vault.\n")
        click.echo(f"  backups of this instance:\n    {key.text}")
        click.echo(f"    fingerprint of the key of backups: {key.fingerprint}\n")
        for role, vault, person in FIRST_PEOPLE:
            first_account(office, founded, role, vault, person)
        missing = custody.faults(office)
    click.echo(
        "\nWrite authority_phone and authority_address into settings.toml: people who cannot use the form"
    )
    click.echo("look for them on the help page.")
    if missing:
        click.echo(
            "\nNot ready yet: `intake serve` refuses to start while a vault has nobody who can open it."
        )
        for fault in missing:
            click.echo(f"  {fault}")
        return
    click.echo("\nSet up. Start it with `intake serve`; invite more officers with `intake staff add`.")


@click.command()
def demo() -> None:
    """Fill a demonstration instance with invented cases in every state, and say how to sign in."""
    settings = _prepared(True)
    with opened(settings, check=False, durable=False) as office:
        if founding.nature(office) is None:
            print_papers(office, living.set_up(office, now=living.dawn()), None)
        founding.check(office)
        if living.is_filled(office):
            click.echo("This demonstration holds cases already.")
        else:
            gc.freeze()  # two years leave much behind: what was loaded is not looked through again and again
            gc.set_threshold(50_000, 20, 20)
            click.echo(
                "Living through two financial years of invented cases; this takes a quarter to half a minute …"
            )
            click.echo(f"{living.fill(office, now=now())} invented cases.")
        _print_sign_ins(office)


@click.command()
def upgrade() -> None:
    """Bring the database to the shape that this version expects. Killed half way, run it again."""
    _bring_up_to_date(config.load())
    click.echo("The database is up to date.")


def _bring_up_to_date(settings: config.Settings) -> None:
    with opened(settings, check=False) as office:
        # Of an instance that nobody has used the keys are made, and printed, anew: none was printed that would fit.
        if upgrading.bring_up_to_date(office, now=now()) and not founding.is_unused(office):
            _print_pinned(office)


def _prepared(as_demonstration: bool) -> config.Settings:
    """The instance's folder, settings, key and database, made where they are missing."""
    place = config.load(overrides={"demonstration": True} if as_demonstration else None)
    file = place.instance / "settings.toml"
    if not file.exists():
        place.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch()
        _complete(file, as_demonstration)
    elif not key_file(place).exists():  # nothing was set up here: somebody wrote down where its database is
        _complete(file, as_demonstration)
    settings = config.load()
    if as_demonstration and not settings.demonstration:
        raise Refused(f"{settings.instance} belongs to a real instance, which never becomes a demonstration.")
    make_server_key(settings)
    _bring_up_to_date(settings)
    return settings


def _ask_host() -> str:
    """The site's name. An address is taken too: people copy it from the browser."""

    def read(typed: str) -> str:
        host = (urlsplit(typed if "//" in typed else f"//{typed}").hostname or "").rstrip(".")
        if not config.is_host(host):
            raise click.BadParameter("Type a name such as complaints.council.example.")
        return host

    return click.prompt(
        "The site's name, as the public types it (such as complaints.council.example)", value_proc=read
    )


def _complete(file: Path, as_demonstration: bool) -> None:
    """Ask for what every instance is to say and this file does not, and write it before what stands there."""
    text = file.read_text("utf-8")
    said = tomllib.loads(text)
    missing = _DEMONSTRATION if as_demonstration else _asked_for(said)
    lines = [f"{name} = {value}\n" for name, value in missing.items() if name not in said]
    head = "" if text else "# Every setting and its default: docs/settings.md\n"
    rewording.write(file, head + "".join(lines) + text)


def _asked_for(said: Mapping[str, object]) -> dict[str, str]:
    """What somebody answers, as settings write it."""
    answered = {}
    if "authority_name" not in said:
        answered["authority_name"] = json.dumps(
            click.prompt("The authority's name, as the public knows it"), ensure_ascii=False
        )
    if "trusted_hosts" not in said:
        host = _ask_host()
        answered["trusted_hosts"] = f'["{host}"]  # the names under which the site may be asked for'
        answered["staff_address"] = f'"https://{host}/staff/"'
    return answered


def first_account(office: Office, founded: founding.Founded, role: str, vault: str, person: str) -> None:
    click.echo(f"\nAccount of {person} (leave the address empty to do this later with two shares)")
    while True:
        email = click.prompt("  E-mail address", default="", show_default=False)
        if not email:
            return
        name = click.prompt("  Name")
        try:
            accounts.check_new(office, email, name, role)
            break
        except Refused as error:  # set-up does not end here: its keys are printed once
            click.echo(f"  {error}")
    password = ask_password("  ")
    secret, address = accounts.new_second_factor(office, email)
    staff_id = accounts.create(office, email, name, role, password, secret, now=now())
    grants.give(office, vault, founded.pairs[vault], staff_id, now=now())
    show_second_factor(address)


def print_papers(office: Office, founded: founding.Founded, into: Path | None) -> None:
    """The shares of the vaults that were made, each to be kept by another person."""
    click.echo(
        "Recovery shares. Three for each vault, each a page by itself for another person: they are stored nowhere"
    )
    click.echo(
        "else, and without two of them a vault whose members have all left or lost their passwords stays shut.\n"
    )
    for vault, texts in founded.shares.items():
        if office.settings.demonstration:
            click.echo("\n    ".join((f"  {vault} ({VAULTS[vault]}):", *texts)))
            click.echo(f"    fingerprint of the vault's key: {founded.fingerprints[vault]}\n")
        else:
            print_shares(office, vault, texts, founded.fingerprints[vault], into)


def _print_pinned(office: Office) -> None:
    click.echo(
        "The vaults' keys were believed as they stand, and are pinned from now on. Write each fingerprint"
    )
    click.echo(
        "on the envelope of its recovery key, see with it that the key is the true one, and replace it by three shares:"
    )
    for vault in pinning.vaults(office):
        click.echo(f"  {vault.fingerprint}  intake vault check {vault.id}; intake vault shares {vault.id}")


def _print_sign_ins(office: Office) -> None:
    click.echo(f"\nOfficers sign in at http://{office.settings.listen}/staff/ with the password")
    click.echo(f"  {living.PASSWORD}\nand one of these addresses:")
    for email, name, role in living.officers(office):
        click.echo(f"  {email:<36} {name}, {role}")
    click.echo(f"The public begins at http://{office.settings.listen}/")

"""Keys and shares that are printed once, to a terminal, where nothing keeps them; and typed again from their paper."""

from __future__ import annotations

import os
import sys
import textwrap
from pathlib import Path

import click

from intake.cli import asking
from intake.cli.opening import now
from intake.services.ground.office import Office
from intake.services.ground.refusals import Refused
from intake.services.ground.roles import VAULTS
from intake.services.people import recovering

NEXT_PAGE = "\f"  # a printer takes another sheet
CUT = "- - - - - - - - - - - - - - - another person, another place - - - - - - - - - - - - - - -"
_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)

anyway = click.option(
    "--print-keys-anyway", is_flag=True, help="Also where a file, a log or a pipe would keep what is printed."
)
papers = click.option(
    "--papers",
    "into",
    type=_FOLDER,
    help="Write each share into a file of its own in this folder, to be printed and then removed, and show none.",
)


def check_nothing_keeps_it(print_keys_anyway: bool) -> None:
    """Raises `Refused` where the output is not a terminal and nobody has said that this is wanted."""
    if not (print_keys_anyway or sys.stdout.isatty()):
        raise Refused(
            "The recovery keys would be printed to what is not a terminal, and a file or a log that keeps them "
            "opens every vault. Nothing was done. Run this in a terminal; or, where you know what reads "
            "them and that nothing keeps them, with --print-keys-anyway."
        )


def check_folder(into: Path | None, instance: Path) -> None:
    """Raises `Refused` for a folder of the instance: whoever takes that takes the database too."""
    if into is not None and into.resolve().is_relative_to(instance.resolve()):
        raise Refused("Shares do not belong beside the database. Name a folder on a stick, or in memory.")


def print_shares(office: Office, vault: str, texts: tuple[str, ...], mark: str, into: Path | None) -> None:
    """A vault's three shares, each a page by itself: shown, or written into files."""
    pages = [_page(office, vault, number, text, mark) for number, text in enumerate(texts, start=1)]
    if into is None:
        between = f"\n{CUT}\n\n" if sys.stdout.isatty() else NEXT_PAGE
        click.echo(between.join(pages) + between, nl=False)
        return
    for number, page in enumerate(pages, start=1):
        file = into / f"recovery-{vault}-{texts[0][1:4]}-share-{number}.txt"
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as written:
            written.write(page)
        click.echo(f"  {file}")


def _page(office: Office, vault: str, number: int, text: str, mark: str) -> str:
    half = len(text) // 2
    months = office.settings.rehearse_months
    told = (
        "Any two of the three shares of this set open everything that is sealed to this vault, on the day on which "
        "nobody else can. This one alone opens nothing and tells nothing.",
        "One person keeps it, who keeps no other share of this vault: in a sealed envelope, in a safe, in another "
        "building than the others, and not with a backup. Nobody photographs it, or types it into anything but the "
        "commands named here.",
        f"It is asked for by `intake vault grant {vault} EMAIL`, and once in {months} months by `intake vault rehearse "
        f"{vault}`, which tries two shares, opens nothing and shows nothing.",
        "Was it lost, or seen by somebody else? Say so at once: the other two and `intake vault shares "
        f"{vault}` make three new ones, and this one opens nothing from then on.",
    )
    return "\n".join(
        (
            f"RECOVERY SHARE {number} OF 3, SET {text[1:4]}",
            f"  {vault} ({VAULTS[vault]}), {office.settings.authority_name}",
            "",
            f"    {text[:half]}-",
            f"    {text[half + 1 :]}",
            "",
            *(textwrap.fill(sentence, 92, break_on_hyphens=False) for sentence in told),
            "",
            f"fingerprint of the vault's key: {mark}",
            f"printed on {office.today(now()):%-d %B %Y}",
            "",
        )
    )


def ask_papers(office: Office, vault: str) -> tuple[str, ...]:
    """Two shares of a vault, typed one after the other by those who keep them; or its single key. Nothing is shown.

    Raises `Refused`; at a terminal whoever mistyped is told and types again.
    """
    typed: tuple[str, ...] = ()
    while True:
        given = asking.unseen(f"Share of {vault}" if not typed else "Share of another number")
        try:
            wanted = recovering.another_wanted(office, vault, (*typed, given))
        except Refused as error:
            _tell_or_raise(error)
            continue
        typed = (*typed, given)
        if not wanted:
            return typed
        click.echo("That one is right. Now the person who keeps another one: any two of the three will do.")


def ask_back(office: Office, prepared: recovering.Prepared) -> None:
    """One of the shares that were printed just now, from its paper: then they are kept, and those before are over."""
    while True:
        typed = asking.unseen("One of the three, typed from its paper")
        try:
            recovering.replace(office, prepared, typed, now=now())
        except Refused as error:
            _tell_or_raise(error)
            continue
        return


def _tell_or_raise(error: Refused) -> None:
    if not asking.there_is_a_terminal():
        raise error
    click.echo(str(error))

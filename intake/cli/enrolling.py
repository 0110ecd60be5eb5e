"""An account made with somebody who sits at this machine: a password they choose, and their second factor."""

from __future__ import annotations

import io
import sys
from urllib.parse import parse_qs, urlsplit

import click

from intake.cli import asking
from intake.services.ground.refusals import Refused
from intake.services.people import accounts
from intake.services.people.accounts import PASSWORD_LEAST


def ask_password(indent: str = "") -> str:
    """A password, typed twice and long enough; asked for again until it is."""

    def read(typed: str) -> str:
        try:
            accounts.check_password(typed)
        except Refused as error:
            raise click.BadParameter(str(error)) from error
        return typed

    asked = f"{indent}Password ({PASSWORD_LEAST} characters or more)"
    return asking.unseen(asked, again=f"{indent}Password again", read=read)


def show_second_factor(address: str) -> None:
    """The second factor's secret, to be read by a telephone or typed; it is not shown again."""
    click.echo(
        "  Second factor, for an authenticator app on the officer's own telephone. It is not shown again."
    )
    if sys.stdout.isatty():
        import segno  # a picture is drawn once for each officer

        drawn = io.StringIO()
        segno.make(address, error="l").terminal(drawn, compact=True)
        click.echo(drawn.getvalue())
    secret = parse_qs(urlsplit(address).query)["secret"][0]
    groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    click.echo(f"  To type by hand: {groups}\n  As an address:   {address}")

"""Keys that are printed once: to a terminal, where nothing keeps them."""

from __future__ import annotations

import sys

import click

from intake.services.ground.refusals import Refused

anyway = click.option(
    "--print-keys-anyway", is_flag=True, help="Also where a file, a log or a pipe would keep what is printed."
)


def check_nothing_keeps_it(print_keys_anyway: bool) -> None:
    """Raises `Refused` where the output is not a terminal and nobody has said that this is wanted."""
    if not (print_keys_anyway or sys.stdout.isatty()):
        raise Refused(
            "The recovery keys would be printed to what is not a terminal, and a file or a log that keeps them "
            "opens every vault. Nothing was done. Run this in a terminal; or, where you know what reads "
            "them and that nothing keeps them, with --print-keys-anyway."
        )

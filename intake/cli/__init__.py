"""The commands, as `intake --help` lists them.

A command reads its arguments, calls one service and prints what came of it. It needs no web framework.
"""

import os

import click

from intake import memory
from intake.cli.audit import audit
from intake.cli.backup import backup, restore
from intake.cli.check import check
from intake.cli.clock import clock
from intake.cli.counts import counts
from intake.cli.instance import demo, init, upgrade
from intake.cli.people import staff, vault
from intake.cli.register import register
from intake.cli.serve import serve
from intake.cli.tick import tick
from intake.config import BadSetting
from intake.database import NotStored
from intake.services.ground.refusals import Refused


class Commands(click.Group):
    """A refusal is a sentence and exit status 1 or 2, never a stack trace."""

    def invoke(self, ctx: click.Context):
        try:
            return super().invoke(ctx)
        except (BadSetting, Refused, NotStored) as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Commands)
@click.version_option(package_name="intake")
def main() -> None:
    """Intake takes in concerns and complaints, keeps them sealed, works them to their dates, counts them.

    The folder of the instance is named by INTAKE_INSTANCE; without it, instance/ beside the program.
    """
    os.umask(0o077)  # whatever an instance keeps is its owner's alone
    memory.keep_to_itself()


for command in (
    init,
    demo,
    serve,
    tick,
    check,
    clock,
    counts,
    register,
    staff,
    vault,
    audit,
    backup,
    restore,
    upgrade,
):
    main.add_command(command)

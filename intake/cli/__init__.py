"""The commands, as `intake --help` lists them.

A command reads its arguments, calls one service and prints what came of it. It needs no web framework, and loads its
own file alone: `serve` watches over a site all day, and has no use for what the others need.
"""

import errno
import os
from importlib import import_module

import click

from intake import memory
from intake.cli import asking
from intake.cli.entitled import TAKES
from intake.cli.telling import SENTENCES
from intake.services.ground.roles import ADMINISTRATOR

FILE_OF = {
    "audit": "audit",
    "backup": "backup",
    "check": "check",
    "check-to-serve": "fitness",
    "clock": "clock",
    "counts": "counts",
    "demo": "instance",
    "destroy": "destroy",
    "init": "instance",
    "migrate-to": "migrate_to",
    "register": "register",
    "restore": "backup",
    "serve": "serve",
    "services": "services",
    "office": "offices",
    "staff": "people",
    "tick": "tick",
    "upgrade": "instance",
    "vault": "people",
}


class Commands(click.Group):
    """Each command from its own file. A refusal is a sentence and exit status 1 or 2, never a stack trace."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(FILE_OF)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in FILE_OF or not _is_somebodys(cmd_name):
            return None
        command: click.Command = getattr(
            import_module(f"intake.cli.{FILE_OF[cmd_name]}"), cmd_name.replace("-", "_")
        )
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except click.Abort as error:
            if asking.there_is_a_terminal():
                raise
            click.echo()  # behind what was asked
            raise click.ClickException(asking.NOBODY_ANSWERS) from error
        except tuple(SENTENCES) as error:
            raise click.ClickException(str(error)) from error
        except OSError as error:
            if error.errno == errno.EPIPE:  # whoever read what is printed has gone
                raise
            from intake.services.ground.refusals import said  # and with it much that `serve` does not need

            raise click.ClickException(f"{said(error)}.") from error


def _is_somebodys(command: str) -> bool:
    """Whether a right is written down for a command, or for one of its parts."""
    rights = {right for name, right in TAKES.items() if name.split()[0] == command}
    return any(ADMINISTRATOR.may(right) for right in rights)


@click.group(cls=Commands)
@click.version_option(package_name="intake")
def main() -> None:
    """Intake takes in concerns and complaints, keeps them sealed, works them to their dates, counts them.

    The folder of the instance is named by INTAKE_INSTANCE; without it, instance/ beside the program.
    """
    os.umask(0o077)  # whatever an instance keeps is its owner's alone
    memory.keep_to_itself()

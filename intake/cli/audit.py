"""`intake audit`: checks of what must never have been changed."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from intake.cli.opening import now, opened
from intake.services.ground import pinning
from intake.services.ground.refusals import Refused, said
from intake.services.instance import anchoring

KEEPER = (
    "Keep it where nobody can change it, with nobody about whom a concern might be: from day to day, the number of "
    "lines tells that something arrived, in whatever vault."
)


@click.group()
def audit() -> None:
    """Check the journal."""


@audit.command()
@click.option("--against", help="A head or a mark that was kept, or a file with such lines.")
def verify(against: str | None) -> None:
    """Walk the journal's chain, and hold every key against it. Exit status 1 when something was changed.

    Against a head that was kept elsewhere a cut-off end, an older copy and a chain computed anew show too.
    """
    with opened() as office:
        verdict = anchoring.verify(office, heads_of(against))
        faults = pinning.faults(office) + anchoring.openings(office)
    click.echo(f"{verdict.lines} lines hold; head {verdict.head}")
    for number in verdict.went_back:
        click.echo(
            f"Line {number} is dated earlier than the line before it: the clock was put back. The chain holds; the "
            "numbers tell which came first."
        )
    for fault in filter(None, (verdict.fault, *faults)):
        click.echo(fault, err=True)
    if verdict.fault or faults:
        sys.exit(1)


@audit.command()
def head() -> None:
    """Print the journal's head in one line, to be kept where no administrator of this machine can write.

    By nobody about whom a concern might be: from day to day its number of lines tells of arrivals, also of those.
    """
    with opened() as office:
        click.echo(anchoring.head(office, now=now()).text)
    click.echo(KEEPER, err=True)


def heads_of(against: str | None) -> list[anchoring.Head]:
    """The heads in the text or the file that was named; none where nothing was. Raises `Refused`."""
    if not against:
        return []
    if against.startswith(("intake-head", "intake-mark")):
        return anchoring.parse(against)
    try:
        return anchoring.parse(Path(against).read_text(encoding="utf-8"))
    except OSError as error:
        raise Refused(f"The heads cannot be read. {said(error)}.") from error
    except UnicodeDecodeError as error:
        raise Refused(f"{against} holds no heads of a journal: it is no text.") from error

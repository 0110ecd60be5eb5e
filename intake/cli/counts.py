"""`intake counts`: the figures that a council publishes, on the screen or as a file."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from intake.cli.opening import now, opened
from intake.counts.quarters import BadPeriod, Period
from intake.services.cases import places
from intake.services.figures import drawing_up, files
from intake.services.ground.refusals import NotFound, Refused, said

TABLE = "table"


@click.command()
@click.option("--year", required=True, help="The financial year, such as 2024-25.")
@click.option("--quarter", help="1 to 4; April to June is 1. Without it, the whole year.")
@click.option("--format", "form", type=click.Choice([TABLE, *files.KINDS]), default=TABLE, show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write it to this file.")
@click.option("--for", "part", help="One directorate, service or team alone, by its name.")
@click.option(
    "--edition", help="A number: that edition of the quarter, as it was printed; live: as the cases stand."
)
def counts(
    year: str, quarter: str | None, form: str, out: Path | None, part: str | None, edition: str | None
) -> None:
    """Print the counts of a quarter or a year, with the same period a year earlier in brackets.

    A quarter that was published is printed as it was published last.
    """
    try:
        period = Period.parse(year, quarter)
    except BadPeriod as error:
        raise click.UsageError(str(error)) from error
    asked = _asked(edition)
    with opened() as office:
        place = places.named(office, part) if part else None
        try:
            figures = drawing_up.draw_up(office, period, now=now(), edition=asked, place=place)
        except NotFound as error:
            raise Refused(f"There is no edition {edition} of {period.label}.") from error
        if form == TABLE:
            written = (files.as_text(figures).rstrip("\n") + "\n").encode()
        else:
            written = files.file(form, figures, files.report(office, figures, None, place))
    _deliver(written, form, out)


def _asked(edition: str | None) -> drawing_up.Asked:
    if not edition:
        return None
    if edition == drawing_up.LIVE:
        return drawing_up.LIVE
    if not edition.isdecimal():
        raise click.UsageError("An edition is a number, or live.")
    return int(edition)


def _deliver(written: bytes, form: str, out: Path | None) -> None:
    if out:
        try:
            out.write_bytes(written)
        except OSError as error:
            raise Refused(f"The figures could not be written. {said(error)}.") from error
        click.echo(f"Written to {out}.", err=True)
    elif form in {"docx", "xlsx", "pdf"} and sys.stdout.isatty():
        raise click.UsageError("This is no text: name a file with --out.")
    else:
        click.echo(written, nl=False)

"""`intake counts`: the table that a council publishes."""

from __future__ import annotations

import click

from intake.cli.opening import now, opened
from intake.counts.quarters import BadPeriod, Period
from intake.documents import count_tables
from intake.services import reporting

FORMS = {"table": count_tables.as_text, "json": count_tables.as_json, "csv": count_tables.as_csv}


@click.command()
@click.option("--year", required=True, help="The financial year, such as 2024-25.")
@click.option("--quarter", help="1 to 4; April to June is 1. Without it, the whole year.")
@click.option("--format", "form", type=click.Choice(list(FORMS)), default="table", show_default=True)
def counts(year: str, quarter: str | None, form: str) -> None:
    """Print the counts of a quarter or a year, with the same period a year earlier in brackets."""
    try:
        period = Period.parse(year, quarter)
    except BadPeriod as error:
        raise click.UsageError(str(error)) from error
    with opened() as office:
        table = reporting.quarter(office, period, now=now())
    click.echo(FORMS[form](table).rstrip("\n"))

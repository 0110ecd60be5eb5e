"""`intake clock`: what the rules make of a case's events, without a database."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from intake import config
from intake.procedures import clock_lines
from intake.procedures.loading import CatalogueError, load_catalogue
from intake.procedures.working_days import calendar_of


@click.command()
@click.option("--explain", is_flag=True, help="Print the working for people instead of JSON.")
def clock(explain: bool) -> None:
    """Read one case as JSON per line from standard input; print its deadlines as one line of JSON each.

    {"procedure": "corporate", "events": {"received": "2026-01-16T17:05"}}

    The exit status is 1 if any line was wrong.
    """
    settings = config.load()
    folders = [Path(settings.catalogue_folder)] if settings.catalogue_folder else []
    try:
        catalogue = load_catalogue(*folders)
    except CatalogueError as error:
        raise click.ClickException(str(error)) from error
    calendar = calendar_of(settings.extra_holidays, settings.holidays_confirmed_through)
    wrong = False
    for raw in sys.stdin.buffer:
        line = raw.decode("utf-8", "replace")
        if not line.strip(" \t\r\n"):
            continue
        answer = clock_lines.answer(catalogue, calendar, line)
        wrong = wrong or "error" in answer
        text = (
            clock_lines.explain(catalogue, calendar, line)
            if explain
            else json.dumps(answer, ensure_ascii=False)
        )
        click.echo(text)
        sys.stdout.flush()
    sys.exit(1 if wrong else 0)

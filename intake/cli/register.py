"""`intake register`: past cases from a register kept elsewhere, and what is recorded from when to when."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from intake.cli.opening import now, opened
from intake.counts.published import MEASURES
from intake.register.limits import MOST_BYTES
from intake.services.figures import coverage as recording
from intake.services.ground.refusals import Refused
from intake.services.register import importing
from intake.services.register.checking import Checked, Progress
from intake.services.register.importing import Imported


@click.group()
def register() -> None:
    """Registers of past cases, and what is recorded. No key is needed: contents are sealed on the way in."""


@register.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--covers",
    multiple=True,
    metavar="YEAR=GROUPS",
    help="What the file records for a year: 2024-25=all, or 2023-24=statutory,corporate. A year with no row "
    "then counts 0 and not “not recorded”.",
)
@click.option(
    "--map",
    "mapped",
    multiple=True,
    metavar="HEADING=COLUMN",
    help="What a heading of the file means, which is kept for the next time; or “ignore”, for this time alone.",
)
@click.option("--dry-run", is_flag=True, help="Tell every fault and what would be done; keep nothing.")
def import_(file: Path, covers: tuple[str, ...], mapped: tuple[str, ...], dry_run: bool) -> None:
    """Import FILE (CSV or XLSX): all of it or nothing. Run again, it doubles nothing.

    Where something is wrong, each fault is told by row and column, nothing is kept and the exit status is 1.
    """
    if file.stat().st_size > MOST_BYTES:
        raise Refused(f"The file has more than {MOST_BYTES // 1024**2} MiB. Split the register by year.")
    data = file.read_bytes()
    with opened() as office:
        moment = now()
        mapping, covered = _mapping(mapped), recording.read(office, covers, now=moment)
        if dry_run:
            checked = importing.dry_run(
                office, data, name=file.name, covers=covered, mapping=mapping, now=moment
            )
            _tell(checked, "would be imported; nothing was kept")
            return
        importing.keep_headings(office, mapping)
        for step in importing.run(office, data, name=file.name, covers=covered, mapping=mapping, now=moment):
            if isinstance(step, Progress):
                _show(step)
            else:
                _tell(step.checked if isinstance(step, Imported) else step, "imported")


@register.command()
def coverage() -> None:
    """What is recorded from when to when, by measure. Outside of it, counts print “not recorded”."""
    with opened() as office:
        for measure, spans in recording.coverage(office).items():
            told = "; ".join(
                f"{span.first_day} to {span.last_day}" if span.last_day else f"{span.first_day} on"
                for span in spans
            )
            click.echo(f"{measure:<26} {told or 'not recorded'}")


@register.command()
@click.argument("measure", type=click.Choice(list(MEASURES)))
@click.option("--after", required=True, metavar="DATE", help="The last day recorded, such as 2026-03-31.")
def stop(measure: str, after: str) -> None:
    """Record MEASURE no longer: after this day it prints “not recorded”."""
    try:
        day = date.fromisoformat(after)
    except ValueError as error:
        raise click.UsageError(f"Write the day as 2026-03-31, not {after!r}.") from error
    with opened() as office:
        recording.stop(office, measure, day, now=now())
    click.echo(f"{MEASURES[measure]} is recorded up to {day:%-d %B %Y} and no longer.")


def _mapping(texts: tuple[str, ...]) -> dict[str, str]:
    mapping = {}
    for text in texts:
        heading, equals, column = text.rpartition("=")
        if not equals:
            raise click.UsageError(f"Write what a heading means as “Our heading=column”, not {text!r}.")
        mapping[heading.strip()] = column.strip()
    return mapping


def _show(step: Progress) -> None:
    share = f"{100 * step.done // step.total:3d} %" if step.total >= step.done and step.total else "     "
    click.echo(f"{share} {step.what.lower()}: {step.done:,} rows", err=True)


def _tell(checked: Checked, done: str) -> None:
    if checked.fault_count:
        for fault in checked.faults:
            place = f"row {fault.row:,}" if fault.row else "file"
            click.echo(": ".join(part for part in (place, fault.column, fault.words) if part))
        more = checked.fault_count - len(checked.faults)
        listed = f" The first {len(checked.faults):,} are listed." if more else ""
        click.echo(f"{checked.fault_count:,} faults.{listed} Nothing was imported.", err=True)
        sys.exit(1)
    click.echo(
        f"{checked.rows:,} rows {done}: {checked.new:,} new, {checked.replaced:,} replaced, "
        f"{checked.unchanged:,} unchanged."
    )
    for kind, number in checked.by_kind.items():
        click.echo(f"  {number:>7,}  {kind}")
    for sentence in importing.sentences(checked):
        click.echo(sentence)

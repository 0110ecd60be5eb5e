"""`intake tick`: what is due is taken, notices are sent, the day is entered in the journal."""

from __future__ import annotations

import os
import traceback
from datetime import datetime

import click

from intake.cli.opening import now, opened
from intake.cli.parenthood import rest_while_parent_lives
from intake.database import OlderThanDatabase, level_times
from intake.procedures.working_days import FIRST_YEAR, LAST_YEAR, LONDON
from intake.services import (
    custody,
    escalation,
    journal,
    notifying,
    pinning,
    sending,
    signing_in,
    uploads,
    visits,
)
from intake.services.office import Office
from intake.services.refusals import Refused


@click.command()
@click.option("--as-of", help="In a demonstration: the moment to take it to be, as 2026-12-01T09:00.")
@click.option("--every", type=click.IntRange(5, 3600), help="Go on, once in so many seconds.")
def tick(as_of: str | None, every: int | None) -> None:
    """Take the steps that have fallen due and send the notices that wait. Running it often does no harm."""
    with opened() as office:
        moment = _moment(office, as_of)
        if every is None:
            _once(office, moment or now())
            return
        parent, lives = os.getppid(), True
        while lives:
            try:
                _once(office, now(), quiet=True)
            except OlderThanDatabase:
                raise  # what it would write, and how it counts, is of another version: `serve` ends with it
            except Exception:  # told, with its place, and tried again in a minute: a tick must not stay away
                traceback.print_exc()
                office.session.rollback()
            lives = rest_while_parent_lives(every, parent)


def _moment(office: Office, as_of: str | None) -> datetime | None:
    if as_of is None:
        return None
    if not office.settings.demonstration:
        raise Refused("--as-of works in a demonstration only: elsewhere the moment is now.")
    try:
        moment = datetime.fromisoformat(as_of)
    except ValueError as error:
        raise Refused(f"Write the moment as 2026-12-01T09:00, not {as_of!r}.") from error
    if not FIRST_YEAR < moment.year < LAST_YEAR:
        raise Refused(f"Give a moment between {FIRST_YEAR + 1} and {LAST_YEAR - 1}.")
    return moment if moment.tzinfo else moment.replace(tzinfo=LONDON)


def _once(office: Office, moment: datetime, *, quiet: bool = False) -> None:
    taken = escalation.run(office, now=moment).taken
    signing_in.sweep(office, now=moment)
    uploads.sweep(office, now=moment)
    for sentence in pinning.watch(office, now=moment):
        click.echo(sentence, err=True)
    if office.settings.smtp_host:
        post = sending.send_waiting(office, sending.smtp(office.settings), now=moment)
    else:
        post = notifying.Post(0, 0, 0)
    journal.close_the_day(office, now=moment)  # late: whatever it meets, dates and notices went before
    visits.sweep(office, now=moment)  # last: a draft that is over opens no longer in any case
    for engine in (office.session.get_bind(), office.drafts):
        level_times(engine, office.today(moment))
    for fault in custody.faults(office):
        click.echo(f"WARNING: {fault}", err=True)
    for step in taken:
        late = f" (caught up late: it fell on {step.falls_on:%-d %B %Y})" if step.late else ""
        click.echo(
            f"{step.reference}: {step.deadline} due {step.due:%-d %B %Y}, level {step.level}, "
            f"{step.told} told{late}"
        )
    if quiet:  # beside `serve` nothing is said of what went out: whoever keeps this output would stamp it
        return
    waiting = notifying.post(office)
    click.echo(
        f"{len(taken)} steps taken; notices: {post.sent} sent, {post.failed} given up, "
        f"{waiting.queued} waiting, {waiting.failed} failed in all."
    )
    warning = office.calendar.warning_ahead(office.today(moment))
    if warning:
        click.echo(warning)

"""`intake tick`: what is due is taken, notices are sent, the day is entered in the journal.

Each part fails by itself: it is told by its kind and place, tried again by the next tick, and the parts after it are
done all the same.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

import click

from intake.cli.opening import now, opened
from intake.cli.parenthood import rest_while_parent_lives
from intake.database import OlderThanDatabase, level_times
from intake.procedures.working_days import FIRST_YEAR, LAST_YEAR, LONDON
from intake.services.access import ending
from intake.services.cases import reaching
from intake.services.ground import custody, journal, notices, pinning
from intake.services.ground.office import Office
from intake.services.ground.refusals import ClockWrong, Refused
from intake.services.holders import visits
from intake.services.instance import founding, kept_versions, which_database
from intake.services.people import signing_in
from intake.services.register import uploads
from intake.services.retention import destroying, due, tombstones
from intake.services.tick import escalation, faults, inquiry_dates, sending, unread


@click.command()
@click.option("--as-of", help="In a demonstration: set its clock, as 2026-12-01T09:00, or `now`.")
@click.option("--every", type=click.IntRange(5, 3600), help="Go on, once in so many seconds.")
def tick(as_of: str | None, every: int | None) -> None:
    """Take the steps that have fallen due and send the notices that wait. Running it often does no harm.

    Exit status 1 when a part of it failed: it says which, does the others, and the next tick tries again.
    """
    with opened(check=False) as office:
        number = _check(office)
        if as_of is not None:
            office.set_clock(_moment(office, as_of))
        if every is None:
            number += _once(office, now())
            if number:
                raise click.ClickException(
                    "Not all of this tick was done, as told above. The next tries again."
                )
            return
        click.get_current_context().with_resource(which_database.at_work(office.settings.instance))
        parent, lives, looked_on = os.getppid(), True, None
        while lives:
            moment = now()
            try:
                _once(office, moment, quiet=True, every_case=looked_on != moment.date())
                looked_on = moment.date()
            except OlderThanDatabase:
                raise  # what it would write, and how it counts, is of another version: `serve` ends with it
            except Exception as error:  # a tick must not stay away
                click.echo(faults.told("The tick", error), err=True)
            lives = rest_while_parent_lives(every, parent)


def _check(office: Office) -> int:
    """Whether the database is ours at all. What its cases' rules lack is told; the dates are due all the same."""
    try:
        founding.check(office)
    except kept_versions.RulesMissing as error:
        click.echo(f"WARNING: {error}", err=True)
        return 1
    return 0


def _moment(office: Office, as_of: str) -> datetime | None:
    """What the clock is set to; None: the machine's again."""
    if not office.settings.demonstration:
        raise Refused("--as-of works in a demonstration only: elsewhere the moment is now.")
    if as_of == "now":
        return None
    try:
        moment = datetime.fromisoformat(as_of)
    except ValueError as error:
        raise Refused(f"Write the moment as 2026-12-01T09:00, not {as_of!r}.") from error
    if not FIRST_YEAR < moment.year < LAST_YEAR:
        raise Refused(f"Give a moment between {FIRST_YEAR + 1} and {LAST_YEAR - 1}.")
    return moment if moment.tzinfo else moment.replace(tzinfo=LONDON)


class _Parts:
    """The parts of one tick, each by itself, and what they met."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self.met: Counter[str] = Counter()

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """One part: what it raises is told, and the next one begins."""
        try:
            yield
        except OlderThanDatabase:
            raise
        except Exception as error:
            self.met[faults.told(name, error)] += 1
        finally:
            self._office.session.rollback()

    def tell(self) -> int:
        """Say each thing once, and how often it was met. Returns how many."""
        for sentence, times in self.met.items():
            click.echo(sentence + (f" ({times} times)" if times > 1 else ""), err=True)
        return len(self.met)


def _once(office: Office, moment: datetime, *, quiet: bool = False, every_case: bool = False) -> int:
    """One tick. Returns how many things could not be done. `every_case`: it looks at where each case stands."""
    parts, taken, post = _Parts(office), [], notices.Post(0, 0, 0)
    try:
        today = office.today(moment)
    except ClockWrong as error:  # nothing is taken, swept or entered by such a clock
        click.echo(f"Nothing was done. {error}", err=True)
        return 1
    with parts.part("Steps that are due"):
        tick = escalation.run(office, now=moment)
        taken = tick.taken
        parts.met += tick.faults
    with parts.part("What was given for a time"):
        ending.end(office, now=moment)
    with parts.part("Dates of inquiries"):
        parts.met += inquiry_dates.run(office, now=moment)
    with parts.part("Messages that nobody has read"):
        unread.tell(office, now=moment)
    with parts.part("Sessions that are over"):
        signing_in.sweep(office, now=moment)
    with parts.part("Files between two pages"):
        uploads.sweep(office, now=moment)
    with parts.part("The pinned keys"):
        for sentence in pinning.watch(office, now=moment):
            click.echo(sentence, err=True)
    with parts.part("Notices"):
        if office.settings.smtp_host:
            post = sending.send_waiting(office, sending.smtp(office.settings), now=moment)
            parts.met += post.faults
    with parts.part("The day that is over"):  # late: whatever it meets, dates and notices went before
        journal.close_the_day(office, now=moment)
    with parts.part("What was agreed to be destroyed"):
        destroying.go_on(office, now=moment)
        due.tell_monthly(office, now=moment)
        tombstones.sweep(office, now=moment)
        destroying.wipe(office, now=moment)
    with parts.part("Drafts that are over"):
        visits.sweep(office, now=moment)
    with parts.part("The files' times"):
        for engine in (office.session.get_bind().engine, office.drafts):
            level_times(engine, today)
    with parts.part("Who can open what"):
        for fault in custody.faults(office):
            click.echo(f"WARNING: {fault}", err=True)
    with parts.part("Where cases stand"):  # once a day: its own readers do not find a case that was moved
        for fault in reaching.faults(office) if every_case else ():
            click.echo(f"WARNING: {fault}", err=True)
    with parts.part("What was done"):
        _say(office, taken, post, today, quiet=quiet)
    return parts.tell()


def _say(
    office: Office, taken: list[escalation.Taken], post: notices.Post, today: date, *, quiet: bool
) -> None:
    for step in taken:
        late = f" (caught up late: it fell on {step.falls_on:%-d %B %Y})" if step.late else ""
        click.echo(
            f"{step.reference}: {step.deadline} due {step.due:%-d %B %Y}, level {step.level}, "
            f"{step.told} told{late}"
        )
    if quiet:  # beside `serve` nothing is said of what went out: whoever keeps this output would stamp it
        return
    waiting = notices.post(office)
    click.echo(
        f"{len(taken)} steps taken; notices: {post.sent} sent, {post.failed} given up, "
        f"{waiting.queued} waiting, {waiting.failed} failed in all."
    )
    warning = office.calendar.warning_ahead(today)
    if warning:
        click.echo(warning)

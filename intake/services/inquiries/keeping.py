"""Writing in an inquiry: what every act shares. One entry, one line in the journal, one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime

from intake.database import writing
from intake.models import Case
from intake.procedures.working_days import say
from intake.services.cases import concerns, reaching
from intake.services.ground import journal, sealing
from intake.services.ground.office import Office
from intake.services.ground.refusals import ActedMeanwhile, NotFound, Refused, needs
from intake.services.ground.roles import Officer, Right
from intake.vault.record import CaseKey

from . import reading
from .reading import Inquiry

LINE, WORDS, LONG = 200, 4_000, 20_000  # characters: of a line, of a reason, of a note or a report
MEANWHILE = (
    "This concern changed after you had opened this page: a colleague acted, or your own first press arrived. "
    "Nothing more was done, and nothing you typed was lost. Look at it as it is now, then decide again."
)


@dataclass
class Turn:
    """One officer at one inquiry, inside one transaction."""

    office: Office
    officer: Officer
    case: Case
    key: CaseKey = field(repr=False)
    inquiry: Inquiry = field(repr=False)
    now: datetime
    _written: int = 0

    @property
    def today(self) -> date:
        """The day of the act."""
        return self.office.today(self.now)

    def keep(self, what: str, *, act: journal.Act = journal.Act.INQUIRED, **said: object) -> int:
        """Seal an entry and add its line. Returns its place."""
        session, place = self.office.session, self.inquiry.following + self._written
        content = {"what": what, **said}
        sealing.add_record(
            session,
            self.key,
            self.case,
            reading.KIND,
            content,
            on=self.today,
            by=self.officer.id,
            place=place,
        )
        self._written += 1
        self.case.revision += 1
        journal.append(session, at=self.now, actor=self.officer.id, act=act, case_id=self.case.id)
        return place


@contextmanager
def turn(
    office: Office,
    officer: Officer,
    reference: str,
    *,
    revision: int,
    now: datetime,
    right: Right = Right.INQUIRE,
    when_closed: bool = False,
) -> Iterator[Turn]:
    """An officer's turn at an inquiry. `when_closed`: also once its concern is closed.

    Raises `NotFound`, also for a complaint; `ActedMeanwhile`; `Refused`; `Damaged`; `NotStored`.
    """
    needs(officer, right)
    with writing(office.session):
        case, key, _ = reaching.reach(office, officer, reference)
        if not concerns.is_one(office.catalogue[case.procedure]):
            raise NotFound
        if case.revision != revision:
            raise ActedMeanwhile(MEANWHILE)
        if case.closed_on and not when_closed:
            raise Refused(f"This concern was closed on {say(case.closed_on)}. Reopen it first.")
        yield Turn(office, officer, case, key, reading.known(office.session, case, key), now)


def words(text: str, what: str, longest: int = WORDS) -> str:
    """What was typed, without the space around it. Raises `Refused` for nothing, and for too much."""
    text = text.strip()
    if not text:
        raise Refused(f"{what} is missing. Write it down.")
    if len(text) - text.count("\r\n") > longest:  # a line break counts once, as the form says
        raise Refused(f"{what} must be {longest:,} characters or fewer. Nothing was cut: shorten it here.")
    return text


def past(turn: Turn, day: date | None, what: str) -> date:
    """A day on which something was: from the receipt until today. Raises `Refused`."""
    if day is None:
        raise Refused(f"Say on which day {what}.")
    if day > turn.today:
        raise Refused(f"{say(day)} is in the future. Write it down once it has been.")
    if day < turn.case.received_on:
        raise Refused(f"{say(day)} is before the concern was received, on {say(turn.case.received_on)}.")
    return day


def to_come(turn: Turn, day: date | None, what: str) -> date:
    """A day by which something shall be done: today or later, within what calendars cover. Raises `Refused`."""
    if day is None:
        raise Refused(f"Say by which day {what}.")
    if day < turn.today:
        raise Refused(f"{say(day)} is in the past. Give {say(turn.today)} or a later day.")
    if day.year > turn.today.year + 10:
        raise Refused(f"{say(day)} is more than ten years away. Check the year.")
    return day

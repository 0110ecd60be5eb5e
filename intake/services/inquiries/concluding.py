"""Conclude: what is alleged, what was found on each and why, lessons, and the report."""

from __future__ import annotations

from datetime import datetime

from intake.procedures import allegations as rule
from intake.procedures.allegations import Allegation
from intake.procedures.working_days import say
from intake.services.cases import timekeeping
from intake.services.ground.office import Office
from intake.services.ground.refusals import NotFound, Refused
from intake.services.ground.roles import Officer

from . import reading
from .keeping import LONG, WORDS, Turn, turn, words

MOST = 60  # allegations in one concern


def allege(
    office: Office, officer: Officer, reference: str, text: str, *, revision: int, now: datetime
) -> None:
    """Set out one thing that is alleged. Raises as `keeping.turn`."""
    with turn(office, officer, reference, revision=revision, now=now) as one:
        if len(one.inquiry.allegations) >= MOST:
            raise Refused(f"A concern has {MOST} allegations at most. Put together what belongs together.")
        one.keep(reading.ALLEGATION, words=words(text, "What is alleged"))


def reword(
    office: Office, officer: Officer, reference: str, number: int, text: str, *, revision: int, now: datetime
) -> None:
    """Put an allegation in other words; a finding on the old ones falls away. Raises as `keeping.turn`."""
    with turn(office, officer, reference, revision=revision, now=now) as one:
        before, text = _standing(one, number), words(text, "What is alleged")
        if " ".join(before.words.split()) == " ".join(text.split()):
            raise Refused("It reads as it did. Nothing was changed.")
        one.keep(reading.REWORDED, number=number, words=text)


def set_aside(
    office: Office, officer: Officer, reference: str, number: int, why: str, *, revision: int, now: datetime
) -> None:
    """Leave an allegation undecided for a reason: it stays to be read, and counts no more. Raises as `keeping.turn`."""
    with turn(office, officer, reference, revision=revision, now=now) as one:
        _standing(one, number)
        one.keep(reading.SET_ASIDE, number=number, why=words(why, "Why it is set aside"))


def find(
    office: Office,
    officer: Officer,
    reference: str,
    number: int,
    outcome: str,
    why: str,
    *,
    revision: int,
    now: datetime,
) -> None:
    """Say what was found on an allegation, and why. Raises as `keeping.turn`; `Refused` for one that was set aside."""
    with turn(office, officer, reference, revision=revision, now=now) as one:
        _standing(one, number)
        version = timekeeping.version_of(office, one.case)
        if outcome not in {each.id for each in rule.may_be_found(version)}:
            raise Refused("Choose what was found on this allegation.")
        one.keep(reading.FINDING, number=number, outcome=outcome, why=words(why, "Why", LONG))


def learn(
    office: Office, officer: Officer, reference: str, text: str, *, revision: int, now: datetime
) -> None:
    """Write what is learned from it; the newest words count. Raises as `keeping.turn`."""
    with turn(office, officer, reference, revision=revision, now=now) as one:
        one.keep(reading.LESSONS, text=words(text, "What is learned", WORDS))


def report(
    office: Office, officer: Officer, reference: str, text: str, *, revision: int, now: datetime
) -> None:
    """Write the report; the newest words count, the versions before stay. Raises as `keeping.turn`."""
    with turn(office, officer, reference, revision=revision, now=now) as one:
        one.keep(reading.REPORT, text=words(text, "The text of the report", LONG))


def _standing(one: Turn, number: int) -> Allegation:
    for each in one.inquiry.allegations:
        if each.id == number:
            if each.set_aside:
                raise Refused(
                    f"That allegation was set aside on {say(each.set_aside)}, so nothing is found on it. Set it out "
                    "anew if it is made again."
                )
            return each
    raise NotFound

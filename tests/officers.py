"""What officers do to a case in the stories: each act as the one sentence that it is."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from intake.procedures import moves
from intake.services.casework import acting

if TYPE_CHECKING:
    from intake.services.ground.office import Office
    from intake.services.ground.roles import Officer


def acknowledge(office, officer, ref: str, text: str, *, revision: int, now: datetime) -> None:
    _do(office, officer, ref, moves.Acknowledge(office.today(now)), revision, now, text)


def allocate(office, officer, ref: str, to: str, *, revision: int, now: datetime) -> None:
    _do(office, officer, ref, moves.Allocate(office.today(now), to), revision, now)


def extend(
    office, officer, ref: str, deadline: str, until: date, reason: str, *, revision: int, now: datetime
) -> None:
    _do(office, officer, ref, moves.Extend(office.today(now), deadline, until, reason), revision, now)


def respond(
    office,
    officer,
    ref: str,
    outcome: str,
    text: str,
    reason: str,
    *,
    revision: int,
    now: datetime,
    own: str = "",
) -> None:
    _do(office, officer, ref, moves.Respond(office.today(now), outcome, reason, own), revision, now, text)


def open_next_stage(
    office, officer, ref: str, happened: date | None, reason: str, *, revision: int, now: datetime
) -> None:
    _do(office, officer, ref, moves.OpenNextStage(office.today(now), reason, happened), revision, now)


def reclassify(office, officer, ref: str, to: str, reason: str, *, revision: int, now: datetime) -> None:
    move = moves.Reclassify(office.today(now), office.catalogue[to], reason)
    _do(office, officer, ref, move, revision, now)


def withdraw(office, officer, ref: str, reason: str, *, revision: int, now: datetime) -> None:
    _do(office, officer, ref, moves.Withdraw(office.today(now), reason), revision, now)


def close(office, officer, ref: str, reason: str, *, revision: int, now: datetime) -> None:
    _do(office, officer, ref, moves.Close(office.today(now), reason), revision, now)


def take_up_again(office, officer, ref: str, text: str, reason: str, *, revision: int, now: datetime) -> None:
    _do(office, officer, ref, moves.TakeUpAgain(office.today(now), reason), revision, now, text)


def reopen(office, officer, ref: str, reason: str, *, revision: int, now: datetime) -> None:
    _do(office, officer, ref, moves.Reopen(office.today(now), reason), revision, now)


def write(office, officer, ref: str, text: str, *, token: str, now: datetime) -> None:
    acting.do(office, officer, ref, moves.Write(office.today(now)), text=text, token=token, now=now)


def note(office, officer, ref: str, text: str, *, token: str, now: datetime) -> None:
    acting.do(office, officer, ref, moves.Note(office.today(now)), text=text, token=token, now=now)


def _do(
    office: Office, officer: Officer, ref: str, move: moves.Move, revision: int, now: datetime, text: str = ""
) -> None:
    acting.do(office, officer, ref, move, text=text, revision=revision, now=now)

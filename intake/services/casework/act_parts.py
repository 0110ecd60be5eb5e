"""Of what an act's record is made: the turn, the letter, what is kept; and what a part says where it says nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from intake.models import Case
from intake.procedures.moves import Move
from intake.procedures.standing import Standing
from intake.services.ground import journal
from intake.services.ground.office import Office
from intake.services.ground.roles import Officer, Right
from intake.services.points.reading import NOTHING, Complaint
from intake.vault.record import CaseKey

from .appointing import Appointed

M = TypeVar("M", bound=Move)


@dataclass(frozen=True)
class Turn(Generic[M]):
    """One act on one case: by whom, with what text, and where the case stands before it and after.

    `appointed`: the people of its stages so far, for an act that appoints; `complaint`: its points, for one that
    answers them or keeps what was agreed.
    """

    office: Office
    officer: Officer
    case: Case
    before: Standing
    after: Standing
    move: M
    text: str
    key: CaseKey = field(repr=False)
    appointed: tuple[Appointed, ...] = ()
    complaint: Complaint = NOTHING


@dataclass(frozen=True)
class Letter:
    """What the holder is sent."""

    heading: str
    text: str


@dataclass(frozen=True)
class Kept:
    """What officers alone read of an act: why it was done (a "reason"), a "note", or who was "appointed" (`more`)."""

    kind: str
    text: str
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Act(Generic[M]):
    """An act. Nothing has a default: each part has to be thought of.

    `right`: what a role must have. `journal`: its line there, with the clear facts of `told`, which are never what
    somebody wrote. `clashes`: refused where somebody else acted since the officer's page was made; one that does not is
    kept once for each press. `forbids`: why it is refused though the rules allow it; empty where it is not. `letter`:
    what the holder is sent. `keeps`: what officers alone read. `hears`: the account that is told; empty for nobody.
    """

    move: type[M]
    right: Right
    journal: journal.Act
    told: Callable[[M], dict[str, str]]
    clashes: bool
    forbids: Callable[[Turn[M]], str]
    letter: Callable[[Turn[M]], Letter | None]
    keeps: Callable[[Turn[M]], Kept | None]
    hears: Callable[[M], str]

    @property
    def word(self) -> str:
        """What it is called in addresses, and beside a reason that was kept."""
        return self.move.word


def no_facts(move: Move) -> dict[str, str]:
    return {}


def nobody(move: Move) -> str:
    return ""


def nothing(turn: Turn[Any]) -> None:
    return None


def never(turn: Turn[Any]) -> str:
    return ""


def why(text: str) -> Kept | None:
    return Kept("reason", text) if text else None


def facts(**known: object) -> dict[str, str]:
    return {name: str(value) for name, value in known.items() if value is not None}

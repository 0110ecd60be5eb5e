"""Each row of a register checked: a plain `Row`, or `Fault`s that say in words what to do.

The rules come in as a plain description: this room does not know the procedures.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from . import cells
from .cells import Wrong, say, shown
from .columns import CHANNELS, KINDS, STAGES, Layout, channel_of, kind_of, plain
from .limits import MOST_ROWS


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a row (1: the headings; 0: the whole file) under a heading, and what to do."""

    row: int
    column: str
    words: str


@dataclass(frozen=True, slots=True)
class Ending:
    """An outcome: its id, whether it ends the stage, and whether it needs the day of an answer."""

    id: str
    final: bool = True
    answered: bool = True


@dataclass(frozen=True, slots=True)
class Edition:
    """A kind's rules for what was received from `first_day` on (None: always): its stages and outcomes."""

    id: str
    first_day: date | None
    stages: int
    outcomes: Mapping[str, Ending]  # by `plain` label


class StageReached(NamedTuple):
    """A receipt at a stage, and what became of it."""

    received: date
    responded: date | None
    outcome: str | None


class Row(NamedTuple):
    """A case of the register, sound. `edition`: the rules in force when the day of receipt began; `settled`:
    the last stage reached has ended."""

    number: int
    reference: str
    kind: str
    edition: str
    channel: str
    service: str
    theme: str
    complainant: str
    summary: str
    received_on: date
    stages: tuple[StageReached, ...]
    settled: bool


class Checker:
    """Checks the rows of one register. `kinds`: the editions of each kind, the earliest first."""

    def __init__(self, layout: Layout, kinds: Mapping[str, tuple[Edition, ...]], today: date) -> None:
        self.layout, self.kinds, self.today = layout, kinds, today
        self.seen: dict[str, int] = {}

    def check(self, rows: Iterable[tuple[int, list[Any]]]) -> Iterator[Row | Fault | None]:
        """Each row, or its faults; None where nothing but empty rows were read."""
        count = 0
        for number, row in rows:
            if not row:
                yield None
                continue
            count += 1
            if count > MOST_ROWS:
                words = f"There are more than {MOST_ROWS:,} rows. Split the register by year."
                yield Fault(number, "", words)
                return
            one = _OneRow(self, number)
            sound = one.read(row)
            if one.faults:
                yield from one.faults
            else:
                yield sound


class _OneRow:
    def __init__(self, checker: Checker, number: int) -> None:
        self.checker, self.number = checker, number
        self.said: dict[str, str | date | None] = {}  # None: at fault, and told
        self.faults: list[Fault] = []

    def read(self, row: list[Any]) -> Row | None:
        self._beyond(row)
        for column, place in self.checker.layout.places.items():
            try:
                self.said[column] = cells.value(column, row[place] if place < len(row) else None)
            except Wrong as wrong:
                self.said[column] = None
                self.fault(column, str(wrong))
        reference, kind, channel = self._reference(), self._kind(), self._channel()
        received = self._date("received_on")
        if self.said.get("received_on") == "":
            self.fault("received_on", "The day of receipt is missing. Enter it, such as 2024-04-01.")
        edition = self._edition(kind, received) if kind and received else None
        stages = self._stages(edition, received)
        if self.faults or reference is None or kind is None or channel is None:
            return None
        if received is None or edition is None:  # told as a fault, like the others
            return None
        return Row(
            number=self.number,
            reference=reference,
            kind=kind,
            edition=edition.id,
            channel=channel,
            service=self._text("service"),
            theme=self._text("theme"),
            complainant=self._text("complainant"),
            summary=self._text("summary"),
            received_on=received,
            stages=tuple(stages),
            settled=_settled(stages[-1], edition),
        )

    def _text(self, column: str) -> str:
        """What a column says that holds no day; empty also where it was at fault."""
        said = self.said.get(column, "")
        return said if isinstance(said, str) else ""

    def fault(self, column: str, words: str) -> None:
        """Tell what is wrong, and where."""
        heading = self.checker.layout.heading(column) if column else ""
        self.faults.append(Fault(self.number, heading, words))

    def _beyond(self, row: list[Any]) -> None:
        headings = self.checker.layout.headings
        for place, cell in enumerate(row):
            if cell not in (None, "") and (place >= len(headings) or not headings[place].strip()):
                self.fault(
                    "", f"Cell {place + 1} of this row stands under no heading. Is there a comma too many?"
                )
                return

    def _reference(self) -> str | None:
        text, seen = self._text("reference"), self.checker.seen
        if self.said["reference"] is None:
            return None
        words = ""
        if not text:
            words = "The reference is missing. Every row needs one of its own."
        elif not all(sign == " " or unicodedata.category(sign)[0] not in "CZ" for sign in text):
            words = "The reference holds a character that cannot be seen. Type it again."
        elif text in seen:
            words = f"{shown(text)} stands in row {seen[text]:,} already. Give each case its own reference."
        if words:
            self.fault("reference", words)
            return None
        seen[text] = self.number
        return text

    def _kind(self) -> str | None:
        text, kinds = self._text("kind"), self.checker.kinds
        if self.said["kind"] is None:
            return None
        kind = kind_of(text) if text else None
        if kind is not None and kind in kinds:
            return kind
        what = f"There is no kind {shown(text)}." if text else "The kind is missing."
        known = ", ".join(name for name, one in KINDS.items() if one in kinds)
        self.fault("kind", f"{what} Write one of: {known}.")
        return None

    def _channel(self) -> str | None:
        if self.said.get("channel", "") is None:
            return None
        text = self._text("channel")
        channel = channel_of(text)
        if channel is None:
            known = ", ".join(dict.fromkeys(CHANNELS))
            self.fault(
                "channel", f"There is no channel {shown(text)}. Write one of: {known}; or leave it empty."
            )
        return channel

    def _date(self, column: str) -> date | None:
        text = self.said.get(column, "")
        if not text:
            return None
        try:
            return cells.day(text, self.checker.today)
        except Wrong as wrong:
            self.said[column] = None
            self.fault(column, str(wrong))
            return None

    def _edition(self, kind: str, received: date) -> Edition | None:
        editions = self.checker.kinds[kind]
        for edition in reversed(editions):
            if edition.first_day is None or edition.first_day <= received:
                return edition
        since = say(editions[0].first_day or received)
        self.fault("kind", f"There are no cases of this kind before {since}. Check the kind and the date.")
        return None

    def _stages(self, edition: Edition | None, received: date | None) -> list[StageReached]:
        made: list[StageReached] = []
        before: date | None = None
        given_before = True
        for stage in STAGES:
            names = [f"stage{stage}_{what}" for what in ("received", "responded", "outcome")]
            days = [self._date(name) for name in names[:2]]
            texts = [self.said.get(name, "") for name in names]
            given = texts != ["", "", ""]
            if stage == 1 and texts[0] == "":
                days[0] = received
            if stage == 1 or given:
                if edition and stage > edition.stages:
                    self.fault(names[0], _no_such_stage(stage, edition))
                else:
                    self._order(stage, names, texts, days, received if stage == 1 else before, given_before)
                    ending = self._ending(names, texts, edition) if edition else None
                    if days[0] is not None:  # else a fault was told, and the row is not kept
                        made.append(StageReached(days[0], days[1], ending.id if ending else None))
            before, given_before = days[0], days[0] is not None
        return made

    def _order(
        self,
        stage: int,
        names: Sequence[str],
        texts: Sequence[str | date | None],
        days: Sequence[date | None],
        before: date | None,
        given_before: bool,
    ) -> None:
        start, answer = days
        if stage > 1 and texts[0] == "":
            self.fault(
                names[0], f"Stage {stage} has an answer, and no day on which it was received. Enter the day."
            )
        if stage > 1 and not given_before:
            column, what = f"stage{stage - 1}_received", f"stage {stage - 1}"
            self.fault(
                column, f"There is a stage {stage}, and no day on which {what} was received. Enter the day."
            )
        elif start and before and start < before:
            what = "the case" if stage == 1 else f"stage {stage - 1}"
            words = (
                f"Stage {stage} was received on {say(start)}, before {what} was received on {say(before)}."
            )
            self.fault(names[0], f"{words} Check both dates.")
        if answer and start and answer < start:
            words = f"Stage {stage} was answered on {say(answer)}, before it was received on {say(start)}."
            self.fault(names[1], f"{words} Check both dates.")

    def _ending(
        self, names: Sequence[str], texts: Sequence[str | date | None], edition: Edition
    ) -> Ending | None:
        said = self._text(names[2])
        if not said:
            return None
        ending = edition.outcomes.get(plain(said))
        if ending is None:
            known = ", ".join(edition.outcomes)
            self.fault(names[2], f"{shown(said)} is no outcome here. Write one of: {known}.")
            return None
        if texts[1] == "" and ending.answered:
            words = f"There is an outcome, {shown(said)}, and no day of the answer. Enter the day."
            self.fault(names[1], words)
        return ending


def _no_such_stage(stage: int, edition: Edition) -> str:
    stages = "one stage" if edition.stages == 1 else f"{edition.stages} stages"
    return f"A case of this kind, received then, has {stages} and no stage {stage}. Check the kind and the dates."


def _settled(last: StageReached, edition: Edition) -> bool:
    ending = next((one for one in edition.outcomes.values() if one.id == last.outcome), None)
    if ending is None:
        return last.responded is not None
    return ending.final and (last.responded is not None or not ending.answered)

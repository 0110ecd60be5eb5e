"""Small numbers are kept back from the public, and whatever else would let them be worked out.

The rule, which anybody may know:
- Receipts are told exactly; referrals with the year alone, and without any breakdown.
- A breakdown of fewer receipts than the limit is withheld whole.
- A part from 1 up to the limit is hidden, and with it the smallest part at or above the limit, so that the
  marks do not say which is which: the hidden numbers could stand in any order. Of equal parts a draw decides
  that nobody can repeat who does not know the figures.
- Then every hidden number is tried against all that was ever told: the total, the other table of outcomes and
  times, the other quarters and the year, earlier editions, and the exact changes of a revision. More is
  hidden until each could as well be at or above the limit, or as much as withholding everything could do.
- A breakdown of which every part would be hidden is withheld whole. What was hidden once stays hidden.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import reduce

from .facts import Facts, Key, Span
from .open_figures import BY_THE_YEAR, Answered, Issued, Open, told_of
from .published import Figure
from .quarters import Period
from .witness import Part, Puzzle, View

LIMIT = 5
# Tables that bind one another beyond their common total.
TIMELINESS = "timeliness"
BOUND = (("outcome", TIMELINESS), ("service",), ("theme",), ("channel",), ("extended",))


def release(
    period: Period,
    figures: Mapping[str, Figure],
    facts: Facts,
    earlier: Sequence[Issued] = (),
    *,
    below: int = LIMIT,
    secret: bytes = b"",
) -> Open:
    """What the public is told of a quarter that is published, or published again.

    `earlier`: everything that was published of the same financial year, in that order, its years too; others
    are passed over. A breakdown whose parts do not add up to the receipts is not told at all. `secret` decides
    between equal parts, so that nobody else can repeat the draw.
    """
    earlier = [issued for issued in earlier if issued.period.year == period.year]
    parts: dict[Key, int | None] = {}
    withheld: set[tuple[str, str]] = set()
    for measure, figure in figures.items():
        if not figure.number:
            continue
        for kinds in BOUND:
            told = Telling(period, facts, measure, kinds, earlier, below, secret).settle()
            withheld |= {(kind, measure) for kind in told.withheld}
            parts |= {
                (kind, measure, value): None if (kind, value) in told.hidden else number
                for (kind, value), number in told.true.items()
                if kind not in told.withheld and (number or (kind, value) in told.hidden)
            }
    receipts = {
        measure: figure
        for measure, figure in figures.items()
        if period.quarter is None or measure not in BY_THE_YEAR
    }
    edition = Open(receipts, parts, frozenset(withheld), {}, below)
    return replace(edition, answers=_answers(period, edition, facts, earlier))


def release_year(
    year: Period,
    figures: Mapping[str, Figure],
    earlier: Sequence[Issued],
    *,
    below: int = LIMIT,
    secret: bytes = b"",
) -> Issued:
    """What the public is told of a year whose quarters are all out: their sum, each as published last.

    Raises ValueError while a quarter is missing.
    """
    latest = {issued.period: _recorded(issued) for issued in earlier if issued.period.year == year.year}
    latest.pop(year, None)
    if len(latest) != 4:
        raise ValueError(f"Not every quarter of {year.label} is published.")
    facts = reduce(lambda one, other: one + other, latest.values())
    return Issued(year, facts, release(year, figures, facts, earlier, below=below, secret=secret))


def _recorded(issued: Issued) -> Facts:
    """The facts of what was recorded: a figure that was not has no parts in the year either."""
    return issued.facts.without(
        measure for measure, figure in issued.told.receipts.items() if figure.number is None
    )


class Telling:
    """One measure of the edition that is to come, in tables that bind one another, and what is hidden of it."""

    def __init__(
        self,
        period: Period,
        facts: Facts,
        measure: str,
        kinds: Iterable[str],
        earlier: Sequence[Issued],
        below: int,
        secret: bytes = b"",
    ) -> None:
        self.measure, self.below, self.facts, self.secret = measure, below, facts, secret
        self.kinds = [kind for kind in kinds if kind in told_of(measure)]
        everything = [*(issued.facts for issued in earlier), facts]
        self.values = {
            kind: {key[2] for one in everything for key in one.parts if key[0] == kind} for kind in kinds
        }
        bound = period.quarter is None or any(issued.period.quarter is None for issued in earlier)
        self.past = [self._past(issued) for issued in earlier if bound or issued.period == period]
        self.apart: set[str] = set()
        self.now = self._view(period, facts)
        self.total = facts.receipts.get(measure, 0)
        self._best: dict[tuple[int, Part], int] = {}
        self._safe: set[tuple[int, Part]] = set()  # what is safe stays so while more is hidden
        self._puzzles: dict[Hashable, Puzzle] = {}

    def settle(self) -> View:
        """Hide what must be; of two tables that bind one another, one alone is told where anything is hidden.

        Whoever reads both and runs the rule backwards could be left with a single answer.
        """
        self._settle()
        if len(self.now.kinds) > 1 and any(kind not in self.now.withheld for kind, _ in self.now.hidden):
            self.apart = {TIMELINESS}
            self.now = self._view(self.now.period, self.facts)
            for remembered in (self._best, self._safe, self._puzzles):
                remembered.clear()
            self._settle()
        return self.now

    def _settle(self) -> None:
        self._start()
        added: list[Part] = []
        while problem := self._problem():
            more = self._remedy(problem)
            added += more
            self._hide(more)
        for part in reversed(added):  # what came to be hidden twice over is told after all
            if len(added) > 1 and part in self.now.hidden:
                self._show(part)
                if self._problem():
                    self._hide([part])

    def _past(self, issued: Issued) -> View:
        view = self._view(issued.period, issued.facts)
        view.hidden = {
            (kind, value)
            for (kind, measure, value), number in issued.told.parts.items()
            if measure == self.measure and number is None and kind in self.kinds
        }
        told = {kind for kind in self.kinds if issued.told.values(kind, self.measure)}
        total = issued.facts.receipts.get(self.measure, 0)
        view.withheld = set(view.kinds) - told if total else set()
        return view

    def _view(self, period: Period, facts: Facts) -> View:
        total = facts.receipts.get(self.measure, 0)
        true = {
            (kind, value): n for kind in self.kinds for value, n in facts.values(kind, self.measure).items()
        }
        adding_up = [
            kind for kind in self.kinds if sum(n for part, n in true.items() if part[0] == kind) == total
        ]
        return View(period, {part: n for part, n in true.items() if part[0] in adding_up}, adding_up)

    def _start(self) -> None:
        once = [view for view in self.past if view.period == self.now.period]
        self.always = {kind for view in once for kind in view.withheld if kind in self.now.kinds} | self.apart
        if self.total < self.below and self.below > 1:
            self.always |= set(self.now.kinds)
        hidden = {part for view in once for part in view.hidden if part[0] in self.now.kinds}
        self.now.true = {**dict.fromkeys(hidden, 0), **self.now.true}
        self._hide([*hidden, *(part for part, number in self.now.true.items() if self._small(number))])

    def _small(self, number: int) -> bool:
        return 0 < number < self.below

    def _hide(self, parts: Iterable[Part]) -> None:
        self.now.hidden |= set(parts)
        self.now.withheld = self.always | {
            kind for kind in self.now.kinds if self.total and not self._shown(kind)
        }

    def _show(self, part: Part) -> None:
        self._safe.clear()
        self.now.hidden.discard(part)
        self._hide(())

    def _shown(self, kind: str) -> list[Part]:
        """The parts that are told, the smallest first."""
        shown = [
            part
            for part, number in self.now.true.items()
            if part[0] == kind and number and part not in self.now.hidden
        ]
        return sorted(shown, key=lambda part: (self.now.true[part], self._draw(part)))

    def _draw(self, part: Part) -> bytes:
        known = json.dumps([self.facts.plain(), self.measure, part])
        return hmac.digest(self.secret, known.encode(), "sha256")

    def _problem(self) -> tuple[int, Part | None, str] | None:
        """The first number that is not safe: in which edition, which part (None: a partner is missing), of what."""
        last = len(self.past)
        for kind in self.now.kinds:
            told = [self.now.true[part] for part in self.now.hidden if part[0] == kind]
            if kind not in self.now.withheld and any(map(self._small, told)) and max(told) < self.below:
                return last, None, kind
        if not any(map(self._shown, self.now.kinds)):
            return None  # there is no more to hide
        for index, part in self._small_cells():
            if (index, part) not in self._safe:
                if self._safety(index, part) < self._best_safety(index, part):
                    return index, part, part[0]
                self._safe.add((index, part))
        return None

    def _small_cells(self) -> list[tuple[int, Part]]:
        return [
            (index, part)
            for index, view in enumerate([*self.past, self.now])
            for part, number in sorted(view.true.items())
            if self._small(number) and view.unknown(part)
        ]

    def _remedy(self, problem: tuple[int, Part | None, str]) -> list[Part]:
        """What to hide besides: as few and as small as it takes."""
        _, part, kind = problem
        own = [it for it in self._shown(kind) if not part or it == part] or self._shown(kind)
        others = [it for other in self.now.kinds if other != kind for it in self._shown(other)]
        if not part:
            choices = [[it] for it in own]
        else:
            every = self._shown(kind) + others
            choices = [[it] for it in every] + [[it, also] for it in own for also in every if it != also]
        was = set(self.now.hidden)
        for choice in choices:
            self._hide(choice)
            solved = self._solved(problem)
            self.now.hidden = set(was)
            self._hide(())
            if solved:
                return choice
        return (own or others)[:1]

    def _solved(self, problem: tuple[int, Part | None, str]) -> bool:
        index, part, kind = problem
        cells = [(index, part)] if part else [cell for cell in self._small_cells() if cell[0] == index]
        return all(
            self._safety(*cell) >= self._best_safety(*cell) for cell in cells if part or cell[1][0] == kind
        )

    def _best_safety(self, index: int, part: Part) -> int:
        """How safe a number would be if nothing were told of this edition but its receipts."""
        if (index, part) not in self._best:
            nothing = replace(self.now, withheld=set(self.now.kinds))
            self._best[index, part] = self._safety(index, part, nothing)
        return self._best[index, part]

    def _safety(self, index: int, part: Part, now: View | None = None) -> int:
        """From 0, no witness, to 4: could be at or above the limit, even for who knows what was revised."""
        views = [*self.past, now or self.now]
        again = len({view.period for view in views}) < len(views)
        safety = 4
        for knowing in (True, False) if again else (True,):
            puzzle = self._puzzle(views, knowing)
            if puzzle.reaches(index, part, self.below):
                return safety
            if puzzle.varies(index, part):
                return safety - 1
            safety -= 2
        return 0

    def _puzzle(self, views: list[View], knowing: bool) -> Puzzle:
        state = (frozenset(views[-1].hidden), frozenset(views[-1].withheld), knowing)
        if state not in self._puzzles:
            self._puzzles[state] = Puzzle(views, self.kinds, self.values, knowing)
        return self._puzzles[state]


def _answers(period: Period, told: Open, facts: Facts, earlier: Sequence[Issued]) -> dict[str, Answered]:
    """The days to an answer, where their number is told and no few answers could be subtracted out."""
    latest = {issued.period: issued for issued in earlier}
    again = [issued for issued in earlier if issued.period == period]
    answers = {}
    for measure, span in facts.answers.items():
        average = span.average  # None where nothing was answered
        if told.answered(measure) != span.number or span.number < max(told.below, 1) or average is None:
            continue
        left = _untold(measure, latest) if period.quarter is None else 0
        apart = [
            left,
            *(span.number - _number(measure, issued) for issued in again if measure in issued.told.answers),
        ]
        if not any(0 < abs(number) < told.below for number in apart):
            answers[measure] = Answered(average, span.longest)
    return answers


def _untold(measure: str, latest: Mapping[Period, Issued]) -> int:
    """How many answers there were in the quarters whose average was not told."""
    return sum(
        _number(measure, issued)
        for period, issued in latest.items()
        if period.quarter and measure not in issued.told.answers
    )


def _number(measure: str, issued: Issued) -> int:
    return issued.facts.answers.get(measure, Span()).number

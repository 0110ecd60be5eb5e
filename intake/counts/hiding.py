"""One measure of an edition that is to come: what is hidden of it, so that nobody can work it out."""

from __future__ import annotations

import hmac
import json
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace

from .facts import Facts
from .open_figures import Issued, told_of
from .quarters import Period
from .witness import Part, Puzzle, View

TIMELINESS = "timeliness"


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

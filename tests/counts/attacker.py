"""Somebody who has kept everything that the council ever told, knows the rule, and owns a solver."""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from intake.counts.facts import ENDED, IN_TIME, LATE, NO, NO_DATE, NONE, WAITING, YES
from intake.counts.open_figures import Open, told_of
from intake.counts.quarters import Period

CATALOGUE = {
    "outcome": [NONE, "upheld", "partly-upheld", "not-upheld", "withdrawn", "refused"],
    "timeliness": [IN_TIME, LATE, NO_DATE, ENDED, WAITING],
    "service": [NONE, "assessment", "transport", "fostering", "early-help"],
    "theme": [NONE, "delay", "conduct", "communication"],
    "channel": [NONE, "online", "phone", "letter"],
    "extended": [YES, NO],
}
ANSWERED = {"outcome": {"upheld", "partly-upheld", "not-upheld"}, "timeliness": {IN_TIME, LATE, NO_DATE}}
ENDED_SO = {"outcome": {"withdrawn", "refused"}, "timeliness": {ENDED}}


class Attacker:
    """Sets up every equation of one measure from what was told, in order. `catalogue`: values anybody knows.

    `changes`: for each edition but the first of its period, the exact changes that its revision made, for an
    attacker who was told them too; else None.
    """

    def __init__(self, told: list[tuple[Period, Open]], measure: str, catalogue=CATALOGUE, changes=None):
        self.told, self.measure, self.catalogue = told, measure, catalogue
        self.kinds = [kind for kind in told_of(measure) if kind in catalogue]
        self.columns: dict[tuple, int] = {}
        self.low, self.high = [], []
        self.rows: list[tuple[dict[int, int], int]] = []
        self.seen: dict[int, set[int]] = {}  # what each number was in the solver's answers so far
        latest, first = {}, {}
        for index, (period, open_figures) in enumerate(told):
            self._read(index, open_figures, again=period in first)
            if period.quarter is None:
                for kind, value in self._parts():
                    quarters = {self.columns[number, kind, value]: 1 for number in latest.values()}
                    self.rows.append(({**quarters, self.columns[index, kind, value]: -1}, 0))
            else:
                latest[period] = index
            if changes and period in first:
                for kind, value in self._parts():
                    now, then = self.columns[index, kind, value], self.columns[first[period], kind, value]
                    self.rows.append(({now: 1, then: -1}, changes[index].get((kind, self.measure, value), 0)))
            first.setdefault(period, index)

    def _parts(self):
        return [(kind, value) for kind in self.kinds for value in self.catalogue[kind]]

    def _read(self, index: int, open_figures: Open, *, again: bool) -> None:
        total = open_figures.receipts[self.measure].number or 0
        for kind in self.kinds:
            told = open_figures.values(kind, self.measure)
            assert set(told) <= set(self.catalogue[kind])
            for value in self.catalogue[kind]:
                self.columns[index, kind, value] = len(self.low)
                number = told.get(value, 0) if told or not total else None
                # A part is listed only if there are any, or if it was listed before.
                least = 1 if told and not again else 0
                self.low.append(least if number is None else number)
                self.high.append(total if number is None else number)
            self.rows.append(({self.columns[index, kind, value]: 1 for value in self.catalogue[kind]}, total))
        if {"outcome", "timeliness"} <= set(self.kinds):
            for some in (ANSWERED, ENDED_SO):
                outcomes = {self.columns[index, "outcome", value]: 1 for value in some["outcome"]}
                times = {self.columns[index, "timeliness", value]: -1 for value in some["timeliness"]}
                self.rows.append(({**outcomes, **times}, 0))

    def most(self, index: int, kind: str, value: str) -> int:
        return self._furthest(self.columns[index, kind, value], -1)

    def least(self, index: int, kind: str, value: str) -> int:
        return self._furthest(self.columns[index, kind, value], 1)

    def _furthest(self, column: int, sign: int) -> int:
        """The solver's answer over whole numbers; nothing that was told may contradict itself."""
        # Only what hangs together with the number asked for goes to the solver.
        rows, reached, size = [], {column}, 0
        while len(reached) != size:
            size = len(reached)
            rows = [row for row in self.rows if any(it in reached for it in row[0])]
            reached.update(it for terms, _ in rows for it in terms if self.low[it] < self.high[it])
        used = sorted({it for terms, _ in rows for it in terms} | {column})
        place = {it: number for number, it in enumerate(used)}
        matrix = np.zeros((len(rows), len(used)))
        for number, (terms, _) in enumerate(rows):
            for it, factor in terms.items():
                matrix[number, place[it]] += factor
        wanted = np.zeros(len(used))
        wanted[place[column]] = sign
        equal = np.array([result for _, result in rows], dtype=float)
        answer = milp(
            wanted,
            integrality=np.ones(len(used)),
            bounds=Bounds([self.low[it] for it in used], [self.high[it] for it in used]),
            constraints=LinearConstraint(matrix, equal, equal),
        )
        assert answer.success, answer.message
        for it, number in zip(used, answer.x, strict=True):
            self.seen.setdefault(it, set()).add(round(number))
        return round(answer.x[place[column]])

    def pinned(self, index: int, kind: str, value: str) -> bool:
        column = self.columns[index, kind, value]
        if self.low[column] == self.high[column]:
            return True
        if len(self.seen.get(column, ())) > 1:
            return False
        return self.least(index, kind, value) == self.most(index, kind, value)


def worked_out(issued, measure: str, below: int = 5, catalogue=CATALOGUE, changes=None) -> list[tuple]:
    """The small numbers that an attacker can tell, of all that was issued."""
    attacker = Attacker([(one.period, one.told) for one in issued], measure, catalogue, changes)
    return [
        (one.period.label, index, *key, number)
        for index, one in enumerate(issued)
        for key, number in one.facts.parts.items()
        if key[1] == measure and key[0] in attacker.kinds and 0 < number < below
        if attacker.pinned(index, key[0], key[2])
    ]

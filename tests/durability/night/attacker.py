"""Somebody with a copy of the file, who reads its pages byte by byte and wants to know who came first."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from .pages import File, Node

CASE = re.compile(rb"[0-9a-f]{32}")
NEWEST = {"number of the page", "pages of the rest"}  # of many rows of one case the newest tells
FEWEST = 3  # cases, to speak of an order

Guess = dict[str, float]  # for each case: the higher, the later it came


def guesses(path: Path, cases: set[str]) -> dict[str, Guess]:
    """Everything in the file that could tell an order, and what it tells."""
    found: dict[str, Guess] = {}
    together: dict[str, Guess] = defaultdict(lambda: defaultdict(float))
    for tree, nodes in File(path).trees():
        for how, guess in _of_tree(nodes, cases).items():
            ranked = _ranks(guess)
            found[f"{tree}: {how}"] = ranked
            for case, rank in ranked.items():
                together[how][case] += rank
    return found | {f"all together: {how}": dict(guess) for how, guess in together.items()}


def _of_tree(nodes: list[Node], cases: set[str]) -> dict[str, Guess]:
    seen: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for node in nodes:
        downwards = sorted((cell.place for cell in node.cells), reverse=True)
        for cell in node.cells:
            match = CASE.search(cell.payload)
            case = match.group().decode() if match else ""
            if case not in cases:
                continue
            within = downwards.index(cell.place) / len(downwards)
            for how, value in (
                ("number of the page", node.number),
                ("place in the page", within),
                ("page, then place", node.number + within),
                ("fullness of the page", len(node.unused)),
                ("gaps in the page", len(node.gaps) + node.fragments),
                ("pages of the rest", max(cell.overflow, default=None)),
            ):
                if value is not None:
                    seen[how][case].append(value)
    return {
        how: {
            case: max(values) if how in NEWEST else sum(values) / len(values)
            for case, values in found.items()
        }
        for how, found in seen.items()
    }


def _ranks(guess: Mapping[str, float]) -> Guess:
    """From -1 to 1; what is equal shares a rank."""
    places = defaultdict(list)
    for place, value in enumerate(sorted(guess.values())):
        places[value].append(place)
    middle = (len(guess) - 1) / 2 or 1
    return {case: sum(places[value]) / len(places[value]) / middle - 1 for case, value in guess.items()}


def success(guess: Guess, order: list[str]) -> float:
    """Spearman's correlation with the true order, in the standard deviations of one who guesses blindly."""
    known = [case for case in order if case in guess]
    if len(known) < FEWEST:
        return 0.0
    truth, told = (
        _ranks({case: place for place, case in enumerate(known)}),
        _ranks({c: guess[c] for c in known}),
    )
    square = math.sqrt(sum(t * t for t in truth.values()) * sum(g * g for g in told.values()))
    together = sum(truth[case] * told[case] for case in known)
    return together / square * math.sqrt(len(known) - 1) if square else 0.0


class Attacker:
    """Keeps count over many days of how well each guess did."""

    def __init__(self) -> None:
        self._told: dict[str, list[float]] = defaultdict(list)

    def looks(self, path: Path, order: list[str]) -> None:
        for how, guess in guesses(path, set(order)).items():
            self._told[how].append(success(guess, order))

    def best(self) -> tuple[float, str]:
        """Of all guesses the one that did best, whether it told the order forwards or backwards."""
        return max((abs(sum(told)) / math.sqrt(len(told)), how) for how, told in self._told.items())

"""What was found on each allegation of a concern, and the outcome of the whole that follows from it.

Nothing may read as more than was found, in either direction: what could not be found out is neither so nor not so. An
allegation that was set aside (it is dealt with elsewhere, or nobody makes it any more) decides nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from .definitions import Outcome, Version

ALL, PART, NONE, UNKNOWN = (
    "substantiated",
    "partly-substantiated",
    "not-substantiated",
    "insufficient-information",
)
FINDINGS = (ALL, PART, NONE, UNKNOWN)
RULE = (
    "The outcome follows from the findings. Every allegation substantiated: substantiated. Some of them, or one in "
    "part: partly substantiated. None, and each was found out: not substantiated. None, and something could not be "
    "found out: insufficient information. An allegation that was set aside does not count."
)


@dataclass(frozen=True, slots=True)
class Allegation:
    """One thing that is alleged. `id`: its own for good, in its case. `outcome`: an id of the version, empty until it
    is found, with its `reason`. `set_aside`: the day on which it was, with the reason.
    """

    id: int
    words: str
    outcome: str = ""
    reason: str = ""
    set_aside: date | None = None

    @property
    def stands(self) -> bool:
        """Whether it counts."""
        return self.set_aside is None


def may_be_found(version: Version) -> tuple[Outcome, ...]:
    """What may be found on an allegation; empty in a procedure that lacks one of the four: it is answered whole."""
    found = tuple(one for one in version.outcomes if one.id in FINDINGS and one.final)
    return found if len(found) == len(FINDINGS) else ()


def follows(outcomes: Iterable[str]) -> str:
    """The outcome that follows from the findings, in whatever order.

    Raises ValueError where there are none, or for a finding that is not one of the four.
    """
    found = set(outcomes)
    if not found or not found <= set(FINDINGS):
        raise ValueError("No allegation was decided, or one of them otherwise than allegations are.")
    if found == {ALL}:
        return ALL
    if found & {ALL, PART}:
        return PART
    return UNKNOWN if UNKNOWN in found else NONE


def undecided(allegations: Iterable[Allegation]) -> tuple[Allegation, ...]:
    """Those that stand and have no finding yet."""
    return tuple(one for one in allegations if one.stands and not one.outcome)


def how(version: Version, allegations: Sequence[Allegation]) -> str:
    """The outcome that follows and what it follows from, in one sentence; empty while it does not follow yet."""
    standing = [one for one in allegations if one.stands]
    if not standing or undecided(standing) or not may_be_found(version):
        return ""
    found = [one.outcome for one in standing]
    each = [f"{found.count(one.id)} {one.label.lower()}" for one in version.outcomes if one.id in found]
    number = "1 allegation" if len(found) == 1 else f"{len(found)} allegations"
    return f"{version.outcome(follows(found)).label}: of {number}, {', '.join(each)}."


def wrong(version: Version, outcome: str, allegations: Sequence[Allegation]) -> str:
    """Why feedback with an outcome cannot be given; empty where it can.

    An outcome that leaves the work open contradicts nothing, and neither does any where no allegation stands.
    """
    standing = [one for one in allegations if one.stands]
    if not standing or not may_be_found(version) or not version.outcome(outcome).final:
        return ""
    if waiting := undecided(standing):
        number = "An allegation has" if len(waiting) == 1 else f"{len(waiting)} allegations have"
        return f"{number} no finding yet. Give it on the page of the inquiry, or give feedback without a final outcome."
    if outcome != follows(one.outcome for one in standing):
        return f"That contradicts the findings. {how(version, standing)} {RULE}"
    return ""

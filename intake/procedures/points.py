"""Points of complaint: how a case's outcome follows from theirs, and why an answer to them cannot be given.

The Complaint Handling Code wants every point answered with its reasons. The Ombudsman decides on what was investigated,
and says apart what was not: so a point that was refused, or referred elsewhere, decides nothing as long as another one
was decided.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .definitions import Outcome, Version

RULE = (
    "The outcome of the case follows from its points. Every point upheld: upheld. No point upheld: not upheld. "
    "Anything between: partly upheld. A point that was withdrawn does not count; one that is refused or referred "
    "elsewhere counts only where no other point is decided."
)


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of one point at a stage, and why, as the holder reads it. `outcome`: an id of the version."""

    id: str
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class Family:
    """The outcomes of a procedure that decide a point: found, in part, not found."""

    all: str
    part: str
    none: str


_FAMILIES = (
    Family("upheld", "partly-upheld", "not-upheld"),
    Family("substantiated", "partly-substantiated", "not-substantiated"),
)


def family(version: Version) -> Family | None:
    """The outcomes that decide a point; None where a procedure has none, and nothing in it has points."""
    answers = {outcome.id for outcome in version.outcomes if outcome.given_by == "response"}
    return next((one for one in _FAMILIES if answers.issuperset((one.all, one.part, one.none))), None)


def of_a_point(version: Version) -> tuple[Outcome, ...]:
    """What may become of one point: everything that an answer can say to the end."""
    return tuple(
        one for one in version.outcomes if one.given_by != "withdrawal" and one.final and one.within is None
    )


def follows(version: Version, outcomes: Iterable[str]) -> str:
    """The outcome of a case from those of its points, which were neither withdrawn nor left open.

    Raises ValueError where there are none, or for a procedure in which nothing has points.
    """
    found, mine = set(outcomes), family(version)
    if not found or mine is None:
        raise ValueError("No point was decided.")
    decided = found & {mine.all, mine.part, mine.none}
    if decided:
        return decided.pop() if len(decided) == 1 else mine.part
    # Where nothing was decided, a refusal goes first: it is what the Ombudsman's right is told with.
    told = [one for one in version.outcomes if one.id in found]
    return next((one for one in told if one.given_by == "refusal"), told[0]).id


def how(version: Version, answered: Sequence[Answered]) -> str:
    """The outcome that follows, with what it follows from, in one sentence."""
    outcomes = [one.outcome for one in answered]
    case = version.outcome(follows(version, outcomes)).label
    each = [f"{outcomes.count(one.id)} {one.label.lower()}" for one in version.outcomes if one.id in outcomes]
    number = "1 point" if len(outcomes) == 1 else f"{len(outcomes)} points"
    return f"{case}: of {number}, {', '.join(each)}."


def wrong(version: Version, outcome: str, answered: Sequence[Answered]) -> str:
    """Why an answer to these points cannot be sent; empty where it can, and where it goes through no points."""
    if not answered:
        return ""
    if family(version) is None:
        return "Nothing in this procedure has points. Answer it as a whole."
    may = {one.id for one in of_a_point(version)}
    for number, one in enumerate(answered, start=1):
        if one.outcome not in may:
            return f"Point {number} has no outcome yet. Choose what became of it."
        if not one.reason.strip():
            return f"Point {number} has no reason yet. Say why, in words that the holder reads."
    right = follows(version, [one.outcome for one in answered])
    if outcome != right:
        return f"That contradicts the points. {how(version, answered)} {RULE}"
    return ""

"""An inquiry into a concern: what comes next, who may sign it off, and when the concern may be closed.

The order is that of ISO 37002: assess, address, conclude. Whoever signs off is a second person, who neither
investigated nor wrote a finding; what is changed afterwards was not reviewed, and so undoes it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from .allegations import Allegation, undecided
from .working_days import say

ASSESS, TERMS, INVESTIGATOR, PLAN = "assess", "terms", "investigator", "plan"
ALLEGATIONS, FINDINGS, FEEDBACK, SIGN_OFF, CLOSE, ACTIONS = (
    "allegations",
    "findings",
    "feedback",
    "sign-off",
    "close",
    "actions",
)


@dataclass(frozen=True, slots=True)
class Dated:
    """A step of the plan, or an action after it: what is to be done, by whom (in words) and by when. `settled_on`: the
    day on which it was done, or dropped, with how or why (`how`).
    """

    id: int
    words: str
    due: date
    owner: str = ""
    settled_on: date | None = None
    dropped: bool = False
    how: str = ""

    def late(self, today: date) -> bool:
        """Whether its day has passed and it waits."""
        return self.settled_on is None and self.due < today


@dataclass(frozen=True)
class Progress:
    """Where the work on a concern stands. `begun`: that there is an inquiry; `told`: that final feedback was given."""

    assessed: bool = False
    decided: bool = False
    begun: bool = False
    terms: bool = False
    investigator: bool = False
    steps: tuple[Dated, ...] = ()
    allegations: tuple[Allegation, ...] = ()
    actions: tuple[Dated, ...] = ()
    told: bool = False
    signed: bool = False
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Next:
    """What comes next, in words, and in which part of the page it is done."""

    words: str
    part: str


def next_step(now: Progress, today: date) -> Next | None:
    """What comes next; None where nothing does. What is late comes before everything else."""
    for one, part in (*((step, PLAN) for step in now.steps), *((action, ACTIONS) for action in now.actions)):
        if one.late(today):
            what = "A step of the plan" if part == PLAN else "An action"
            return Next(f"{what} was due on {say(one.due)} and is not done", part)
    if now.closed:
        return _waiting(now)
    if not now.assessed:
        return Next("Assess it: what it is, who is in danger, who must know now", ASSESS)
    if not now.decided:
        return Next("Decide how to look into it", ASSESS)
    if now.begun and (addressing := _addressing(now) or _concluding(now)):
        return addressing
    if not now.told:
        return Next("Give the person who raised it feedback", FEEDBACK)
    if now.begun and not now.signed:
        return Next("A second person reviews it and signs it off", SIGN_OFF)
    return Next("Close it: everything is done that comes before", CLOSE)


def _waiting(now: Progress) -> Next | None:
    waits = [one for one in now.actions if one.settled_on is None]
    return Next(f"An action is due on {say(min(one.due for one in waits))}", ACTIONS) if waits else None


def _addressing(now: Progress) -> Next | None:
    if not now.terms:
        return Next("Write the terms of reference", TERMS)
    if not now.investigator:
        return Next("Say who investigates", INVESTIGATOR)
    if not now.steps:
        return Next("Plan the inquiry: steps with their dates", PLAN)
    return None


def _concluding(now: Progress) -> Next | None:
    if not now.allegations:
        return Next("Set out what is alleged, one thing at a time", ALLEGATIONS)
    if waits := [one for one in now.steps if one.settled_on is None]:
        return Next(f"A step of the plan is due on {say(min(one.due for one in waits))}", PLAN)
    if undecided(now.allegations):
        return Next("Say what was found on each allegation", FINDINGS)
    return None


def missing(now: Progress) -> tuple[str, ...]:
    """What has to be there before anybody can review it, a sentence each."""
    if not now.begun:
        return ("No inquiry was begun, so there is nothing to sign off.",)
    waits = sum(one.settled_on is None for one in now.steps)
    open_ones = len(undecided(now.allegations))
    told = (
        "" if now.assessed else "It has not been assessed.",
        "" if now.terms else "It has no terms of reference.",
        "" if now.investigator else "Nobody was named who investigates.",
        "" if now.allegations else "No allegation is set out.",
        f"{_number(open_ones, 'allegation')} without a finding." if open_ones else "",
        _plan(waits),
    )
    return tuple(words for words in told if words)


def _plan(waits: int) -> str:
    if not waits:
        return ""
    return f"{'1 step' if waits == 1 else f'{waits} steps'} of the plan {'is' if waits == 1 else 'are'} open."


def _number(count: int, what: str) -> str:
    return f"1 {what} is" if count == 1 else f"{count} {what}s are"


def may_review(person: str, investigators: Collection[str], writers: Collection[str]) -> str:
    """Why a person is not the second one; empty where they are. All are accounts.

    `investigators`: whoever was ever named; `writers`: whoever wrote a finding, or the report.
    """
    if person in investigators:
        return "You were named to investigate this. Somebody who did not investigate signs it off."
    if person in writers:
        return "You wrote findings or the report of this. Somebody who did not signs it off."
    return ""


def why_not_signed_off(
    now: Progress, person: str, *, investigators: Collection[str], writers: Collection[str], signed_by: str
) -> str:
    """Why somebody cannot sign off what stands; empty where they can. `signed_by`: whose sign-off stands, or empty."""
    if now.closed:
        return "This concern is closed. Reopen it first."
    if refused := may_review(person, investigators, writers):
        return refused
    if signed_by == person:
        return "You have signed off what stands here already. Nothing was changed since, so once is enough."
    if signed_by:
        return (
            "Somebody has signed off what stands here already. Nothing was changed since, so once is enough."
        )
    if lacks := missing(now):
        return f"It cannot be signed off yet. {' '.join(lacks)}"
    return ""


def why_not_closed(now: Progress) -> str:
    """Why a concern cannot be closed; empty where it can."""
    if not now.begun or now.signed:
        return ""
    first = f" Before that: {' '.join(lacks)}" if (lacks := missing(now)) else ""
    return (
        "An inquiry was begun, and nobody has signed off what stands there now. It is closed once a second person, who "
        f"neither investigated nor wrote its findings, has reviewed it and signed it off.{first}"
    )

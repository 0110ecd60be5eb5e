"""What an officer finds when a concern is assessed, and what is missing or cannot be in it, in words.

The categories are those of the Employment Rights Act 1996, s.43B(1), as it stands from 6 April 2026, when sexual
harassment became one of its own. Whether the law protects somebody for what they told is for a tribunal alone: nothing
here says so, and nothing asks why somebody speaks up.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from .working_days import say

HARASSMENT, HARASSMENT_SINCE = "sexual-harassment", date(2026, 4, 6)
OTHER = "other"
CATEGORIES = {
    "criminal-offence": "A criminal offence",
    "legal-obligation": "Breach of a legal obligation",
    "miscarriage-of-justice": "A miscarriage of justice",
    "health-and-safety": "Danger to somebody's health or safety",
    "environment": "Damage to the environment",
    HARASSMENT: "Sexual harassment",
    "concealment": "Hiding any of these",
    OTHER: "Another concern",
}
WORKERS = {
    "worker": "A worker: of the council, an agency, a contractor, or who was one",
    "not-a-worker": "Not a worker",
    "unknown": "Not known: it was not said, and is not asked for",
}
KNOWS = {
    "first-hand": "They saw or heard it themselves",
    "from-others": "Others told them",
    "documents": "They have seen documents",
}
NO_DANGER, DANGER = "none", "danger"
SAFETY = {
    NO_DANGER: "Nothing points to it",
    DANGER: "Somebody may come to harm: the person who raised it, or others",
}
POLICE, SAFEGUARDING, AUDIT, REGULATOR = "police", "safeguarding", "audit", "regulator"
OTHERS = {
    POLICE: "The police",
    SAFEGUARDING: "Safeguarding, of children or adults",
    AUDIT: "Internal audit, where it may be fraud",
    REGULATOR: "A regulator or prescribed person",
}
NOT_NEEDED, TO_BE_TOLD, TOLD = "no", "to-be-told", "told"
STATES = {NOT_NEEDED: "Need not know", TO_BE_TOLD: "Still to be told", TOLD: "Was told"}
A_COMPLAINT, HR = "complaints", "hr"
ELSEWHERE = {A_COMPLAINT: "A complaint about a service", HR: "A matter of employment: for HR, or a grievance"}
SAYS = {
    "agrees": "They agree",
    "does-not": "They do not agree",
    "not-asked": "They could not be asked: the matter says why",
}
YES, NO, UNSURE = "yes", "no", "unsure"
ABOUT = {NO: "No", YES: "Yes", UNSURE: "It cannot be told yet"}
INQUIRE, ANSWER, SEND_ON, REFER = "inquire", "answer", "send-on", "refer"
DECISIONS = {
    INQUIRE: "Look into it by an inquiry",
    ANSWER: "No inquiry: answer it, or advise",
    SEND_ON: "Another procedure deals with it",
    REFER: "Somebody outside the council deals with it",
}


@dataclass(frozen=True)
class Notified:
    """Whether somebody else must know: `who` (which office, which person), the day on which they were told, by whom."""

    state: str = ""
    who: str = ""
    on: date | None = None
    by: str = ""


NOBODY = Notified()


@dataclass(frozen=True)
class Assessed:
    """What was found. A text may be empty, and is where nobody chose. `others`: by the keys of `OTHERS`."""

    categories: tuple[str, ...] = ()
    worker: str = ""
    knows: tuple[str, ...] = ()
    public_interest: str = ""
    safety: str = ""
    safety_done: str = ""
    others: Mapping[str, Notified] = field(default_factory=dict)
    elsewhere: str = ""
    says: str = ""
    says_why: str = ""
    about_a_receiver: str = ""
    decision: str = ""
    why: str = ""

    def of(self, other: str) -> Notified:
        """Whether one of `OTHERS` must know."""
        return self.others.get(other, NOBODY)


def offered(received_on: date) -> dict[str, str]:
    """The categories to choose from for a concern of a day: each in its own words by the law as it then stood."""
    if received_on >= HARASSMENT_SINCE:
        return CATEGORIES
    later = f"{CATEGORIES[HARASSMENT]} (a category of its own from {say(HARASSMENT_SINCE)})"
    return CATEGORIES | {HARASSMENT: later}


def faults(found: Assessed, *, received_on: date, today: date) -> dict[str, str]:
    """What is missing or cannot be, a sentence for each part by its name; empty where all is well.

    The parts of `others` are called by their key and part: `police_on`.
    """
    decided = found.decision in DECISIONS
    elsewhere = found.elsewhere in ELSEWHERE
    told = {
        "categories": "" if found.categories or not decided else "Say what it is about, as the law lists it.",
        "safety": "" if found.safety in SAFETY or not decided else "Say whether anybody may come to harm.",
        "safety_done": _lacks(
            found.safety == DANGER, found.safety_done, "Say who may come to harm, and what was done at once."
        ),
        "elsewhere": "Say which procedure deals with it."
        if found.decision == SEND_ON and not elsewhere
        else "",
        "says": "Say what the person who raised it says to that."
        if elsewhere and found.says not in SAYS
        else "",
        "says_why": _lacks(
            elsewhere and found.says in SAYS and found.says != "agrees",
            found.says_why,
            "Say why, and why it goes there all the same or does not.",
        ),
        "about_a_receiver": ""
        if found.about_a_receiver in ABOUT or not decided
        else "Say whether it is about somebody who received it.",
        "why": _lacks(decided, found.why, "Give the reason for this decision."),
    }
    for name in OTHERS:
        told |= _notified(name, found.of(name), received_on, today)
    return {name: words for name, words in told.items() if words}


def _lacks(asked: bool, text: str, words: str) -> str:
    return words if asked and not text.strip() else ""


def _notified(name: str, one: Notified, received_on: date, today: date) -> dict[str, str]:
    if one.state != TOLD:
        return {}
    day = ""
    if one.on is None:
        day = "Say when they were told."
    elif one.on > today:
        day = f"{say(one.on)} is in the future. Tell them, then write it down."
    elif one.on < received_on:
        day = f"{say(one.on)} is before the day on which it came, {say(received_on)}."
    return {
        f"{name}_on": day,
        f"{name}_who": _lacks(True, one.who, "Say who was told."),
        f"{name}_by": _lacks(True, one.by, "Say by whom they were told."),
    }


def still_to_tell(found: Assessed) -> tuple[str, ...]:
    """Who must know and was not told, in words."""
    return tuple(words for name, words in OTHERS.items() if found.of(name).state == TO_BE_TOLD)

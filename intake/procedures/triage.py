"""What triage finds out about a new case, and what is missing or cannot be in it, in words.

Who may complain of what children's services did stands in the Children Act 1989, s.26(3), and in regulation 9 of SI
2006/1738 what is late; the Code's 2.4 says the same of other complaints, from the day of becoming aware of it too.
Nothing here decides: a late complaint asks an officer for a decision with its reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from .at_the_door import NO_INTEREST, NOT_THE_COUNCIL, OVER_12_MONTHS
from .working_days import months_after, say

MONTHS = 12  # a year for children's: the same days
CHILDRENS = "children-statutory"
SEVERITIES = {
    "ordinary": "Ordinary",
    "serious": "Serious: somebody may have come to harm, or much depends on it",
    "urgent": "Urgent: somebody may come to harm if it waits",
}
SELF, FOR_ANOTHER, NO_CAPACITY = "self", "for-another", "no-capacity"
SIBLING, INTEREST = "sibling", "sufficient-interest"
WHO = {
    SELF: "The person it is about",
    FOR_ANOTHER: "Somebody for them, whom they asked",
    NO_CAPACITY: "Somebody for a person who cannot agree themselves",
}
WHO_FOR_A_CHILD = {
    "child": "The child or young person",
    "care-leaver": "A care leaver",
    "parent": "A parent",
    "parental-responsibility": "Somebody with parental responsibility",
    "foster-parent": "A foster parent",
    "special-guardian": "A special guardian",
    SIBLING: "A child or young person for a brother or sister",
    INTEREST: "Somebody else with sufficient interest",
}
DECIDED_BY_US = (SIBLING, INTEREST)  # whose interest in the child the authority decides on
CONSENTS = {
    "had": "We have it",
    "asked": "It was asked for and is not here yet",
    "not-needed": "It is not needed",
}
YES, NO = "yes", "no"
INTERESTS = {YES: "Yes, sufficient", NO: "No, not sufficient"}
ADVOCATE_ASKED, ADVOCATE_FOUND = "asked", "found"
ADVOCATES = {
    "no": "Not asked for",
    ADVOCATE_ASKED: "Asked for, and still to be found",
    ADVOCATE_FOUND: "There is one",
}
TOLD = "told"
SAFEGUARDING = {"none": "Nothing points to it", TOLD: "Somebody was told"}
TAKE, REFUSE = "take", "refuse"
LATE = {TAKE: "Look into it all the same", REFUSE: "Do not take it on"}
NOT_FOR_US, CONCERN = "not-for-us", "concern"
# Who deals with what is nothing for a council's complaints procedure, as the public is told.
SIGNPOSTS = {
    "schools": "A school: complain to the school itself, and then to its governors or its trust.",
    "foi-review": "A request for information: ask the council for an internal review, then the Information "
    "Commissioner (ico.org.uk).",
    "councillor": "What a councillor did: write to the council's monitoring officer, who deals with the members' code.",
    "appeal": "A decision with an appeal of its own, such as school admission or parking: the letter with the decision "
    "says how to appeal.",
    "tribunal": "A decision for a tribunal, such as an education, health and care plan: the Special Educational Needs "
    "and Disability Tribunal, or the tribunal that the letter names.",
    "data-protection": "How somebody else handled personal information: complain to them, then to the Information "
    "Commissioner (ico.org.uk).",
    "other-council": "A district or another council: it deals with housing, waste and council tax, for example.",
    "employment": "Somebody's own employment: the grievance procedure of their employer.",
    "other": "Somebody else, whom the letter names.",
}


@dataclass(frozen=True)
class Findings:
    """What was found out. `what`: the procedure, or `NOT_FOR_US` with its `signpost`. A text may be empty, and is
    where nobody chose. `aware_on`: when whoever complains came to know of the matter of `matter_on`.
    """

    what: str
    signpost: str = ""
    severity: str = "ordinary"
    who: str = ""
    consent: str = ""
    interest: str = ""
    interest_why: str = ""
    advocate: str = ""
    advocate_who: str = ""
    advocate_by: str = ""
    advocate_until: date | None = None
    adjustments: str = ""
    safeguarding: str = ""
    told_whom: str = ""
    told_on: date | None = None
    matter_on: date | None = None
    aware_on: date | None = None
    late: str = ""
    late_why: str = ""
    note: str = ""


def in_time_until(matter_on: date | None, aware_on: date | None) -> date | None:
    """The last day on which a complaint is not late: twelve months from the matter, or from becoming aware of it."""
    since = max((day for day in (matter_on, aware_on) if day), default=None)
    return months_after(since, MONTHS) if since else None


def late_before(received_on: date) -> date:
    """The first day of the matter for which a complaint that came on a day is not late."""
    day = months_after(received_on, -MONTHS)
    return day if months_after(day, MONTHS) >= received_on else day + timedelta(days=1)


def is_late(found: Findings, received_on: date) -> bool:
    """Whether it came after the twelve months; never where nobody said when the matter was."""
    until = in_time_until(found.matter_on, found.aware_on)
    return until is not None and received_on > until


def ground_against(found: Findings, received_on: date) -> str:
    """On which ground it was decided not to take a complaint on; empty where it is."""
    if found.what == NOT_FOR_US:
        return NOT_THE_COUNCIL
    if found.late == REFUSE and is_late(found, received_on):
        return OVER_12_MONTHS
    return NO_INTEREST if found.who in DECIDED_BY_US and found.interest == NO else ""


def faults(found: Findings, *, received_on: date, today: date) -> dict[str, str]:
    """What is missing or cannot be, a sentence for each part by its name; empty where all is well."""
    told = {
        "signpost": _signpost(found),
        "matter_on": _past(found.matter_on, received_on, today, "It was"),
        "aware_on": _aware(found, received_on, today),
        "late": "",
        "late_why": "",
        "interest": "",
        "interest_why": "",
        "consent": _consent(found),
        "advocate_who": _advocate(found),
        "advocate_until": _advocate_until(found, today),
        "told_whom": "Say who was told."
        if found.safeguarding == TOLD and not found.told_whom.strip()
        else "",
        "told_on": _told_on(found, today),
    }
    told |= _interest(found) | (
        {} if told["matter_on"] or told["aware_on"] else _lateness(found, received_on)
    )
    return {name: words for name, words in told.items() if words}


def _signpost(found: Findings) -> str:
    return "Say who deals with it." if found.what == NOT_FOR_US and found.signpost not in SIGNPOSTS else ""


def _past(day: date | None, received_on: date, today: date, what: str) -> str:
    if day and day > today:
        return f"{say(day)} is in the future. {what} on a day that has been."
    if day and day > received_on:
        return f"{say(day)} is after the day on which it came, {say(received_on)}."
    return ""


def _aware(found: Findings, received_on: date, today: date) -> str:
    wrong = _past(found.aware_on, received_on, today, "They came to know of it")
    if not wrong and found.aware_on and found.matter_on and found.aware_on < found.matter_on:
        return f"Nobody knew of it before it was, on {say(found.matter_on)}."
    return wrong


def _lateness(found: Findings, received_on: date) -> dict[str, str]:
    if not is_late(found, received_on):
        return {}
    until = in_time_until(found.matter_on, found.aware_on)
    why = f"It came on {say(received_on)}, and the twelve months ended on {say(until)}." if until else ""
    return {
        "late": "" if found.late in LATE else f"{why} Decide whether to look into it all the same.",
        "late_why": "" if found.late_why.strip() else "Give the reason: being late is none by itself.",
    }


def _interest(found: Findings) -> dict[str, str]:
    if found.who not in DECIDED_BY_US:
        return {}
    who = "a brother or sister" if found.who == SIBLING else "somebody else"
    return {
        "interest": ""
        if found.interest in INTERESTS
        else f"Decide whether the interest of {who} in the child is sufficient: the law leaves it to the council.",
        "interest_why": "" if found.interest_why.strip() else "Give the reason for this decision.",
    }


def _consent(found: Findings) -> str:
    return (
        "Say whether we have their consent."
        if found.who == FOR_ANOTHER and found.consent not in CONSENTS
        else ""
    )


def _advocate(found: Findings) -> str:
    if found.advocate == ADVOCATE_FOUND and not found.advocate_who.strip():
        return "Say who the advocate is."
    return ""


def _advocate_until(found: Findings, today: date) -> str:
    if found.advocate != ADVOCATE_ASKED:
        return ""
    if not found.advocate_by.strip() or found.advocate_until is None:
        return "Say who finds an advocate, and by when."
    return f"Give {say(today)} or a later day." if found.advocate_until < today else ""


def _told_on(found: Findings, today: date) -> str:
    if found.safeguarding != TOLD:
        return ""
    if found.told_on is None:
        return "Say when they were told."
    return (
        f"{say(found.told_on)} is in the future. Tell them, then write it down."
        if found.told_on > today
        else ""
    )

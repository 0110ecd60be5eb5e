"""With what a triage page begins: what was found out before, or else what the answers of whoever sent it say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from intake.procedures import triage
from intake.procedures.triage import Findings
from intake.services.cases.words import Answer
from intake.services.casework.case_page import CasePage

TO_THE_CHILD, ADVOCATE = "Who are you to the child?", "Would you like an advocate?"
FOR_WHOM = "Are you writing for yourself?"
CONSENTS = ("Do they know, and agree that you write for them?", "Did they agree that you write for them?")
WHEN = "When did it happen, or when did you find out?"
# The answers at the reporter's door, as they are kept, and what each says.
SAYS = {
    (TO_THE_CHILD, "I am the child or young person"): {"who": "child"},
    (TO_THE_CHILD, "I am a parent"): {"who": "parent"},
    (TO_THE_CHILD, "I have parental responsibility, or I am a foster carer or special guardian"): {
        "who": "parental-responsibility"
    },
    (TO_THE_CHILD, "I have left care"): {"who": "care-leaver"},
    (TO_THE_CHILD, "I am an advocate for the child"): {
        "who": "child",
        "advocate": triage.ADVOCATE_FOUND,
        "advocate_who": "Whoever sent it",
    },
    (TO_THE_CHILD, "I am somebody else"): {"who": triage.INTEREST},
    (ADVOCATE, "Yes, please find me one"): {"advocate": triage.ADVOCATE_ASKED},
    (ADVOCATE, "I already have one"): {"advocate": triage.ADVOCATE_FOUND},
    (ADVOCATE, "No, thank you"): {"advocate": "no"},
    (FOR_WHOM, "Yes, for myself"): {"who": triage.SELF},
    (FOR_WHOM, "No, for somebody else"): {"who": triage.FOR_ANOTHER},
    (CONSENTS[0], "Yes, they agreed"): {"consent": "had"},
    (CONSENTS[0], "They cannot agree themselves, for example because of illness or age"): {
        "consent": "not-needed"
    },
    (CONSENTS[1], "Yes, they agreed"): {"who": triage.FOR_ANOTHER, "consent": "had"},
    (CONSENTS[1], "They cannot agree themselves, for example because of illness or age"): {
        "who": triage.NO_CAPACITY,
        "consent": "not-needed",
    },
    (CONSENTS[1], "I have not asked them yet"): {"who": triage.FOR_ANOTHER},
}


def of(page: CasePage) -> Findings:
    """What the page begins with."""
    if page.triaged:
        last = page.triaged[-1].found
        return last if last.what == triage.NOT_FOR_US else replace(last, what=page.procedure_id)
    return replace(said(page.procedure_id, page.words), adjustments=page.adjustments)


def said(procedure: str, words: Iterable[Answer]) -> Findings:
    """What the answers of whoever sent it say."""
    found = Findings(procedure)
    for one in words:
        found = replace(found, **SAYS.get((one.question, one.answer), {}))  # type: ignore[arg-type]  # texts, all of them
    if found.who == triage.FOR_ANOTHER and found.consent == "not-needed":
        found = replace(found, who=triage.NO_CAPACITY)
    return found


def when(words: Iterable[Answer]) -> str:
    """When it was, in the words of whoever sent it."""
    return next((one.answer for one in words if one.question == WHEN), "")

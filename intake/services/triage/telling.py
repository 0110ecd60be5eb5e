"""What triage found out about a case, as its page tells it."""

from __future__ import annotations

from datetime import date
from typing import Any

from intake.procedures import triage
from intake.procedures.definitions import Procedure
from intake.procedures.triage import Findings
from intake.procedures.working_days import say
from intake.services.cases import concerns
from intake.services.cases.triaged import Triaged
from intake.services.casework.case_page import CasePage
from intake.services.ground.roles import Officer, Right

WHO = triage.WHO_FOR_A_CHILD | triage.WHO


def on_the_case(page: CasePage, officer: Officer, procedure: Procedure) -> dict[str, Any]:
    """What the template asks for."""
    new = page.closed_on is None and not page.standing.outcomes
    may = new and officer.role.may(Right.TRIAGE) and not concerns.is_one(procedure)
    if not page.triaged:
        return {"found": None, "may_triage": may}
    *before, last = page.triaged
    return {
        "found": _told(last)
        | {"open": _matters(last.found), "before": [_told(one) for one in reversed(before)]},
        "may_triage": may,
    }


def _told(one: Triaged) -> dict[str, Any]:
    return {"by": one.by, "on": one.on, "lines": lines(one.found)}


def _matters(found: Findings) -> bool:
    """Whether it must be seen at once: somebody in danger, or an advocate still to be found."""
    return found.safeguarding == triage.TOLD or found.severity == "urgent" or found.advocate == "asked"


def lines(found: Findings) -> list[tuple[str, str]]:
    """What was found out, a label and words each; nothing of what nobody said."""
    signpost = triage.SIGNPOSTS.get(found.signpost, "") if found.what == triage.NOT_FOR_US else ""
    told = (
        ("Nothing for us", signpost),
        ("How serious", triage.SEVERITIES.get(found.severity, "")),
        ("Who complains", WHO.get(found.who, "")),
        ("Consent", triage.CONSENTS.get(found.consent, "")),
        ("Interest in the child", _with(triage.INTERESTS.get(found.interest, ""), found.interest_why)),
        ("Advocate", _advocate(found)),
        ("Adjustments", found.adjustments),
        ("Safeguarding", _safeguarding(found)),
        ("When the matter was", _day(found.matter_on)),
        ("When they came to know of it", _day(found.aware_on)),
        ("After twelve months", _with(triage.LATE.get(found.late, ""), found.late_why)),
        ("Anything else", found.note),
    )
    return [(label, words) for label, words in told if words]


def _day(day: date | None) -> str:
    return say(day) if day else ""


def _with(decided: str, why: str) -> str:
    return f"{decided}: {why}" if decided and why else decided


def _advocate(found: Findings) -> str:
    words = triage.ADVOCATES.get(found.advocate, "")
    if found.advocate == triage.ADVOCATE_ASKED and found.advocate_until:
        return f"{words}: {found.advocate_by}, by {say(found.advocate_until)}"
    return _with(words, found.advocate_who)


def _safeguarding(found: Findings) -> str:
    if found.safeguarding == triage.TOLD and found.told_on:
        return f"{found.told_whom} was told on {say(found.told_on)}"
    return triage.SAFEGUARDING.get(found.safeguarding, "")

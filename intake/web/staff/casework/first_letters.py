"""Plain letters to begin with: what can be said of a case before anybody has looked into it."""

from __future__ import annotations

from datetime import date

from intake.procedures.clock import deadlines
from intake.procedures.definitions import Kind, Procedure
from intake.procedures.triage import ADVOCATE_ASKED, ADVOCATE_FOUND
from intake.procedures.working_days import Calendar
from intake.services.casework.case_page import CasePage
from intake.services.points.reading import listed


def nothing(page: CasePage, procedure: Procedure, calendar: Calendar, today: date) -> str:
    """Where nothing can be said beforehand."""
    return ""


def acknowledgement(page: CasePage, procedure: Procedure, calendar: Calendar, today: date) -> str:
    """That it was received, and the dates to which the authority works once this letter has gone."""
    dates = _dates_once_acknowledged(page, procedure, calendar, today)
    told = "".join(f"{label}: by {_say(due)}.\n" for label, due in dates.items())
    later = f"These are the dates to which we work:\n\n{told}\n" if told else ""
    return (
        f"Thank you for writing to us. We received this on {_say(page.received_on)}. "
        f"Its reference is {page.reference}.\n\n"
        f"{_as_understood(page)}{_an_advocate(page)}{later}"
        "You can read our letters and write to us at any time with your receipt code. If anything would make "
        "this easier for you, please tell us.\n"
    )


def answer(page: CasePage, procedure: Procedure, calendar: Calendar, today: date) -> str:
    """The headings of an answer: it has to be written before it can be sent."""
    if page.points.offered and page.points.standing:
        return (
            f"We have looked into what you told us, which we received on {_say(page.received_on)} "
            f"(reference {page.reference}). What we decided on each point of it, and why, stands below.\n\n"
            "What we looked at\n\n\n"
            "What we will do, and by when\n\n"
        )
    return (
        f"We have looked into what you told us, which we received on {_say(page.received_on)} "
        f"(reference {page.reference}).\n\n"
        "What you told us\n\n\n"
        "What we looked at\n\n\n"
        "What we found, and our decision\n\n\n"
        "What we will do, and by when\n\n"
    )


def taken_up_again(page: CasePage, procedure: Procedure, calendar: Calendar, today: date) -> str:
    """That what was answered is looked at again, and by when a new answer is owed."""
    version = next(version for version in procedure.versions if version.label == page.version_label)
    stage = next(stage for stage in version.stages if stage.label == page.stage_label)
    again = version.own_event(Kind.TAKE_UP_AGAIN, stage.id)
    by = next(iter(deadlines(version, {again.id: today}, calendar))).due
    return (
        f"We have answered this before (reference {page.reference}), and are looking at it again. You will have a new "
        f"answer by {_say(by)}. Until then the answer that you have stands.\n"
    )


def _as_understood(page: CasePage) -> str:
    """The points of complaint as they were set out; empty where they were not."""
    points = listed((point.words, point.wanted) for point in page.points.standing)
    if not points:
        return ""
    return (
        f"We understand that you complain of this:\n\n{points}\n\n"
        "If we have not understood you rightly, please tell us before we answer.\n\n"
    )


def _an_advocate(page: CasePage) -> str:
    """Who finds an advocate by when, or who it is; empty where triage has heard of none."""
    found = page.triaged[-1].found if page.triaged else None
    if found is None or found.advocate not in {ADVOCATE_ASKED, ADVOCATE_FOUND}:
        return ""
    advocate = "An advocate is somebody who is on your side and helps you to say what you want."
    if found.advocate == ADVOCATE_FOUND:
        return f"{advocate} Yours is {found.advocate_who}.\n\n"
    until = f" by {_say(found.advocate_until)}" if found.advocate_until else ""
    return f"You asked for an advocate. {advocate} {found.advocate_by} will find one for you{until}.\n\n"


def _dates_once_acknowledged(
    page: CasePage, procedure: Procedure, calendar: Calendar, today: date
) -> dict[str, date]:
    """What is owed to the holder, dated as it will be once the letter has gone today."""
    version = next(version for version in procedure.versions if version.label == page.version_label)
    stage = next(stage for stage in version.stages if stage.label == page.stage_label)
    event = version.own_event(Kind.ACKNOWLEDGE, stage.id)
    dated = {
        view.deadline.id: view.deadline
        for view in page.deadlines
        if view.deadline.met_on is None and event.id not in version.limit(view.deadline.id).met_by
    }
    dated |= {deadline.id: deadline for deadline in deadlines(version, {event.id: today}, calendar)}
    return {deadline.label: deadline.due for deadline in dated.values() if deadline.owed_by == "authority"}


def _say(day: date) -> str:
    return f"{day.day} {day:%B %Y}"

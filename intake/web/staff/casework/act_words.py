"""The words around each act: what was done, what a text is for, and the letter to begin with."""

from __future__ import annotations

from datetime import date

from intake.procedures.clock import deadlines
from intake.procedures.definitions import Kind, Procedure
from intake.procedures.permitted import Offer
from intake.procedures.working_days import Calendar
from intake.services.casework.case_page import CasePage

DONE = {
    "acknowledge": "It was acknowledged. The holder reads the letter with the receipt code; post it to whoever cannot.",
    "allocate": "It was allocated.",
    "extend": "The date was moved, and the holder is told.",
    "respond": "The answer was recorded. The holder reads it with the receipt code; post it to whoever cannot.",
    "open-next-stage": "The next stage is open, and the holder is told.",
    "refuse-next-stage": "The next stage was refused, and the holder is told why.",
    "record": "It was recorded.",
    "pause-clock": "The clock is paused, and the holder is told.",
    "resume-clock": "The clock runs again.",
    "set-date": "The date was entered.",
    "reclassify": "It was moved to the other procedure.",
    "withdraw": "It was recorded as withdrawn, and the holder has it in writing.",
    "close": "The case was closed.",
    "reopen": "The case is open again. The answer given stands: write to the holder, or open the next stage.",
    "write": "The message was sent.",
    "note": "The note was made.",
    "summary": "These words stand in the next report to the committee.",
    "about": "It is kept, and the figures follow.",
    "read": "The message was marked as read.",
}
REASONS = {
    "respond": "why this outcome",
    "open-next-stage": "why the next stage was opened",
    "set-date": "why the date was changed",
    "reclassify": "why it was moved to another procedure",
    "withdraw": "why it was withdrawn",
    "close": "why it was closed",
    "reopen": "why it was reopened",
    "opened-identity": "why the identity was opened",
}
PRESS = {
    "acknowledge": "Send the acknowledgement",
    "allocate": "Allocate it",
    "extend": "Move the date and send the letter",
    "respond": "Send the answer",
    "open-next-stage": "Open the next stage",
    "refuse-next-stage": "Refuse and send the letter",
    "record": "Record it",
    "pause-clock": "Pause the clock and send the letter",
    "resume-clock": "Let the clock run",
    "set-date": "Enter the date",
    "reclassify": "Move it",
    "withdraw": "Record and close",
    "close": "Close the case",
    "reopen": "Reopen the case",
    "write": "Send the message",
    "note": "Keep the note",
}
LETTERS = {
    "acknowledge": "Letter to the holder",
    "respond": "Letter to the holder",
    "write": "Message to the holder",
    "note": "Note",
}
TOLD_TO_THE_HOLDER = {
    "extend": "The holder reads this, with the new date under it.",
    "refuse-next-stage": "The holder reads this.",
    "pause-clock": "The holder reads this.",
}
KEPT_INSIDE = "For the record: officers alone read this."


def first_draft(act: str, page: CasePage, procedure: Procedure, calendar: Calendar, today: date) -> str:
    """A plain letter to begin with; empty where nothing can be said beforehand."""
    if act == "acknowledge":
        return _acknowledgement(page, _dates_once_acknowledged(page, procedure, calendar, today))
    if act == "respond":
        return _answer(page)
    return ""


def title(offer: Offer) -> str:
    """What the act is called where somebody chooses it."""
    return f"Answer: {offer.label}" if offer.act == "respond" else offer.label


def promise(offer: Offer, page: CasePage) -> str:
    """What is added whatever the officer writes, so that nobody types it a second time."""
    if offer.act == "respond" and page.signpost:
        return (
            page.signpost if offer.signposts else "The outcome; how to ask for the next stage, and by when."
        )
    return page.signpost if offer.signposts else ""


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


def _acknowledgement(page: CasePage, dates: dict[str, date]) -> str:
    told = "".join(f"{label}: by {_say(due)}.\n" for label, due in dates.items())
    later = f"These are the dates to which we work:\n\n{told}\n" if told else ""
    return (
        f"Thank you for writing to us. We received this on {_say(page.received_on)}. "
        f"Its reference is {page.reference}.\n\n"
        f"{later}"
        "You can read our letters and write to us at any time with your receipt code. If anything would make "
        "this easier for you, please tell us.\n"
    )


def _answer(page: CasePage) -> str:
    return (
        f"We have looked into what you told us, which we received on {_say(page.received_on)} "
        f"(reference {page.reference}).\n\n"
        "What you told us\n\n\n"
        "What we looked at\n\n\n"
        "What we found, and our decision\n\n\n"
        "What we will do, and by when\n\n"
    )


def _say(day: date) -> str:
    return f"{day.day} {day:%B %Y}"

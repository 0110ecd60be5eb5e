"""What stands in an inquiry, in the words of a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from intake.procedures import assessment as rules
from intake.procedures.allegations import Allegation
from intake.procedures.assessment import Assessed
from intake.procedures.inquiry import Dated
from intake.procedures.working_days import say
from intake.services.inquiries import reading
from intake.services.inquiries.reading import Entry, Interview
from intake.services.inquiries.showing import InquiryPage


@dataclass(frozen=True)
class Told:
    """An entry: when and by whom, and what it says, a label and words each."""

    on: date
    by: str
    lines: tuple[tuple[str, str], ...]


def of(page: InquiryPage, today: date) -> dict[str, Any]:
    """What the templates ask for."""
    inquiry = page.inquiry
    return {
        "today": today,
        "assessments": [_assessed(page, entry) for entry in reversed(inquiry.every(reading.ASSESSED))],
        "terms": [
            _entry(page, one, ("", one.said["text"])) for one in reversed(inquiry.every(reading.TERMS))
        ],
        "investigators": [
            _entry(page, one, ("", one.said["name"] + ("" if one.said["staff"] else ", from outside")))
            for one in reversed(inquiry.every(reading.INVESTIGATOR))
        ],
        "interviews": [(one, _interview(page, one)) for one in inquiry.interviews],
        "evidence": [
            _entry(
                page,
                one,
                ("", one.said["item"]),
                ("From", one.said["source"]),
                ("Kept", one.said["kept"]),
            )
            for one in inquiry.every(reading.EVIDENCE)
        ],
        "decisions": [
            _entry(
                page, one, ("", one.said["text"]), ("Why", one.said["why"]), ("Decided by", one.said["who"])
            )
            for one in inquiry.every(reading.DECISION)
        ],
        "lessons": inquiry.text(reading.LESSONS),
        "reports": [
            _entry(page, one, ("", one.said["text"])) for one in reversed(inquiry.every(reading.REPORT))
        ],
        "signed": [
            (one, _entry(page, one.entry, ("", one.entry.said["text"])), in_groups(one.digest))
            for one in inquiry.signed
        ],
        "labels": {outcome.id: outcome.label for outcome in page.findings},
        "digest": in_groups(inquiry.digest),
    }


def in_groups(digest: str) -> str:
    """The beginning of a digest as people compare it: 16 figures in groups of four."""
    return " ".join(digest[start : start + 4] for start in range(0, 16, 4))


def words_of(thing: Dated | Allegation | Interview) -> str:
    """What a thing is, in its own words."""
    if isinstance(thing, Interview):
        said = thing.entry.said
        return f"{said['who']}, {say(date.fromisoformat(said['on']))}\n\n{said['text']}"
    return thing.words


def _entry(page: InquiryPage, entry: Entry, *lines: tuple[str, str]) -> Told:
    return Told(entry.on, page.names.get(entry.by, "an officer"), tuple(line for line in lines if line[1]))


def _interview(page: InquiryPage, one: Interview) -> Told:
    said = one.entry.said
    agreed = {"yes": "They agree with this note", "no": "They do not agree with this note"}.get(
        one.agreed, ""
    )
    if agreed and one.agreed_on:
        agreed += f", {say(one.agreed_on)}" + (f": {one.agreed_why}" if one.agreed_why else "")
    held = f"{said['who']}, {say(date.fromisoformat(said['on']))}"
    return _entry(page, one.entry, ("", held), ("", said["text"]), ("", agreed or "Not agreed yet"))


def _assessed(page: InquiryPage, entry: Entry) -> Told:
    return _entry(page, entry, *lines(reading.assessment_of(entry)))


def lines(found: Assessed) -> list[tuple[str, str]]:
    """What was found, a label and words each; nothing of what nobody said."""
    told = [
        ("About", "; ".join(rules.CATEGORIES.get(one, one) for one in found.categories)),
        ("The person", rules.WORKERS.get(found.worker, "")),
        ("How they know", "; ".join(rules.KNOWS.get(one, one) for one in found.knows)),
        ("Why it matters to the public", found.public_interest),
        ("May anybody come to harm", rules.SAFETY.get(found.safety, "")),
        ("What was done at once", found.safety_done),
        *((words, _notified(found, name)) for name, words in rules.OTHERS.items()),
        ("Another procedure", rules.ELSEWHERE.get(found.elsewhere, "")),
        ("What the person says to that", _with(rules.SAYS.get(found.says, ""), found.says_why)),
        ("About somebody who received it", rules.ABOUT.get(found.about_a_receiver, "")),
        ("How it is looked into", _with(rules.DECISIONS.get(found.decision, ""), found.why)),
    ]
    return [(label, words) for label, words in told if words]


def _notified(found: Assessed, name: str) -> str:
    one = found.of(name)
    if one.state == rules.TOLD and one.on:
        return f"{one.who}, told on {say(one.on)} by {one.by}"
    return rules.STATES.get(one.state, "") + (f": {one.who}" if one.state and one.who else "")


def _with(decided: str, why: str) -> str:
    return f"{decided}: {why}" if decided and why else decided

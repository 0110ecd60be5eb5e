"""What a case was before it came to another team: what that team is told, and what its holder is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from intake.database import reading
from intake.models import Case, RegisterEntry, Staff
from intake.procedures.standing import Standing
from intake.procedures.working_days import say
from intake.services.cases import concerns, history, places, reaching, themes, timekeeping, triaged
from intake.services.cases.channels import CHANNELS
from intake.services.cases.reaching import File
from intake.services.ground import sealing
from intake.services.ground.office import Office
from intake.services.ground.roles import Officer
from intake.services.inquiries import reading as inquiries
from intake.services.points import reading as points

from .proposing import PROPOSAL, Plan
from .resealing import LEFT

PASSED = "passed"
_ALONE = ("from", "received_on")  # what a complaints team is told of a concern that it gets


@dataclass(frozen=True)
class Line:
    """Something that was done before, with the day and who did it."""

    on: date
    text: str
    by: str


@dataclass(frozen=True)
class Before:
    """What a case was before: as question and answer, what was done, and what was left behind by the same team."""

    facts: tuple[tuple[str, str], ...]
    dates: tuple[str, ...]
    lines: tuple[Line, ...]
    notes: tuple[tuple[date, str, str], ...]


def as_it_stood(office: Office, file: File, plan: Plan) -> dict[str, object]:
    """Everything that the old team knew of a case beside its records, in words that need no old rules to be read."""
    session, case = office.session, file.case
    standing = timekeeping.standing(office, case)
    names = dict(session.execute(select(Staff.id, Staff.name)).all())
    register = session.scalar(select(RegisterEntry).where(RegisterEntry.case_id == case.id))
    return {
        "from": office.catalogue[case.procedure].name,
        "received_on": say(case.received_on),
        "version": standing.version.label,
        "stage": standing.stage.label,
        "reference": case.reference,
        "level": case.level,
        "channel": CHANNELS.get(case.channel, case.channel),
        "place": places.tree_of(session).words(case.place_id, case.received_on),
        "theme": themes.counted_as(office, case.theme_id)[1] or "",
        "handler": names.get(case.handler_id or "", ""),
        "entered_by": entered_by(file, names),
        "closed_on": say(case.closed_on) if case.closed_on else "",
        "proposed_by": names.get(plan.by, ""),
        "reason": plan.reason,
        "proposed_as_danger": plan.danger,
        "asked": not plan.danger,
        "answer": plan.answer,
        "done": [
            [entry.on.isoformat(), entry.text, entry.by]
            for entry in history.entries(office, case, standing, names, register)
        ],
        "people": _appointed(file, standing),
        "dates": [
            [one.label, one.due.isoformat(), one.met_on.isoformat() if one.met_on else ""]
            for one in standing.deadlines
        ],
    }


def entered_by(file: File, names: Mapping[str, str]) -> str:
    """Whoever entered a case for its holder, and saw its receipt code; empty for what its holder sent."""
    sent = file.record("submission")
    return names.get(sent.written_by, "") if sent else ""


def _appointed(file: File, standing: Standing) -> list[list[str]]:
    """The people of its stages: what was appointed, the day, and who, as they were named."""
    key, found = file.key().for_purpose(sealing.PURPOSES["appointed"]), []
    labels = {event.id: event.label for event in standing.version.events}
    for record in (one for one in file.records if one.kind == "appointed"):
        said = sealing.read_record(key, record)
        who = ", ".join(name for name, _ in said["people"])
        found.append([said["happened"], f"{labels.get(said['event'], said['event'])}: {who}", ""])
    return found


def for_the_complaints_team(told: dict[str, object]) -> dict[str, object]:
    """What of it goes on where a concern becomes a complaint: that it came from there, and when the council had it."""
    return {name: told[name] for name in _ALONE}


def before(office: Office, officer: Officer, reference: str, *, now: datetime) -> tuple[Before, ...]:
    """What a case was before, the latest first; nothing for most cases. Raises as `reaching.whole`."""
    with reading(office.session):
        return of(office, reaching.whole(office, officer, reference))


def of(office: Office, file: File) -> tuple[Before, ...]:
    """The same, inside the caller's transaction."""
    found = []
    for record in reversed(file.records):
        if record.kind == PASSED:
            found.append(_told(sealing.read_record(file.key().for_purpose("casework"), record), {}))
        elif record.kind == LEFT and not file.is_for_others(scope := f"{LEFT}-{record.place}"):
            said = sealing.read_record(file.key(scope).for_purpose("casework"), record)
            names = dict(office.session.execute(select(Staff.id, Staff.name)).all())
            found.append(_told(said["history"], names, said["records"]))
            # What the case was before that, and whoever left it knew.
            found += [_told(_content(one), {}) for one in reversed(said["records"]) if one["kind"] == PASSED]
    return tuple(found)


def _told(said: dict[str, Any], names: dict[str, str], left: tuple[dict[str, Any], ...] = ()) -> Before:
    asked = (
        ("It was", "from"),
        ("Received by the council", "received_on"),
        ("Rules", "version"),
        ("Stage", "stage"),
        ("Reference there", "reference"),
        ("Came by", "channel"),
        ("Service", "place"),
        ("Theme", "theme"),
        ("Who had it", "handler"),
        ("Entered by, who has seen its receipt code and can read your letters with it", "entered_by"),
        ("Closed", "closed_on"),
        ("Proposed by", "proposed_by"),
        ("Decided by", "decided_by"),
        ("Why", "reason"),
        ("Who was in danger", "proposed_as_danger"),
        ("Who is in danger", "danger"),
        ("How the holder agreed", "agreed"),
    )
    facts = tuple((label, str(said[name])) for label, name in asked if said.get(name))
    lines = tuple(
        Line(date.fromisoformat(on), text, by)
        for on, text, by in (*said.get("done", ()), *said.get("people", ()))
    )
    notes = tuple(
        (date.fromisoformat(one["on"]), names.get(one["by"], ""), text)
        for one in left
        if (text := _in_words(one["kind"], _content(one)))
    )
    dates = tuple(
        f"{label}: due {say(date.fromisoformat(due))}"
        + (f", met {say(date.fromisoformat(met))}." if met else ", open.")
        for label, due, met in said.get("dates", ())
    )
    return Before(facts, dates, lines, notes)


def _content(left: Mapping[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(left["content"])
    return content


def _in_words(kind: str, said: Mapping[str, Any]) -> str:
    """What a record says that was left behind, in words that need no old rules; empty for what is told elsewhere."""
    if kind == points.POINTS:
        each = ((one["words"], one["wanted"]) for one in said["points"] if not one["withdrawn"])
        gone = "".join(
            f"\n\nWithdrawn: {one['words']}\n{one['why']}" for one in said["points"] if one["withdrawn"]
        )
        return f"Points of complaint:\n\n{points.listed(each)}{gone}"
    if kind == points.STATEMENT:
        parts = (
            said["text"],
            points.listed((words, wanted) for words, wanted in said["points"]),
            said["reason"],
        )
        return f"Statement, agreed on {say(date.fromisoformat(said['agreed_on']))}:\n\n" + "\n\n".join(
            filter(None, parts)
        )
    if kind == points.FINDINGS:
        each_found = (f"{one['words']}\n{one['outcome']}: {one['reason']}" for one in said["points"])
        return "Decided on each point:\n\n" + "\n\n".join(each_found)
    if kind == triaged.KIND:
        return "Triage:\n" + "\n".join(f"{name.replace('_', ' ')}: {value}" for name, value in said.items())
    if kind == inquiries.KIND:
        return inquiries.in_words(said)
    if kind == PROPOSAL:
        return "\n\n".join(filter(None, (f"Proposed: {said['reason']}", said["danger"])))
    return str(said.get("text", ""))


def without_their_word(told: Mapping[str, object]) -> str:
    """The sentence that says that a holder was not heeded, or not asked, or what an officer wrote down of their yes;
    empty where they gave it themselves.
    """
    if told["answer"]:
        return ""
    if told["agreed"]:
        return f" We have written down that you agreed: “{told['agreed']}” If you did not, tell us here."
    done = "We have done so without your word" if told["asked"] else "We did not ask you first"
    return f" {done}, for somebody is in danger."


def letter(office: Office, case: Case, unasked: str) -> dict[str, str]:
    """What the holder reads of it in their inbox. `unasked`: a sentence, where they did not agree."""
    dates = "\n".join(
        f"{owed.label}: by {owed.on:%-d %B %Y}." for owed in timekeeping.dates_for_holder(office, case)
    )
    who = sealing.readers_of(office, case)
    opens = (
        f"{who[:1].upper()}{who[1:]} can open it now, and nobody else: whoever had it until now no longer finds or "
        f"opens it. They may remember what they have read.\n\nIts reference is {case.reference} now, so that "
        "whoever knows the old one learns nothing by it. Your receipt code stays as it is, and you come "
        "back with it as before."
    )
    if concerns.is_one(office.catalogue[case.procedure]):
        heading = "We look into this as a whistleblowing concern"
        text = (
            f"We have passed what you sent us on as a whistleblowing concern.{unasked}\n\n{opens} For your safety it "
            "no longer shows what you wrote yourself: a code found by somebody else must not give you away."
        )
    else:
        heading = "The complaints team has this now"
        text = (
            f"We have passed what you sent us to the complaints team, as you agreed.\n\n{opens}\n\nThey do not have "
            "your name, nor how to reach you, where you gave them to us apart: that stays sealed with those who had "
            "it. You can give them here."
        )
    return {"heading": heading, "text": f"{text}\n\nNew dates have begun today:\n{dates}" if dates else text}

"""What was written in a case, opened: every sealed format has its one home here."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from intake.models import Case, Record
from intake.procedures.offices import from_marks
from intake.procedures.outlook import NextDate
from intake.services.ground import sealing
from intake.services.ground.office import AnySession
from intake.vault.record import CaseKey, PurposeKey

from .reaching import File

# Words for the committee, and that the ones in a place were released; each in a kind of record of its own.
SUMMARY, RELEASED = "summary", "released"

NAMED = "named"  # of those who would receive a concern: whoever sent it said that it is about them

_ASKED_AS = {"Name": "Your name"}  # what an officer's form asks in other words than the holder's


@dataclass(frozen=True)
class Answer:
    """A question as it was asked, and what was answered."""

    question: str
    answer: str


def new_date(label: str, until: date) -> str:
    """The sentence of a letter by which a date was moved."""
    return f"{label}: the new date is {until:%-d %B %Y}."


def by_when(dates: Iterable[NextDate]) -> str:
    """The dates to which we work, as the end of a letter; nothing where none runs."""
    lines = [f"{one.label}: by {one.on:%-d %B %Y}." for one in dates]
    return "\n\n".join(["", "These are the dates to which we work:", "\n".join(lines)]) if lines else ""


def reason_for(label: str, until: date, letters: Iterable[str]) -> str:
    """Why a date was moved, in the words of the letter that said so; empty where no letter did."""
    told = f"\n\n{new_date(label, until)}"
    return next((letter.partition(told)[0] for letter in letters if told in letter), "")


def submitted(key: PurposeKey, record: Record | None) -> tuple[Answer, ...]:
    """What was first sent. Raises `Damaged`, also where it is missing."""
    said = sealing.read_record(key, record)
    return tuple(Answer(question, answer) for question, answer in said["words"])


def named_in(file: File) -> frozenset[str] | None:
    """About whom of those who would receive it a concern is, by role, as whoever sent it and whoever sent it over from
    another team said; None where nobody was asked or an earlier version did not keep it. Raises `Damaged`.
    """
    said = [(file.key().for_purpose("submission"), file.record("submission"))]
    said += [
        (file.key().for_purpose(sealing.PURPOSES["passed"]), one)
        for one in file.records
        if one.kind == "passed"
    ]
    marks = [sealing.read_record(key, record).get(NAMED) for key, record in said]
    known = [from_marks(one) for one in marks if one is not None]
    return frozenset[str]().union(*known) if known else None


def without_named(said: bytes) -> bytes:
    """What was sent, as a team has it that receives no concerns."""
    content = json.loads(said)
    content.pop(NAMED, None)
    return json.dumps(content, ensure_ascii=False).encode()


def identity_of(file: File) -> tuple[Answer, ...] | None:
    """Who sent it, as it was told last, where that lies apart; None where nobody was named. What was told before and
    replaced since stands after it, with the day until which it held. Raises `NotFound` and `Damaged`.
    """
    now: dict[str, Answer] = {}
    before: list[Answer] = []
    for record in file.records:
        if record.kind != "identity":
            continue
        scope = f"identity-{record.place}" if record.place else "identity"
        if file.is_for_others(scope):  # told to another team, from which the case came
            continue
        told = sealing.read_record(file.key(scope).for_purpose("identity"), record)
        for question, answer in told["identity"]:
            asked = _ASKED_AS.get(question, question)
            if asked in now and now[asked].answer != answer:
                past = now[asked]
                before.append(Answer(f"{past.question}, until {record.written_on:%-d %B %Y}", past.answer))
            now[asked] = Answer(question, answer)
    return (*now.values(), *reversed(before)) or None


def released_summary(session: AnySession, key: CaseKey, case: Case) -> str:
    """What stands in documents of a concern: the words for the committee that were released last; empty where none
    were. Raises `Damaged`.
    """
    records = sealing.records(session, case.id, SUMMARY, RELEASED)
    standing = released_last(key, records)
    return "" if standing is None else summary_in(key, records, standing)


def summary_in(key: CaseKey, records: Iterable[Record], place: int) -> str:
    """The words for the committee that lie in a place. Raises `Damaged`."""
    found = next((one for one in records if (one.kind, one.place) == (SUMMARY, place)), None)
    text: str = sealing.read_record(key.for_purpose(sealing.PURPOSES[SUMMARY]), found)["text"]
    return text


def released_last(key: CaseKey, records: Iterable[Record]) -> int | None:
    """The place of the words that were released last. Raises `Damaged`."""
    last = max((one for one in records if one.kind == RELEASED), key=lambda one: one.place, default=None)
    if last is None:
        return None
    place: int = sealing.read_record(key.for_purpose(sealing.PURPOSES[RELEASED]), last)["place"]
    return place

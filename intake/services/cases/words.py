"""What was written in a case, opened: every sealed format has its one home here."""

from __future__ import annotations

from dataclasses import dataclass

from intake.models import Case, Record
from intake.services.ground import sealing
from intake.services.ground.office import Office
from intake.vault.record import CaseKey, PurposeKey

from .reaching import File

SUMMARY = "summary"  # the kind of record that holds the words for the committee


@dataclass(frozen=True)
class Answer:
    """A question as it was asked, and what was answered."""

    question: str
    answer: str


def submitted(key: PurposeKey, record: Record | None) -> tuple[Answer, ...]:
    """What was first sent. Raises `Damaged`, also where it is missing."""
    said = sealing.read_record(key, record)
    return tuple(Answer(question, answer) for question, answer in said["words"])


def identity_of(file: File) -> tuple[Answer, ...] | None:
    """Who sent it, where that lies apart; None where nobody was named. Raises `NotFound` and `Damaged`."""
    record = file.record("identity")
    if record is None:
        return None
    told = sealing.read_record(file.key("identity").for_purpose("identity"), record)
    return tuple(Answer(question, answer) for question, answer in told["identity"])


def newest_summary(office: Office, key: CaseKey, case: Case) -> str:
    """What the committee is told of a concern so far; empty where nothing was written. Raises `Damaged`."""
    written = sealing.records(office.session, case.id, SUMMARY)
    if not written:
        return ""
    text: str = sealing.read_record(key.for_purpose(sealing.PURPOSES[SUMMARY]), written[-1])["text"]
    return text

"""The points of complaint of a case, the statement that was agreed, and what was decided: sealed, and read back whole.

Each record of the points is all of them as they stood from then on, so that nothing in clear tells how many there are.
They lie under the key of the conversation: the holder reads how their complaint was understood.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from intake.models import Case, Record
from intake.procedures.definitions import Version
from intake.procedures.points import Answered
from intake.services.ground import sealing
from intake.services.ground.office import AnySession
from intake.vault.record import CaseKey, PurposeKey

POINTS, STATEMENT, FINDINGS = "points", "statement", "findings"
KINDS = (POINTS, STATEMENT, FINDINGS)
PURPOSE = sealing.PURPOSES[POINTS]
PURPOSE_OF_A_CONCERN = (
    "casework"  # its receipt opens the conversation, and must not read back what was complained of
)
PASSED = "passed"  # a complaint that another team had: its receipt is as shut as that of a concern


@dataclass(frozen=True)
class Point:
    """One point: what is complained of, what is wanted, where and about what. `id`: its own for good, in its case.

    `withdrawn`: the day on which the complainant took it back, with what they said (`why`).
    """

    id: str
    words: str
    wanted: str = ""
    place: str | None = None
    theme: str | None = None
    withdrawn: date | None = None
    why: str = ""


@dataclass(frozen=True)
class Change:
    """What was done to the points, on which day and by whom (an account's id). `was`: the words before, of a point that
    was put in other words; `number`: where it stood then.
    """

    what: str
    number: int
    was: tuple[str, str]
    on: date
    by: str


@dataclass(frozen=True)
class Statement:
    """The statement of complaint as it was agreed on a day. `points`: the words of each and what is wanted, as they
    stood; `reason`: why it was agreed anew; `on`, `by`: when and by whom it was written down.
    """

    text: str
    points: tuple[tuple[str, str], ...]
    agreed_on: date
    reason: str
    on: date
    by: str


@dataclass(frozen=True)
class Findings:
    """What was decided on each point at a stage, with the words that it had then."""

    stage: str
    answered: tuple[Answered, ...]
    words: Mapping[str, str]
    on: date


@dataclass(frozen=True)
class Complaint:
    """Everything about the points of a case. `shut`: its receipt reads back nothing of what was complained of."""

    points: tuple[Point, ...] = ()
    changes: tuple[Change, ...] = ()
    statements: tuple[Statement, ...] = ()
    findings: tuple[Findings, ...] = ()
    shut: bool = False

    @property
    def purpose(self) -> str:
        """Under the key of which purpose they lie."""
        return PURPOSE_OF_A_CONCERN if self.shut else PURPOSE

    @property
    def standing(self) -> tuple[Point, ...]:
        """Those that were not withdrawn."""
        return tuple(point for point in self.points if point.withdrawn is None)

    @property
    def statement(self) -> Statement | None:
        """As it was agreed last."""
        return self.statements[-1] if self.statements else None

    def point(self, point_id: str) -> Point | None:
        """The point of that id."""
        return next((point for point in self.points if point.id == point_id), None)


@dataclass(frozen=True)
class Decided:
    """What became of a point at a stage, in words; `as_it_was`: its words then, where they were others."""

    stage: str
    outcome: str
    reason: str
    as_it_was: str


@dataclass(frozen=True)
class Shown:
    """A point as a page shows it. `number`: 0 for one that was withdrawn."""

    number: int
    point: Point
    decided: tuple[Decided, ...]


NOTHING = Complaint()


def read(purpose: PurposeKey, records: Iterable[Record]) -> Complaint:
    """What some records of a case say of its points, the first one first. Raises `Damaged`."""
    points: tuple[Point, ...] = ()
    changes: list[Change] = []
    statements: list[Statement] = []
    findings: list[Findings] = []
    for record in records:
        if record.kind not in KINDS:
            continue
        said = sealing.read_record(purpose, record)
        if record.kind == POINTS:
            points = tuple(_point(one) for one in said["points"])
            changes.append(
                Change(said["what"], said["number"], tuple(said["was"]), record.written_on, record.written_by)
            )
        elif record.kind == STATEMENT:
            statements.append(_statement(said, record))
        else:
            answered = tuple(Answered(one["id"], one["outcome"], one["reason"]) for one in said["points"])
            words = {one["id"]: one["words"] for one in said["points"]}
            findings.append(Findings(said["stage"], answered, words, record.written_on))
    return Complaint(points, tuple(changes), tuple(statements), tuple(findings))


def opened(key: CaseKey, records: Collection[Record], *, of_a_concern: bool = False) -> Complaint:
    """The same, with the key of a case; among the records are those of the kind `PASSED`. Raises `Damaged`."""
    shut = is_shut(records, of_a_concern=of_a_concern)
    purpose = PURPOSE_OF_A_CONCERN if shut else PURPOSE
    return replace(read(key.for_purpose(purpose), records), shut=shut)


def is_shut(records: Iterable[Record], *, of_a_concern: bool) -> bool:
    """Whether the receipt of a case must not read back what was complained of."""
    return of_a_concern or any(record.kind == PASSED for record in records)


def known(session: AnySession, case: Case, key: CaseKey) -> Complaint:
    """The same of a complaint, asked of the database inside the caller's transaction."""
    return opened(key, sealing.records(session, case.id, *KINDS, PASSED))


def shown(version: Version, complaint: Complaint) -> tuple[Shown, ...]:
    """The points in their order, each with what was decided on it at each stage of this version. Withdrawn ones stand
    last, and have no number.
    """
    stages = {stage.id: stage.label for stage in version.stages}
    outcomes = {outcome.id: outcome.label for outcome in version.outcomes}
    first = {found.stage: found for found in reversed(complaint.findings)}
    anew = [found for found in complaint.findings if found is not first[found.stage]]
    return tuple(
        Shown(
            number if point.withdrawn is None else 0,
            point,
            tuple(
                Decided(
                    stages.get(found.stage, found.stage) + (", answered anew" if found in anew else ""),
                    outcomes.get(one.outcome, one.outcome),
                    one.reason,
                    found.words[one.id] if found.words[one.id] != point.words else "",
                )
                for found in complaint.findings
                for one in found.answered
                if one.id == point.id
            ),
        )
        for number, point in enumerate(complaint.points, start=1)
    )


def listed(points: Iterable[tuple[str, str]]) -> str:
    """Points as a letter lists them: what each says, and what is wanted."""
    return "\n\n".join(
        f"{number}. {words}" + (f"\nWhat is wanted: {wanted}" if wanted else "")
        for number, (words, wanted) in enumerate(points, start=1)
    )


def _point(said: Mapping[str, Any]) -> Point:
    gone = said["withdrawn"]
    return Point(
        said["id"],
        said["words"],
        said["wanted"],
        said["place"],
        said["theme"],
        date.fromisoformat(gone) if gone else None,
        said["why"],
    )


def _statement(said: Mapping[str, Any], record: Record) -> Statement:
    points = tuple((words, wanted) for words, wanted in said["points"])
    agreed_on = date.fromisoformat(said["agreed_on"])
    return Statement(said["text"], points, agreed_on, said["reason"], record.written_on, record.written_by)
